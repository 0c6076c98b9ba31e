# What the bot says to guests about whom an owner decides, and to owners about guests.

## Guests, about whom an owner decides

guest-asked = 我为谁作画由主人决定，我已经去问了。你可以先把第一个想法发给我，我会保存到那时。
guest-kept = 我为谁作画由主人决定，我已经去问了。你的想法我先保存，一获允许就开始画。
guest-kept-group = 我在哪些群组里工作由主人决定，我已经去问了。你的想法我先保存，这个群组一获允许就开始画。
guest-waits = 主人还没有决定。我只保存你的第一个想法，其余的请在获得允许后再发。
guest-waits-group = 主人还没有决定。我只保存这个群组的第一个想法，其余的请在群组获得允许后再发。
guest-asked-group = 大家好！我在哪些群组里工作由主人决定，我已经去问了。你们的第一个想法我会保存到那时。
guest-admitted = 主人已允许你使用我。要画什么？
guest-admitted-wish = 主人已允许你使用我，我先画你的想法。
guest-admitted-group = 主人已允许这个群组使用我。请回复我并写上想法。
guest-refused = 主人没有同意，所以我不能为你作画。你的想法已删除。
guest-blocked = 主人已屏蔽你，所以我不再回复你。
guest-blocked-paid = 主人已屏蔽你，所以我不再为你作画。关于付款的问题仍可用 /paysupport，/forget 可以删除我保存的你的内容。

## For owners

owner-guest = { $name }（{ $id }）想使用我。
owner-guest-wish = { $name }（{ $id }）想使用我，第一个想法是：“{ $wish }”
owner-guest-group = 群组“{ $name }”（{ $id }）想使用我，提出请求的是 { $person }。
decision-admitted = ✓ { $name }（{ $id }）：{ $by } 已允许。
decision-refused = ✗ { $name }（{ $id }）：{ $by } 已拒绝。
decision-blocked = 🚫 { $name }（{ $id }）：{ $by } 已屏蔽。
stranger-admitted = 我不知道 { $id } 的名字。✓ { $by } 仍已允许。
stranger-blocked = 我不知道 { $id } 的名字。🚫 { $by } 仍已屏蔽。
guest-named = { $name }（{ $id }）
guest-is-owner = 这是我的主人之一。主人始终可以使用我，不能被屏蔽。
guest-not-blocked = { $name }（{ $id }）没有被屏蔽。
blocked-with-credit =
    { $name } 还有 { $count } 张买来的图片。退还付款：
    { $ways }
guest-hidden = Telegram 隐藏了这条消息作者的编号。请在 /people 中选择此人，或发送编号。
guest-how = 请发送 /{ $name } 加编号，或者用它回复你转发给我的、此人的消息。/people 里每个人都有一个按钮。
people = 谁在用我，最近的在前：
people-none = 这里没有人。
people-line =
    { $number }. { $name }（{ $id }）{ $mark }
    今天 { $today }，本月 { $month }
people-spent = { $pictures } 🖼 { $dollars } 美元
people-asked = ⏳ 等你决定
people-admitted = ✓ 已允许
people-refused = ✗ 已拒绝
people-blocked = 🚫 已屏蔽
people-limit = 上限 { $limits }
people-bought = 付了 ⭐ { $stars }，还剩 { $count } 🖼
people-sold = 合计：⭐ { $stars } 已付且未退还；还有 { $count } 🖼 未使用。

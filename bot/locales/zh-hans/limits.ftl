# 机器人关于限额的话：每个人、每个群组和所有人一起每天、每月可以用多少。

## 最后一张

limit-last-person-day = 这是今天的最后一张；{ $renews }。
limit-last-person-month = 这是本月的最后一张；{ $renews }。
limit-last-group-day = 这是本群今天的最后一张；{ $renews }。
limit-last-group-month = 这是本群本月的最后一张；{ $renews }。
limit-last-total-day = 这是我今天可以画的最后一张；{ $renews }。
limit-last-total-month = 这是我本月可以画的最后一张；{ $renews }。
limit-more-day = { $zone } 午夜起又有 { $count } 张，{ $wait }
limit-more-month = 下月一日起又有 { $count } 张，{ $wait }
limit-anew-day = { $zone } 午夜起可以继续，{ $wait }
limit-anew-month = 下月一日起可以继续，{ $wait }
limit-zone-city = { $city } 时间
limit-wait-days = 还有 { $count } 天
limit-wait-hours = 大约还有 { $count } 小时
limit-wait-minutes = 还有 { $count } 分钟

## 没有余额的想法

limit-over-person-day = 你今天的图片用完了；{ $renews }。我会留着你的想法：到时请按“再试一次”。
limit-over-person-month = 你本月的图片用完了；{ $renews }。我会留着你的想法：到时请按“再试一次”。
limit-over-group-day = 本群今天的图片用完了；{ $renews }。我会留着你的想法：到时请按“再试一次”。
limit-over-group-month = 本群本月的图片用完了；{ $renews }。我会留着你的想法：到时请按“再试一次”。
limit-over-total-day = 我今天可以画的图片都画完了；{ $renews }。我会留着你的想法：到时请按“再试一次”。
limit-over-total-month = 我本月可以画的图片都画完了；{ $renews }。我会留着你的想法：到时请按“再试一次”。
limit-over-owner = 所有人的限额已用完：{ $limits }；{ $renews }。想提前继续，请在我的设置中提高 LIMIT_TOTAL 并重启我。我会留着你的想法：到时请按“再试一次”。
limit-few-day = 今天只剩 { $count } 张了；{ $renews }。要我画吗？
limit-few-month = 本月只剩 { $count } 张了；{ $renews }。要我画吗？
limit-few-bought = 你免费的图片用完了；{ $renews }。你买来的还剩 { $count } 张，要用吗？
limit-few-bought-only = 你买来的图片还剩 { $count } 张，要用吗？
limit-few-mixed = 我可以画 { $count } 张：{ $free } 张免费的，{ $bought } 张你买来的。要我画吗？
limit-none = 目前我在这里不能画图。我会留着你的想法：等主人改了以后，按“再试一次”。
limit-none-sold = 这里没有免费的图片，但可以购买。我会留着你的想法：买了图片再按“再试一次”。
limit-in-vain = 今天我很多次用了你买来的图片，又因为没有画出来而退还给你。这些尝试可能要我的主人付钱，所以今天不再用了；{ $renews }。我会留着你的想法：到时请按“再试一次”。
limit-unheard = 我在这里可以画的图片暂时用完了；{ $renews }。这段录音我没有听：到时请再发一次。
limit-unheard-none = 目前我在这里不能画图，所以没有听这段录音。
button-make = 画 { $count } 张

## 还剩多少

left-person-day = 你今天还剩：{ $left }
left-person-month = 你本月还剩：{ $left }
left-group-day = 本群今天还剩：{ $left }
left-group-month = 本群本月还剩：{ $left }
left-total-day = 所有人今天还剩：{ $left }
left-total-month = 所有人本月还剩：{ $left }
left-pictures = { $count } 张（共 { $most } 张）
left-dollars = ${ $dollars }（共 ${ $most }）
left-renews = { $left }；{ $renews }
left-anew-day = { $zone } 午夜起重新计算，{ $wait }
left-anew-month = 下月一日起重新计算，{ $wait }

## 可以用多少

granted-person = 你在这里可以用{ $limits }；/usage 会显示还剩多少。
granted-group = 本群可以用{ $limits }；/usage 会显示还剩多少。
granted-none-sold = 这里没有免费的图片，但可以购买：/buy。
granted-pictures-day = 每天 { $count } 张
granted-pictures-month = 每月 { $count } 张
granted-dollars-day = 每天 ${ $dollars }
granted-dollars-month = 每月 ${ $dollars }

## 命令

limit-in-groups = /limit 用于群组：在那里由管理员决定群组可以有多少张图片。
limit-here = 本群管理员选择的限额：{ $limits }。
limit-here-none = 本群管理员没有选择限额。
limit-here-owner = 主人允许本群 { $limits }；管理员的限额只能更低。
limit-here-how = 管理员这样修改：/limit 10/day（每天）或 100/month（每月）。/limit none 取消限额。
limit-admins-only = 只有本群管理员可以选择本群的限额。
limit-unreadable = 我看不懂这个限额。请这样写：20/day（每天）或 $10/month（每月），两个一起用逗号隔开，或 none（不限）。
limit-owner-how = 请写一个人或群组的编号和限额：/limit 12345 50/day 或 $10/month，两个一起用逗号隔开。对某个人，也可以用 /limit 50/day 回复你转发给我的此人的消息。none 表示不限，default 表示恢复设置中的限额。
limit-of-one = { $who } 的限额是 { $limits }。
limit-of-one-none = { $who } 没有限额。
limit-of-one-default = { $who }：{ $limits }，与设置相同。
limit-of-one-default-none = { $who }：没有限额，与设置相同。
limit-zero = 没有人的编号是 0。所有人一起的限额由设置中的 LIMIT_TOTAL 决定。

## 给主人

owner-limit-80 = ⚠ 所有人的限额已用 80 %：{ $limits }。
owner-limit-100 = ⚠ 所有人的限额已用完：{ $limits }。它由 LIMIT_TOTAL 设定。

# 关于用 Telegram 星星购买图片的文字。

## 购买

buy = 免费的图片用完以后，可以用买来的图片。它们永不过期，在这里和群组里都能用。
buy-in-private = 请在私聊中给我发 /{ $name }：https://t.me/{ $username }?start={ $name }
button-buy = ⭐ 购买图片
pack = { $count } 张图片，⭐ { $stars }
invoice-title = { $count } 张图片
invoice-description = 免费的图片用完以后，我再为你制作 { $count } 张图片。永不过期。
paid = 谢谢！你多了 { $count } 张图片。/usage 会显示你还有多少张。
paid-kept =
    { $thanks }
    你的想法“{ $wish }”我还留着。
paid-kept-unnamed =
    { $thanks }
    你的想法我还留着。
usage-credit = 买来的图片还剩 { $count } 张
forget-bought = 你买来的 { $count } 张图片仍然是你的。
limit-credit =
    { $count ->
        [0] 这张用的是你买来的图片，已经是最后一张了。
       *[other] 这张用的是你买来的图片，还剩 { $count } 张。
    }
limit-credit-partly =
    免费的用完了，所以其中 { $paid } 张用的是你买来的图片，{ $count ->
        [0] 已经没有剩下的了。
       *[other] 还剩 { $count } 张。
    }
limit-credit-more = 用 /buy 可以再买。
limit-credit-next = 接下来我会用你买来的 { $count } 张图片。
not-stopped = 这张用的是你买来的图片，而且已经开始画了。这样的我一天只停三张，所以这张我会画完。
checkout-gone = 这个我已经不卖了。没有扣款；/buy 会显示我现在卖什么。
checkout-over = 我已经不卖图片了。没有扣款。
checkout-later = 我现在无法收款。没有扣款；请过一分钟再试。
checkout-blocked = 我的主人屏蔽了你，所以我不能卖给你。没有扣款。
checkout-unserved = 我不为你服务，所以不能卖给你。没有扣款。

## 条款和问题

terms =
    你购买的是我制作的图片，用 Telegram 星星付款。免费的图片用完以后，每个带图片的回答用掉一张，四个版本就是四张。如果没有图片，会还给你；如果一天里这样的尝试花掉了相当于十张图片的费用，买来的图片要到第二天才能再用。买来的图片永不过期。
    我的主人可以退款；退款时，还没用掉的图片会被收回。有问题请用 /paysupport。Telegram 的客服不处理在我这里的购买。
paysupport = 关于付款的问题请写在命令后面，例如 /paysupport 我付了款，但什么都没收到。我会转告我的主人。
paysupport-sent = 我已经把你的问题转告我的主人。
paysupport-enough = 今天我已经转告了你的好几个问题，我的主人都收到了。请等待回复，或者明天再写。
payment-line = { $day }：{ $pictures } 🖼，⭐ { $stars }，{ $charge }
payment-line-refunded = { $day }：{ $pictures } 🖼，⭐ { $stars }，已退款，{ $charge }
answer-how = 请回复我那条带问题的消息，我会转达你的回复。
answer-of-owner = 关于你付款的问题，我的主人回复：
answer-sent = 我已经转达了。
answer-edited = 我已经转达了你最初写的内容，不能再改了。想补充的话，请再回复一次那个问题。
answer-failed = 我没能转达：{ $why }。
button-answer = 回复
give-back = 退还 ⭐ { $stars }，{ $at }
button-give-back-surely = ⭐ 退还
button-give-back-not = 保持不变
refund-ask = 要把 ⭐ { $stars } 退还给 { $name }（{ $id }）吗？那是 { $at } 买 { $pictures } 🖼 付的。还剩下的图片里，我会收回 { $count } 🖼。
refund-not = 没有退款。

## 退款

refund-how = 请在后面写上付款编号：/refund 加上 /paysupport 显示的字符。
refund-unknown = 没有这笔付款。
refund-already = ⭐ { $stars } 之前已退还给 { $name }（{ $id }）。当时收回：{ $pictures } 🖼；买来的一共还剩 { $count } 🖼。
refunded = ⭐ { $stars } 退还给 { $name }（{ $id }）。收回：{ $pictures } 🖼；买来的一共还剩 { $count } 🖼。
refund-refused = Telegram 不退还这些星星：{ $why }。
refund-noted = 已退还给你 ⭐ { $stars }。我收回了你买来的 { $pictures } 🖼；还剩 { $count } 🖼。

## 给主人

owner-payment-strange = ⚠ { $id } 为我不卖的东西付了款。请查看付款 { $charge }；/refund 不认识它。
owner-refund-unknown = ⚠ 付款 { $charge } 已退款，但我没有收到过它的消息。如果它的图片之后才到账，用 /refund { $charge } 收回。
owner-refunded = ⭐ { $stars } 已在我之外退还给 { $id }。收回：{ $pictures } 🖼；买来的一共还剩 { $count } 🖼。
owner-paysupport =
    { $name }（{ $id }）询问一笔付款：“{ $question }”
    { $payments }

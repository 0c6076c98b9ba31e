# What the bot says about buying pictures with Telegram Stars.

## Buying

buy = Pictures for when your free ones are used up. They never expire, and you can use them here and in groups.
buy-in-private = Write /{ $name } to me in private: https://t.me/{ $username }?start={ $name }
button-buy = ⭐ Buy pictures
pack =
    { $count ->
        [one] One picture for ⭐ { $stars }
       *[other] { $count } pictures for ⭐ { $stars }
    }
invoice-title =
    { $count ->
        [one] One picture
       *[other] { $count } pictures
    }
invoice-description =
    { $count ->
        [one] One picture that I make for you when your free ones are used up. It never expires.
       *[other] { $count } pictures that I make for you when your free ones are used up. They never expire.
    }
paid =
    { $count ->
        [one] Thank you! One more picture is yours. /usage shows how many you have.
       *[other] Thank you! { $count } more pictures are yours. /usage shows how many you have.
    }
paid-kept =
    { $thanks }
    I still keep your wish “{ $wish }”.
paid-kept-unnamed =
    { $thanks }
    I still keep your wish.
usage-credit =
    { $count ->
        [one] Left of what you bought: one picture
       *[other] Left of what you bought: { $count } pictures
    }
forget-bought =
    { $count ->
        [one] The picture that you bought stays yours.
       *[other] The { $count } pictures that you bought stay yours.
    }
limit-credit =
    { $count ->
        [0] Paid with your pictures; that was the last one.
        [one] Paid with your pictures; one is left.
       *[other] Paid with your pictures; { $count } are left.
    }
limit-credit-partly =
    { $paid ->
        [one] The free ones are used up, so one of these was paid with your pictures
       *[other] The free ones are used up, so { $paid } of these were paid with your pictures
    }{ $count ->
        [0] ; that was the last one.
        [one] ; one is left.
       *[other] ; { $count } are left.
    }
limit-credit-more = /buy gets you more.
limit-credit-next =
    { $count ->
        [one] For the next one I use the picture that you bought.
       *[other] From now on I use the { $count } pictures that you bought.
    }
not-stopped = This one is paid with a picture that you bought, and its painting has begun. I stop only three of those a day, so I finish this one.
checkout-gone = I don’t sell this any more. Nothing was charged; /buy shows what I sell now.
checkout-over = I don’t sell pictures any more. Nothing was charged.
checkout-later = I can’t take payments at this moment. Nothing was charged; please try again in a minute.
checkout-blocked = My owner has blocked you, so I sell you nothing. Nothing was charged.
checkout-unserved = I don’t work for you, so I sell you nothing. Nothing was charged.

## Terms and questions

terms =
    You buy pictures that I make, and pay with Telegram Stars. Four versions are four pictures. One is used for each answer with a picture, when your free ones are used up. If no picture comes, yours is given back; if such tries cost as much as ten pictures in a day, I use bought ones again the next day. Bought pictures never expire.
    My owner can refund a payment; what is unspent of it is taken back then. Questions go to /paysupport. Telegram’s own support does not help with purchases from me.
paysupport = For questions about a payment write them after the command, as in /paysupport I paid, but nothing came. I pass them on to my owner.
paysupport-sent = I passed your question on to my owner.
paysupport-enough = I have passed on several questions of yours today, and my owner has them all. Please wait for an answer, or write again tomorrow.
payment-line = { $day }: { $pictures } 🖼 for ⭐ { $stars }, { $charge }
payment-line-refunded = { $day }: { $pictures } 🖼 for ⭐ { $stars }, refunded, { $charge }
answer-how = Reply to my message with the question, and I pass your reply on.
answer-of-owner = My owner answers your question about a payment:
answer-sent = I passed that on.
answer-edited = I passed on what you wrote first, and can’t change that any more. Reply to the question once more to add something.
answer-failed = I could not pass that on: { $why }.
button-answer = Answer
give-back = Give back ⭐ { $stars }, { $at }
button-give-back-surely = ⭐ Give back
button-give-back-not = Leave it
refund-ask = Shall I give ⭐ { $stars } back to { $name } ({ $id })? That was for { $pictures } 🖼 on { $at }. Of the pictures that are left I take { $count } 🖼 back.
refund-not = Nothing was given back.

## Refunds

refund-how = Write the number of the payment behind it: /refund and the characters that /paysupport shows.
refund-unknown = There is no such payment.
refund-already = ⭐ { $stars } were given back to { $name } ({ $id }) before. Taken back then: { $pictures } 🖼; of all that they bought, still left: { $count } 🖼.
refunded = ⭐ { $stars } are given back to { $name } ({ $id }). Taken back: { $pictures } 🖼; of all that they bought, still left: { $count } 🖼.
refund-refused = Telegram does not give these Stars back: { $why }.
refund-noted = ⭐ { $stars } were given back to you. I took back { $pictures } 🖼 of what you bought; still left: { $count } 🖼.

## To the owner

owner-payment-strange = ⚠ { $id } paid for something that I do not sell. Look at the payment { $charge }; /refund does not know it.
owner-refund-unknown = ⚠ The payment { $charge } was refunded, but I have not heard of it. If its pictures are added later, /refund { $charge } takes them back.
owner-refunded = ⭐ { $stars } were given back to { $id } without me. Taken back: { $pictures } 🖼; of all that they bought, still left: { $count } 🖼.
owner-paysupport =
    { $name } ({ $id }) asks about a payment: “{ $question }”
    { $payments }

# What the bot says to guests about whom an owner decides, and to owners about guests.

## Guests, about whom an owner decides

guest-asked = My owner decides for whom I paint, and I have asked. Send me your first wish already if you like: I keep it until then.
guest-kept = My owner decides for whom I paint, and I have asked. I keep your wish and begin as soon as you are let in.
guest-kept-group = My owner decides in which groups I work, and I have asked. I keep your wish and begin as soon as this group is let in.
guest-waits = My owner has not decided yet. I keep only your first wish; please send the rest when you are let in.
guest-waits-group = My owner has not decided yet. I keep only the first wish of this group; please send the rest when the group is let in.
guest-asked-group = Hello! My owner decides in which groups I work, and I have asked. I keep your first wish until then.
guest-admitted = My owner has let you in. What shall I paint?
guest-admitted-wish = My owner has let you in, and I begin with your wish.
guest-admitted-group = My owner has let this group in. Reply to me with a wish.
guest-refused = My owner has decided against it, so I don’t paint for you. Your wish is deleted.
guest-blocked = My owner has blocked you, so I don’t answer you any more.
guest-blocked-paid = My owner has blocked you, so I don’t paint for you any more. For questions about a payment there is still /paysupport, and /forget deletes what I keep of you.

## For owners

owner-guest = { $name } ({ $id }) would like to use me.
owner-guest-wish = { $name } ({ $id }) would like to use me, and begins with: “{ $wish }”
owner-guest-group = The group “{ $name }” ({ $id }) would like to use me. { $person } asks for it.
decision-admitted = ✓ { $name } ({ $id }): let in by { $by }.
decision-refused = ✗ { $name } ({ $id }): refused by { $by }.
decision-blocked = 🚫 { $name } ({ $id }): blocked by { $by }.
stranger-admitted = I know no name for { $id }. ✓ Let in all the same by { $by }.
stranger-blocked = I know no name for { $id }. 🚫 Blocked all the same by { $by }.
guest-named = { $name } ({ $id })
guest-is-owner = That is one of my owners. Owners are always served and cannot be blocked.
guest-not-blocked = { $name } ({ $id }) is not blocked.
blocked-with-credit =
    { $count ->
        [one] { $name } has one bought picture left.
       *[other] { $name } has { $count } bought pictures left.
    } To give a payment back:
    { $ways }
guest-hidden = Telegram hides the number of whoever wrote that. Choose the person from /people, or send the number.
guest-how = Send /{ $name } and a number, or reply with it to a message of that person that you forwarded to me. /people has a button for everybody.
people = Who uses me, the newest first:
people-none = There is nobody here.
people-line =
    { $number }. { $name } ({ $id }){ $mark }
    today { $today }, this month { $month }
people-spent = { $pictures } 🖼 ${ $dollars }
people-asked = ⏳ waits for you
people-admitted = ✓ let in
people-refused = ✗ refused
people-blocked = 🚫 blocked
people-limit = limit { $limits }
people-bought = paid ⭐ { $stars }, { $count } 🖼 left
people-sold = In all: ⭐ { $stars } paid and not given back; { $count } 🖼 of them not used yet.

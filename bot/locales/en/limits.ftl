# What the bot says of limits: how much people, groups and all together may use in a day and in a month.

## The last picture of a period

limit-last-person-day = That was the last one for today; { $renews }.
limit-last-person-month = That was the last one for this month; { $renews }.
limit-last-group-day = That was the last one for this group today; { $renews }.
limit-last-group-month = That was the last one for this group this month; { $renews }.
limit-last-total-day = That was the last one that I may make today; { $renews }.
limit-last-total-month = That was the last one that I may make this month; { $renews }.
limit-more-day = { $count } more from midnight { $zone }, { $wait }
limit-more-month = { $count } more from the first of the month, { $wait }
limit-anew-day = it goes on from midnight { $zone }, { $wait }
limit-anew-month = it goes on from the first of the month, { $wait }
limit-zone-city = in { $city }
limit-wait-days =
    { $count ->
        [one] in one day
       *[other] in { $count } days
    }
limit-wait-hours = in about { $count } h
limit-wait-minutes = in { $count } min

## A wish for which there is no room

limit-over-person-day = Your pictures for today are used up; { $renews }. I keep your wish: press “Try again” after that.
limit-over-person-month = Your pictures for this month are used up; { $renews }. I keep your wish: press “Try again” after that.
limit-over-group-day = This group’s pictures for today are used up; { $renews }. I keep your wish: press “Try again” after that.
limit-over-group-month = This group’s pictures for this month are used up; { $renews }. I keep your wish: press “Try again” after that.
limit-over-total-day = I have made all the pictures that I may make today; { $renews }. I keep your wish: press “Try again” after that.
limit-over-total-month = I have made all the pictures that I may make this month; { $renews }. I keep your wish: press “Try again” after that.
limit-over-owner = The limit for all is used up: { $limits }; { $renews }. To go on before that, raise LIMIT_TOTAL in my settings and restart me. I keep your wish: press “Try again” after that.
limit-few-day =
    { $count ->
        [one] Only one more picture is left for today; { $renews }. Shall I make that one?
       *[other] Only { $count } more pictures are left for today; { $renews }. Shall I make those?
    }
limit-few-month =
    { $count ->
        [one] Only one more picture is left for this month; { $renews }. Shall I make that one?
       *[other] Only { $count } more pictures are left for this month; { $renews }. Shall I make those?
    }
limit-few-bought =
    Your free pictures are used up; { $renews }. { $count ->
        [one] One that you bought is left. Shall I use it?
       *[other] { $count } that you bought are left. Shall I use them?
    }
limit-few-bought-only =
    { $count ->
        [one] One picture that you bought is left. Shall I use it?
       *[other] { $count } pictures that you bought are left. Shall I use them?
    }
limit-few-mixed =
    I can make { $count }: { $free ->
        [one] one free picture
       *[other] { $free } free pictures
    } and { $bought ->
        [one] one that you bought
       *[other] { $bought } that you bought
    }. Shall I?
limit-none = At present I have no pictures to give here. I keep your wish: press “Try again” when my owner has changed that.
limit-none-sold = There are no free pictures here, but I sell some. I keep your wish: buy pictures, then press “Try again”.
limit-in-vain = Many times today I took a picture that you bought, and gave it back because none came. My owner may have to pay for those tries, so I take no more today; { $renews }. I keep your wish: press “Try again” after that.
limit-unheard = The pictures that I may make here are used up for now; { $renews }. I did not listen to this: please send it again after that.
limit-unheard-none = At present I have no pictures to give here, so I did not listen to this.
button-make =
    { $count ->
        [one] Make one
       *[other] Make { $count }
    }

## What is left

left-person-day = Left for you today: { $left }
left-person-month = Left for you this month: { $left }
left-group-day = Left for this group today: { $left }
left-group-month = Left for this group this month: { $left }
left-total-day = Left for all today: { $left }
left-total-month = Left for all this month: { $left }
left-pictures =
    { $count ->
        [one] one picture of { $most }
       *[other] { $count } pictures of { $most }
    }
left-dollars = ${ $dollars } of ${ $most }
left-renews = { $left }; { $renews }
left-anew-day = anew from midnight { $zone }, { $wait }
left-anew-month = anew from the first of the month, { $wait }

## What somebody may use

granted-person = Here you have { $limits }; /usage shows what is left.
granted-group = This group has { $limits }; /usage shows what is left.
granted-none-sold = There are no free pictures here, but I sell some: /buy.
granted-pictures-day =
    { $count ->
        [one] one picture a day
       *[other] { $count } pictures a day
    }
granted-pictures-month =
    { $count ->
        [one] one picture a month
       *[other] { $count } pictures a month
    }
granted-dollars-day = ${ $dollars } a day
granted-dollars-month = ${ $dollars } a month

## The command

limit-in-groups = /limit is for groups: there, admins choose how many pictures the group may have.
limit-here = The admins of this group chose this limit: { $limits }.
limit-here-none = The admins of this group chose no limit.
limit-here-owner = My owner allows this group { $limits }; the limit of its admins can only be lower.
limit-here-how = Admins change it like this: /limit 10/day. /limit none takes it away.
limit-admins-only = Only admins of this group choose its limit.
limit-unreadable = I can't read that limit. Write it like this: 20/day, or $10/month, or both with a comma between them, or none.
limit-owner-how = Write the number of a person or a group and a limit: /limit 12345 50/day, or $10/month, or both with a comma between them. For a person, you can also reply with /limit 50/day to a message of theirs that you forwarded to me. With none there is no limit, with default that of the settings counts again.
limit-of-one = The limit of { $who } is { $limits }.
limit-of-one-none = { $who } has no limit.
limit-of-one-default = { $who }: { $limits }, as in the settings.
limit-of-one-default-none = { $who }: no limit, as in the settings.
limit-zero = 0 is nobody’s number. What all together may use is LIMIT_TOTAL in the settings.

## To the owner

owner-limit-80 = ⚠ 80 % of the limit for all is used up: { $limits }.
owner-limit-100 = ⚠ The limit for all is used up: { $limits }. LIMIT_TOTAL sets it.

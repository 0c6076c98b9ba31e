# What the bot says when something went wrong on its side, and what it tells its owner.

undelivered = Your answer is ready, but Telegram did not accept it.
store-stuck = I can’t store anything right now, so your wish is waiting. It goes on by itself as soon as I can.
store-away = I can’t store anything right now, so what you sent is waiting. I answer by myself as soon as I can.
owner-knows = My owner has been told.
owner-unset = Please tell the person who runs this bot.
outcome-unknown = I’m not sure that this reached you. If you don’t see it above, ask me once more.
came-late =
    { $count ->
        [one] This picture arrived after I had started with the others. Shall I do it again with this one, too? Otherwise your next message can use it.
       *[other] These { $count } pictures arrived after I had started with the others. Shall I do it again with these, too? Otherwise your next message can use them.
    }
button-join =
    { $count ->
        [one] Again, with it
       *[other] Again, with them
    }

## To the owner

owner-storage-locked = ⚠ Another program holds the database. Close it; then I go on by myself. ({ $detail })
owner-storage-deadlock = ⚠ Two transactions waited for each other, and one was undone. I try it again by myself. ({ $detail })
owner-storage-crowded = ⚠ All connections to the database are in use. If that stays so, raise DATABASE_POOL_SIZE. ({ $detail })
owner-storage-damaged = ⚠ The database is damaged. Stop me, look with my command “pentimento check”, and restore a backup. ({ $detail })
owner-storage-unreachable = ⚠ The store cannot be read or written. Look at the disk, its rights and the connection. ({ $detail })
owner-storage-refused = ⚠ The object store refuses. Look at MEDIA_URL, its bucket, and the keys and rights for it. ({ $detail })
owner-storage-swept = ⚠ A picture was deleted while somebody sent it again. I store it once more by myself. ({ $detail })
owner-storage-full = ⚠ The disk is full, so I can’t store anything. Please free some space; then I go on by myself. ({ $detail })
owner-aside = ⚠ I set aside message { $update }, because { $why }. Its text stays in my inbox for you to look at.
owner-undelivered = ⚠ The answer of turn { $turn } could not be sent ({ $why }). It is stored.
owner-turn = ⚠ Turn { $turn } failed. The reason: { $reason }. ({ $why })
owner-turn-other = ⚠ Turn { $turn } failed. ({ $why })
owner-advice-account = After a payment there, the next wish works without a restart. A new key goes into the settings of the bot, and then I need a restart. “pentimento check --accounts” tells whether it works.
owner-more =
    { $count ->
        [one] The same has happened once more since I last wrote about it.
       *[other] The same has happened { $count } more times since I last wrote about it.
    }
owner-outage-provider = ⚠ { $provider } cannot answer at the moment: { $why }. Meanwhile others answer where they can. It is tried again from time to time.
owner-outage-model = ⚠ { $provider } cannot answer with { $model } at the moment: { $why }. Meanwhile others answer where they can. It is tried again from time to time.
owner-outage-key = ⚠ Key { $number } of { $count } for { $provider } cannot be used at the moment: { $why }. Meanwhile others answer. It is tried again from time to time.
owner-listening = ⚠ { $model } (LISTEN_MODEL) does not listen to voice messages: { $why }
owner-model-replaced = ⚠ { $provider } no longer offers { $old } to this key. { $new } paints in its place from now on. To choose another one, change the model in the settings of the bot. If this is wrong, /model { $old } tries it again, for everybody.
owner-model-ends = ⚠ { $provider } ends the model { $model } on { $day } ({ $days ->
        [0] now
        [one] in one day
       *[other] in { $days } days
    }). I know no successor: choose another model in the settings of the bot.
owner-model-ends-followed = ⚠ { $provider } ends the model { $model } on { $day } ({ $days ->
        [0] now
        [one] in one day
       *[other] in { $days } days
    }). { $after } then takes its place by itself, unless you choose another one before.
owner-disk = ⚠ Only { $megabytes } MB are free on the disk where I keep everything. When it is full, I can’t store anything more. Please free some space; KEEP_DAYS or KEEP_GB let me delete what is old.
owner-clock = ⚠ The clock of my machine says { $here } (UTC), but at Telegram it is { $there }. Until it is right, I delete nothing that is old. Please set the clock.
owner-week = 📊 The last 7 days: { $pictures ->
        [one] one picture
       *[other] { $pictures } pictures
    } for { $people ->
        [one] one person
       *[other] { $people } people
    }, about ${ $dollars }.
owner-week-quiet = 📊 The last 7 days: nobody asked me for anything.
owner-week-unpriced =
    { $count ->
        [one] The price of one answer is not known.
       *[other] The price of { $count } answers is not known.
    }
owner-week-failed =
    { $count ->
        [one] { $turns ->
            [1] The only wish failed: { $why }.
           *[other] One of { $turns } wishes failed: { $why }.
        }
       *[other] { $count } of { $turns } wishes failed, most often for this reason: { $why } ({ $most }×).
    }
owner-why-refused = the provider refused the wish
owner-why-no-picture = no picture came
owner-why-account = the key, the balance or the quota at the provider
owner-why-busy = the provider was overloaded
owner-why-trouble = the provider or the way to it broke down
owner-why-request = the model did not take the request
owner-why-limit = a limit was used up
owner-why-interrupted = the bot was interrupted
owner-why-other = something else
owner-week-backup = Last backup: { $days ->
        [0] today
        [one] yesterday
       *[other] { $days } days ago
    }.
owner-week-backup-short = ⚠ Last backup: { $days ->
        [0] today
        [one] yesterday
       *[other] { $days } days ago
    }, but it lacks pictures. pentimento check says which.
owner-week-no-backup = ⚠ I know of no backup. pentimento backup FOLDER makes one while I run.
owner-week-disk = Disk: { $percent } % full, { $gigabytes } GB free.

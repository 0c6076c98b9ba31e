# What the bot says when something went wrong on its side, and what it tells its owner.

undelivered = Your answer is ready, but Telegram did not accept it.
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

owner-storage = ⚠ { $fault }
owner-aside = ⚠ I set aside message { $update }, because { $why }. Its text stays in my inbox for you to look at.
owner-undelivered = ⚠ The answer of turn { $turn } could not be sent ({ $why }). It is stored.
owner-turn = ⚠ Turn { $turn }, { $why }
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

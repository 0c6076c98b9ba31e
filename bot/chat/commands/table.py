"""Commands and buttons: the tree's verbs in a person's hands, help, settings, privacy.

May import ``delivery``, ``keyboards``, ``turns``, ``texts``, ``providers.base`` and ``storage``. A button's data comes
from a client: it is checked against the chat in which it was pressed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.chat.commands.context import Asked, Verb
from bot.chat.commands.group_rules import Rules
from bot.chat.commands.settings import SettingsMenu
from bot.chat.events import Commanded, Pressed, Replied, Said
from bot.chat.groups.hearing import Hearing
from bot.chat.identity import Account
from bot.chat.reply_target import meaning_of
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery, Place
from bot.chat.send.refusals import optional
from bot.chat.send.split import shorten
from bot.chat.updates.orders import WISHES, Order, order_of
from bot.texts import decimal, say
from bot.turns.turns import Turns
from storage.records import Conversation, InboxRow, InputPicture, MessageLink, Role, Spent, Turn
from storage.store import Store

CHOICES = ("model", "ratio", "size", "effort", "language")

COMMANDS = (
    *("edit", "help", "new", "undo", "redo", "again", "x4", "file", "cancel"),
    *("tree", "go", "compare", "timelapse", "context"),
    *("save", "saved", "drop", "export", "forget"),
    *("allow", "settings", *CHOICES, "usage", "privacy"),
)
"""As the menu shows them; ``/start`` is Telegram's own button and stands before them in private.

``/edit`` comes first: in a group it is the way that Telegram lets through to a bot in privacy mode.
"""

IN_GROUPS, IN_PRIVATE = ("allow",), ("start",)
"""What only one of the two menus shows; a command that is sent all the same gets its sentence."""

VERSIONS = 4
"""How many versions of a wish the button under an answer makes side by side."""

KNOWN = {"start", *COMMANDS, *WISHES}

TAKING_WORDS = {"start", "again", "save", "drop", "go", "compare", "allow", *CHOICES}
"""Commands that use or answer what stands behind them; Telegram's own button may put something behind ``/start``."""

ABOUT_AN_ANSWER = {"again", "undo", "file", "compare", "timelapse", *WISHES} - {"edit", "new"}
"""Commands that speak of an answer, or of its wish, when they reply to one."""


class Commands:
    """One method for each verb; a command and its button share it."""

    def __init__(
        self,
        account: Account,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        menu: SettingsMenu,
        rules: Rules,
        more: Iterable[Mapping[str, Verb]],
        hearing: Hearing,
        owner_ids: frozenset[int],
    ) -> None:
        self._account = account
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._menu = menu
        self._rules = rules
        self._hearing = hearing
        self._owner_ids = owner_ids
        self._verbs: dict[str, Verb] = {
            **{name: verb for verbs in more for name, verb in verbs.items()},
            "start": self._start,
            "help": self._help,
            "new": self._new,
            "undo": self._undo,
            "redo": self._redo,
            "again": self._versions(1),
            "vary": self._versions(VERSIONS),
            **{name: self._versions(manner["times"]) for name, manner in WISHES.items() if "times" in manner},
            "choose": self._choose,
            "file": self._file,
            "show": self._show,
            "cancel": self._cancel,
            "settings": self._settings,
            "models": self._setting("model"),
            **{name: self._setting(name) for name in CHOICES},
            "usage": self._usage,
            "privacy": self._privacy,
        }

    async def commanded(self, event: Commanded, picture: InputPicture | None = None) -> None:
        """Do what a command says; an unknown one gets a hint where it was clearly meant for this bot.

        ``picture`` is the one that it speaks of, where that is not the one of what it replies to.
        """
        verb = self._verbs.get(event.name) if known_command(event) else None
        if verb is None:
            if event.addressed:
                await self._delivery.say(Place.answering(event), "unknown-command", name=event.name)
            await self._store.inbox.finish([event.update_id])
            return
        if event.argument and event.name not in TAKING_WORDS:
            with optional(event.key.chat_id):
                await self._delivery.say(Place.answering(event), "only-command", name=event.name)
        conversation = await self._store.conversations.open(event.key)
        link = await meaning_of(self._store, event.key, event.replied)
        replied = event.replied if event.replied and not _only_placed(event.replied, link) else None
        turn = await self._store.conversations.turn(link.turn_id) if link and link.turn_id else None
        asked = Asked(
            place=Place.answering(event),
            conversation=conversation,
            update_id=event.update_id,
            author=event.author,
            private=event.private,
            turn=turn,
            picture=picture or (link.picture if link else None),
            value=event.argument,
            replying=replied is not None,
            about=event.replied.author if event.replied else None,
            command_id=event.message_id,
        )
        if replied is not None and turn is None and event.name in ABOUT_AN_ANSWER:
            await self._answer(asked, "reply-unknown", name=event.name)
        else:
            await verb(asked)

    async def pressed(self, event: Pressed) -> None:
        """Do what a button says, if it speaks of something in this chat."""
        action = keyboards.parse(event.data)
        conversation = await self._store.conversations.open(event.key)
        asked = Asked(
            place=Place.answering(event),
            conversation=conversation,
            update_id=event.update_id,
            author=event.author,
            private=event.private,
            turn=await self._own_turn(action.turn_id, conversation),
            value=action.value,
            message_id=event.message_id,
        )
        if asked.turn is None and not event.shown:
            # Nobody knows in which topic it was pressed, so it may be meant for any conversation of this chat.
            await self._done(asked)
        elif action.name == "settings" or action.name.startswith("set-"):
            await self._menu.pressed(conversation, asked.place, event.message_id, action)
            await self._done(asked)
        elif action.name not in self._verbs or (action.turn_id is not None and asked.turn is None):
            await self._answer(asked, "button-outdated")
        elif asked.turn and not await self._rules.may_press(conversation.settings, event, asked.turn):
            await self._answer(asked, "not-your-button", name=asked.turn.author.name)
        else:
            await self._verbs[action.name](asked)

    async def tell(self, row: InboxRow) -> None:
        """Say what happened to the tree, as it was stored with the update, and be done with it."""
        notice = row.notice or {}
        place = Place(key=row.key, language=notice.get("language", ""))
        turn = await self._store.conversations.turn(notice["turn_id"]) if notice.get("turn_id") else None
        if notice.get("left"):
            await self._delivery.say(place, "waiting-ended", count=notice["left"])
        if turn is None:
            key = str(notice["key"])
            said = f"{key}-root" if key in ("undone", "redone") else key
            if said in ("undone-root", "fresh"):
                conversation = await self._store.conversations.open(row.key)
                # The next message is then about the waiting picture, and begins none.
                said += "-waiting" if await self._store.messages.waiting(conversation.id) else ""
            await self._delivery.say(place, said, **notice.get("values", {}))
        else:
            form = "-words" if not turn.shown else "-named" if turn.wish else ""
            await self._delivery.show(turn, place, f"{notice['key']}{form}", wish=shorten(turn.wish))
        await self._store.inbox.finish([row.update_id])

    async def _start(self, asked: Asked) -> None:
        await self._answer(asked, "start")

    async def _help(self, asked: Asked) -> None:
        language = asked.place.language
        lines = "\n".join(f"/{name} · {say(language, f'command-{name}')}" for name in COMMANDS)
        username, chat_id = self._account.me.username, asked.place.key.chat_id
        if asked.private:
            await self._answer(asked, "help", groups=say(language, "help-groups", username=username), commands=lines)
            return
        everything = (await self._hearing.of(chat_id)).everything
        groups = say(language, "help-groups-mentions" if everything else "help-here", username=username)
        unseen = await self._hearing.misses_replies(chat_id)
        pictures = say(language, "reply-unseen") if unseen else say(language, "help-pictures", username=username)
        await self._answer(asked, "help-in-group", groups=groups, pictures=pictures, commands=lines)

    async def _new(self, asked: Asked) -> None:
        await self._moved(asked, await self._turns.new(asked.moving))

    async def _undo(self, asked: Asked) -> None:
        if asked.turn is None and asked.conversation.head_id is None:
            await self._answer(asked, "nothing-to-undo")
            return
        await self._moved(asked, await self._turns.undo(asked.moving, asked.turn))

    async def _redo(self, asked: Asked) -> None:
        if not asked.conversation.redo:
            await self._answer(asked, "nothing-to-redo")
            return
        await self._moved(asked, await self._turns.redo(asked.moving))

    def _versions(self, times: int) -> Verb:
        async def make(asked: Asked) -> None:
            turn = asked.turn or await self._turns.latest(asked.conversation)
            if turn is None:
                await self._answer(asked, "nothing-to-repeat")
                return
            if turn.says_nothing:
                await self._answer(asked, "nothing-left-to-repeat")
                return
            more = order_of(asked.value if asked.command_id else "")
            if more.name or more.carries:
                with optional(asked.place.key.chat_id):
                    await self._delivery.say(asked.place, "only-command", name="again")
                more = Order(words="")
            request, updates = asked.place.reply_to, (asked.update_id,)
            await self._turns.again(
                turn, updates, asked.author, times=times, more=more.words, request_message_id=request
            )

        return make

    async def _choose(self, asked: Asked) -> None:
        if asked.turn is None:
            await self._answer(asked, "button-outdated")
            return
        await self._moved(asked, await self._turns.choose(asked.moving, asked.turn))

    async def _file(self, asked: Asked) -> None:
        turn = await self._turns.shown_at(asked.turn.id if asked.turn else asked.conversation.head_id)
        if turn is None:
            await self._answer(asked, "nothing-to-file")
            return
        await self._delivery.files(turn, asked.place)
        await self._done(asked)

    async def _show(self, asked: Asked) -> None:
        if asked.turn is None:
            await self._answer(asked, "button-outdated")
            return
        form = "shown-named" if asked.turn.wish else "shown"
        await self._delivery.show(asked.turn, asked.place, form, wish=shorten(asked.turn.wish))
        await self._done(asked)

    async def _cancel(self, asked: Asked) -> None:
        # A cancel that finds its turn running overtakes the queue and never comes here.
        sender = None if asked.private else asked.author.id
        count = await self._store.messages.end_waiting(asked.conversation.id, sender, before=asked.command_id)
        await self._answer(asked, "waiting-ended" if count else "nothing-to-cancel", count=count)

    async def _settings(self, asked: Asked) -> None:
        await self._menu.open(asked.conversation, asked.place)
        await self._done(asked)

    def _setting(self, name: str) -> Verb:
        async def choose(asked: Asked) -> None:
            await self._menu.choose(asked.conversation, asked.place, name, asked.value)
            await self._done(asked)

        return choose

    async def _usage(self, asked: Asked) -> None:
        language = asked.place.language
        own = await self._store.usage.of(asked.author.id)
        lines = [say(language, "usage-own", **_spent(own)) if own else say(language, "usage-none")]
        # What others spent is for the owner alone, and not for a group to read.
        if asked.author.id in self._owner_ids and asked.private:
            everybody = await self._store.usage.everybody()
            lines += [
                say(language, "usage-everybody"),
                *(say(language, "usage-line", **_spent(one, say(language, "usage-forgotten"))) for one in everybody),
            ]
        await self._delivery.write(asked.place, "\n".join(lines))
        await self._done(asked)

    async def _privacy(self, asked: Asked) -> None:
        language = asked.place.language
        answering, options = self._turns.answering, asked.conversation.settings
        lines = [
            say(language, "privacy", provider=answering.providers[answering.choice(options).provider].title),
            *([say(language, "privacy-uploads")] if answering.uploads(options) else []),
            say(language, await self._seen(asked)),
        ]
        await self._delivery.write(asked.place, "\n".join(lines))
        await self._done(asked)

    async def _seen(self, asked: Asked) -> str:
        """Return what is said of the messages that reach the bot: in groups at large, or in this one."""
        if asked.private:
            return "privacy-groups-all" if self._account.me.reads_all else "privacy-groups-meant"
        hears = await self._hearing.of(asked.place.key.chat_id)
        if hears.admin:
            return "privacy-here-admin"
        if hears.reads_all is None:
            return "privacy-here-unknown"
        return "privacy-here-all" if hears.reads_all else "privacy-here-meant"

    async def _own_turn(self, turn_id: int | None, conversation: Conversation) -> Turn | None:
        turn = await self._store.conversations.turn(turn_id) if turn_id is not None else None
        return turn if turn is not None and turn.conversation_id == conversation.id else None

    async def _moved(self, asked: Asked, moved: bool) -> None:
        if not moved:
            await self._answer(asked, "moved-on")

    async def _answer(self, asked: Asked, key: str, **values: Any) -> None:
        await self._delivery.say(asked.place, key, **values)
        await self._done(asked)

    async def _done(self, asked: Asked) -> None:
        await self._store.inbox.finish([asked.update_id])


def _only_placed(replied: Replied, link: MessageLink | None) -> bool:
    """Tell whether nobody chose to reply: below a post all do, and to a question clients do it by themselves."""
    return replied.above or (replied.author is None and link is not None and link.role is Role.LOOSE)


def _spent(spent: Spent, forgotten: str = "") -> dict[str, Any]:
    dollars = decimal(spent.cost_micro_usd / 1_000_000, 2)
    name = spent.author_name if spent.author_id else forgotten
    return {"name": name, "turns": spent.turns, "pictures": spent.pictures, "dollars": dollars}


def known_command(event: object) -> bool:
    """Tell whether an event is one of this bot's commands, or has one under its picture."""
    command = event.command if isinstance(event, Said) else event
    return isinstance(command, Commanded) and command.name in KNOWN


def menu_of(language: str, *, private: bool) -> list[tuple[str, str]]:
    """Return the command menu as ``(name, description)``: what makes sense in private, or in groups."""
    elsewhere = IN_GROUPS if private else IN_PRIVATE
    return [(name, say(language, f"command-{name}")) for name in ("start", *COMMANDS) if name not in elsewhere]

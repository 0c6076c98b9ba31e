"""Forgetting, in people's hands: what it would be, whether they are sure, and then for good.

May import PTB, ``context``, ``delivery``, ``keyboards``, ``group_rules``, ``turns``, ``texts`` and ``storage``. In
groups only admins may delete what belongs to all. A question lives for ten minutes: its buttons carry when it was asked
and by whom, so that an old one, or one that somebody else was asked, deletes nothing.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from contextvars import Context
from typing import Any

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.chat.commands.context import Asked, Verb
from bot.chat.commands.group_rules import Rules
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.texts import say
from bot.turns.turns import Turns
from storage.care import forgetting
from storage.records import Forgotten, Json
from storage.store import Store

ANSWER_IN_S = 600.0
"""How long a question waits for its answer before its buttons go."""


class ForgetCommands:
    """Verbs for forgetting."""

    def __init__(self, bot: Bot, store: Store, turns: Turns, delivery: Delivery, rules: Rules) -> None:
        self._bot = bot
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._rules = rules
        self._timers: dict[tuple[int, int], asyncio.TimerHandle] = {}
        self._background: set[asyncio.Task[None]] = set()
        self.verbs: dict[str, Verb] = {
            "forget": self._ask,
            "forget-conversation": self._ask_surely,
            "forget-person": self._ask_surely_of_person,
            "forget-conversation-surely": self._forget_conversation,
            "forget-person-surely": self._forget_person,
            "forget-nothing": self._keep,
        }

    async def _ask(self, asked: Asked) -> None:
        key = "forget-ask" if asked.private else "forget-ask-group"
        keyboard = keyboards.to_forget(asked.place.language, _written(asked))
        message = await self._delivery.say(asked.place, key, keyboard)
        self._take_buttons_later(asked.place.key.chat_id, message.message_id)
        await self._done(asked)

    async def _ask_surely(self, asked: Asked) -> None:
        if await self._is_too_late(asked):
            return
        if not await self._may(asked):
            await self._say(asked, "forget-admins-only")
            return
        counted = await self._store.forgetting.count(asked.conversation.key, None)
        await self._put(asked, "forget-conversation", "forget-sure", counted)

    async def _ask_surely_of_person(self, asked: Asked) -> None:
        if not await self._is_too_late(asked):
            counted = await self._store.forgetting.count(None, asked.author.id)
            await self._put(asked, "forget-person", "forget-sure-person", counted)

    async def _forget_conversation(self, asked: Asked) -> None:
        if await self._is_too_late(asked) or await self._is_not_for(asked):
            return
        if not await self._may(asked):
            await self._say(asked, "forget-admins-only")
            return
        gone = await self._store.forgetting.conversation(asked.conversation.key, _noticed(asked, "forgotten"))
        await self._forgotten(asked, gone)

    async def _forget_person(self, asked: Asked) -> None:
        if await self._is_too_late(asked) or await self._is_not_for(asked):
            return
        gone = await self._store.forgetting.person(asked.author.id, _noticed(asked, "forgotten-person"))
        await self._forgotten(asked, gone)

    async def _forgotten(self, asked: Asked, gone: Forgotten) -> None:
        """Do what is left to do in the world; that it is done is said next, as it was stored with the deed."""
        await self._take_buttons(asked.place.key.chat_id, asked.message_id)
        await self._turns.answering.forget(gone.files)

    async def _keep(self, asked: Asked) -> None:
        await self._take_buttons(asked.place.key.chat_id, asked.message_id)
        await self._say(asked, "forget-kept")

    async def _put(self, asked: Asked, what: str, key: str, counted: Forgotten) -> None:
        """Ask the last question, with the count, in the place of the first one."""
        keyboard = keyboards.to_forget_surely(asked.place.language, what, _written(asked))
        words = say(asked.place.language, key, turns=counted.turns, pictures=counted.pictures)
        message_id = await self._changed(asked, words, keyboard)
        if message_id is None:
            message_id = (await self._delivery.write(asked.place, words, keyboard)).message_id
        self._take_buttons_later(asked.place.key.chat_id, message_id)
        await self._done(asked)

    async def _changed(self, asked: Asked, words: str, keyboard: InlineKeyboardMarkup) -> int | None:
        """Change the message whose button was pressed; return its number, None where that cannot be."""
        chat_id = asked.place.key.chat_id
        with suppress(TelegramError):
            await self._bot.edit_message_text(
                words, chat_id=chat_id, message_id=asked.message_id, reply_markup=keyboard
            )
            return asked.message_id
        return None

    async def _is_too_late(self, asked: Asked) -> bool:
        at_s, _ = _read(asked.value)
        if time.time() - at_s <= ANSWER_IN_S:
            return False
        await self._take_buttons(asked.place.key.chat_id, asked.message_id)
        await self._say(asked, "forget-expired")
        return True

    async def _is_not_for(self, asked: Asked) -> bool:
        _, person_id = _read(asked.value)
        if person_id == asked.author.id:
            return False
        await self._say(asked, "forget-not-yours")
        return True

    async def _may(self, asked: Asked) -> bool:
        return asked.private or await self._rules.may_change(asked.place.key.chat_id, asked.author.id)

    def _take_buttons_later(self, chat_id: int, message_id: int) -> None:
        """Take the buttons away when the time is over, if this process is still there; else an old press is refused."""
        # On behalf of nobody: no step waits for it, and a worker that ends meanwhile is not asked.
        self._stop_timer(chat_id, message_id)
        self._timers[chat_id, message_id] = asyncio.get_running_loop().call_later(
            ANSWER_IN_S, self._begin, chat_id, message_id, context=Context()
        )

    def _begin(self, chat_id: int, message_id: int) -> None:
        task = asyncio.create_task(self._take_buttons(chat_id, message_id))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    def _stop_timer(self, chat_id: int, message_id: int | None) -> None:
        timer = self._timers.pop((chat_id, message_id or 0), None)
        if timer is not None:
            timer.cancel()

    async def _take_buttons(self, chat_id: int, message_id: int | None) -> None:
        self._stop_timer(chat_id, message_id)
        # They may be gone already, and so may the message; nothing depends on it.
        with suppress(TelegramError):
            await self._bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)

    async def _say(self, asked: Asked, key: str) -> None:
        await self._delivery.say(asked.place, key)
        await self._done(asked)

    async def _done(self, asked: Asked) -> None:
        await self._store.inbox.finish([asked.update_id])


def _noticed(asked: Asked, key: str) -> forgetting.Asked:
    """Return the update that asks, with what is to be said once it is done."""

    def notice(gone: Forgotten) -> Json:
        values = {"turns": gone.turns, "pictures": gone.pictures, "shared": gone.shared}
        return {"key": key, "turn_id": None, "language": asked.place.language, "values": values}

    return forgetting.Asked(update_id=asked.update_id, notice=notice)


def _written(asked: Asked) -> str:
    """Return when somebody asks (Unix s) and who, as a button carries it; never digits alone, which name a turn."""
    return f"{time.time():.0f}/{asked.author.id}"


def _read(written: str) -> tuple[float, Any]:
    """Return what :func:`_written` wrote; long ago and nobody for anything else."""
    at_s, _, person_id = written.partition("/")
    try:
        return float(at_s), int(person_id)
    except ValueError:
        return 0.0, None

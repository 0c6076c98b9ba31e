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

from bot.chat.commands.context import CommandContext, Verb
from bot.chat.commands.group_rules import GroupRules
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

    def __init__(self, bot: Bot, store: Store, turns: Turns, delivery: Delivery, rules: GroupRules) -> None:
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

    async def _ask(self, context: CommandContext) -> None:
        key = "forget-ask" if context.private else "forget-ask-group"
        keyboard = keyboards.to_forget(context.recipient.language, _written(context))
        message = await self._delivery.say(context.recipient, key, keyboard)
        self._take_buttons_later(context.recipient.key.chat_id, message.message_id)
        await self._done(context)

    async def _ask_surely(self, context: CommandContext) -> None:
        if await self._is_too_late(context):
            return
        if not await self._may(context):
            await self._say(context, "forget-admins-only")
            return
        counted = await self._store.forgetting.count(context.conversation.key, None)
        await self._put(context, "forget-conversation", "forget-sure", counted)

    async def _ask_surely_of_person(self, context: CommandContext) -> None:
        if not await self._is_too_late(context):
            counted = await self._store.forgetting.count(None, context.author.id)
            await self._put(context, "forget-person", "forget-sure-person", counted)

    async def _forget_conversation(self, context: CommandContext) -> None:
        if await self._is_too_late(context) or await self._is_not_for(context):
            return
        if not await self._may(context):
            await self._say(context, "forget-admins-only")
            return
        gone = await self._store.forgetting.conversation(context.conversation.key, _noticed(context, "forgotten"))
        await self._forgotten(context, gone)

    async def _forget_person(self, context: CommandContext) -> None:
        if await self._is_too_late(context) or await self._is_not_for(context):
            return
        gone = await self._store.forgetting.person(context.author.id, _noticed(context, "forgotten-person"))
        await self._forgotten(context, gone)

    async def _forgotten(self, context: CommandContext, gone: Forgotten) -> None:
        """Do what is left to do in the world; that it is done is said next, as it was stored with the deed."""
        await self._take_buttons(context.recipient.key.chat_id, context.message_id)
        await self._turns.answering.forget(gone.files)

    async def _keep(self, context: CommandContext) -> None:
        await self._take_buttons(context.recipient.key.chat_id, context.message_id)
        await self._say(context, "forget-kept")

    async def _put(self, context: CommandContext, what: str, key: str, counted: Forgotten) -> None:
        """Ask the last question, with the count, in the place of the first one."""
        keyboard = keyboards.to_forget_surely(context.recipient.language, what, _written(context))
        words = say(context.recipient.language, key, turns=counted.turns, pictures=counted.pictures)
        message_id = await self._changed(context, words, keyboard)
        if message_id is None:
            message_id = (await self._delivery.write(context.recipient, words, keyboard)).message_id
        self._take_buttons_later(context.recipient.key.chat_id, message_id)
        await self._done(context)

    async def _changed(self, context: CommandContext, words: str, keyboard: InlineKeyboardMarkup) -> int | None:
        """Change the message whose button was pressed; return its number, None where that cannot be."""
        chat_id = context.recipient.key.chat_id
        with suppress(TelegramError):
            await self._bot.edit_message_text(
                words, chat_id=chat_id, message_id=context.message_id, reply_markup=keyboard
            )
            return context.message_id
        return None

    async def _is_too_late(self, context: CommandContext) -> bool:
        at_s, _ = _read(context.value)
        if time.time() - at_s <= ANSWER_IN_S:
            return False
        await self._take_buttons(context.recipient.key.chat_id, context.message_id)
        await self._say(context, "forget-expired")
        return True

    async def _is_not_for(self, context: CommandContext) -> bool:
        _, person_id = _read(context.value)
        if person_id == context.author.id:
            return False
        await self._say(context, "forget-not-yours")
        return True

    async def _may(self, context: CommandContext) -> bool:
        return context.private or await self._rules.may_change(context.recipient.key.chat_id, context.author.id)

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

    async def _say(self, context: CommandContext, key: str) -> None:
        await self._delivery.say(context.recipient, key)
        await self._done(context)

    async def _done(self, context: CommandContext) -> None:
        await self._store.inbox.finish([context.update_id])


def _noticed(context: CommandContext, key: str) -> forgetting.Asked:
    """Return the update that asks, with what is to be said once it is done."""

    def notice(gone: Forgotten) -> Json:
        values = {"turns": gone.turns, "pictures": gone.pictures, "shared": gone.shared}
        return {"key": key, "turn_id": None, "language": context.recipient.language, "values": values}

    return forgetting.Asked(update_id=context.update_id, notice=notice)


def _written(context: CommandContext) -> str:
    """Return when somebody asks (Unix s) and who, as a button carries it; never digits alone, which name a turn."""
    return f"{time.time():.0f}/{context.author.id}"


def _read(written: str) -> tuple[float, Any]:
    """Return what :func:`_written` wrote; long ago and nobody for anything else."""
    at_s, _, person_id = written.partition("/")
    try:
        return float(at_s), int(person_id)
    except ValueError:
        return 0.0, None

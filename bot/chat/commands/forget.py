"""Deletes a conversation, or everything of a person, after two questions.

May import PTB, ``context``, ``delivery``, ``keyboards``, ``group_rules``, ``turns``, ``texts`` and ``storage``. In
groups only admins may delete the conversation. A question is valid for ten minutes. Its buttons carry the time and the
person who asked, so that an old button, or a button for somebody else, deletes nothing.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from contextvars import Context
from typing import Any

from telegram import Bot, InlineKeyboardMarkup
from telegram.error import TelegramError

from bot.background import BackgroundTasks
from bot.chat.commands.context import DONE, STORED, CommandContext, Response, respond, verb
from bot.chat.commands.group_rules import GroupRules
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.texts import say
from bot.turns.turns import Turns
from storage.care import forgetting
from storage.records import Forgotten, Json
from storage.store import Store

ANSWER_IN_S = 600.0
"""How long a question is valid. Its buttons are removed then."""


class ForgetCommands:
    """Verbs that delete."""

    def __init__(
        self,
        bot: Bot,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        rules: GroupRules,
        interrupt: forgetting.Interrupt,
    ) -> None:
        self._bot = bot
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._rules = rules
        self._interrupt = interrupt
        self._timers: dict[tuple[int, int], asyncio.TimerHandle] = {}
        self._background = BackgroundTasks()

    @verb("forget")
    async def ask(self, context: CommandContext) -> Response:
        """Ask what to forget."""
        key = "forget-ask" if context.private else "forget-ask-group"
        keyboard = keyboards.to_forget(context.language, _written(context))
        message = await self._delivery.say(context.recipient, key, keyboard)
        self._take_buttons_later(context.recipient.key.chat_id, message.message_id)
        return DONE

    @verb("forget-conversation")
    async def ask_surely(self, context: CommandContext) -> Response:
        """Ask once more, with the numbers of turns and pictures of the conversation."""
        if self._is_too_late(context):
            return await self._expired(context)
        if not await self._may(context):
            return respond("forget-admins-only")
        counted = await self._store.forgetting.count(context.conversation.key, None)
        return await self._put(context, "forget-sure", counted)

    @verb("forget-person")
    async def ask_surely_of_person(self, context: CommandContext) -> Response:
        """Ask once more, with the numbers of turns and pictures of the person who asks."""
        if self._is_too_late(context):
            return await self._expired(context)
        counted = await self._store.forgetting.count(None, context.author.id)
        return await self._put(context, "forget-sure-person", counted)

    @verb("forget-conversation-surely")
    async def forget_conversation(self, context: CommandContext) -> Response:
        """Delete the conversation."""
        if self._is_too_late(context):
            return await self._expired(context)
        if not _is_for(context):
            return respond("forget-not-yours")
        if not await self._may(context):
            return respond("forget-admins-only")
        noticed = _noticed(context, "forgotten")
        gone = await self._store.forgetting.conversation(context.conversation.key, noticed, self._interrupt)
        return await self._forgotten(context, gone)

    @verb("forget-person-surely")
    async def forget_person(self, context: CommandContext) -> Response:
        """Delete everything of the person who asks."""
        if self._is_too_late(context):
            return await self._expired(context)
        if not _is_for(context):
            return respond("forget-not-yours")
        noticed = _noticed(context, "forgotten-person")
        gone = await self._store.forgetting.person(context.author.id, noticed, self._interrupt)
        return await self._forgotten(context, gone)

    async def _forgotten(self, context: CommandContext, gone: Forgotten) -> Response:
        """Delete what is not in the database: the buttons, and files at the provider."""
        await self._take_buttons(context.recipient.key.chat_id, context.message_id)
        await self._turns.answering.forget(gone.files)
        return STORED

    @verb("forget-nothing")
    async def keep(self, context: CommandContext) -> Response:
        """Delete nothing."""
        await self._take_buttons(context.recipient.key.chat_id, context.message_id)
        return respond("forget-kept")

    async def _put(self, context: CommandContext, key: str, counted: Forgotten) -> Response:
        """Replace the first question by the last one, with the numbers of what would be deleted."""
        keyboard = keyboards.to_forget_surely(context.language, context.name, _written(context))
        words = say(context.language, key, turns=counted.turns, pictures=counted.pictures)
        message_id = await self._changed(context, words, keyboard)
        if message_id is None:
            message_id = (await self._delivery.write(context.recipient, words, keyboard)).message_id
        self._take_buttons_later(context.recipient.key.chat_id, message_id)
        return DONE

    async def _changed(self, context: CommandContext, words: str, keyboard: InlineKeyboardMarkup) -> int | None:
        """Edit the message whose button was pressed; return its id, None where it cannot be edited."""
        chat_id = context.recipient.key.chat_id
        with suppress(TelegramError):
            await self._bot.edit_message_text(
                words, chat_id=chat_id, message_id=context.message_id, reply_markup=keyboard
            )
            return context.message_id
        return None

    def _is_too_late(self, context: CommandContext) -> bool:
        at_s, _ = _read(context.value)
        return time.time() - at_s > ANSWER_IN_S

    async def _expired(self, context: CommandContext) -> Response:
        await self._take_buttons(context.recipient.key.chat_id, context.message_id)
        return respond("forget-expired")

    async def _may(self, context: CommandContext) -> bool:
        return context.private or await self._rules.may_change(context.recipient.key.chat_id, context.author.id)

    def _take_buttons_later(self, chat_id: int, message_id: int) -> None:
        """Remove the buttons when the time is over, if this process still runs; old presses are refused anyway."""
        # In an empty context, because it belongs to no step and to no update.
        self._stop_timer(chat_id, message_id)
        self._timers[chat_id, message_id] = asyncio.get_running_loop().call_later(
            ANSWER_IN_S, self._begin, chat_id, message_id, context=Context()
        )

    def _begin(self, chat_id: int, message_id: int) -> None:
        self._background.run(self._take_buttons(chat_id, message_id))

    def _stop_timer(self, chat_id: int, message_id: int | None) -> None:
        timer = self._timers.pop((chat_id, message_id or 0), None)
        if timer is not None:
            timer.cancel()

    async def _take_buttons(self, chat_id: int, message_id: int | None) -> None:
        self._stop_timer(chat_id, message_id)
        # The buttons or the message may be gone already; nothing depends on it.
        with suppress(TelegramError):
            await self._bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)


def _is_for(context: CommandContext) -> bool:
    """Return whether the question was put to the person who pressed."""
    _, person_id = _read(context.value)
    return bool(person_id == context.author.id)


def _noticed(context: CommandContext, key: str) -> forgetting.Asked:
    """Return the update that asks, with the notice to say afterwards."""

    def notice(gone: Forgotten) -> Json:
        values = {"turns": gone.turns, "pictures": gone.pictures, "shared": gone.shared}
        return {"key": key, "turn_id": None, "language": context.language, "values": values}

    return forgetting.Asked(update_id=context.update_id, notice=notice)


def _written(context: CommandContext) -> str:
    """Return the time (Unix s) and the person who asks, as button data. Digits alone would mean a turn."""
    return f"{time.time():.0f}/{context.author.id}"


def _read(written: str) -> tuple[float, Any]:
    """Return the time and person that :func:`_written` wrote; 0 and None for other data."""
    at_s, _, person_id = written.partition("/")
    try:
        return float(at_s), int(person_id)
    except ValueError:
        return 0.0, None

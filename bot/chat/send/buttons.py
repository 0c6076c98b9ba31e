"""Removes the buttons of messages: at once, or when the time for an answer is over. Imports PTB and ``background``."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from contextvars import Context

from telegram import Bot
from telegram.error import TelegramError

from bot.background import BackgroundTasks


class ExpiringButtons:
    """Removes buttons if this process still runs then; a press on an old button must be refused anyway."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._timers: dict[tuple[int, int], asyncio.TimerHandle] = {}
        self._background = BackgroundTasks()

    def expire(self, chat_id: int, message_id: int, after_s: float) -> None:
        """Remove the buttons of a message after some seconds."""
        self._stop_timer(chat_id, message_id)
        # In an empty context, because it belongs to no step and to no update.
        self._timers[chat_id, message_id] = asyncio.get_running_loop().call_later(
            after_s, self._begin, chat_id, message_id, context=Context()
        )

    async def remove(self, chat_id: int, message_id: int) -> None:
        """Remove the buttons of a message."""
        self._stop_timer(chat_id, message_id)
        # The buttons or the message may be gone already; nothing depends on it.
        with suppress(TelegramError):
            await self._bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id)

    def _begin(self, chat_id: int, message_id: int) -> None:
        self._background.run(self.remove(chat_id, message_id))

    def _stop_timer(self, chat_id: int, message_id: int) -> None:
        timer = self._timers.pop((chat_id, message_id), None)
        if timer is not None:
            timer.cancel()

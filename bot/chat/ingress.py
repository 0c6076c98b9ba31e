"""Updates from Telegram into the inbox, by long polling. Imports PTB's request layer, ``intake`` and ``storage``.

An update is committed before Telegram is told, by the next offset, to forget it. Updates stay raw JSON here: one that
PTB could not parse must not hold up those behind it (python-telegram-bot 22.8 spins on it for ever).
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import urlencode

from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.chat import intake
from storage.inbox import Inbox
from storage.records import InboxRow, Json, Key

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "stopped_message_generation")

POLL_S = 30
"""How long Telegram holds a request with nothing to say; it caps this at 50 (telegram-bot-api server)."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0

REJECTIONS = 5
"""How many 401 or 404 in a row mean that the token is no longer valid, and not that a proxy hiccups."""


class TokenRejected(Exception):
    """Telegram does not accept the token any more."""


class Intray:
    """Takes raw updates in: commits them, wakes their conversations, and lets cancel overtake."""

    def __init__(
        self,
        bot: Bot,
        me: intake.Me,
        inbox: Inbox,
        wake: Callable[[Key], None],
        cancel: Callable[[InboxRow], None],
    ) -> None:
        self._bot = bot
        self._me = me
        self._inbox = inbox
        self._wake = wake
        self._cancel = cancel
        self._background: set[asyncio.Task[None]] = set()

    async def take(self, updates: list[Json]) -> None:
        """Store updates durably; only then do their conversations hear of them."""
        usable = [update for update in updates if isinstance(update.get("update_id"), int)]
        if len(usable) < len(updates):
            log.error("%s updates came without a number and were dropped", len(updates) - len(usable))
        known = [(intake.key_of(update), update) for update in usable]
        await self._inbox.add(known)
        for key, update in known:
            query = update.get("callback_query")
            if isinstance(query, dict):
                self._run(self._answer(str(query.get("id"))))
            if intake.is_cancel(update, self._me):
                row = InboxRow(update_id=update["update_id"], key=key, payload=update, tries=0, received_at=time.time())
                self._cancel(row)
            self._wake(key)

    async def close(self) -> None:
        """Let the last acknowledgements go out."""
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _answer(self, callback_id: str) -> None:
        # At once, so that the button stops turning; what it did is told in the chat.
        try:
            await self._bot.answer_callback_query(callback_id)
        except TelegramError as error:
            log.info("a button's press was not acknowledged: %s", error)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


class Polling:
    """Asks Telegram for updates until cancelled."""

    def __init__(self, bot: Bot, request: BaseRequest, intray: Intray, alive: Callable[[], None]) -> None:
        self._bot = bot
        self._request = request
        self._intray = intray
        self._alive = alive
        self._offset: int | None = None

    async def run(self) -> None:
        """Poll for ever. Raises: :class:`TokenRejected`."""
        pause_s = FIRST_PAUSE_S
        rejected = 0
        while True:
            try:
                await self._once()
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except InvalidToken:
                rejected += 1
                if rejected >= REJECTIONS:
                    raise TokenRejected("Telegram does not accept TELEGRAM_BOT_TOKEN any more.") from None
                pause_s = await self._pause("Telegram answered that the token is wrong", pause_s)
            except Conflict as error:
                why = "a webhook is set" if "webhook" in error.message.lower() else "another instance of this bot runs"
                pause_s = await self._pause(f"Telegram gives the updates to somebody else: {why}", pause_s)
            except TelegramError as error:
                pause_s = await self._pause(f"Telegram cannot be reached ({error})", pause_s)
            else:
                pause_s, rejected = FIRST_PAUSE_S, 0

    async def _once(self) -> None:
        question = {"timeout": POLL_S, "allowed_updates": json.dumps(ALLOWED_UPDATES)}
        if self._offset is not None:
            question["offset"] = self._offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(question)}"
        updates = await self._request.post(url, read_timeout=POLL_S + 10)
        self._alive()
        if not isinstance(updates, list) or not updates:
            return
        await self._intray.take([update for update in updates if isinstance(update, dict)])
        numbers = [update["update_id"] for update in updates if isinstance(update.get("update_id"), int)]
        self._offset = max(numbers, default=(self._offset or 1) - 1) + 1

    async def _pause(self, why: str, pause_s: float) -> float:
        log.error("%s; asking again in %.0f s", why, pause_s)
        await asyncio.sleep(pause_s)
        return min(pause_s * 2, LONGEST_PAUSE_S)


def _seconds(error: RetryAfter) -> float:
    # A number or a timedelta, by an environment variable of PTB's.
    after = error._retry_after
    return float(after.total_seconds())

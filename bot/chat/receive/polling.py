"""Receives updates by long polling. Imports PTB's request layer, ``receiver``, ``refusals`` and ``storage``.

An update is committed before the next offset lets Telegram forget it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from telegram import Bot, User
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import BaseRequest

from bot.chat.receive.receiver import Receiver, number_of
from bot.chat.send.refusals import retry_after_s
from storage.engine.faults import StorageFault

log = logging.getLogger(__name__)

ALLOWED_UPDATES = (
    "message",
    "edited_message",
    "callback_query",
    "my_chat_member",
    "stopped_message_generation",
    "pre_checkout_query",
)


def allowed_updates(me: User) -> tuple[str, ...]:
    """Return the kinds of updates that the bot wants: those of modes that its owner switched on, too.

    A chosen result comes only with inline feedback on, of which getMe says nothing.
    """
    guests = ("guest_message",) if me.supports_guest_queries else ()
    inline = ("inline_query", "chosen_inline_result") if me.supports_inline_queries else ()
    return (*ALLOWED_UPDATES, *guests, *inline)


REJECTIONS = 5
"""This many 401 or 404 in a row mean that the token is no longer valid; fewer may come from a proxy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingTimes:
    """Times of polling, in seconds.

    ``poll_s``: how long Telegram holds a request without updates, at most 50 (telegram-bot-api server). ``silent_s``:
    the loop hangs if there is neither an answer nor an error for this time. ``renewals``: how often the loop is started
    again with new connections before the process gives up.
    """

    poll_s: int = 30
    first_pause_s: float = 1.0
    longest_pause_s: float = 30.0
    full_pause_s: float = 0.5
    silent_s: float = 90.0
    renewals: int = 3


class TokenRejected(Exception):
    """Telegram does not accept the token any more."""


class PollingHangs(Exception):
    """The polling loop hangs and cannot recover; the process must be started again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollSigns:
    """What polling tells the process: that it polls, that a poll was answered, and faults of the store."""

    asking: Callable[[], None]
    alive: Callable[[], None]
    alarm: Callable[[StorageFault], None]


class Polling:
    """Polls Telegram until cancelled, and notices when the loop hangs."""

    def __init__(
        self,
        bot: Bot,
        request: BaseRequest,
        receiver: Receiver,
        signs: PollSigns,
        patience: PollingTimes | None = None,
    ) -> None:
        self._bot = bot
        self._request = request
        self._receiver = receiver
        self._signs = signs
        self._patience = patience or PollingTimes()
        self._offset: int | None = None
        self._rejected = 0
        self._heard_at = 0.0
        self._answered = False

    async def run(self) -> None:
        """Poll until cancelled. Raises: :class:`TokenRejected`, :class:`PollingHangs`."""
        renewals = 0
        while True:
            began_at = self._heard_at = time.monotonic()
            loop = asyncio.create_task(self._loop(), name="polls")
            try:
                await self._watch(loop)
            finally:
                loop.cancel()
                await asyncio.wait({loop}, timeout=5)
            renewals = renewals + 1 if self._heard_at <= began_at else 1
            if renewals > self._patience.renewals:
                raise PollingHangs("Polling hangs, and new connections did not help. Start the bot anew.")
            self._answered = False
            log.error("polling hangs: no answer and no error for %.0f s; connecting again", self._patience.silent_s)
            await self._request.shutdown()
            await self._request.initialize()

    async def _watch(self, loop: asyncio.Task[None]) -> None:
        """Return when the loop has hung for too long. Raises: the error that ended the loop."""
        while True:
            left_s = self._heard_at + self._patience.silent_s + self._patience.poll_s - time.monotonic()
            if left_s <= 0:
                return
            done, _ = await asyncio.wait({loop}, timeout=left_s)
            if done:
                loop.result()

    async def _loop(self) -> None:
        pause_s = self._patience.first_pause_s
        while True:
            try:
                await self._once()
            except Exception as error:
                self._heard_at = time.monotonic()
                why, wait_s = self._judge(error, pause_s)
                log.error("%s; asking again in %.0f s", why, wait_s)
                await asyncio.sleep(wait_s)
                pause_s = min(pause_s * 2, self._patience.longest_pause_s)
            else:
                pause_s, self._rejected = self._patience.first_pause_s, 0

    async def _once(self) -> None:
        while await self._receiver.full():
            self._heard_at = time.monotonic()
            log.warning("too many conversations wait, so no updates are fetched for now; Telegram keeps them")
            await asyncio.sleep(self._patience.full_pause_s)
        # The first poll is not held by Telegram, so that the bot counts as alive at once.
        hold_s = self._patience.poll_s if self._answered else 0
        question = {"timeout": hold_s, "allowed_updates": json.dumps(allowed_updates(self._bot.bot))}
        if self._offset is not None:
            question["offset"] = self._offset
        url = f"{self._bot.base_url}/getUpdates?{urlencode(question)}"
        self._signs.asking()
        updates = await self._request.post(url, read_timeout=self._patience.poll_s + 10)
        self._heard_at, self._answered = time.monotonic(), True
        self._signs.alive()
        if not isinstance(updates, list) or not updates:
            return
        await self._receiver.take(updates)
        # The last number, not the largest: after a quiet week they go on at random (Bot API, Update.update_id).
        numbers = [n for update in updates if isinstance(update, dict) and (n := number_of(update)) is not None]
        if numbers:
            self._offset = numbers[-1] + 1

    def _judge(self, error: Exception, pause_s: float) -> tuple[str, float]:
        """Return the reason for the log and the seconds to wait. Raises: :class:`TokenRejected`."""
        match error:
            case RetryAfter():
                return "Telegram asks to wait", retry_after_s(error)
            case InvalidToken():
                self._rejected += 1
                if self._rejected >= REJECTIONS:
                    raise TokenRejected("Telegram does not accept TELEGRAM_BOT_TOKEN any more.") from None
                return "Telegram answered that the token is wrong", pause_s
            case Conflict():
                why = "a webhook is set" if "webhook" in error.message.lower() else "another instance of this bot runs"
                return f"Telegram sends the updates elsewhere: {why}", pause_s
            case TelegramError():
                return f"Telegram cannot be reached ({error})", pause_s
            case StorageFault():
                self._signs.alarm(error)
                return f"updates cannot be stored, so Telegram keeps them: {error}", pause_s
            case _:
                log.error("polling met an unknown error", exc_info=error)
                return f"polling failed with {type(error).__name__}", pause_s

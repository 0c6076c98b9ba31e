"""Sets the webhook at Telegram and checks that deliveries arrive. Imports PTB and ``chat.receive.polling``.

Waiting updates are never dropped. The webhook stays when a process ends: another one, or the next, keeps receiving.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from telegram import Bot, WebhookInfo
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat.receive.polling import REJECTIONS, TokenRejected, allowed_updates

log = logging.getLogger(__name__)

CONNECTIONS = 40
"""Parallel deliveries, Telegram's default; those of one chat come one after the other anyway."""

Found = TypeVar("Found")


class WebhookRefused(Exception):
    """Telegram refuses the address; the message is one line for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookTimes:
    """Times, in seconds.

    ``settle_s``: how long a start waits for deliveries that failed before. ``resolve_s``: how long Telegram may fail to
    resolve the host, as with a domain that was registered a minute ago.
    """

    first_pause_s: float = 1.0
    longest_pause_s: float = 60.0
    look_s: float = 0.2
    settle_s: float = 5.0
    resolve_s: float = 600.0
    watch_s: float = 30.0


class Webhook:
    """Sets the webhook and watches it until cancelled. ``on_answer`` is called whenever Telegram answers."""

    def __init__(
        self, bot: Bot, url: str, secret: str, on_answer: Callable[[], None], patience: WebhookTimes | None = None
    ) -> None:
        self._bot = bot
        self._url = url
        self._secret = secret
        self._on_answer = on_answer
        self._patience = patience or WebhookTimes()
        self._rejected = 0
        self._unresolved_at: float | None = None
        self._failed_at: float | None = None
        self.pending = 0
        """How many updates waited at Telegram when it was last asked."""

    async def run(self) -> None:
        """Keep the webhook set, until cancelled. Raises: :class:`WebhookRefused`, ``TokenRejected``."""
        await self._insist(self._set)
        await self._settled()
        while True:
            self._on_answer()
            await asyncio.sleep(self._patience.watch_s)
            info = await self._insist(self._bot.get_webhook_info)
            if info.url != self._url:
                log.error("the webhook was %s, not by this bot; it is set again", "changed" if info.url else "removed")
                try:
                    await self._insist(self._set)
                except WebhookRefused as error:
                    # The address was accepted at the start, so this may pass; work goes on meanwhile.
                    log.error("%s", error)
            self._log_failure(info)

    async def _set(self) -> None:
        try:
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=allowed_updates(self._bot.bot),
                max_connections=CONNECTIONS,
            )
        except BadRequest as error:
            if self._may_resolve_later(error):
                raise
            raise WebhookRefused(f"Telegram refuses WEBHOOK_URL: {error.message}.") from None
        self._unresolved_at = None

    def _may_resolve_later(self, error: BadRequest) -> bool:
        """Return whether the host's name may just be too new (td, IPAddress.cpp: "Failed to resolve host")."""
        if "resolve host" not in error.message.lower():
            return False
        now = asyncio.get_running_loop().time()
        self._unresolved_at = now if self._unresolved_at is None else self._unresolved_at
        return now < self._unresolved_at + self._patience.resolve_s

    async def _settled(self) -> None:
        """Wait up to ``settle_s`` until Telegram has delivered waiting updates: earlier albums are whole only then."""
        try:
            async with asyncio.timeout(self._patience.settle_s):
                while True:
                    info = await self._insist(self._bot.get_webhook_info)
                    self._log_failure(info)
                    if not info.pending_update_count:
                        return
                    await asyncio.sleep(self._patience.look_s)
        except TimeoutError:
            log.info("%s updates still wait at Telegram", self.pending)

    def _log_failure(self, info: WebhookInfo) -> None:
        """Log a failed delivery, unless it was before the start: Telegram reports it nowhere else."""
        self.pending = info.pending_update_count
        at = info.last_error_date.timestamp() if info.last_error_date else 0.0
        known, self._failed_at = self._failed_at, at
        if known is not None and at > known:
            log.warning("Telegram could not deliver (%s); %s updates wait there", info.last_error_message, self.pending)

    async def _insist(self, call: Callable[[], Awaitable[Found]]) -> Found:
        """Repeat a call until it succeeds. Raises: ``TokenRejected``, :class:`WebhookRefused`."""
        pause_s = self._patience.first_pause_s
        while True:
            try:
                found = await call()
                self._rejected = 0
                return found
            except RetryAfter as error:
                # A number or a timedelta, by an environment variable of PTB's.
                why, wait_s = "Telegram asks to wait", float(error._retry_after.total_seconds())
            except InvalidToken:
                self._rejected += 1
                if self._rejected >= REJECTIONS:
                    raise TokenRejected("Telegram does not accept TELEGRAM_BOT_TOKEN any more.") from None
                why, wait_s = "Telegram answered that the token is wrong", pause_s
            except BadRequest as error:
                why, wait_s = f"Telegram does not take the webhook yet ({error.message})", pause_s
            except NetworkError as error:
                why, wait_s = f"Telegram cannot be reached ({error})", pause_s
            except TelegramError as error:
                why, wait_s = f"Telegram answered about the webhook: {error}", pause_s
            log.error("%s; asking again in %.0f s", why, wait_s)
            await asyncio.sleep(wait_s)
            pause_s = min(pause_s * 2, self._patience.longest_pause_s)

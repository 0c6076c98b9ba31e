"""Messages to the people who run the bot.

Imports PTB, ``delivery``, ``message``, ``once``, ``refusals``, ``texts``, ``background`` and ``storage``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from contextvars import Context

from telegram import InlineKeyboardMarkup
from telegram.error import NetworkError, RetryAfter, TelegramError

from bot.background import BackgroundTasks
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.once import Unanswered
from bot.chat.send.refusals import is_refusal
from bot.texts import say
from storage.engine.faults import FaultKind, StorageFault
from storage.records import Key

log = logging.getLogger(__name__)

REMIND_AFTER_S = 3600.0
"""How long one kind of storage fault is not reported again."""


class NotReached(Exception):
    """No owner was reached, but later somebody may be."""


class Owners:
    """The people of ``OWNER_IDS``, in their private chats with the bot."""

    def __init__(self, delivery: Delivery, owner_ids: Iterable[int]) -> None:
        self._delivery = delivery
        # An owner who is an anonymous admin or a channel has no private chat, and everybody reads a channel.
        self._ids = sorted(owner_id for owner_id in owner_ids if owner_id > 0)
        self._reported_at: dict[FaultKind, float] = {}
        self._background = BackgroundTasks()

    def alarm(self, fault: StorageFault) -> None:
        """Report a fault of the store, at most once an hour for each kind; returns at once."""
        now = asyncio.get_running_loop().time()
        if now - self._reported_at.get(fault.kind, -REMIND_AFTER_S) < REMIND_AFTER_S:
            return
        self._reported_at[fault.kind] = now
        log.error("%s", fault)
        self.notify_soon("owner-storage", fault=str(fault))

    def notify_soon(self, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int) -> None:
        """Send a sentence in the background; returns at once."""
        # An empty context carries no worker's fence: a message that the database is away must not wait for it.
        self._background.run(self.notify(key, keyboard, **values), context=Context())

    @property
    def some(self) -> bool:
        """Whether there is anybody to write to."""
        return bool(self._ids)

    async def write_each(self, words: Callable[[int], Awaitable[str]]) -> None:
        """Send each owner the words that a function returns for their id.

        Whom Telegram does not let the bot write to is skipped. Raises: what the function raises, before anything is
        sent; :class:`NotReached`.
        """
        texts = [(owner_id, await words(owner_id)) for owner_id in self._ids]
        reached, passes = False, None
        for owner_id, text in texts:
            try:
                await self._delivery.write(Recipient(key=Key(owner_id, 0), language=""), text)
                reached = True
            except Unanswered:
                # It has probably arrived.
                reached = True
            except TelegramError as error:
                log.info("owner %s cannot be written to: %s", owner_id, error.message)
                passes = error if isinstance(error, NetworkError | RetryAfter) and not is_refusal(error) else passes
        if passes is not None and not reached:
            raise NotReached(passes.message) from passes

    async def notify(self, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int) -> None:
        """Send a sentence to each owner; skip those whom Telegram does not let the bot write to."""
        for owner_id in self._ids:
            with suppress(TelegramError):
                await self._delivery.write(
                    Recipient(key=Key(owner_id, 0), language=""), say("", key, **values), keyboard
                )

"""Tells a person that a wish waits because nothing can be stored, as when the disk is full. Once for each wish.

Imports PTB, ``failures`` and ``message``. It uses the store for nothing.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from telegram.error import TelegramError

from bot.chat.failures import FailurePolicy
from bot.chat.send.message import Recipient

TELL_AFTER_S = 30.0
"""How long a wish waits before its person is told; most faults pass sooner."""

MOST = 1000
"""How many wishes are remembered, the oldest are forgotten first."""


class StuckTurns:
    """The turns whose steps failed because of the store, and when each failed first."""

    def __init__(self, failures: FailurePolicy) -> None:
        self._failures = failures
        self._since: dict[int, float] = {}
        self._told: set[int] = set()

    async def tell(self, turn_id: int, recipient: Recipient) -> None:
        """Note that a turn failed again; tell its person if that has gone on for long."""
        now = asyncio.get_running_loop().time()
        since = self._since.setdefault(turn_id, now)
        if now - since >= TELL_AFTER_S and turn_id not in self._told:
            self._told.add(turn_id)
            with suppress(TelegramError):
                await self._failures.say_stuck(recipient)
        while len(self._since) > MOST:
            oldest = next(iter(self._since))
            del self._since[oldest]
            self._told.discard(oldest)

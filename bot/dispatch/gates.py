"""Telegram's limits and the provider's, kept together with the other processes. Imports ``storage.limits``.

While the database is away, messages go by each process's own limits: what is said then is above all that it is away.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from storage.faults import StorageFault
from storage.limits import ALL, Booking, SharedLimits

log = logging.getLogger(__name__)

LOOK_S = 0.25
PAUSE_S = 1.0


class SharedWindows:
    """Telegram's windows, as ``(messages, seconds)``: of a private chat, of a group, and of all chats."""

    def __init__(
        self, limits: SharedLimits, private: tuple[int, float], group: tuple[int, float], overall: tuple[int, float]
    ) -> None:
        self._limits = limits
        self._private = private
        self._group = group
        self._overall = overall

    async def book(self, chat_id: str, weight: int, longest_s: float) -> float:
        """Take a place among all messages, and ``weight`` in a chat; return in how many seconds it is."""
        wanted = [_booking(ALL, self._overall, 1)]
        if chat_id and weight:
            wanted.append(_booking(chat_id, self._private if chat_id.isdigit() else self._group, weight))
        try:
            return await self._limits.book(wanted, longest_s)
        except StorageFault as fault:
            log.debug("a message goes by the limits of this process alone: %s", fault)
            return 0.0

    async def flooded(self, chat_id: str, seconds: float) -> None:
        """Tell the others that Telegram wants no messages in a chat for so long."""
        try:
            await self._limits.flood(chat_id, seconds)
        except StorageFault as fault:
            log.debug("the others do not hear of a flood wait: %s", fault)


class Gate:
    """The number of calls to one provider at a time, over all workers."""

    def __init__(self, limits: SharedLimits, name: str, width: int) -> None:
        self._limits = limits
        self._name = name
        self._width = width
        self._looking = asyncio.Lock()
        self._giving: set[asyncio.Task[None]] = set()

    def __call__(self) -> AbstractAsyncContextManager[None]:
        """Hold a permit during a block; waits for it as long as others call."""
        return self._held()

    @asynccontextmanager
    async def _held(self) -> AsyncIterator[None]:
        slot = await self._taken()
        try:
            yield
        finally:
            task = asyncio.create_task(self._give(slot))
            self._giving.add(task)
            task.add_done_callback(self._giving.discard)

    async def _taken(self) -> int:
        # One of this process looks, first come first served; between processes chance decides.
        async with self._looking:
            while True:
                try:
                    slot = await self._limits.take(self._name, self._width)
                except StorageFault as fault:
                    log.debug("no permit to call %s can be taken: %s", self._name, fault)
                else:
                    if slot is not None:
                        return slot
                await asyncio.sleep(LOOK_S * random.uniform(0.5, 1.5))  # noqa: S311 - no secret

    async def _give(self, slot: int) -> None:
        while True:
            try:
                await self._limits.give(self._name, slot)
                return
            except StorageFault as fault:
                log.debug("a permit to call %s is given back later: %s", self._name, fault)
            await asyncio.sleep(PAUSE_S)


def _booking(name: str, window: tuple[int, float], weight: int) -> Booking:
    return Booking(name=name, size=window[0], period_s=window[1], weight=weight)

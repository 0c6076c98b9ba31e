"""A bounded number of calls at a time, first come first served, with everybody's place in the queue known.

May import: ``errors``. One lane belongs to one provider key: the provider counts requests by key, not by person.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from bot.providers.errors import QueueFull

Moved = Callable[[int], Awaitable[None]]
"""Told of each new place in the queue; 1 is next."""


class _Ticket:
    __slots__ = ("admitted", "changed")

    def __init__(self) -> None:
        self.admitted = False
        self.changed = asyncio.Event()


class Lane:
    """A fair limiter."""

    def __init__(self, width: int, *, longest_wait_s: float = 600.0, capacity: int = 200) -> None:
        """Let ``width`` calls run side by side, and at most ``capacity`` wait, each no longer than the given time."""
        self._free = width
        self._longest_wait_s = longest_wait_s
        self._capacity = capacity
        self._queue: deque[_Ticket] = deque()
        self.gate: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
        """Entered with each slot: where several processes use one key, the number that holds for all of them."""

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._queue)

    @asynccontextmanager
    async def slot(self, moved: Moved | None = None) -> AsyncIterator[None]:
        """Hold one of the slots. Raises: ``QueueFull`` when too many wait already or it took too long."""
        if self._free and not self._queue:
            self._free -= 1
        else:
            await self._wait(moved)
        try:
            async with self.gate():
                yield
        finally:
            self._release()

    async def _wait(self, moved: Moved | None) -> None:
        if len(self._queue) >= self._capacity:
            raise QueueFull(owner_text=f"{len(self._queue)} turns wait")
        ticket = _Ticket()
        self._queue.append(ticket)
        try:
            async with asyncio.timeout(self._longest_wait_s):
                await self._admission(ticket, moved)
        except BaseException as error:
            if ticket.admitted:
                self._release()
            else:
                self._queue.remove(ticket)
                self._announce()
            if isinstance(error, TimeoutError):
                raise QueueFull(owner_text=f"waited {self._longest_wait_s:g} s") from error
            raise

    async def _admission(self, ticket: _Ticket, moved: Moved | None) -> None:
        told = 0
        while not ticket.admitted:
            place = self._queue.index(ticket) + 1
            if moved is not None and place != told:
                told = place
                await moved(place)
                continue
            ticket.changed.clear()
            await ticket.changed.wait()

    def _release(self) -> None:
        if not self._queue:
            self._free += 1
            return
        first = self._queue.popleft()
        first.admitted = True
        first.changed.set()
        self._announce()

    def _announce(self) -> None:
        for ticket in self._queue:
            ticket.changed.set()

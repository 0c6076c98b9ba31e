"""A bounded number of calls at a time, first come first served, with everybody's place in the queue known.

May import: ``errors``. One lane belongs to one provider key: the provider counts requests by key, not by person.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

from bot.providers.errors import QueueFull

Moved = Callable[[int], Awaitable[None]]
"""Told of each new place in the queue; 1 is next. It returns at once: the slot may be free by now."""

Gate = Callable[[Moved | None], AbstractAsyncContextManager[None]]
"""A queue for the slots of several processes that use one key; entering it is waiting in it."""


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
        self._at_gate = 0
        self.gate: Gate | None = None
        """In place of the slots of this process, where several share their number."""

    @property
    def waiting(self) -> int:
        """Return how many wait here."""
        return len(self._queue) + self._at_gate

    @asynccontextmanager
    async def slot(self, moved: Moved | None = None) -> AsyncIterator[None]:
        """Hold one of the slots. Raises: ``QueueFull`` when too many wait already or it took too long."""
        if self.gate is not None:
            async with AsyncExitStack() as held:
                await self._pass(self.gate(moved), held)
                yield
            return
        if self._free and not self._queue:
            self._free -= 1
        else:
            await self._wait(moved)
        try:
            yield
        finally:
            self._release()

    async def _pass(self, gate: AbstractAsyncContextManager[None], held: AsyncExitStack) -> None:
        """Enter the queue of all processes, within the bounds of this one's."""
        self._has_room()
        self._at_gate += 1
        try:
            async with asyncio.timeout(self._longest_wait_s):
                await held.enter_async_context(gate)
        except TimeoutError as error:
            raise QueueFull(owner_text=f"waited {self._longest_wait_s:g} s") from error
        finally:
            self._at_gate -= 1

    def _has_room(self) -> None:
        if self.waiting >= self._capacity:
            raise QueueFull(owner_text=f"{self.waiting} turns wait")

    async def _wait(self, moved: Moved | None) -> None:
        self._has_room()
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

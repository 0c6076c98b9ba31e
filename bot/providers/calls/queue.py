"""The line before a provider: who may call now, and everybody's place in it.

May import: ``errors`` and ``pace``. One lane belongs to one provider key: the provider counts requests by key, not by
person.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import insort
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from bot.providers.calls.pace import Fate, Pace, Seat, Verdict
from bot.providers.errors import ModelOverloaded, QueueFull, RateLimited

log = logging.getLogger(__name__)

STANDS_BACK_S = 60.0
"""How much later somebody counts as come for each call that the same one has here already."""

ANSWER_BYTES = 3_000_000
"""What an answer is taken for before one came: a picture of 1K as base64."""

ANSWER_COPIES = 3
"""An answer is in memory as it came, as what is written down of it, and as the JSON and pictures in it."""

Moved = Callable[[int], Awaitable[None]]
"""Told of each new place in the queue; 1 is next. It returns at once: the slot may be free by now."""

Gate = Callable[[Moved | None, float], AbstractAsyncContextManager[Seat]]
"""A queue for the slots of several processes that use one key; entering it is waiting in it.

The number is how many seconds later than now somebody counts as come; below 0 it was before.
"""


class Memory:
    """How many bytes all calls of a process may take together. One call alone always may.

    All lanes share it, so whoever came first gets it, before whichever provider they stand, and nothing small passes
    what is large: a crowd before one provider would keep everybody from another one.
    """

    def __init__(self, size_bytes: int | None = None) -> None:
        self._size_bytes = size_bytes
        self._held_bytes = 0
        self._lanes: list[Lane] = []

    def join(self, lane: Lane) -> None:
        """Have a lane's calls take of this memory."""
        self._lanes.append(lane)

    def is_free(self, size_bytes: int) -> bool:
        """Tell whether a newcomer's call of that size may begin."""
        return self._has_room(size_bytes) and not any(lane.next for lane in self._lanes)

    def take(self, size_bytes: int) -> None:
        """Count what a call takes."""
        self._held_bytes += size_bytes

    def give(self, size_bytes: int) -> None:
        """Count what a call takes no longer."""
        self._held_bytes -= size_bytes

    def admit(self) -> None:
        """Let in who waits for nothing else, in the order in which they are due, as long as there is room."""
        while ready := [(ticket, place) for place, lane in enumerate(self._lanes) if (ticket := lane.next)]:
            ticket, place = min(ready)
            if not self._has_room(ticket.size_bytes):
                return
            self._lanes[place].let_in()

    def _has_room(self, size_bytes: int) -> bool:
        held = self._held_bytes
        return self._size_bytes is None or not held or held + size_bytes <= self._size_bytes


@dataclass(slots=True, kw_only=True)
class Visitor:
    """Somebody who wants to call, over all attempts. ``whose``: a conversation, None for one that has no other calls.

    ``size_bytes``: what the request takes in memory. ``since``: when they came, by the clock of the event loop.
    """

    whose: Hashable = None
    size_bytes: int = 0
    since: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    called: bool = False
    """They have been in before: they go ahead of all who came later, and are never turned away."""


@dataclass(slots=True, order=True)
class _Ticket:
    due_at: float
    number: int
    size_bytes: int = field(compare=False)
    admitted: bool = field(default=False, compare=False)
    changed: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class Lane:
    """A fair limiter."""

    def __init__(
        self,
        width: int | None = None,
        *,
        memory: Memory | None = None,
        longest_wait_s: float = 600.0,
        capacity: int = 200,
        name: str = "the provider",
        gate: Gate | None = None,
    ) -> None:
        """Let ``width`` calls run side by side, or as many as turn out to be taken, as far as ``memory`` has room.

        At most ``capacity`` wait, each no longer than the given time.
        """
        self.pace = Pace.of(width)
        self._name = name
        self._memory = memory or Memory()
        self._memory.join(self)
        self._longest_wait_s = longest_wait_s
        self._capacity = capacity
        self._queue: list[_Ticket] = []
        self._numbers = 0
        self._running = 0
        self._answer_bytes = float(ANSWER_BYTES)
        self._here: Counter[Hashable] = Counter()
        self._at_gate = 0
        self._timer: asyncio.TimerHandle | None = None
        self.gate = gate
        """Where several processes share the number: they learn it together, and this one bounds its memory alone."""

    @property
    def waiting(self) -> int:
        """Return how many wait here."""
        return len(self._queue) + self._at_gate

    @property
    def pause_s(self) -> float:
        """Return for how long nobody may call, as far as this process knows."""
        return max(0.0, self.pace.not_before - asyncio.get_running_loop().time())

    @property
    def next(self) -> _Ticket | None:
        """Return who is first here, if nothing but memory keeps them."""
        return self._queue[0] if self._queue and self._is_open else None

    def let_in(self) -> None:
        """Let in who is first."""
        first = self._queue.pop(0)
        self._take(first.size_bytes)
        first.admitted = True
        first.changed.set()
        self._announce()

    @asynccontextmanager
    async def slot(self, moved: Moved | None = None, visitor: Visitor | None = None) -> AsyncIterator[Seat]:
        """Hold one of the slots. What the block raises tells whether the provider took the call.

        Raises: ``QueueFull`` when too many wait already or it took too long.
        """
        visitor = visitor or Visitor()
        if not visitor.called and self.waiting >= self._capacity:
            raise QueueFull(owner_text=f"{self.waiting} turns wait")
        with self._present(visitor.whose) as others:
            due_at = visitor.since + STANDS_BACK_S * others
            async with AsyncExitStack() as held:
                try:
                    async with asyncio.timeout(self._longest_wait_s):
                        seat = await self._enter(held, due_at, visitor.size_bytes, moved)
                except TimeoutError as error:
                    raise QueueFull(owner_text=f"waited {self._longest_wait_s:g} s") from error
                visitor.called = True
                with self._judged(seat):
                    yield seat

    @contextmanager
    def _present(self, whose: Hashable) -> Iterator[int]:
        """Count a call among its conversation's own; give how many others that one has here."""
        if whose is None:
            yield 0
            return
        others = self._here[whose]
        self._here[whose] += 1
        try:
            yield others
        finally:
            self._here[whose] -= 1
            if not self._here[whose]:
                del self._here[whose]

    async def _enter(self, held: AsyncExitStack, due_at: float, size_bytes: int, moved: Moved | None) -> Seat:
        size_bytes += round(ANSWER_COPIES * self._answer_bytes)
        if not self._queue and self._is_open and self._memory.is_free(size_bytes):
            self._take(size_bytes)
        else:
            await self._wait(due_at, size_bytes, moved)
        held.callback(self._release, size_bytes)
        if self.gate is None:
            return Seat()
        self._at_gate += 1
        try:
            return await held.enter_async_context(self.gate(moved, due_at - asyncio.get_running_loop().time()))
        finally:
            self._at_gate -= 1

    @contextmanager
    def _judged(self, seat: Seat) -> Iterator[None]:
        """Learn from how the block ends."""
        began_at = asyncio.get_running_loop().time()
        try:
            yield
            seat.verdict = Verdict(Fate.TAKEN)
        except (RateLimited, ModelOverloaded) as error:
            fate = Fate.REFUSED if isinstance(error, RateLimited) else Fate.OVERLOADED
            seat.verdict = Verdict(fate, error.retry_after_s)
            raise
        finally:
            if seat.answer_bytes:
                # A large one counts at once, and is forgotten over some ten smaller ones.
                self._answer_bytes = max(seat.answer_bytes, self._answer_bytes * 0.9)
            if seat.verdict is not None:
                self._learn(seat.verdict, began_at)

    def _learn(self, verdict: Verdict, began_at: float) -> None:
        now, before = asyncio.get_running_loop().time(), self.pace
        self.pace = before.after(verdict, began_at=began_at, now=now, running=self._running)
        if self.pace.cut_at > before.cut_at:
            log.info("%s refused a call: %d at a time, in %.1f s", self._name, self.pace.width, self.pause_s)

    @property
    def _is_open(self) -> bool:
        return self.gate is not None or bool(self.pace.room(self._running, asyncio.get_running_loop().time()))

    def _take(self, size_bytes: int) -> None:
        self._running += 1
        self._memory.take(size_bytes)

    def _release(self, size_bytes: int) -> None:
        self._running -= 1
        self._memory.give(size_bytes)
        self._admit()

    async def _wait(self, due_at: float, size_bytes: int, moved: Moved | None) -> None:
        self._numbers += 1
        ticket = _Ticket(due_at, self._numbers, size_bytes)
        insort(self._queue, ticket)
        self._announce()
        self._admit()
        try:
            await self._admission(ticket, moved)
        except BaseException:
            if ticket.admitted:
                self._release(size_bytes)
            else:
                self._queue.remove(ticket)
                self._admit()
                self._announce()
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

    def _admit(self) -> None:
        """Let in who is first, as long as there is room; look again when a pause ends."""
        self._memory.admit()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._queue and self.gate is None and self.pause_s:
            self._timer = asyncio.get_running_loop().call_at(self.pace.not_before, self._admit)

    def _announce(self) -> None:
        for ticket in self._queue:
            ticket.changed.set()

"""The queue for calls to a provider: a fair limiter that shows everyone their position.

Imports ``errors``, ``pace`` and ``repeats``. One queue belongs to one provider key, since providers count requests by
key.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import insort
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from bot.providers.calls.pace import CallReport, Fate, Pace, Verdict
from bot.providers.errors import ModelOverloaded, QueueFull, RateLimited
from bot.repeats import same_as

log = logging.getLogger(__name__)

STANDS_BACK_S = 60.0
"""A conversation's next call is queued as if it came this many seconds from now, for each call it already has there."""

ANSWER_BYTES = 3_000_000
"""The assumed size of an answer before the first one arrived: a picture of 1K as base64."""

ANSWER_COPIES = 3
"""An answer is in memory three times: as it arrived, as it is stored, and as its parsed JSON and pictures."""

OnPosition = Callable[[int], Awaitable[None]]
"""Called with each new position in the queue; 1 is next. It must return at once: the slot may be free by now."""

SharedPermits = Callable[[OnPosition | None, float], AbstractAsyncContextManager[CallReport]]
"""A queue that several processes with the same key share; entering the context waits for a slot.

The number: queue the call as if it came this many seconds from now; negative numbers are in the past.
"""


class Memory:
    """A bound on the bytes that all calls of a process take together. A single call may always run.

    All queues share it. Calls enter in the order in which they came, across providers, and a small call never
    overtakes a large one: otherwise a crowd at one provider could block the others.
    """

    def __init__(self, size_bytes: int | None = None) -> None:
        self._size_bytes = size_bytes
        self._held_bytes = 0
        self._queues: list[CallQueue] = []

    def join(self, queue: CallQueue) -> None:
        """Add a queue whose calls count against this bound."""
        self._queues.append(queue)

    def is_free(self, size_bytes: int) -> bool:
        """Return whether a new call of that size may begin."""
        return self._has_room(size_bytes) and not any(queue.next for queue in self._queues)

    def take(self, size_bytes: int) -> None:
        """Add the bytes of a call that begins."""
        self._held_bytes += size_bytes

    def give(self, size_bytes: int) -> None:
        """Subtract the bytes of a call that has ended."""
        self._held_bytes -= size_bytes

    def admit(self) -> None:
        """Admit calls that wait for memory alone, in the order in which they are due, while there is room."""
        while ready := [(ticket, place) for place, queue in enumerate(self._queues) if (ticket := queue.next)]:
            ticket, place = min(ready)
            if not self._has_room(ticket.size_bytes):
                return
            self._queues[place].let_in()

    def _has_room(self, size_bytes: int) -> bool:
        held = self._held_bytes
        return self._size_bytes is None or not held or held + size_bytes <= self._size_bytes


@dataclass(slots=True, kw_only=True)
class Caller:
    """One caller with all its attempts. ``whose``: the conversation; None for a caller that is never put back.

    ``size_bytes``: what the request takes in memory. ``since``: when the caller came, by the event loop's clock.
    """

    whose: Hashable = None
    size_bytes: int = 0
    since: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    called: bool = False
    """Held a slot before: goes ahead of all later callers, and is never turned away."""


@dataclass(slots=True, order=True)
class _Ticket:
    due_at: float
    number: int
    size_bytes: int = field(compare=False)
    admitted: bool = field(default=False, compare=False)
    changed: asyncio.Event = field(default_factory=asyncio.Event, compare=False)


class CallQueue:
    """A fair limiter of the calls to one provider."""

    def __init__(
        self,
        width: int | None = None,
        *,
        memory: Memory | None = None,
        longest_wait_s: float = 600.0,
        capacity: int = 200,
        name: str = "the provider",
        permits: SharedPermits | None = None,
    ) -> None:
        """Allow ``width`` parallel calls, or with None as many as the provider turns out to take, within ``memory``.

        At most ``capacity`` callers wait, each no longer than ``longest_wait_s``.
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
        self._at_permits = 0
        """Callers that hold a slot of this process and wait for a permit."""
        self._timer: asyncio.TimerHandle | None = None
        self._permits = permits
        """Set where several processes share the number of calls; memory is bounded for each process by itself."""

    @property
    def waiting(self) -> int:
        """Return how many callers wait."""
        return len(self._queue) + self._at_permits

    @property
    def pause_s(self) -> float:
        """Return how many seconds remain of a pause after a refusal, as far as this process knows."""
        return max(0.0, self.pace.not_before - asyncio.get_running_loop().time())

    @property
    def has_room(self) -> bool:
        """Return whether a call would begin at once, as far as this process knows."""
        return not self.waiting and bool(self.pace.room(self._running, asyncio.get_running_loop().time()))

    @property
    def next(self) -> _Ticket | None:
        """Return the first in line if only memory may be missing for it; None while the pace does not allow a call."""
        return self._queue[0] if self._queue and self._is_open else None

    def let_in(self) -> None:
        """Admit the first in line."""
        first = self._queue.pop(0)
        self._take(first.size_bytes)
        first.admitted = True
        first.changed.set()
        self._announce()

    @asynccontextmanager
    async def slot(
        self, on_position: OnPosition | None = None, caller: Caller | None = None
    ) -> AsyncIterator[CallReport]:
        """Hold a slot during the block. What the block raises shows whether the provider accepted the call.

        Raises: ``QueueFull`` when too many callers wait, or when the wait was too long.
        """
        caller = caller or Caller()
        if not caller.called and self.waiting >= self._capacity:
            raise QueueFull(owner_text=f"{self.waiting} turns wait")
        with self._present(caller.whose) as others:
            due_at = caller.since + STANDS_BACK_S * others
            async with AsyncExitStack() as held:
                try:
                    async with asyncio.timeout(self._longest_wait_s):
                        report = await self._enter(held, due_at, caller.size_bytes, on_position)
                except TimeoutError as error:
                    raise QueueFull(owner_text=f"waited {self._longest_wait_s:g} s") from error
                caller.called = True
                with self._judged(report):
                    yield report

    @contextmanager
    def _present(self, whose: Hashable) -> Iterator[int]:
        """Count a call of a conversation; yield how many others that conversation has here."""
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

    async def _enter(
        self, held: AsyncExitStack, due_at: float, size_bytes: int, on_position: OnPosition | None
    ) -> CallReport:
        size_bytes += round(ANSWER_COPIES * self._answer_bytes)
        if not self._queue and self._is_open and self._memory.is_free(size_bytes):
            self._take(size_bytes)
        else:
            await self._wait(due_at, size_bytes, on_position)
        held.callback(self._release, size_bytes)
        if self._permits is None:
            return CallReport()
        self._at_permits += 1
        try:
            return await held.enter_async_context(
                self._permits(on_position, due_at - asyncio.get_running_loop().time())
            )
        finally:
            self._at_permits -= 1

    @contextmanager
    def _judged(self, report: CallReport) -> Iterator[None]:
        """Learn the pace from how the block ends."""
        began_at = asyncio.get_running_loop().time()
        try:
            yield
            report.verdict = Verdict(Fate.TAKEN)
        except (RateLimited, ModelOverloaded) as error:
            fate = Fate.REFUSED if isinstance(error, RateLimited) else Fate.OVERLOADED
            report.verdict = Verdict(fate, error.retry_after_s)
            raise
        finally:
            if report.answer_bytes:
                # A large answer counts at once; its weight fades over about ten smaller ones.
                self._answer_bytes = max(report.answer_bytes, self._answer_bytes * 0.9)
            if report.verdict is not None:
                self._learn(report.verdict, began_at)

    def _learn(self, verdict: Verdict, began_at: float) -> None:
        now, before = asyncio.get_running_loop().time(), self.pace
        self.pace = before.after(verdict, began_at=began_at, now=now, running=self._running)
        if self.pace.cut_at > before.cut_at:
            log.info(
                "%s refused a call; now %d at a time, after a pause of %.1f s",
                self._name,
                self.pace.width,
                self.pause_s,
                # In a long outage each call finds the pace as slow as it can be already.
                extra=same_as(f"{self._name} refused a call; now {int(self.pace.width)} at a time"),
            )

    @property
    def _is_open(self) -> bool:
        return self._permits is not None or bool(self.pace.room(self._running, asyncio.get_running_loop().time()))

    def _take(self, size_bytes: int) -> None:
        self._running += 1
        self._memory.take(size_bytes)

    def _release(self, size_bytes: int) -> None:
        self._running -= 1
        self._memory.give(size_bytes)
        self._admit()

    async def _wait(self, due_at: float, size_bytes: int, on_position: OnPosition | None) -> None:
        self._numbers += 1
        ticket = _Ticket(due_at, self._numbers, size_bytes)
        insort(self._queue, ticket)
        self._announce()
        self._admit()
        try:
            await self._admission(ticket, on_position)
        except BaseException:
            if ticket.admitted:
                self._release(size_bytes)
            else:
                self._queue.remove(ticket)
                self._admit()
                self._announce()
            raise

    async def _admission(self, ticket: _Ticket, on_position: OnPosition | None) -> None:
        shown = 0
        while not ticket.admitted:
            place = self._queue.index(ticket) + 1
            if on_position is not None and place != shown:
                shown = place
                await on_position(place)
                continue
            ticket.changed.clear()
            await ticket.changed.wait()

    def _admit(self) -> None:
        """Admit callers in order while there is room; check again when a pause ends."""
        self._memory.admit()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._queue and self._permits is None and self.pause_s:
            self._timer = asyncio.get_running_loop().call_at(self.pace.not_before, self._admit)

    def _announce(self) -> None:
        for ticket in self._queue:
            ticket.changed.set()

"""Turns a request into a result: calls, reads, repeats what is worth repeating, and never buys an answer twice.

May import: ``base``, ``errors``, ``queue``, ``preflight``, ``pace``, ``remedies`` and stamina. Knows no dialect and no
storage: the ledger makes every step durable before the next one begins.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Hashable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

import stamina

from bot.providers.base import Answer, Picture, Provider, Request, Result
from bot.providers.calls.pace import Seat
from bot.providers.calls.preflight import refuse
from bot.providers.calls.queue import Lane, Moved, Visitor
from bot.providers.errors import CutOff, ProviderError, RateLimited, Remedy, RemedyKind, Retry


class Ledger(Protocol):
    """Where a turn's steps are written down and shown."""

    async def calling(self) -> None:
        """Note that a call that may cost money is about to be made."""
        ...

    async def answered(self, answer: Answer) -> None:
        """Keep ``answer``; nobody has looked into it yet."""
        ...

    async def waiting(self, delay_s: float, error: ProviderError) -> None:
        """Show that the next attempt comes in ``delay_s`` because of ``error``. The wait itself follows."""
        ...

    def rebuild(self, remedy: Remedy, request: Request) -> Request | None:
        """Return ``request`` changed as ``remedy`` says, None when that changes nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Bounds of the attempts for one turn.

    ``attempts``: one call, three repeats and one remedy. A call that was refused as one too many is none: the lane says
    when it is made again. ``total_s``: a person waits no longer than this once the first call began. ``reserve_s``:
    with less left no new call starts, since it would be paid for and then cut off. ``first_wait_s`` doubles up to
    ``longest_wait_s``: 503 peaks last seconds to minutes. ``longest_delay_s``: a delay that a provider names is waited
    out up to here, beyond it the person is told.
    """

    attempts: int = 5
    total_s: float = 600.0
    reserve_s: float = 120.0
    once_wait_s: float = 1.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 20.0
    longest_delay_s: float = 60.0


DEFAULT_POLICY = Policy()


async def generate(
    provider: Provider,
    request: Request,
    ledger: Ledger,
    *,
    policy: Policy = DEFAULT_POLICY,
    lane: Lane | None = None,
    moved: Moved | None = None,
    whose: Hashable = None,
) -> Result:
    """Return the result of a turn. ``moved`` is told the place while ``lane`` is full. Raises: ``ProviderError``.

    ``whose``: the conversation, which has no more than its share of the lane.
    """
    refuse(provider.capabilities(request.model), request)
    return await _Attempts(provider, request, ledger, policy, lane, moved, whose).run()


async def resume(
    provider: Provider,
    answer: Answer,
    request: Request,
    ledger: Ledger,
    *,
    policy: Policy = DEFAULT_POLICY,
    lane: Lane | None = None,
    moved: Moved | None = None,
    whose: Hashable = None,
) -> Result:
    """Return the result of a turn whose ``answer`` was kept by an earlier process: it is read before any new call."""
    return await _Attempts(provider, request, ledger, policy, lane, moved, whose, answer).run()


class _Attempts:
    def __init__(
        self,
        provider: Provider,
        request: Request,
        ledger: Ledger,
        policy: Policy,
        lane: Lane | None,
        moved: Moved | None,
        whose: Hashable,
        kept: Answer | None = None,
    ) -> None:
        self._provider = provider
        self._request = request
        self._ledger = ledger
        self._policy = policy
        self._lane = lane or Lane(1)
        self._visitor = Visitor(whose=whose, size_bytes=max((one.size_bytes for one in _pictures(request)), default=0))
        self._moved = moved
        self._counts_down_until = 0.0
        self._kept = kept
        self._remedies: set[Remedy] = set()
        self._repeated = False
        self._delay_s: float | None = None
        self._last: ProviderError | None = None
        self._clock = asyncio.timeout(None)

    async def run(self) -> Result:
        try:
            async with self._clock:
                return await self._repeat()
        except TimeoutError as error:
            raise CutOff(owner_text=f"no result within {self._policy.total_s:g} s") from error

    async def _repeat(self) -> Result:
        attempts = stamina.retry_context(
            on=self._next,
            attempts=self._policy.attempts,
            timeout=None,
            wait_initial=self._policy.first_wait_s,
            wait_max=self._policy.longest_wait_s,
            wait_jitter=0,
        )
        async for attempt in attempts:
            with attempt:
                self._delay_s = None
                try:
                    return await self._once()
                except ProviderError as error:
                    self._delay_s = await self._plan(error, attempt.num, attempt.next_wait)
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _next(self, _: Exception) -> bool | float:
        return False if self._delay_s is None else self._delay_s

    async def _once(self) -> Result:
        """Read an answer, the kept one first. A call that was refused as one too many waits for the lane once more."""
        while True:
            try:
                if self._kept is None:
                    return await self._call()
                answer, self._kept = self._kept, None
                return await self._provider.read(answer, model=self._request.model)
            except RateLimited as error:
                named_s = error.retry_after_s or 0.0
                # What a kept answer named has passed.
                delay_s = max(named_s, self._lane.pause_s) if self._visitor.called else 0.0
                if named_s > self._policy.longest_delay_s or self._left_s() < delay_s + self._policy.reserve_s:
                    raise
                self._last = error
                self._counts_down_until = asyncio.get_running_loop().time() + delay_s
                await self._ledger.waiting(delay_s, error)

    async def _call(self) -> Result:
        async with AsyncExitStack() as held:
            seat = await self._enter(held)
            await self._ledger.calling()
            answer = await self._provider.ask(self._request)
            seat.answer_bytes = len(answer.body)
            await self._ledger.answered(answer)
            return await self._provider.read(answer, model=self._request.model)

    async def _enter(self, held: AsyncExitStack) -> Seat:
        """Wait for a slot. The first wait is the queue's matter; a later one ends while there is time for a call."""
        slot = self._lane.slot(self._queued, self._visitor)
        until = self._clock.when()
        if until is None or self._last is None:
            seat = await held.enter_async_context(slot)
            self._clock.reschedule(asyncio.get_running_loop().time() + self._policy.total_s)
            return seat
        try:
            async with asyncio.timeout_at(until - self._policy.reserve_s):
                return await held.enter_async_context(slot)
        except TimeoutError:
            raise self._last from None

    async def _queued(self, place: int) -> None:
        """Tell the place in line, unless a countdown is shown."""
        if self._moved is not None and asyncio.get_running_loop().time() >= self._counts_down_until:
            await self._moved(place)

    async def _plan(self, error: ProviderError, number: int, backoff_s: float) -> float | None:
        """Return after which delay to try again, having changed the request if that helps; None to give up."""
        self._last = error
        if number >= self._policy.attempts:
            return None
        remedy = error.remedy
        # What is too much may still be too much when it is less: each trim brings less, and the attempts are bounded.
        if remedy is not None and (remedy not in self._remedies or remedy.kind is RemedyKind.TRIM_HISTORY):
            self._remedies.add(remedy)
            changed = self._ledger.rebuild(remedy, self._request)
            if changed is not None:
                self._request = changed
                return 0.0
        delay_s = self._delay(error, backoff_s)
        if delay_s is None or self._left_s() < delay_s + self._policy.reserve_s:
            return None
        await self._ledger.waiting(delay_s, error)
        return delay_s

    def _left_s(self) -> float:
        until = self._clock.when()
        return self._policy.total_s if until is None else until - asyncio.get_running_loop().time()

    def _delay(self, error: ProviderError, backoff_s: float) -> float | None:
        named = error.retry_after_s
        if named is not None and named > self._policy.longest_delay_s:
            return None
        match error.retry:
            case Retry.ONCE:
                return self._only_once()
            case Retry.BACKOFF:
                # Spread, so that many turns that failed together do not come back together.
                return max(named or 0.0, backoff_s * random.uniform(0.75, 1.25))  # noqa: S311
            case _:
                return None

    def _only_once(self) -> float | None:
        if self._repeated:
            return None
        self._repeated = True
        return self._policy.once_wait_s


def _pictures(request: Request) -> Iterator[Picture]:
    """Yield every picture of a request; one at a time is in memory while it is sent."""
    yield from request.pictures
    if request.current is not None:
        yield request.current
    for content in request.contents:
        for part in content["parts"]:
            inline = part.get("inlineData")
            if inline is not None and isinstance(inline["data"], Picture):
                yield inline["data"]

"""Turns a request into a result: calls, reads, repeats what is worth repeating, and never buys an answer twice.

Imports ``base``, ``errors``, ``queue``, ``preflight``, ``pace``, ``remedies``, ``echoes`` and ``records``. Knows no
dialect, and stores nothing: the journal makes each step durable before the next one begins.
"""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable, Hashable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from bot.providers.base import Answer, Provider, Request, Result
from bot.providers.calls.pace import CallReport
from bot.providers.calls.preflight import refuse
from bot.providers.calls.queue import Caller, CallQueue, OnPosition
from bot.providers.calls.remedies import apply
from bot.providers.errors import BadBody, ConnectionLost, CutOff, ProviderError, RateLimited, Remedy, RemedyKind, Retry
from bot.providers.shared.echoes import without_echo
from storage.records import MediaRef

USUAL_CALL_S = 360.0
"""How long a call may take by the default of ``PROVIDER_TIMEOUT_S``, for which the other times are meant."""

Rebuild = Callable[[Remedy, Request], Request | None]
"""Returns the request changed as a remedy says, None when that changes nothing."""


class Journal(Protocol):
    """Where the steps of a turn are written down and shown."""

    async def calling(self) -> None:
        """Note that a call that may cost money is about to be made."""
        ...

    async def answered(self, answer: Answer) -> None:
        """Store ``answer`` before it is read."""
        ...

    async def refused(self, error: ProviderError) -> None:
        """Note that the answer is an error, which may have been billed all the same."""
        ...

    async def retrying(self, delay_s: float, error: ProviderError) -> None:
        """Show that the next attempt comes in ``delay_s`` because of ``error``. The caller waits afterwards."""
        ...

    def remedied(self, remedy: Remedy) -> None:
        """Note that the request was changed as ``remedy`` says."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptPolicy:
    """Bounds of the attempts for one turn.

    ``attempts``: how many at most, the first one, repeats and remedies together. A rate-limited call is not counted:
    the queue decides when it is made again. ``total_s``: the longest wait of a person once the first call began.
    ``reserve_s``: with less time left no new call starts, since it would be paid for and then cut off. ``once_wait_s``:
    the pause before the only repeat that some errors allow. ``first_wait_s`` doubles with each attempt, up to
    ``longest_wait_s``: peaks of 503 last seconds to minutes. ``longest_delay_s``: if the provider names a longer delay,
    the turn ends at once. ``patience_s``: how long a rate-limited call is repeated; with 0 it is not.
    """

    attempts: int = 5
    total_s: float = 600.0
    reserve_s: float = 120.0
    once_wait_s: float = 1.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 20.0
    longest_delay_s: float = 60.0
    patience_s: float = math.inf

    def lasting(self, longest_call_s: float) -> AttemptPolicy:
        """Return the policy for a provider whose calls may take so long: a model at home may paint for half an hour."""
        longer = stretch(longest_call_s)
        return replace(self, total_s=self.total_s * longer, reserve_s=self.reserve_s * longer)


def stretch(longest_call_s: float) -> float:
    """Return by how much all waiting is longer where one call may take so long; 1 for the usual time and less."""
    return max(1.0, longest_call_s / USUAL_CALL_S)


DEFAULT_POLICY = AttemptPolicy()


async def generate(
    provider: Provider,
    request: Request,
    journal: Journal,
    *,
    policy: AttemptPolicy = DEFAULT_POLICY,
    queue: CallQueue | None = None,
    on_position: OnPosition | None = None,
    whose: Hashable = None,
    kept: Answer | None = None,
    rebuild: Rebuild = apply,
) -> Result:
    """Return the result of a turn. Raises: ``ProviderError``.

    ``on_position`` is called with the position in ``queue`` while that is full. ``whose``: the conversation, which gets
    no more than its share of the queue. ``kept``: an answer that an earlier process stored; it is read before any new
    call. ``rebuild``: how a remedy changes the request; by default only its options.
    """
    queue = queue or CallQueue(1)
    return await _Attempts(provider, request, journal, rebuild, policy, queue, on_position, whose).run(kept)


class _Attempts:
    def __init__(
        self,
        provider: Provider,
        request: Request,
        journal: Journal,
        rebuild: Rebuild,
        policy: AttemptPolicy,
        queue: CallQueue,
        on_position: OnPosition | None,
        whose: Hashable,
    ) -> None:
        self._provider = provider
        self._request = request
        self._journal = journal
        self._rebuild = rebuild
        self._policy = policy
        self._queue = queue
        self._caller = Caller(whose=whose, size_bytes=max((one.size_bytes for one in _pictures(request)), default=0))
        self._on_position = on_position
        self._counts_down_until = 0.0
        self._remedies: set[Remedy] = set()
        self._repeated = False
        self._last: ProviderError | None = None
        self._clock = asyncio.timeout(None)

    async def run(self, kept: Answer | None) -> Result:
        try:
            async with self._clock:
                return await self._repeat(kept)
        except TimeoutError as error:
            raise CutOff(owner_text=f"no result within {self._policy.total_s:g} s") from error

    async def _repeat(self, kept: Answer | None) -> Result:
        number, backoff_s, paid = 1, self._policy.first_wait_s, False
        while True:
            try:
                return await self._once(kept)
            except ProviderError as error:
                error.after_paid = paid
                paid = paid or (isinstance(error, BadBody) and not isinstance(error, ConnectionLost))
                delay_s = await self._plan(error, backoff_s) if number < self._policy.attempts else None
                if delay_s is None:
                    raise
            await asyncio.sleep(delay_s)
            kept, number, backoff_s = None, number + 1, min(2 * backoff_s, self._policy.longest_wait_s)

    async def _once(self, kept: Answer | None) -> Result:
        """Read the kept answer, else call. A rate-limited call enters the queue again and is no new attempt."""
        while True:
            try:
                if kept is None:
                    return await self._call()
                # A stored answer has lost the words of its request.
                answer, kept = replace(kept, said=self._request.said), None
                return await self._read(answer)
            except RateLimited as error:
                named_s = error.retry_after_s or 0.0
                # The delay that a kept answer named has passed.
                delay_s = max(named_s, self._queue.pause_s) if self._caller.called else 0.0
                if named_s > self._policy.longest_delay_s or self._left_s() < delay_s + self._policy.reserve_s:
                    raise
                if self._waited_s() + delay_s >= self._policy.patience_s:
                    raise
                self._last = error
                self._counts_down_until = asyncio.get_running_loop().time() + delay_s
                await self._journal.retrying(delay_s, error)

    async def _call(self) -> Result:
        refuse(self._provider.capabilities(self._request.model), self._request)
        async with AsyncExitStack() as held:
            report = await self._enter(held)
            await self._journal.calling()
            with _unquoted(self._request):
                answer = await self._provider.ask(self._request)
            report.answer_bytes = len(answer.body)
            await self._journal.answered(answer)
            return await self._read(answer)

    async def _read(self, answer: Answer) -> Result:
        try:
            with _unquoted(self._request):
                return await self._provider.read(answer, model=self._request.model)
        except ProviderError as error:
            await self._journal.refused(error)
            raise

    async def _enter(self, held: AsyncExitStack) -> CallReport:
        """Wait for a slot. The queue bounds the first wait; a later one ends while there is time left for a call."""
        slot = self._queue.slot(self._show_position, self._caller)
        until = self._clock.when()
        if until is None or self._last is None:
            report = await held.enter_async_context(slot)
            self._clock.reschedule(asyncio.get_running_loop().time() + self._policy.total_s)
            return report
        try:
            async with asyncio.timeout_at(until - self._policy.reserve_s):
                return await held.enter_async_context(slot)
        except TimeoutError:
            raise self._last from None

    async def _show_position(self, position: int) -> None:
        """Show the position in the queue, unless a countdown is shown."""
        if self._on_position is not None and asyncio.get_running_loop().time() >= self._counts_down_until:
            await self._on_position(position)

    async def _plan(self, error: ProviderError, backoff_s: float) -> float | None:
        """Return the delay before the next attempt, None to give up. Changes the request where a remedy helps."""
        self._last = error
        remedy = error.remedy
        # A trimmed request may still be too large: each trim makes it smaller, and the attempts are bounded.
        if remedy is not None and (remedy not in self._remedies or remedy.kind is RemedyKind.TRIM_HISTORY):
            self._remedies.add(remedy)
            changed = self._rebuild(remedy, self._request)
            if changed is not None:
                self._journal.remedied(remedy)
                self._request = changed
                return 0.0
        delay_s = self._delay(error, backoff_s)
        if delay_s is None or self._left_s() < delay_s + self._policy.reserve_s:
            return None
        await self._journal.retrying(delay_s, error)
        return delay_s

    def _waited_s(self) -> float:
        """Return how long ago the first call began."""
        until = self._clock.when()
        return 0.0 if until is None else asyncio.get_running_loop().time() - (until - self._policy.total_s)

    def _left_s(self) -> float:
        until = self._clock.when()
        return self._policy.total_s if until is None else until - asyncio.get_running_loop().time()

    def _delay(self, error: ProviderError, backoff_s: float) -> float | None:
        named = error.retry_after_s
        if named is not None and named > self._policy.longest_delay_s:
            return None
        if error.retry is Retry.ONCE and not self._repeated:
            self._repeated = True
            return self._policy.once_wait_s
        if error.retry is Retry.BACKOFF:
            # Spread, so that many turns that failed together do not come back together.
            return max(named or 0.0, backoff_s * random.uniform(0.75, 1.25))  # noqa: S311
        return None


@contextmanager
def _unquoted(request: Request) -> Iterator[None]:
    """Take what a person wrote out of what owner and log read of an error: providers quote it in refusals."""
    try:
        yield
    except ProviderError as error:
        error.owner_text = without_echo(error.owner_text, request.said)
        raise


def _pictures(request: Request) -> Iterator[MediaRef]:
    """Yield every picture of a request; one at a time is in memory while it is sent."""
    yield from request.pictures
    if request.current is not None:
        yield request.current
    for content in request.contents:
        for part in content["parts"]:
            inline = part.get("inlineData")
            if inline is not None and isinstance(inline["data"], MediaRef):
                yield inline["data"]

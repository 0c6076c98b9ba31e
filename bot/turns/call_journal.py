"""What the attempt loop leaves behind: each call counted before it is made, each answer kept before it is read.

May import ``hooks``, ``metrics``, ``providers`` around a call, and ``storage``.

Whoever picks a turn up after a crash goes by it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bot.metrics import Step
from bot.providers.base import Answer, Request, Result
from bot.providers.calls import remedies
from bot.providers.calls.raw_answer import dump, load, sharers
from bot.providers.errors import PictureUnreadable, ProviderError, Remedy
from bot.turns.hooks import ProcessHooks
from storage.engine.faults import StorageFault
from storage.records import Turn
from storage.store import Store

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0


def mark_of(turn: Turn) -> str:
    """Return what a raw answer says of its turn: a number alone could be another turn's after a restored backup."""
    return f"{turn.id} {turn.created_at!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A raw answer that an earlier process kept, and the turns that share it, where they are several."""

    answer: Answer
    shared_by: tuple[int, ...] = ()


async def arrived_for(store: Store, turn: Turn) -> Arrived | None:
    """Return the raw answer that arrived for the last call of a turn, where it was kept with this one."""
    if turn.attempts == 0:
        return None
    data = await store.media.answer(turn.id, turn.attempts)
    try:
        return Arrived(answer=load(data, mark_of(turn)), shared_by=sharers(data)) if data is not None else None
    except ValueError as error:
        log.error("turn %s: its raw answer cannot be used: %s", turn.id, error)
        return None


class Watcher(Protocol):
    """Whoever wants to know why an answer takes its time."""

    async def waiting(self, delay_s: float, error: ProviderError) -> None:
        """Hear that the next attempt comes in ``delay_s``, and why."""
        ...

    async def queued(self, number: int) -> None:
        """Hear the place in the queue for the provider; 1 is next."""
        ...


class Leaving(Exception):
    """The process ends, so a call that was about to begin is left to the next one."""


async def insist(call: Callable[[], Awaitable[Result]], alarm: Callable[[StorageFault], None]) -> Result:
    """Make a call that the store cut short again when the store is back; the provider never had all of it."""
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await call()
        except PictureUnreadable as error:
            # Not the cause: httpcore raises what it meets in a body anew, "from None".
            if not isinstance(error.__context__, StorageFault):
                raise
            alarm(error.__context__)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


class Ledger:
    """The ledger of the turns that share a call, mostly one.

    What arrives is kept with the last of them: that one is also answered last, and until then it is not dropped.
    """

    def __init__(
        self,
        store: Store,
        turns: Sequence[Turn],
        watcher: Watcher,
        provider: str,
        hooks: ProcessHooks,
    ) -> None:
        turn = turns[-1]
        self._store = store
        self._ids = tuple(one.id for one in turns)
        self._turn_id = turn.id
        self._mark = mark_of(turn)
        self._accepted_at = turn.created_at if turn.attempts == 0 else None
        self._attempt = turn.attempts
        self._watcher = watcher
        self._provider = provider
        self._meter = hooks.meter
        self._hooks = hooks
        self._called_at: float | None = None
        self.bought_for: tuple[int, ...] = ()
        """For which turns a call was begun; none as long as there was none."""
        self.answered_at: float | None = None
        """When an answer arrived, by a clock that only runs forward."""
        self.remake: Callable[[Remedy, Request], Request | None] = remedies.apply
        """Changes a request as a remedy says, or returns None."""
        self.remedies: list[Remedy] = []
        """What was changed in the request so that it would do."""

    async def calling(self) -> None:
        """Count a call that is about to be made. Raises: :class:`Leaving`."""
        if self._hooks.stopping.is_set():
            raise Leaving
        self.close()
        # Whatever lies there is not the answer to a call that has not begun.
        with suppress(StorageFault):
            await self._store.media.drop_answer(self._turn_id, self._attempt + 1)
        self._attempt = await self._store.conversations.begin_call(*self._ids)
        self.bought_for = self._ids
        self._called_at = time.monotonic()
        self._meter.began(self._provider)
        if self._accepted_at is not None:
            self._meter.took(Step.STARTED, time.time() - self._accepted_at)
            self._accepted_at = None

    async def answered(self, answer: Answer) -> None:
        """Keep an answer under its attempt, however long that takes."""
        self.close()
        self.answered_at = time.monotonic()
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                kept = dump(answer, self._mark, self._ids)
                await self._store.media.keep_answer(self._turn_id, self._attempt, kept)
                return
            except StorageFault as fault:
                # It is paid for: better to hold it in memory until there is room than to buy it again.
                self._hooks.alarm(fault)
                log.error("turn %s: its answer waits in memory: %s", self._turn_id, fault)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def waiting(self, delay_s: float, error: ProviderError) -> None:
        """Show that the next attempt comes, and why."""
        self.close()
        self._meter.repeated(self._provider, error.key)
        await self._watcher.waiting(delay_s, error)

    def rebuild(self, remedy: Remedy, request: Request) -> Request | None:
        """Return the request changed as a remedy says, or None."""
        changed = self.remake(remedy, request)
        if changed is not None:
            self.remedies.append(remedy)
            self._meter.repeated(self._provider, remedy.kind.value)
        return changed

    def close(self) -> None:
        """Note that the call, if one was running, has ended."""
        if self._called_at is not None:
            self._meter.ended(self._provider, time.monotonic() - self._called_at)
            self._called_at = None

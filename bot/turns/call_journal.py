"""The journal of calls: each call is counted before it is made, each raw answer stored before it is read.

Imports ``choice``, ``hooks``, ``metrics``, ``access.limits``, ``providers`` and ``storage``. After a crash a turn is
resumed from this record.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from bot.access.limits import Calendar, in_micro_usd
from bot.metrics import Stage
from bot.providers.base import Answer, Result
from bot.providers.calls.raw_answer import dump, given_by, is_cropped, load, sharers
from bot.providers.errors import UNSENT, PictureUnreadable, ProviderError, Remedy
from bot.turns.choice import Choice
from bot.turns.hooks import ProcessHooks
from storage.books.values import Held, Terms
from storage.engine.faults import StorageFault
from storage.records import Turn, TurnState
from storage.store import Store

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0

TELL_AFTER_S = 30.0
"""How long an answer waits to be stored before the person is told; a busy disk is quicker."""


def mark_of(turn: Turn) -> str:
    """Return the name of a turn in its raw answer. After a restored backup, the id alone could name another turn."""
    return f"{turn.id} {turn.created_at!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """A raw answer that an earlier process stored.

    ``shared_by``: the turns that share it, if there are several. ``by``: who gave it, None if it does not say.
    ``cropped``: whether it is about a crop of the picture, None if it does not say.
    """

    answer: Answer
    shared_by: tuple[int, ...] = ()
    by: Choice | None = None
    cropped: bool | None = None


async def arrived_for(store: Store, turn: Turn) -> Arrived | None:
    """Return the stored raw answer to the last call of a turn, None if there is none."""
    if turn.attempts == 0:
        return None
    data = await store.media.raw_answer(turn.id, turn.attempts)
    if data is None:
        return None
    try:
        answer, by = load(data, mark_of(turn)), given_by(data)
        named = Choice(provider=by[0], model=by[1]) if by else None
        return Arrived(answer=answer, shared_by=sharers(data), by=named, cropped=is_cropped(data))
    except ValueError as error:
        log.error("turn %s: its raw answer cannot be used: %s", turn.id, error)
        return None


class Watcher(Protocol):
    """Is notified why an answer takes its time."""

    async def retrying(self, delay_s: float, error: ProviderError) -> None:
        """Called when the next attempt comes in ``delay_s``, with the reason."""
        ...

    async def queued(self, number: int) -> None:
        """Called with the position in the queue for the provider; 1 is next."""
        ...

    async def unstored(self) -> None:
        """Called when the answer is there, but could not be stored for a while."""
        ...


class Leaving(Exception):
    """The process is stopping; the next process makes the call that was about to begin."""


async def insist(call: Callable[[], Awaitable[Result]], alarm: Callable[[StorageFault], None]) -> Result:
    """Make a call. If a picture cannot be read from the store, make it again: the provider got no whole request."""
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            return await call()
        except PictureUnreadable as error:
            # Not the cause: httpcore raises errors of a request's body again, "from None".
            if not isinstance(error.__context__, StorageFault):
                raise
            alarm(error.__context__)
        await asyncio.sleep(pause_s)
        pause_s = min(pause_s * 2, LONGEST_PAUSE_S)


class CallJournal:
    """The journal of the turns that share a call; mostly there is one.

    The raw answer is stored with the last of them, which is also answered last, so it stays until all are answered.
    """

    def __init__(
        self,
        store: Store,
        turns: Sequence[Turn],
        watcher: Watcher,
        asked: Choice,
        hooks: ProcessHooks,
        *,
        cropped: bool = False,
    ) -> None:
        """``cropped``: a crop is sent in place of the whole picture."""
        turn = turns[-1]
        self._store = store
        self._ids = tuple(one.id for one in turns)
        self._turn_id = turn.id
        self._mark = mark_of(turn)
        self._accepted_at = turn.created_at if turn.attempts == 0 else None
        self._attempt = turn.attempts
        self._watcher = watcher
        self._cropped = cropped
        self.asked = asked
        """Who is asked now."""
        self._meter = hooks.meter
        self._hooks = hooks
        self._called_at: float | None = None
        self.bought_for: tuple[int, ...] = ()
        """The turns for which a call was begun."""
        self.answered_at: float | None = None
        """When an answer arrived, by the monotonic clock."""
        self.terms: Callable[[], Terms] = lambda: Terms(day=Calendar().day(time.time()))
        """Returns the terms under which a call is held now."""
        self.held: Held | None = None
        """What the newest hold of this journal left, if it made one."""
        self.remedies: list[Remedy] = []
        """The changes that were made to the request."""
        # Also of a call of an earlier process it is not known how it ended.
        self._may_be_billed = any(one.state is TurnState.CALLING for one in turns)

    async def calling(self) -> None:
        """Count a call that is about to be made, and hold its cost. Raises: :class:`Leaving`, ``OverLimit``."""
        if self._hooks.stopping.is_set():
            raise Leaving
        self.close()
        # A file at this place cannot be the answer to a call that has not begun.
        with suppress(StorageFault):
            await self._store.media.drop_raw_answer(self._turn_id, self._attempt + 1)
        begun = await self._store.conversations.begin_call(*self._ids, terms=self.terms())
        self._attempt = begun.attempt
        if begun.held is not None:
            self.held = begun.held
            self._meter.books("held", begun.held.places)
            if begun.attempt > 1:
                self._meter.books("released", begun.held.places)
        self.bought_for, self._may_be_billed = self._ids, True
        self._called_at = time.monotonic()
        self._meter.began(self.asked.provider)
        if self._accepted_at is not None:
            self._meter.took(Stage.STARTED, time.time() - self._accepted_at)
            self._accepted_at = None

    async def answered(self, answer: Answer) -> None:
        """Store a raw answer under its attempt; retries until it is stored."""
        self.close()
        self.answered_at = time.monotonic()
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                by = (self.asked.provider, self.asked.model)
                kept = dump(answer, self._mark, self._ids, by, cropped=self._cropped)
                await self._store.media.keep_raw_answer(self._turn_id, self._attempt, kept)
                return
            except StorageFault as fault:
                # It is paid for: it stays in memory until it can be stored.
                self._hooks.alarm(fault)
                log.error("turn %s: its answer waits in memory: %s", self._turn_id, fault)
                if time.monotonic() - self.answered_at > TELL_AFTER_S:
                    await self._watcher.unstored()
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def refused(self, error: ProviderError) -> None:
        """Book a refusal that the provider billed."""
        self._may_be_billed = False
        if error.cost_usd:
            micro_usd = in_micro_usd(error.cost_usd)
            await self._store.books.bill(self._turn_id, self._attempt, micro_usd)
            self._meter.spent(self.asked.provider, self.asked.model, micro_usd)

    async def retrying(self, delay_s: float, error: ProviderError) -> None:
        """Notify the watcher of the next attempt."""
        self._may_be_billed = False
        self.close()
        self._meter.repeated(self.asked.provider, error.key)
        await self._watcher.retrying(delay_s, error)

    def remedied(self, remedy: Remedy) -> None:
        """Note that the request was changed as a remedy says."""
        log.info("turn %s: the request was refused and is made again, changed (%s)", self._turn_id, remedy.kind.value)
        self.remedies.append(remedy)
        self._meter.repeated(self.asked.provider, remedy.kind.value)

    def ask(self, choice: Choice) -> None:
        """Note that another provider or model is asked from now on, with an unchanged request."""
        self.close()
        self.asked = choice
        self.remedies.clear()

    def failed(self) -> None:
        """Note that the last call certainly brought nothing that could be billed, so somebody else may be asked."""
        self._may_be_billed = False

    async def stopped(self, stop: asyncio.CancelledError) -> None:
        """Note that the work was stopped: take back what a cancel booked, if the provider was certainly not reached."""
        if self._may_be_billed and UNSENT not in getattr(stop, "__notes__", ()):
            return
        with suppress(StorageFault):
            for turn_id in self._ids:
                await self._store.books.correct(turn_id, 0)

    def close(self) -> None:
        """Note that the call, if one was running, has ended."""
        if self._called_at is not None:
            self._meter.ended(self.asked.provider, time.monotonic() - self._called_at)
            self._called_at = None

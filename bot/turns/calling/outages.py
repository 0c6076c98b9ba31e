"""What is out of order, for how long it is passed over, and who tries it again: a circuit breaker that processes share.

Imports ``providers.calls.outages``, ``providers.errors`` and ``storage``. As in Nygard's "Release It!", something that
failed rests, and after that one wish tries it while all others still pass it over. If that fails, it rests longer. What
is out of order has a name, of which ``candidates`` knows the meaning. Without a store all is kept in memory.

A failure that one wish alone may cause says little about others. So at first only its own conversation passes over what
failed. When another conversation meets such a failure, with no answer to anybody between them, it rests for all.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace

from bot.providers.calls.outages import FIRST_REST_S, LONGEST_REFILL_S, may_be_of_the_wish, rest_s
from bot.providers.errors import ProviderError
from storage.engine.faults import StorageFault
from storage.notes.outages import Outage, Outages

log = logging.getLogger(__name__)

TRY_S = 60.0
"""How long one wish tries alone what has rested. A process that dies meanwhile delays the next try by no more."""

OVER_S = 600.0
"""An outage is over when all went well for this time; what fails sooner again is still the same outage."""

LONG_ALONE = 3
"""So many failures that one conversation alone meets are announced as an outage: it may be the only one there is."""

AHEAD_S = 300.0
"""What failed later than in so long was noted by a clock that ran ahead, and counts no more once that was set. Clocks
of several processes differ by less."""

QUICKER = 5
"""How often a note is retried when other processes change it first."""

Note = Mapping[str, Outage]


class OutageWatch:
    """What is out of order. ``shared``: other processes learn, too. ``clock``: the time (Unix s)."""

    def __init__(self, notes: Outages, *, shared: bool = False, clock: Callable[[], float] = time.time) -> None:
        self._notes = notes
        self._shared = shared
        self._clock = clock
        self._note: Note = {}

    async def load(self) -> None:
        """Load the note. Everything may be tried again: a restart may follow a repair. Raises: ``StorageFault``."""
        self._note = await self._notes.known()
        await self._change(lambda note: {name: replace(one, until=0.0) for name, one in note.items()})

    async def refresh(self) -> None:
        """Load what other processes learned meanwhile."""
        if self._shared:
            with suppress(StorageFault):
                self._note = await self._notes.known()

    def rests_until(self, names: Collection[str], whose: int = 0) -> float:
        """Return until when the last of these names rests for a conversation (Unix s), 0 if none does."""
        now = self._clock()
        return max(
            (one.until for one in _out(self._true(self._note), names, whose).values() if one.until > now), default=0.0
        )

    def may_be_back(self, names: Collection[str], whose: int = 0) -> bool:
        """Return whether what rests may answer before its rest ends: it failed a while ago, and named no long delay."""
        since = self._clock() - FIRST_REST_S
        found = _out(self._true(self._note), names, whose).values()
        return all(one.failed_at <= since and one.until - one.failed_at <= LONGEST_REFILL_S for one in found)

    async def may_ask(self, names: Collection[str], whose: int = 0) -> bool:
        """Return whether a call may be made that needs all these names; of those that tried again, one at a time."""
        now = self._clock()
        if self.rests_until(names, whose):
            return False
        if not _out(self._true(self._note), names, whose):
            return True

        def tried(note: Note) -> Note:
            out = _out(note, names, whose)
            if any(one.until > now for one in out.values()):
                return note
            return {**note, **{name: replace(one, until=now + TRY_S) for name, one in out.items()}}

        return await self._change(tried)

    async def failed(self, name: str, error: ProviderError, asked_at: float, whose: int = 0) -> bool:
        """Note a failure of a call that began at ``asked_at`` (Unix s); return whether an outage is to be announced.

        ``whose``: the conversation of the wish, 0 if there is none.
        """
        now, begins = self._clock(), False

        def more(note: Note) -> Note:
            nonlocal begins
            known = note.get(name, Outage())
            begins = not known.times or bool(known.back_at and now - known.back_at > OVER_S)
            alone = whose if may_be_of_the_wish(error) and (begins or known.only_for == whose) else 0
            if known.only_for and not alone:
                # Another conversation meets it, too, or it is of a kind that holds for all.
                begins = True
            elif not begins and asked_at < known.failed_at:
                # It began before the outage was known, as the other versions of the same wish do.
                return note
            times = 1 if begins else known.times + 1
            new = Outage(times=times, failed_at=now, until=now + rest_s(error, times), only_for=alone)
            told = bool(known.only_for) and known.times >= LONG_ALONE
            begins = times == LONG_ALONE if alone else begins and not told
            return {**self._lately(note), name: new}

        changed = await self._change(more)
        if changed:
            whom = f" for conversation {whose}" if self._note[name].only_for else ""
            log.warning("%s is passed over%s for %.0f s: %s", name, whom, self._note[name].until - now, error)
        return changed and begins

    async def worked(self, names: Collection[str], asked_at: float) -> None:
        """Note that a call that began at ``asked_at`` (Unix s) was answered."""

        def back(note: Note) -> Note:
            over = {n: note[n] for n in names if n in note and not note[n].back_at and note[n].failed_at <= asked_at}
            left = {n: one for n, one in note.items() if n not in over or not one.only_for}
            return {**left, **{n: replace(one, back_at=self._clock()) for n, one in over.items() if n in left}}

        if back(self._true(self._note)) != self._note and await self._change(back):
            log.info("%s answers again", ", ".join(names))

    def now(self) -> float:
        """Return the time (Unix s)."""
        return self._clock()

    def _true(self, note: Note) -> Note:
        """Return a note without what a clock noted that ran far ahead."""
        latest = self._clock() + AHEAD_S
        return {name: one for name, one in note.items() if one.failed_at <= latest}

    def _lately(self, note: Note) -> dict[str, Outage]:
        """Return a note without outages that are over."""
        since = self._clock() - OVER_S
        return {name: one for name, one in note.items() if not one.back_at or one.back_at > since}

    async def _change(self, change: Callable[[Note], Note]) -> bool:
        """Change the note for all processes; return whether this one did."""
        try:
            for _ in range(QUICKER):
                old = await self._notes.known()
                new = change(self._true(old))
                if new == old:
                    self._note = old
                    return False
                if await self._notes.compare_and_set(old, new):
                    self._note = new
                    return True
            return False
        except StorageFault as fault:
            log.info("a note on outages is kept in memory: %s", fault)
            before, self._note = self._note, change(self._true(self._note))
            return self._note != before


def _out(note: Note, names: Collection[str], whose: int) -> dict[str, Outage]:
    """Return those of ``names`` that are out of order for a conversation."""
    found = {name: note[name] for name in names if name in note and not note[name].back_at}
    return {name: one for name, one in found.items() if one.only_for in (0, whose)}

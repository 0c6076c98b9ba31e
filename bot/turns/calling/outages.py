"""What is out of order, for how long it is passed over, and who tries it again: a circuit breaker that processes share.

Imports ``providers.calls.outages``, ``providers.errors`` and ``storage``. As in Nygard's "Release It!", something that
failed rests, and after that one wish tries it while all others still pass it over. If that fails, it rests longer. What
is out of order has a name, of which ``candidates`` knows the meaning. Without a store all is kept in memory.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import replace

from bot.providers.calls.outages import rest_s
from bot.providers.errors import ProviderError
from storage.engine.faults import StorageFault
from storage.notes.outages import Outage, Outages

log = logging.getLogger(__name__)

TRY_S = 60.0
"""How long one wish tries alone what has rested. A process that dies meanwhile delays the next try by no more."""

OVER_S = 600.0
"""An outage is over when all went well for this time; what fails sooner again is still the same outage."""

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

    def rests_until(self, names: Collection[str]) -> float:
        """Return until when the last of these names rests (Unix s), 0 if none does."""
        now = self._clock()
        return max((one.until for one in self._out(self._note, names).values() if one.until > now), default=0.0)

    async def may_ask(self, names: Collection[str]) -> bool:
        """Return whether a call may be made that needs all these names; of those that tried again, one at a time."""
        now = self._clock()
        if self.rests_until(names):
            return False
        if not self._out(self._note, names):
            return True

        def tried(note: Note) -> Note:
            out = self._out(note, names)
            if any(one.until > now for one in out.values()):
                return note
            return {**note, **{name: replace(one, until=now + TRY_S) for name, one in out.items()}}

        return await self._change(tried)

    async def failed(self, name: str, error: ProviderError, asked_at: float) -> bool:
        """Note a failure of a call that began at ``asked_at`` (Unix s); return whether an outage begins with it."""
        now, begins = self._clock(), False

        def more(note: Note) -> Note:
            nonlocal begins
            known = note.get(name, Outage())
            begins = not known.times or bool(known.back_at and now - known.back_at > OVER_S)
            if not begins and asked_at < known.failed_at:
                # It began before the outage was known, as the other versions of the same wish do.
                return note
            times = 1 if begins else known.times + 1
            new = Outage(times=times, failed_at=now, until=now + rest_s(error, times))
            return {**self._lately(note), name: new}

        changed = await self._change(more)
        if changed:
            log.warning("%s is passed over for %.0f s: %s", name, self.rests_until([name]) - now, error)
        return changed and begins

    async def worked(self, names: Collection[str], asked_at: float) -> None:
        """Note that a call that began at ``asked_at`` (Unix s) was answered."""

        def back(note: Note) -> Note:
            out = self._out(note, names)
            over = {n: replace(one, back_at=self._clock()) for n, one in out.items() if one.failed_at <= asked_at}
            return {**note, **over}

        if self._out(self._note, names) and await self._change(back):
            log.info("%s answers again", ", ".join(names))

    def now(self) -> float:
        """Return the time (Unix s)."""
        return self._clock()

    def _out(self, note: Note, names: Collection[str]) -> dict[str, Outage]:
        return {name: note[name] for name in names if name in note and not note[name].back_at}

    def _lately(self, note: Note) -> dict[str, Outage]:
        """Return a note without outages that are over."""
        since = self._clock() - OVER_S
        return {name: one for name, one in note.items() if not one.back_at or one.back_at > since}

    async def _change(self, change: Callable[[Note], Note]) -> bool:
        """Change the note for all processes; return whether this one did."""
        try:
            for _ in range(QUICKER):
                old = await self._notes.known()
                new = change(old)
                if new == old:
                    self._note = old
                    return False
                if await self._notes.compare_and_set(old, new):
                    self._note = new
                    return True
            return False
        except StorageFault as fault:
            log.info("a note on outages is kept in memory: %s", fault)
            before, self._note = self._note, change(self._note)
            return self._note != before

"""Limits that several processes keep together: Telegram's on messages, and the number of calls to a provider.

Imports its siblings and SQLAlchemy. PostgreSQL only. A place among Telegram's messages costs one short transaction,
some two milliseconds beside a send of fifty and more; a share for each process would cost nothing, but leave most of a
limit unused while few processes are busy, and could not hold that of a single chat at all. Times are the database's,
since the clocks of machines differ.
"""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from storage.database import Database
from storage.fencing import fence

ALL = "all"
"""The name of the window that all messages share.

It has no flood wait: one belongs to the call that got it. Earlier versions, which may run beside this one, note there
what setMyCommands and the like were told, and stop everything for it; here that is passed over.
"""

_NOW = "extract(epoch FROM clock_timestamp())"
# Makes what is missing and locks the rest, in one order for everybody, so that no two wait for each other.
_LOCK = text(
    "INSERT INTO windows AS w (name, booked, not_before, idle_at)"  # noqa: S608 - the expression above
    " SELECT name, '[]', 0, 0 FROM unnest(CAST(:names AS text[])) AS name ORDER BY name"
    " ON CONFLICT (name) DO UPDATE SET name = excluded.name"
    f" RETURNING w.name, w.booked, w.not_before, {_NOW} AS now"
)
_BOOK = text(
    "UPDATE windows SET booked = v.booked, idle_at = v.idle_at"
    " FROM unnest(CAST(:names AS text[]), CAST(:booked AS text[]), CAST(:idle AS float8[])) AS v(name, booked, idle_at)"
    " WHERE windows.name = v.name"
)
_FLOOD = text(
    f"INSERT INTO windows AS w (name, booked, not_before, idle_at)"  # noqa: S608
    f" VALUES (:name, '[]', {_NOW} + :seconds, {_NOW} + :seconds) ON CONFLICT (name) DO UPDATE"
    f" SET not_before = greatest(w.not_before, excluded.not_before), idle_at = greatest(w.idle_at, excluded.idle_at)"
)
_SWEEP = text(f"DELETE FROM windows WHERE idle_at < {_NOW} - 60")  # noqa: S608
_TAKE = text(
    "INSERT INTO permits (name, slot, worker_id)"
    " SELECT CAST(:name AS text), free.slot, :worker FROM generate_series(1, :width) AS free(slot)"
    " WHERE NOT EXISTS (SELECT 1 FROM permits p WHERE p.name = CAST(:name AS text) AND p.slot = free.slot)"
    " ORDER BY random() LIMIT 1 ON CONFLICT DO NOTHING RETURNING slot"
)
_GIVE = text("DELETE FROM permits WHERE name = :name AND slot = :slot AND worker_id = :worker")
_FREE = text("DELETE FROM permits WHERE worker_id NOT IN (SELECT id FROM procrastinate_workers)")


Row = tuple[list[float], float]
"""A window's places and the end of its flood wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """Places wanted in a window of at most ``size`` messages in any ``period_s`` seconds."""

    name: str
    size: int
    period_s: float
    weight: int


class SharedLimits:
    """What the processes of a cluster have used up together."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, wanted: Sequence[Booking], longest_s: float) -> float:
        """Take places in all windows at the first time when all have them; return in how many seconds that is.

        Takes none where it is further away than ``longest_s``. Raises: ``StorageFault``.
        """
        async with self._database.begin(fenced=False) as connection:
            found = (await connection.execute(_LOCK, {"names": [one.name for one in wanted]})).all()
            rows = {
                row.name: (json.loads(row.booked), 0.0 if row.name == ALL else float(row.not_before)) for row in found
            }
            now = max(float(row.now) for row in found)
            at = _common(wanted, rows, now)
            if at - now > longest_s:
                return at - now
            names, booked, idle = [], [], []
            for one in wanted:
                places = [place for place in rows[one.name][0] if place + one.period_s > now]
                for place in _places(one, at):
                    insort(places, place)
                names.append(one.name)
                booked.append(json.dumps(places))
                idle.append(max(places) + one.period_s)
            await connection.execute(_BOOK, {"names": names, "booked": booked, "idle": idle})
            return at - now

    async def flood(self, name: str, seconds: float) -> None:
        """Note for how long Telegram wants no messages in a chat. Raises: ``StorageFault``."""
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(_FLOOD, {"name": name, "seconds": seconds})

    async def take(self, name: str, width: int) -> int | None:
        """Take one of ``width`` permits to call a provider; None where all are taken. Raises: ``StorageFault``."""
        worker = fence.get()
        values = {"name": name, "width": width, "worker": worker.worker_id if worker else 0}
        async with self._database.begin() as connection:
            return (await connection.execute(_TAKE, values)).scalar_one_or_none()

    async def give(self, name: str, slot: int) -> None:
        """Give a permit back. Raises: ``StorageFault``."""
        worker = fence.get()
        values = {"name": name, "slot": slot, "worker": worker.worker_id if worker else 0}
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(_GIVE, values)

    async def sweep(self) -> None:
        """Forget windows that limit nothing any more, and the permits of workers that are dead."""
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(_SWEEP)
            await connection.execute(_FREE)


def _common(wanted: Sequence[Booking], rows: Mapping[str, Row], now: float) -> float:
    """Return the first time from ``now`` on at which there is room in every window."""
    at = now
    while True:
        found = max(_earliest(one, *rows[one.name], at) for one in wanted)
        if found <= at:
            return at
        at = found


def _earliest(one: Booking, booked: Sequence[float], not_before: float, after: float) -> float:
    """Return when there is room for what is wanted, not before ``after``; behind all that is booked already."""
    at = max(after, not_before)
    room = one.size - min(one.weight, one.size)
    held = sorted(place for place in booked if place + one.period_s > at)
    return at if len(held) <= room else held[len(held) - room - 1] + one.period_s


def _places(one: Booking, at: float) -> list[float]:
    """Return the places that are taken: what is over a full window weighs on the following ones."""
    return [at + one.period_s * (number // one.size) for number in range(one.weight)]

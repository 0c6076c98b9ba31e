"""Limits that several processes keep together: Telegram's on messages, and the number of calls to a provider.

Imports its siblings and SQLAlchemy. PostgreSQL only. A place among Telegram's messages costs one short transaction,
some two milliseconds beside a send of fifty and more; a share for each process would cost nothing, but leave most of a
limit unused while few processes are busy, and could not hold that of a single chat at all. Times are the database's,
since the clocks of machines differ.
"""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.fencing import fence

ALL = "all"
"""The name of the window that all messages share."""

_NOW = "extract(epoch FROM clock_timestamp())"
_MAKE = text(
    "INSERT INTO windows (name, booked, not_before, idle_at) SELECT unnest(CAST(:names AS text[])), '[]', 0, 0"
    " ON CONFLICT DO NOTHING"
)
# In one order for everybody, so that no two wait for each other.
_LOCK = text(
    f"SELECT name, booked, not_before, {_NOW} AS now FROM windows WHERE name = ANY(:names) ORDER BY name FOR UPDATE"  # noqa: S608
)
_BOOK = text("UPDATE windows SET booked = :booked, idle_at = :idle_at WHERE name = :name")
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
        names = [one.name for one in wanted]
        async with self._database.begin(fenced=False) as connection:
            rows = await self._locked(connection, names)
            now = float(next(iter(rows.values()))[2])
            at = now
            for _ in range(100):
                found = max([at, *(self._earliest(one, rows[one.name], at) for one in wanted)])
                if found == at:
                    break
                at = found
            if at - now > longest_s:
                return at - now
            for one in wanted:
                booked = [place for place in json.loads(rows[one.name][0]) if place + one.period_s > now]
                for place in _places(one, at):
                    insort(booked, place)
                values = {"name": one.name, "booked": json.dumps(booked), "idle_at": max(booked) + one.period_s}
                await connection.execute(_BOOK, values)
            return at - now

    async def flood(self, name: str, seconds: float) -> None:
        """Note for how long Telegram wants to hear nothing from a chat, or at all. Raises: ``StorageFault``."""
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

    async def _locked(self, connection: AsyncConnection, names: list[str]) -> dict[str, tuple[str, float, float]]:
        """Return the windows by name, held until the transaction ends."""
        while True:
            found = (await connection.execute(_LOCK, {"names": names})).all()
            if len(found) == len(names):
                return {row[0]: (row[1], float(row[2]), float(row[3])) for row in found}
            await connection.execute(_MAKE, {"names": sorted(names)})

    @staticmethod
    def _earliest(one: Booking, row: tuple[str, float, float], after: float) -> float:
        """Return when there is room for what is wanted, not before ``after``."""
        booked = json.loads(row[0])
        at = max(after, row[1])
        room = one.size - min(one.weight, one.size)
        while True:
            held = sum(1 for place in booked if place + one.period_s > at)
            if held <= room:
                return at
            at = sorted(place for place in booked if place + one.period_s > at)[held - room - 1] + one.period_s


def _places(one: Booking, at: float) -> list[float]:
    """Return the places that are taken: what is over a full window weighs on the following ones."""
    return [at + one.period_s * (number // one.size) for number in range(one.weight)]

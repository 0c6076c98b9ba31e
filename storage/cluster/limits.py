"""Limits that several processes share: Telegram's on messages, and the number of calls to a provider.

Imports SQLAlchemy and ``engine``. PostgreSQL only. Booking a message costs one short transaction of about two
milliseconds; sending it takes fifty and more. A fixed share per process would be free, but it would waste most of a
limit while few processes are busy, and it could not keep the limit of a single chat. All times are the database's,
because the clocks of machines differ.
"""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.engine.fencing import fence

ALL = "all"
"""The window that all messages share.

It has no flood wait, because a flood wait applies to one kind of call only. Earlier versions, which may run at the same
time, store flood waits of setMyCommands and the like there, and stop all messages for them; this version ignores them.
"""

_NOW = "extract(epoch FROM clock_timestamp())"
# Creates missing rows and locks the others, always in the same order, so that no deadlock can occur.
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
    # If the limit was lowered, calls may still hold permits above it.
    " AND :width > (SELECT count(*) FROM permits p WHERE p.name = CAST(:name AS text) AND p.slot <= :line)"
    " ORDER BY random() LIMIT 1 ON CONFLICT DO NOTHING RETURNING slot"
)
# Positions are times in tenths of a second. They wrap around every seven years; then newcomers go first for minutes.
_STAND = text(
    "INSERT INTO permits (name, slot, worker_id)"  # noqa: S608 - the expression above
    " SELECT CAST(:name AS text), place.slot, :worker FROM (SELECT CAST(:line + 1 + mod("
    f"CAST({_NOW} * 10 AS bigint) + CAST(:behind AS bigint), :span) AS integer) AS first) AS due,"
    " LATERAL generate_series(due.first, due.first + 1000) AS place(slot)"
    " WHERE NOT EXISTS (SELECT 1 FROM permits p WHERE p.name = CAST(:name AS text) AND p.slot = place.slot)"
    " ORDER BY place.slot LIMIT 1 ON CONFLICT DO NOTHING RETURNING slot"
)
# The positions of dead workers do not count.
_STANDING = text(
    "SELECT count(*) FILTER (WHERE slot > :line AND slot < :ticket"  # noqa: S608 - the expression above
    " AND worker_id IN (SELECT id FROM procrastinate_workers)) AS ahead,"
    " count(*) FILTER (WHERE slot <= :line) AS running,"
    f" (SELECT booked FROM windows WHERE name = :pace) AS pace, {_NOW} AS now FROM permits WHERE name = :name"
)
_GIVE = text("DELETE FROM permits WHERE name = :name AND slot = :slot AND worker_id = :worker")
_FREE = text("DELETE FROM permits WHERE worker_id NOT IN (SELECT id FROM procrastinate_workers)")


LINE = 1_000_000
"""Slots above this number are not permits but positions in the queue for one, in order of arrival. Earlier versions,
which may run at the same time, see only permits, or queue last."""

LAST = 2**31 - 1
"""The position of a call that does not queue yet."""

PACE_LASTS_S = 3600.0
"""How long a provider's learned pace is kept after its last change."""

Learn = Callable[["Standing"], str | None]
"""Returns the new pace from what is known; None if it has not changed."""

Row = tuple[list[float], float]
"""A window's bookings and the end of its flood wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """A request for ``weight`` messages in a window of at most ``size`` messages per ``period_s`` seconds."""

    name: str
    size: int
    period_s: float
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The queue as one position sees it: calls ahead, running calls, their stored pace, and the database's time.

    The caller defines the text of the pace; None if nothing is stored.
    """

    ahead: int
    running: int
    pace: str | None
    now: float


class SharedLimits:
    """The limits of a cluster, and what its processes have used of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def book(self, wanted: Sequence[Booking], longest_s: float) -> float:
        """Book the earliest time at which all windows have room; return in how many seconds that is.

        Books nothing if that is later than ``longest_s``. Raises: ``StorageFault``.
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
        """Record a flood wait of a chat. Raises: ``StorageFault``."""
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(_FLOOD, {"name": name, "seconds": seconds})

    async def take(self, name: str, width: int) -> int | None:
        """Take one of ``width`` permits to call a provider; None if all are taken. Raises: ``StorageFault``."""
        async with self._database.begin() as connection:
            values = {**_permit(name), "width": width, "line": LINE}
            return (await connection.execute(_TAKE, values)).scalar_one_or_none()

    async def stand(self, name: str, behind_s: float = 0.0) -> int | None:
        """Queue for a permit, ``behind_s`` later than now; return the position, None if another call just took it."""
        # No call waits long enough to need a position before the first one.
        values = {**_permit(name), "line": LINE, "behind": round(behind_s * 10), "span": LAST - LINE - 2000}
        async with self._database.begin() as connection:
            return (await connection.execute(_STAND, values)).scalar_one_or_none()

    async def standing(self, name: str, ticket: int = LAST) -> Standing:
        """Return the queue as a position sees it. Raises: ``StorageFault``."""
        async with self._database.connect() as connection:
            return await _standing(connection, name, ticket)

    async def give(self, name: str, slot: int, learn: Learn | None = None) -> None:
        """Give a permit back, or leave the queue; store what was learned of the pace. Raises: ``StorageFault``."""
        async with self._database.begin(fenced=False) as connection:
            if learn is not None and learn(await _standing(connection, name)) is not None:
                # The pace changes, so lock it and compute it again.
                await connection.execute(_LOCK, {"names": [_pace(name)]})
                standing = await _standing(connection, name)
                if (pace := learn(standing)) is not None:
                    idle_at = standing.now + PACE_LASTS_S
                    await connection.execute(_BOOK, {"names": [_pace(name)], "booked": [pace], "idle": [idle_at]})
            await connection.execute(_GIVE, {**_permit(name), "slot": slot})

    async def sweep(self) -> None:
        """Delete windows that no longer limit anything, and the permits of dead workers."""
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(_SWEEP)
            await connection.execute(_FREE)


def _pace(name: str) -> str:
    return f"calls to {name}"


def _permit(name: str) -> dict[str, str | int]:
    worker = fence.get()
    return {"name": name, "worker": worker.worker_id if worker else 0}


async def _standing(connection: AsyncConnection, name: str, ticket: int = LAST) -> Standing:
    row = (
        await connection.execute(_STANDING, {"name": name, "pace": _pace(name), "line": LINE, "ticket": ticket})
    ).one()
    return Standing(ahead=int(row.ahead), running=int(row.running), pace=row.pace, now=float(row.now))


def _common(wanted: Sequence[Booking], rows: Mapping[str, Row], now: float) -> float:
    """Return the first time from ``now`` on at which every window has room."""
    at = now
    while True:
        found = max(_earliest(one, *rows[one.name], at) for one in wanted)
        if found <= at:
            return at
        at = found


def _earliest(one: Booking, booked: Sequence[float], not_before: float, after: float) -> float:
    """Return when a window has room, not before ``after``; earlier bookings go first."""
    at = max(after, not_before)
    room = one.size - min(one.weight, one.size)
    held = sorted(place for place in booked if place + one.period_s > at)
    return at if len(held) <= room else held[len(held) - room - 1] + one.period_s


def _places(one: Booking, at: float) -> list[float]:
    """Return the times to book; what does not fit into one window is booked into the next ones."""
    return [at + one.period_s * (number // one.size) for number in range(one.weight)]

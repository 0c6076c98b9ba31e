"""What the owner reads once a week: sums over the turns of some days. Also who of several processes does such a chore.

Imports SQLAlchemy, ``engine``, ``records``, ``rows``, ``schema`` and ``tables``. It reads only the turns and the books
of those days, in pages. What all of it cost comes from the books, since calls without an answer may be billed, too. A
chore is a row of ``windows``, as in ``menus``; it is not copied to another database.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select, update

from storage.engine.database import Database
from storage.records import KEPT, TurnState
from storage.rows.ids import first_since
from storage.rows.upsert import insert_or_pass
from storage.schema import entries, spent, turns, windows
from storage.tables.menus import LASTS

DAY_S = 24 * 3600.0
AHEAD_S = DAY_S
"""A chore that is due later than its next time by more than this was claimed by a clock that ran ahead, as that of a
computer without a battery may. Clocks of several processes differ by less."""

PAGE = 300
ENTRIES_PAGE = 20_000
"""So many entries of the books are summed up by one query."""
PAUSE_S = 0.005

FAILED = (TurnState.FAILING.value, TurnState.FAILED.value)

_ROW = (
    turns.c.id,
    turns.c.state,
    func.coalesce(turns.c.asker_id, turns.c.author_id).label("who"),
    turns.c.reply.is_not(None).label("answered"),
    (turns.c.shown != "[]").label("painted"),
    turns.c.cost_micro_usd,
    turns.c.error,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """The turns of some days. ``pictures``: answers with pictures; ``failed``: turns by the key of their error.

    ``cost_micro_usd`` is what the books say of all calls, also of refused, failed and stopped ones; it leaves out
    ``unpriced`` answers. ``people`` leaves out those who had themselves forgotten.
    """

    turns: int = 0
    pictures: int = 0
    people: int = 0
    cost_micro_usd: int = 0
    unpriced: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)


class Reporting:
    """Reads sums, and lets one process of all do what is due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, chore: str, *, now: float, until: float, first: float) -> bool:
        """Return whether this caller shall do a chore now; it is due again at ``until`` (Unix s).

        Of all processes one gets True, also after restarts. ``first``: when a chore is due that was never claimed, or
        that was claimed by a clock which ran far ahead. Raises: ``StorageFault``.
        """
        name = f"chore {chore}"
        row = {"name": name, "booked": "[]", "not_before": first, "idle_at": LASTS}
        due = update(windows).where(windows.c.name == name, windows.c.not_before <= now).values(not_before=until)
        ahead = windows.c.not_before > max(until, first) + AHEAD_S
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(insert_or_pass(windows, connection), [row])
            await connection.execute(update(windows).where(windows.c.name == name, ahead).values(not_before=first))
            return bool((await connection.execute(due)).rowcount)

    async def give_back(self, chore: str, *, until: float, due: float) -> None:
        """Let a chore that was claimed and could not be done be claimed again from ``due`` on (Unix s).

        ``until``: as it was claimed; a later claim stays. Raises: ``StorageFault``.
        """
        mine = (windows.c.name == f"chore {chore}") & (windows.c.not_before == until)
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(update(windows).where(mine).values(not_before=due))

    async def sums(self, since: float) -> Sums:
        """Return the sums of the turns since a time (Unix s), deleted ones included. Raises: ``StorageFault``."""
        counted: Counter[str] = Counter()
        failed: Counter[str] = Counter()
        people: set[int] = set()
        async with self._database.connect() as connection:
            after = await first_since(connection, turns, since) - 1
        while True:
            page = select(*_ROW).where(turns.c.id > after, turns.c.kind != KEPT).order_by(turns.c.id).limit(PAGE)
            async with self._database.connect() as connection:
                rows = (await connection.execute(page)).all()
            for row in rows:
                counted["turns"] += 1
                people.add(row.who)
                if row.answered:
                    counted["pictures"] += row.painted
                    counted["unpriced"] += row.cost_micro_usd is None
                if row.state in FAILED:
                    failed[json.loads(row.error)["key"] if row.error else "trouble"] += 1
            if len(rows) < PAGE:
                break
            after = rows[-1].id
            await asyncio.sleep(PAUSE_S)
        for name, value in (await self._forgotten(since)).items():
            counted[name] += value
        return Sums(
            turns=counted["turns"],
            pictures=counted["pictures"],
            people=len(people - {0}),
            cost_micro_usd=await self._cost(since),
            unpriced=counted["unpriced"],
            failed=dict(failed.most_common()),
        )

    async def _cost(self, since: float) -> int:
        """Return what the books say that all calls since a time cost, in millionths of a dollar."""
        cost = 0
        async with self._database.connect() as connection:
            after = await first_since(connection, entries, since, "at")
            last = int((await connection.execute(select(func.coalesce(func.max(entries.c.id), 0)))).scalar_one())
        summed = select(func.coalesce(func.sum(entries.c.micro_usd + entries.c.paid_micro_usd), 0))
        for first in range(after, last + 1, ENTRIES_PAGE):
            page = summed.where(entries.c.id >= first, entries.c.id < first + ENTRIES_PAGE)
            async with self._database.connect() as connection:
                cost += int((await connection.execute(page)).scalar_one())
            await asyncio.sleep(PAUSE_S)
        return cost

    async def _forgotten(self, since: float) -> dict[str, int]:
        """Return the sums of deleted turns from the day after a time on."""
        columns = (spent.c.turns, spent.c.pictures, spent.c.unpriced)
        summed = select(*(func.coalesce(func.sum(column), 0).label(column.name) for column in columns))
        async with self._database.connect() as connection:
            row = (await connection.execute(summed.where(spent.c.day > int(since // DAY_S)))).one()
        return {name: int(value) for name, value in row._mapping.items()}

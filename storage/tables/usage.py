"""What people spent. Imports SQLAlchemy, ``engine``, ``records`` and ``schema``; only reads.

A repeat counts for the person who asked for it. The costs of deleted turns stay in the total.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, and_, case, cast, desc, func, or_, select

from storage.engine.database import Database
from storage.records import KEPT
from storage.schema import spent, turns

DAY_S = 24 * 3600

WHO = func.coalesce(turns.c.asker_id, turns.c.author_id)
COUNT = func.count().label("turns")
# PostgreSQL sums large integers up to a NUMERIC.
COST = cast(func.coalesce(func.sum(turns.c.cost_micro_usd), 0), BigInteger).label("cost_micro_usd")
SUMS = (
    COUNT,
    func.coalesce(func.sum(case((turns.c.shown != "[]", 1), else_=0)), 0).label("pictures"),
    COST,
    func.coalesce(func.sum(case((turns.c.cost_micro_usd.is_(None), 1), else_=0)), 0).label("unpriced"),
)
"""Of answered turns, in the order of :class:`Spent`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one person's answered turns cost. ``cost_micro_usd`` leaves out ``unpriced`` turns, whose price is unknown.

    ``author_id`` is 0 for the sum of all people who had their data deleted.
    """

    author_id: int
    author_name: str
    turns: int
    pictures: int
    cost_micro_usd: int
    unpriced: int


class Usage:
    """Sums over answered turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person_id: int, *, since: float = 0) -> Spent | None:
        """Return what one person spent since a time (Unix s), None for nothing."""
        own = and_(turns.c.asker_id.is_(None), turns.c.author_id == person_id)
        found = await self._sums(or_(turns.c.asker_id == person_id, own), since, limit=1)
        return found[0] if found else None

    async def everybody(self, *, since: float = 0, limit: int = 20) -> list[Spent]:
        """Return what the ``limit`` busiest people spent since a time (Unix s), and the total of deleted people."""
        found = await self._sums(WHO != 0, since, limit=limit)
        forgotten = await self._forgotten(since)
        return [*found, forgotten] if forgotten.turns else found

    async def _sums(self, who: ColumnElement[bool], since: float, *, limit: int) -> list[Spent]:
        name = func.max(func.coalesce(turns.c.asker_name, turns.c.author_name))
        summed = (
            select(WHO.label("author_id"), name.label("author_name"), *SUMS)
            .where(who, turns.c.created_at >= since, turns.c.reply.is_not(None), turns.c.kind != KEPT)
            .group_by(WHO)
            .order_by(desc(COUNT))
            .limit(limit)
        )
        async with self._database.connect() as connection:
            rows = (await connection.execute(summed)).mappings()
            return [Spent(**{name: row[name] for name in Spent.__slots__}) for row in rows]

    async def _forgotten(self, since: float) -> Spent:
        """Return the total of deleted people: of their turns that are left in groups, and of deleted turns."""
        emptied = select(*SUMS).where(WHO == 0, turns.c.created_at >= since, turns.c.reply.is_not(None))
        columns = (spent.c.turns, spent.c.pictures, spent.c.cost_micro_usd, spent.c.unpriced)
        gone = select(*(cast(func.coalesce(func.sum(column), 0), BigInteger) for column in columns))
        async with self._database.connect() as connection:
            left = (await connection.execute(emptied)).one()
            went = (await connection.execute(gone.where(spent.c.day >= int(since // DAY_S)))).one()
        turns_, pictures, cost, unpriced = (int(a) + int(b) for a, b in zip(left, went, strict=True))
        return Spent(
            author_id=0, author_name="", turns=turns_, pictures=pictures, cost_micro_usd=cost, unpriced=unpriced
        )

"""What people spent. Imports its siblings and SQLAlchemy; reads only."""

from __future__ import annotations

from sqlalchemy import BigInteger, ColumnElement, case, cast, desc, func, select

from storage.database import Database
from storage.records import Spent
from storage.schema import turns


class Usage:
    """Sums over answered turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, author_id: int, *, since: float = 0) -> Spent | None:
        """Return what one person spent since a time in Unix seconds, None for nothing."""
        found = await self._sums(turns.c.author_id == author_id, since, limit=1)
        return found[0] if found else None

    async def everybody(self, *, since: float = 0, limit: int = 20) -> list[Spent]:
        """Return what the people with most turns spent since a time, the busiest first."""
        return await self._sums(turns.c.author_id.is_not(None), since, limit=limit)

    async def _sums(self, who: ColumnElement[bool], since: float, *, limit: int) -> list[Spent]:
        painted = case((turns.c.shown != "[]", 1), else_=0)
        unpriced = case((turns.c.cost_micro_usd.is_(None), 1), else_=0)
        count = func.count().label("turns")
        # PostgreSQL sums large integers up to a NUMERIC.
        cost = cast(func.coalesce(func.sum(turns.c.cost_micro_usd), 0), BigInteger).label("cost_micro_usd")
        summed = (
            select(
                turns.c.author_id,
                func.max(turns.c.author_name).label("author_name"),
                count,
                func.sum(painted).label("pictures"),
                cost,
                func.sum(unpriced).label("unpriced"),
            )
            .where(who, turns.c.created_at >= since, turns.c.reply.is_not(None))
            .group_by(turns.c.author_id)
            .order_by(desc(count))
            .limit(limit)
        )
        async with self._database.connect() as connection:
            rows = (await connection.execute(summed)).mappings()
            return [Spent(**{name: row[name] for name in Spent.__slots__}) for row in rows]

"""The list of people who used the bot or asked to: what each spent, newest first. Imports its siblings; only reads.

A person is found by the newest turn in an index, so the list costs a walk over that index and no turn is read but those
of the people on the page, since the beginning of the month.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, and_, case, cast, desc, func, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.guests.values import Person, Spending, Standing
from storage.schema import guests, turns

_ASKER = func.coalesce(turns.c.asker_id, turns.c.author_id)
_SEEN = union_all(
    select(turns.c.author_id.label("id"), func.max(turns.c.created_at).label("at")).group_by(turns.c.author_id),
    select(turns.c.asker_id, func.max(turns.c.created_at))
    .where(turns.c.asker_id.is_not(None))
    .group_by(turns.c.asker_id),
    select(guests.c.id, guests.c.begun_at),
).subquery()
"""Everybody, with the time of their last wish, of their request, or of the first decision. Forgotten people are 0."""


class People:
    """Lists people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, *, today_s: float, month_s: float, start: int, most: int) -> list[Person]:
        """Return up to ``most`` people from the place ``start``, newest first.

        ``today_s`` and ``month_s``: when this day and this month began (Unix s), the day not before the month.
        """
        newest = func.max(_SEEN.c.at)
        listed = (
            select(_SEEN.c.id, guests.c.name, guests.c.standing)
            .outerjoin(guests, guests.c.id == _SEEN.c.id)
            .where(_SEEN.c.id != 0)
            .group_by(_SEEN.c.id, guests.c.name, guests.c.standing)
            .order_by(desc(newest), _SEEN.c.id)
            .offset(start)
            .limit(most)
        )
        async with self._database.connect() as connection:
            rows = (await connection.execute(listed)).all()
            ids = [row.id for row in rows]
            names = await _names(connection, [row.id for row in rows if not row.name])
            spent = await _spent(connection, ids, today_s, month_s)
        return [
            Person(
                id=row.id,
                name=row.name or names.get(row.id, ""),
                standing=Standing(row.standing) if row.standing else None,
                **spent.get(row.id, {}),
            )
            for row in rows
        ]

    async def name(self, person_id: int) -> str:
        """Return the name that a person had at their last wish; "" for nobody."""
        async with self._database.connect() as connection:
            return (await _names(connection, [person_id])).get(person_id, "")


async def _names(connection: AsyncConnection, ids: list[int]) -> Mapping[int, str]:
    """Return the names that people had at their last wish."""
    names: dict[int, str] = {}
    for person_id in ids:
        for whose, name in ((turns.c.author_id, turns.c.author_name), (turns.c.asker_id, turns.c.asker_name)):
            found = select(name).where(whose == person_id).order_by(turns.c.created_at.desc()).limit(1)
            names.setdefault(person_id, (await connection.execute(found)).scalar_one_or_none() or "")
            if names[person_id]:
                break
            del names[person_id]
    return names


async def _spent(
    connection: AsyncConnection, ids: list[int], today_s: float, month_s: float
) -> Mapping[int, Mapping[str, Spending]]:
    """Return what people spent today and this month. A repeat counts for the person who asked for it."""
    own = and_(turns.c.asker_id.is_(None), turns.c.author_id.in_(ids))
    today = turns.c.created_at >= today_s
    drawn, cost = turns.c.shown != "[]", func.coalesce(turns.c.cost_micro_usd, 0)
    columns = [
        cast(func.coalesce(func.sum(case((when, value), else_=0)), 0), BigInteger)
        for when, value in ((today & drawn, 1), (today, cost), (drawn, 1), (drawn | ~drawn, cost))
    ]
    summed: Any = (
        select(_ASKER, *columns)
        .where(or_(turns.c.asker_id.in_(ids), own), turns.c.created_at >= month_s, turns.c.reply.is_not(None))
        .group_by(_ASKER)
    )
    return {
        person_id: {
            "today": Spending(pictures=of_day, cost_micro_usd=cost_of_day),
            "month": Spending(pictures=of_month, cost_micro_usd=cost_of_month),
        }
        for person_id, of_day, cost_of_day, of_month, cost_of_month in await connection.execute(summed)
    }

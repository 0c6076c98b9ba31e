"""The list of people who used the bot or asked to: what each spent, newest first. Only reads.

Imports SQLAlchemy, ``values``, ``engine`` and ``schema``. A person is found by the newest turn in an index, so the list
costs a walk over that index, and no turn is read. What people spent comes from the sums of the books.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import and_, desc, func, literal, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.values import Allowance, Scope
from storage.engine.database import Database
from storage.guests.values import Person, Spending, Standing
from storage.schema import allowances, chats, guests, sums, turns

_SEEN = union_all(
    select(turns.c.author_id.label("id"), func.max(turns.c.created_at).label("at")).group_by(turns.c.author_id),
    select(turns.c.asker_id, func.max(turns.c.created_at))
    .where(turns.c.asker_id.is_not(None))
    .group_by(turns.c.asker_id),
    select(guests.c.id, guests.c.begun_at),
    # Who was forgotten, or never wished for anything, keeps what was bought, and stands at the end.
    select(sums.c.subject_id, literal(0.0)).where(
        sums.c.scope == Scope.PERSON.value, sums.c.period == "", sums.c.credits > 0
    ),
).subquery()
"""Everybody, with the time of their last wish, of their request, or of the first decision. Forgotten people are 0."""


class People:
    """Lists people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(self, *, today: str, start: int, most: int) -> list[Person]:
        """Return up to ``most`` people from the place ``start``, newest first.

        ``today``: as ``2026-11-28``, in the time zone of the limits.
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
            spent = await _spent(connection, ids, today, today[: len("2026-11")])
            allowed = await _allowed(connection, ids)
        return [
            Person(
                id=row.id,
                name=row.name or names.get(row.id, ""),
                standing=Standing(row.standing) if row.standing else None,
                allowance=allowed.get(row.id),
                **spent.get(row.id, {}),
            )
            for row in rows
        ]

    async def name(self, guest_id: int) -> str:
        """Return the name that a person had at their last wish or request, or the title of a group; "" for nobody."""
        asked = select(guests.c.name).where(guests.c.id == guest_id)
        async with self._database.connect() as connection:
            name = (await _names(connection, [guest_id])).get(guest_id, "")
            if not name and guest_id < 0:
                titled = select(chats.c.title).where(chats.c.chat_id == guest_id)
                name = (await connection.execute(titled)).scalar_one_or_none() or ""
            return name or (await connection.execute(asked)).scalar_one_or_none() or ""


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
    connection: AsyncConnection, ids: list[int], today: str, month: str
) -> Mapping[int, Mapping[str, Any]]:
    """Return what people and groups spent today and this month, and what they bought, by the books."""
    of_whom = or_(
        and_(sums.c.scope == Scope.PERSON.value, sums.c.subject_id > 0),
        and_(sums.c.scope == Scope.GROUP.value, sums.c.subject_id < 0),
    )
    summed = select(sums).where(of_whom, sums.c.subject_id.in_(ids), sums.c.period.in_([today, month, ""]))
    found: dict[int, dict[str, Any]] = {}
    for row in (await connection.execute(summed)).mappings():
        if not row["period"]:
            found.setdefault(row["subject_id"], {}).update(credits=row["credits"], stars=row["stars"])
            continue
        spending = Spending(
            pictures=row["pictures"] + row["paid_pictures"], cost_micro_usd=row["micro_usd"] + row["paid_micro_usd"]
        )
        found.setdefault(row["subject_id"], {})["today" if row["period"] == today else "month"] = spending
    return found


async def _allowed(connection: AsyncConnection, ids: list[int]) -> Mapping[int, Allowance]:
    """Return the limits that owners set for single people and groups."""
    scopes = (Scope.PERSON.value, Scope.GROUP.value)
    found = select(allowances).where(allowances.c.scope.in_(scopes), allowances.c.subject_id.in_(ids))
    names = [one.name for one in fields(Allowance)]
    return {
        row["subject_id"]: Allowance(**{name: row[name] for name in names})
        for row in (await connection.execute(found)).mappings()
    }

"""Reads the books, notes purchases, and stores the limits of single people and groups.

Imports its siblings and SQLAlchemy. A call holds what it may cost in the transaction that begins it (``holding``).
Triggers settle or release that in the transaction that ends the work, and keep the sums (``storage.triggers``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.holding import LIMITS, rooms
from storage.books.values import Allowance, Amounts, Bound, Kind, Scope, Terms
from storage.engine.database import Database, now
from storage.rows.upsert import insert_into, insert_or_update
from storage.schema import allowances, entries, sums, turns


class Books:
    """Reads the books, writes purchases, and stores the limits of single people and groups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bill(self, turn_id: int, micro_usd: int) -> None:
        """Note that an attempt of a turn was billed although it brought nothing; the turn's end books it."""
        cost = func.coalesce(turns.c.cost_micro_usd, 0) + micro_usd
        unanswered = (turns.c.id == turn_id) & turns.c.reply.is_(None)
        async with self._database.begin() as connection:
            await connection.execute(update(turns).where(unanswered).values(cost_micro_usd=cost))

    async def bounds(self, person_id: int, chat_id: int, terms: Terms) -> list[Bound]:
        """Return the limits that hold for a person in a chat, and their use; the tightest first.

        ``chat_id``: a group, or 0 in private.
        """
        async with self._database.connect() as connection:
            return await rooms(connection, person_id, chat_id, terms)

    async def sums(self, scope: Scope, subject_ids: Collection[int], period: str = "") -> Mapping[int, Amounts]:
        """Return the sums of people or groups that have any: of a day, a month, or all time. TOTAL is subject 0."""
        found = select(sums).where(
            sums.c.scope == scope.value, sums.c.period == period, sums.c.subject_id.in_(subject_ids)
        )
        async with self._database.connect() as connection:
            rows = (await connection.execute(found)).mappings()
            return {row["subject_id"]: Amounts(**{one.name: row[one.name] for one in fields(Amounts)}) for row in rows}

    async def allow(self, scope: Scope, subject_id: int, allowance: Allowance | None) -> None:
        """Store the limit of a person or a group, in place of that of the settings; None: the settings count again."""
        key = {"scope": scope.value, "subject_id": subject_id}
        async with self._database.begin() as connection:
            if allowance is None:
                await connection.execute(delete(allowances).filter_by(**key))
            else:
                statement = insert_or_update(allowances, connection, LIMITS)
                await connection.execute(statement, {**key, **asdict(allowance)})

    async def allowed(self, scope: Scope, subject_id: int) -> Allowance | None:
        """Return the stored limit of a person or a group; None where the settings count."""
        found = select(allowances).filter_by(scope=scope.value, subject_id=subject_id)
        async with self._database.connect() as connection:
            row = (await connection.execute(found)).mappings().one_or_none()
        return Allowance(**{name: row[name] for name in LIMITS}) if row else None


async def enter(
    connection: AsyncConnection, kind: Kind, *, person_id: int, day: str, credits: int, stars: int, charge_id: str
) -> bool:
    """Note a purchase or a refund within a running transaction; False, changing nothing, if it was noted before.

    ``credits`` and ``stars`` are added to the person's sums, so a refund gives them as negative numbers.
    """
    row = {
        **asdict(Amounts(credits=credits, stars=stars)),
        "at": now(),
        "kind": kind.value,
        "person_id": person_id,
        "chat_id": 0,
        "day": day,
        "charge_id": charge_id,
    }
    made = insert_into(entries, connection).values(row).on_conflict_do_nothing().returning(entries.c.id)
    return (await connection.execute(made)).first() is not None

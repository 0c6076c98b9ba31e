"""Reads the books, notes purchases, and stores the limits of single people and groups.

Imports SQLAlchemy, ``braking``, ``holding``, ``values``, ``engine``, ``records``, ``upsert``, ``schema`` and
``triggers``. A call holds what it may cost in the transaction that begins it (``holding``). Triggers settle or release
that in the transaction that ends the work, and keep the sums (``storage.triggers``).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books import braking
from storage.books.holding import LIMITS, rooms
from storage.books.values import Allowance, Amounts, Bound, Held, Kind, Listened, Scope, Terms
from storage.engine.database import Database, now
from storage.records import TurnState
from storage.rows.upsert import insert_into, insert_or_pass, insert_or_update
from storage.schema import allowances, entries, sums, turns, windows
from storage.triggers import true_cost

_CORRECT = text(true_cost(":turn", "CAST(:cost AS BIGINT)", "CAST(:now AS DOUBLE PRECISION)"))

NEVER = 1e12
"""When a claim of a notice becomes idle (Unix s)."""


class Books:
    """Reads the books, writes purchases, and stores the limits of single people and groups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def bill(self, turn_id: int, attempt: int, micro_usd: int) -> None:
        """Book an attempt of a turn that was billed although it brought nothing; once, however often it is called."""
        columns = ("person_id", "chat_id", "day")
        held = select(*(entries.c[name] for name in columns)).where(
            entries.c.turn_id == turn_id, entries.c.kind == Kind.HOLD.value
        )
        async with self._database.begin() as connection:
            row = (await connection.execute(held.order_by(entries.c.id.desc()).limit(1))).mappings().one_or_none()
            if row is not None:
                amounts = Amounts(micro_usd=micro_usd)
                charge_id = f"attempt {attempt} of turn {turn_id}"
                await _enter(connection, Kind.SETTLE, amounts, charge_id, **row, turn_id=turn_id)

    async def correct(self, turn_id: int, micro_usd: int) -> None:
        """Book what the call of a cancelled or deleted turn cost, in place of what was expected; only once."""
        unanswered = (turns.c.state == TurnState.CANCELLED.value) & turns.c.reply.is_(None)
        async with self._database.begin() as connection:
            found = (await connection.execute(select(unanswered).where(turns.c.id == turn_id))).scalar_one_or_none()
            if found is not False:
                await connection.execute(_CORRECT, {"turn": turn_id, "cost": micro_usd, "now": now()})

    async def cost(self, turn_id: int) -> int:
        """Return what all calls of a turn cost, in millionths of a dollar; of one that was stopped what is expected."""
        cost = func.coalesce(func.sum(entries.c.micro_usd + entries.c.paid_micro_usd), 0)
        async with self._database.connect() as connection:
            return int((await connection.execute(select(cost).where(entries.c.turn_id == turn_id))).scalar_one())

    async def held(self, turn_id: int) -> Held | None:
        """Return what the last hold for a turn left; None if there was none."""
        found = select(entries.c.room, entries.c.percent).where(
            entries.c.turn_id == turn_id, entries.c.kind == Kind.HOLD.value
        )
        async with self._database.connect() as connection:
            row = (await connection.execute(found.order_by(entries.c.id.desc()).limit(1))).one_or_none()
        return Held(places=1, room=row.room, percent=row.percent) if row else None

    async def paid_for(self, turn_ids: Collection[int]) -> int:
        """Return how many of some answered turns were paid with pictures that somebody bought."""
        paid = select(func.coalesce(func.sum(entries.c.paid_pictures), 0)).where(entries.c.turn_id.in_(turn_ids))
        async with self._database.connect() as connection:
            return int((await connection.execute(paid)).scalar_one())

    async def may_pay(self, person_id: int, day: str) -> bool:
        """Return whether bought pictures pay for more of a person on a day; not after too much that came to nothing."""
        async with self._database.connect() as connection:
            return await braking.in_vain(connection, person_id, day) < braking.MOST_IN_VAIN * braking.WHOLE

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

    async def claim_notice(self, what: str) -> bool:
        """Return True to the first caller over all processes, who tells the owners; False to all others."""
        row = {"name": f"limit: {what}", "booked": "[]", "not_before": 0.0, "idle_at": NEVER}
        async with self._database.begin(fenced=False) as connection:
            claimed = await connection.execute(insert_or_pass(windows, connection, windows.c.name), [row])
            return claimed.first() is not None


async def book_listening(connection: AsyncConnection, listened: Listened, name: str) -> None:
    """Book within a running transaction, which must end now, what it cost to listen to a recording; once for a name.

    It holds no place: the cost is known only afterwards, and it counts whether or not a wish comes of the words.
    """
    payer = {"person_id": listened.person_id, "chat_id": listened.chat_id, "day": listened.day}
    await _enter(connection, Kind.SETTLE, Amounts(micro_usd=listened.micro_usd), name, **payer)


async def enter(
    connection: AsyncConnection, kind: Kind, *, person_id: int, day: str, credits: int, stars: int, charge_id: str
) -> bool:
    """Note a purchase or a refund within a running transaction; False, changing nothing, if it was noted before.

    ``credits`` and ``stars`` are added to the person's sums, so a refund gives them as negative numbers.
    """
    amounts = Amounts(credits=credits, stars=stars)
    return await _enter(connection, kind, amounts, charge_id, person_id=person_id, chat_id=0, day=day)


async def _enter(connection: AsyncConnection, kind: Kind, amounts: Amounts, charge_id: str, **more: Any) -> bool:
    row = {**asdict(amounts), **more, "at": now(), "kind": kind.value, "charge_id": charge_id}
    made = insert_into(entries, connection).values(row).on_conflict_do_nothing().returning(entries.c.id)
    return (await connection.execute(made)).first() is not None

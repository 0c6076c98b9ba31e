"""Notes payments and refunds in the books, together with the updates that said so.

Imports SQLAlchemy, ``books``, ``engine``, ``records``, ``upsert``, ``schema``, ``tables`` and ``triggers``. Each counts
once, by Telegram's charge id, however often it is delivered: the entries are unique by charge and kind. In each
transaction the entry comes last, because all transactions wait for each other's sums.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.books import enter
from storage.books.holding import BOOKS_LOCK, be_alone
from storage.books.values import Kind, Scope
from storage.engine.database import Database, now
from storage.engine.faults import again_after_deadlock
from storage.records import Json
from storage.rows.upsert import GoneMeanwhile
from storage.schema import entries, sums
from storage.tables.inbox import finish_updates
from storage.triggers import AMOUNTS, REFUNDED

_SPENT = text(f"""
INSERT INTO entries (at, kind, turn_id, person_id, chat_id, day, {", ".join(AMOUNTS)}, charge_id)
SELECT CAST(:now AS DOUBLE PRECISION), 'refund', held.turn_id, held.person_id, held.chat_id, held.day,
  {", ".join("0" for _ in AMOUNTS)}, CAST(:charge AS VARCHAR(255)) || ' ' || held.turn_id
FROM entries AS held
WHERE held.person_id = :person AND held.kind = 'hold' AND held.credits < 0
  AND NOT EXISTS (SELECT 1 FROM entries AS ending WHERE ending.closes = held.id)
  AND NOT EXISTS (SELECT 1 FROM entries AS taken WHERE {REFUNDED})
ORDER BY held.id LIMIT :most
""")  # noqa: S608 - our own names
"""Notes that pictures which are being made were paid by a payment that is refunded: their credit does not come back."""

LISTED = 5
"""How many of the payments of a person are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """So many pictures for so many Stars. ``at``: Unix s. ``taken``: pictures taken back by a refund; None without.

    ``number``: of its entry, short enough for a button; 0 before it is noted. ``left``: what a refund left of all that
    the person bought; None where this is not known.
    """

    charge_id: str
    person_id: int
    pictures: int
    stars: int
    at: float
    taken: int | None = None
    number: int = 0
    left: int | None = None


class Purchases:
    """Writes and reads payments."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @again_after_deadlock
    async def paid(self, payment: Payment, day: str, updates: Collection[int], notice: Json) -> bool:
        """Note a payment, and end its updates; False if it was noted before, and then there is nothing to say."""
        async with self._database.begin() as connection:
            if await _find(connection, payment.charge_id) is not None:
                await finish_updates(connection, updates)
                return False
            await finish_updates(connection, updates, notice)
            if not await _enter(connection, Kind.BUY, payment, day, payment.pictures, payment.stars):
                raise GoneMeanwhile(f"payment {payment.charge_id}")
            return True

    @again_after_deadlock
    async def refunded(
        self, charge_id: str, day: str, updates: Collection[int] = (), notice: Json | None = None
    ) -> tuple[Payment, bool] | None:
        """Note that a payment was refunded: take back what is unspent of it, and end the updates that said so.

        Return the payment, and whether this call noted the refund; None for a payment that is not in the books. A
        picture that is being made counts as spent, also if it does not come in the end. ``notice`` is kept to be said
        only if this call noted it.
        """
        async with self._database.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Nobody may hold credit, or give it back, between the look at it and the entry.
                await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": BOOKS_LOCK})
                await be_alone(connection)
            payment = await _find(connection, charge_id)
            if payment is None or payment.taken is not None:
                await finish_updates(connection, updates)
                return (payment, False) if payment else None
            credit = max(await _credit(connection, payment.person_id), 0)
            taken = min(payment.pictures, credit)
            values = {"pictures": taken, "stars": payment.stars, "count": credit - taken}
            said = {**notice, "values": values} if notice else None
            await finish_updates(connection, updates, said)
            await _enter(connection, Kind.REFUND, payment, day, -taken, -payment.stars)
            spent = {"person": payment.person_id, "charge": charge_id, "most": payment.pictures - taken, "now": now()}
            await connection.execute(_SPENT, spent)
            return replace(payment, taken=taken, left=credit - taken), True

    async def find(self, charge_id: str) -> Payment | None:
        """Return a payment."""
        async with self._database.connect() as connection:
            return await _find(connection, charge_id)

    async def numbered(self, number: int) -> Payment | None:
        """Return the payment of an entry."""
        found = select(entries.c.charge_id).where(entries.c.id == number, entries.c.kind == Kind.BUY.value)
        async with self._database.connect() as connection:
            charge_id = (await connection.execute(found)).scalar_one_or_none()
            return await _find(connection, charge_id) if charge_id else None

    async def any(self) -> bool:
        """Return whether anything was ever paid that was not refunded."""
        found = select(sums.c.stars).where(sums.c.scope == Scope.TOTAL.value, sums.c.period == "", sums.c.stars > 0)
        async with self._database.connect() as connection:
            return (await connection.execute(found)).first() is not None

    async def of(self, person_id: int) -> list[Payment]:
        """Return the last payments of a person, newest first."""
        found = select(entries.c.charge_id).where(
            entries.c.person_id == person_id, entries.c.kind == Kind.BUY.value, entries.c.charge_id.is_not(None)
        )
        async with self._database.connect() as connection:
            charges = (await connection.execute(found.order_by(entries.c.id.desc()).limit(LISTED))).scalars().all()
            payments = [await _find(connection, charge_id) for charge_id in charges]
        return [payment for payment in payments if payment is not None]


async def _enter(connection: AsyncConnection, kind: Kind, payment: Payment, day: str, credits: int, stars: int) -> bool:
    return await enter(
        connection,
        kind,
        person_id=payment.person_id,
        day=day,
        credits=credits,
        stars=stars,
        charge_id=payment.charge_id,
    )


async def _find(connection: AsyncConnection, charge_id: str) -> Payment | None:
    back = entries.alias("back")
    joined = entries.outerjoin(back, (back.c.charge_id == entries.c.charge_id) & (back.c.kind == Kind.REFUND.value))
    found = (
        select(entries, (-back.c.credits).label("taken"))
        .select_from(joined)
        .where(entries.c.charge_id == charge_id, entries.c.kind == Kind.BUY.value)
    )
    row = (await connection.execute(found)).mappings().one_or_none()
    if row is None:
        return None
    return Payment(
        charge_id=charge_id,
        person_id=row["person_id"],
        pictures=row["credits"],
        stars=row["stars"],
        at=row["at"],
        taken=row["taken"],
        number=row["id"],
    )


async def _credit(connection: AsyncConnection, person_id: int) -> int:
    found = select(func.coalesce(func.max(sums.c.credits), 0)).where(
        sums.c.scope == Scope.PERSON.value, sums.c.subject_id == person_id, sums.c.period == ""
    )
    return int((await connection.execute(found)).scalar_one())

"""Holds places for calls within the limits, and reads how much room there is.

Imports SQLAlchemy, ``braking``, ``values``, ``engine``, ``rows``, ``schema`` and ``triggers``. A call holds what it may
cost before it begins, in the transaction that begins it. The check against the limits and the hold are one statement.
On PostgreSQL all holds wait for each other, by an advisory lock, so they cannot overdraw a limit together; SQLite has
only one writer anyway. A turn whose call goes to somebody with another price holds anew: the old hold is released in
that transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.braking import MOST_IN_VAIN, VAIN, WHOLE
from storage.books.values import Allowance, Bound, Held, Kind, OverLimit, Scope, Terms
from storage.engine.database import now
from storage.rows.statements import BEGIN_CALL
from storage.rows.upsert import TurnMovedOn
from storage.schema import entries
from storage.triggers import AMOUNTS, REFUNDED

BOOKS_LOCK = 0x626F6F6B
"""An arbitrary number for the advisory lock of those who hold."""

_ALONE = text("SELECT 1 FROM sums WHERE scope = 'total' AND subject_id = 0 AND period = '' FOR UPDATE")

# Taken by the statement before the hold, so that the hold sees what others committed while it waited.
_BEGIN_CALL_LOCKING = BEGIN_CALL.returning(func.pg_advisory_xact_lock(BOOKS_LOCK))

LIMITS = tuple(one.name for one in fields(Allowance))
PERIODS, UNITS = ("day", "month"), ("pictures", "micro_usd")


def _given(scope: Scope, subject: str) -> str:
    values = ", ".join(f"CAST(:{scope.value}_{name} AS BIGINT) AS {name}" for name in LIMITS)
    return f"SELECT '{scope.value}' AS scope, {subject} AS subject_id, {values} FROM payer"  # noqa: S608 - our own names


def _rooms(period: str, unit: str) -> str:
    """Return the query for one kind of limit: how much there is of it, and how much of that is used."""
    step, dollars = ("1", 0) if unit == "pictures" else ("CAST(:price AS BIGINT)", 1)
    most = f"rules.{period}_{unit}"
    return f"""
SELECT rules.scope, CAST(:{period} AS VARCHAR(10)) AS period, {dollars} AS in_dollars, {most} AS most, {step} AS step,
  COALESCE(sums.held_{unit} + sums.{unit}, 0) AS used
FROM rules LEFT JOIN sums ON sums.scope = (CASE rules.scope WHEN 'admins' THEN 'group' ELSE rules.scope END)
  AND sums.subject_id = rules.subject_id AND sums.period = :{period}
WHERE {most} IS NOT NULL"""  # noqa: S608 - our own names


_PAYER = """
payer AS (
  SELECT COALESCE(turns.asker_id, turns.author_id) AS person_id,
    CASE WHEN conversations.chat_id < 0 THEN conversations.chat_id ELSE 0 END AS chat_id
  FROM turns JOIN conversations ON conversations.id = turns.conversation_id WHERE turns.id = :turn
)"""
_ANYBODY = "payer AS (SELECT CAST(:person AS BIGINT) AS person_id, CAST(:chat AS BIGINT) AS chat_id)"

_BATCH = "(turns.id = :turn OR turns.set_id = (SELECT set_id FROM turns WHERE id = :turn))"
_OPEN = "held.kind = 'hold' AND NOT EXISTS (SELECT 1 FROM entries AS ending WHERE ending.closes = held.id)"
_WAITS = f"""
turns.state IN ('accepted', 'calling') AND NOT EXISTS (
  SELECT 1 FROM entries AS held WHERE held.turn_id = turns.id AND {_OPEN}
)"""  # noqa: S608 - our own names
"""The condition for a turn that needs a place and has none."""

_REFUSED = """
turns.state = 'failing' AND NOT EXISTS (
  SELECT 1 FROM entries AS held WHERE held.turn_id = turns.id AND held.kind = 'hold'
)"""
"""The condition for a turn of the batch that was refused a moment ago: the rest of the batch is refused, too."""

_MEMBERS = f"""
members AS (
  SELECT turns.id, ROW_NUMBER() OVER (ORDER BY turns.id) AS number FROM turns WHERE {_BATCH} AND {_WAITS}
), wanted AS (SELECT COUNT(*) AS count FROM turns WHERE {_BATCH} AND (({_WAITS}) OR ({_REFUSED})))"""  # noqa: S608

_FOUND = f"""
own AS ({
    " UNION ALL ".join((_given(Scope.TOTAL, "0"), _given(Scope.PERSON, "person_id"), _given(Scope.GROUP, "chat_id")))
}),
rules AS (
  SELECT own.scope, own.subject_id, {
    ", ".join(
        f"CASE WHEN allowances.scope IS NULL THEN own.{name} ELSE allowances.{name} END AS {name}" for name in LIMITS
    )
}
  FROM own LEFT JOIN allowances ON allowances.scope = own.scope AND allowances.subject_id = own.subject_id
  WHERE own.scope = 'total' OR (:exempt = 0 AND own.subject_id <> 0)
  UNION ALL
  SELECT allowances.scope, allowances.subject_id, {", ".join(f"allowances.{name}" for name in LIMITS)}
  FROM payer JOIN allowances ON allowances.scope = 'admins' AND allowances.subject_id = payer.chat_id
  WHERE :exempt = 0
),
used AS ({
    " UNION ALL ".join(_rooms(period, unit) for period in ("day", "month") for unit in ("pictures", "micro_usd"))
}),
rooms AS (
  SELECT used.*, CASE WHEN step > 0 THEN (most - used) / step WHEN used >= most THEN 0 END AS room FROM used
)"""  # noqa: S608 - our own names

HOLD = text(f"""
WITH {_PAYER}, {_MEMBERS}, {_FOUND},
found AS (
  SELECT MIN(rooms.room) AS room, MAX(
    CASE WHEN rooms.scope = 'total' AND most > 0 THEN (used + step * wanted.count) * 100 / most END
  ) AS percent
  FROM wanted LEFT JOIN rooms ON 1 = 1
),
credit AS (
  SELECT COALESCE(MAX(sums.credits), 0) AS balance FROM payer
  LEFT JOIN sums ON sums.scope = 'person' AND sums.subject_id = payer.person_id AND sums.period = ''
),
vain AS (SELECT ({VAIN.format(person="(SELECT person_id FROM payer)")}) AS weight),
holds AS (
  SELECT members.id, payer.person_id, payer.chat_id, found.room - wanted.count AS room, found.percent,
    CASE WHEN found.room IS NULL OR members.number <= found.room THEN 1 ELSE 0 END AS free
  FROM members CROSS JOIN wanted CROSS JOIN payer CROSS JOIN found CROSS JOIN credit
  WHERE found.room IS NULL OR wanted.count <= found.room
    OR wanted.count <= (CASE WHEN found.room > 0 THEN found.room ELSE 0 END) + credit.balance
      AND (:exempt = 1 OR (SELECT weight FROM vain) < {MOST_IN_VAIN * WHOLE})
)
INSERT INTO entries (at, kind, turn_id, person_id, chat_id, day, held_pictures, held_micro_usd, pictures, micro_usd,
  paid_pictures, paid_micro_usd, credits, stars, price_micro_usd, room, percent)
SELECT CAST(:at AS DOUBLE PRECISION), 'hold', id, person_id, chat_id, CAST(:day AS VARCHAR(10)), free,
  free * CAST(:price AS BIGINT), 0, 0, 0, 0, free - 1, 0, CAST(:price AS BIGINT), room, percent
FROM holds
RETURNING room, percent
""")  # noqa: S608 - our own names
"""Holds a place for each turn of a batch that has none: from the limits, and what these do not allow from credit."""

_WANTED = text(f"WITH {_MEMBERS} SELECT count, (SELECT COUNT(*) FROM members) AS waiting FROM wanted")  # noqa: S608 - our own names

_AT_ANOTHER_PRICE = text(f"""
SELECT held.* FROM entries AS held WHERE held.turn_id IN :turns AND held.price_micro_usd <> :price AND {_OPEN}
  AND NOT EXISTS (SELECT 1 FROM entries AS taken WHERE {REFUNDED}) ORDER BY held.id
""").bindparams(bindparam("turns", expanding=True))  # noqa: S608 - our own names
"""The holds of some turns at another price. One of credit that was refunded stays: nothing else is left to hold."""

_CREDIT = text(f"""
WITH {_PAYER} SELECT COALESCE(MAX(sums.credits), 0) AS balance,
  ({VAIN.format(person="(SELECT person_id FROM payer)")}) AS vain FROM payer
JOIN sums ON sums.scope = 'person' AND sums.subject_id = payer.person_id AND sums.period = ''
""")  # noqa: S608 - our own names
_ROOMS = text(f"WITH {_PAYER}, {_FOUND} SELECT * FROM rooms")  # noqa: S608 - our own names
_ROOMS_OF = text(f"WITH {_ANYBODY}, {_FOUND} SELECT * FROM rooms")  # noqa: S608 - our own names


async def begin_attempt(connection: AsyncConnection, turn_id: int, *, holds: bool) -> int:
    """Begin a call for a turn; return the number of the attempt, from 1.

    ``holds``: it is the last turn before the transaction holds. Whoever has the lock of those who hold must not wait
    for a turn: it may belong to somebody who waits for another one that holds. Raises: ``TurnMovedOn`` if it has ended.
    """
    begin = _BEGIN_CALL_LOCKING if holds and connection.dialect.name == "postgresql" else BEGIN_CALL
    row = (await connection.execute(begin, {"turn": turn_id})).first()
    if row is None:
        raise TurnMovedOn(turn_id)
    return int(row.attempts)


async def hold(connection: AsyncConnection, turn_ids: Sequence[int], terms: Terms) -> Held | None:
    """Hold a place for the turns of a call and their batch, within the transaction that begins it.

    Return None if they have theirs at this price. Raises: :class:`OverLimit` if there is no room for all of them,
    ``TurnMovedOn`` if the conversation is gone; roll back then, and they have what they had.
    """
    turn_id, anew = turn_ids[0], 0
    given = {"turn": turn_id, **_values(terms)}
    for _ in range(3):
        rows = (await connection.execute(HOLD, {**given, "at": now()})).all()
        if rows:
            return Held(places=len(rows) - anew, room=rows[0].room, percent=rows[0].percent)
        wanted = (await connection.execute(_WANTED, {"turn": turn_id})).one()
        if not wanted.waiting:
            anew = await _release(connection, turn_ids, terms.price_micro_usd)
            if not anew:
                return None
            continue
        bounds = [_bound(row) for row in (await connection.execute(_ROOMS, given)).mappings()]
        # Where an owner took the limits away at this moment, there is room now.
        if bounds:
            credit = (await connection.execute(_CREDIT, {"turn": turn_id, "day": terms.day})).one()
            tightest, free = _tightest(bounds), _tightest(bounds).room or 0
            if credit.balance and credit.vain >= MOST_IN_VAIN * WHOLE and not terms.exempt:
                raise OverLimit(tightest, wanted=wanted[0], room=free, in_vain=True)
            raise OverLimit(tightest, wanted=wanted[0], room=free + credit.balance)
    raise TurnMovedOn(turn_id)


async def _release(connection: AsyncConnection, turn_ids: Sequence[int], price: int) -> int:
    """Release the holds of some turns at another price; return how many must be held anew, within the limits.

    What becomes cheaper is held anew here, and never refused. What was paid with credit may find free room now.
    """
    asked = {"turns": list(turn_ids), "price": price}
    if not (await connection.execute(_AT_ANOTHER_PRICE, asked)).first():
        return 0
    # Somebody who is forgotten at this moment loses the number in both the hold and its end.
    await be_alone(connection)
    held = (await connection.execute(_AT_ANOTHER_PRICE, asked)).mappings().all()
    cheaper = [row for row in held if not row["credits"] and price < row["price_micro_usd"]]
    await connection.execute(entries.insert(), [*map(_ended, held), *(_at(row, price) for row in cheaper)])
    return len(held) - len(cheaper)


def _ended(held: RowMapping) -> dict[str, Any]:
    """Return the entry that releases a hold."""
    back = {name: -held[name] for name in AMOUNTS}
    none = {"price_micro_usd": None, "room": None, "percent": None}
    return {**_copied(held), **back, **none, "kind": Kind.RELEASE.value, "closes": held["id"]}


def _at(held: RowMapping, price: int) -> dict[str, Any]:
    """Return the same hold at another price."""
    return {**_copied(held), "price_micro_usd": price, "held_micro_usd": held["held_pictures"] * price}


def _copied(held: RowMapping) -> dict[str, Any]:
    return {**{name: value for name, value in held.items() if name != "id"}, "at": now()}


async def be_alone(connection: AsyncConnection) -> None:
    """Wait for all who are adding an entry; later ones wait until this transaction ends."""
    if connection.dialect.name == "postgresql":
        # SQLite has only one writer anyway.
        await connection.execute(_ALONE)


async def rooms(connection: AsyncConnection, person_id: int, chat_id: int, terms: Terms) -> list[Bound]:
    """Return the limits that hold for a person in a group (0: in private), and their use; the tightest first."""
    given = {"person": person_id, "chat": chat_id, **_values(terms)}
    found = (await connection.execute(_ROOMS_OF, given)).mappings()
    return sorted((_bound(row) for row in found), key=_tightness)


def _values(terms: Terms) -> dict[str, Any]:
    given = asdict(terms.allowances)
    return {
        **{f"{scope}_{name}": value for scope, allowance in given.items() for name, value in allowance.items()},
        "day": terms.day,
        "month": terms.month,
        "price": terms.price_micro_usd,
        "exempt": int(terms.exempt),
    }


def _bound(row: RowMapping) -> Bound:
    room = row["room"]
    return Bound(
        scope=Scope(row["scope"]),
        period=row["period"],
        in_dollars=bool(row["in_dollars"]),
        most=row["most"],
        used=row["used"],
        room=None if room is None else max(room, 0),
    )


def _tightness(bound: Bound) -> tuple[float, bool]:
    """Order limits by their room; of two, the longer period comes first, since it begins anew later."""
    return (float("inf") if bound.room is None else bound.room, bound.is_daily)


def _tightest(bounds: Collection[Bound]) -> Bound:
    return min(bounds, key=_tightness)

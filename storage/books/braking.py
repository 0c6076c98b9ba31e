"""Counts what bought pictures cost without being used, so that one of them cannot cost any amount.

Imports SQLAlchemy and ``schema``. A bought picture comes back where no picture came, although the provider may bill the
call. No limit stops it, so somebody could repeat that without end: by cancels, or by wishes that bring words or a
refusal. Both are counted for a day, from the books, so ``/forget`` renews nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import LISTENED_SQL

MOST_IN_VAIN = 10
"""For how many pictures' worth of calls in a day that brought none, bought pictures pay; then for nothing more."""

WHOLE = 100
"""What a stopped call weighs, which may cost as much as a picture; others weigh by what they cost."""

SMALL = 10
"""What words and recordings weigh where their price is not known."""

LONGEST_CALL_S = 3600.0
"""No call runs longer, with all its repeats: what was held earlier keeps nobody from being forgotten."""

BRAKE_LOCK = 0x73746F70
"""An arbitrary number for the advisory locks of those who stop what the same person pays for."""

_ENDED = """
FROM entries AS held JOIN entries AS ending ON ending.closes = held.id LEFT JOIN turns ON turns.id = held.turn_id
WHERE held.kind = 'hold' AND held.credits < 0 AND held.day = :day
  AND held.id = (SELECT MAX(last.id) FROM entries AS last WHERE last.turn_id = held.turn_id AND last.kind = 'hold')"""
"""The last hold of each turn that was paid with a bought picture: whoever answers instead is held for anew."""

_GONE = "turns.id IS NULL AND ending.paid_pictures = 0 AND (ending.kind = 'settle' OR held.price_micro_usd = 0)"
"""The condition for a deleted turn that may have been stopped. Only the books know it: of a call with a known price
something was settled. Where none is known, a failure looks the same, and counts, too."""

_STOPPED = f"(turns.state = 'cancelled' AND turns.attempts > 0 OR {_GONE})"

_SPENT = """(ending.micro_usd + CAST(COALESCE((
    SELECT SUM(billed.micro_usd) FROM entries AS billed WHERE billed.turn_id = held.turn_id AND billed.closes IS NULL
  ), 0) AS BIGINT))"""

# Rounded up, so that what costs little is not free.
_SHARE = f"({WHOLE} * {_SPENT} + held.price_micro_usd - 1) / held.price_micro_usd"

VAIN = f"""
SELECT COALESCE(SUM(CASE
    WHEN turns.state IN ('answered', 'delivered') AND {_SPENT} = 0 THEN {SMALL}
    WHEN held.price_micro_usd > 0 AND {_SPENT} < held.price_micro_usd THEN {_SHARE}
    WHEN held.price_micro_usd > 0 OR turns.state = 'cancelled' THEN {WHOLE} ELSE {SMALL} END), 0)
{_ENDED} AND held.person_id = {{person}} AND held.turn_id <> :turn AND ({_STOPPED}
  OR ending.paid_pictures = 0 AND (turns.state IN ('answered', 'delivered') OR {_SPENT} > 0))"""
"""Weighs the turns of a ``person`` on a day, besides ``:turn``, for which a bought picture was held in vain.

In hundredths of a picture. Words cost little, so somebody who talks a lot does not lose the use of what they paid for.
"""

_COUNT_STOPPED = text(f"SELECT COUNT(*) {_ENDED} AND held.person_id = :person AND {_STOPPED}")

_PAID_CALL = text("""
WITH batch AS (
  SELECT * FROM turns WHERE turns.id = :turn OR turns.set_id = (SELECT set_id FROM turns WHERE id = :turn)
)
SELECT held.id FROM batch JOIN entries AS held ON held.turn_id = batch.id AND held.kind = 'hold' AND held.credits < 0
LEFT JOIN entries AS ending ON ending.closes = held.id
WHERE batch.state = 'calling' AND ending.id IS NULL
  OR batch.state = 'answered' AND ending.paid_pictures > 0
    AND EXISTS (SELECT 1 FROM batch AS other WHERE other.state IN ('accepted', 'calling'))
    AND NOT EXISTS (SELECT 1 FROM steps JOIN batch AS other ON other.id = steps.turn_id)
LIMIT 1
""")
"""Finds a call for a turn or its batch that has begun and is paid with a bought picture.

Of versions, those that have arrived are given back, too, while others are still waited for and none is shown.
"""

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(CAST(:place AS INTEGER), CAST(:person AS INTEGER))")

_COUNT_IN_VAIN = text(f"""
SELECT ({VAIN.format(person=":person")}) AS vain,
  (SELECT COUNT(*) FROM entries WHERE {LISTENED_SQL} AND person_id = :person AND day = :day) AS heard,
  (SELECT COUNT(DISTINCT turn_id) FROM entries WHERE kind = 'hold' AND person_id = :person AND day = :day) AS called
""")  # noqa: S608 - our own names

_PAYERS = text("""
SELECT DISTINCT held.person_id FROM entries AS held JOIN turns ON turns.id = held.turn_id
LEFT JOIN entries AS ending ON ending.closes = held.id
WHERE held.turn_id IN :turns AND held.kind = 'hold' AND held.credits < 0 AND held.at > :since AND ending.id IS NULL
  AND turns.state = 'calling'
""").bindparams(bindparam("turns", expanding=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """How many of the pictures that a person bought may be stopped on a day after their calls have begun."""

    person_id: int
    day: str
    most: int


class StoppedEnough(Exception):
    """A call was not stopped: it is paid with a bought picture, and its payer's were stopped too often on that day."""


async def allow_stop(connection: AsyncConnection, turn_id: int, brake: Brake) -> None:
    """Let a turn be stopped within a running transaction, which holds its row. Raises: :class:`StoppedEnough`.

    Those who stop for the same person wait for each other until the transaction ends, so many at once are counted.
    """
    if not await is_paid_call(connection, turn_id):
        return
    if connection.dialect.name == "postgresql":
        # SQLite has only one writer anyway.
        await connection.execute(_ONE_BY_ONE, {"place": BRAKE_LOCK, "person": brake.person_id % 2**31})
    if await stopped(connection, brake.person_id, brake.day) >= brake.most:
        raise StoppedEnough


async def is_paid_call(connection: AsyncConnection, turn_id: int) -> bool:
    """Return whether a call for a turn or its batch has begun that is paid with a picture which somebody bought."""
    return (await connection.execute(_PAID_CALL, {"turn": turn_id})).first() is not None


async def stopped(connection: AsyncConnection, person_id: int, day: str) -> int:
    """Return how many of the pictures that a person bought were stopped on a day after their calls had begun."""
    given = {"person": person_id, "day": day}
    return int((await connection.execute(_COUNT_STOPPED, given)).scalar_one())


async def in_vain(connection: AsyncConnection, person_id: int, day: str) -> int:
    """Return what a person cost on a day without a picture, by bought pictures and by recordings, in hundredths of one.

    A recording counts if no call came of it.
    """
    given = {"person": person_id, "day": day, "turn": 0}
    row = (await connection.execute(_COUNT_IN_VAIN, given)).one()
    return int(row.vain + SMALL * max(row.heard - row.called, 0))


async def payers_of_calls(connection: AsyncConnection, turn_ids: Collection[int], now: float) -> frozenset[int]:
    """Return who pays with bought pictures for calls that run for some turns. ``now``: Unix s."""
    if not turn_ids:
        return frozenset()
    given = {"turns": sorted(turn_ids), "since": now - LONGEST_CALL_S}
    return frozenset((await connection.execute(_PAYERS, given)).scalars())

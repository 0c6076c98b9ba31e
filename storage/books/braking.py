"""Counts what bought pictures cost without being used, so that one of them cannot cost any amount.

Imports SQLAlchemy and ``schema``. A bought picture comes back where no picture came, although the provider may bill the
call. No limit stops it, so somebody could repeat that without end: by cancels, or by wishes that bring words or a
refusal. Both are counted for a day, from the books, so ``/forget`` renews nothing.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.schema import LISTENED_SQL

MOST_IN_VAIN = 10
"""After how many calls in a day that brought no picture, but may be billed, no bought picture pays for another one."""

LONGEST_CALL_S = 3600.0
"""No call runs longer, with all its repeats: what was held earlier keeps nobody from being forgotten."""

_ENDED = """
FROM entries AS held JOIN entries AS ending ON ending.closes = held.id LEFT JOIN turns ON turns.id = held.turn_id
WHERE held.kind = 'hold' AND held.credits < 0 AND held.day = :day
  AND held.id = (SELECT MAX(last.id) FROM entries AS last WHERE last.turn_id = held.turn_id AND last.kind = 'hold')"""
"""The last hold of each turn that was paid with a bought picture: whoever answers instead is held for anew."""

_GONE = "turns.id IS NULL AND ending.paid_pictures = 0 AND (ending.kind = 'settle' OR held.price_micro_usd = 0)"
"""The condition for a deleted turn that may have been stopped. Only the books know it: of a call with a known price
something was settled. Where none is known, a failure looks the same, and counts, too."""

_STOPPED = f"(turns.state = 'cancelled' AND turns.attempts > 0 OR {_GONE})"

VAIN = f"""
SELECT COUNT(*) {_ENDED} AND held.person_id = {{person}} AND held.turn_id <> :turn AND ({_STOPPED}
  OR ending.paid_pictures = 0 AND (turns.state IN ('answered', 'delivered') OR ending.micro_usd > 0 OR EXISTS (
    SELECT 1 FROM entries AS billed
    WHERE billed.turn_id = held.turn_id AND billed.closes IS NULL AND billed.micro_usd > 0
  )))"""  # noqa: S608 - our own names
"""Counts the turns of a ``person`` on a day, besides ``:turn``, for which a bought picture was held in vain."""

_COUNT_STOPPED = text(f"SELECT COUNT(*) {_ENDED} AND held.person_id = :person AND {_STOPPED}")

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


async def stopped(connection: AsyncConnection, person_id: int, day: str) -> int:
    """Return how many of the pictures that a person bought were stopped on a day after their calls had begun."""
    given = {"person": person_id, "day": day}
    return int((await connection.execute(_COUNT_STOPPED, given)).scalar_one())


async def in_vain(connection: AsyncConnection, person_id: int, day: str) -> int:
    """Return how often a person cost something on a day without a picture, by bought pictures and by recordings.

    A recording counts if no call came of it.
    """
    given = {"person": person_id, "day": day, "turn": 0}
    row = (await connection.execute(_COUNT_IN_VAIN, given)).one()
    return int(row.vain + max(row.heard - row.called, 0))


async def payers_of_calls(connection: AsyncConnection, turn_ids: Collection[int], now: float) -> frozenset[int]:
    """Return who pays with bought pictures for calls that run for some turns. ``now``: Unix s."""
    if not turn_ids:
        return frozenset()
    given = {"turns": sorted(turn_ids), "since": now - LONGEST_CALL_S}
    return frozenset((await connection.execute(_PAYERS, given)).scalars())

"""Proves that the books agree: sums with entries, holds with their ends. Only reads.

Imports SQLAlchemy and ``triggers``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.triggers import AMOUNTS, REFUNDED

_SPREAD = " UNION ALL ".join(
    f"SELECT '{scope}' AS scope, {subject} AS subject_id, {period} AS period, {', '.join(AMOUNTS)} "  # noqa: S608
    f"FROM entries{where}"
    for scope, subject, where in (
        ("total", "0", ""),
        ("person", "person_id", " WHERE person_id <> 0"),
        ("group", "chat_id", " WHERE chat_id <> 0"),
    )
    for period in ("''", "substr(day, 1, 7)", "day")
)
_COUNTED = f"SELECT scope, subject_id, period, {', '.join(f'-{name}' for name in AMOUNTS)} FROM sums"  # noqa: S608

_WRONG_SUMS = f"""
SELECT scope, subject_id, period, {", ".join(f"SUM({name}) AS {name}" for name in AMOUNTS)}
FROM ({_SPREAD} UNION ALL {_COUNTED}) AS both_sides GROUP BY scope, subject_id, period
HAVING {" OR ".join(f"SUM({name}) <> 0" for name in AMOUNTS)} ORDER BY scope, subject_id, period
"""  # noqa: S608 - our own names

_TAKEN = f"(SELECT COUNT(*) FROM entries AS taken WHERE {REFUNDED} AND taken.id < ending.id)"  # noqa: S608

_WRONG_ENDS = f"""
SELECT ending.id FROM entries AS ending LEFT JOIN entries AS held ON held.id = ending.closes AND held.kind = 'hold'
WHERE ending.closes IS NOT NULL AND (held.id IS NULL OR ending.turn_id <> held.turn_id
  OR ending.held_pictures <> -held.held_pictures OR ending.held_micro_usd <> -held.held_micro_usd
  OR ending.credits + ending.paid_pictures <> -held.credits - (1 - ending.paid_pictures) * {_TAKEN}
  OR ending.pictures > held.held_pictures)
"""  # noqa: S608 - our own names

_WRONG_KINDS = """
SELECT id, kind FROM entries
WHERE (kind = 'buy') <> (stars > 0) OR (kind = 'hold') <> (price_micro_usd IS NOT NULL)
  OR (stars < 0 AND kind <> 'refund')
ORDER BY id
"""

_LEFT_OPEN = """
SELECT held.id, held.turn_id FROM entries AS held LEFT JOIN turns ON turns.id = held.turn_id
WHERE held.kind = 'hold' AND (turns.id IS NULL OR turns.state NOT IN ('accepted', 'calling'))
  AND NOT EXISTS (SELECT 1 FROM entries AS ending WHERE ending.closes = held.id)
"""

_WRONG_REFUNDS = """
SELECT back.charge_id FROM entries AS back
LEFT JOIN entries AS bought ON bought.charge_id = back.charge_id AND bought.kind = 'buy'
WHERE back.kind = 'refund' AND back.turn_id IS NULL AND (bought.id IS NULL OR back.person_id <> bought.person_id
  OR back.stars <> -bought.stars OR back.credits > 0 OR -back.credits > bought.credits)
"""

_OVERDRAWN = "SELECT subject_id FROM sums WHERE scope = 'person' AND period = '' AND credits < 0"


async def faults_of_books(connection: AsyncConnection) -> AsyncIterator[str]:
    """Yield a sentence for each thing in the books that does not agree."""
    for found in (await connection.execute(text(_WRONG_SUMS))).mappings():
        wrong = ", ".join(f"{name} by {-found[name]}" for name in AMOUNTS if found[name])
        yield f"the sum of {found['scope']} {found['subject_id']} in {found['period'] or 'all'} is wrong: {wrong}"
    for row in await connection.execute(text(_WRONG_KINDS)):
        yield f"entry {row.id} is not what its kind says: {row.kind}"
    for row in await connection.execute(text(_WRONG_ENDS)):
        yield f"entry {row.id} does not end a hold as it was made"
    for row in await connection.execute(text(_LEFT_OPEN)):
        yield f"entry {row.id} still holds a place for turn {row.turn_id}, whose work has ended"
    for row in await connection.execute(text(_WRONG_REFUNDS)):
        yield f"the refund of {row.charge_id} does not fit to its payment"
    for row in await connection.execute(text(_OVERDRAWN)):
        yield f"person {row.subject_id} used more credit than was bought"

"""What people spent. Imports SQLAlchemy, ``engine`` and ``schema``; only reads.

A repeat counts for the person who asked for it, a copy of an answer for nobody. What listening cost is added. The costs
of deleted turns stay in the total. Three partial indexes contain all that is summed up, so no turn is read, however
many there are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import text

from storage.engine.database import Database
from storage.schema import DRAWN_SQL, LISTENED_SQL, WORDED_SQL

SUMMED = ("turns", "pictures", "cost_micro_usd", "unpriced")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one person's answered turns cost. ``cost_micro_usd`` leaves out ``unpriced`` turns, whose price is unknown.

    ``author_id`` is 0 for the sum of all people who had their data deleted.
    """

    author_id: int
    author_name: str = ""
    turns: int = 0
    pictures: int = 0
    cost_micro_usd: int = 0
    unpriced: int = 0


class Usage:
    """Sums over answered turns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, person_id: int) -> Spent | None:
        """Return what one person spent, None for nothing."""
        async with self._database.connect() as connection:
            row = (await connection.execute(_OWN, {"person": person_id, "most": 1})).mappings().one_or_none()
        return Spent(**row) if row else None

    async def everybody(self, *, limit: int = 20) -> list[Spent]:
        """Return what the ``limit`` busiest people spent, and the total of deleted people."""
        async with self._database.connect() as connection:
            found = [Spent(**row) for row in (await connection.execute(_BUSIEST, {"most": limit + 1})).mappings()]
            gone = (await connection.execute(_DELETED)).one()
        # Of deleted people there are answers that are left in groups, which come first, and deleted turns.
        left = found.pop(0) if found and not found[0].author_id else Spent(author_id=0)
        forgotten = replace(left, **{name: getattr(left, name) + more for name, more in zip(SUMMED, gone, strict=True)})
        return [*found[:limit], *([forgotten] if forgotten.turns else [])]


# PostgreSQL sums large integers up to a NUMERIC.
_TOTALS = ", ".join(f"CAST(COALESCE(SUM({name}), 0) AS BIGINT) AS {name}" for name in SUMMED)

_NAME = """
CASE WHEN who = 0 THEN '' ELSE COALESCE(
  (SELECT author_name FROM turns WHERE author_id = who ORDER BY created_at DESC LIMIT 1),
  (SELECT asker_name FROM turns WHERE asker_id = who ORDER BY id DESC LIMIT 1), '') END AS author_name"""


def _answers(who: str, where: str = "") -> str:
    """Return the query for the sums of answers with and without a picture, each kind in the words of its index."""
    return " UNION ALL ".join(
        f"SELECT {who} AS who, COUNT(*) AS turns, COUNT(*) * {drawn} AS pictures,"  # noqa: S608 - our own names
        f" SUM(cost_micro_usd) AS cost_micro_usd, COUNT(*) - COUNT(cost_micro_usd) AS unpriced"
        f" FROM turns WHERE {kind}{where} GROUP BY author_id, asker_id"
        for kind, drawn in ((DRAWN_SQL, 1), (WORDED_SQL, 0))
    )


def _listened(where: str = "") -> str:
    """Return the query for what listening cost, which makes no turn, in the words of its index."""
    return (
        "SELECT person_id AS who, 0 AS turns, 0 AS pictures, SUM(micro_usd) AS cost_micro_usd, 0 AS unpriced"  # noqa: S608
        f" FROM entries WHERE {LISTENED_SQL}{where} GROUP BY person_id"
    )


def _busiest(answers: str) -> str:
    """Return the query for people with their sums, the deleted ones first and then the busiest."""
    order = "CASE WHEN who = 0 THEN 0 ELSE 1 END, turns DESC, who"
    return f"""
SELECT who AS author_id, {_NAME}, {", ".join(SUMMED)} FROM (
  SELECT who, {_TOTALS} FROM ({answers}) AS answers GROUP BY who ORDER BY {order} LIMIT :most
) AS people ORDER BY {order}"""  # noqa: S608 - our own names


_BUSIEST = text(_busiest(f"{_answers('COALESCE(asker_id, author_id)')} UNION ALL {_listened()}"))
_PERSON = "CAST(:person AS BIGINT)"
_ASKED = (f" AND author_id = {_PERSON} AND asker_id IS NULL", f" AND asker_id = {_PERSON}")
_OWN = text(
    _busiest(
        " UNION ALL ".join((*(_answers(_PERSON, whose) for whose in _ASKED), _listened(f" AND person_id = {_PERSON}")))
    )
)
_DELETED = text(f"SELECT {_TOTALS} FROM spent")  # noqa: S608 - our own names

"""The books when a group becomes a supergroup, and when a person is forgotten.

Imports SQLAlchemy, ``holding``, ``engine`` and ``triggers``. What works within a running transaction is called last
there: the sums are what all transactions wait for. It first takes the row that each entry of others waits for, so that
no entry is seen without its sums, or the other way round.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.holding import LIMITS, be_alone
from storage.engine.database import Database, now
from storage.triggers import ADDED, AMOUNTS

SLACK_S = 2 * 24 * 3600
"""No time zone is further away, so an earlier month has certainly ended for every limit."""

_COLUMNS, _LIMITS = ", ".join(AMOUNTS), ", ".join(LIMITS)

_MOVE = (
    "UPDATE entries SET chat_id = :new WHERE chat_id = :old",
    f"INSERT INTO sums (scope, subject_id, period, {_COLUMNS}) SELECT scope, :new, period, {_COLUMNS} FROM sums"  # noqa: S608
    f" WHERE scope = 'group' AND subject_id = :old ON CONFLICT (scope, subject_id, period) DO UPDATE SET {ADDED}",
    "DELETE FROM sums WHERE scope = 'group' AND subject_id = :old",
    f"INSERT INTO allowances (scope, subject_id, {_LIMITS}) SELECT scope, :new, {_LIMITS} FROM allowances"  # noqa: S608
    " WHERE scope IN ('group', 'admins') AND subject_id = :old ON CONFLICT (scope, subject_id) DO NOTHING",
    "DELETE FROM allowances WHERE scope IN ('group', 'admins') AND subject_id = :old",
)

_FREE = "credits = 0 AND paid_pictures = 0 AND stars = 0"

_NOTE = f"""
INSERT INTO entries (at, kind, person_id, chat_id, day, {_COLUMNS}, charge_id)
SELECT CAST(:now AS DOUBLE PRECISION), 'forget', person_id, 0, MAX(day), {", ".join("0" for _ in AMOUNTS)},
  'forgotten ' || MAX(id)
FROM entries WHERE person_id = :person AND {_FREE} AND kind <> 'forget' GROUP BY person_id ON CONFLICT DO NOTHING
"""  # noqa: S608 - our own names
"""Notes until when entries name a forgotten person for what was not bought. Never the number: see ``charge_id``."""

_NOTED = """
SELECT DISTINCT person_id, substr(day, 1, 7) AS month FROM entries WHERE kind = 'forget' AND person_id <> 0
"""

_SUM = "(SELECT COALESCE(SUM({name}), 0) FROM entries WHERE person_id = :person)"
_SUMS = ", ".join(f"{name} = {_SUM.format(name=name)}" for name in AMOUNTS)
_FORGET = (
    # A hold among them ends without a number, too: its end is a copy of it.
    f"UPDATE entries SET person_id = 0"  # noqa: S608 - our own names
    f" WHERE person_id = :person AND substr(day, 1, 7) < :month AND {_FREE}",
    "DELETE FROM sums WHERE scope = 'person' AND subject_id = :person AND period <> ''"
    " AND substr(period, 1, 7) < :month",
    *(
        f"INSERT INTO sums (scope, subject_id, period, {_COLUMNS})"  # noqa: S608 - our own names
        f" SELECT 'person', person_id, {period}, {', '.join(f'SUM({name})' for name in AMOUNTS)} FROM entries"
        f" WHERE person_id = :person AND substr(day, 1, 7) < :month GROUP BY person_id, {period}"
        for period in ("substr(day, 1, 7)", "day")
    ),
    f"UPDATE sums SET {_SUMS} WHERE scope = 'person' AND subject_id = :person AND period = ''",  # noqa: S608
)


async def move_group(connection: AsyncConnection, old_id: int, new_id: int) -> None:
    """Carry what a group used, and its limits, over to the supergroup that it became, whose own limits count first."""
    await be_alone(connection)
    for statement in _MOVE:
        await connection.execute(text(statement), {"old": old_id, "new": new_id})


async def forget_payer(connection: AsyncConnection, person_id: int) -> None:
    """Take a person's number out of the months that have ended, but for what they bought and paid with that.

    The present month stays, or else to be forgotten would renew a limit; :func:`forget_late` does it later.
    """
    await _forget(connection, person_id, _month())
    await connection.execute(text(_NOTE), {"person": person_id, "now": now()})


async def forget_late(database: Database) -> None:
    """Take the numbers of people who were forgotten out of the month in which that was, too, once it has ended."""
    async with database.connect() as connection:
        noted = (await connection.execute(text(_NOTED))).all()
    for row in noted:
        if row.month < _month():
            # What the person used afterwards is of later months.
            after = date.fromisoformat(f"{row.month}-01") + timedelta(days=31)
            async with database.begin() as connection:
                await _forget(connection, row.person_id, after.strftime("%Y-%m"))


async def _forget(connection: AsyncConnection, person_id: int, month: str) -> None:
    """Take a person's number out of the months before ``month``."""
    await be_alone(connection)
    for statement in _FORGET:
        given = {"person": person_id, "month": month}
        await connection.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})


def _month() -> str:
    """Return the oldest month that may not have ended yet."""
    return datetime.fromtimestamp(time.time() - SLACK_S, UTC).strftime("%Y-%m")

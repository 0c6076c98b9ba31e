"""The books when a group becomes a supergroup, and when a person is forgotten.

Imports SQLAlchemy, ``holding`` and ``triggers``. Each function works within a running transaction, and is called last:
the sums are what all transactions wait for. It first takes the row that each entry of others waits for, so that no
entry is seen without its sums, or the other way round.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.holding import LIMITS
from storage.triggers import ADDED, AMOUNTS

_ALONE = text("SELECT 1 FROM sums WHERE scope = 'total' AND subject_id = 0 AND period = '' FOR UPDATE")
"""Waits for all who are adding an entry. Later ones wait until this transaction ends."""

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

_SUM = "(SELECT COALESCE(SUM({name}), 0) FROM entries WHERE person_id = :person)"
_SUMS = ", ".join(f"{name} = {_SUM.format(name=name)}" for name in AMOUNTS)
_FORGET = (
    # A hold among them ends without a number, too: its end is a copy of it.
    "UPDATE entries SET person_id = 0 WHERE person_id = :person AND substr(day, 1, 7) < :month"
    " AND credits = 0 AND paid_pictures = 0 AND stars = 0",
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
    await _be_alone(connection)
    for statement in _MOVE:
        await connection.execute(text(statement), {"old": old_id, "new": new_id})


async def forget_payer(connection: AsyncConnection, person_id: int) -> None:
    """Take a person's number out of the months that have ended, but for what they bought and paid with that.

    The present month stays, or else to be forgotten would renew a limit.
    """
    await _be_alone(connection)
    month = datetime.fromtimestamp(time.time() - SLACK_S, UTC).strftime("%Y-%m")
    for statement in _FORGET:
        given = {"person": person_id, "month": month}
        await connection.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})


async def _be_alone(connection: AsyncConnection) -> None:
    if connection.dialect.name == "postgresql":
        # SQLite has only one writer anyway.
        await connection.execute(_ALONE)

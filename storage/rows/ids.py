"""The ids of rows. No id is used twice, even if its row was deleted.

Imports SQLAlchemy only. Buttons in chats, raw answers and links refer to a turn by its id forever. Sequences of
PostgreSQL only go up, and so do those of SQLite with AUTOINCREMENT (sqlite.org/autoinc.html). A copy of a database must
continue after the original.
"""

from __future__ import annotations

import time

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

GAP = 1_000_000
"""How many ids a copy skips: far more than one store adds between two backups."""

AHEAD_S = 24 * 3600.0
"""Clocks of several processes differ by less."""

_SEQUENCE = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, 'id'))")
_SET_SEQUENCE = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
_COUNTER = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_DROP_COUNTER = text("DELETE FROM sqlite_sequence WHERE name = :table")
_SET_COUNTER = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)")


def is_numbered(table: Table) -> bool:
    """Whether the database assigns the ids of this table."""
    return table.autoincrement_column is not None


async def last_id(connection: AsyncConnection, table: Table) -> int:
    """Return the highest id that was ever assigned, 0 if there is none."""
    ask = _SEQUENCE if connection.dialect.name == "postgresql" else _COUNTER
    given = (await connection.execute(ask, {"table": table.name})).scalar_one_or_none()
    highest = (await connection.execute(select(func.max(table.c.id)))).scalar_one()
    return max(given or 0, highest or 0)


def latest_true() -> float:
    """Return the time (Unix s) up to which dates are believed: tomorrow. Later ones are from a clock that ran ahead."""
    return time.time() + AHEAD_S


async def first_since(connection: AsyncConnection, table: Table, at: float, column: str = "created_at") -> int:
    """Return the lowest id of the rows that were created at a time (Unix s) or later, else one that comes after all.

    It reads some thirty rows, since later rows have greater ids. Rows from a clock that ran ahead are passed over: each
    would hide all rows after it. ``column``: the one that says when.
    """
    true = table.c[column] < latest_true()
    low, high = 0, int((await connection.execute(select(func.coalesce(func.max(table.c.id), 0)))).scalar_one()) + 1
    while low < high:
        middle = (low + high) // 2
        query = select(table.c.id, table.c[column].label("at")).where(table.c.id >= middle, table.c.id < high, true)
        row = (await connection.execute(query.order_by(table.c.id).limit(1))).first()
        if row is None or row.at >= at:
            high = middle
        else:
            low = int(row.id) + 1
    return low


async def continue_after(connection: AsyncConnection, table: Table, last: int) -> None:
    """Let the next row get an id above ``last``."""
    if last <= 0:
        return
    values = {"table": table.name, "last": last}
    if connection.dialect.name == "postgresql":
        await connection.execute(_SET_SEQUENCE, values)
        return
    await connection.execute(_DROP_COUNTER, {"table": table.name})
    await connection.execute(_SET_COUNTER, values)

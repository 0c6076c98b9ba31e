"""The numbers that a database gives to rows: none is given twice, also where its row was deleted long ago.

Imports SQLAlchemy only. Buttons in chats, raw answers and links name a turn for ever by its number. PostgreSQL's
sequences only go up, and so do SQLite's with AUTOINCREMENT (sqlite.org/autoinc.html); a copy of a database must go on
where the original was.
"""

from __future__ import annotations

from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

GAP = 1_000_000
"""How far a copy that may be behind skips ahead: far more than anybody adds to one store between two backups."""

_SEQUENCE = text("SELECT pg_sequence_last_value(pg_get_serial_sequence(:table, 'id'))")
_SET_SEQUENCE = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
_COUNTER = text("SELECT seq FROM sqlite_sequence WHERE name = :table")
_DROP_COUNTER = text("DELETE FROM sqlite_sequence WHERE name = :table")
_SET_COUNTER = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :last)")


def is_numbered(table: Table) -> bool:
    """Tell whether the database gives this table's rows their numbers."""
    return table.autoincrement_column is not None


async def last_id(connection: AsyncConnection, table: Table) -> int:
    """Return the highest number that was ever given to a row, 0 for none."""
    ask = _SEQUENCE if connection.dialect.name == "postgresql" else _COUNTER
    given = (await connection.execute(ask, {"table": table.name})).scalar_one_or_none()
    highest = (await connection.execute(select(func.max(table.c.id)))).scalar_one()
    return max(given or 0, highest or 0)


async def continue_after(connection: AsyncConnection, table: Table, last: int) -> None:
    """Have the next row get a number above ``last``."""
    if last <= 0:
        return
    values = {"table": table.name, "last": last}
    if connection.dialect.name == "postgresql":
        await connection.execute(_SET_SEQUENCE, values)
        return
    await connection.execute(_DROP_COUNTER, {"table": table.name})
    await connection.execute(_SET_COUNTER, values)

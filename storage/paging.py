"""Reading a whole table in pages, in the order of its primary key: bounded memory, no open cursor, no transaction.

Imports SQLAlchemy only. Rows that come while it reads may or may not be seen.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any

from sqlalchemy import Table, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

PAGE = 500

Row = Mapping[str, Any]


def key_of(table: Table, row: Row) -> tuple[Any, ...]:
    """Return the primary key of a row."""
    return tuple(row[column.name] for column in table.primary_key.columns)


async def pages(connection: AsyncConnection, table: Table, *, size: int = PAGE) -> AsyncIterator[list[Row]]:
    """Yield all rows of a table, ``size`` at a time, in the database's own order of its primary key."""
    key = list(table.primary_key.columns)
    query = select(table).order_by(*key).limit(size)
    after: tuple[Any, ...] | None = None
    while True:
        meant = query if after is None else query.where(tuple_(*key) > tuple_(*after))
        found: list[Row] = [dict(row) for row in (await connection.execute(meant)).mappings()]
        if found:
            yield found
        if len(found) < size:
            return
        after = key_of(table, found[-1])

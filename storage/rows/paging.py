"""Reads a whole table in pages, ordered by primary key, with bounded memory and without an open cursor.

Imports ``column_types`` and SQLAlchemy. Rows that are inserted meanwhile may or may not be included.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.column_types import Words

PAGE = 500

PAGE_CHARS = 8_000_000
"""The most text in a page, unless a single row has more: a model's reply may take a megabyte."""

Row = Mapping[str, Any]
Key = tuple[Any, ...]


async def pages(
    connection: AsyncConnection, table: Table, *, size: int = PAGE, most_chars: int = PAGE_CHARS
) -> AsyncIterator[list[Row]]:
    """Yield all rows of a table, ordered by primary key, at most ``size`` at a time."""
    key = tuple_(*table.primary_key.columns)
    after: Key | None = None
    while True:
        sizes = await _sizes(connection, table, after, size)
        for last in _cuts(sizes, most_chars):
            meant = select(table).where(key <= tuple_(*last)).order_by(*table.primary_key.columns)
            found = await connection.execute(meant if after is None else meant.where(key > tuple_(*after)))
            yield [dict(row) for row in found.mappings()]
            after = last
        if len(sizes) < size:
            return


async def _sizes(connection: AsyncConnection, table: Table, after: Key | None, size: int) -> Sequence[tuple[Key, int]]:
    """Return the keys of the next rows, each with its number of characters."""
    key = list(table.primary_key.columns)
    long: ColumnElement[int] = literal(0)
    for column in table.columns:
        if isinstance(column.type, Words):
            long = long + func.coalesce(func.length(column), 0)
    query = select(*key, long).order_by(*key).limit(size)
    found = await connection.execute(query if after is None else query.where(tuple_(*key) > tuple_(*after)))
    return [(tuple(row[:-1]), int(row[-1])) for row in found]


def _cuts(sizes: Sequence[tuple[Key, int]], most_chars: int) -> Iterator[Key]:
    """Yield the key of the last row of each page."""
    chars = 0
    for place, (key, long) in enumerate(sizes):
        chars += long
        following = sizes[place + 1][1] if place + 1 < len(sizes) else most_chars
        if chars + following > most_chars or place + 1 == len(sizes):
            yield key
            chars = 0

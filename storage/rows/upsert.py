"""How rows are written: over others or beside them, and only where what they belong to is still there.

Imports SQLAlchemy only. A turn or a conversation may be forgotten while somebody works on it. So one statement looks
whether the owner of a new row is there, keeps it until the transaction ends, and adds the row. Everybody holds rows in
one order, so that no two wait for each other: turns, conversations, media, messages, updates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection


class Overtaken(Exception):
    """What was to be written to was forgotten, or has ended, meanwhile. Nothing was written; look again."""


class TurnOver(Overtaken):
    """A turn has ended meanwhile, because it was cancelled or forgotten."""


def beside(names: Sequence[str], table: Table, owner: ColumnElement[Any], of: str, **taken: ColumnElement[Any]) -> Any:
    """Return a SELECT of one new row of ``table``, given as parameters, or of none where its owner is gone.

    ``owner`` is the owner's id, which ``of`` names in the new row; ``taken`` are values that the owner gives.
    """
    given = {name: bindparam(name, type_=table.c[name].type) for name in names if name not in taken}
    held = select(*(taken[name] if name in taken else given[name] for name in names)).where(owner == given[of])
    # SQLite has one writer at a time, and knows no such thing.
    return held.with_for_update(read=True, key_share=True)


def insert_into(table: Any, connection: AsyncConnection) -> Any:
    """Return the dialect's INSERT, which knows ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite_insert(table)
    # Who uses SQLite need not load it.
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert(table)


def insert_or_pass(table: Any, connection: AsyncConnection, *returning: Any) -> Any:
    """Return an INSERT of rows given as parameters that passes over those that are there already."""
    made = _ready.get(name := (connection.dialect.name, table.name, len(returning)))
    if made is None:
        made = insert_into(table, connection).on_conflict_do_nothing()
        made = _ready[name] = made.returning(*returning) if returning else made
    return made


def insert_or_update(table: Any, connection: AsyncConnection, changed: Sequence[str]) -> Any:
    """Return an INSERT of rows given as parameters that gives those that are there the new values of ``changed``."""
    made = _ready.get(name := (connection.dialect.name, table.name, *changed))
    if made is None:
        made = insert_into(table, connection)
        new = {column: made.excluded[column] for column in changed}
        made = _ready[name] = made.on_conflict_do_update(index_elements=list(table.primary_key.columns), set_=new)
    return made


def insert_beside(
    table: Table,
    connection: AsyncConnection,
    owner: ColumnElement[Any],
    of: str,
    changed: Sequence[str],
    taken: Mapping[str, ColumnElement[Any]] | None = None,
) -> Any:
    """Return an INSERT of rows given as parameters that writes those whose owner is there; see :func:`beside`.

    A row that is there already gets the new values of ``changed``; without any, it stays and is not counted as written.
    """
    made = _ready.get(name := (connection.dialect.name, table.name, of, *changed))
    if made is None:
        names = [column.name for column in table.columns]
        made = insert_into(table, connection).from_select(names, beside(names, table, owner, of, **(taken or {})))
        key, new = list(table.primary_key.columns), {column: made.excluded[column] for column in changed}
        made = made.on_conflict_do_update(index_elements=key, set_=new) if new else made.on_conflict_do_nothing()
        # Whoever writes one row wants to know whether it was written.
        made = _ready[name] = made.execution_options(preserve_rowcount=True)
    return made


# Building a statement takes SQLAlchemy longer than running it takes SQLite, so those of every turn are built once.
_ready: dict[tuple[Any, ...], Any] = {}

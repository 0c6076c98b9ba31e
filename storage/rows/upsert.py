"""Inserts and upserts, also of rows whose owner must still exist.

Imports SQLAlchemy only. A turn or a conversation may be deleted while a process works on it. So one statement checks
that the owner of a new row exists, locks it until the transaction ends, and inserts the row. To avoid deadlocks, every
transaction locks rows in the same order: turns, conversations, media, messages, chats, updates.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, bindparam, select
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection


class GoneMeanwhile(Exception):
    """The target of a write was deleted meanwhile, or is not as it was read. Nothing was written; read again."""


class TurnMovedOn(GoneMeanwhile):
    """A turn has left the state that the caller found: its call began, it ended, or it was deleted."""

    def __init__(self, turn_id: int) -> None:
        super().__init__(f"turn {turn_id} has gone on or is gone")


def beside(names: Sequence[str], table: Table, owner: ColumnElement[Any], of: str, **taken: ColumnElement[Any]) -> Any:
    """Return a SELECT of one new row of ``table``, given as parameters, or of no row if its owner is gone.

    ``owner`` is the column of the owner's id, ``of`` the column of the new row that holds it; ``taken`` are values from
    the owner's row.
    """
    given = {name: bindparam(name, type_=table.c[name].type) for name in names if name not in taken}
    held = select(*(taken[name] if name in taken else given[name] for name in names)).where(owner == given[of])
    # SQLite has only one writer at a time and no row locks.
    return held.with_for_update(read=True, key_share=True)


def insert_into(table: Any, connection: AsyncConnection) -> Any:
    """Return the dialect's INSERT, which supports ON CONFLICT."""
    if connection.dialect.name == "sqlite":
        return sqlite_insert(table)
    # Imported here, because SQLite does not need it.
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert(table)


def insert_or_pass(table: Any, connection: AsyncConnection, *returning: Any) -> Any:
    """Return an INSERT of rows, given as parameters, that skips existing ones."""
    made = _ready.get(name := (connection.dialect.name, table.name, len(returning)))
    if made is None:
        made = insert_into(table, connection).on_conflict_do_nothing()
        made = _ready[name] = made.returning(*returning) if returning else made
    return made


def insert_or_update(table: Any, connection: AsyncConnection, changed: Sequence[str]) -> Any:
    """Return an INSERT of rows, given as parameters, that updates the columns ``changed`` of existing ones."""
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
    """Return an INSERT of rows, given as parameters, that writes those whose owner exists; see :func:`beside`.

    An existing row gets the new values of the columns ``changed``; without any, it stays and does not count as written.
    """
    made = _ready.get(name := (connection.dialect.name, table.name, of, *changed))
    if made is None:
        names = [column.name for column in table.columns]
        made = insert_into(table, connection).from_select(names, beside(names, table, owner, of, **(taken or {})))
        key, new = list(table.primary_key.columns), {column: made.excluded[column] for column in changed}
        made = made.on_conflict_do_update(index_elements=key, set_=new) if new else made.on_conflict_do_nothing()
        # The callers check whether a row was written.
        made = _ready[name] = made.execution_options(preserve_rowcount=True)
    return made


# SQLAlchemy takes longer to build a statement than SQLite takes to run it, so each is built once.
_ready: dict[tuple[Any, ...], Any] = {}

"""Choices that are kept as one JSON in a row, changed so that two changes at once never lose one of them.

Imports ``codec`` and SQLAlchemy. A change is a function of what holds, run while the row is held: nobody writes back
what they read before somebody else wrote.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows.codec import dumps

Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Returns the choices as they shall be, from what they are; it must not change what it is given."""


async def change_settings(
    connection: AsyncConnection, table: Table, where: ColumnElement[bool], change: Change
) -> Mapping[str, Any]:
    """Change the settings of one row within a running transaction; return them. A row that is gone has none."""
    # SQLite has one writer anyway, and begins its transactions as such.
    held = select(table.c.settings).where(where).with_for_update()
    written = (await connection.execute(held)).scalar_one_or_none()
    if written is None:
        return {}
    found: Mapping[str, Any] = json.loads(written)
    changed = change(found)
    if changed != found:
        await connection.execute(update(table).where(where).values(settings=dumps(dict(changed))))
    return changed

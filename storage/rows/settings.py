"""Settings that are stored as JSON in a row, changed without lost updates.

Imports ``codec`` and SQLAlchemy. A change is a function of the current settings that runs while the row is locked.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.rows.codec import dumps

Change = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Returns the new settings from the current ones, which it must not modify."""


async def change_settings(
    connection: AsyncConnection, table: Table, where: ColumnElement[bool], change: Change
) -> Mapping[str, Any]:
    """Change the settings of one row within a running transaction; return them, empty if the row is gone."""
    # SQLite has only one writer at a time and needs no row locks.
    held = select(table.c.settings).where(where).with_for_update()
    written = (await connection.execute(held)).scalar_one_or_none()
    if written is None:
        return {}
    found: Mapping[str, Any] = json.loads(written)
    changed = change(found)
    if changed != found:
        await connection.execute(update(table).where(where).values(settings=dumps(dict(changed))))
    return changed

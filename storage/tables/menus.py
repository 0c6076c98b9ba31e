"""Which command menus of a bot are published, and when the next may be: one note that all processes share.

Imports SQLAlchemy, ``engine``, ``rows`` and ``schema``. It is a row of ``windows``, as Telegram's rate limits are. It
is not copied to another database, where the menus are published again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update

from storage.engine.database import Database
from storage.rows.upsert import insert_or_pass
from storage.schema import windows

LASTS = 1e12
"""The ``idle_at`` of a row that is never deleted (Unix s)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """``menus``: a digest of each published menu, by name. None is sent before ``not_before`` (Unix s)."""

    menus: Mapping[str, str] = field(default_factory=dict)
    not_before: float = 0.0


class Menus:
    """The notes of the bots that use this database; mostly there is one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def published(self, bot_id: int) -> Published:
        """Return the note of a bot. Raises: ``StorageFault``."""
        found = select(windows.c.booked, windows.c.not_before).where(windows.c.name == _name(bot_id))
        async with self._database.connect() as connection:
            row = (await connection.execute(found)).one_or_none()
        return Published(menus=json.loads(row.booked), not_before=row.not_before) if row else Published()

    async def compare_and_set(self, bot_id: int, old: Published, new: Published) -> bool:
        """Replace a note; False if another process did so first. Raises: ``StorageFault``."""
        row = {"name": _name(bot_id), **_columns(Published()), "idle_at": LASTS}
        same = [windows.c[name] == value for name, value in _columns(old).items()]
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(insert_or_pass(windows, connection), [row])
            changed = update(windows).where(windows.c.name == row["name"], *same).values(_columns(new))
            return bool((await connection.execute(changed)).rowcount)


def _name(bot_id: int) -> str:
    return f"menus of {bot_id}"


def _columns(one: Published) -> dict[str, str | float]:
    return {"booked": json.dumps(one.menus, sort_keys=True), "not_before": one.not_before}

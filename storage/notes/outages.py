"""What is out of order at the providers: one note that all processes share.

Imports SQLAlchemy, ``engine``, ``rows``, ``schema`` and ``menus``. It is a row of ``windows``, as in ``menus``. It is
not copied to another database, where it is learned again by the next calls.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import select, update

from storage.engine.database import Database
from storage.rows.upsert import insert_or_pass
from storage.schema import windows
from storage.tables.menus import LASTS

NAME = "outages"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Something that failed ``times`` in a row, the last time at ``failed_at``; all times are Unix s.

    It is not asked ``until`` then. ``back_at``: when it answered again, 0 as long as it has not. ``only_for``: the
    conversation for which alone it is out of order, as far as is known; 0: for all.
    """

    times: int = 0
    failed_at: float = 0.0
    until: float = 0.0
    back_at: float = 0.0
    only_for: int = 0


class Outages:
    """The note of the bot that uses this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self) -> dict[str, Outage]:
        """Return what is, or lately was, out of order, by name. Raises: ``StorageFault``."""
        found = select(windows.c.booked).where(windows.c.name == NAME)
        async with self._database.connect() as connection:
            written = (await connection.execute(found)).scalar_one_or_none()
        return _read(json.loads(written)) if written else {}

    async def compare_and_set(self, old: Mapping[str, Outage], new: Mapping[str, Outage]) -> bool:
        """Replace the note; False if another process did so first. Raises: ``StorageFault``."""
        row = {"name": NAME, "booked": _written({}), "not_before": 0.0, "idle_at": LASTS}
        same = (windows.c.name == NAME, windows.c.booked == _written(old))
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(insert_or_pass(windows, connection), [row])
            changed = update(windows).where(*same).values(booked=_written(new))
            return bool((await connection.execute(changed)).rowcount)


def _written(note: Mapping[str, Outage]) -> str:
    """Return a note as text; one that an earlier version wrote stays as it was."""
    return json.dumps({name: _fields_of(one) for name, one in note.items()}, sort_keys=True)


def _fields_of(one: Outage) -> dict[str, Any]:
    return {name: value for name, value in asdict(one).items() if value or name != "only_for"}


def _read(written: Any) -> dict[str, Outage]:
    """Return a note, without fields of later versions."""
    known = [one.name for one in fields(Outage)]
    return {name: Outage(**{field: one[field] for field in known if field in one}) for name, one in written.items()}

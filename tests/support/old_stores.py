"""A store as the version before wrote it, for tests that bring it over. Imports Alembic and ``storage.migrations``.

``tests/storage/store_0004.json`` holds the rows that a version of schema revision 0004 wrote: two people, a private
chat and a group, wishes that were answered, one that waits and one whose call runs, pictures that wait for words, a
name, a rule, an update that was set aside; two more turns were answered and forgotten.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Boolean, Connection, MetaData, Table
from sqlalchemy.ext.asyncio import create_async_engine

import storage.schema

ROWS = Path(__file__).parent.parent / "storage" / "store_0004.json"


async def migrated(url: str, revision: str) -> None:
    """Make a database by the migrations up to a revision, as an earlier version did."""

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(storage.schema.__file__).parent / "migrations"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


async def make_old_store(url: str, **more: list[dict[str, Any]]) -> None:
    """Fill an empty database as the version before did; ``more`` are further rows by table."""
    await migrated(url, "0004")

    def fill(connection: Connection) -> None:
        tables = MetaData()
        tables.reflect(connection)
        for name, rows in json.loads(ROWS.read_text()).items():
            table = tables.tables[name]
            cuts = connection.dialect.name == "postgresql"
            connection.execute(table.insert(), [_fitting(table, row, cuts) for row in (*rows, *more.get(name, ()))])
        if connection.dialect.name == "postgresql":
            for name in ("turns", "conversations"):
                connection.exec_driver_sql(f"SELECT setval('{name}_id_seq', 7)")

    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(fill)
    await engine.dispose()


def _fitting(table: Table, row: dict[str, Any], cuts: bool) -> dict[str, Any]:
    """Return a row as the database takes it: PostgreSQL keeps to lengths, where SQLite takes any."""
    found = {}
    for name, value in row.items():
        kind = table.c[name].type
        longest = getattr(kind, "length", None) if cuts and isinstance(value, str) else None
        found[name] = bool(value) if isinstance(kind, Boolean) else value if longest is None else value[:longest]
    return found

"""Creates and updates procrastinate's tables at the start. Imports SQLAlchemy, procrastinate and ``storage``.

A release of procrastinate contains the whole schema for an empty database, and numbered scripts that update an older
one. We note in the comment of its jobs table which scripts have run. Scripts named ``post`` remove what the release
before still uses, so those of the newest release are left until the next release. Two releases can then run side by
side.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path

from procrastinate.schema import SchemaManager
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import MIGRATION_LOCK, Database, SchemaError

log = logging.getLogger(__name__)

MARK = "schema up to "

_FOUND = text(
    "SELECT obj_description(to_regclass('procrastinate_jobs')::oid, 'pg_class') AS note,"
    " to_regclass('procrastinate_jobs') IS NOT NULL AS there"
)


async def install(database: Database) -> None:
    """Create or update the tables; of several processes that start, one does. Raises: ``SchemaError``."""
    scripts = await asyncio.to_thread(_scripts)
    async with database.begin() as connection:
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        note, there = (await connection.execute(_FOUND)).one()
        if not there:
            await _run(connection, SchemaManager.get_schema(), max(scripts))
            return
        if note is None or not note.startswith(MARK):
            raise SchemaError("The database holds procrastinate's tables of something else. Choose another database.")
        for name in missing(scripts, note.removeprefix(MARK)):
            log.info("updating procrastinate's tables: %s", name)
            await _run(connection, scripts[name], name)


def missing(scripts: Iterable[str], done: str) -> list[str]:
    """Return the scripts newer than ``done``, without the ``post`` scripts of the newest release."""
    newest = max(scripts).split("_")[0]
    later = (name for name in sorted(scripts) if name > done)
    return [name for name in later if not (name.startswith(newest) and name.split("_")[2] == "post")]


def _scripts() -> dict[str, str]:
    """Return the scripts of this release by name; they run in the order of their names."""
    return {path.stem: path.read_text("utf-8") for path in Path(SchemaManager.get_migrations_path()).glob("*.sql")}


async def _run(connection: AsyncConnection, script: str, name: str) -> None:
    """Run a script of several statements within the transaction, and note its name."""
    raw = (await connection.get_raw_connection()).driver_connection
    if raw is not None:
        await raw.execute(script)
        await raw.execute(f"COMMENT ON TABLE procrastinate_jobs IS '{MARK}{name}'")

"""A copy of an SQLite store, made while a bot works on it, in a folder from which a bot can run.

Imports its siblings, sqlite3 and SQLAlchemy. The tables come first, as they are at one moment; pictures never change
and are stored before any row names them, so those of that moment are there afterwards, unless somebody was forgotten
meanwhile. Then the tables are taken once more. Never writes to what it copies.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from storage.database import SchemaError
from storage.faults import faults_named
from storage.folder import fsync
from storage.media import Media, MediaMissing
from storage.paging import pages
from storage.schema import media
from storage.store import Store

DATABASE, MEDIA = "pentimento.db", "media"
"""The names that a bot expects in its ``DATA_DIR``."""

TIMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds. ``new``: pictures that it did not hold before; ``lost``: those that the store has lost."""

    pictures: int
    new: int
    lost: int


async def back_up(database_url: str, store: Media, folder: Path, tell: Callable[[str], None]) -> BackedUp:
    """Bring ``folder`` up to date with the store. Cut short, it still holds the backup that was there before.

    Raises: ``SchemaError`` for a database that cannot be copied like this, ``StorageFault``.
    """
    source = _file_of(database_url)
    fresh = folder / f"{DATABASE}.new"
    with faults_named():
        for _ in range(TIMES):
            await asyncio.to_thread(_snapshot, source, fresh)
            tell("tables copied")
            result, named = await _copy_pictures(fresh, store, folder)
            if not result.lost:
                break
        await asyncio.to_thread(_put_in_place, fresh, folder)
    # Last of all, because until here the backup from before needs them.
    kept = Media.open(str(folder / MEDIA))
    for sha256 in set(await kept.names()) - named:
        await kept.delete(sha256)
    return result


def _file_of(database_url: str) -> Path:
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SchemaError("PostgreSQL is backed up by pg_dump, and the bucket after it; README says how.")
    source = Path(url.database)
    if not source.is_file():
        raise SchemaError(f"There is no {source}: nothing is stored yet.")
    return source


async def _copy_pictures(database: Path, store: Media, folder: Path) -> tuple[BackedUp, set[str]]:
    """Copy the pictures that the tables name; return what came of it, and their names."""
    copy = await Store.open(f"sqlite+aiosqlite:///{database}", str(folder / MEDIA))
    named: dict[str, int] = {}
    new = lost = 0
    try:
        named.update(dict.fromkeys(await copy.audit.loose(), -1))
        async with copy.database.connect() as connection:
            async for rows in pages(connection, media):
                named.update((row["sha256"], row["size_bytes"]) for row in rows)
        for sha256, size_bytes in named.items():
            # A power cut may have torn one of the backup before.
            if await copy.media.size_bytes(sha256) == size_bytes:
                continue
            try:
                await copy.media.put(await store.get(sha256, verify=True))
                new += 1
            except MediaMissing:
                lost += 1
    finally:
        await copy.close()
    return BackedUp(pictures=len(named) - lost, new=new, lost=lost), set(named)


def _snapshot(source: Path, fresh: Path) -> None:
    """Copy the tables as they are at one moment; writers go on meanwhile, in the log beside the file."""
    _remove(fresh)
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(fresh)) as copy,
    ):
        live.backup(copy, pages=-1)


def _put_in_place(fresh: Path, folder: Path) -> None:
    target = folder / DATABASE
    # A log of the older database must not be taken for one of the new.
    _remove_log(target)
    fsync(fresh)
    os.replace(fresh, target)
    fsync(folder)


def _remove(database: Path) -> None:
    database.unlink(missing_ok=True)
    _remove_log(database)


def _remove_log(database: Path) -> None:
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)

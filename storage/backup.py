"""A copy of an SQLite store, made while a bot works on it, in a folder from which a bot can run.

Imports its siblings, sqlite3 and SQLAlchemy. The tables come first, as they are at one moment; pictures never change
and are stored before any row names them, so those of that moment are there afterwards, unless somebody was forgotten
meanwhile. Then the tables are taken once more. Never writes to what it copies.

A backup must not follow its store into ruin: one of another store, or of one that has lost most of its turns, is not
made, and what the store has no more is put aside for a month.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import make_url

from storage.engine.database import SchemaError
from storage.engine.faults import faults_named
from storage.media.backend import media_path
from storage.media.local import fsync
from storage.media.store import Media, MediaMissing
from storage.rows.ids import GAP, continue_after, is_numbered, last_id
from storage.rows.paging import pages
from storage.schema import media, metadata
from storage.store import Store

DATABASE, MEDIA = "pentimento.db", "media"
"""The names that a bot expects in its ``DATA_DIR``."""

TIMES = 3

PUT_ASIDE = "dropped-"
"""How a folder is called, with the date behind it, that holds what the store had no more on that day."""

KEPT_DAYS = 30


class BackupRefused(Exception):
    """The folder holds something that this backup would take away. The message says what, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds. ``new``: pictures that it did not hold before; ``lost``: those that the store has lost."""

    pictures: int
    new: int
    lost: int


async def back_up(
    database_url: str, media_store: Media, folder: Path, tell: Callable[[str], None], *, anyway: bool = False
) -> BackedUp:
    """Bring ``folder`` up to date with the store. Cut short, it still holds the backup that was there before.

    ``anyway``: also where that takes most of it away. Raises: ``SchemaError`` for a database that cannot be copied like
    this, :class:`BackupRefused`, ``StorageFault``.
    """
    source = file_of(database_url)
    fresh = folder / f"{DATABASE}.new"
    with faults_named():
        for _ in range(TIMES):
            await asyncio.to_thread(_snapshot, source, fresh)
            await _make_ready(fresh, folder)
            gone = await asyncio.to_thread(_compare, folder / DATABASE, fresh)
            if gone.refusal and not anyway:
                await asyncio.to_thread(_remove, fresh)
                raise BackupRefused(gone.refusal)
            tell("tables copied")
            result, named = await _copy_pictures(fresh, media_store, folder)
            if not result.lost:
                break
        # The pictures last of all, because until the tables are replaced the backup from before needs them.
        over = set(await Media.open(str(folder / MEDIA)).names()) - named
        aside = await asyncio.to_thread(_put_in_place, fresh, folder, over, drops=bool(over or gone.turns))
        if aside is not None:
            tell(f"what the store has no more is in {aside}, for {KEPT_DAYS} days")
        await asyncio.to_thread(_drop_old, folder)
    return result


async def _make_ready(fresh: Path, folder: Path) -> None:
    """Bring copied tables to today's schema, and have their numbers go on far above those of the original.

    The original goes on too: whoever starts on the copy one day must not give its numbers to others.
    """
    copy = await Store.open(f"sqlite+aiosqlite:///{fresh}", str(folder / MEDIA))
    try:
        async with copy.database.begin() as connection:
            for table in filter(is_numbered, metadata.sorted_tables):
                await continue_after(connection, table, await last_id(connection, table) + GAP)
    finally:
        await copy.close()


def file_of(database_url: str) -> Path:
    """Return the file that a backup copies the tables of. Raises: ``SchemaError`` where they are in none."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise SchemaError("PostgreSQL is backed up by pg_dump, and the bucket after it; docs/operating.md says how.")
    return Path(url.database)


async def _copy_pictures(database: Path, media_store: Media, folder: Path) -> tuple[BackedUp, set[str]]:
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
                await copy.media.put(await media_store.get(sha256, verify=True))
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    """What the backup holds that the store holds no more. ``refusal``: why that cannot be right, "" where it can."""

    turns: int = 0
    refusal: str = ""


def _compare(old: Path, fresh: Path) -> _Gone:
    """Compare the backup from before with what is to replace it: whether it is the same store, and what it has lost."""
    if not old.is_file():
        return _Gone()
    had_log = _log_of(old, "-wal").exists()
    try:
        return _compared(old, fresh)
    except sqlite3.DatabaseError as error:
        return _Gone(refusal=f"The backup there cannot be read ({error}). {ANYWAY}")
    finally:
        # Whoever only reads leaves an empty log behind.
        if not had_log:
            _remove_log(old)


def _compared(old: Path, fresh: Path) -> _Gone:
    with closing(sqlite3.connect(f"{fresh.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        connection.execute("ATTACH ? AS old", (f"{old.resolve().as_uri()}?mode=ro",))
        names = {table for (table,) in connection.execute("SELECT name FROM old.sqlite_master")}
        if "turns" not in names:
            return _Gone()
        (had,) = connection.execute("SELECT count(*) FROM old.turns").fetchone()
        same = "SELECT count(*) FROM old.turns o JOIN main.turns n ON n.id = o.id AND n.created_at = o.created_at"
        (kept,) = connection.execute(same).fetchone()
        ids = "SELECT o.store_id = n.store_id, n.forgotten - o.forgotten FROM old.identity o, main.identity n"
        is_same, forgotten = (connection.execute(ids).fetchone() if "identity" in names else None) or (None, 0)
    # An earlier version gave its stores no name, and a copy of its tables gets one of its own.
    if not (is_same or (had and 2 * kept >= had) or (is_same is None and not had)):
        return _Gone(turns=had - kept, refusal=f"It holds the backup of another store, with {had} turns. {ANYWAY}")
    lost = had - kept - (forgotten if is_same else 0)
    if 2 * lost > had:
        why = f"{lost} of its {had} turns are not in the store any more, and nobody asked to forget them."
        return _Gone(turns=had - kept, refusal=f"{why} {ANYWAY}")
    return _Gone(turns=had - kept)


ANYWAY = (
    "Is the right disk mounted, and DATA_DIR what it was? Nothing was changed. Choose another folder, or say --anyway: "
    f"then what is in this one stays in it for {KEPT_DAYS} days."
)


def _put_in_place(fresh: Path, folder: Path, over: Collection[str], *, drops: bool) -> Path | None:
    """Replace the tables; put pictures that are over aside, and the tables from before, and return where to."""
    target = folder / DATABASE
    aside = _new_folder(folder) if drops and target.is_file() else None
    if aside is not None:
        _link(target, aside / DATABASE)
    # A log of the older database must not be taken for one of the new.
    _remove_log(target)
    fsync(fresh)
    os.replace(fresh, target)
    fsync(folder)
    for path in map(media_path, over):
        if aside is None:
            (folder / MEDIA / path).unlink(missing_ok=True)
            continue
        (aside / MEDIA / path).parent.mkdir(parents=True, exist_ok=True)
        os.replace(folder / MEDIA / path, aside / MEDIA / path)
    return aside


def _new_folder(folder: Path) -> Path:
    """Make a folder of today, with a number where there is one already."""
    today = f"{PUT_ASIDE}{datetime.now(UTC):%Y-%m-%d}"
    names = itertools.chain([today], (f"{today}-{number}" for number in itertools.count(2)))
    aside = next(folder / name for name in names if not (folder / name).exists())
    aside.mkdir(mode=0o700)
    return aside


def _link(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:
        # Not every file system knows a file by two names.
        shutil.copyfile(path, to)


def _drop_old(folder: Path) -> None:
    """Delete what was put aside a month ago."""
    for path in folder.glob(f"{PUT_ASIDE}????-??-??*"):
        try:
            day = datetime.strptime(path.name.removeprefix(PUT_ASIDE)[:10], "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            continue
        if datetime.now(UTC) - day > timedelta(days=KEPT_DAYS + 1):
            shutil.rmtree(path)


def _remove(database: Path) -> None:
    database.unlink(missing_ok=True)
    _remove_log(database)


def _remove_log(database: Path) -> None:
    for end in ("-wal", "-shm"):
        _log_of(database, end).unlink(missing_ok=True)


def _log_of(database: Path, end: str) -> Path:
    return database.with_name(database.name + end)

"""Copies an SQLite store, while a bot works on it, to a folder from which a bot can run.

Imports sqlite3, ``engine``, ``media``, ``rows``, ``schema`` and ``store``. It copies the tables first, as a snapshot.
Pictures never change and are stored before any row names them, so all pictures of the snapshot still exist afterwards,
unless somebody had data deleted meanwhile. In that case the tables are copied once more. It never writes to its source.

A backup must not repeat a disaster: it refuses to replace the backup of another store, or to follow a store that lost
most of its turns. What the store no longer has is kept aside for a month.
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

from storage.engine.database import SchemaError, sqlite_file
from storage.engine.faults import faults_named
from storage.media.backend import media_path
from storage.media.local import fsync
from storage.media.store import Media, MediaMissing
from storage.rows.ids import GAP, continue_after, is_numbered, last_id
from storage.rows.paging import pages
from storage.schema import media, metadata
from storage.store import Store

DATABASE, MEDIA = "pentimento.db", "media"
"""File and folder names that a bot expects in its ``DATA_DIR``."""

FRESH = f"{DATABASE}.new"
"""The tables of a backup that is not finished."""

TIMES = 3

PUT_ASIDE = "dropped-"
"""Prefix of the folders that keep what the store no longer had; the date follows."""

KEPT_DAYS = 30


class BackupRefused(Exception):
    """This backup would remove something from the folder. The message says what, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """The result of a backup. ``new``: pictures copied this time; ``lost``: pictures that the store no longer has."""

    pictures: int
    new: int
    lost: int


async def back_up(
    source: Path, media_store: Media, folder: Path, tell: Callable[[str], None], *, anyway: bool = False
) -> BackedUp:
    """Bring ``folder`` up to date with the store. If it is interrupted, the previous backup stays intact.

    It deletes in that folder; :func:`keep_apart` checks that this is not the store itself. ``anyway``: also if that
    removes most of the backup. Raises: :class:`BackupRefused`, ``StorageFault``.
    """
    fresh = folder / FRESH
    with faults_named():
        if not anyway and await asyncio.to_thread(_is_foreign, folder):
            raise BackupRefused(f"It holds pictures, but no tables: that is no backup. {ANYWAY}")
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
        # Old pictures go last: the previous backup needs them until its tables are replaced.
        over = set(await Media.open(str(folder / MEDIA)).names()) - named
        aside = await asyncio.to_thread(_put_in_place, fresh, folder, over, drops=bool(over or gone.turns))
        if aside is not None:
            tell(f"what the store has no more is in {aside}, for {KEPT_DAYS} days")
        await asyncio.to_thread(_drop_old, folder)
    return result


def keep_apart(source: Path, media_store: Media, folder: Path) -> None:
    """Raise :class:`BackupRefused` if a backup in ``folder`` would write or delete within the store that it copies."""
    for name in (DATABASE, FRESH):
        if _is_same(folder / name, source):
            raise BackupRefused(f"The database of the bot is there, {source}. {ELSEWHERE}")
    pictures, copies = media_store.folder, folder / MEDIA
    if pictures is not None and (_is_within(copies, pictures) or _is_within(pictures, copies)):
        raise BackupRefused(f"The pictures of the bot are there, in {pictures}. {ELSEWHERE}")


def _is_same(one: Path, other: Path) -> bool:
    """Compare two places. Links and mounts can give one file several paths."""
    try:
        return one.samefile(other)
    except OSError:
        return one.resolve() == other.resolve()


def _is_within(path: Path, folder: Path) -> bool:
    return any(_is_same(one, folder) for one in (path.resolve(), *path.resolve().parents))


def _is_foreign(folder: Path) -> bool:
    """Return whether there are pictures without the tables that even an interrupted backup has."""
    begun = any((folder / name).exists() for name in (DATABASE, FRESH))
    return not begun and any(path.is_file() for path in (folder / MEDIA).rglob("*"))


async def _make_ready(fresh: Path, folder: Path) -> None:
    """Migrate the copied tables, and let their ids continue far above those of the original.

    The original goes on counting: a bot that starts from the copy one day must not use the same ids for other turns.
    """
    copy = await Store.open(f"sqlite+aiosqlite:///{fresh}", str(folder / MEDIA))
    try:
        async with copy.database.begin() as connection:
            for table in filter(is_numbered, metadata.sorted_tables):
                await continue_after(connection, table, await last_id(connection, table) + GAP)
    finally:
        await copy.close()


def file_of(database_url: str) -> Path:
    """Return the SQLite file of a database. Raises: ``SchemaError`` if there is none."""
    file = sqlite_file(database_url)
    if file is None:
        raise SchemaError("PostgreSQL is backed up by pg_dump, and the bucket after it; docs/operating.md says how.")
    return file


async def _copy_pictures(database: Path, media_store: Media, folder: Path) -> tuple[BackedUp, set[str]]:
    """Copy the pictures that the tables name; return the result and their names."""
    copy = await Store.open(f"sqlite+aiosqlite:///{database}", str(folder / MEDIA))
    named: dict[str, int] = {}
    new = lost = 0
    try:
        named.update(dict.fromkeys(await copy.audit.loose(), -1))
        async with copy.database.connect() as connection:
            async for rows in pages(connection, media):
                named.update((row["sha256"], row["size_bytes"]) for row in rows)
        for sha256, size_bytes in named.items():
            # A power cut may have truncated a file of the previous backup.
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
    """Copy a snapshot of the tables; writers continue meanwhile, in the write-ahead log."""
    _remove(fresh)
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as live,
        closing(sqlite3.connect(fresh)) as copy,
    ):
        live.backup(copy, pages=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    """How many turns only the backup has. ``refusal``: why that looks wrong, "" if it does not."""

    turns: int = 0
    refusal: str = ""


def _compare(old: Path, fresh: Path) -> _Gone:
    """Compare the previous backup with its replacement: is it the same store, and what has it lost?"""
    if not old.is_file():
        return _Gone()
    had_log = _log_of(old, "-wal").exists()
    try:
        return _compared(old, fresh)
    except sqlite3.DatabaseError as error:
        return _Gone(refusal=f"The backup there cannot be read ({error}). {ANYWAY}")
    finally:
        # Even a reader leaves an empty log file.
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
    # Stores of earlier versions had no id, and each copy of their tables gets an id of its own.
    if not (is_same or (had and 2 * kept >= had) or (is_same is None and not had)):
        return _Gone(turns=had - kept, refusal=f"It holds the backup of another store, with {had} turns. {ANYWAY}")
    # A store that came back from an older backup has turns again that were forgotten before this one: no loss.
    lost = had - kept - (max(forgotten, 0) if is_same else 0)
    if 2 * lost > had:
        why = f"{lost} of its {had} turns are not in the store any more, and nobody asked to forget them."
        return _Gone(turns=had - kept, refusal=f"{why} {ANYWAY}")
    return _Gone(turns=had - kept)


ELSEWHERE = "Choose another folder, best on another disk. Nothing was changed."

ANYWAY = (
    "Is the right disk mounted, and DATA_DIR what it was? Nothing was changed. Choose another folder, or say --anyway: "
    f"then what is in this one stays in it for {KEPT_DAYS} days."
)


def _put_in_place(fresh: Path, folder: Path, over: Collection[str], *, drops: bool) -> Path | None:
    """Replace the tables; move surplus pictures and the previous tables aside; return that folder, if any."""
    target = folder / DATABASE
    aside = _new_folder(folder) if drops else None
    if aside is not None and target.is_file():
        _link(target, aside / DATABASE)
    # The log of the old database must not be applied to the new one.
    _remove_log(target)
    fsync(fresh)
    os.replace(fresh, target)
    fsync(folder)
    if aside is not None:
        for path in map(media_path, over):
            (aside / MEDIA / path).parent.mkdir(parents=True, exist_ok=True)
            os.replace(folder / MEDIA / path, aside / MEDIA / path)
    return aside


def _new_folder(folder: Path) -> Path:
    """Make a folder with today's date, numbered if it exists already."""
    today = f"{PUT_ASIDE}{datetime.now(UTC):%Y-%m-%d}"
    names = itertools.chain([today], (f"{today}-{number}" for number in itertools.count(2)))
    aside = next(folder / name for name in names if not (folder / name).exists())
    aside.mkdir(mode=0o700)
    return aside


def _link(path: Path, to: Path) -> None:
    try:
        os.link(path, to)
    except OSError:
        # Not every file system has hard links.
        shutil.copyfile(path, to)


def _drop_old(folder: Path) -> None:
    """Delete folders that were put aside more than a month ago."""
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

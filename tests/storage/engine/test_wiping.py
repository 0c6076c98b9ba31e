"""The log of SQLite is emptied of what was deleted: at once, or as soon as nobody reads an older state any more."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine.database import Database
from storage.schema import chats

CHAT = {"chat_id": 1, "kind": "private", "title": "a very secret title", "active": True, "settings": "{}"}


async def _write_and_delete(database: Database) -> None:
    async with database.begin() as writing:
        await writing.execute(chats.insert(), [CHAT])
    async with database.begin() as writing:
        await writing.execute(chats.delete())


def _reader(folder: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(folder / "pentimento.db", isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM chats").fetchall()
    return connection


async def test_what_was_deleted_leaves_the_log_once_nobody_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.engine.wiping.AGAIN_AFTER_S", (0.05,))
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db")
    logged = tmp_path / "pentimento.db-wal"
    try:
        await database.wipe_log()
        await _write_and_delete(database)
        with closing(_reader(tmp_path)):
            await database.wipe_log(tries=2)
            assert database.wipe_log.is_due
            assert b"a very secret title" in logged.read_bytes()
        keeping = asyncio.create_task(database.wipe_log.keep())
        async with asyncio.timeout(20):
            while database.wipe_log.is_due:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert logged.stat().st_size == 0
        assert b"a very secret title" not in (tmp_path / "pentimento.db").read_bytes()
        keeping.cancel()
    finally:
        await database.close()


async def test_a_log_that_is_held_holds_no_writer(tmp_path: Path) -> None:
    """All writes of the bot wait for one connection, so that one must not wait for a reader."""
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db")
    try:
        await _write_and_delete(database)
        with closing(_reader(tmp_path)):
            wiping = asyncio.create_task(database.wipe_log(tries=10_000))
            async with asyncio.timeout(20):
                for _ in range(5):
                    await _write_and_delete(database)
            assert not wiping.done()
        async with asyncio.timeout(20):
            await wiping
        assert not database.wipe_log.is_due
    finally:
        await database.close()


async def test_each_start_empties_what_an_earlier_one_could_not(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db")
    assert database.wipe_log.is_due
    await database.wipe_log()
    assert not database.wipe_log.is_due
    await database.close()

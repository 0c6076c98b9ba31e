"""SQLite's engine: one trip a statement, transactions only where they are needed, one flush for all who wait."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine.database import Database
from storage.engine.faults import FaultKind, StorageFault, faults_named
from storage.engine.sqlite import Flush, SharedConnection, sqlite_engine
from storage.records import Key
from storage.schema import chats
from storage.store import Store

CHAT = {"chat_id": 1, "kind": "private", "title": "", "active": True, "settings": "{}"}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db")
    yield database
    await database.close()


@pytest.fixture
async def beside(database: Database, tmp_path: Path) -> AsyncIterator[sqlite3.Connection]:
    """Another program's connection to the same file, which does not wait for a lock."""
    with closing(sqlite3.connect(tmp_path / "pentimento.db", timeout=0, isolation_level=None)) as connection:
        yield connection


async def test_reading_holds_no_transaction(database: Database, beside: sqlite3.Connection) -> None:
    async with database.connect() as reading:
        await reading.execute(select(chats))
        beside.execute("BEGIN EXCLUSIVE")
        beside.execute("COMMIT")


async def test_who_reads_waits_for_no_write_and_sees_what_is_committed(database: Database) -> None:
    async def found() -> int:
        async with database.connect() as reading:
            return len((await reading.execute(select(chats))).all())

    async with database.begin() as writing:
        await writing.execute(chats.insert(), [CHAT])
        assert await found() == 0
    assert await found() == 1


async def test_a_read_that_was_cancelled_or_failed_is_nobody_elses_trouble(database: Database) -> None:
    async def read(statement: str) -> object:
        async with database.connect() as reading:
            return (await reading.execute(text(statement))).scalar_one()

    long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT count(*) FROM n"
    for _ in range(3):
        cut = asyncio.create_task(read(long))
        await asyncio.sleep(0.01)
        cut.cancel()
        results = await asyncio.gather(cut, *(read(f"SELECT {number}") for number in range(20)), return_exceptions=True)
        assert isinstance(results[0], asyncio.CancelledError)
        assert results[1:] == list(range(20))
    with pytest.raises(StorageFault):
        await read("SELECT nothing")
    assert await read("SELECT 1") == 1


async def test_a_write_that_was_cancelled_leaves_nothing_and_stops_nobody(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.begin() as writing:
            await writing.execute(chats.insert(), [{**CHAT, "chat_id": number}])
            await asyncio.sleep(3600 if number < 0 else 0)

    for number in range(1, 4):
        cut = asyncio.create_task(write(-number))
        others = [asyncio.create_task(write(10 * number + other)) for other in range(5)]
        await asyncio.sleep(0.002 * number)
        cut.cancel()
        assert isinstance((await asyncio.gather(cut, *others, return_exceptions=True))[0], asyncio.CancelledError)
    async with database.connect() as reading:
        written = (await reading.execute(select(chats.c.chat_id).order_by(chats.c.chat_id))).scalars().all()
    assert written == [10 * number + other for number in range(1, 4) for other in range(5)]


async def test_whatever_happens_two_connections_are_open(tmp_path: Path) -> None:
    def connections() -> int:
        return sum("connection_worker" in thread.name for thread in threading.enumerate())

    async def read() -> None:
        async with store.database.connect() as reading:
            await reading.execute(text("SELECT 1"))

    before = connections()
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/tree.db", str(tmp_path / "media"))
    for _ in range(3):
        await store.conversations.open(Key(1, 0))
        await store.forgetting.conversation(Key(1, 0))
        cut = asyncio.create_task(read())
        await asyncio.sleep(0)
        cut.cancel()
        await asyncio.wait({cut})
        await read()
    async with asyncio.timeout(10):
        # A connection that was closed ends its thread a moment later.
        while connections() != before + 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await store.close()


async def test_writing_locks_with_its_first_statement(database: Database, beside: sqlite3.Connection) -> None:
    async with database.begin() as writing:
        await writing.execute(select(chats))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            beside.execute("BEGIN IMMEDIATE")


async def test_a_failed_block_leaves_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.begin() as writing:
            await writing.execute(chats.insert(), [CHAT])
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    async with database.connect() as reading:
        assert (await reading.execute(select(chats))).all() == []


async def test_rows_counts_and_returned_values_come_back(database: Database) -> None:
    async with database.begin() as writing:
        many = await writing.execute(chats.insert(), [{**CHAT, "chat_id": number} for number in range(2, 5)])
        assert many.rowcount == 3
        one = await writing.execute(chats.insert().values(CHAT).returning(chats.c.chat_id))
        assert one.scalar_one() == 1
        gone = await writing.execute(chats.delete().where(chats.c.chat_id > 2))
        assert gone.rowcount == 2
    async with database.connect() as reading:
        assert (await reading.execute(select(chats.c.chat_id).order_by(chats.c.chat_id))).scalars().all() == [1, 2]
        assert (await reading.execute(text("PRAGMA synchronous"))).scalar_one() == 1


async def test_a_lock_of_another_program_is_named(database: Database, beside: sqlite3.Connection) -> None:
    async def write() -> None:
        async with database.begin() as writing:
            await writing.execute(chats.insert(), [CHAT])

    async with database.begin() as impatient:
        await impatient.execute(text("PRAGMA busy_timeout=0"))
    beside.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageFault, match="Another program holds the database"):
        await write()
    beside.execute("COMMIT")
    await write()


async def test_waiting_commits_share_a_flush(tmp_path: Path) -> None:
    class Counted(Flush):
        times = 0

        def _flush(self) -> None:
            self.times += 1
            super()._flush()

    (tmp_path / "db-wal").touch()
    flush = Counted(tmp_path / "db")
    await asyncio.gather(*(flush() for _ in range(50)))
    assert 1 <= flush.times <= 2
    await flush()
    assert flush.times <= 3


async def test_a_flush_that_fails_is_no_success_for_anybody(tmp_path: Path) -> None:
    class Broken(Flush):
        def _flush(self) -> None:
            raise OSError(5, "Input/output error")

    flush = Broken(tmp_path / "db")
    failed = await asyncio.gather(*(flush() for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in failed] == [OSError] * 3


async def test_a_commit_that_waits_too_long_blames_another_program(tmp_path: Path) -> None:
    kept = SharedConnection(sqlite_engine(make_url(f"sqlite+aiosqlite:///{tmp_path}/queue.db")), wait_s=0.01)
    async with kept.connect():
        with pytest.raises(StorageFault) as fault, faults_named():
            async with kept.begin():
                pass
    assert fault.value.kind is FaultKind.LOCKED
    async with kept.begin() as connection:
        assert (await connection.execute(text("SELECT 1"))).scalar_one() == 1
    await kept.dispose()


async def test_a_full_pool_is_told_from_another_program(tmp_path: Path) -> None:
    address = f"sqlite+aiosqlite:///{tmp_path}/pool.db"
    engine = create_async_engine(address, pool_size=1, max_overflow=0, pool_timeout=0.01)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        await stack.enter_async_context(engine.connect())
        with pytest.raises(StorageFault) as fault, faults_named():
            await engine.connect()
    assert fault.value.kind is FaultKind.CROWDED

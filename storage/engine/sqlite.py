"""A fast SQLite adapter for asyncio: one call to aiosqlite's thread per statement, one disk flush for many commits.

Imports aiosqlite and SQLAlchemy. A call to the thread costs more than most statements, and the stock adapter makes
three or four for each. A flush costs milliseconds, and with ``synchronous=FULL`` every commit makes one while it holds
the only connection. Here a commit only writes (``NORMAL``), and :class:`Flush` then makes all commits durable at once.
Reads have a connection of their own, so they do not wait for writes.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.engine import URL
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only, immutabledict

BUSY_TIMEOUT_S = 30
"""How long a statement waits for another program's lock."""

QUEUE_TIMEOUT_S = 4 * BUSY_TIMEOUT_S
"""How long to wait for the connection. Each user before may have to wait for such a lock."""

_fdatasync = getattr(os, "fdatasync", os.fsync)


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Runs a statement, fetches its rows and closes its cursor in one call to the thread."""

    __slots__ = ()

    _adapt_connection: _Connection

    def __init__(self, connection: _Connection) -> None:
        self._adapt_connection = connection
        self._connection = connection._connection
        self._soft_closed_memoized = immutabledict()
        self._rows = deque()

    def execute(self, operation: Any, parameters: Any = None) -> None:
        self._trip(lambda cursor: cursor.execute(operation, parameters or ()))

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        self._trip(lambda cursor: cursor.executemany(operation, seq_of_parameters))

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        return

    def _trip(self, execute: Callable[[sqlite3.Cursor], object]) -> None:
        connection = self._adapt_connection
        begin, connection.to_begin = connection.to_begin, False

        def work() -> tuple[Any, Sequence[Any]]:
            cursor = connection.raw.cursor()
            try:
                if begin:
                    cursor.execute("BEGIN IMMEDIATE")
                execute(cursor)
                return cursor, cursor.fetchall() if cursor.description else ()
            finally:
                cursor.close()

        self._cursor, rows = connection.run(work)
        self._rows = deque(rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    """Begins a transaction together with its first statement, and ends it only if it was begun."""

    __slots__ = ("to_begin",)

    _cursor_cls = _Cursor  # type: ignore[assignment]

    def __init__(self, dbapi: Any, connection: Any) -> None:
        super().__init__(dbapi, connection)
        self.to_begin = False

    @property
    def raw(self) -> sqlite3.Connection:
        """The driver's connection, for use in its thread only."""
        return self._connection._conn  # type: ignore[no-any-return]

    def run(self, work: Callable[[], Any]) -> Any:
        """Run ``work`` in the connection's thread."""
        try:
            return await_only(self._connection._execute(work))
        except Exception as error:
            self._handle_exception(error)

    def commit(self) -> None:
        if not self._nothing_begun():
            super().commit()

    def rollback(self) -> None:
        if not self._nothing_begun():
            super().rollback()

    def _nothing_begun(self) -> bool:
        self.to_begin = False
        return not (self._connection._connection and self._connection.in_transaction)


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *args: Any, **kwargs: Any) -> _Connection:
        return _Connection(self, super().connect(*args, **kwargs)._connection)


def sqlite_engine(url: URL, *, reads_only: bool = False) -> AsyncEngine:
    """Return an engine without a pool; :class:`SharedConnection` keeps its connection open."""
    # Errors must not carry people's words into a log.
    engine = create_async_engine(url, module=_Module(aiosqlite, sqlite3), poolclass=NullPool, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _set_up)
    if not reads_only:
        event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _set_up(connection: _Connection, _record: object) -> None:
    # The driver must not begin transactions by itself, or BEGIN IMMEDIATE would be too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}")
    cursor.execute("PRAGMA journal_mode=WAL")
    logged = cursor.fetchone() == ("wal",)
    # NORMAL keeps the file consistent after a power cut; Flush makes commits durable. File systems without shared
    # memory refuse the write-ahead log, and there SQLite must flush by itself.
    cursor.execute(f"PRAGMA synchronous={'NORMAL' if logged else 'FULL'}")
    # Deleted data must not stay readable in the file.
    cursor.execute("PRAGMA secure_delete=ON")
    # Half the default, because there are two connections and the kernel caches the pages as well.
    cursor.execute("PRAGMA cache_size=-1000")
    cursor.close()


def _begin(connection: Connection) -> None:
    adapted: Any = connection.connection.dbapi_connection
    adapted.to_begin = True


class SharedConnection:
    """The one connection of an engine, kept open and used by one task at a time.

    SQLite has one writer, and a queue for it is better than "database is locked". A pool's checkout would cost as much
    as a small query. Between two reads it holds no lock, so each sees everything that was committed before.
    """

    def __init__(self, engine: AsyncEngine, *, wait_s: float = QUEUE_TIMEOUT_S) -> None:
        self.engine = engine
        self._wait_s = wait_s
        self._turn = asyncio.Lock()
        self._connection: AsyncConnection | None = None

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Lend the connection. Raises: SQLAlchemy's ``TimeoutError`` if it is busy for too long."""
        await self._wait()
        try:
            connection, self._connection = self._connection or await self.engine.connect(), None
            try:
                yield connection
            except BaseException:
                # A cancelled statement may still run on it. A second cancellation must not leave it open.
                await asyncio.shield(connection.close())
                raise
            self._connection = connection
        finally:
            self._turn.release()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Lend the connection with a transaction, which is committed if the block succeeds."""
        async with self.connect() as connection, connection.begin():
            yield connection

    async def dispose(self) -> None:
        """Close the connection, unless it is still in use: that must not keep the process from ending."""
        kept, self._connection = self._connection, None
        if kept is not None:
            await kept.close()
        await self.engine.dispose()

    async def _wait(self) -> None:
        if not self._turn.locked():
            await self._turn.acquire()
            return
        try:
            async with asyncio.timeout(self._wait_s):
                await self._turn.acquire()
        except TimeoutError as error:
            raise PoolTimeout("the connection is busy") from error


class Flush:
    """Flushes a database's write-ahead log to the disk.

    A commit is complete once its frames are in the log (sqlite.org/wal.html), and a checkpoint syncs the log before it
    moves them. So a flush of the log makes all earlier commits durable.
    """

    def __init__(self, database: Path) -> None:
        self._log = Path(f"{database}-wal")
        self._turn = asyncio.Lock()
        self._asked = self._flushed = 0

    async def __call__(self) -> None:
        """Return once everything committed by now is durable. Raises: ``OSError``."""
        self._asked += 1
        mine = self._asked
        async with self._turn:
            # The task before may have flushed these commits, too.
            if self._flushed < mine:
                covered = self._asked
                await asyncio.to_thread(self._flush)
                self._flushed = covered

    def _flush(self) -> None:
        try:
            descriptor = os.open(self._log, os.O_RDONLY)
        except FileNotFoundError:
            return
        try:
            _fdatasync(descriptor)
        finally:
            os.close(descriptor)

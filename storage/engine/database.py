"""The database connections, for sqlite+aiosqlite and postgresql+psycopg, and the schema check on opening.

Imports SQLAlchemy, ``schema``, ``triggers``, ``faults``, ``fencing``, ``sqlite`` and ``wiping``. Alembic is loaded only
to migrate an older database. It never writes to a database that is not ours, or that a later version made.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage import triggers
from storage.engine.faults import FaultKind, StorageFault, faults_named
from storage.engine.fencing import fence
from storage.engine.sqlite import Flush, SharedConnection, sqlite_engine
from storage.engine.wiping import LogWipe
from storage.schema import FLOOR, REVISIONS, identity, metadata, schema_floor

SINGLE = {"isolation_level": "AUTOCOMMIT"}

MIGRATION_LOCK = 0x70656E74
"""An arbitrary number, unlikely to collide with other advisory locks on the PostgreSQL server."""

KEEPALIVE: dict[str, Any] = {
    "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}  # fmt: skip
"""With these a dead connection raises an error in about ten seconds, instead of hours (libpq, 33.1.2)."""

VERSIONS = {"alembic_version": "version_num", "schema_floor": "revision"}

VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""As Alembic makes it (alembic.sqlalchemy.org, Building an Up to Date Database from Scratch)."""

LEAST_ROOM_BYTES = 1_000_000
"""With less room on its disk, an SQLite file cannot even be opened."""

NOTHING = "nothing is stored yet. If your bot has run before, then DATA_DIR or DATABASE_URL names another place."

IDLE_IN_TRANSACTION = "SET idle_in_transaction_session_timeout = '5s'"
"""A process that is paused within a transaction must not hold its rows for longer."""

_claimed: ContextVar[frozenset[int]] = ContextVar("claimed", default=frozenset())
"""What the code that runs has claimed."""


class SchemaError(Exception):
    """The database is not one that this version can work with."""


class Database:
    """Opens connections; use :meth:`begin` to write and :meth:`connect` to read."""

    def __init__(
        self,
        url: str,
        engine: AsyncEngine,
        writing: SharedConnection | None = None,
        reading: SharedConnection | None = None,
        flush: Flush | None = None,
        wipe: LogWipe | None = None,
        single: AsyncEngine | None = None,
        claims: int = 1,
    ) -> None:
        self.url = url
        self.engine = engine
        self._single = single or engine.execution_options(**SINGLE)
        self._writing = writing or engine
        self._reading = reading or self._single
        # Commits of PostgreSQL are always durable.
        self._flush = flush
        self.wipe_log = wipe or LogWipe(None)
        """Removes deleted rows from SQLite's log. PostgreSQL has no such log."""
        # A claim holds a connection, and the work under it needs others.
        self._claims = asyncio.Semaphore(claims)

    @classmethod
    async def open(cls, url: str, *, pool_size: int = 10) -> Database:
        """Connect, check the schema, and migrate it. Raises: :class:`SchemaError`, ``StorageFault``."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            file = Path(parsed.database or "")
            _refuse_foreign_file(file)
            engine = sqlite_engine(parsed)
            database = cls(
                url,
                engine,
                SharedConnection(engine),
                SharedConnection(sqlite_engine(parsed, reads_only=True)),
                Flush(file),
                LogWipe(file),
            )
        else:
            single = _postgresql(parsed, pool_size)
            mode = single.execution_options(isolation_level="READ COMMITTED")
            database = cls(url, mode, single=single, claims=max(1, pool_size // 2))
        try:
            with faults_named():
                await database._migrate()
        except BaseException:
            await database.close()
            raise
        return database

    @staticmethod
    async def require(url: str) -> None:
        """Check that a database of ours exists; create none. Raises: :class:`SchemaError`, ``StorageFault``."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            _refuse_absent_file(Path(parsed.database or ""))
            return
        engine = _postgresql(parsed, 1)
        try:
            with faults_named():
                async with engine.connect() as connection:
                    found = await connection.run_sync(_revision)
        finally:
            await engine.dispose()
        if found is None:
            where = parsed.render_as_string(hide_password=True)
            raise SchemaError(f"There are no tables of a bot at {where}: {NOTHING}")

    @property
    def engines(self) -> tuple[AsyncEngine, ...]:
        """The engines for writing and, if it is another one, for reading; tests watch their statements."""
        return (self.engine, self._reading.engine) if isinstance(self._reading, SharedConnection) else (self._single,)

    async def close(self) -> None:
        await self._reading.dispose()
        await self._writing.dispose()

    @asynccontextmanager
    async def begin(self, *, durable: bool = True, fenced: bool = True) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that writes. It is committed if the block succeeds, and then made durable if asked.

        One that is not durable survives a kill, and a power cut only once a later one is durable. Use it for effects
        that nobody outside has seen yet. Raises: ``StorageFault``; ``Fenced`` in a worker that was declared dead.
        """
        worker = fence.get() if fenced else None
        with faults_named():
            async with self._writing.begin() as connection:
                if worker is not None:
                    await worker.hold(connection)
                yield connection
        if durable:
            await self.flush()

    async def flush(self) -> None:
        """Return once all commits are durable. Raises: ``StorageFault``."""
        if self._flush is not None:
            with faults_named():
                await self._flush()

    @asynccontextmanager
    async def connect(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection to read. Raises: ``StorageFault``."""
        with faults_named():
            async with self._reading.connect() as connection:
                yield connection

    @asynccontextmanager
    async def single(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection in autocommit mode. Raises: ``StorageFault``."""
        with faults_named():
            async with self._single.connect() as connection:
                yield connection

    @asynccontextmanager
    async def claimed(self, number: int) -> AsyncIterator[bool]:
        """Hold an advisory lock on ``number`` during the block; False if another connection holds it.

        Within the block, the number may be claimed again. PostgreSQL only. Raises: ``StorageFault``.
        """
        if number in _claimed.get():
            yield True
            return
        # Negative keys, which no other lock uses.
        key = {"key": -1 - number}
        async with self._claims, self.single() as connection:
            mine = bool((await connection.execute(text("SELECT pg_try_advisory_lock(:key)"), key)).scalar_one())
            token = _claimed.set(_claimed.get() | {number}) if mine else None
            try:
                yield mine
            finally:
                if token is not None:
                    _claimed.reset(token)
                    await connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)

    async def _migrate(self) -> None:
        async with self.engine.connect() as connection:
            found = await connection.run_sync(_revision)
        # A newer schema that this version may use stays as it is.
        if found is None or found in REVISIONS[:-1]:
            async with self.engine.begin() as connection:
                await connection.run_sync(_build_or_upgrade)


def sqlite_file(url: str) -> Path | None:
    """Return the SQLite file of a database, None if it is none."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _postgresql(url: URL, pool_size: int) -> AsyncEngine:
    """Return an engine in autocommit mode: most work reads, and each change of mode takes as long as a small query."""
    engine = create_async_engine(
        url,
        **SINGLE,
        skip_autocommit_rollback=True,
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        pool_timeout=10,
        connect_args=KEEPALIVE,
        # Errors must not carry people's words into a log.
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def set_up(connection: Any, _: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(IDLE_IN_TRANSACTION)
        cursor.close()
        connection.commit()

    return engine


def _refuse_absent_file(path: Path) -> None:
    if path.parent.exists() and not path.parent.is_dir():
        raise SchemaError(f"{path.parent} is a file and no folder: {NOTHING}")
    if not path.parent.is_dir():
        raise SchemaError(f"There is no folder {path.parent}: {NOTHING}")
    if not path.is_file() or path.stat().st_size == 0:
        raise SchemaError(f"There is no {path}: {NOTHING}")
    _refuse_foreign_file(path)


def _refuse_foreign_file(path: Path) -> None:
    """Inspect an existing file read-only, because opening it in WAL mode would change it."""
    if not path.exists() or path.stat().st_size == 0:
        return
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            versions = [
                version
                for table, column in VERSIONS.items()
                if table in tables
                for (version,) in connection.execute(f"SELECT {column} FROM {table}")  # noqa: S608 - our own names
            ]
    except sqlite3.OperationalError as error:
        # Nothing is wrong with the file. To read it needs some room, too, for the file with the index of its log.
        if shutil.disk_usage(path.parent).free < LEAST_ROOM_BYTES:
            raise StorageFault(FaultKind.FULL, str(error)) from error
        with faults_named():
            raise
    except sqlite3.DatabaseError as error:
        raise SchemaError(f"{path} is damaged or not an SQLite database ({error}). Nothing was changed.") from error
    _judge(tables, versions, str(path))


def _revision(connection: Connection) -> str | None:
    tables = set(inspect(connection).get_table_names())
    versions = [
        row[0]
        for table, column in VERSIONS.items()
        if table in tables
        for row in connection.execute(text(f"SELECT {column} FROM {table}"))  # noqa: S608 - our own names
    ]
    _judge(tables, versions, connection.engine.url.render_as_string(hide_password=True))
    return versions[0] if versions else None


def _judge(tables: set[str], versions: list[str], where: str) -> None:
    """Raise :class:`SchemaError`, unless a database with these tables is new, ours, or newer but compatible.

    ``versions``: its revision, and the oldest revision whose code may use it, if stored.
    """
    if versions and not set(versions) & set(REVISIONS):
        raise SchemaError(
            f"{where} has schema version {versions[0]}, which this version of Pentimento does not know. "
            "It was probably written by a later version: update, or choose another database. Nothing was changed."
        )
    # A migration is one transaction, so tables without a version are never ours, whatever their names.
    theirs = {name for name in tables if name != "alembic_version" and not name.startswith("procrastinate")}
    if not versions and theirs:
        raise SchemaError(
            f"{where} already holds tables of something else ({', '.join(sorted(theirs)[:3])}). "
            "Choose an empty database. Nothing was changed."
        )


def _build_or_upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # If several machines start at once, one migrates and the others wait. SQLite locks by itself.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
    found = _revision(connection)
    if found is None:
        _build(connection)
    elif found != REVISIONS[-1]:
        _upgrade(connection)


def _build(connection: Connection) -> None:
    """Create the current tables, as all migrations together would. Without Alembic, which takes 7 MB of memory."""
    metadata.create_all(connection, checkfirst=False)
    triggers.create(connection)
    connection.execute(text(VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": REVISIONS[-1]})
    connection.execute(schema_floor.insert(), {"revision": FLOOR})
    connection.execute(identity.insert(), {"store_id": uuid.uuid4().hex, "forgotten": 0})


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def now() -> float:
    """Return the time in Unix seconds."""
    return time.time()

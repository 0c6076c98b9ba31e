"""Dedicated connections: for LISTEN, and for the lock of the leader.

Imports SQLAlchemy, psycopg, ``database`` and ``faults``. PostgreSQL only. A broken connection raises an error within
seconds; the caller connects again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import psycopg
from sqlalchemy.engine import make_url

from storage.engine.database import KEEPALIVE
from storage.engine.faults import FaultKind, StorageFault

PROBE_S = 1.0
PATIENCE_S = 3.0
"""How long a probe may take before the connection counts as broken."""

SILENT_S = 6.0
"""After this time without a probe the database ends the leader's session, so a paused process loses the lead."""

LEADER_LOCK = 0x6C656164


def conninfo_of(url: str) -> str:
    """Return a database's address in libpq's form."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@asynccontextmanager
async def dedicated(url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Open a connection outside the pool. Raises: ``StorageFault``, also for database errors within the block."""
    try:
        async with asyncio.timeout(2 * PATIENCE_S):
            connection = await psycopg.AsyncConnection.connect(conninfo_of(url), autocommit=True, **KEEPALIVE)
        try:
            yield connection
        finally:
            with suppress(psycopg.Error):
                await connection.close()
    except (psycopg.Error, TimeoutError, OSError) as error:
        raise StorageFault(FaultKind.UNREACHABLE, " ".join(str(error).split())[:200] or "no answer") from error


@asynccontextmanager
async def listening(url: str, channels: Sequence[str]) -> AsyncIterator[AsyncIterator[tuple[str, str]]]:
    """Listen on channels; yield notifications as ``(channel, payload)``. Raises: ``StorageFault``."""
    async with dedicated(url) as connection:
        for channel in channels:
            await connection.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(channel)))
        yield _heard(connection)


async def _heard(connection: psycopg.AsyncConnection) -> AsyncIterator[tuple[str, str]]:
    while True:
        async for notice in connection.notifies(timeout=2 * PROBE_S):
            yield notice.channel, notice.payload
        await _probe(connection)


@asynccontextmanager
async def leading(url: str) -> AsyncIterator[psycopg.AsyncConnection | None]:
    """Try to become the leader for as long as the connection lives; None if another process leads."""
    async with dedicated(url) as connection:
        await connection.execute(f"SET idle_session_timeout = '{SILENT_S:g}s'")
        found = await connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,))
        row = await found.fetchone()
        yield connection if row and row[0] else None


async def stays(connection: psycopg.AsyncConnection) -> None:
    """Block as long as the connection lives. Raises: ``psycopg.Error``, ``TimeoutError``."""
    while True:
        await asyncio.sleep(PROBE_S)
        await _probe(connection)


async def _probe(connection: psycopg.AsyncConnection) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await connection.execute("SELECT 1")

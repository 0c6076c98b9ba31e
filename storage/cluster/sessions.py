"""Connections that are kept for one purpose: to hear what others announce, and to be the one who leads.

Imports psycopg, ``database`` and ``faults``. PostgreSQL only. A cut connection is an error within seconds, so that its
owner stops relying on it; nothing here connects anew by itself.
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
"""How long a probe may take before the connection counts as cut."""

SILENT_S = 6.0
"""The database ends the leader's session after so long without a probe: a paused process does not lead."""

LEADER_LOCK = 0x6C656164


def conninfo_of(url: str) -> str:
    """Return a database's address as libpq takes it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


@asynccontextmanager
async def dedicated(url: str) -> AsyncIterator[psycopg.AsyncConnection]:
    """Open a connection outside of the pool. Raises: ``StorageFault``, also for what goes wrong within the block."""
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
    """Listen on channels; give what is announced there as ``(channel, payload)``. Raises: ``StorageFault``."""
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
    """Try to become the one who leads, and stay so as long as the connection lives; None where somebody else does."""
    async with dedicated(url) as connection:
        await connection.execute(f"SET idle_session_timeout = '{SILENT_S:g}s'")
        found = await connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,))
        row = await found.fetchone()
        yield connection if row and row[0] else None


async def stays(connection: psycopg.AsyncConnection) -> None:
    """Return never, as long as a connection lives. Raises: ``psycopg.Error``, ``TimeoutError``."""
    while True:
        await asyncio.sleep(PROBE_S)
        await _probe(connection)


async def _probe(connection: psycopg.AsyncConnection) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await connection.execute("SELECT 1")

"""A PostgreSQL server that goes away and comes back. Imports the server of the tests; ends only what it started.

What it has confirmed survives its own death, as it must: only a power cut would cost something here.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import psutil
import psycopg

from tests.support.databases import Server, running_server

TRIES = 40


@dataclass
class PostgreSQL:
    """A server with one database."""

    server: Server
    url: str

    async def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Ask it something."""
        address = self.url.replace("postgresql+psycopg://", "postgresql://", 1)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            found = await connection.execute(statement)
            return await found.fetchall() if found.description else []

    async def stop(self) -> None:
        """Stop it as an administrator does: all connections are cut."""
        await asyncio.to_thread(self.server.handle.stop)

    async def crash(self) -> None:
        """Kill it, and wait until its children have noticed and ended."""
        server = psutil.Process(self.server.handle.get_pid())
        family = [server, *server.children()]
        server.kill()
        _, alive = await asyncio.to_thread(psutil.wait_procs, family, 20)
        assert alive == []

    async def start(self) -> None:
        """Start it at the same address."""
        for _ in range(TRIES):
            try:
                await asyncio.to_thread(self.server.handle.ensure_postgres_running)
                return
            except subprocess.SubprocessError:
                # Children of a killed server still hold its memory.
                await asyncio.sleep(0.25)
        raise AssertionError("PostgreSQL does not start again")


@asynccontextmanager
async def running_postgresql() -> AsyncIterator[PostgreSQL]:
    """Start a server, and remove it at the end. Skips where none can start."""
    with running_server(quick=False) as server:
        found = PostgreSQL(server, server.empty_database())
        await found.rows("ALTER SYSTEM SET fsync = off")
        await found.rows("SELECT pg_reload_conf()")
        yield found

"""Several processes' worth of bots on one PostgreSQL database, in this event loop."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.dispatch.cluster.install import install
from storage.engine.database import Database
from tests.cluster.crew import Crew
from tests.support.databases import Server
from tests.support.painter import painting
from tests.support.people import running_sandbox


@pytest.fixture
async def database(postgresql: Server) -> AsyncIterator[Database]:
    """Yield a database with all tables, procrastinate's too."""
    opened = await Database.open(postgresql.empty_database())
    await install(opened)
    yield opened
    await opened.close()


@pytest.fixture
async def crew(postgresql: Server, tmp_path: Path) -> AsyncIterator[Crew]:
    """Yield people, a painter, and a database without any process."""
    async with running_sandbox() as telegram, painting() as painter:
        crew = Crew(telegram, painter, postgresql.empty_database(), tmp_path)
        try:
            yield crew
        finally:
            await crew.stop()

"""A running bot for each dialogue."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support import spread
from tests.support.databases import Server
from tests.support.talking import SPREAD, Talk, how, talking


@pytest.fixture(scope="session", autouse=SPREAD)
def server(postgresql: Server) -> None:
    """Give bots that are spread a place for their databases."""
    spread.servers.append(postgresql)


@pytest.fixture
async def talk(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """Yield a bot that Ann, Boris and Chen can talk to."""
    async with talking(tmp_path, **how(request)) as talk:
        yield talk

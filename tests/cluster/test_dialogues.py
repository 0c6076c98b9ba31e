"""Dialogues once more, with PostgreSQL below and jobs in between: people must not notice. A sample."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dialogues import (
    test_album_orders,
    test_alone,
    test_branches,
    test_switching,
    test_tree_commands,
)
from tests.support.databases import Server
from tests.support.talking import Talk, how, talking

pytestmark = [pytest.mark.database, pytest.mark.torture]

SAMPLE = (test_album_orders, test_alone, test_branches, test_switching, test_tree_commands)

globals().update(
    {
        name: test
        for module in SAMPLE
        for name, test in vars(module).items()
        if name.startswith("test_") and callable(test)
    }
)


@pytest.fixture
async def talk(postgresql: Server, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """Give a bot that Ann, Boris and Chen can talk to."""
    async with talking(tmp_path, database_url=postgresql.empty_database(), **how(request)) as talk:
        yield talk

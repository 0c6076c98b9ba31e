"""A running bot with an owner, for tests of what goes wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.people import BORIS
from tests.support.talking import Talk, how, talking


@pytest.fixture
async def talk(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Talk]:
    """Yield a bot that Boris owns; he has said hello, so that it may write to him."""
    async with talking(tmp_path, owner_ids=str(BORIS), **how(request)) as talk:
        await talk.telegram.boris.say("/start")
        await talk.telegram.boris.answer()
        yield talk

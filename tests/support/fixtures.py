"""Fixtures for dialogue tests; a conftest imports what its folder needs.

Imports ``people`` and ``painter``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.bots import PlainBot
from tests.support.painter import Painter, painting
from tests.support.people import Telegram, running_sandbox


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """Yield a sandbox of one's own, on a free loopback port in the event loop of the test."""
    async with running_sandbox() as running:
        yield running


@pytest_asyncio.fixture
async def painter() -> AsyncIterator[Painter]:
    """Yield a provider that paints."""
    async with painting() as running:
        yield running


@pytest.fixture
def bot(telegram: Telegram) -> PlainBot:
    """Return a bot that needs no library."""
    return PlainBot(telegram)

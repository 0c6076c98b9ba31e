"""A bot whose provider strays as real models do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.talking import Talk, talking


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot whose provider is the offline engine, which repaints everything as real models do."""
    async with talking(tmp_path) as talk:
        talk.settings["gemini_base_url"] = talk.telegram.base_url
        await talk.telegram.post("provider", {"mode": "drift"})
        await talk.restart()
        yield talk

"""What the person who runs the bot reads of it: its commands beside a running bot, and its log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.painter import Painter, painting
from tests.support.people import Telegram, running_sandbox
from tests.support.processes import settings_for, started


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """Yield an emulated Telegram."""
    async with running_sandbox() as running:
        yield running


@pytest.fixture
async def painter() -> AsyncIterator[Painter]:
    """Yield a provider that paints."""
    async with painting() as running:
        yield running


async def test_a_timer_checks_token_and_keys_beside_a_running_bot(telegram: Telegram, tmp_path: Path) -> None:
    """The whole check needs the store for itself, says so, and names the other one."""
    settings = settings_for(telegram)
    async with started(tmp_path, "run", **settings) as bot:
        await bot.says("is listening")
        async with started(tmp_path, "check", **settings) as whole:
            assert await whole.ends() == 2
            assert "stop it first" in whole.text
            assert "check --accounts` checks token and keys." in whole.text
        async with started(tmp_path, "check", "--accounts", **settings) as well:
            assert await well.ends() == 0
            assert well.text.splitlines()[-1] == "Nothing is broken."
        wrong = {**settings, "GEMINI_API_KEY": "bad-key-of-a-test"}
        async with started(tmp_path, "check", "--accounts", **wrong) as ill:
            assert await ill.ends() == 1
            assert ill.text.splitlines()[-1] == "1 thing is broken."
        assert await bot.stop() == 0

"""Without a token and without a key: asking to join, limits and buying, all in the sandbox, as its page has it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.app import assembled
from bot.sandbox.botapi.state.payments import FIRST_STARS
from bot.sandbox.botapi.state.world import OWNER
from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import serve
from bot.sandboxed import in_sandbox
from bot.settings.settings import Settings
from tests.support.people import ANN, Chat, Telegram


async def test_a_person_asks_to_join_meets_a_limit_and_buys(tmp_path: Path) -> None:
    config = SandboxConfig(data_dir=tmp_path / "sandbox", with_owner=True)
    async with serve(config) as url:
        chosen: dict[str, Any] = {"access": "ask", "limit_person": "1/month", "stars_packs": "2:10"}
        settings = in_sandbox(Settings(data_dir=tmp_path, **chosen), config, url)
        async with assembled(settings) as running, Telegram(url, config.bot_token) as telegram:
            polling = asyncio.create_task(running.ingress.run())
            try:
                await _lent(telegram, telegram.ann, Chat(telegram, OWNER.id, OWNER.id))
            finally:
                polling.cancel()
                await asyncio.gather(polling, return_exceptions=True)
                await running.stop(5)


async def _lent(telegram: Telegram, ann: Chat, owner: Chat) -> None:
    await ann.say("a lighthouse at dusk")
    assert "I keep your wish" in (await ann.answer()).words
    await owner.press(await owner.answer(), "✓ Admit")
    assert "begin with your wish" in (await ann.answer()).words
    first = await ann.answer()
    assert first.has_picture
    assert "That was the last one for this month" in first.words
    await ann.say("warmer")
    over = await ann.answer()
    assert "used up" in over.words
    await ann.press(over, "⭐ Buy pictures")
    await ann.press(await ann.answer(), "2 pictures for ⭐ 10")
    invoice = await ann.answer()
    await telegram.post("pay", {"as": ANN, "chat_id": ANN, "message_id": invoice.id})
    assert "Thank you!" in (await ann.answer()).words
    assert (await telegram.state(ANN))["stars"] == FIRST_STARS - 10
    await ann.press(over, "Try again")
    assert (await ann.answer()).has_picture
    await owner.say("/people")
    assert f"Ann ({ANN}) · ✓ let in" in (await owner.answer()).words


@pytest.mark.parametrize(("env", "access"), [({}, "open"), ({"access": "listed"}, "listed")])
def test_lists_of_real_people_keep_nobody_out_of_the_sandbox(tmp_path: Path, env: dict[str, str], access: str) -> None:
    config = SandboxConfig(data_dir=tmp_path, with_owner=True)
    real: dict[str, Any] = {"allowed_users": {424242}, "owner_ids": {424242}, **env}
    settings = in_sandbox(Settings(data_dir=tmp_path, **real), config, "http://127.0.0.1:1")
    assert (settings.access, settings.allowed_users, settings.owner_ids) == (access, frozenset(), {OWNER.id})

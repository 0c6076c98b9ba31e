"""Money and privacy in the sandbox: nothing leaves the machine, nothing costs anything, and the bot says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.talking import Talk, talking


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot whose provider is the offline engine, at the address of the emulated Telegram."""
    async with talking(tmp_path) as talk:
        talk.settings["gemini_base_url"] = talk.telegram.base_url
        await talk.restart()
        yield talk


async def test_in_the_sandbox_privacy_names_no_provider(sandbox: Talk) -> None:
    ann = sandbox.telegram.ann
    await ann.say("/privacy")
    text = (await ann.answer()).text
    assert "What leaves it: nothing. This is the sandbox" in text
    assert "Gemini" not in text


async def test_in_the_sandbox_no_price_is_shown(sandbox: Talk) -> None:
    ann = sandbox.telegram.ann
    await ann.say("a lighthouse at dusk")
    assert (await ann.answer(60)).has_picture
    await ann.say("/usage")
    usage = (await ann.answer()).text
    assert usage == "One picture from one wish so far. In the sandbox nothing costs anything."
    await ann.say("/context")
    context = (await ann.answer(60)).words
    assert "For your next wish the offline engine sees the last step and one picture" in context
    assert "$" not in context


async def test_in_the_sandbox_the_choice_of_a_model_says_that_the_offline_engine_paints(sandbox: Talk) -> None:
    ann, paints = sandbox.telegram.ann, "the offline engine paints, whichever model you choose"
    for command in ("/model", "/settings", "/model gemini-3-pro-image"):
        await ann.say(command)
        assert paints in (await ann.answer()).text
    await ann.say("/size")
    assert paints not in (await ann.answer()).text


async def test_outside_the_sandbox_both_are_named(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    await ann.say("/privacy")
    assert "each wish goes to Gemini" in (await ann.answer()).text
    await ann.say("/usage")
    assert "from one wish so far, about $" in (await ann.answer()).text
    await ann.say("/model")
    assert "offline engine" not in (await ann.answer()).text

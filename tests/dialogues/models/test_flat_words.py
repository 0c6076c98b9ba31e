"""Providers that keep no conversation get all that was wished in one prompt, until they say that it is too long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.aimlapi import Aimlapi, serving_aimlapi
from tests.support.people import Chat
from tests.support.talking import Talk, talking

LONG = "with a house, a tree, a bridge, a boat, a cloud, a gull and a lighthouse on a hill far away"
TOO_LONG = (
    400,
    {
        "message": "Body validation error! prompt: String must contain at most 700 character(s)",
        "statusCode": "400",
    },
)


@pytest.fixture
async def aimlapi() -> AsyncIterator[Aimlapi]:
    """AIMLAPI on loopback."""
    async with serving_aimlapi() as served:
        yield served


def account(aimlapi: Aimlapi, **more: Any) -> dict[str, Any]:
    return {"provider": "aimlapi", "aimlapi_api_key": "key-of-a-test", "aimlapi_base_url": aimlapi.url, **more}


async def _wished(ann: Chat, count: int, wish: str = LONG) -> str:
    """Send numbered wishes; return the text below the last picture."""
    words = ""
    for number in range(1, count + 1):
        await ann.say(f"wish {number} {wish}")
        words = (await ann.answer()).words
    return words


async def test_every_wish_goes_along_while_nobody_refuses_it(tmp_path: Path, aimlapi: Aimlapi) -> None:
    """No schema of a Gemini model at AIMLAPI names a longest prompt; eight long wishes are more than a page."""
    async with talking(tmp_path, **account(aimlapi)) as talk:
        ann = talk.telegram.ann
        assert await _wished(ann, 8, ", ".join([LONG] * 4)) == ""
        prompt = aimlapi.calls[-1]["prompt"]
        assert len(prompt) > 2900
        assert [f"wish {number} " in prompt for number in range(1, 9)] == [True] * 8
        await ann.say("/context")
        seen = (await ann.answer()).words
        assert "Of 8 older steps it gets only the wishes, without pictures." in seen
        assert "sees the current picture only" in seen
        assert "characters at a time" not in seen


async def test_what_has_no_room_is_said_once_and_shown(tmp_path: Path, aimlapi: Aimlapi) -> None:
    """The oldest wishes are left out first, the current one never. A size that was refused is not tried again."""
    async with talking(tmp_path, **account(aimlapi)) as talk:
        ann = talk.telegram.ann
        await _wished(ann, 6)
        aimlapi.script.append(TOO_LONG)
        await ann.say("and now at night")
        told = (await ann.answer()).words
        assert "reads only a limited number of characters at a time, so it no longer gets your oldest wishes" in told
        assert "oldest steps in words only" not in told
        refused, taken = (call["prompt"] for call in aimlapi.calls[-2:])
        assert len(refused) > 700 >= len(taken)
        assert taken.endswith("The wish to carry out now: and now at night")
        assert [f"wish {number} " in taken for number in range(1, 7)] == [False, *[True] * 5]
        calls = len(aimlapi.calls)
        await ann.say("brighter")
        assert (await ann.answer()).words == ""
        assert len(aimlapi.calls) == calls + 1
        await ann.say("/context")
        seen = (await ann.answer()).words
        assert "It does not get the 2 oldest wishes" in seen
        await talk.restart()
        await ann.say("bluer")
        await ann.answer()
        assert len(aimlapi.calls) == calls + 2
        assert len(aimlapi.calls[-1]["prompt"]) <= 700


async def test_the_limit_of_the_document_cuts_without_a_refusal(tmp_path: Path, aimlapi: Aimlapi) -> None:
    """Imagen takes 400 letters, by its schema; nothing is learned by a call that fails."""
    async with talking(tmp_path, **account(aimlapi, aimlapi_edit_model="google/imagen-4.0-generate-001")) as talk:
        aimlapi.knows("google/imagen-4.0-generate-001", image_urls=1)
        told = [await _wished(talk.telegram.ann, 1), *[await _again(talk) for _ in range(5)]]
        assert [bool(words) for words in told].count(True) == 1
        prompts = [call["prompt"] for call in aimlapi.calls]
        assert len(prompts) == 6
        assert max(map(len, prompts)) <= 400


async def _again(talk: Talk) -> str:
    await talk.telegram.ann.say(LONG)
    return (await talk.telegram.ann.answer()).words


async def test_a_wish_that_is_too_long_by_itself_is_said_to_be(tmp_path: Path, aimlapi: Aimlapi) -> None:
    async with talking(tmp_path, **account(aimlapi)) as talk:
        aimlapi.script.append(TOO_LONG)
        await talk.telegram.ann.say(f"{LONG} " * 10)
        assert "more words than the provider takes at once" in (await talk.telegram.ann.answer()).text
        assert len(aimlapi.calls) == 1

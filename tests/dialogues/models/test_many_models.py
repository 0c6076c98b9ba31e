"""A service with models of many makers: its list is asked for in the background, and grouped by maker."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.texts import languages, say
from tests.providers.dialects import from_uri
from tests.support.openrouter import FLUX, GPT, Openrouter, cost, listed, serving_openrouter
from tests.support.painter import number_of, plain
from tests.support.people import Chat, Message
from tests.support.talking import Talk, in_files, in_one, talking

FLUX_PRO, SUNBURST, BANANA = "bfl/flux-3-pro", "openai/gpt-image-2.5-sunburst", "google/gemini-2.5-flash-image"
MANY = [
    listed(BANANA, name="Google: Nano Banana", parameters=FLUX),
    listed(FLUX_PRO, makes="image", name="Black Forest Labs: FLUX 3 Pro", parameters=FLUX),
    *(listed(f"openai/gpt-image-{n}", makes="image", name=f"OpenAI: GPT Image {n}", parameters=GPT) for n in range(23)),
    listed(SUNBURST, makes="image", name="OpenAI: GPT Image 2.5 Sunburst", parameters=GPT),
]


@asynccontextmanager
async def at_openrouter(
    tmp_path: Path, models: list[Any] = MANY, **more: Any
) -> AsyncIterator[tuple[Talk, Openrouter]]:
    """Talk to a bot at OpenRouter whose list has been read."""
    async with serving_openrouter() as served:
        served.models, served.prices = models, {FLUX_PRO: [[cost(0.04)]]}
        account = {"provider": "openrouter", "openrouter_api_key": "key-of-a-test", "openrouter_base_url": served.url}
        async with talking(tmp_path, gemini_api_key=None, **account, **more) as talk:
            await listed_by(talk)
            yield talk, served


async def listed_by(talk: Talk) -> None:
    """Wait until the list was read in the background."""

    async def look() -> bool | None:
        return bool(talk.running.answering.ageing._note("openrouter").listing) or None

    await talk.telegram.wait_for(look, 10, "the list was not asked for")


async def turned_to(chat: Chat, message: Message, button: str, then: str) -> Message:
    """Press a button; wait for the page that has another."""
    await chat.press(message, button)
    return await chat.until(message, lambda now: any(then in one for one in now.buttons))


async def chosen(talk: Talk, model: str) -> None:
    await talk.telegram.ann.say(f"/model {model}")
    await talk.telegram.ann.answer()


@in_files
async def test_models_are_grouped_by_maker_and_paged_through(tmp_path: Path) -> None:
    async with at_openrouter(tmp_path) as (talk, served):
        ann = talk.telegram.ann
        await ann.say("/model")
        page = await ann.answer()
        assert [*page.buttons] == [
            "✓ Google · OpenRouter (1)",
            "Black Forest Labs · OpenRouter (1)",
            "OpenAI · OpenRouter (24)",
            "‹ Back",
        ]
        assert "Whose model should paint?" in page.words
        page = await turned_to(ann, page, "OpenAI", "GPT Image 0")
        assert [*page.buttons][-3:] == ["GPT Image 9", "Page 2 ›", "‹ Back"]
        page = await turned_to(ann, page, "Page 2", "GPT Image 10")
        assert [*page.buttons][-3:] == ["‹ Page 1", "Page 3 ›", "‹ Back"]
        page = await turned_to(ann, page, "Page 3", "Sunburst")
        assert len(page.buttons) == 6
        page = await turned_to(ann, page, "‹ Back", "Google")
        page = await turned_to(ann, await turned_to(ann, page, "OpenAI", "Page 2"), "Page 2", "GPT Image 13")
        menu = await turned_to(ann, page, "GPT Image 13", "Model:")
        assert "Model: GPT Image 13" in menu.buttons
        page = await turned_to(ann, menu, "Model:", "OpenAI")
        assert "✓ OpenAI · OpenRouter (24)" in page.buttons
        assert served.calls == []


@pytest.mark.parametrize("language", languages())
async def test_each_language_turns_pages(language: str, tmp_path: Path) -> None:
    async with at_openrouter(tmp_path) as (talk, _):
        ann = talk.telegram.ann
        await ann.say(f"/language {language}")
        await ann.answer()
        await ann.say("/model")
        page = await ann.answer()
        assert say(language, "choose-maker") in page.words
        page = await turned_to(ann, page, "OpenAI", "GPT Image 0")
        after, before = say(language, "button-page-after", number=2), say(language, "button-page-before", number=1)
        assert before in (await turned_to(ann, page, after, "GPT Image 10")).buttons


async def test_a_talk_goes_from_a_model_that_talks_to_one_that_paints_and_back(tmp_path: Path) -> None:
    async with at_openrouter(tmp_path) as (talk, served):
        ann = talk.telegram.ann
        await ann.say("a lighthouse")
        assert number_of(await (await ann.answer()).picture_bytes()) == 1
        await chosen(talk, FLUX_PRO)
        await ann.photo(plain(30, (160, 90)), "at night")
        assert number_of(await (await ann.answer()).picture_bytes()) == 2
        await ann.say("with a ship")
        await ann.answer()
        await chosen(talk, BANANA)
        await ann.say("warmer")
        assert number_of(await (await ann.answer()).picture_bytes()) == 4
    chat, night, ship, warmer = served.calls
    assert "messages" in chat
    assert (night["model"], len(night["input_references"]), night["aspect_ratio"]) == (FLUX_PRO, 1, "16:9")
    assert night["prompt"].endswith("at night")
    assert ship["prompt"].index("at night") < ship["prompt"].index("with a ship")
    # What the one painted is part of the other's conversation.
    assert [message["role"] for message in warmer["messages"]] == ["user", "assistant"] * 3 + ["user"]
    assert warmer["messages"][-1]["content"] == [{"type": "text", "text": "warmer"}]
    shown = [one["image_url"]["url"] for one in warmer["messages"][-2]["images"]]
    assert [number_of(from_uri(uri)) for uri in shown] == [3]
    assert len(served.painted) == 2


@in_one
async def test_what_a_model_takes_is_what_is_offered_and_sent(tmp_path: Path) -> None:
    async with at_openrouter(tmp_path) as (talk, served):
        ann = talk.telegram.ann
        await chosen(talk, FLUX_PRO)
        for choice in ("/ratio 16:9", "/size 2K"):
            await ann.say(choice)
            menu = await ann.answer()
        assert {"Shape: 16:9", "Size: 2K"} <= {*menu.buttons}
        assert not any(button.startswith("Effort") for button in menu.buttons)
        await ann.say("a boat")
        await ann.answer()
        await chosen(talk, SUNBURST)
        await ann.say("/effort careful")
        await ann.answer()
        await ann.say("/x2 a gull")
        await ann.answers(3)
    flux, gpt = served.painted
    assert flux == {"model": FLUX_PRO, "prompt": "a boat", "aspect_ratio": "16:9", "resolution": "2K"}
    assert (gpt["quality"], gpt["n"], "resolution" in gpt) == ("high", 2, False)


@in_files
async def test_the_list_is_kept_a_day_and_over_a_restart(tmp_path: Path) -> None:
    async with at_openrouter(tmp_path) as (talk, served):
        lists = served.asked.count("/api/v1/images/models")
        assert lists == 1
        await talk.restart()
        assert not talk.running.answering.providers["openrouter"].capabilities(FLUX_PRO).history
        await talk.running.answering.ageing.look("openrouter")
        assert served.asked.count("/api/v1/images/models") == lists
        talk.running.answering.ageing._clock = lambda: time.time() + 25 * 3600
        served.models = MANY[:2]
        await talk.running.answering.ageing.look("openrouter")
        assert served.asked.count("/api/v1/images/models") == lists + 1
        await talk.telegram.ann.say("/model")
        # Few models stand in one list.
        page = await talk.telegram.ann.answer()
        assert "FLUX 3 Pro" in page.buttons
        assert not any("Sunburst" in button for button in page.buttons)


async def test_without_a_list_a_model_that_only_paints_is_painted_with_all_the_same(tmp_path: Path) -> None:
    """The bot starts and works while the list cannot be had; then the chat route is used, for pictures alone."""
    async with serving_openrouter() as served:
        served.old = True
        account = {"openrouter_api_key": "key-of-a-test", "openrouter_base_url": served.url}
        async with talking(tmp_path, provider="openrouter", openrouter_model=FLUX_PRO, **account) as talk:
            await talk.telegram.ann.say("a boat")
            assert (await talk.telegram.ann.answer()).has_picture
    assert "messages" in served.calls[-1]

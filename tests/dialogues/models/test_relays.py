"""What relays say about their models: which ones can be chosen, and how much effort they accept."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support import aimlapi, openrouter
from tests.support.aimlapi import serving_aimlapi
from tests.support.openrouter import Openrouter, serving_openrouter
from tests.support.painter import numbers, picture_part, plain
from tests.support.talking import Talk, in_files, talking

NEWER = "google/gemini-3.1-flash-image"


def settings(url: str, name: str, **more: Any) -> dict[str, Any]:
    return {"provider": name, f"{name}_api_key": "key-of-a-test", f"{name}_base_url": url, **more}


async def offered(talk: Talk, name: str) -> list[str]:
    """Look at the list once more, as on the next day, and return what ``/model`` offers."""
    ageing = talk.running.answering.ageing
    ageing._clock = lambda: time.time() + 25 * 3600
    await ageing.look(name)
    await talk.telegram.ann.say("/model")
    page = await talk.telegram.ann.answer()
    return [label.partition(" · ")[0] for label in page.buttons if not label.endswith(("· Gemini", "Back"))]


@in_files
async def test_of_openrouter_s_models_those_are_offered_that_draw_and_can_be_shown_a_picture(tmp_path: Path) -> None:
    async with serving_openrouter() as served:
        served.models = [
            openrouter.listed("google/gemini-3.8-flash", makes="text"),
            openrouter.listed("google/gemini-nano-banana-2.1"),
            openrouter.listed("openai/gpt-image-2.6-sunburst", makes="image", name="OpenAI: GPT Image 2.6 Sunburst"),
            openrouter.listed("black/flux-text-only", takes="text", makes="image"),
            openrouter.listed("openrouter/auto"),
        ]
        async with talking(tmp_path, **settings(served.url, "openrouter")) as talk:
            # The model of the settings stays, even if the list does not have it.
            assert await offered(talk, "openrouter") == [
                "✓ Nano Banana (OpenRouter)",
                "Nano Banana 2.1 (OpenRouter)",
                "GPT Image 2.6 Sunburst",
            ]


@in_files
async def test_of_aimlapi_s_models_those_are_offered_that_paint_from_words(tmp_path: Path) -> None:
    """A model that is listed under another id goes by the alias under which it is known here."""
    async with serving_aimlapi() as served:
        served.models = [
            aimlapi.listed("google/gemini-3-pro-image", kind="openai/chat-completions"),
            aimlapi.listed("google/gemini-3-pro-image-preview", "google/nano-banana-pro"),
            aimlapi.listed("google/gemini-2.5-flash-image-edit"),
            aimlapi.listed("google/gemini-nano-banana-3"),
            aimlapi.listed("google/veo-2.0-generate-001", output="video", kind="internal/video-generations/submit"),
            aimlapi.listed("alibaba/qwen-image-3", kind="alibaba/image-generations"),
        ]
        async with talking(tmp_path, **settings(served.url, "aimlapi")) as talk:
            assert await offered(talk, "aimlapi") == [
                "✓ Nano Banana (AIMLAPI)",
                "Nano Banana Pro (AIMLAPI)",
                "google/gemini-nano-banana-3",
            ]


async def test_without_a_list_all_known_models_are_offered_and_the_bot_starts(tmp_path: Path) -> None:
    async with talking(tmp_path, **settings("http://127.0.0.1:9", "openrouter")) as talk:
        await talk.telegram.ann.say("/model")
        page = await talk.telegram.ann.answer()
        assert len([label for label in page.buttons if "(OpenRouter)" in label]) == 5


async def _painted(talk: Talk, served: Openrouter, wish: str) -> Any:
    await talk.telegram.ann.say(wish)
    assert (await talk.telegram.ann.answer()).has_picture
    return served.calls[-1].get("reasoning")


async def test_effort_is_said_in_openrouter_s_words_where_the_model_knows_it(tmp_path: Path) -> None:
    async with serving_openrouter() as served:
        chosen = settings(served.url, "openrouter", openrouter_model=NEWER)
        async with talking(tmp_path, **chosen) as talk:
            ann = talk.telegram.ann
            assert await _painted(talk, served, "a boat") is None
            for effort, sent in (("draft", {"effort": "minimal"}), ("careful", {"effort": "high"}), ("normal", None)):
                await ann.say(f"/effort {effort}")
                await ann.answer()
                assert await _painted(talk, served, "warmer") == sent
            await ann.say("/model google/gemini-3-pro-image")
            await ann.answer()
            await ann.say("/effort careful")
            await ann.answer()
            assert await _painted(talk, served, "bluer") is None


async def test_effort_that_is_refused_is_left_out_once_for_all(tmp_path: Path) -> None:
    async with serving_openrouter() as served:
        served.no_effort = {NEWER}
        async with talking(tmp_path, **settings(served.url, "openrouter", openrouter_model=NEWER)) as talk:
            await _painted(talk, served, "a boat")
            await talk.telegram.ann.say("/effort draft")
            await talk.telegram.ann.answer()
            for wish in ("warmer", "bluer"):
                await _painted(talk, served, wish)
            sent = [call.get("reasoning") for call in served.calls]
            assert sent == [None, {"effort": "minimal"}, None, None]


DEEP = f"{'[' * 3000}{']' * 3000}"


@pytest.mark.parametrize("odd", ["NaN", "-Infinity", "1e999", "9" * 5000, DEEP])
async def test_a_picture_beside_odd_fields_is_bought_once_and_goes_back_as_sound_json(talk: Talk, odd: str) -> None:
    """Servers in Python write NaN, which is no JSON (docs.python.org, json); the rest is more than Python reads."""
    part = json.dumps(picture_part(plain(150)))
    parts = f'[{{"text": "Here.", "score": {odd}}}, {part}]'
    talk.painter.will((200, f'{{"candidates": [{{"content": {{"parts": {parts}}}}}]}}'))
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer()).words == "Here."
    await talk.telegram.ann.say("warmer")
    assert (await talk.telegram.ann.answer()).has_picture
    assert len(talk.painter.calls) == 2
    assert numbers(talk.painter.calls[-1].all_pictures) == [150]
    json.dumps(talk.painter.calls[-1].body, allow_nan=False)

"""Requests changed by themselves, once each: history degraded or trimmed, a setting left out, words allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.providers.base import Options, Provider
from bot.providers.calls.attempts import generate
from bot.providers.errors import ProviderError, Remedy, RemedyKind, SignatureMissing, UnknownField
from tests.providers.recorded import load as recorded
from tests.providers.turns import FAST, Book, asking, failed, painted, rebuild, talking
from tests.providers.wiring import Album, Endpoint, Reply, b64, png


async def test_a_missing_signature_degrades_the_history_once(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(recorded("60_400_missing_thought_signature.json").reply, painted())
    await generate(provider, talking(album), book, policy=FAST, rebuild=rebuild)
    assert [remedy.kind for remedy in book.remedies] == [RemedyKind.DEGRADE_HISTORY]
    contents = endpoint.posts[1].json["contents"]
    assert [content["role"] for content in contents] == ["user"]
    picture, words = contents[0]["parts"]
    assert picture["inlineData"]["data"] == b64(png("blue"))
    assert "wish 2" in words["text"]
    assert words["text"].endswith("warmer")
    assert book.waits == []


async def test_a_remedy_that_does_not_help_is_not_taken_twice(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(recorded("35_finish_missing_thought_signature.json").reply)
    with pytest.raises(SignatureMissing):
        await generate(provider, talking(album), book, policy=FAST, rebuild=rebuild)
    assert len(endpoint.posts) == 2


async def test_too_large_a_request_loses_its_oldest_pictures(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(recorded("67_413_html.json").reply, painted())
    await generate(provider, talking(album), book, policy=FAST, rebuild=rebuild)
    before, after = (call.json["contents"] for call in endpoint.posts)
    assert len(after) < len(before)
    assert after[0]["role"] == "user"
    assert b64(png("blue")) in str(after)
    assert b64(png("red")) not in str(after)


async def test_a_level_of_thinking_that_is_refused_is_left_out(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(recorded("66_400_thinking_level.json").reply, painted())
    request = replace(asking(album), model="gemini-nano-banana-2.1", options=Options(effort="draft"))
    await generate(provider, request, book, policy=FAST)
    assert book.remedies == [Remedy(RemedyKind.WITHOUT_FIELD, "thinkingConfig")]
    before, after = (call.json["generationConfig"] for call in endpoint.posts)
    assert before["thinkingConfig"] == {"thinkingLevel": "MINIMAL"}
    assert "thinkingConfig" not in after


@pytest.mark.parametrize(
    ("name", "options", "field"),
    [
        ("64_400_unknown_field.json", Options(size="2K"), "imageSize"),
        ("69_400_system_instruction.json", Options(system="Be kind."), "systemInstruction"),
    ],
)
async def test_a_refused_setting_is_left_out_and_its_name_told(
    name: str, options: Options, field: str, endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(recorded(name).reply, painted())
    await generate(provider, replace(talking(album), options=options), book, policy=FAST)
    assert book.remedies == [Remedy(RemedyKind.WITHOUT_FIELD, field)]
    before, after = (call.json for call in endpoint.posts)
    assert field in str(before)
    assert field not in str(after)
    if field == "systemInstruction":
        assert after["contents"][0]["parts"][0]["text"] == "Be kind.\n\nwish 0"


async def test_settings_may_be_refused_one_after_the_other(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    ratio = failed(400, "Unknown name \"aspect_ratio\" at 'generation_config.image_config'")
    endpoint.add(recorded("64_400_unknown_field.json").reply, ratio, painted())
    request = replace(talking(album), options=Options(size="2K", ratio="16:9"))
    await generate(provider, request, book, policy=FAST)
    assert "imageConfig" not in endpoint.posts[2].json["generationConfig"]


async def test_a_field_that_was_never_sent_cannot_be_left_out(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(400, 'Unknown name "quux" at root'))
    with pytest.raises(ProviderError) as caught:
        await generate(provider, asking(album), book, policy=FAST)
    assert not isinstance(caught.value, UnknownField)
    assert len(endpoint.posts) == 1


async def test_a_model_that_drew_nothing_may_use_words_the_next_time(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    said = {"candidates": [{"content": {"parts": [{"text": "Which boat?"}]}, "finishReason": "STOP"}]}
    endpoint.add(recorded("30_finish_no_image.json").reply, Reply(said))
    result = await generate(provider, asking(album, options=Options(words=False)), book, policy=FAST)
    assert result.text == "Which boat?"
    sent = [call.json["generationConfig"]["responseModalities"] for call in endpoint.posts]
    assert sent == [["IMAGE"], ["TEXT", "IMAGE"]]

"""Corners that no recorded answer reaches: odd histories, delays of nothing, remedies that change nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.providers.base import Options
from bot.providers.calls import remedies
from bot.providers.calls.attempts import generate
from bot.providers.calls.preflight import refuse
from bot.providers.catalog import GEMINI
from bot.providers.errors import NothingReturned, PictureTypeUnsupported, Remedy, RemedyKind
from bot.providers.factory import ProviderConfig, build
from bot.providers.gemini.provider import document
from bot.providers.shared.flatten import turn_pictures
from storage.records import MediaRef
from tests.providers.flat import FLASH, ask, asking
from tests.providers.sentences import say
from tests.providers.turns import FAST, Book, failed, painted, talking
from tests.providers.wiring import KEY, Album, Endpoint, Reply, png


def system_text(contents: list[dict[str, Any]], album: Album) -> Any:
    """Return the contents that go out with a system prompt that the model does not take as such."""
    request = replace(talking(album), contents=tuple(contents), options=Options(system="Be kind."))
    return document(request, GEMINI[0])["contents"]


def test_a_system_prompt_finds_its_place_in_any_history(album: Album) -> None:
    picture = album.add(png())
    only_picture = {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": picture}}]}
    model = {"role": "model", "parts": [{"text": "Hi."}]}
    words = {"role": "user", "parts": [{"text": "warmer"}]}
    assert system_text([only_picture, model, words], album)[0]["parts"][0] == {"text": "Be kind."}
    assert system_text([model, words], album)[1]["parts"][0] == {"text": "Be kind.\n\nwarmer"}
    assert system_text([model], album) == [model]
    assert words["parts"] == [{"text": "warmer"}]
    # A turn without parts stays, so that two user turns never follow each other.
    emptied = system_text([{"role": "model", "parts": [{"text": ""}]}, words], album)
    assert emptied[0] == {"role": "model", "parts": [{"text": "…"}]}
    assert system_text([{"parts": [{"text": "x"}]}], album)[0]["role"] == "user"


def test_a_file_type_that_the_model_does_not_read_is_told() -> None:
    heic = MediaRef(sha256="0" * 64, mime="image/heic", size_bytes=1, width_px=1, height_px=1)
    request = asking(Album(), "m", pictures=(heic,))
    refuse(GEMINI[0], request)
    with pytest.raises(PictureTypeUnsupported) as caught:
        refuse(replace(GEMINI[0], input_mimes=frozenset({"image/png"})), request)
    assert "HEIC" in say(caught.value.key, caught.value.values)


def test_a_picture_that_is_current_and_sent_again_counts_once(album: Album) -> None:
    picture = album.add(png())
    assert turn_pictures(asking(album, "m", current=picture, pictures=(picture,))) == (picture,)


def test_a_remedy_that_changes_nothing_is_none(album: Album) -> None:
    request = talking(album)
    assert remedies.apply(Remedy(RemedyKind.WITH_TEXT), request) is None
    field = Remedy(RemedyKind.WITHOUT_FIELD, "imageSize")
    without = remedies.apply(field, request)
    assert without is not None
    assert remedies.apply(field, without) is None


async def test_a_delay_of_nothing_does_not_hammer(endpoint: Endpoint, album: Album) -> None:
    book = Book()
    endpoint.add(failed(503, **{"retry-after": "0"}), failed(429, **{"retry-after": "0"}), painted())
    provider = build("gemini", ProviderConfig(base_url=endpoint.url, api_key=KEY))
    await generate(provider, talking(album), book, policy=FAST)
    await provider.aclose()
    assert all(wait > 0.005 for wait in book.waits)


async def test_a_broken_choice_without_words_is_told(endpoint: Endpoint, album: Album) -> None:
    for body in ({"choices": [{"finish_reason": "error"}]}, {"choices": []}, {"choices": "x"}):
        endpoint.script.clear()
        with pytest.raises(NothingReturned):
            await ask("openrouter", endpoint, asking(album, FLASH), Reply(body))

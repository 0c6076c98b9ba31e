"""OpenRouter's Image API: its list as rows, prices, and models that only paint, by a route of their own."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.base import COUNT, Capabilities, Options, Price, Request, Result
from bot.providers.calls.attempts import AttemptPolicy, generate
from bot.providers.dialects.openrouter_images import kept, rows_of
from bot.providers.errors import ModerationRefused
from bot.providers.factory import ProviderConfig, build
from tests.providers.flat import GREEN, RED, ask, asking
from tests.providers.turns import Book
from tests.providers.wiring import KEY, Album, Endpoint, Reply, b64
from tests.support.openrouter import FLUX, GPT, Openrouter, cost, listed, serving_openrouter
from tests.support.painter import number_of

FLUX_PRO, GPT_IMAGE, BANANA = "black-forest-labs/flux-3-pro", "openai/gpt-image-2", "google/gemini-2.5-flash-image"
MODELS = [
    listed(FLUX_PRO, makes="image", name="Black Forest Labs: FLUX 3 Pro", parameters=FLUX),
    listed(GPT_IMAGE, makes="image", name="OpenAI: GPT Image 2", parameters=GPT),
    listed(BANANA, name="Google: Nano Banana", parameters=FLUX),
    listed("openai/gpt-6-image", name="OpenAI: GPT-6 Image", parameters=GPT | {"aspect_ratio": {}}),
    listed("recraft/vectors", makes="image", parameters={"output_format": {"type": "enum", "values": ["svg"]}}),
    listed("sourceful/needs", makes="image", parameters={"input_references": {"type": "range", "min": 1, "max": 4}}),
    listed("words/only", makes="text"),
    listed("paints/blindly", takes="text", makes="image", parameters=FLUX),
    listed("openrouter/auto"),
]
PRICES = {
    FLUX_PRO: [[cost(0.03, "megapixel")], [cost(0.045, "megapixel"), cost(0.01, "image", "input_image")]],
    GPT_IMAGE: [[cost(8e-6, "token", "input_image"), cost(5e-6, "token", "input_text"), cost(3e-5, "token")]],
    BANANA: [[cost(0.5)]],
    "openai/gpt-6-image": [[cost(0.04, variant="low_1k"), cost(0.06, variant="medium_1k"), cost(0.1, variant="2k")]],
}


async def looked_up(served: Openrouter, config: ProviderConfig | None = None) -> Any:
    """Return the provider after it asked for the list."""
    served.models, served.prices = MODELS, PRICES
    provider = build("openrouter", config or ProviderConfig(base_url=served.url, api_key=KEY))
    assert await provider.offered() == (FLUX_PRO, GPT_IMAGE, BANANA, "openai/gpt-6-image")
    return provider


async def test_the_list_becomes_rows_with_types_prices_and_makers() -> None:
    async with serving_openrouter() as served:
        provider = await looked_up(served)
        flux, gpt, banana, talks = (
            provider.capabilities(one) for one in (FLUX_PRO, GPT_IMAGE, BANANA, "openai/gpt-6-image")
        )
        await provider.aclose()
    assert (flux.label, flux.maker, flux.history) == ("FLUX 3 Pro", "Black Forest Labs", False)
    assert (flux.ratios, flux.sizes, flux.max_images) == (("1:1", "16:9"), ("1K", "2K"), 8)
    assert (flux.max_count, flux.thinking, flux.follows) == (1, (), False)
    # Which service paints is not known before, so the dearest counts; a megapixel is a little less than 1K.
    assert flux.price == Price(per_picture=Decimal("0.045") * Decimal("1.048576"))
    assert (gpt.max_count, gpt.max_count_edited, gpt.thinking) == (10, 10, ("low", "high"))
    assert gpt.price == Price(input_per_mtok=Decimal(5), input_image_per_mtok=Decimal(8), image_per_mtok=Decimal(30))
    # Of what this program knows by itself, the list changes nothing.
    assert (banana.label, banana.maker, banana.history) == ("Nano Banana (OpenRouter)", "Google", True)
    assert (talks.label, talks.history, talks.ratios, talks.price.per_picture) == (
        *("GPT-6 Image", True, ()),
        Decimal("0.06"),
    )


async def test_another_process_reads_the_kept_list_without_asking() -> None:
    async with serving_openrouter() as served:
        provider = await looked_up(served)
        other = build("openrouter", ProviderConfig(base_url=served.url, api_key=KEY))
        assert other.capabilities(FLUX_PRO).history
        other.listing = provider.listing
        assert other.capabilities(FLUX_PRO) == provider.capabilities(FLUX_PRO)
        asked = len(served.asked)
        assert len(provider.listing) < 4000
        await provider.aclose()
        await other.aclose()
    assert len(served.asked) == asked == 5


async def test_where_there_is_no_image_route_the_older_list_is_taken() -> None:
    async with serving_openrouter() as served:
        served.models, served.old = MODELS, True
        provider = build("openrouter", ProviderConfig(base_url=served.url, api_key=KEY))
        assert GPT_IMAGE in await provider.offered()
        await provider.aclose()


@pytest.mark.parametrize("odd", ["a\nb", "\x00"])
async def test_ids_and_names_that_cannot_be_shown_are_left_out(odd: str) -> None:
    async with serving_openrouter() as served:
        served.models = [
            listed(odd, makes="image", parameters=FLUX),
            listed(FLUX_PRO, makes="image", name=odd, parameters=FLUX),
        ]
        provider = build("openrouter", ProviderConfig(base_url=served.url, api_key=KEY))
        assert await provider.offered() == (FLUX_PRO,)
        assert provider.capabilities(FLUX_PRO).label.isprintable()
        await provider.aclose()


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)).map(json.dumps))
def test_a_kept_text_that_is_no_list_yields_no_rows_and_no_error(text: str) -> None:
    assert all(isinstance(row, Capabilities) for row in rows_of(text).values())


_ODD = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text())
_DESCRIPTOR = _ODD | st.dictionaries(st.sampled_from(["type", "values", "min", "max"]), _ODD)


@given(
    st.fixed_dictionaries(
        {
            "id": st.just("a/b"),
            "name": _ODD,
            "architecture": _ODD,
            "supported_parameters": _ODD
            | st.dictionaries(st.sampled_from(["n", "aspect_ratio", "resolution", "quality"]), _DESCRIPTOR),
        }
    ),
    _ODD | st.lists(st.lists(_ODD | st.dictionaries(st.sampled_from(["billable", "unit", "cost_usd"]), _ODD))),
)
def test_an_entry_of_any_shape_becomes_a_row(entry: dict[str, Any], pricing: Any) -> None:
    (row,) = rows_of(kept([entry], {"a/b": pricing})).values()
    assert (row.model, row.max_count >= 1) == ("a/b", True)


async def painted(provider: Any, request: Request, book: Book | None = None) -> Result:
    policy = AttemptPolicy(once_wait_s=0.0, first_wait_s=0.0)
    return await generate(provider, request, book or Book(), policy=policy)


async def test_a_model_that_only_paints_gets_folded_words_and_references(album: Album) -> None:
    current, new = album.add(RED), album.add(GREEN)
    options = Options(ratio="16:9", size="2K", effort="draft", system="Be kind.")
    request = asking(
        *(album, FLUX_PRO, "add the hat"),
        current=current,
        pictures=(new,),
        earlier_wishes=("a boat",),
        options=options,
    )
    async with serving_openrouter() as served:
        provider = await looked_up(served)
        result = await painted(provider, request)
        words = await painted(provider, asking(album, GPT_IMAGE, options=Options(effort="careful", count=2)))
        await provider.aclose()
    edit, plain_one = served.painted
    prompt = edit.pop("prompt")
    assert prompt.index("Be kind.") < prompt.index("a boat") < prompt.index("add the hat")
    uris = [f"data:image/png;base64,{b64(data)}" for data in (RED, GREEN)]
    assert edit == {
        "model": FLUX_PRO,
        "aspect_ratio": "16:9",
        "resolution": "2K",
        "input_references": [{"type": "image_url", "image_url": {"url": uri}} for uri in uris],
    }
    assert plain_one == {"model": GPT_IMAGE, "prompt": "a boat", "quality": "high", "n": 2}
    assert [number_of(blob.data) for blob in words.pictures] == [2, 3]
    assert (result.usage.cost_usd, result.usage.image_tokens + result.usage.text_tokens) == (Decimal("0.04"), 4175)


async def test_a_model_that_talks_keeps_its_conversation(album: Album) -> None:
    async with serving_openrouter() as served:
        provider = await looked_up(served)
        await painted(provider, asking(album, BANANA))
        await provider.aclose()
    assert "messages" in served.calls[0]


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("aspect_ratio: '16:9' is not supported; expected one of ['1:1']", "aspectRatio"),
        ("resolution is not supported by any endpoint of x", "imageSize"),
        ("Invalid value for quality", "thinkingLevel"),
    ],
)
async def test_what_the_service_refuses_after_all_is_left_out(message: str, field: str, album: Album) -> None:
    """The list has "the union across all endpoints", so the one that paints may take less."""
    options = Options(ratio="16:9", size="2K")
    async with serving_openrouter() as served:
        provider = await looked_up(served)
        served.models = [listed(FLUX_PRO, makes="image", parameters=FLUX | {"aspect_ratio": {}, "resolution": {}})]
        book = Book()
        await painted(provider, asking(album, FLUX_PRO, options=options), book)
        await provider.aclose()
    assert {remedy.field for remedy in book.remedies} == {"aspectRatio", "imageSize"}
    assert served.painted == [{"model": FLUX_PRO, "prompt": "a boat"}]
    assert COUNT not in {remedy.field for remedy in book.remedies}
    endpoint_field = await _field_of(message, album)
    assert endpoint_field == field


async def _field_of(message: str, album: Album) -> str:
    from bot.providers.base import Answer
    from bot.providers.errors import UnknownField

    provider = build("openrouter", ProviderConfig(api_key=KEY))
    body = Reply({"error": {"code": 400, "message": message}}).raw
    with pytest.raises(UnknownField) as caught:
        await provider.read(Answer(status=400, content_type="application/json", body=body), model=FLUX_PRO)
    await provider.aclose()
    assert caught.value.remedy is not None
    return caught.value.remedy.field


async def test_openai_s_moderation_is_known_through_openrouter(endpoint: Endpoint, album: Album) -> None:
    refusal = {"error": {"code": 400, "message": "Your request was rejected as a result of our safety system."}}
    with pytest.raises(ModerationRefused):
        await ask("openrouter", endpoint, asking(album, GPT_IMAGE), Reply(refusal, 400))

"""The providers that keep no conversation, and the one that keeps it as a chat: models, fields, uploads, shapes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.base import Options, Usage
from bot.providers.dialects.aimlapi_models import EDITORS, INSTEAD, SCHEMAS
from bot.providers.errors import (
    CouldNotDraw,
    KeyInvalid,
    LinkRefused,
    ModelUnavailable,
    ProviderError,
    RatioUnsupported,
    Rejected,
    SizeUnsupported,
    UnknownField,
    UploadFailed,
    WordsMissing,
)
from bot.providers.factory import ProviderConfig, build
from bot.providers.shared.flatten import SHAPE_CHARS, carried, fold
from tests.providers.flat import BLUE, FLASH, GREEN, RED, ask, asking
from tests.providers.sentences import say
from tests.providers.wiring import KEY, Album, Endpoint, Json, Reply, b64, png
from tests.support.aimlapi import faults_of

PAINTED = Reply({"data": [{"b64_json": b64(RED), "url": None}]})


async def test_aimlapi_paints_with_one_model_and_edits_with_another(endpoint: Endpoint, album: Album) -> None:
    options = Options(ratio="16:9", count=3)
    await ask("aimlapi", endpoint, asking(album, FLASH, options=options), PAINTED)
    await ask("aimlapi", endpoint, asking(album, FLASH, current=album.add(RED), options=options), PAINTED)
    paint, edit = (call.json for call in endpoint.posts)
    assert paint == {"model": FLASH, "prompt": "a boat", "num_images": 3, "aspect_ratio": "16:9"}
    assert edit["model"] == "google/gemini-2.5-flash-image-edit"
    assert "aspect_ratio" not in edit
    assert edit["prompt"] == "a boat\n\nAspect ratio of the picture: 16:9."
    assert edit["image_urls"] == [f"data:image/png;base64,{b64(RED)}"]


async def test_an_editor_that_goes_by_another_name_now_is_asked_by_that(endpoint: Endpoint, album: Album) -> None:
    """The page of the first id lists ``google/nano-banana-edit`` by now (aimlapi/api-docs, since August 2026)."""
    wrong = "Body validation error! Invalid enum value. Expected 'x', received 'google/gemini-2.5-flash-image-edit'"
    for refusal in (Reply({"message": "Model not found"}, 404), Reply({"message": wrong, "statusCode": "400"}, 400)):
        endpoint.calls.clear()
        endpoint.script.clear()
        endpoint.add(refusal, PAINTED, PAINTED)
        provider = build("aimlapi", ProviderConfig(base_url=endpoint.url, api_key=KEY))
        request = asking(album, FLASH, current=album.add(RED), options=Options(ratio="16:9", count=2))
        for _ in range(2):
            assert (await provider.ask(request)).status == 200
        await provider.aclose()
        old, new = "google/gemini-2.5-flash-image-edit", "google/nano-banana-edit"
        assert [call.json["model"] for call in endpoint.posts] == [old, new, new]
        assert endpoint.posts[-1].json["aspect_ratio"] == "16:9"
        assert endpoint.posts[-1].json["num_images"] == 2
        assert endpoint.posts[-1].json["prompt"] == "a boat"


@pytest.mark.parametrize("model", [model for model in SCHEMAS if model not in (*EDITORS.values(), *INSTEAD.values())])
async def test_bodies_for_aimlapi_hold_what_the_schemas_do(model: str, endpoint: Endpoint, album: Album) -> None:
    row = build("aimlapi", ProviderConfig(api_key=KEY)).capabilities(model)
    pictures = tuple(album.add(png(colour)) for colour in ("red", "green", "blue", "white", "black"))
    for ratio, size in itertools.product((None, *row.ratios), (None, *row.sizes)):
        for shown in ((), pictures[: row.max_images]):
            count = row.max_count_edited if shown else row.max_count
            options = Options(ratio=ratio, size=size, count=count, search=row.search)
            await ask("aimlapi", endpoint, asking(album, model, pictures=shown, options=options), PAINTED)
            assert faults_of(endpoint.posts[-1].json) == []
    assert row.max_images >= 3


@pytest.mark.parametrize(
    ("model", "sent"),
    [
        (FLASH, None),
        ("google/gemini-nano-banana-2.1", None),
        ("google/nano-banana-pro", None),
        # Its schema has "default": "1:1", where the others speak of the reference picture.
        ("google/nano-banana-2", "4:3"),
    ],
)
async def test_the_shape_of_the_picture_itself_is_asked_for_only_where_it_must_be(
    model: str, sent: str | None, endpoint: Endpoint, album: Album
) -> None:
    """An edited photo keeps its shape: where the editor takes it from the picture, a near ratio could only spoil it."""
    photo = album.add(png("red", (400, 298)))
    await ask("aimlapi", endpoint, asking(album, model, current=photo, options=Options(ratio="4:3")), PAINTED)
    assert endpoint.posts[-1].json.get("aspect_ratio") == sent
    assert endpoint.posts[-1].json["prompt"] == "a boat"
    await ask("aimlapi", endpoint, asking(album, model, current=photo, options=Options(ratio="16:9")), PAINTED)
    other = endpoint.posts[-1].json
    assert other.get("aspect_ratio") == "16:9" or "16:9" in other["prompt"]


@pytest.mark.parametrize("base", ["", "/v1", "/"])
async def test_aimlapi_s_base_url_may_end_in_the_version(base: str, endpoint: Endpoint, album: Album) -> None:
    endpoint.add(PAINTED)
    provider = build("aimlapi", ProviderConfig(base_url=endpoint.url + base, api_key=KEY))
    await provider.ask(asking(album, FLASH))
    await provider.aclose()
    assert endpoint.posts[0].path == "/v1/images/generations"


async def test_a_configured_editor_is_used_and_by_itself_a_new_model_edits(endpoint: Endpoint, album: Album) -> None:
    request = asking(album, "maker/new-model", current=album.add(RED))
    await ask("aimlapi", endpoint, request, PAINTED, edit_model="maker/new-editor")
    await ask("aimlapi", endpoint, request, PAINTED)
    assert [call.json["model"] for call in endpoint.posts] == ["maker/new-editor", "maker/new-model"]


SHAPES: list[Json] = [
    {"output": {"choices": [{"image_base64": b64(RED)}]}},
    {"data": [{"url": None, "b64_json": b64(RED)}], "meta": None},
    {"data": {"b64_json": b64(RED)}},
    {"data": [b64(RED)]},
    {"images": [{"url": f"data:image/png;base64,{b64(RED)}"}]},
    {"images": {"url": {"url": f"data:image/png;base64,{b64(RED)}"}}},
    {"images": [f"data:image/png;base64,{b64(RED)}"]},
    {"image": {"image_url": {"url": f"data:image/png;base64,{b64(RED)}"}}},
    {"data": [], "images": [{"b64_json": b64(RED)}]},
    {"data": None, "output": [{"b64_json": b64(RED)}]},
]


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "+".join(shape))
@pytest.mark.parametrize("status", [200, 201])
async def test_lists_of_pictures_come_in_many_shapes(
    shape: Json, status: int, endpoint: Endpoint, album: Album
) -> None:
    result = await ask("aimlapi", endpoint, asking(album, FLASH), Reply(shape, status))
    assert [blob.data for blob in result.pictures] == [RED]
    assert result.usage.cost_usd == Decimal("0.042")


@pytest.mark.parametrize(
    ("usage", "cost"),
    [({"usd_spent": 0.05}, "0.05"), ({"credits_used": 168000}, "0.084"), ({"tokens_used": 7}, "0.042")],
)
async def test_aimlapi_s_own_cost_wins(usage: Json, cost: str, endpoint: Endpoint, album: Album) -> None:
    reply = Reply({"data": [{"b64_json": b64(RED)}], "meta": {"usage": usage}})
    assert (await ask("aimlapi", endpoint, asking(album, FLASH), reply)).usage.cost_usd == Decimal(cost)


async def test_a_result_by_a_link_inside_is_not_fetched(endpoint: Endpoint, album: Album) -> None:
    for link in ("https://127.0.0.1/a.png", "file:///etc/passwd", "http://cdn.aimlapi.com/a.png"):
        endpoint.script.clear()
        with pytest.raises(LinkRefused):
            await ask("aimlapi", endpoint, asking(album, FLASH), Reply({"data": [{"url": link}]}))


async def test_a_model_that_aimlapi_no_longer_lists_is_said_to_be_gone(endpoint: Endpoint, album: Album) -> None:
    wrong = {"message": f"Invalid enum value. Expected 'x' | 'y', received '{FLASH}'", "statusCode": 400}
    with pytest.raises(ModelUnavailable):
        await ask("aimlapi", endpoint, asking(album, FLASH), Reply(wrong, 400))


@pytest.mark.parametrize(
    ("message", "field"),
    [
        ("property aspect_ratio should not exist", "aspectRatio"),
        ("Unrecognized key(s) in object: 'aspect_ratio'", "aspectRatio"),
        ("Unrecognized key(s) in object: 'resolution'", "imageSize"),
        ("property num_images should not exist", "count"),
        ("Unrecognized key(s) in object: 'enable_web_search'", "googleSearch"),
    ],
)
async def test_a_refused_field_is_known_by_its_name(message: str, field: str, endpoint: Endpoint, album: Album) -> None:
    with pytest.raises(UnknownField) as caught:
        await ask("aimlapi", endpoint, asking(album, FLASH), Reply({"message": message, "statusCode": 400}, 400))
    assert caught.value.remedy is not None
    assert caught.value.remedy.field == field
    without = Options(ratio="1:1", without=frozenset({field}))
    endpoint.script.clear()
    await ask("aimlapi", endpoint, asking(album, FLASH, options=without), PAINTED)
    assert ("aspect_ratio" in endpoint.posts[-1].json) == (field != "aspectRatio")


def record(**changes: Any) -> Reply:
    """Return a record of 1min.ai."""
    picture = f"data:image/png;base64,{b64(RED)}"
    made = {"status": "SUCCESS", "aiRecordDetail": {"resultObject": ["images/a.webp"]}, "temporaryUrl": picture}
    return Reply({"aiRecord": made | changes})


async def test_onemin_paints_without_an_upload(endpoint: Endpoint, album: Album) -> None:
    await ask("onemin", endpoint, asking(album, "gemini-2.5-flash-image"), record())
    (call,) = endpoint.posts
    prompt = {"prompt": "a boat"}
    assert call.json == {"type": "IMAGE_GENERATOR", "model": "gemini-2.5-flash-image", "promptObject": prompt}


async def test_onemin_s_newer_models_need_a_size_and_take_a_shape(endpoint: Endpoint, album: Album) -> None:
    model = "gemini-3.1-flash-image-preview"
    await ask("onemin", endpoint, asking(album, model), record())
    await ask("onemin", endpoint, asking(album, model, options=Options(ratio="4:1", size="2K")), record())
    plain, chosen = (call.json["promptObject"] for call in endpoint.posts)
    assert plain == {"prompt": "a boat", "imageSize": "1K"}
    assert chosen == {"prompt": "a boat", "imageSize": "2K", "aspectRatio": "4:1"}


async def test_onemin_uploads_each_picture_once_though_it_is_asked_twice(endpoint: Endpoint, album: Album) -> None:
    endpoint.add(Reply({"asset": {"key": "images/one"}}), Reply({"fileContent": {"path": "images/two"}}), record())
    provider = build("onemin", ProviderConfig(base_url=f"{endpoint.url}/api", api_key=KEY))
    request = asking(album, "gemini-2.5-flash-image", current=album.add(RED), pictures=(album.add(GREEN),))
    for _ in range(2):
        await provider.ask(request)
    await provider.aclose()
    assert [call.path for call in endpoint.posts] == ["/api/assets"] * 2 + ["/api/features"] * 2
    edit = endpoint.posts[-1].json
    assert (edit["type"], edit["model"]) == ("IMAGE_EDITOR", "gemini-2.5-flash-image-preview")
    assert edit["promptObject"] == {"prompt": "a boat", "imageUrl": "images/one", "referenceImage1": "images/two"}
    assert all(call.headers["api-key"] == KEY for call in endpoint.posts)


@pytest.mark.parametrize(
    "refusal",
    [
        Reply({"message": "Not Found"}, 404),
        Reply({"message": "no such bucket"}, 400),
        Reply({"ok": True}),
        Reply("", 502),
    ],
)
async def test_a_failed_upload_is_no_fault_of_the_model(refusal: Reply, endpoint: Endpoint, album: Album) -> None:
    request = asking(album, "gemini-2.5-flash-image", current=album.add(RED))
    with pytest.raises(UploadFailed) as caught:
        await ask("onemin", endpoint, request, refusal)
    assert "could not be uploaded" in say(caught.value.key, caught.value.values)
    assert [call.path for call in endpoint.posts] == ["/api/assets"]


async def test_onemin_s_own_list_says_which_model_edits(endpoint: Endpoint, album: Album) -> None:
    """Asked for once an editor is refused, and never before; what it says holds for the process."""
    gone = Reply({"success": False, "error": {"code": "BAD_REQUEST", "message": "Model is not supported"}}, 400)
    endpoint.pages["/models"] = Reply({"models": [{"modelId": "gemini-2.5-flash-image"}]})
    endpoint.add(Reply({"asset": {"key": "images/one"}}), gone, record(), record())
    provider = build("onemin", ProviderConfig(base_url=endpoint.url, api_key=KEY))
    request = asking(album, "gemini-2.5-flash-image", current=album.add(RED))
    for _ in range(2):
        assert (await provider.ask(request)).status == 200
    await provider.aclose()
    edits = [call.json["model"] for call in endpoint.posts if call.path == "/api/features"]
    assert edits == ["gemini-2.5-flash-image-preview", "gemini-2.5-flash-image", "gemini-2.5-flash-image"]
    assert [call.query for call in endpoint.calls if call.method == "GET"] == ["feature=IMAGE_EDITOR"]


async def test_onemin_s_editor_may_be_chosen_and_is_then_no_other(endpoint: Endpoint, album: Album) -> None:
    endpoint.add(Reply({"asset": {"key": "images/one"}}))
    request = asking(album, "gemini-2.5-flash-image", current=album.add(RED))
    with pytest.raises(ModelUnavailable):
        await ask("onemin", endpoint, request, Reply({"message": "Model not found"}, 404), edit_model="flux-kontext")
    assert [call.json["model"] for call in endpoint.posts if call.path == "/api/features"] == ["flux-kontext"]


async def test_onemin_s_credits_are_what_it_cost(endpoint: Endpoint, album: Album) -> None:
    counted = {"credit": 52000, "inputToken": 12, "outputToken": 1290, "inputCredit": 2000, "outputCredit": 50000}
    request = asking(album, "gemini-2.5-flash-image")
    told = await ask("onemin", endpoint, request, record(metadata=counted), credits_per_usd=1_000_000)
    assert told.usage == Usage(input_tokens=12, image_tokens=1290, cost_usd=Decimal("0.052"))
    assert (await ask("onemin", endpoint, request, record(metadata=counted))).usage.cost_usd is None
    endpoint.script.clear()
    assert (await ask("onemin", endpoint, request, record(metadata=[3]), credits_per_usd=9)).usage == Usage()


async def test_a_failed_upload_costs_nothing_and_is_told(endpoint: Endpoint, album: Album) -> None:
    request = asking(album, "gemini-2.5-flash-image", current=album.add(RED))
    with pytest.raises(KeyInvalid):
        await ask("onemin", endpoint, request, Reply({"message": "Unauthorized"}, 401))
    assert [call.path for call in endpoint.posts] == ["/api/assets"]


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"temporaryUrl": None, "aiRecordDetail": {"resultObject": f"data:image/png;base64,{b64(RED)}"}}, 1),
        ({"temporaryUrl": [f"data:image/png;base64,{b64(BLUE)}"]}, 1),
        ({"aiRecordDetail": {"resultObject": [f"data:image/png;base64,{b64(p)}" for p in (RED, BLUE)]}}, 2),
        ({"status": None}, 1),
    ],
)
async def test_a_record_holds_links_in_many_places(changes: Json, count: int, endpoint: Endpoint, album: Album) -> None:
    result = await ask("onemin", endpoint, asking(album, "gemini-2.5-flash-image"), record(**changes))
    assert len(result.pictures) == count


async def test_a_record_that_failed_says_why(endpoint: Endpoint, album: Album) -> None:
    failed = record(status="FAILED", errorMessage="the sky is too blue")
    with pytest.raises(CouldNotDraw) as caught:
        await ask("onemin", endpoint, asking(album, "gemini-2.5-flash-image"), failed)
    assert "the sky is too blue" in say(caught.value.key, caught.value.values)


async def test_faults_of_a_validation_are_listed(endpoint: Endpoint, album: Album) -> None:
    reply = Reply({"error": {"message": "Validation failed", "details": ["prompt is empty", "no size"]}}, 422)
    with pytest.raises(Rejected) as caught:
        await ask("onemin", endpoint, asking(album, "gemini-2.5-flash-image"), reply)
    assert "Validation failed: prompt is empty, no size" in say(caught.value.key, caught.value.values)


@pytest.mark.parametrize(
    ("name", "model", "options", "leaf"),
    [
        ("onemin", "gemini-2.5-flash-image", Options(ratio="16:9"), RatioUnsupported),
        ("onemin", "gemini-2.5-flash-image", Options(size="2K"), SizeUnsupported),
        ("gemini", "gemini-2.5-flash-image", Options(size="2K"), SizeUnsupported),
        ("gemini", "gemini-2.5-flash-image", Options(ratio="8:1"), RatioUnsupported),
        ("gemini", "gemini-nano-banana-2.1", Options(size="512"), SizeUnsupported),
    ],
)
async def test_a_choice_that_the_model_lacks_is_told_with_the_ones_it_has(
    name: str, model: str, options: Options, leaf: type[ProviderError], endpoint: Endpoint, album: Album
) -> None:
    with pytest.raises(leaf) as caught:
        await ask(name, endpoint, asking(album, model, options=options))
    sentence = say(caught.value.key, caught.value.values)
    assert (options.ratio or options.size or "") in sentence
    assert str(caught.value.values["known"]) in sentence
    assert endpoint.calls == []


async def test_a_prompt_provider_needs_words(endpoint: Endpoint, album: Album) -> None:
    with pytest.raises(WordsMissing):
        await ask("aimlapi", endpoint, asking(album, FLASH, " ", current=album.add(RED)))


def test_earlier_wishes_are_folded_oldest_first(album: Album) -> None:
    request = asking(album, FLASH, "add a moon", earlier_wishes=("a boat", " ", "make\nit green"))
    assert fold(request) == (
        "Earlier wishes in this conversation, oldest first:\n- a boat\n- make it green\n\n"
        "The wish to carry out now: add a moon"
    )
    editing = replace(request, current=album.add(RED), options=Options(system="Be kind."))
    assert fold(editing).startswith("Be kind.\n\nThe first picture is the result of these earlier wishes.")
    assert fold(asking(album, FLASH, "a boat")) == "a boat"


@given(
    st.lists(st.text(st.characters(codec="utf-8"), max_size=40), max_size=12),
    st.text(min_size=1, max_size=60),
    st.integers(0, 600),
    st.booleans(),
)
def test_a_prompt_keeps_its_length_by_the_oldest_wishes_alone(
    wishes: list[str], wish: str, most: int, editing: bool
) -> None:
    album = Album()
    current = album.add(RED) if editing else None
    request = asking(album, FLASH, wish, earlier_wishes=tuple(wishes), current=current, options=Options(system="Be."))
    cut, unsaid = carried(request, most)
    said = [one for one in wishes if one.strip()]
    assert unsaid + len(cut.earlier_wishes) == len(said)
    assert list(cut.earlier_wishes) == said[unsaid:]
    assert fold(cut).endswith(wish)
    assert not cut.earlier_wishes or len(fold(cut)) + len("\n\nAspect ratio of the picture: 21:9.") <= most
    # One more wish would not fit beside a shape that is written in words.
    if unsaid:
        more = replace(cut, earlier_wishes=tuple(said[unsaid - 1 :]))
        assert len(fold(more)) + SHAPE_CHARS > most

"""Requests in Gemini's dialect, with google-genai's own types as an independent judge of every body."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from google.genai import types
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.providers.base import Options, Request
from bot.providers.calls.attempts import generate
from bot.providers.catalog import GEMINI, RELAY, VERTEX
from bot.providers.factory import ProviderConfig, build
from bot.providers.gemini.errors import FINISH, FINISH_NUMBERS, OPTIONAL_FIELDS, ORDINARY
from bot.providers.gemini.provider import NOTHING, Gemini, document
from bot.providers.wire import json_body
from bot.settings.types import CATEGORIES
from tests.providers.turns import FAST, Book, asking, painted, talking
from tests.providers.wiring import KEY, Album, Endpoint, Json, Reply, png

SAFETY = [{}, dict.fromkeys(CATEGORIES, "BLOCK_NONE"), {"HARM_CATEGORY_HARASSMENT": "OFF"}]
KNOWN_TOP = {"contents", "generationConfig", "systemInstruction", "tools", "safetySettings"}


async def body_of(request: Request, row: Any, safety: Mapping[str, str] = NOTHING, tools: Any = ()) -> Json:
    """Return the body as it goes over the wire."""
    body = json_body(document(request, row, safety, tools), request.read)
    sent: Json = json.loads(b"".join([chunk async for chunk in body.stream()]))
    return sent


def judge(sent: Json) -> None:
    """Parse every field with google-genai's types, which refuse what they do not know."""
    assert set(sent) <= KNOWN_TOP
    for content in sent["contents"]:
        types.Content.model_validate(content)
        assert content["role"] in ("user", "model")
        assert content["parts"]
        for part in content["parts"]:
            assert len({"text", "inlineData", "fileData"} & set(part)) == 1
    config = dict(sent.get("generationConfig", {}))
    parsed = types.GenerateContentConfig.model_validate(
        {
            **config,
            **{name: sent[name] for name in ("systemInstruction", "tools", "safetySettings") if name in sent},
        }
    )
    dumped = parsed.model_dump(exclude_none=True, by_alias=True, mode="json")
    for name, value in config.items():
        assert dumped[name] == value
    assert parsed.candidate_count is None
    assert parsed.max_output_tokens is None


def test_the_judge_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="inlinedata"):
        types.Content.model_validate({"role": "user", "parts": [{"inlinedata": {}}]})
    with pytest.raises(ValueError, match="imageConfg"):
        types.GenerateContentConfig.model_validate({"imageConfg": {}})


options = st.builds(
    Options,
    ratio=st.sampled_from([None, "16:9", "1:1"]),
    size=st.sampled_from([None, "1K", "2K"]),
    effort=st.sampled_from([None, "draft", "careful"]),
    words=st.booleans(),
    search=st.booleans(),
    system=st.sampled_from([None, "Be kind."]),
    without=st.frozensets(st.sampled_from([name for name in OPTIONAL_FIELDS if name != "generationConfig"])),
)


@given(
    options=options,
    row=st.sampled_from(GEMINI + RELAY),
    safety=st.sampled_from(SAFETY),
    data=st.data(),
)
@settings(max_examples=60, deadline=None)
def test_every_body_is_one_that_google_s_own_client_could_send(
    options: Options, row: Any, safety: Mapping[str, str], data: st.DataObject
) -> None:
    request = replace(talking(Album()), model=row.model, options=options)
    contents = list(request.contents)
    if data.draw(st.booleans()):
        thought = {"text": "hm", "thought": True}
        contents[1] = {"role": "model", "parts": [thought, *contents[1]["parts"], {"text": ""}]}
    sent = asyncio.run(body_of(replace(request, contents=tuple(contents)), row, safety))
    judge(sent)
    text = json.dumps(sent)
    for name in options.without:
        assert f'"{name}"' not in text
    if options.system:
        assert "Be kind." in text
    assert '"thought"' not in text


async def test_history_goes_out_verbatim_with_its_signatures() -> None:
    album = Album()
    request = talking(album)
    sent = await body_of(request, GEMINI[2])
    for before, after in zip(request.contents, sent["contents"], strict=True):
        assert before["role"] == after["role"]
        for part, twin in zip(before["parts"], after["parts"], strict=True):
            assert part.get("text") == twin.get("text")
            assert part.get("thoughtSignature") == twin.get("thoughtSignature")
            assert part.get("inlineData", {}).get("mimeType") == twin.get("inlineData", {}).get("mimeType")


async def test_a_signed_thought_stays_and_an_unsigned_one_goes() -> None:
    album = Album()
    request = talking(album)
    signed = {"text": "", "thoughtSignature": "c2ln"}
    thoughts = [
        {"text": "plan", "thought": True},
        {"text": "plan", "thought": True, "thoughtSignature": "c2ln"},
        signed,
    ]
    contents = (request.contents[0], {"role": "model", "parts": thoughts}, request.contents[-1])
    sent = await body_of(replace(request, contents=contents), GEMINI[2])
    assert sent["contents"][1]["parts"] == thoughts[1:]


TOOLS: tuple[Json, ...] = ({"googleSearch": {}}, {"urlContext": {}})


@pytest.mark.parametrize("row", [GEMINI[0], GEMINI[2], RELAY[0]], ids=lambda row: row.label)
async def test_the_operator_s_tools_go_to_every_model_and_search_once(row: Any) -> None:
    request = replace(talking(Album()), options=Options(search=True))
    sent = await body_of(request, row, tools=TOOLS)
    assert sent["tools"] == [{"googleSearch": {}}, {"urlContext": {}}]
    judge(sent)
    for without, left in (("googleSearch", [{"urlContext": {}}]), ("tools", None)):
        options = Options(search=True, without=frozenset({without}))
        assert document(replace(request, options=options), row, {}, TOOLS).get("tools") == left


async def test_turns_go_on_taking_turns_when_nothing_is_left_of_one() -> None:
    """After its picture was forgotten, only a text without letters is left; some answers begin with one."""
    request = talking(Album())
    answer = {"role": "model", "parts": [{"text": ""}, {"text": "hm", "thought": True}]}
    sent = await body_of(replace(request, contents=(request.contents[0], answer, request.contents[-1])), GEMINI[0])
    assert [content["role"] for content in sent["contents"]] == ["user", "model", "user"]
    judge(sent)


@pytest.mark.parametrize("name", ["gemini", "tokaify"])
@pytest.mark.parametrize(
    "message",
    [
        # yeahhe365/Gemini-Nexus#13, waooAI/waoowaoo#155.
        "Aspect ratio is not enabled for this model",
        "`aspectRatio` does not support `1:1` as a valid value. Please refer to the Gemini API documentation.",
        "Unknown name \"aspectRatio\" at 'generation_config.image_config': Cannot find field.",
    ],
)
async def test_a_shape_that_is_refused_is_left_out_since_nobody_may_have_chosen_it(
    name: str, message: str, endpoint: Endpoint
) -> None:
    endpoint.add(Reply({"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}, 400), painted())
    provider = build(name, ProviderConfig(base_url=endpoint.url, api_key=KEY))
    asked = asking(Album(), model=provider.models()[0].model, options=Options(ratio="1:1"))
    assert (await generate(provider, asked, Book(), policy=FAST)).pictures
    await provider.aclose()
    assert ["1:1" in json.dumps(call.json) for call in endpoint.posts] == [True, False]


@pytest.mark.parametrize(
    "message",
    [
        "Search Grounding is not enabled for models/gemini-2.5-flash-image",
        "Function calling is not enabled for this model",
        "Tool use is not supported",
        "Invalid JSON payload received. Unknown name \"urlContext\" at 'tools[0]': Cannot find field.",
    ],
)
async def test_refused_tools_are_left_out_through_a_relay_too(message: str, endpoint: Endpoint) -> None:
    album = Album()
    endpoint.add(Reply({"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}, 400), painted())
    config = ProviderConfig(base_url=endpoint.url, api_key=KEY, tools=TOOLS, safety={"HARM_CATEGORY_HARASSMENT": "OFF"})
    provider = build("tokaify", config)
    result = await generate(provider, asking(album), Book(), policy=FAST)
    await provider.aclose()
    assert result.pictures
    first, second = (call.json for call in endpoint.posts)
    assert first["tools"] == list(TOOLS)
    assert "tools" not in second
    assert second["safetySettings"] == [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]


async def test_nothing_is_sent_that_was_not_chosen() -> None:
    album = Album()
    request = replace(talking(album), options=Options())
    sent = await body_of(request, GEMINI[2])
    assert set(sent) == {"contents", "generationConfig"}
    assert sent["generationConfig"] == {"responseModalities": ["TEXT", "IMAGE"]}


@pytest.mark.parametrize(
    ("config", "url"),
    [
        ({}, "https://generativelanguage.googleapis.com/v1beta/models/m:generateContent"),
        ({"base_url": "https://r.example/"}, "https://r.example/v1beta/models/m:generateContent"),
        ({"base_url": "https://r.example/v1beta"}, "https://r.example/v1beta/models/m:generateContent"),
        (
            {"base_url": "https://r.example/gemini/v1beta/models"},
            "https://r.example/gemini/v1beta/models/m:generateContent",
        ),
        ({"base_url": "https://r.example/v1"}, "https://r.example/v1/models/m:generateContent"),
        (
            {"base_url": "https://r.example/v1", "api_version": "v1beta"},
            "https://r.example/v1beta/models/m:generateContent",
        ),
        ({"api_version": "v1"}, "https://generativelanguage.googleapis.com/v1/models/m:generateContent"),
    ],
)
async def test_the_address_follows_from_the_configuration(config: dict[str, Any], url: str) -> None:
    provider = build("gemini", ProviderConfig(**config))
    assert isinstance(provider, Gemini)
    assert provider.url("m") == provider.url("models/m") == url
    assert "?" not in provider.url("a b?key=1#x")
    await provider.aclose()


@pytest.mark.parametrize(
    ("name", "auth", "header", "value"),
    [
        ("gemini", "auto", "x-goog-api-key", KEY),
        ("gemini", "bearer", "authorization", f"Bearer {KEY}"),
        ("tokaify", "auto", "authorization", f"Bearer {KEY}"),
        ("tokaify", "key", "x-goog-api-key", KEY),
    ],
)
async def test_the_key_goes_where_the_relay_wants_it(
    name: str, auth: str, header: str, value: str, endpoint: Endpoint
) -> None:
    endpoint.add(painted())
    provider = build(name, ProviderConfig(base_url=endpoint.url, api_key=KEY, auth=auth))
    await provider.ask(replace(talking(Album()), model="gemini-2.5-flash-image"))
    await provider.aclose()
    headers = endpoint.posts[0].headers
    assert headers[header] == value
    assert len({"authorization", "x-goog-api-key"} & set(headers)) == 1


def test_every_finish_reason_of_google_s_client_is_known() -> None:
    known = {reason.name for reason in types.FinishReason}
    assert len(known) >= 22
    for name in known - {"FINISH_REASON_UNSPECIFIED", "STOP"}:
        # Reasons of speech models cannot come from one that draws.
        assert name in FINISH, name
    assert {"STOP", "FINISH_REASON_UNSPECIFIED"} <= ORDINARY
    assert set(FINISH_NUMBERS) <= known


def test_a_picture_s_name_never_goes_out() -> None:
    album = Album()
    picture = album.add(png("red"))
    sent = asyncio.run(body_of(replace(talking(album), pictures=(picture,)), GEMINI[0]))
    assert picture.sha256 not in json.dumps(sent)


@pytest.mark.parametrize(
    ("model", "effort", "level"),
    [
        ("gemini-nano-banana-2.1", "draft", "MINIMAL"),
        ("gemini-nano-banana-2.1", "careful", "HIGH"),
        ("gemini-nano-banana-2.1", None, None),
        ("gemini-3.1-flash-lite-image", "careful", "HIGH"),
        ("gemini-3.1-flash-image", "draft", "MINIMAL"),
        ("gemini-2.5-flash-image", "careful", None),
        ("gemini-3-pro-image", "draft", None),
    ],
)
async def test_effort_is_a_level_of_thinking_where_the_model_has_them(
    model: str, effort: str | None, level: str | None
) -> None:
    """ai.google.dev/api/generate-content, ThinkingConfig."""
    (row,) = (row for row in VERTEX if row.model == model)
    sent = await body_of(replace(talking(Album()), model=model, options=Options(effort=effort)), row)
    assert sent["generationConfig"].get("thinkingConfig") == ({"thinkingLevel": level} if level else None)

"""Answers of Gemini and its relays beyond the recorded ones: every reason, every casing, every hiding place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from bot.providers.base import Answer, ModelStatus, Result, Source
from bot.providers.errors import (
    DamagedBody,
    DamagedPicture,
    LinkRefused,
    MalformedAnswer,
    ModelOverloaded,
    NothingReturned,
    PicturePromptRefused,
    PromptRefused,
    ProviderError,
    UnknownFinish,
)
from bot.providers.factory import NAMES, ProviderConfig, build
from bot.providers.gemini.errors import FINISH, FINISH_NUMBERS
from tests.providers.recorded import load as recorded
from tests.providers.sentences import say
from tests.providers.wiring import KEY, Json, b64, png
from tests.support.second_opinion import genai

RED, BLUE = png("red"), png("blue", kind="JPEG")


async def read(document: Any, *, name: str = "gemini", content_type: str = "application/json", **config: Any) -> Result:
    """Read ``document`` as an answer."""
    provider = build(name, ProviderConfig(api_key=KEY, **config))
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    try:
        return await provider.read(
            Answer(status=200, content_type=content_type, body=body), model="gemini-2.5-flash-image"
        )
    finally:
        await provider.aclose()


def with_parts(*parts: Any, **candidate: Any) -> Json:
    """Return an answer with one candidate."""
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, **candidate}]}


def inline(data: bytes, mime: str = "image/png") -> Json:
    """Return a part that holds a picture."""
    return {"inlineData": {"mimeType": mime, "data": b64(data)}}


REASONS = sorted(FINISH)


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize("casing", ["finishReason", "finish_reason"])
async def test_each_finish_reason_without_a_picture_has_its_leaf(reason: str, casing: str) -> None:
    with pytest.raises(FINISH[reason]) as caught:
        await read({"candidates": [{"content": {}, casing: reason, "finishMessage": "Because."}]})
    error = caught.value
    assert say(error.key, error.values)
    if error.explains:
        assert "Because." in say(error.key, error.values)


@pytest.mark.parametrize("number", range(2, len(FINISH_NUMBERS)))
@pytest.mark.parametrize("as_text", [False, True])
async def test_a_relay_may_send_the_number_of_a_reason(number: int, as_text: bool) -> None:
    with pytest.raises(FINISH[FINISH_NUMBERS[number]]):
        await read({"candidates": [{"finishReason": str(number) if as_text else number}]})


@pytest.mark.parametrize("reason", ["QUUX", 99, "quux"])
async def test_an_unknown_reason_is_named(reason: Any) -> None:
    with pytest.raises(UnknownFinish) as caught:
        await read({"candidates": [{"finishReason": reason}]})
    assert str(reason).upper() in say(caught.value.key, caught.value.values)


@pytest.mark.parametrize("value", ["9" * 5000, "\u0663" * 400, "why " * 5000])
@pytest.mark.parametrize("name", NAMES)
async def test_a_code_or_reason_without_end_is_an_error_like_others(value: str, name: str) -> None:
    where: list[Json] = [{"error": {"code": value, "message": "No."}}, {"candidates": [{"finishReason": value}]}]
    for answer in [*where, {"promptFeedback": {"blockReason": value}}]:
        with pytest.raises(ProviderError) as caught:
            await read(answer, name=name)
        assert len(say(caught.value.key, caught.value.values)) < 400


@pytest.mark.parametrize("reason", [*REASONS, "STOP", None, 3, "QUUX"])
async def test_a_picture_counts_whatever_the_reason_says(reason: Any) -> None:
    result = await read(with_parts(inline(RED), finishReason=reason))
    assert result.pictures[0].data == RED


BLOCKS = ("SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "MODEL_ARMOR", "JAILBREAK")


def test_these_are_all_block_reasons() -> None:
    assert {"BLOCKED_REASON_UNSPECIFIED", *BLOCKS} == {reason.name for reason in genai("types").BlockedReason}


@pytest.mark.parametrize("block", [*BLOCKS, "QUUX", 4])
async def test_each_block_reason_is_a_refusal(block: Any) -> None:
    with pytest.raises(ProviderError) as caught:
        await read({"promptFeedback": {"blockReason": block}})
    assert caught.value.outcome == "refused"
    expected = PicturePromptRefused if block == "IMAGE_SAFETY" else PromptRefused
    assert isinstance(caught.value, expected) or block == "MODEL_ARMOR"
    if block == "QUUX":
        assert "quux" in say(caught.value.key, caught.value.values)


async def test_words_and_no_picture_are_an_answer_and_keep_their_order() -> None:
    result = await read(with_parts({"text": "One, "}, {"text": "two."}, finishReason="STOP"))
    assert result.text == "One, two."
    explained = await read(with_parts({"text": "I cannot draw that."}, finishReason="NO_IMAGE"))
    assert explained.text == "I cannot draw that."


async def test_words_around_a_picture_are_not_run_together() -> None:
    result = await read(with_parts({"text": "First."}, inline(RED), {"text": "Second."}))
    assert result.text == "First.\nSecond."


async def test_thoughts_are_kept_and_not_shown() -> None:
    draft = {**inline(BLUE), "thought": True}
    result = await read(with_parts({"text": "Let me think.", "thought": True}, draft, {"text": "Done."}, inline(RED)))
    assert result.text == "Done."
    assert [blob.data for blob in result.pictures] == [RED]
    assert len(result.content["parts"]) == 4
    with pytest.raises(NothingReturned):
        await read(with_parts({"text": "Only thinking.", "thought": True}, draft, finishReason="STOP"))


async def test_of_several_pictures_all_count_and_the_last_is_last() -> None:
    result = await read(with_parts(inline(RED), inline(BLUE, "image/png")))
    assert [blob.mime for blob in result.pictures] == ["image/png", "image/jpeg"]
    assert result.content["parts"][1]["inlineData"]["mimeType"] == "image/jpeg"


async def test_a_damaged_draft_does_not_lose_the_good_picture() -> None:
    result = await read(with_parts(inline(RED[:30]), inline(RED)))
    assert [blob.data for blob in result.pictures] == [RED]
    assert len(result.content["parts"]) == 1
    with pytest.raises(DamagedPicture):
        await read(with_parts({"text": "Here."}, inline(png("red", (200, 200))[:-60])))


@pytest.mark.parametrize(
    "encode",
    [
        lambda t: t,
        lambda t: t.rstrip("="),
        lambda t: t.replace("+", "-").replace("/", "_"),
        lambda t: "\n".join(t[i : i + 76] for i in range(0, len(t), 76)) + "\r\n",
        lambda t: f"data:image/png;base64,{t}",
        lambda t: f" {t} ",
    ],
    ids=["standard", "unpadded", "url-safe", "wrapped", "data-uri", "spaces"],
)
async def test_base64_of_every_kind_gives_the_same_bytes(encode: Any) -> None:
    noisy = png("red", (64, 64)) + bytes(range(256)) * 3
    result = await read(with_parts({"inlineData": {"data": encode(b64(noisy))}}))
    assert result.pictures[0].data == noisy


async def test_unknown_fields_and_parts_stay_as_they_came() -> None:
    odd = {"executableCode": {"language": "PYTHON", "code": "1"}, "futureField": [1, {"a": None}]}
    signed = {"text": "", "thoughtSignature": "c2ln", "partMetadata": {"x": 1}}
    result = await read(with_parts({"text": "Hi."}, odd, {**inline(RED), "thoughtSignature": "cGlj"}, signed))
    assert result.content["parts"][1] == odd
    assert result.content["parts"][2]["thoughtSignature"] == "cGlj"
    assert result.content["parts"][3] == signed


async def test_the_candidate_that_draws_is_taken() -> None:
    words = {"content": {"parts": [{"text": "no"}]}}
    result = await read({"candidates": [None, words, {"content": {"parts": [inline(RED)]}}]})
    assert result.pictures[0].data == RED


async def test_a_relay_may_hide_the_picture_in_the_words() -> None:
    hidden = f"Here: ![image](data:image/png;base64,{b64(RED)}) Enjoy!"
    result = await read(with_parts({"text": hidden, "thoughtSignature": "c2ln"}), name="tokaify")
    assert result.pictures[0].data == RED
    assert result.text == "Here:  Enjoy!"
    assert [sorted(part) for part in result.content["parts"]] == [["text"], ["inlineData"]]


async def test_links_in_words_are_opened_for_relays_and_stay_words_at_google() -> None:
    linked = with_parts({"text": "![image](https://10.0.0.1/a.png)"})
    google = "https://generativelanguage.googleapis.com"
    for chosen in ({"name": "gemini", "base_url": google}, {"name": "tokaify", "links_in_text": False}):
        plain = await read(linked, **chosen)
        assert plain.pictures == ()
        assert "10.0.0.1" in plain.text
    with pytest.raises(LinkRefused):
        await read(linked, name="tokaify")
    with pytest.raises(LinkRefused):
        await read(linked, name="gemini", base_url=google, links_in_text=True)


async def test_a_link_that_cannot_be_opened_stays_beside_the_picture() -> None:
    words = f"![one](data:image/png;base64,{b64(RED)}) and ![two](https://10.0.0.1/a.png)"
    result = await read(with_parts({"text": words}), name="tokaify")
    assert [blob.data for blob in result.pictures] == [RED]
    assert result.text == "and ![two](https://10.0.0.1/a.png)"


async def test_a_file_may_be_a_data_uri() -> None:
    file = {"fileData": {"mimeType": "image/png", "fileUri": f"data:image/png;base64,{b64(RED)}"}}
    result = await read(with_parts(file), name="tokaify")
    assert [blob.data for blob in result.pictures] == [RED]
    assert result.content["parts"] == [{"inlineData": {"mimeType": "image/png", "data": result.pictures[0]}}]


def events(*frames: Any, end: str = "\r\n\r\n", before: str = "") -> bytes:
    """Return server-sent events."""
    return (before + "".join(f"data: {json.dumps(frame)}{end}" for frame in frames)).encode()


@pytest.mark.parametrize("end", ["\r\n\r\n", "\n\n", "\r\r"])
@pytest.mark.parametrize("content_type", ["text/event-stream", "application/json", ""])
async def test_a_stream_is_read_whatever_it_calls_itself(end: str, content_type: str) -> None:
    frames = [with_parts({"text": "He"}), with_parts({"text": "llo"}), with_parts(inline(RED), finishReason="STOP")]
    signature = with_parts({"text": "", "thoughtSignature": "c2ln"})
    body = events(*frames, signature, end=end, before=": a comment\n\n") + b"data: [DONE]\n\n"
    result = await read(body, content_type=content_type)
    assert (result.text, result.pictures[0].data) == ("Hello", RED)
    assert result.content["parts"][-1] == {"text": "", "thoughtSignature": "c2ln"}


async def test_a_stream_that_breaks_after_the_picture_is_not_bought_again() -> None:
    whole = events(with_parts({"text": "Hi."}), with_parts(inline(RED)))
    result = await read(whole + b'data: {"candidates": [{"fin', content_type="text/event-stream")
    assert result.pictures[0].data == RED
    with pytest.raises(DamagedBody):
        await read(events(with_parts({"text": "Hi."})) + b'data: {"candid', content_type="text/event-stream")


async def test_an_error_that_a_relay_packs_into_its_own_is_unpacked() -> None:
    google = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}
    packed = {"error": {"message": f"upstream said: {json.dumps(google)}", "type": "new_api_error", "code": "bad"}}
    with pytest.raises(ModelOverloaded):
        await read(packed, name="tokaify")


@pytest.mark.parametrize("reason", ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL"])
async def test_words_do_not_save_a_garbled_answer(reason: str) -> None:
    with pytest.raises(MalformedAnswer):
        await read(with_parts({"text": "call:"}, finishReason=reason))


async def test_sources_are_named_and_searches_stand_in_for_them() -> None:
    chunks = [{"web": {"uri": "https://a.example/1", "title": "A"}}, {"web": {"uri": "https://a.example/1"}}]
    chunks += [{"image": {"sourceUri": "https://b.example", "imageUri": "x"}}, {"web": {"uri": "javascript:1"}}, None]
    grounded = with_parts(inline(RED), groundingMetadata={"groundingChunks": chunks, "webSearchQueries": ["q"]})
    assert (await read(grounded)).sources == (
        Source(title="A", url="https://a.example/1"),
        Source(title="https://b.example", url="https://b.example"),
    )
    searched = with_parts(inline(RED), grounding_metadata={"web_search_queries": ["red & blue"]})
    expected = Source(title="red & blue", url="https://www.google.com/search?q=red+%26+blue")
    assert (await read(searched)).sources == (expected,)


async def test_cost_is_counted_by_modality_from_the_reliable_total() -> None:
    used = {
        "promptTokenCount": 1000,
        "candidatesTokenCount": 1900,
        "totalTokenCount": 3390,
        "thoughtsTokenCount": 500,
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": 1290}, {"modality": "TEXT", "tokenCount": 10}],
    }
    usage = (await read({**with_parts(inline(RED)), "usageMetadata": used})).usage
    assert (usage.input_tokens, usage.text_tokens, usage.image_tokens) == (1000, 1100, 1290)
    assert usage.cost_usd == (Decimal(1000) * Decimal("0.3") + 1100 * Decimal("2.5") + 1290 * 30) / 1_000_000
    relay = (await read({**with_parts(inline(RED)), "usageMetadata": used}, name="tokaify")).usage
    assert relay.cost_usd is None


SIGNED, THOUGHT = {"thoughtSignature": "c2lnbmVk"}, {"thought": True}


@pytest.mark.parametrize(
    ("parts", "kept", "shown"),
    [
        ([inline(RED), inline(RED)], [inline(RED)], [RED]),
        ([inline(RED), inline(BLUE), inline(RED)], [inline(BLUE, "image/jpeg"), inline(RED)], [BLUE, RED]),
        ([inline(RED), {"text": "Here."}, inline(RED)], [{"text": "Here."}, inline(RED)], [RED]),
        ([inline(RED) | SIGNED, inline(RED)], [inline(RED) | SIGNED], [RED]),
        ([inline(RED), inline(RED) | SIGNED], [inline(RED) | SIGNED], [RED]),
        ([inline(RED) | THOUGHT, inline(RED)], [inline(RED) | THOUGHT, inline(RED)], [RED]),
        ([inline(RED), {"text": f"![it](data:image/png;base64,{b64(RED)})"}], [inline(RED)], [RED]),
    ],
    ids=["twice", "around another", "around words", "signed first", "signed second", "thought of first", "in words"],
)
async def test_the_same_picture_twice_is_one(parts: list[Json], kept: list[Json], shown: list[bytes]) -> None:
    """As relays send it: su-kaka/gcli2api#217, coder/xum#828, google-gemini/gemini-cli#12737."""
    result = await read(with_parts(*parts))
    assert [picture.data for picture in result.pictures] == shown
    found = [
        {**part, "inlineData": part["inlineData"] | {"data": b64(part["inlineData"]["data"].data)}}
        if "inlineData" in part
        else part
        for part in result.content["parts"]
    ]
    assert found == kept


async def test_an_answer_says_how_old_its_model_is() -> None:
    """ModelStatus of GenerateContentResponse, read as Google's own types read it."""
    status = (await read(recorded("04_model_status_legacy.json").document)).status
    answer = genai("types").GenerateContentResponse
    theirs = answer.model_validate(recorded("04_model_status_legacy.json").document).model_status
    assert theirs is not None
    assert status is not None
    assert theirs.model_stage == status.stage == "DEPRECATED"
    assert theirs.retirement_time is not None
    assert theirs.retirement_time.timestamp() == status.retires_at


@pytest.mark.parametrize(
    ("said", "known"),
    [
        (None, None),
        ("LEGACY", None),
        ([], None),
        ({}, None),
        ({"modelStage": "MODEL_STAGE_UNSPECIFIED"}, None),
        ({"modelStage": "STABLE"}, ModelStatus(stage="STABLE")),
        ({"modelStage": 6, "retirementTime": 7}, None),
        (
            {"model_stage": "LEGACY", "retirement_time": "2027-03-15T00:00:00"},
            ModelStatus(stage="LEGACY", retires_at=1805068800.0),
        ),
        # Go's and protobuf's words for no time at all, and days that no calendar has in UTC.
        ({"modelStage": "STABLE", "retirementTime": "0001-01-01T00:00:00Z"}, ModelStatus(stage="STABLE")),
        ({"modelStage": "STABLE", "retirementTime": "1970-01-01T00:00:00Z"}, ModelStatus(stage="STABLE")),
        ({"retirementTime": "0001-01-01T00:00:00+14:00"}, None),
        ({"retirementTime": "9999-12-31T23:59:59-14:00"}, None),
        ({"modelStage": "LEGACY", "retirementTime": "some day"}, ModelStatus(stage="LEGACY")),
        ({"retirementTime": "2027-03-15T01:00:00.123456789+01:00"}, ModelStatus(retires_at=1805068800.123456)),
    ],
)
async def test_unexpected_content_never_fails_an_answer(said: Any, known: ModelStatus | None) -> None:
    document = {**recorded("01_text_and_image.json").document, "modelStatus": said}
    if isinstance(said, dict) and "model_stage" in said:
        document["model_status"] = document.pop("modelStatus")
    assert (await read(document)).status == known

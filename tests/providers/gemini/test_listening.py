"""Speech into words: what goes to Gemini, and what its answers mean."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.providers.base import Listener, Recording, Transcript
from bot.providers.errors import ModelUnavailable, PromptRefused, ProviderError
from bot.providers.factory import NAMES, ProviderConfig, build
from tests.providers.wiring import KEY, Json, b64
from tests.support.second_opinion import genai

MODEL = "gemini-3.5-flash-lite"
SOUND = Recording(mime="audio/ogg", data=b"OggS" + bytes(range(200)))
GONE = {"error": {"code": 404, "message": f"models/{MODEL} is not found", "status": "NOT_FOUND"}}
USED = {"promptTokenCount": 200, "candidatesTokenCount": 8, "totalTokenCount": 208}


async def listened(answer: Json, status: int = 200, model: str = MODEL) -> tuple[Transcript, list[Json]]:
    """Listen to a recording; return what was understood and the requests that were made."""
    asked: list[Json] = []

    async def serve(request: httpx.Request) -> httpx.Response:
        asked.append({"path": request.url.path, "body": json.loads(await request.aread())})
        return httpx.Response(status, json=answer)

    provider = build("gemini", ProviderConfig(api_key=KEY), httpx.MockTransport(serve))
    assert isinstance(provider, Listener)
    try:
        return await provider.listen(SOUND, model=model), asked
    finally:
        await provider.aclose()  # type: ignore[attr-defined]


def said(*parts: Any, finish: str = "STOP") -> Json:
    candidate = {"content": {"role": "model", "parts": list(parts)}, "finishReason": finish, "index": 0}
    return {"candidates": [candidate], "usageMetadata": USED, "modelVersion": MODEL}


async def test_the_recording_goes_inline_with_the_question_and_the_words_come_back() -> None:
    transcript, (asked,) = await listened(said({"text": " A boat at dusk.\n"}))
    assert (transcript.words, transcript.cost_usd) == ("A boat at dusk.", Decimal("0.00008"))
    assert asked["path"] == f"/v1beta/models/{MODEL}:generateContent"
    sound, question = asked["body"]["contents"][0]["parts"]
    assert sound == {"inlineData": {"mimeType": "audio/ogg", "data": b64(SOUND.data)}}
    assert "word for word" in question["text"]
    # The SDK's own model of a request takes it.
    genai("types").Content.model_validate(asked["body"]["contents"][0])


@pytest.mark.parametrize("words", ["-", "–", " - \n"])
async def test_a_hyphen_means_that_nobody_speaks(words: str) -> None:
    assert (await listened(said({"text": words})))[0].words == ""


async def test_an_answer_without_words_means_so_too_and_is_billed() -> None:
    assert (await listened(said()))[0] == Transcript(words="", cost_usd=Decimal("0.00008"))


async def test_thoughts_are_no_words() -> None:
    parts = ({"text": "The speaker says...", "thought": True}, {"text": "a hat"})
    assert (await listened(said(*parts)))[0].words == "a hat"


async def test_what_another_model_costs_is_not_known() -> None:
    assert (await listened(said({"text": "a hat"}), model="gemini-4-neon"))[0].cost_usd is None


@pytest.mark.parametrize(
    ("answer", "status", "error"),
    [
        (GONE, 404, ModelUnavailable),
        ({"promptFeedback": {"blockReason": "SAFETY"}}, 200, PromptRefused),
    ],
)  # fmt: skip
async def test_a_refusal_is_an_error(answer: Json, status: int, error: type[ProviderError]) -> None:
    with pytest.raises(error):
        await listened(answer, status)


@pytest.mark.parametrize("name", NAMES)
def test_who_listens(name: str) -> None:
    provider = build(name, ProviderConfig(api_key=KEY))
    listens = provider.listens if isinstance(provider, Listener) else None
    assert listens == {"gemini": MODEL, "tokaify": ""}.get(name)

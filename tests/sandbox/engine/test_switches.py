"""The provider's switches and its last exchange."""

from __future__ import annotations

import json
import time

import httpx
import pytest

from tests.sandbox.engine.conftest import Served
from tests.sandbox.engine.made import asking, decoded, encoded, path, photo, picture_part, reply, user
from tests.support.people import Telegram

PHOTO = encoded(photo())
BODY = asking(user(picture_part(PHOTO), "make it warmer"))


async def switch(engine: Served, **wanted: object) -> httpx.Response:
    return await engine.http.post("/sandbox/provider", json=wanted)


async def test_the_switches_show_what_is_set(engine: Served) -> None:
    assert (await engine.http.get("/sandbox/provider")).json()["mode"] == "normal"
    shown = (await switch(engine, mode="slow", delay_s=3)).json()
    assert (shown["mode"], shown["delay_s"]) == ("slow", 3)


@pytest.mark.parametrize("wanted", [{"mode": "broken"}, {"delay_s": -1}, {"delay_s": "1"}, {"mode": None}])
async def test_wrong_switches_are_refused_with_a_sentence(engine: Served, wanted: dict[str, object]) -> None:
    answer = await switch(engine, **wanted)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
    assert engine.state.mode == "normal"


async def test_quota_then_normal_again(engine: Served) -> None:
    await switch(engine, mode="429", delay_s=2.5)
    answer = await engine.http.post(path(), json=BODY)
    error = answer.json()["error"]
    assert (answer.status_code, error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["details"][-1] == {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2.5s"}
    assert "PerMinute" in error["details"][0]["violations"][0]["quotaId"]
    await switch(engine, mode="normal")
    assert (await engine.http.post(path(), json=BODY)).status_code == 200


async def test_overloaded(engine: Served) -> None:
    await switch(engine, mode="503")
    answer = await engine.http.post(path(), json=BODY)
    assert answer.status_code == 503
    assert answer.json()["error"]["message"] == "The model is overloaded. Please try again later."


async def test_refusal_has_a_reason_and_no_content(engine: Served) -> None:
    await switch(engine, mode="refuse")
    candidate = (await engine.http.post(path(), json=BODY)).json()["candidates"][0]
    assert candidate["finishReason"] == "IMAGE_SAFETY"
    assert candidate["content"] == {}
    assert candidate["finishMessage"]


async def test_words_only(engine: Served) -> None:
    await switch(engine, mode="words")
    _, words, pictures = reply((await engine.http.post(path(), json=BODY)).json())
    assert words
    assert not pictures


async def test_asking_the_same_again_brings_another_version(engine: Served) -> None:
    answers = [reply((await engine.http.post(path(), json=BODY)).json()) for _ in range(4)]
    assert len({pictures[0] for _, _, pictures in answers}) == 4
    assert "version 2" in answers[1][1]


async def test_each_person_of_a_sandbox_has_versions_of_their_own(telegram: Telegram) -> None:
    """Boris asks for what Ann had twice already: his first picture is no version of hers, and his button makes one."""

    async def painted() -> str:
        answer = await telegram.http.post(path(), json=BODY, headers={"x-goog-api-key": "any"}, timeout=60)
        return reply(answer.json())[1]

    await telegram.ann.say("make it warmer")
    assert "version" not in await painted()
    assert "version 2" in await painted()
    await telegram.boris.say("make it warmer")
    assert "version" not in await painted()
    keyboard = {"inline_keyboard": [[{"text": "Again", "callback_data": "again:1"}]]}
    await telegram.api("sendMessage", chat_id=telegram.boris.id, text="done", reply_markup=keyboard)
    await telegram.ann.say("thank you")
    await telegram.boris.press(await telegram.boris.answer(), "Again")
    assert "version 2" in await painted()


async def test_drift(engine: Served) -> None:
    await switch(engine, mode="drift")
    _, words, (repainted,) = reply((await engine.http.post(path(), json=BODY)).json())
    assert "repainted the whole picture" in words
    assert decoded(repainted).size == (1248, 832)


async def test_slow(engine: Served) -> None:
    await switch(engine, mode="slow", delay_s=0.3)
    start = time.monotonic()
    assert (await engine.http.post(path(), json=BODY)).status_code == 200
    assert time.monotonic() - start >= 0.3


async def test_a_cut_connection_after_the_work(engine: Served) -> None:
    await switch(engine, mode="die")
    with pytest.raises(httpx.TransportError):
        await engine.http.post(path(), json=BODY)
    assert engine.state.last["answer"]["candidates"]
    await switch(engine, mode="normal")
    again = await engine.http.post(path(), json=BODY)
    assert again.status_code == 200
    assert "version" not in reply(again.json())[1]


async def test_the_last_exchange_has_thumbnails_and_no_key(engine: Served) -> None:
    assert (await engine.http.get("/sandbox/provider/last")).json() == {"request": None, "answer": None}
    await engine.http.post(path(), json=BODY, headers={"x-goog-api-key": "secret-key"})
    last = (await engine.http.get("/sandbox/provider/last")).json()
    assert "secret-key" not in json.dumps(last)
    sent = last["request"]["contents"][0]["parts"][0]["inlineData"]["data"]
    came = last["answer"]["candidates"][0]["content"]["parts"][1]["inlineData"]["data"]
    assert sent["bytes"] == len(PHOTO)
    assert sent["thumbnail"].startswith("data:image/jpeg;base64,")
    assert came["thumbnail"].startswith("data:image/jpeg;base64,")
    assert len(json.dumps(last)) < 40_000
    await switch(engine, mode="503")
    await engine.http.post(path(), json=BODY)
    assert (await engine.http.get("/sandbox/provider/last")).json()["answer"]["error"]["code"] == 503

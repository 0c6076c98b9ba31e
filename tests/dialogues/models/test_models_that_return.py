"""Models that only seemed to be gone: an outage, a proxy or a wrong setting has no lasting effect."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.people import CHEN, Chat, Message
from tests.support.talking import Talk, talking

LEGACY, SECOND = "gemini-2.5-flash-image", "gemini-nano-banana-2.1"
NO_CHANNEL = {"message": "No available channel for model x under group default", "type": "new_api_error"}
THERE_IS_NONE = {"message": "模型 x 无可用渠道", "type": "new_api_error"}


def models(talk: Talk) -> list[str]:
    return [call.model for call in talk.painter.calls]


async def ask(chat: Chat, wish: str) -> Message:
    await chat.say(wish)
    return await chat.answer()


@pytest.mark.parametrize(
    "refusal",
    [
        # Relays say so while all that serve a model are down (QuantumNous/new-api#6310, langgenius/dify#34280).
        (503, {"error": {**NO_CHANNEL, "code": "model_not_found"}}),
        (503, {"error": {**THERE_IS_NONE, "code": "model_not_found"}}),
        (503, {"error": {"message": "", "code": "model_not_found"}}),
        # It says nothing about a model: the proxy lacks something else.
        (404, {"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND"}}),
        (404, {"error": {"message": "Resource not found", "type": "invalid_request_error", "code": "404"}}),
        # Something else ends, and the words are those for a model.
        (403, {"error": {"code": 403, "message": "Your trial credits are no longer available."}}),
        (429, {"error": {"code": 429, "message": f"The free tier of {LEGACY} is no longer available."}}),
        (400, {"error": {"code": 400, "message": "The uploaded file files/x-model is no longer available."}}),
        # Spring Boot's answer to every path that it does not serve, or not yet.
        (404, {"status": 404, "error": "Not Found", "message": "No message available", "path": f"/v1/models/{LEGACY}"}),
    ],
    ids=["channel", "channel in Chinese", "no words", "entity", "resource", "credits", "tier", "file", "page"],
)
async def test_an_outage_replaces_no_model(refusal: Any, tmp_path: Path) -> None:
    """What is learned about a model lasts, and the other model costs more."""
    async with talking(tmp_path) as talk:
        talk.painter.will(refusal)
        await ask(talk.telegram.ann, "a boat")
        await ask(talk.telegram.ann, "a gull")
        assert set(models(talk)) == {LEGACY}


async def test_what_a_wrong_version_taught_is_forgotten_with_it(tmp_path: Path) -> None:
    """A model that is unknown in one version of the interface exists in another version."""
    async with talking(tmp_path, gemini_api_version="v1") as talk:
        talk.painter.gone = {LEGACY}
        await ask(talk.telegram.ann, "a boat")
        assert models(talk) == [LEGACY, SECOND]
        talk.settings |= {"gemini_api_version": "v1beta"}
        talk.painter.gone = set()
        await talk.restart()
        await ask(talk.telegram.ann, "a gull")
        assert models(talk)[2:] == [LEGACY]


@pytest.mark.parametrize("name", [LEGACY, f"gemini/{LEGACY}"])
async def test_a_model_that_was_replaced_by_mistake_is_tried_again_by_naming_it(name: str, tmp_path: Path) -> None:
    """For everybody. If the model is really gone, the owner is not notified each time."""
    async with talking(tmp_path, owner_ids={CHEN}) as talk:
        ann, chen = talk.telegram.ann, talk.telegram.chen
        await ask(chen, "/start")
        talk.painter.gone = {LEGACY}
        await ask(ann, "a boat")
        assert f"/model {LEGACY} tries it again" in (await chen.answer()).text
        for _ in range(2):
            assert "Model: Nano Banana" in (await ask(ann, f"/model {name}")).buttons
            assert "no longer offered" in (await ask(ann, "warmer")).caption
        assert models(talk) == [LEGACY, SECOND, LEGACY, SECOND, LEGACY, SECOND]

        talk.painter.gone = set()
        await ask(ann, f"/model {name}")
        await ask(ann, "colder")
        await ask(talk.telegram.boris, "a gull")
        assert models(talk)[6:] == [LEGACY, LEGACY]
        await ask(chen, "a fish")
        assert len([m for m in await chen.history() if "no longer offers" in m.text]) == 1


async def test_a_list_of_more_models_than_a_keyboard_holds_is_paged_through(tmp_path: Path) -> None:
    """A relay may list hundreds, under names of any length."""
    async with talking(tmp_path) as talk:
        talk.painter.offered = [f"gemini-nano-banana-{number}{'-long' * (number % 60)}" for number in range(150)]
        talk.running.answering.ageing._clock = lambda: time.time() + 25 * 3600
        await talk.running.answering.ageing.look("gemini")
        ann = talk.telegram.ann
        page, shown = await ask(ann, "/model"), list[str]()
        for number in range(2, 18):
            shown += [button for button in page.buttons if not button.startswith(("Page", "‹"))]
            after = f"Page {number} ›"
            if number == 17:
                assert after not in page.buttons
                break
            await ann.press(page, after)
            before = f"‹ Page {number - 1}"
            page = await ann.until(page, lambda now, before=before: before in now.buttons)  # type: ignore[misc]
        assert len(shown) == len({*shown}) == 151
        last = next(button for button in page.buttons if "banana-149" in button)
        await ann.press(page, last)
        await ann.until(page, lambda now: any("Model: gemini-nano-banana-149" in button for button in now.buttons))

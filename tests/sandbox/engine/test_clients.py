"""Google's own client, unmodified, talks to the engine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest

from tests.sandbox.engine.conftest import Served
from tests.sandbox.engine.made import MODEL, SIGNING, decoded, encoded, photo
from tests.support.second_opinion import genai

if TYPE_CHECKING:
    from google.genai import Client, types

# The client subclasses aiohttp's session, which aiohttp discourages.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")


@pytest.fixture
async def client(engine: Served) -> AsyncIterator[Client]:
    """The client, pointed at the engine."""
    made = genai("client").Client(api_key="any", http_options={"base_url": engine.url})
    yield made
    await made.aio.aclose()
    made.close()


def pictures(answer: types.GenerateContentResponse) -> list[bytes]:
    content = (answer.candidates or [])[0].content
    parts = (content.parts if content else None) or []
    return [part.inline_data.data for part in parts if part.inline_data and part.inline_data.data]


@pytest.mark.parametrize("model", [MODEL, SIGNING])
async def test_a_chat_with_history(client: Client, model: str) -> None:
    part = genai("types").Part
    chat = client.aio.chats.create(model=model)
    photo_part = part.from_bytes(data=encoded(photo(), "JPEG"), mime_type="image/jpeg")
    warmer = await chat.send_message([photo_part, part(text="make it a bit warmer")])
    more = await chat.send_message([part(text="even more")])
    turned = await chat.send_message([part(text="rotate left")])
    talk = await chat.send_message([part(text="what can you do?")])
    again = await chat.send_message([part(text="now undo the rotation")])
    assert [len(pictures(answer)) for answer in (warmer, more, turned, talk, again)] == [1, 1, 1, 0, 1]
    assert decoded(pictures(turned)[0]).size == (160, 240)
    assert decoded(pictures(again)[0]).size == (240, 160)
    assert talk.text
    assert "offline engine" in talk.text


async def test_a_picture_from_words_with_a_ratio(client: Client) -> None:
    types = genai("types")
    config = types.GenerateContentConfig(
        response_modalities=["TEXT", "IMAGE"], image_config=types.ImageConfig(aspect_ratio="16:9")
    )
    answer = await client.aio.models.generate_content(model=SIGNING, contents="a lighthouse at dusk", config=config)
    assert decoded(pictures(answer)[0]).size == (1376, 768)
    assert answer.usage_metadata is not None
    assert answer.candidates is not None
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP


async def test_models_and_errors(client: Client) -> None:
    names = [model.name async for model in await client.aio.models.list()]
    assert f"models/{MODEL}" in names
    assert len(names) == 5
    with pytest.raises(genai("errors").ClientError, match="not found"):
        await client.aio.models.generate_content(model="gemini-none", contents="hi")


async def test_a_refusal(client: Client, engine: Served) -> None:
    engine.state.switch({"mode": "refuse"})
    answer = await client.aio.models.generate_content(model=MODEL, contents="a castle")
    assert answer.candidates is not None
    assert answer.candidates[0].finish_reason == genai("types").FinishReason.IMAGE_SAFETY

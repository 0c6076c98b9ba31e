"""OpenRouter: the conversation as a chat, and answers in every place where pictures and reasons may be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.providers.base import Options
from bot.providers.errors import (
    CutShort,
    ModelOverloaded,
    OtherRefused,
    PictureRefused,
    ProviderError,
    SafetyRefused,
)
from tests.providers.flat import FLASH, RED, ask, asking
from tests.providers.wiring import Album, Endpoint, Json, Reply, b64


def chat(message: Any, **choice: Any) -> Reply:
    """Return a completion of OpenRouter."""
    return Reply({"choices": [{"message": message, **choice}]})


async def test_openrouter_gets_the_model_s_pictures_back(endpoint: Endpoint, album: Album) -> None:
    first = album.add(RED)
    contents = (
        {"role": "user", "parts": [{"text": "a boat"}]},
        {"role": "model", "parts": [{"text": "plan", "thought": True}, {"inlineData": {"data": first}}]},
        {"role": "user", "parts": [{"text": "warmer"}]},
    )
    options = Options(system="Be kind.", ratio="16:9")
    request = asking(album, FLASH, contents=contents, options=options)
    await ask("openrouter", endpoint, request, chat({"content": "Hm."}, finish_reason="stop"))
    sent = endpoint.posts[0].json
    uri = f"data:image/png;base64,{b64(RED)}"
    assert sent["messages"] == [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": [{"type": "text", "text": "a boat"}]},
        {"role": "assistant", "content": "(a picture)"},
        {
            "role": "user",
            "content": [{"type": "text", "text": "warmer"}, {"type": "image_url", "image_url": {"url": uri}}],
        },
    ]
    assert sent["modalities"] == ["image", "text"]
    assert sent["image_config"] == {"aspect_ratio": "16:9"}


MISHAPS: list[tuple[Reply, type[ProviderError]]] = [
    (chat({"content": ""}, finish_reason="content_filter", native_finish_reason="IMAGE_SAFETY"), PictureRefused),
    (chat({"content": ""}, finish_reason="content_filter"), SafetyRefused),
    (chat({"content": None, "refusal": "I would rather not."}), OtherRefused),
    (chat({"content": "Fir"}, finish_reason="length"), CutShort),
    (chat({"content": "x"}, finish_reason="error", error={"code": 503, "message": "busy"}), ModelOverloaded),
    (
        Reply(
            {
                "error": {
                    "code": 429,
                    "message": "Provider returned error",
                    "metadata": {"raw": '{"error":{"code":503,"message":"The model is overloaded"}}'},
                }
            }
        ),
        ModelOverloaded,
    ),
]


@pytest.mark.parametrize(("reply", "leaf"), MISHAPS, ids=lambda value: getattr(value, "__name__", ""))
async def test_openrouter_s_mishaps(reply: Reply, leaf: type[ProviderError], endpoint: Endpoint, album: Album) -> None:
    with pytest.raises(leaf):
        await ask("openrouter", endpoint, asking(album, FLASH), reply)


@pytest.mark.parametrize(
    "message",
    [
        {"content": [{"type": "text", "text": "Hi."}, {"type": "image_url", "image_url": {"url": "URI"}}]},
        {"content": "Hi.", "images": [{"image_url": "URI"}]},
        {"content": "Hi.", "images": ["URI"]},
        {"content": "Hi. ![a](URI)"},
    ],
)
async def test_openrouter_s_pictures_come_in_many_places(message: Json, endpoint: Endpoint, album: Album) -> None:
    reply = chat(message)
    uri = f"data:image/png;base64,{b64(RED)}"
    text = Reply(reply.raw.decode().replace("URI", uri))
    result = await ask("openrouter", endpoint, asking(album, FLASH), text)
    assert (result.text, [blob.data for blob in result.pictures]) == ("Hi.", [RED])


async def test_openrouter_tells_what_it_cost(endpoint: Endpoint, album: Album) -> None:
    usage = {
        "prompt_tokens": 9,
        "completion_tokens": 1300,
        "cost": 0.0391,
        "completion_tokens_details": {"image_tokens": 1290},
    }
    body = {"choices": [{"message": {"content": "Hi."}}], "usage": usage}
    spent = (await ask("openrouter", endpoint, asking(album, FLASH), Reply(body))).usage
    assert (spent.input_tokens, spent.text_tokens, spent.image_tokens) == (9, 10, 1290)
    assert spent.cost_usd == Decimal("0.0391")

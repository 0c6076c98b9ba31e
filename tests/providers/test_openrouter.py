"""OpenRouter: the conversation as a chat, and answers in every place where pictures and reasons may be."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.providers.base import Options
from bot.providers.calls.remedies import apply
from bot.providers.errors import (
    CutShort,
    KeyInvalid,
    ModelOverloaded,
    ModelUnavailable,
    OtherRefused,
    PictureRefused,
    ProviderError,
    SafetyRefused,
    UnknownField,
)
from bot.providers.factory import ProviderConfig, build
from tests.providers.flat import FLASH, RED, ask, asking
from tests.providers.wiring import KEY, Album, Endpoint, Json, Reply, b64


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
        {
            "role": "assistant",
            "content": "(a picture)",
            "images": [{"type": "image_url", "image_url": {"url": uri}}],
        },
        {"role": "user", "content": [{"type": "text", "text": "warmer"}]},
    ]
    assert sent["modalities"] == ["image", "text"]
    assert sent["image_config"] == {"aspect_ratio": "16:9"}


SIGNED = {"type": "reasoning.encrypted", "format": "google-gemini-v1", "id": "r1", "data": "c2ln"}


async def test_what_the_model_thought_goes_back_as_it_came(endpoint: Endpoint, album: Album) -> None:
    uri = f"data:image/png;base64,{b64(RED)}"
    message = {"content": "Done.", "images": [{"image_url": {"url": uri}}], "reasoning_details": [SIGNED, {"x": 1}]}
    result = await ask("openrouter", endpoint, asking(album, FLASH), chat(message))
    parts = [part if "text" in part else {"inlineData": {"data": album.add(RED)}} for part in result.content["parts"]]
    said = {**result.content, "parts": parts}
    users = [{"role": "user", "parts": [{"text": words}]} for words in ("a boat", "warmer", "more")]
    # The same id twice is refused, so what a later answer repeats is left out.
    contents = (users[0], said, users[1], {**said, "parts": [{"text": "Done again."}]}, users[2])
    await ask("openrouter", endpoint, asking(album, FLASH, contents=contents), chat({"content": "Hm."}))
    first, second = (one for one in endpoint.posts[-1].json["messages"] if one["role"] == "assistant")
    picture = {"type": "image_url", "image_url": {"url": uri}}
    details = [SIGNED, {"x": 1}]
    assert first == {"role": "assistant", "content": "Done.", "images": [picture], "reasoning_details": details}
    assert second == {"role": "assistant", "content": "Done again.", "reasoning_details": [{"x": 1}]}


@pytest.mark.parametrize("name", [["r1"], {"r": 1}, 7, None])
async def test_a_thought_under_no_name_ends_no_conversation(name: Any, endpoint: Endpoint, album: Album) -> None:
    thoughts = [{"id": name, "type": "reasoning.text"}, {"id": name, "type": "reasoning.text"}]
    answer = {"role": "model", "parts": [{"text": "Hm."}], "reasoningDetails": thoughts}
    contents = [
        {"role": "user", "parts": [{"text": "a boat"}]},
        answer,
        {"role": "user", "parts": [{"text": "warmer"}]},
    ]
    await ask("openrouter", endpoint, asking(album, FLASH, contents=contents), chat({"content": "Hm."}))
    assert endpoint.posts[0].json["messages"][1]["reasoning_details"] == thoughts


async def test_where_that_is_refused_the_plain_form_goes_out_and_is_kept_to(endpoint: Endpoint, album: Album) -> None:
    contents = (
        {"role": "user", "parts": [{"text": "a boat"}]},
        {"role": "model", "parts": [{"inlineData": {"data": album.add(RED)}}], "reasoningDetails": [SIGNED]},
        {"role": "user", "parts": [{"text": "warmer"}]},
    )
    request = asking(album, FLASH, contents=contents)
    refusal = Reply({"error": {"code": 400, "message": "messages[1].images: Extra inputs are not permitted"}}, 400)
    endpoint.add(refusal, chat({"content": "Hm."}), chat({"content": "Hm."}))
    provider = build("openrouter", ProviderConfig(base_url=endpoint.url, api_key=KEY))
    for _ in range(2):
        assert (await provider.ask(request)).status == 200
    await provider.aclose()
    verbatim, plain, after = (call.json["messages"] for call in endpoint.posts)
    assert "images" in verbatim[1]
    assert plain == after
    picture = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{b64(RED)}"}}
    assert plain[1:] == [
        {"role": "assistant", "content": "(a picture)"},
        {"role": "user", "content": [{"type": "text", "text": "warmer"}, picture]},
    ]


async def test_a_model_that_only_paints_is_asked_for_pictures_alone(endpoint: Endpoint, album: Album) -> None:
    said = "No endpoints found that support the requested output modalities: image, text"
    request = asking(album, "black-forest-labs/flux-3")
    with pytest.raises(UnknownField) as caught:
        await ask("openrouter", endpoint, request, Reply({"error": {"code": 404, "message": said}}, 404))
    assert caught.value.remedy is not None
    changed = apply(caught.value.remedy, request)
    assert changed is not None
    endpoint.script.clear()
    await ask("openrouter", endpoint, changed, chat({"images": [f"data:image/png;base64,{b64(RED)}"]}))
    assert [call.json["modalities"] for call in endpoint.posts] == [["image", "text"], ["image"]]


async def test_a_refused_key_is_no_matter_of_form(endpoint: Endpoint, album: Album) -> None:
    contents = ({"role": "model", "parts": [{"text": "Hm."}]}, {"role": "user", "parts": [{"text": "a boat"}]})
    request = asking(album, FLASH, contents=contents)
    with pytest.raises(KeyInvalid):
        await ask("openrouter", endpoint, request, Reply({"error": {"message": "Invalid API key"}}, 400))
    assert len(endpoint.posts) == 1


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
    # OpenRouterTeam/openrouter-examples#74: for a model that it never knew, or does not know any more.
    (Reply({"error": {"message": f"{FLASH} is not a valid model ID", "code": 400}}, 400), ModelUnavailable),
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


async def test_a_refusal_says_what_it_cost(endpoint: Endpoint, album: Album) -> None:
    """openrouter.ai/docs, usage accounting: ``usage.cost`` is what the account was charged."""
    choice = {"message": {"content": ""}, "finish_reason": "content_filter"}
    reply = Reply({"choices": [choice], "usage": {"prompt_tokens": 10, "completion_tokens": 1290, "cost": 0.04}})
    with pytest.raises(SafetyRefused) as caught:
        await ask("openrouter", endpoint, asking(album, FLASH), reply)
    assert caught.value.cost_usd == Decimal("0.04")

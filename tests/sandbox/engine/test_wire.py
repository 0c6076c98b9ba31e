"""The Gemini form over HTTP: which requests are accepted, and how others are refused."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from PIL import Image

from tests.sandbox.engine.conftest import Served
from tests.sandbox.engine.made import MODEL, SIGNING, asking, decoded, encoded, path, photo, picture_part, reply, user

PHOTO = encoded(photo())


async def ask(engine: Served, body: Any, model: str = MODEL, status: int = 200) -> Any:
    answer = await engine.http.post(path(model), json=body)
    assert answer.status_code == status, answer.text[:400]
    return answer.json()


async def refused(engine: Served, body: Any, model: str = MODEL) -> str:
    error = (await ask(engine, body, model, 400))["error"]
    assert error["code"] == 400
    assert error["status"] == "INVALID_ARGUMENT"
    return str(error["message"])


@pytest.mark.parametrize("version", ["v1", "v1beta"])
@pytest.mark.parametrize("model", [MODEL, SIGNING, "gemini-3.1-flash-image", "gemini-nano-banana-2.1"])
async def test_an_edit(engine: Served, version: str, model: str) -> None:
    answer = await engine.http.post(path(model, version), json=asking(user(picture_part(PHOTO), "rotate left")))
    body = answer.json()
    _, words, (data,) = reply(body)
    assert decoded(data).size == (160, 240)
    assert words == "I turned it 90° to the left."
    assert body["candidates"][0]["finishReason"] == "STOP"
    assert body["modelVersion"] == model
    assert body["responseId"]
    usage = body["usageMetadata"]
    assert usage["totalTokenCount"] == (
        usage["promptTokenCount"] + usage["candidatesTokenCount"] + usage.get("thoughtsTokenCount", 0)
    )
    assert {row["modality"] for row in usage["promptTokensDetails"]} == {"TEXT", "IMAGE"}


async def test_snake_case_and_url_safe_base64_are_read(engine: Served) -> None:
    data = base64.urlsafe_b64encode(PHOTO).decode().rstrip("=")
    part = {"inline_data": {"mime_type": "image/png", "data": data}}
    body = {
        "contents": [{"parts": [part, {"text": "flip it"}]}],
        "generation_config": {"response_modalities": ["IMAGE"]},
    }
    content, words, pictures = reply(await ask(engine, body))
    assert (words, len(pictures)) == ("", 1)
    assert content["role"] == "model"


@pytest.mark.parametrize(
    ("headers", "params"),
    [({"x-goog-api-key": "k"}, {}), ({"authorization": "Bearer k"}, {}), ({}, {"key": "k"})],
)
async def test_ways_to_give_a_key(engine: Served, headers: dict[str, str], params: dict[str, str]) -> None:
    engine.http.headers.pop("x-goog-api-key")
    answer = await engine.http.post(path(), json=asking(user("hi")), headers=headers, params=params)
    assert answer.status_code == 200


async def test_no_key_and_a_bad_key(engine: Served) -> None:
    bad = await engine.http.post(path(), json=asking(user("hi")), headers={"x-goog-api-key": "bad-key"})
    assert bad.status_code == 400
    assert bad.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"
    engine.http.headers.pop("x-goog-api-key")
    none = await engine.http.post(path(), json=asking(user("hi")))
    assert none.status_code == 403
    assert none.json()["error"]["status"] == "PERMISSION_DENIED"


async def test_an_unknown_model(engine: Served) -> None:
    answer = await engine.http.post(path("gemini-1-nothing"), json=asking(user("hi")))
    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith(
        "models/gemini-1-nothing is not found for API version v1beta, or is not supported for generateContent."
    )


async def test_models_are_listed(engine: Served) -> None:
    names = [entry["name"] for entry in (await engine.http.get("/v1beta/models")).json()["models"]]
    assert len(names) == len(set(names)) == 5
    assert f"models/{MODEL}" in names


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (asking(user(picture_part(PHOTO, "image/gif"), "hi")), "Unsupported MIME type: image/gif"),
        (asking(user(picture_part(PHOTO, "image/jpg"), "hi")), "Unsupported MIME type: image/jpg"),
        (asking(user(picture_part(b"no picture"), "hi")), "Unable to process input image."),
        (asking(user({"inlineData": {"mimeType": "image/png", "data": "a*b"}})), "Unable to process input image."),
        (asking(user({"fileData": {"fileUri": "files/abc"}})), "takes text and inlineData only"),
        ({"contents": []}, "contents is not specified"),
        ({}, "contents is not specified"),
        (asking({"role": "user", "parts": []}), "contents.parts must not be empty"),
        (asking(user({})), "takes text and inlineData only"),
        (asking(user("hi"), {"role": "model", "parts": [{"text": "yes?"}]}), "end with a user role"),
        (asking({"role": "bot", "parts": [{"text": "hi"}]}), "Please use a valid role: user, model."),
        (asking(user("hi"), imageConfig={"aspectRatio": "7:3"}), "Invalid value for aspect_ratio"),
        (asking(user("hi"), imageConfig={"imageSize": "1K"}), "Invalid value for image_size"),
        ([], "expected an object"),
    ],
)
async def test_refused_in_googles_words(engine: Served, body: Any, text: str) -> None:
    assert text in await refused(engine, body)


async def test_a_body_that_is_no_json_or_too_large(engine: Served) -> None:
    answer = await engine.http.post(path(), content=b"{")
    assert answer.status_code == 400
    engine.state.max_request_bytes = 1000
    assert "Request payload size exceeds the limit: 1000 bytes" in await refused(engine, asking(user("x" * 2000)))


async def test_sizes_are_refused_in_lower_case(engine: Served) -> None:
    assert "image_size" in await refused(engine, asking(user("a cat"), imageConfig={"imageSize": "1k"}), SIGNING)


@pytest.mark.parametrize(
    ("model", "config", "size"),
    [
        (MODEL, {}, (1024, 1024)),
        (MODEL, {"aspectRatio": "21:9"}, (1536, 672)),
        (SIGNING, {"aspectRatio": "16:9"}, (1376, 768)),
        ("gemini-3.1-flash-image", {"imageSize": "512", "aspectRatio": "1:1"}, (512, 512)),
        ("gemini-3.1-flash-image", {"imageSize": "512", "aspectRatio": "1:8"}, (192, 1536)),
    ],
)
async def test_a_scene_has_the_shape_that_was_asked(
    engine: Served, model: str, config: dict[str, str], size: tuple[int, int]
) -> None:
    _, _, (data,) = reply(await ask(engine, asking(user("an abstract pattern"), imageConfig=config), model))
    assert decoded(data).size == size


async def test_an_edit_is_cut_to_the_ratio_and_scaled_to_the_size(engine: Served) -> None:
    body = asking(user(picture_part(PHOTO), "warmer"), imageConfig={"aspectRatio": "1:1", "imageSize": "1K"})
    _, words, (data,) = reply(await ask(engine, body, SIGNING))
    assert decoded(data).size == (1024, 1024)
    assert "cut it to 1:1" in words


async def test_of_several_pictures_none_is_cut_to_the_shape_that_one_of_them_has(engine: Served) -> None:
    """The bot names the shape of the picture that it takes for the current one."""
    parts = [picture_part(PHOTO), picture_part(encoded(Image.new("RGB", (210, 90))))]
    _, words, pictures = reply(await ask(engine, asking(user(*parts, "warmer"), imageConfig={"aspectRatio": "21:9"})))
    assert "cut" not in words
    assert [decoded(data).size for data in pictures] == [decoded(PHOTO).size, (210, 90)]


async def test_signatures_are_given_demanded_and_checked(engine: Served) -> None:
    first = user(picture_part(PHOTO), "make it warmer")
    content, _, _ = reply(await ask(engine, asking(first), SIGNING))
    assert all(len(part["thoughtSignature"]) > 400 for part in content["parts"])
    await ask(engine, asking(first, content, user("even more")), SIGNING)

    bare = {
        "role": "model",
        "parts": [{k: v for k, v in part.items() if k != "thoughtSignature"} for part in content["parts"]],
    }
    text = await refused(engine, asking(first, bare, user("even more")), SIGNING)
    assert text == "Image part is missing a thought_signature in content position 2, part position 2."

    words, picture = content["parts"]
    changed = {"role": "model", "parts": [words | {"text": "Other words."}, picture]}
    assert await refused(engine, asking(first, changed, user("even more")), SIGNING) == "Corrupted thought signature."

    swapped = {"role": "model", "parts": [picture | {"thoughtSignature": words["thoughtSignature"]}]}
    assert await refused(engine, asking(first, swapped, user("even more")), SIGNING) == "Corrupted thought signature."

    broken = {"role": "model", "parts": [picture | {"thoughtSignature": "c29tZXRoaW5n"}]}
    assert await refused(engine, asking(first, broken, user("even more")), SIGNING) == "Corrupted thought signature."


async def test_the_first_model_neither_signs_nor_asks(engine: Served) -> None:
    first = user(picture_part(PHOTO), "make it warmer")
    content, _, _ = reply(await ask(engine, asking(first)))
    assert not any("thoughtSignature" in part for part in content["parts"])
    _, words, _ = reply(await ask(engine, asking(first, content, user("a bit less"))))
    assert "weaker" in words

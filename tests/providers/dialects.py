"""The provider's side of each dialect, for the contract suite: how it answers, and where it finds the request's parts.

Written from the providers' documents, not from the code under test.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.providers.base import Provider
from bot.providers.factory import ProviderConfig, build
from tests.providers.wiring import KEY, Call, Endpoint, Json, Reply, b64


@dataclass(frozen=True)
class Dialect:
    """One provider as seen from its own side."""

    name: str
    model: str
    auth: tuple[str, str]
    path: str
    answer: Callable[[Endpoint, Sequence[bytes], str], Reply]
    refusal: Reply
    words: Callable[[Call], str]
    pictures: Callable[[Endpoint, Call], list[bytes]]
    history: bool
    talks: bool
    base: str = ""
    edits: str = ""
    """The path for requests with pictures, where that is another one."""

    def build(self, endpoint: Endpoint, **changes: object) -> Provider:
        """Return the provider under test, pointed at ``endpoint``."""
        config = {"base_url": endpoint.url + self.base, "api_key": KEY, "timeout_s": 5.0, **changes}
        return build(self.name, ProviderConfig(**config))  # type: ignore[arg-type]


def from_uri(uri: str) -> bytes:
    """Return the bytes of a ``data:`` URI."""
    head, _, payload = uri.partition(",")
    assert head.startswith("data:image/")
    assert head.endswith(";base64")
    return base64.b64decode(payload, validate=True)


def _gemini_answer(endpoint: Endpoint, pictures: Sequence[bytes], text: str) -> Reply:
    parts: list[Json] = [{"text": text}] if text else []
    parts += [{"inlineData": {"mimeType": "image/png", "data": b64(picture)}} for picture in pictures]
    return Reply({"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]})


def _gemini_words(call: Call) -> str:
    return "\n".join(part["text"] for part in call.json["contents"][-1]["parts"] if "text" in part)


def _gemini_pictures(endpoint: Endpoint, call: Call) -> list[bytes]:
    parts = call.json["contents"][-1]["parts"]
    return [base64.b64decode(part["inlineData"]["data"], validate=True) for part in parts if "inlineData" in part]


def _aimlapi_answer(endpoint: Endpoint, pictures: Sequence[bytes], text: str) -> Reply:
    return Reply({"images": [_stored(endpoint, picture) for picture in pictures], "description": text}, 201)


def _stored(endpoint: Endpoint, picture: bytes) -> Json:
    path = f"/files/{len(endpoint.pages)}.png"
    endpoint.pages[path] = Reply(picture, headers={"content-type": "image/png"})
    return {"url": endpoint.url + path, "content_type": "image/png", "file_size": None}


def _aimlapi_pictures(endpoint: Endpoint, call: Call) -> list[bytes]:
    return [from_uri(uri) for uri in call.json.get("image_urls", [])]


def _onemin_answer(endpoint: Endpoint, pictures: Sequence[bytes], text: str) -> Reply:
    links = [_stored(endpoint, picture)["url"] for picture in pictures]
    record = {
        "status": "SUCCESS",
        "aiRecordDetail": {"resultObject": links},
        "temporaryUrl": links[0] if links else None,
    }
    return Reply({"aiRecord": record})


def _onemin_pictures(endpoint: Endpoint, call: Call) -> list[bytes]:
    """Return the uploads that the call refers to; the endpoint hands out ``images/<number>`` as keys."""
    uploads = [upload for upload in endpoint.posts if upload.path == "/api/assets"]
    named = call.json["promptObject"]
    keys = [named[name] for name in ("imageUrl", "referenceImage1", "referenceImage2") if name in named]
    return [_file_of(uploads[int(key.removeprefix("images/"))]) for key in keys]


def _file_of(call: Call) -> bytes:
    ((name, data),) = _files_of(call)
    assert name == "asset"
    return data


def _files_of(call: Call) -> list[tuple[str, bytes]]:
    return [(name, data) for name, filed, data in _form(call) if filed]


def _form(call: Call) -> list[tuple[str, bool, bytes]]:
    """Return the parts of a form (RFC 7578): name, whether it is a file, and bytes."""
    kind, _, rest = call.headers["content-type"].partition("; boundary=")
    assert kind == "multipart/form-data"
    body = call.body.removeprefix(f"--{rest}\r\n".encode()).removesuffix(f"\r\n--{rest}--\r\n".encode())
    parts = []
    for part in body.split(f"\r\n--{rest}\r\n".encode()):
        head, _, data = part.partition(b"\r\n\r\n")
        parts.append((head.decode().partition('name="')[2].partition('"')[0], b'filename="' in head, data))
    return parts


def _openrouter_answer(endpoint: Endpoint, pictures: Sequence[bytes], text: str) -> Reply:
    images = [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{b64(p)}"}} for p in pictures]
    message = {"role": "assistant", "content": text, "images": images}
    return Reply({"model": "google/x", "choices": [{"finish_reason": "stop", "message": message}]})


def _openrouter_words(call: Call) -> str:
    content = call.json["messages"][-1]["content"]
    return "\n".join(entry["text"] for entry in content if entry["type"] == "text")


def _openrouter_pictures(endpoint: Endpoint, call: Call) -> list[bytes]:
    content = call.json["messages"][-1]["content"]
    return [from_uri(entry["image_url"]["url"]) for entry in content if entry["type"] == "image_url"]


def _openai_answer(endpoint: Endpoint, pictures: Sequence[bytes], text: str) -> Reply:
    return Reply({"created": 1_780_000_000, "data": [{"b64_json": b64(picture)} for picture in pictures]})


def _openai_words(call: Call) -> str:
    if call.headers["content-type"] == "application/json":
        return str(call.json["prompt"])
    return next(data.decode() for name, filed, data in _form(call) if name == "prompt" and not filed)


def _openai_pictures(endpoint: Endpoint, call: Call) -> list[bytes]:
    if call.headers["content-type"] == "application/json":
        assert not {"image", "images", "input_references", "image_urls"} & {*call.json}
        return []
    assert call.path.endswith("/edits")
    files = _files_of(call)
    assert {name for name, _ in files} == {"image[]"}
    return [data for _, data in files]


_BLOCKED = Reply({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
_FLAGGED = Reply({"error": {"code": 403, "message": "Input was flagged", "metadata": {"reasons": ["violence"]}}}, 403)
# platform.openai.com, quoted in openai/codex#38582 and ucx0204/CarrotMangaTranslator#122.
_BLOCKED_BY_OPENAI = Reply(
    {
        "error": {
            "message": "Your request was rejected by the safety system. safety_violations=[sexual].",
            "type": "image_generation_user_error",
            "param": None,
            "code": "moderation_blocked",
        }
    },
    400,
)

DIALECTS = [
    Dialect(
        name="gemini",
        model="gemini-2.5-flash-image",
        auth=("x-goog-api-key", KEY),
        path="/v1beta/models/gemini-2.5-flash-image:generateContent",
        answer=_gemini_answer,
        refusal=_BLOCKED,
        words=_gemini_words,
        pictures=_gemini_pictures,
        history=True,
        talks=True,
    ),
    Dialect(
        name="tokaify",
        model="gemini-2.5-flash-image",
        auth=("authorization", f"Bearer {KEY}"),
        path="/v1beta/models/gemini-2.5-flash-image:generateContent",
        answer=_gemini_answer,
        refusal=Reply({"error": {"message": "refused", "type": "new_api_error", "code": "prompt_blocked"}}),
        words=_gemini_words,
        pictures=_gemini_pictures,
        history=True,
        talks=True,
    ),
    Dialect(
        name="aimlapi",
        model="google/gemini-2.5-flash-image",
        auth=("authorization", f"Bearer {KEY}"),
        path="/v1/images/generations",
        answer=_aimlapi_answer,
        refusal=Reply({"message": "Request rejected by the moderation system.", "statusCode": "400"}, 400),
        words=lambda call: str(call.json["prompt"]),
        pictures=_aimlapi_pictures,
        history=False,
        talks=False,
    ),
    Dialect(
        name="onemin",
        model="gemini-2.5-flash-image",
        auth=("api-key", KEY),
        path="/api/features",
        answer=_onemin_answer,
        refusal=Reply({"error": {"message": "Rejected by moderation", "details": ["violence"]}}, 422),
        words=lambda call: str(call.json["promptObject"]["prompt"]),
        pictures=_onemin_pictures,
        history=False,
        talks=False,
    ),
    Dialect(
        name="openrouter",
        model="google/gemini-2.5-flash-image",
        auth=("authorization", f"Bearer {KEY}"),
        path="/api/v1/chat/completions",
        answer=_openrouter_answer,
        refusal=_FLAGGED,
        words=_openrouter_words,
        pictures=_openrouter_pictures,
        history=True,
        talks=True,
        base="/api/v1",
    ),
    Dialect(
        name="openai",
        model="gpt-image-2.5-sunburst",
        auth=("authorization", f"Bearer {KEY}"),
        path="/v1/images/generations",
        edits="/v1/images/edits",
        answer=_openai_answer,
        refusal=_BLOCKED_BY_OPENAI,
        words=_openai_words,
        pictures=_openai_pictures,
        history=False,
        talks=False,
        base="/v1",
    ),
]

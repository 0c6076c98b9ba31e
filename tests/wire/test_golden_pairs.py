"""Golden pairs: for a turn, the request as it must go over the wire, an answer, and what must come of it.

The pairs are written by hand from the providers' documents. A change of any byte of meaning shows up as a difference.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from bot.providers.base import Blob, Options, Request
from bot.providers.factory import NAMES, ProviderConfig, build
from storage.records import MediaRef
from tests.providers.wiring import KEY, Call, Endpoint, Reply, serving

HERE = Path(__file__).parent
PAIRS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("golden/*.json"))}
PICTURES = {
    name: base64.b64decode(text)
    for name, text in json.loads((HERE / "pictures.json").read_text(encoding="utf-8")).items()
}
NAMES_BY_SHA256 = {hashlib.sha256(data).hexdigest(): name for name, data in PICTURES.items()}


def picture(name: str) -> MediaRef:
    """Return one of the named pictures."""
    data = PICTURES[name]
    sha256 = hashlib.sha256(data).hexdigest()
    return MediaRef(sha256=sha256, mime="image/png", size_bytes=len(data), width_px=1, height_px=1)


async def read(wanted: MediaRef) -> bytes:
    """Return the bytes of a named picture."""
    return PICTURES[NAMES_BY_SHA256[wanted.sha256]]


def with_pictures(node: Any) -> Any:
    """Return ``node`` with each ``{"$picture": name}`` as a picture."""
    if isinstance(node, dict):
        return picture(node["$picture"]) if "$picture" in node else {k: with_pictures(v) for k, v in node.items()}
    return [with_pictures(value) for value in node] if isinstance(node, list) else node


def with_names(node: Any) -> Any:
    """Return ``node`` with each picture that arrived as ``{"$picture": name}``."""
    if isinstance(node, Blob):
        return {"$picture": NAMES_BY_SHA256[hashlib.sha256(node.data).hexdigest()]}
    if isinstance(node, dict):
        return {name: with_names(value) for name, value in node.items()}
    return [with_names(value) for value in node] if isinstance(node, list) else node


def request_of(turn: dict[str, Any]) -> Request:
    """Return the request of a golden turn."""
    return Request(
        model=turn["model"],
        contents=tuple(with_pictures(turn["contents"])),
        wish=turn["wish"],
        read=read,
        earlier_wishes=tuple(turn.get("earlier_wishes", ())),
        current=picture(turn["current"]) if "current" in turn else None,
        pictures=tuple(map(picture, turn.get("pictures", ()))),
        options=Options(**turn["options"]),
    )


def check_call(call: Call, expected: dict[str, Any]) -> None:
    """Compare one call with what must go out."""
    assert (call.method, call.path, call.query) == ("POST", expected["path"], "")
    for name, value in expected["headers"].items():
        assert call.headers[name] == value
    if "body" in expected:
        assert call.json == expected["body"]
        return
    form = expected["form"]
    boundary = call.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    body = b""
    for name, value in form.get("fields", {}).items():
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for file in form["files"]:
        where = f'name="{file["field"]}"; filename="{file["filename"]}"'
        head = f"Content-Disposition: form-data; {where}\r\nContent-Type: {file['type']}"
        body += f"--{boundary}\r\n{head}\r\n\r\n".encode() + PICTURES[file["picture"]] + b"\r\n"
    assert call.body == body + f"--{boundary}--\r\n".encode()


@pytest.mark.parametrize("name", list(PAIRS))
async def test_a_turn_goes_out_and_comes_back_as_written(name: str) -> None:
    pair = PAIRS[name]
    async with serving() as endpoint:
        await _exchange(pair, endpoint)


async def _exchange(pair: dict[str, Any], endpoint: Endpoint) -> None:
    endpoint.add(*(Reply(each["answer"], each.get("status", 200)) for each in pair["exchanges"]))
    provider = build(pair["provider"], ProviderConfig(base_url=endpoint.url, api_key=KEY))
    request = request_of(pair["turn"])
    result = await provider.read(await provider.ask(request), model=request.model)
    await provider.aclose()
    assert len(endpoint.posts) == len(pair["exchanges"])
    for call, expected in zip(endpoint.posts, pair["exchanges"], strict=True):
        check_call(call, expected)
    assert {
        "text": result.text,
        "pictures": [with_names(blob)["$picture"] for blob in result.pictures],
        "content": with_names(result.content["parts"]),
        "input_tokens": result.usage.input_tokens,
        "text_tokens": result.usage.text_tokens,
        "image_tokens": result.usage.image_tokens,
        "cost_usd": None if result.usage.cost_usd is None else str(result.usage.cost_usd),
    } == pair["result"]


def test_every_provider_has_a_pair() -> None:
    assert {pair["provider"] for pair in PAIRS.values()} == set(NAMES)

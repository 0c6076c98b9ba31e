"""Requests and replies in the words of the contract suite."""

from __future__ import annotations

from typing import Any

from bot.providers.base import Content, Request
from storage.records import MediaRef
from tests.providers.dialects import Dialect
from tests.providers.wiring import Album, Call, Endpoint, Reply, png

RED, GREEN, BLUE = png("red"), png("green"), png("blue")


def user(*parts: Any) -> Content:
    """Return a turn of the user: words as text, pictures as they are named."""
    return {"role": "user", "parts": [part_of(part) for part in parts]}


def part_of(part: Any) -> dict[str, Any]:
    """Return words or a picture as a part."""
    return {"inlineData": {"mimeType": part.mime, "data": part}} if isinstance(part, MediaRef) else {"text": part}


def asking(dialect: Dialect, album: Album, wish: str, **changes: Any) -> Request:
    """Return a request of one turn."""
    shown = [picture for picture in (changes.get("current"), *changes.get("pictures", ())) if picture]
    contents = (user(*shown, wish),)
    return Request(**{"model": dialect.model, "contents": contents, "wish": wish, "read": album.read, **changes})


def answering(dialect: Dialect, endpoint: Endpoint, *pictures: bytes, text: str = "") -> None:
    """Let the endpoint answer with ``pictures``."""
    reply = dialect.answer(endpoint, pictures, text)
    endpoint.add(reply)


def uploads(endpoint: Endpoint, count: int) -> None:
    """Let the next ``count`` POSTs be uploads."""
    endpoint.add(*(Reply({"asset": {"key": f"images/{n}"}}) for n in range(count)))


def paid(dialect: Dialect, endpoint: Endpoint) -> list[Call]:
    """Return the calls that make pictures."""
    return [call for call in endpoint.posts if call.path in (dialect.path, dialect.edits)]

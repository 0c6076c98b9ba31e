"""A model's content in its stored and its outgoing form: pictures by name, fields as the model wrote them, sizes.

Imports ``providers.base`` and ``storage.records`` only. Pure. Nothing that a model wrote is changed, but for the
spelling of a few field names.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from json.encoder import encode_basestring
from typing import Any

from bot.providers.base import CAMEL, base64_bytes
from storage.records import MEDIA_PREFIX, Json, MediaRef

_NESTED = {*CAMEL, "inlineData"}

HELD = frozenset({"text", "inlineData", "fileData", "thoughtSignature"})
"""The fields that carry a part's content."""

DOCUMENTED = frozenset({"text", "inlineData", "fileData", "thought", "executableCode", "codeExecutionResult"})
"""The fields that any maker of this dialect accepts (ai.google.dev/api/caching#Part)."""

_JSON = json.JSONEncoder(ensure_ascii=False, default=lambda _: "")

PART_BYTES = 100
"""The bytes of a picture on the wire besides its base64: keys, MIME type, punctuation."""


def park(content: Json, name: Callable[[Any], str]) -> Json:
    """Copy a reply with ``name(blob)`` in place of each blob (anything with a ``mime``).

    The MIME type becomes the blob's, which was read from the bytes. Nothing else changes, not even the order.
    """

    def swap(inline: Json) -> Json:
        blob = inline["data"]
        mime = "mime_type" if "mime_type" in inline else "mimeType"
        return {**inline, mime: blob.mime, "data": name(blob)}

    return _swap(content, swap, where=lambda data: hasattr(data, "mime"))


def expand(content: Json, look_up: Callable[[str], Any]) -> Json:
    """Copy a stored reply with ``look_up(sha256)`` where :func:`park` left the name of a picture."""

    def swap(inline: Json) -> Json:
        return {**inline, "data": look_up(inline["data"].removeprefix(MEDIA_PREFIX))}

    return _swap(content, swap, where=lambda data: isinstance(data, str) and data.startswith(MEDIA_PREFIX))


def outgoing(part: Json, *, own: bool) -> Json:
    """Return a part of a reply for a request: to its own maker all fields, to others the documented ones.

    Other makers do not accept a signature, and Google refuses a relay's own fields ("Unknown name").
    """
    # Relays write null for fields that a part does not have.
    sent = {name: value for name, value in camel(part).items() if value is not None or name not in HELD}
    if "inlineData" in sent:
        # A part holds one thing: its data is a oneof (googleapis, generativelanguage/v1beta/content.proto).
        sent.pop("text", None)
    return sent if own else {name: value for name, value in sent.items() if name in DOCUMENTED}


def camel(part: Json) -> Json:
    """Return a part with the fields of ``CAMEL`` in the spelling that every relay reads."""
    if _NESTED.isdisjoint(part):
        return part
    return {
        CAMEL.get(name, name): camel(value) if name in _NESTED and isinstance(value, dict) else value
        for name, value in part.items()
    }


def parts_of(content: Json) -> list[Json]:
    """Return the valid parts of a content."""
    return [part for part in content.get("parts") or [] if isinstance(part, dict)]


def inline_of(part: Json) -> Json | None:
    """Return the inline data of a part."""
    inline = part.get("inlineData") or part.get("inline_data")
    return inline if isinstance(inline, dict) else None


def media_in(content: Json) -> list[MediaRef]:
    """Return the pictures of a composed content."""
    found = [(inline_of(part) or {}).get("data") for part in parts_of(content)]
    return [data for data in found if isinstance(data, MediaRef)]


def picture_bytes(ref: MediaRef) -> int:
    """Return what a picture costs on the wire."""
    return base64_bytes(ref.size_bytes) + PART_BYTES


def wire_bytes(contents: Sequence[Json]) -> int:
    """Return the size of ``contents`` on the wire, with base64 in place of each :class:`MediaRef`."""
    return sum(json_bytes(content) + sum(map(picture_bytes, media_in(content))) for content in contents)


def json_bytes(value: object) -> int:
    """Return how long a value is as JSON, pictures aside."""
    written = encode_basestring(value) if isinstance(value, str) else _JSON.encode(value)
    return len(written) if written.isascii() else len(written.encode("utf-8", "surrogatepass"))


def _swap(content: Json, swap: Callable[[Json], Json], *, where: Callable[[Any], bool]) -> Json:
    if not isinstance(content.get("parts"), list):
        return content

    def one(part: Any) -> Any:
        inline = inline_of(part) if isinstance(part, dict) else None
        if inline is None or not where(inline.get("data")):
            return part
        return {**part, "inlineData" if "inlineData" in part else "inline_data": swap(inline)}

    return {**content, "parts": [one(part) for part in content["parts"]]}

"""The Gemini form of an answer: camel case, real MIME types, a ``Blob`` for each picture, nothing else touched.

Imports ``base``, ``errors``, ``blobs`` and ``wire``. Any level of the input may be null, missing or of another type.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.providers.base import CAMEL, Blob, Content
from bot.providers.errors import BadBody, ProviderError, TooLarge
from bot.providers.wire.blobs import blob_of_base64, blob_of_data_uri

Fetch = Callable[[str], Awaitable[Blob]]

_TYPES: dict[str, type] = {"text": str, "thoughtSignature": str, "inlineData": dict, "fileData": dict}
_ANY: tuple[type, ...] = (str, int, float, dict, list)
"""All types of JSON but null."""

# Ignoring case here would take ten times as long on the megabytes of a picture, and would block the event loop.
_DATA_URI = re.compile(r"((?i:data:image/[a-z0-9.+-]{1,20};base64,)[A-Za-z0-9+/_=-]++)")
# Possessive and bounded, so that no text can make the search slow.
_LINK = re.compile(r"!\[[^\]\n]{0,200}+\]\(<?(https?://[^\s)>\"]{1,2000}+)>?(?:[ ]\"[^\"\n]{0,200}+\")?\)")
_EMPTY_SHELL = re.compile(r"!?\[[^\]\n]{0,200}+\]\(<?>?\)")
_TEXT_CHARS = 50_000
"""Only this many letters, from the beginning, are searched for links."""

MOST_LINKS = 8
"""The most links of one answer that are opened. The others stay words: each may hang for minutes, and the answer would
have to wait."""


@dataclass(slots=True)
class Reading:
    """The parts of one candidate, as read.

    ``trouble`` is the first picture that could not be read, ``opened`` counts the links in its words that were.
    """

    parts: list[dict[str, Any]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    pictures: list[Blob] = field(default_factory=list)
    trouble: ProviderError | None = None
    opened: int = 0

    @property
    def content(self) -> Content:
        """Return the parts as a ``content`` of the model."""
        return {"role": "model", "parts": self.parts}

    @property
    def text(self) -> str:
        """Return the words to show."""
        return "".join(self.words).strip()


def pick(node: Any, *names: str) -> Any:
    """Return the first of ``names`` that ``node`` has and that is not null; None if ``node`` is not an object."""
    if isinstance(node, dict):
        for name in names:
            if node.get(name) is not None:
                return node[name]
    return None


def count_of(node: Any, *names: str) -> int:
    """Return the first of ``names`` in ``node`` as a number of tokens, 0 if that is no plausible one."""
    value = pick(node, *names)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9 else 0


async def read_parts(parts: Any, fetch: Fetch, *, links_in_text: bool) -> Reading:
    """Read ``parts`` in order. ``links_in_text``: fetch Markdown pictures that a relay puts into the text."""
    reading = Reading()
    for part in parts if isinstance(parts, list) else []:
        for cleaned in _apart(_camel(part)) if isinstance(part, dict) else ():
            await _read_part(cleaned, reading, fetch, links_in_text)
    return reading


def _apart(part: dict[str, Any]) -> list[dict[str, Any]]:
    """Split a part with words and a picture into two: like Google's own, a part holds one thing."""
    if "text" not in part or not ("inlineData" in part or "fileData" in part):
        return [part] if part else []
    shown = {name: value for name, value in part.items() if name != "text"}
    said: dict[str, Any] = {name: part[name] for name in ("text", "thought") if name in part}
    return [said, shown] if part["text"] else [shown]


def _camel(part: dict[str, Any]) -> dict[str, Any]:
    """Return ``part`` with the known snake-case names in camel case; unknown fields stay as they are.

    Fields that are null or of a wrong type are dropped, so that they are not sent back with the next wish.
    """
    renamed = {CAMEL.get(name, name): value for name, value in part.items()}
    for name in ("inlineData", "fileData"):
        inner = renamed.get(name)
        if isinstance(inner, dict):
            renamed[name] = {CAMEL.get(key, key): value for key, value in inner.items() if value is not None}
    return {name: value for name, value in renamed.items() if isinstance(value, _TYPES.get(name, _ANY))}


async def _read_part(part: dict[str, Any], reading: Reading, fetch: Fetch, links_in_text: bool) -> None:
    thought = part.get("thought") is True
    inline, file, text = part.get("inlineData"), part.get("fileData"), part.get("text")
    if isinstance(inline, dict):
        blob = await _attempt(blob_of_base64(inline.get("data")), reading, silent=thought)
        if blob is not None:
            _add({**part, "inlineData": {**inline, "mimeType": blob.mime, "data": blob}}, blob, reading)
    elif isinstance(file, dict) and isinstance(file.get("fileUri"), str) and not thought:
        blob = await _attempt(fetch(file["fileUri"]), reading)
        if blob is not None:
            rest = {name: value for name, value in part.items() if name != "fileData"}
            _add({"inlineData": {"mimeType": blob.mime, "data": blob}, **rest}, blob, reading)
    elif isinstance(text, str) and not thought:
        await _read_text(part, text, reading, fetch, links_in_text)
    elif "inlineData" not in part and "fileData" not in part:
        reading.parts.append(part)


async def _read_text(part: dict[str, Any], text: str, reading: Reading, fetch: Fetch, links_in_text: bool) -> None:
    # Every other piece is the text between two pictures.
    pieces = _DATA_URI.split(text) if "data:image/" in text else [text]
    hidden = pieces[1::2]
    links = _LINK.findall(text[:_TEXT_CHARS]) if links_in_text else []
    opened = list(dict.fromkeys(links))[: MOST_LINKS - reading.opened]
    reading.opened += len(opened)
    if not hidden and not links:
        reading.parts.append(part)
        reading.words.append(text)
        return
    blobs = [await _attempt(blob_of_data_uri(uri), reading) for uri in hidden]
    fetched = dict(zip(opened, await asyncio.gather(*(_attempt(fetch(link), reading) for link in opened)), strict=True))
    blobs += [fetched[link] for link in links if link in fetched]
    rest = "".join(pieces[::2])
    if len(rest) <= _TEXT_CHARS:
        # A link that leads to no picture stays in the text.
        rest = _LINK.sub(lambda found: found[0] if fetched.get(found[1]) is None else "", rest)
        rest = _EMPTY_SHELL.sub("", rest)
    rest = rest.strip()
    if rest:
        # The signature no longer matches changed words.
        reading.parts.append({name: v for name, v in part.items() if name != "thoughtSignature"} | {"text": rest})
        reading.words.append(rest)
    for blob in blobs:
        if blob is not None:
            _add({"inlineData": {"mimeType": blob.mime, "data": blob}}, blob, reading)


def _add(part: dict[str, Any], blob: Blob, reading: Reading) -> None:
    """Add a picture to the parts and, unless it is a thought, to the shown pictures.

    Relays may send the same picture twice, in other fields or as a draft (su-kaka/gcli2api#217 and others). It is kept
    once: at its last position, since the last picture is the result, and as the signed part, if there is one.
    """
    if part.get("thought") is True:
        reading.parts.append(part)
        return
    for number, known in enumerate(reading.parts):
        if known.get("thought") is not True and _bytes_of(known) == blob.data:
            if "thoughtSignature" in known and "thoughtSignature" not in part:
                part, blob = known, known["inlineData"]["data"]
            del reading.parts[number]
            reading.pictures = [shown for shown in reading.pictures if shown.data != blob.data]
            break
    reading.parts.append(part)
    reading.pictures.append(blob)
    # The words before and after a picture are separate sentences.
    if reading.words and not reading.words[-1].endswith("\n"):
        reading.words.append("\n")


def _bytes_of(part: dict[str, Any]) -> bytes | None:
    inline = part.get("inlineData")
    data = inline.get("data") if isinstance(inline, dict) else None
    return data.data if isinstance(data, Blob) else None


async def _attempt(making: Awaitable[Blob], reading: Reading, *, silent: bool = False) -> Blob | None:
    """Return the picture, or note why there is none: one damaged draft must not spoil the other pictures."""
    try:
        return await making
    except (BadBody, TooLarge) as error:
        if not silent:
            reading.trouble = reading.trouble or error
        return None

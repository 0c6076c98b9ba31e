"""Reads ``parse_mode`` HTML into a text and its entities; refuses what Telegram refuses.

Imports ``text``, ``errors`` and ``records``. MarkdownV2 and Markdown are refused with a plain sentence: no bot here
uses them.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from bot.sandbox.botapi.content.text import MAX_RAW_BYTES, utf16_length
from bot.sandbox.botapi.errors import ApiError, bad
from bot.sandbox.botapi.state.records import Json

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|lt|gt|amp|quot);")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>/"']+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int


def parse(text: str, parse_mode: str | None) -> tuple[str, list[Json]]:
    """Return the plain text and the entities of a text with markup. Raises ApiError."""
    if len(text.encode()) > MAX_RAW_BYTES:
        raise bad("Text is too long")
    if not parse_mode or parse_mode.lower() == "none":
        return text, []
    if parse_mode.lower() == "html":
        return _Html(text).read()
    if parse_mode.lower() in {"markdown", "markdownv2"}:
        raise bad(f"the sandbox does not read parse_mode {parse_mode}; use HTML or entities")
    raise bad("Unsupported parse_mode")


class _Html:
    """One pass over a text. Offsets in refusals count bytes, as Telegram does."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.plain: list[str] = []
        self.units = 0
        self.open: list[_Open] = []
        self.entities: list[Json] = []

    def read(self) -> tuple[str, list[Json]]:
        position = 0
        for match in re.finditer(r"<", self.text):
            if match.start() < position:
                continue
            self._add(self.text[position : match.start()])
            position = self._tag(match.start())
        self._add(self.text[position:])
        if self.open:
            raise self._refusal(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda e: (e["offset"], -e["length"]))
        return "".join(self.plain), self.entities

    def _add(self, raw: str) -> None:
        plain = _ENTITY.sub(lambda m: html.unescape(m.group()), raw)
        self.plain.append(plain)
        self.units += utf16_length(plain)

    def _tag(self, start: int) -> int:
        at = f"at byte offset {len(self.text[:start].encode())}"
        end = self.text.find(">", start)
        closing = self.text.startswith("</", start)
        if end < 0:
            raise self._refusal(f"Unclosed {'end' if closing else 'start'} tag {at}")
        name, _, rest = self.text[start + 1 + closing : end].partition(" ")
        name = name.strip().lower()
        if closing:
            self._close(name, at)
            return end + 1
        if name not in _TYPES:
            raise self._refusal(f'Unsupported start tag "{name}" {at}')
        found = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(rest)}
        if name == "span" and found.get("class") != "tg-spoiler":
            raise self._refusal(f'Tag "span" must have class "tg-spoiler" {at}')
        self.open.append(_Open(tag=name, attributes=found, offset=self.units))
        return end + 1

    def _close(self, name: str, at: str) -> None:
        if not self.open:
            raise self._refusal(f"Unexpected end tag {at}")
        opened = self.open.pop()
        if name and name != opened.tag:
            raise self._refusal(f'Unmatched end tag {at}, expected "</{opened.tag}>", found "</{name}>"')
        entity = self._entity(opened)
        if entity is not None and self.units > opened.offset:
            self.entities.append(entity)

    def _entity(self, opened: _Open) -> Json | None:
        entity: Json = {"type": _TYPES[opened.tag], "offset": opened.offset, "length": self.units - opened.offset}
        given = opened.attributes
        if opened.tag == "a":
            url = given.get("href") or "".join(self.plain)[-entity["length"] :]
            return entity | {"url": url} if "." in url or "://" in url else None
        if opened.tag == "tg-emoji":
            return entity | {"custom_emoji_id": given.get("emoji-id", "")}
        if opened.tag == "tg-time":
            return entity | {"unix_time": int(given.get("unix") or 0)}
        if opened.tag == "blockquote" and "expandable" in given:
            return entity | {"type": "expandable_blockquote"}
        if opened.tag == "code":
            return self._code(entity, given)
        return entity

    def _code(self, entity: Json, given: dict[str, str]) -> Json | None:
        """``<pre><code class="language-x">`` is one ``pre`` entity with a language."""
        language = given.get("class", "").removeprefix("language-")
        if self.open and self.open[-1].tag == "pre" and language:
            self.open[-1].attributes["language"] = language
            return None
        return entity

    def _refusal(self, text: str) -> ApiError:
        return bad(f"can't parse entities: {text}")

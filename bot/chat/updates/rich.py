"""Reads rich messages (Bot API 10.1): their words in order, and their photos. Imports ``events`` and ``raw``.

PTB 22.8 does not know them, so they are raw JSON. A rich message is a list of blocks, and some blocks hold others (Bot
API, RichMessage, RichBlock, RichText). Nothing about them can be relied on, because clients and servers may be newer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.chat.events import Attachment
from bot.chat.updates.raw import part

DEEPEST = 30
"""How deep blocks and texts may stand in one another; deeper ones are left out."""

MOST_PHOTOS = 10
"""As many as an album has (Bot API, sendMediaGroup); each one is a download."""

NO_TEXT = frozenset({"buttons", "thinking"})
"""Blocks whose words are not the message's own: buttons of its sender, and a placeholder."""

LETTERS = ("text", "expression", "alternative_text")
"""Where a text has its words (RichText...): most in ``text``, formulas and custom emoji in fields of their own."""


def words_of(rich: Any) -> str:
    """Return the words of a rich message, a line for each block; "" where it has none."""
    blocks = rich.get("blocks") if isinstance(rich, dict) else None
    return "\n".join(line for line in _lines(blocks, 0) if line.strip()).strip()


def photos_of(rich: Any) -> list[Attachment]:
    """Return the photos of a rich message in order, each once and in its largest size; no more than an album has."""
    blocks = rich.get("blocks") if isinstance(rich, dict) else None
    found = [photo for block in _blocks(blocks, 0) if (photo := _photo(block)) is not None]
    return list({photo.file_id: photo for photo in found}.values())[:MOST_PHOTOS]


def _blocks(blocks: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Yield blocks and what they hold, in the order in which they are read."""
    for block in blocks if isinstance(blocks, list) and depth < DEEPEST else ():
        if isinstance(block, dict):
            yield block
            yield from _blocks(block.get("blocks"), depth + 1)
            yield from _blocks(block.get("items"), depth + 1)


def _lines(blocks: Any, depth: int) -> Iterator[str]:
    for block in blocks if isinstance(blocks, list) and depth < DEEPEST else ():
        if not isinstance(block, dict) or block.get("type") in NO_TEXT:
            continue
        label = str(block["label"]) if "label" in block else ""
        own = [_text(block.get("summary"), 0), _text(block, 0)]
        inner = [*_lines(block.get("items"), depth + 1), *_lines(block.get("blocks"), depth + 1)]
        cells = block.get("cells")
        rows = [row for row in cells if isinstance(row, list)] if isinstance(cells, list) else []
        table = [" | ".join(_text(cell, 0) for cell in row) for row in rows]
        caption = block.get("caption")
        after = [_text(caption, 0), _text(part(block, "caption").get("credit"), 0), _text(block.get("credit"), 0)]
        found = [line for line in (*own, *inner, *table, *after) if line]
        if label and found:
            found[0] = f"{label} {found[0]}"
        yield from found


def _text(text: Any, depth: int) -> str:
    """Return the words of a RichText: a string, a list of them, or an object around them."""
    if isinstance(text, str):
        return text
    if depth >= DEEPEST:
        return ""
    if isinstance(text, list):
        return "".join(_text(one, depth + 1) for one in text)
    if not isinstance(text, dict):
        return ""
    return next((_text(text[name], depth + 1) for name in LETTERS if name in text), "")


def _photo(block: dict[str, Any]) -> Attachment | None:
    sizes = block.get("photo") if block.get("type") == "photo" else None
    known = [one for one in sizes if isinstance(one, dict) and one.get("file_id")] if isinstance(sizes, list) else []
    if not known:
        return None
    largest = max(known, key=_pixels)
    size = largest.get("file_size")
    return Attachment(
        file_id=str(largest["file_id"]),
        kind="photo",
        mime="image/jpeg",
        size_bytes=size if isinstance(size, int) else None,
        covered=block.get("has_spoiler") is True,
    )


def _pixels(size: dict[str, Any]) -> int:
    sides = size.get("width"), size.get("height")
    return sides[0] * sides[1] if isinstance(sides[0], int) and isinstance(sides[1], int) else 0

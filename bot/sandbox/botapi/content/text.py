"""Texts as Telegram treats them: trimmed, measured in code points, with entities counted in UTF-16 units.

Imports ``errors`` and ``records``. This module finds entities that are in the text itself. Markup that a bot asks for
with ``parse_mode`` is in ``markup``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.state.records import Json

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_RAW_BYTES = 32_768
MAX_ENTITIES = 100

# Endings of domain names that make a bare "example.com" a link. The real list is longer.
_TOP_LEVEL = "com|org|net|io|dev|app|me|de|fr|it|es|nl|uk|eu|us|ru|cn|jp|info|art|ai|co|ch|at|be|pl|se|no|fi|dk|gg|to"
_FINDERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("url", re.compile(r"(?<![\w@./])(?:https?|ftp|tg)://[^\s<>\"]+[^\s<>\".,;:!?)\]}']", re.IGNORECASE)),
    (
        "url",
        re.compile(rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:{_TOP_LEVEL})(?:/[^\s<>\"]*[^\s<>\".,;:!?)])?(?![\w@-])", re.I),
    ),
    # No command if a letter of any script stands beside it, or if its name is malformed (td, MessageEntity.cpp,
    # match_bot_commands).
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}+(?:@[A-Za-z0-9_]{3,32}+|(?!@))(?![\w/<>])")),
    ("mention", re.compile(r"(?<![\w@/])@[A-Za-z0-9_]{3,32}(?!\w)", re.ASCII)),
    ("hashtag", re.compile(r"(?<![\w/#@])#(?=\w*[^\W\d])\w{1,256}(?!#)")),
    ("cashtag", re.compile(r"(?<![\w$])\$[A-Z]{1,8}(?!\w)", re.ASCII)),
)


def utf16_length(text: str) -> int:
    return len(text) + sum(1 for sign in text if ord(sign) > 0xFFFF)


def utf16_index(text: str, units: int) -> int:
    """Return the index of the character that starts at a UTF-16 offset, or the length of the text."""
    seen = 0
    for index, sign in enumerate(text):
        if seen >= units:
            return index
        seen += 2 if ord(sign) > 0xFFFF else 1
    return len(text)


def covered(text: str, entity: Json) -> str:
    """Return the part of a text that an entity covers."""
    start = utf16_index(text, entity["offset"])
    return text[start : utf16_index(text, entity["offset"] + entity["length"])]


def find_entities(text: str, given: Iterable[Json] = ()) -> list[Json]:
    """Find commands, mentions, links, hashtags and addresses.

    Entities that were ``given`` stay, and win over found ones.
    """
    # The server takes only so many of the given ones (td, MessageEntity.cpp, get_input_message_entities).
    entities = [dict(entity) for entity in given][:MAX_ENTITIES]
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _EXCLUSIVE]
    for kind, pattern in _FINDERS:
        for match in pattern.finditer(text):
            start = utf16_length(text[: match.start()])
            end = start + utf16_length(match.group())
            if all(end <= begin or start >= stop for begin, stop in taken):
                taken.append((start, end))
                entities.append({"type": kind, "offset": start, "length": end - start})
    entities.sort(key=lambda e: (e["offset"], -e["length"]))
    return entities


_EXCLUSIVE = {"code", "pre", "text_link", "text_mention", "url", "mention", "custom_emoji", "bot_command", "email"}


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Strip white space around a text and shift its entities. Raises ApiError for an entity outside of the text."""
    length = utf16_length(text)
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] < 0:
            raise bad(f"Receive an entity with incorrect offset {entity['offset']}")
        if entity["offset"] > length:
            raise bad(f"Entity begins after the end of the text at UTF-16 offset {entity['offset']}")
        if entity["offset"] + entity["length"] > length:
            end = entity["offset"] + entity["length"]
            raise bad(
                f"Entity beginning at UTF-16 offset {entity['offset']} ends after the end of the text "
                f"at UTF-16 offset {end}"
            )
    left = len(text) - len(text.lstrip())
    shift = utf16_length(text[:left])
    kept = text.strip()
    end = utf16_length(kept)
    moved = []
    for entity in entities:
        start = max(0, entity["offset"] - shift)
        stop = min(end, entity["offset"] + entity["length"] - shift)
        if stop > start:
            moved.append(entity | {"offset": start, "length": stop - start})
    return kept, moved


def check_text(text: str) -> None:
    """Check a message text. Raises ApiError when it is empty or longer than 4096 code points."""
    if not text:
        raise bad("message text is empty")
    if len(text) > MAX_TEXT:
        raise bad("message is too long")


def check_caption(caption: str) -> None:
    """Check a caption. Raises ApiError when it is longer than 1024 code points."""
    if len(caption) > MAX_CAPTION:
        raise bad("message caption is too long")


def mentions(text: str, entities: Iterable[Json], username: str, user_id: int) -> bool:
    """Return whether a text mentions the bot by name or by link."""
    wanted = f"@{username}".lower()
    for entity in entities:
        if entity["type"] == "mention" and covered(text, entity).lower() == wanted:
            return True
        if entity["type"] == "text_mention" and entity.get("user", {}).get("id") == user_id:
            return True
    return False


def commands(text: str, entities: Iterable[Json]) -> list[str]:
    """Return the commands in a text, as written."""
    return [covered(text, entity) for entity in entities if entity["type"] == "bot_command"]

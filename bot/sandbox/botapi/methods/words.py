"""The text of a bot's message: reads markup, trims, measures, finds entities.

Imports ``content``, ``shapes`` and ``state``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.sandbox.botapi.content.markup import parse
from bot.sandbox.botapi.content.text import check_caption, check_text, find_entities, trimmed
from bot.sandbox.botapi.shapes import MessageEntity
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Json


def plain_entities(given: Sequence[MessageEntity] | None) -> list[Json] | None:
    """Return entities as JSON."""
    return None if given is None else [entity.plain() for entity in given]


def _read(backend: Backend, text: str, parse_mode: str | None, given: list[Json] | None) -> tuple[str, list[Json]]:
    plain, entities = (text, given) if given else parse(text, parse_mode)
    plain, entities = trimmed(plain.replace("\r", ""), entities)
    for entity in entities:
        if "user" in entity:
            user_id = entity["user"]["id"]
            known = user_id in backend.world.people or user_id == backend.config.bot_id
            entity |= {"user": backend.world.user(user_id)} if known else {"type": "text_mention"}
    entities = [e for e in entities if e["type"] != "text_mention" or "first_name" in e.get("user", {})]
    return plain, find_entities(plain, entities)


def text_fields(backend: Backend, text: str, parse_mode: str | None, given: list[Json] | None) -> Json:
    """Return ``text`` and ``entities`` of a message. Raises ApiError."""
    plain, entities = _read(backend, text, parse_mode, given)
    check_text(plain)
    return {"text": plain} | ({"entities": entities} if entities else {})


def caption_fields(backend: Backend, caption: str | None, parse_mode: str | None, given: list[Json] | None) -> Json:
    """Return ``caption`` and ``caption_entities`` of a message. Raises ApiError."""
    plain, entities = _read(backend, caption or "", parse_mode, given)
    check_caption(plain)
    if not plain:
        return {}
    return {"caption": plain} | ({"caption_entities": entities} if entities else {})

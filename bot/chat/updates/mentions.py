"""Finds mentions of the bot in the words of a message: by their entities, in captions too, without regard to case.

Imports PTB, ``orders`` and ``parts``.
"""

from __future__ import annotations

import re

from telegram import Message, MessageEntity

from bot.chat.updates.orders import BEFORE, behind
from bot.chat.updates.parts import said_in


def words_of(message: Message, my_id: int, username: str) -> tuple[str, bool]:
    """Return the words of a message without mentions of the bot, and whether there was one."""
    found = {**message.parse_entities(), **message.parse_caption_entities()}
    text = said_in(message)
    mentions = [entity for entity, said in found.items() if _means(entity, said, my_id, username)]
    if not mentions and "rich_message" in message.api_kwargs:
        # It has no entities.
        named = re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)", re.IGNORECASE)
        lines = named.sub(" ", text).splitlines()
        return "\n".join(" ".join(line.split()) for line in lines).strip(), named.search(text) is not None
    if not mentions:
        return text.strip(), False
    # Offsets count UTF-16 units (Bot API, MessageEntity).
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(mentions, key=lambda one: one.offset, reverse=True):
        begin, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        before, after = (part.decode("utf-16-le", "surrogatepass") for part in (units[:begin], units[end:]))
        text = behind(after) if BEFORE.fullmatch(before) else f"{before} {after}"
        units = text.encode("utf-16-le", "surrogatepass")
    lines = units.decode("utf-16-le", "replace").splitlines()
    text = "\n".join(" ".join(line.split()) for line in lines)
    return text.rstrip(" ,").strip(), True


def _means(entity: MessageEntity, said: str, my_id: int, username: str) -> bool:
    """Return whether an entity mentions the bot: by its username, or by a link to its id."""
    by_name = entity.type == MessageEntity.MENTION and said.lower() == f"@{username.lower()}"
    return by_name or (
        entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == my_id
    )

"""Reads single facts from the raw JSON of an update, before it is parsed. Imports ``storage.records`` only.

An update may be malformed, or of a newer or older Bot API, so no field can be relied on.
"""

from __future__ import annotations

import re
from typing import TypeGuard

from storage.records import Json

STAND_INS = frozenset({1087968824, 136817688, 777000})
"""The senders that Telegram names for anonymous admins, for channels, and for posts of a linked channel."""

BOT_NAME = re.compile(r"@(\w{1,29}bot)\b", re.ASCII | re.IGNORECASE)
"""A bot's username ends in "bot" (core.telegram.org/bots/features#creating-a-new-bot)."""


def part(whole: Json, name: str) -> Json:
    """Return a member that is an object; an empty object for anything else."""
    found = whole.get(name)
    return found if isinstance(found, dict) else {}


def words_of(message: Json) -> str:
    """Return the text of a message, or the caption of its file."""
    return str(message.get("text") or message.get("caption") or "")


def bots_named(update: Json) -> set[str]:
    """Return the names of bots in the message of an update, in lower case."""
    return {name.lower() for name in BOT_NAME.findall(words_of(message_of(update)))}


def is_of_another_bot(update: Json, own_id: int) -> bool:
    """Return whether another bot wrote the message of an update (core.telegram.org/api/bots/bot-to-bot)."""
    author = part(message_of(update), "from")
    return author.get("is_bot") is True and author.get("id") not in {own_id, *STAND_INS}


def is_surely_meant(update: Json, own_id: int, username: str) -> bool:
    """Return whether an update is certainly for the bot: a button, a private message, its name, a reply to it."""
    message = message_of(update)
    names = re.compile(rf"(?<!\w)(/\w+)?@{re.escape(username)}\b", re.IGNORECASE)
    linked = [part(entity, "user").get("id") for entity in _entities(message)]
    replied = part(message, "reply_to_message")
    return (
        not {"callback_query", "guest_message", "chosen_inline_result"}.isdisjoint(update)
        or part(message, "chat").get("type") == "private"
        or names.search(words_of(message)) is not None
        or own_id in linked
        # Messages in a topic reply to the service message that opened it.
        or (part(replied, "from").get("id") == own_id and "forum_topic_created" not in replied)
    )


def _entities(message: Json) -> list[Json]:
    found = [message.get(name) for name in ("entities", "caption_entities")]
    return [entity for several in found if isinstance(several, list) for entity in several if isinstance(entity, dict)]


def message_of(update: Json) -> Json:
    """Return the message of a raw update, new or edited or to a guest; an empty object for other updates."""
    return first(update, "message", "edited_message", "guest_message") or {}


def album_of(update: Json) -> str | None:
    """Return the album of the message in a raw update; None where it has none."""
    album = message_of(update).get("media_group_id")
    return album if isinstance(album, str) else None


def sender_of(update: Json) -> int | None:
    """Return the id of the sender of a raw update: of a person, or of the chat that speaks."""
    about = message_of(update) or first(update, "callback_query") or {}
    sender = first(about, "sender_chat", "from") or {}
    return sender["id"] if is_id(sender.get("id")) else None


def is_edit(update: Json) -> bool:
    """Return whether a raw update says that a message was edited."""
    return "edited_message" in update


def is_id(value: object) -> TypeGuard[int]:
    """Return whether a value is an integer that both databases can store."""
    return isinstance(value, int) and abs(value) < 2**63


def first(update: Json, *kinds: str) -> Json | None:
    """Return the first of some members that is an object."""
    return next((update[kind] for kind in kinds if isinstance(update.get(kind), dict)), None)

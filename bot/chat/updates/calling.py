"""Updates from places where the bot is no member: guest queries, chosen inline results, presses below inline messages.

Imports PTB, ``actions``, ``events``, ``parts``, ``raw`` and ``storage``; makes no call and stores nothing. See
``bot.chat.inline`` for the whole. Such an update belongs to a conversation of the person who calls, with a key of its
own for each such place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

from telegram import Update

from bot.chat.actions import InlineAction, inline_action_of
from bot.chat.events import Called, Incoming, PressedInline, Said
from bot.chat.updates.parts import author_of
from bot.chat.updates.raw import first, is_id, part
from storage.records import Json, Key

PAINT = "paint"
"""The id of the inline result that is a wish; all others are pictures."""

PEOPLE = -(2**60)
"""The topics of private chats between people lie below it, those of groups, which are the ids of groups, above."""

MESSAGES = -(2**61)
"""The topics of inline messages in chats that are not known lie below it."""


def key_of(update: Json) -> Key | None:
    """Return the conversation of such a raw update, ``Key(0, 0)`` for a malformed one; None for other updates."""
    if (message := first(update, "guest_message")) is not None:
        return _key(_caller_in(message), _topic_of_chat(part(message, "chat").get("id")))
    if (chosen := first(update, "chosen_inline_result")) is not None:
        return _key(part(chosen, "from").get("id"), _topic_of_message(chosen.get("inline_message_id")))
    if (query := first(update, "callback_query")) is not None and "inline_message_id" in query:
        action = inline_action_of(str(query.get("data")))
        topic = action.topic if action is not None else 0
        return _key(part(query, "from").get("id"), topic or _topic_of_message(query["inline_message_id"]))
    return None


def _caller_in(message: Json) -> object:
    """Return who wrote a message: a person, or a chat that speaks."""
    return (first(message, "sender_chat", "from") or {}).get("id")


def _key(caller_id: object, topic: int | None) -> Key:
    """Return the key of a caller's conversation; the topic may come from a button, so from a forger."""
    return Key(caller_id, topic) if is_id(caller_id) and is_id(topic) and topic < 0 else Key(0, 0)


def _topic_of_chat(chat_id: object) -> int | None:
    if not is_id(chat_id) or not 0 < abs(chat_id) < -PEOPLE:
        return None
    return chat_id if chat_id < 0 else PEOPLE - chat_id


def _topic_of_message(inline_id: object) -> int | None:
    if not isinstance(inline_id, str):
        return None
    return MESSAGES - (int.from_bytes(sha256(inline_id.encode()).digest()[:8]) >> 4)


def as_guest(update: Json, event: Incoming | None, base: Mapping[str, Any]) -> Called:
    """Return the call of the bot as a guest, by its raw update and by the event that it would be in a private chat.

    ``base``: the fields of any event. What would mean nothing in a private chat needs an answer here, too, since there
    is a placeholder.
    """
    return Called(
        **base,
        said=_out_of_place(event) if isinstance(event, Said) and event.command is None else None,
        query_id=str(part(update, "guest_message").get("guest_query_id") or ""),
    )


def _out_of_place(said: Said) -> Said:
    """Return a message as its conversation may know it.

    The numbers of another chat mean other messages in this one. Of a stranger's picture only the picture is used; the
    words below it were not said to the bot.
    """
    replied = said.replied
    if replied is not None:
        words = replied.words if replied.quoted or replied.attachment is None else ""
        replied = replace(replied, message_id=None, above=False, words=words)
    return replace(said, message_id=0, replied=replied, album=None)


def in_inline_message(update: Update, payload: Json, language: str) -> Called | PressedInline | None:
    """Return a chosen inline result that is a wish, or a press below an inline message by the person who may press."""
    key = key_of(payload)
    chosen, query = update.chosen_inline_result, update.callback_query
    if key is None or key == Key(0, 0):
        return None
    if chosen is not None:
        if chosen.result_id != PAINT or not chosen.inline_message_id:
            return None
        author = author_of(chosen.from_user, None, language)
        base: dict[str, Any] = {"update_id": update.update_id, "key": key, "private": True, "author": author}
        said = Said(**base, message_id=0, words=chosen.query.strip(), addressed=True, called=True)
        return Called(**base, said=said, inline_id=chosen.inline_message_id)
    if query is None or not query.inline_message_id or _pressed_by_another(payload):
        return None
    author = author_of(query.from_user, None, language)
    return PressedInline(
        update_id=update.update_id,
        key=key,
        private=True,
        author=author,
        inline_id=query.inline_message_id,
        data=query.data or "",
    )


def reply_to_press(update: Json) -> str | None:
    """Return the key of the text that answers a press at once; None where none is needed."""
    query = first(update, "callback_query") or {}
    if "inline_message_id" not in query:
        return None
    if _pressed_by_another(update):
        return "inline-not-yours"
    action = _action_in(update)
    return "inline-soon" if action is not None and action.name == "inline-show" else None


def _pressed_by_another(update: Json) -> bool:
    """Return whether somebody else pressed than the person who called the bot. The data may be forged."""
    action = _action_in(update)
    presser = part(first(update, "callback_query") or {}, "from").get("id")
    return action is None or action.caller_id != presser


def _action_in(update: Json) -> InlineAction | None:
    return inline_action_of(str((first(update, "callback_query") or {}).get("data")))

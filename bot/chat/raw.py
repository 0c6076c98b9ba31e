"""What raw updates say by themselves, however broken they are. Imports ``storage.records`` and the standard library."""

from __future__ import annotations

from typing import TypeGuard

from storage.records import Json


def message_of(update: Json) -> Json:
    """Return the message of a raw update, new or edited; nothing for any other update."""
    return first(update, "message", "edited_message") or {}


def sender_of(update: Json) -> int | None:
    """Return who sent the message, or pressed the button, of a raw update: a person, or the chat that speaks."""
    about = message_of(update) or first(update, "callback_query") or {}
    sender = first(about, "sender_chat", "from") or {}
    return sender["id"] if is_id(sender.get("id")) else None


def is_edit(update: Json) -> bool:
    """Tell whether a raw update says that a message was edited."""
    return "edited_message" in update


def is_id(value: object) -> TypeGuard[int]:
    """Tell whether a value is a number that both databases hold."""
    return isinstance(value, int) and abs(value) < 2**63


def first(update: Json, *kinds: str) -> Json | None:
    """Return the first of some members that is an object."""
    return next((update[kind] for kind in kinds if isinstance(update.get(kind), dict)), None)

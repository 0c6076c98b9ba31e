"""Parses a raw update with python-telegram-bot, without the parts of its message that the library cannot read.

Imports PTB, ``raw`` and ``storage``. PTB 22.8 demands every field that Bot API 10.0 calls required. An older or newer
Bot API server may leave one out; then the whole message would be lost because of one part
(ehForwarderBot/efb-telegram-master#119; for polls: PTB, _poll.py). The log names the parts that are left out.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from telegram import Bot, Message, Update

from bot.chat.updates.raw import part
from storage.records import Json

log = logging.getLogger(__name__)

MESSAGES = ("message", "edited_message", "guest_message")
NEEDED = ("message_id", "date", "chat")
"""The fields that PTB wants in each message."""

INSIDE = ("reply_to_message", "pinned_message")
"""Fields of a message that hold another message."""

PICTURES = ("photo", "document", "sticker", "video", "animation", "video_note", "voice")
"""Fields without which a wish would be another wish."""

HOLLOW: Json = {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}
ANYBODY = {"id": 0, "is_bot": False, "first_name": ""}


class Illegible(Exception):
    """An update that cannot be read, not even without the broken parts."""


def parse(payload: Json, bot: Bot) -> Update:
    """Return a raw update as PTB's ``Update``. Raises: :class:`Illegible`."""
    try:
        return Update.de_json(payload, bot)
    except Exception as error:
        why = error
    left: list[str] = []
    reduced = {name: _legible(value, bot, left, name) if name in MESSAGES else value for name, value in payload.items()}
    if query := part(payload, "callback_query"):
        reduced["callback_query"] = _pressed(query, bot, left)
    try:
        update = Update.de_json(reduced, bot)
    except Exception:
        raise Illegible(f"{type(why).__name__}: {why}") from why
    if any(path.endswith(PICTURES) for path in left):
        raise Illegible(f"without {', '.join(left)} it would be another wish: {why}") from why
    log.warning("update %s is read without %s (%s)", update.update_id, ", ".join(left) or "what it lacks", why)
    return update


def _pressed(query: Json, bot: Bot, left: list[str]) -> Json:
    """Return the fields of a pressed button that the bot reads."""
    # PTB demands chat_instance; the bot does not read it.
    known = {name: query[name] for name in ("id", "from", "data") if name in query} | {"chat_instance": ""}
    message = part(query, "message")
    return known | ({"message": _legible(message, bot, left, "message")} if message else {})


def _legible(message: Any, bot: Bot, left: list[str], path: str, around: Json | None = None) -> Any:
    """Return a message with the fields that PTB can read; add the other fields to ``left``.

    ``around``: the message that contains this one, always of the same chat. The bot does not depend on dates.
    """
    if not isinstance(message, dict):
        return message
    known = {name: message[name] for name in NEEDED if name in message}
    kept = core = {"date": 0} | ({"message_id": 0} | known | {"chat": around.get("chat")} if around else known)
    for name, value in message.items():
        if name in NEEDED:
            continue
        for form in _forms(name, value, message, bot, left, f"{path}.{name}"):
            if _reads({**core, name: form}, bot):
                kept = {**kept, name: form}
                break
        else:
            left.append(f"{path}.{name}")
    return kept


def _forms(name: str, value: Any, message: Json, bot: Bot, left: list[str], path: str) -> Iterator[Any]:
    """Yield a field as it is, then in a form without its broken parts."""
    yield value
    if name in INSIDE:
        yield _legible(value, bot, left, path, message)
    elif name == "from" and isinstance(value, dict):
        yield {**ANYBODY, **value}
    elif isinstance(value, list):
        good = [one for one in value if _reads({**HOLLOW, name: [one]}, bot)]
        if good:
            left.extend([f"some of {path}"] * (len(good) < len(value)))
            yield good


def _reads(message: Json, bot: Bot) -> bool:
    try:
        Message.de_json(message, bot)
    except Exception:
        return False
    return True

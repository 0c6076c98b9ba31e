"""Updates of a group that became a supergroup while they waited. Imports ``parse``, ``raw`` and ``storage``."""

from __future__ import annotations

from bot.chat.updates.parse import is_left, is_said
from bot.chat.updates.raw import first, part
from storage.records import BEFORE_MOVE, Json


def carried(update: Json, chat_id: int) -> Json:
    """Return a raw update of a group as an update of the supergroup that the group became while the update waited.

    Updates about the old chat itself stay as they are. The ids of messages are marked as ids from before the move.
    """
    member = first(update, "my_chat_member")
    if member is not None and not is_left(update):
        # The bot was added, or got rights. It has left only the old chat, which goes on.
        return {**update, "my_chat_member": {**member, "chat": {**part(member, "chat"), "id": chat_id}}}
    kind = next((kind for kind in ("message", "edited_message", "callback_query") if kind in update), None)
    if kind is None or not is_said(update):
        return update
    query = update[kind] if kind == "callback_query" else None
    message = _carried(query["message"] if query else update[kind], chat_id)
    return {**update, kind: {**query, "message": message} if query else message}


def _carried(message: Json, chat_id: int) -> Json:
    moved = {"chat": {**message["chat"], "id": chat_id}, "message_id": message["message_id"] + BEFORE_MOVE}
    replied = first(message, "reply_to_message")
    return {**message, **moved, **({"reply_to_message": _carried(replied, chat_id)} if replied else {})}

"""Ephemeral messages: words of the bot in a group that one member sees.

Imports ``chats``, ``botapi``, ``parameters``, ``words`` and ``state``. They have no number and stand in no history (Bot
API, Message.ephemeral_message_id). A bot that is an admin may send one to any member, any other bot only in answer to a
press (core.telegram.org/bots/api#ephemeral-messages). What Telegram answers otherwise is known from reports of live
bots: BOT_NOT_ADMIN, in private chats, too. A press of a button below one comes with it, and it is changed by methods of
its own (Bot API, EphemeralMessageParameters.replace_callback_query_message).
"""

from __future__ import annotations

from typing import Annotated

from bot.sandbox.botapi.chats.rights import Place, check_keyboard
from bot.sandbox.botapi.errors import NOT_FOUND, bad
from bot.sandbox.botapi.methods.parameters import Entities, Preview
from bot.sandbox.botapi.methods.words import plain_entities, text_fields
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import ChatId, EphemeralMessageParameters, FromJson, Inline, Shape
from bot.sandbox.botapi.state.records import Json

WHISPERS = "whispers"
"""The switch of ephemeral messages. Off, the server is older than 10.2 and ignores the parameter, as Client.cpp does
with parameters that it does not know; the sandbox's page does not show such messages yet."""


class DeleteEphemeralMessage(Shape):
    chat_id: ChatId
    receiver_user_id: int
    ephemeral_message_id: int


class EditEphemeralMessageReplyMarkup(DeleteEphemeralMessage):
    reply_markup: Inline | None = None


class EditEphemeralMessageText(EditEphemeralMessageReplyMarkup):
    text: str | None = None
    parse_mode: str | None = None
    entities: Entities | None = None
    link_preview_options: Preview | None = None
    rich_message: Annotated[dict[str, object], FromJson] | None = None


@method
async def edit_ephemeral_message_text(call: Call, p: EditEphemeralMessageText) -> bool:
    """Change words for one member, and their buttons."""
    shown = _found(call, p)
    for gone in ("text", "entities", "reply_markup"):
        shown.pop(gone, None)
    shown |= text_fields(call.backend, p.text or "", p.parse_mode, plain_entities(p.entities))
    return _rebuttoned(shown, p)


@method
async def edit_ephemeral_message_reply_markup(call: Call, p: EditEphemeralMessageReplyMarkup) -> bool:
    """Change the buttons below words for one member."""
    shown = _found(call, p)
    shown.pop("reply_markup", None)
    return _rebuttoned(shown, p)


def _rebuttoned(shown: Json, p: EditEphemeralMessageReplyMarkup) -> bool:
    markup = check_keyboard(p.reply_markup)
    shown |= {"reply_markup": markup} if markup else {}
    return True


def _found(call: Call, p: DeleteEphemeralMessage) -> Json:
    """Return what one member sees. Raises ApiError."""
    backend = call.backend
    if not backend.world.profile.get(WHISPERS):
        raise NOT_FOUND
    number = (int(p.chat_id), p.receiver_user_id, p.ephemeral_message_id)
    for one in backend.whispers:
        if (one["chat"]["id"], one["receiver_user"]["id"], one["ephemeral_message_id"]) == number:
            return one
    raise bad("message to edit not found")


@method
async def delete_ephemeral_message(call: Call, p: DeleteEphemeralMessage) -> bool:
    """Take back words for one member. An older server knows no such method."""
    backend = call.backend
    if not backend.world.profile.get(WHISPERS):
        raise NOT_FOUND
    left = [one for one in backend.whispers if one["ephemeral_message_id"] != p.ephemeral_message_id]
    if len(left) == len(backend.whispers):
        raise bad("message to delete not found")
    backend.whispers[:] = left
    return True


def whisper(call: Call, place: Place, to: EphemeralMessageParameters, body: Json, markup: Json | None) -> Json:
    """Show words to one member of a group; return the message. Raises ApiError."""
    backend, chat = call.backend, place.chat
    world = backend.world
    pressed = backend.callbacks.get(to.callback_query_id or "")
    answers = pressed is not None and pressed["chat_id"] == chat.id
    if chat.type == "private" or not (chat.bot_status == "administrator" or answers):
        raise bad("BOT_NOT_ADMIN")
    if to.receiver_user_id not in chat.members:
        raise bad("USER_NOT_PARTICIPANT")
    number = world.count("whisper")
    shown: Json = {
        "message_id": 0,
        "ephemeral_message_id": number,
        "from": world.bot(),
        "chat": world.chat_json(chat),
        "date": world.now(),
        "receiver_user": world.user(to.receiver_user_id),
        **body,
    }
    shown |= {"reply_markup": markup} if markup else {}
    backend.whispers.append(shown)
    backend.events.tell("whisper", chat_id=chat.id, to=to.receiver_user_id, message=shown)
    return shown

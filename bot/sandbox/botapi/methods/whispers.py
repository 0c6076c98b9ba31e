"""Ephemeral messages: words of the bot in a group that one member sees. Imports ``chats``, ``botapi`` and ``state``.

They have no number and stand in no history (Bot API, Message.ephemeral_message_id). A bot that is an admin may send one
to any member, any other bot only in answer to a press (core.telegram.org/bots/api#ephemeral-messages). What Telegram
answers otherwise is known from reports of live bots: BOT_NOT_ADMIN, in private chats, too.
"""

from __future__ import annotations

from bot.sandbox.botapi.chats.rights import Place
from bot.sandbox.botapi.errors import NOT_FOUND, bad
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import ChatId, EphemeralMessageParameters, Shape
from bot.sandbox.botapi.state.records import Json

WHISPERS = "whispers"
"""The switch of ephemeral messages. Off, the server is older than 10.2 and ignores the parameter, as Client.cpp does
with parameters that it does not know; the sandbox's page does not show such messages yet."""


class DeleteEphemeralMessage(Shape):
    chat_id: ChatId
    receiver_user_id: int
    ephemeral_message_id: int


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

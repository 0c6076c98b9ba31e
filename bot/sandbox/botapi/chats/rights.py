"""Checks whether the bot may do something in a chat: access, rights, topics, replies, keyboards.

Imports ``text``, ``botapi`` and ``state``. Raises ApiError with Telegram's texts; changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.botapi.content.text import utf16_index, utf16_length
from bot.sandbox.botapi.errors import bad, forbidden, too_many
from bot.sandbox.botapi.shapes import ChatId, InlineKeyboardMarkup, ReplyParameters, Shape
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Chat, Json, Message
from bot.sandbox.botapi.state.world import COUNTING

POSTING = "can_post_messages"
MAX_CALLBACK_BYTES = 64
MAX_BUTTONS = 100
MAX_ROW = 8
# Permission names of ChatPermissions, with the words by which a refusal names them.
PERMISSIONS = {
    "text messages": "can_send_messages",
    "photos": "can_send_photos",
    "documents": "can_send_documents",
    "videos": "can_send_videos",
    "animations": "can_send_other_messages",
    "music": "can_send_audios",
}
# TDLib may let a message through before it learns that a right was taken away. Telegram's servers then refuse it with
# a code: core.telegram.org/method/messages.sendMedia, "Possible errors". A 403 of theirs that is a bare code becomes a
# 400 (telegram-bot-api, Client.cpp, fail_query_with_error).
CODES = {
    "text messages": "CHAT_SEND_PLAIN_FORBIDDEN",
    "photos": "CHAT_SEND_PHOTOS_FORBIDDEN",
    "documents": "CHAT_SEND_DOCS_FORBIDDEN",
    "videos": "CHAT_SEND_VIDEOS_FORBIDDEN",
    "animations": "CHAT_SEND_GIFS_FORBIDDEN",
    "music": "CHAT_SEND_AUDIOS_FORBIDDEN",
}
MUTED = "CHAT_WRITE_FORBIDDEN"
NO_SUCH_THREAD = bad("message thread not found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a message goes: chat, topic, and the message that it replies to."""

    chat: Chat
    topic: int = 0
    reply_to: int | None = None
    quote: Json | None = None


def find_chat(backend: Backend, chat_id: ChatId, *, write: bool = True) -> Chat:
    """Return a chat that the bot may use. Raises ApiError."""
    number = _number(chat_id)
    chat = backend.world.chats.get(number) if number is not None else None
    if chat is None or (chat.type == "private" and not chat.started and not write):
        raise bad("chat not found")
    if chat.type == "private":
        if write and not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        if write and chat.deleted:
            raise forbidden("user is deactivated")
        if write and chat.bot_status == "kicked":
            raise forbidden("bot was blocked by the user")
        return chat
    return _check_group(chat, write=write)


def _number(chat_id: ChatId) -> int | None:
    try:
        return int(chat_id)
    except ValueError:
        return None


def _check_group(chat: Chat, *, write: bool) -> Chat:
    kind = f"{chat.type} chat"
    if chat.migrated_to is not None and write:
        raise bad("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
    if chat.deleted and write:
        raise forbidden("the group chat was deleted")
    if chat.bot_status == "kicked" and (write or chat.type in COUNTING):
        raise forbidden(f"bot was kicked from the {kind}")
    if chat.bot_status == "left" and (write or chat.type in COUNTING):
        raise forbidden(f"bot is not a member of the {kind}")
    return chat


def may_send(backend: Backend, chat: Chat, what: str) -> None:
    """Check the bot's rights in a group or channel, and slow mode."""
    if chat.type == "channel" and not (chat.bot_status == "administrator" and chat.bot_rights.get(POSTING, True)):
        raise bad("need administrator rights in the channel chat")
    if not chat.is_group or chat.bot_status == "administrator":
        return
    if not _allowed(chat, what):
        raise bad(_refusal(chat, what))
    if chat.slow_mode_s:
        mine = [m.date for m in backend.world.in_order(chat.id) if m.sender_id == backend.config.bot_id]
        left_s = mine[-1] + chat.slow_mode_s - backend.world.now() if mine else 0
        if left_s > 0:
            raise too_many(left_s)


def _allowed(chat: Chat, what: str) -> bool:
    """Return whether the bot may send something. A permission that was never set follows the one for text messages."""
    return bool(chat.bot_can.get(PERMISSIONS[what], chat.bot_can.get("can_send_messages", True)))


def _refusal(chat: Chat, what: str) -> str:
    """Return TDLib's refusal for a missing right (MessageContent.cpp), or the server's if TDLib does not know yet."""
    if chat.by_code:
        return CODES[what] if any(_allowed(chat, other) for other in PERMISSIONS) else MUTED
    return f"not enough rights to send {what} to the chat"


def find_place(backend: Backend, chat_id: ChatId, topic: int | None, reply: ReplyParameters | None, what: str) -> Place:
    """Return the place of a message. Raises ApiError if the bot may not write there."""
    chat = find_chat(backend, chat_id)
    if chat.parent is not None:
        # The sandbox does not know topics of direct messages (tdlib MessageTopic.cpp, get_send_message_topic).
        raise bad("channel direct messages topic must be specified")
    may_send(backend, chat, what)
    number = find_topic(chat, topic)
    if reply is None or not reply.message_id:
        return Place(chat=chat, topic=number)
    target = _reply_target(backend, chat, reply)
    if target is None:
        if reply.allow_sending_without_reply:
            return Place(chat=chat, topic=number)
        raise bad("message to be replied not found")
    if chat.is_forum and not topic:
        number = target.topic
        find_topic(chat, number)
    return Place(chat=chat, topic=number, reply_to=target.message_id, quote=_quote(target, reply))


def find_topic(chat: Chat, topic: int | None) -> int:
    """Check a message_thread_id. Like Telegram, ignore it in groups without topics."""
    if not topic or not (chat.is_forum or chat.type == "private"):
        return 0
    found = chat.topic(topic)
    if found is None:
        raise NO_SUCH_THREAD
    if found.closed and chat.bot_status != "administrator":
        raise bad("TOPIC_CLOSED")
    return found.id


def _reply_target(backend: Backend, chat: Chat, reply: ReplyParameters) -> Message | None:
    if reply.chat_id is not None and _number(reply.chat_id) != chat.id:
        raise bad("the sandbox has no replies to another chat")
    target = backend.world.message(chat.id, reply.message_id or 0)
    # Message ids of a basic group are the bot's own. Messages that it never got have none.
    return None if target is not None and chat.type == "group" and not target.seen else target


def _quote(target: Message, reply: ReplyParameters) -> Json | None:
    if not reply.quote:
        return None
    start = utf16_index(target.words, reply.quote_position or 0)
    found = target.words.find(reply.quote, start)
    found = found if found >= 0 else target.words.find(reply.quote)
    if found < 0:
        raise bad("QUOTE_TEXT_INVALID")
    return {"text": reply.quote, "position": utf16_length(target.words[:found]), "is_manual": True}


def check_keyboard(markup: Shape | None) -> Json | None:
    """Check a keyboard and return it as JSON; None for an empty one."""
    if markup is None:
        return None
    if not isinstance(markup, InlineKeyboardMarkup):
        return markup.plain()
    rows = [row for row in markup.inline_keyboard if row]
    if sum(len(row) for row in rows) > MAX_BUTTONS or any(len(row) > MAX_ROW for row in rows):
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button.plain())
    if not rows:
        return None
    shown: Json = {"inline_keyboard": [[button.plain() for button in row] for row in rows]}
    return shown | ({"force_reply": True} if markup.force_reply else {})


def _check_button(button: Json) -> None:
    kinds = set(button) - {"text", "icon_custom_emoji_id", "style"}
    if not button["text"]:
        raise bad("can't parse inline keyboard button: Inline keyboard button text must be non-empty")
    if not kinds:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise bad("can't parse inline keyboard button: a button must have exactly one action")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(data.encode()) <= MAX_CALLBACK_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and "." not in button["url"] and "://" not in button["url"]:
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")

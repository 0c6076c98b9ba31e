"""Methods that copy and forward messages.

Imports ``rights``, ``botapi``, ``parameters``, ``sending``, ``words`` and ``state``. A copy has no link to its
original; a forward names its origin.
"""

from __future__ import annotations

from typing import Annotated, Any

from bot.sandbox.botapi.chats.rights import check_keyboard, find_chat, find_place
from bot.sandbox.botapi.errors import ApiError, bad
from bot.sandbox.botapi.methods.parameters import Entities, Numbers, Quiet, Reply
from bot.sandbox.botapi.methods.sending import appear
from bot.sandbox.botapi.methods.words import caption_fields, plain_entities
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import ChatId, FromJson, ReplyMarkup
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Json, Message

_CONTENT = {
    "text",
    "entities",
    "caption",
    "caption_entities",
    "photo",
    "document",
    "animation",
    "video",
    "audio",
    "voice",
    "video_note",
    "sticker",
    "rich_message",
    "location",
    "contact",
    "has_media_spoiler",
    "show_caption_above_media",
    "link_preview_options",
}
_WHAT = {"photo": "photos", "document": "documents", "video": "videos", "animation": "animations", "audio": "music"}


class Copied(Quiet):
    chat_id: ChatId
    from_chat_id: ChatId
    message_thread_id: int | None = None
    direct_messages_topic_id: int | None = None


class CopyMessage(Copied):
    message_id: int
    video_start_timestamp: int | None = None
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: Entities | None = None
    show_caption_above_media: bool | None = None
    allow_paid_broadcast: bool | None = None
    message_effect_id: str | None = None
    suggested_post_parameters: Annotated[dict[str, Any], FromJson] | None = None
    reply_parameters: Reply | None = None
    reply_markup: ReplyMarkup | None = None


class CopyMessages(Copied):
    message_ids: Numbers
    remove_caption: bool | None = None


class ForwardMessage(Copied):
    message_id: int
    video_start_timestamp: int | None = None
    message_effect_id: str | None = None
    suggested_post_parameters: Annotated[dict[str, Any], FromJson] | None = None


class ForwardMessages(Copied):
    message_ids: Numbers


def _source(backend: Backend, p: Copied, message_id: int, verb: str) -> Message:
    chat = find_chat(backend, p.from_chat_id, write=False)
    message = backend.world.message(chat.id, message_id)
    if message is None or message.service:
        raise bad(f"message to {verb} not found")
    if message.body.get("has_protected_content"):
        raise bad(f"message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return message


def content_of(message: Message) -> Json:
    """Return the fields that a copy of a message keeps."""
    return {key: value for key, value in message.body.items() if key in _CONTENT}


def origin_of(backend: Backend, message: Message) -> Json:
    """Return the forward_origin of a message; that of a forwarded message stays as it is."""
    if "forward_origin" in message.body:
        return {"forward_origin": message.body["forward_origin"]}
    shown = backend.world.view(message, with_reply=False)
    origin: Json = {"date": message.date}
    if shown["chat"]["type"] == "channel":
        origin |= {"type": "channel", "chat": shown["chat"], "message_id": message.message_id}
    elif "sender_chat" in shown:
        origin |= {"type": "chat", "sender_chat": shown["sender_chat"]}
    else:
        origin |= {"type": "user", "sender_user": shown["from"]}
    return {"forward_origin": origin}


def _what(message: Message) -> str:
    return next((what for kind, what in _WHAT.items() if kind in message.body), "text messages")


@method
async def copy_message(call: Call, p: CopyMessage) -> Json:
    """Copy a message, with a new caption if one is given."""
    source = _source(call.backend, p, p.message_id, "copy")
    place = find_place(call.backend, p.chat_id, p.message_thread_id, p.reply_parameters, _what(source))
    body = content_of(source)
    if p.caption is not None and "text" not in body:
        body = {k: v for k, v in body.items() if not k.startswith("caption")}
        body |= caption_fields(call.backend, p.caption, p.parse_mode, plain_entities(p.caption_entities))
    return {"message_id": appear(call, place, body, check_keyboard(p.reply_markup)).message_id}


@method
async def forward_message(call: Call, p: ForwardMessage) -> Json:
    source = _source(call.backend, p, p.message_id, "forward")
    place = find_place(call.backend, p.chat_id, p.message_thread_id, None, _what(source))
    message = appear(call, place, content_of(source) | origin_of(call.backend, source))
    return call.backend.world.view(message)


def _sources(call: Call, p: CopyMessages | ForwardMessages, verb: str) -> list[Message]:
    if not p.message_ids:
        raise bad("message identifiers are not specified")
    if len(p.message_ids) > 100:
        raise bad("too many message identifiers specified")
    if sorted(set(p.message_ids)) != p.message_ids:
        raise bad("message identifiers must be in a strictly increasing order")
    found = []
    for message_id in p.message_ids:
        try:
            found.append(_source(call.backend, p, message_id, verb))
        except ApiError:
            continue
    if not found:
        raise bad(f"there are no messages to {verb}")
    return found


def _group(call: Call, groups: dict[str, str], source: Message) -> Json:
    """Give the copies of an album a new media_group_id in common."""
    old = source.body.get("media_group_id")
    if old is None:
        return {}
    if old not in groups:
        groups[old] = str(call.backend.world.count("album", 14_000_000_000_000_001))
    return {"media_group_id": groups[old]}


@method
async def copy_messages(call: Call, p: CopyMessages) -> list[Json]:
    """Copy messages; skips those that cannot be copied."""
    groups: dict[str, str] = {}
    made = []
    for source in _sources(call, p, "copy"):
        place = find_place(call.backend, p.chat_id, p.message_thread_id, None, _what(source))
        body = content_of(source) | _group(call, groups, source)
        if p.remove_caption:
            body = {k: v for k, v in body.items() if not k.startswith("caption")}
        made.append({"message_id": appear(call, place, body).message_id})
    return made


@method
async def forward_messages(call: Call, p: ForwardMessages) -> list[Json]:
    """Forward messages; skips those that cannot be forwarded."""
    groups: dict[str, str] = {}
    made = []
    for source in _sources(call, p, "forward"):
        place = find_place(call.backend, p.chat_id, p.message_thread_id, None, _what(source))
        body = content_of(source) | origin_of(call.backend, source) | _group(call, groups, source)
        made.append({"message_id": appear(call, place, body).message_id})
    return made

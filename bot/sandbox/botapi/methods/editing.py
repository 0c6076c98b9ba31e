"""Methods that change messages: edits, deletion, reactions, answers to button presses.

Imports ``chats``, ``media``, ``botapi``, ``parameters``, ``words`` and ``state``. A bot edits only its own messages. An
edit that changes nothing is refused.
"""

from __future__ import annotations

import re
from typing import Annotated

from bot.sandbox.botapi.chats.post import change, delete, keep_reactions
from bot.sandbox.botapi.chats.rights import check_keyboard, find_chat
from bot.sandbox.botapi.content.media import ATTACH, resolve
from bot.sandbox.botapi.errors import NOT_MODIFIED, QUERY_TOO_OLD, bad
from bot.sandbox.botapi.methods.parameters import EditTarget, Entities, Numbers, Preview
from bot.sandbox.botapi.methods.words import caption_fields, plain_entities, text_fields
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import AnyMedia, ChatId, FromJson, Inline, ReactionType, Shape
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Chat, Json, Message
from bot.sandbox.botapi.state.updates import CALLBACK_LIFE_S

DELETABLE_S = 48 * 3600
MAX_ANSWER = 200
_WORDS = {"text", "entities", "caption", "caption_entities", "show_caption_above_media", "link_preview_options"}
_KEPT_WITH_MEDIA = {
    *("media_group_id", "has_protected_content", "effect_id"),
    *("guest_bot_caller_user", "via_bot"),
}
_INLINE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
REACTIONS = set(
    "👍👎❤🔥🥰👏😁🤔🤯😱🤬😢🎉🤩🤮💩🙏👌🕊🤡🥱🥴😍🐳🌚🌭💯🤣⚡🍌🏆💔🤨😐🍓🍾💋🖕😈😴😭🤓👻👀🎃🙈😇😨🤝✍🤗🫡🎅🎄☃💅🤪🗿🆒💘🙉🦄😘💊🙊😎👾😡"
)


class EditMessageText(EditTarget):
    text: str | None = None
    parse_mode: str | None = None
    entities: Entities | None = None
    link_preview_options: Preview | None = None
    reply_markup: Inline | None = None
    rich_message: Annotated[dict[str, object], FromJson] | None = None


class EditMessageCaption(EditTarget):
    caption: str | None = None
    parse_mode: str | None = None
    caption_entities: Entities | None = None
    show_caption_above_media: bool | None = None
    reply_markup: Inline | None = None


class EditMessageMedia(EditTarget):
    media: Annotated[AnyMedia, FromJson]
    reply_markup: Inline | None = None


class EditMessageReplyMarkup(EditTarget):
    reply_markup: Inline | None = None


class DeleteMessage(Shape):
    chat_id: ChatId
    message_id: int


class DeleteMessages(Shape):
    chat_id: ChatId
    message_ids: Numbers


class AnswerCallbackQuery(Shape):
    callback_query_id: str
    text: str | None = None
    show_alert: bool | None = None
    url: str | None = None
    cache_time: int | None = None


class SetMessageReaction(Shape):
    chat_id: ChatId
    message_id: int
    reaction: Annotated[list[ReactionType], FromJson] | None = None
    is_big: bool | None = None


def _editable(backend: Backend, p: EditTarget) -> Message:
    if p.business_connection_id:
        raise bad("business connection not found")
    if p.inline_message_id and p.chat_id is None and not p.message_id:
        return _inline(backend, p.inline_message_id)
    if p.chat_id is None:
        raise bad("chat_id is empty")
    if not p.message_id:
        raise bad("message identifier is not specified")
    chat = find_chat(backend, p.chat_id)
    message = backend.world.message(chat.id, p.message_id)
    if message is None:
        raise bad("message to edit not found")
    if message.sender_id != backend.config.bot_id or message.service:
        raise bad("message can't be edited")
    return message


def _inline(backend: Backend, inline_id: str) -> Message:
    """Return a message by its inline_message_id (td, InlineMessageManager.cpp)."""
    if not _INLINE_ID.fullmatch(inline_id):
        raise bad("Invalid inline message identifier specified")
    message = backend.world.by_inline_id(inline_id)
    if message is None:
        # core.telegram.org/method/messages.editInlineBotMessage, "Possible errors".
        raise bad("MESSAGE_ID_INVALID")
    return message


def _edit(backend: Backend, message: Message, body: Json, markup: Json | None) -> Json | bool:
    """Change a message; return it, or True for an inline message (Bot API, editMessageText)."""
    if body == message.body and markup == message.markup:
        raise bad(NOT_MODIFIED)
    # An edit of the keyboard alone does not mark the message as edited.
    edit_date = message.edit_date if body == message.body else backend.world.now()
    changed = change(backend, message, body=body, markup=markup, edit_date=edit_date)
    return True if message.inline_id else backend.world.view(changed)


@method
async def edit_message_text(call: Call, p: EditMessageText) -> Json | bool:
    """Change a text. Without a keyboard in the call, the old keyboard goes."""
    if p.rich_message is not None:
        raise bad("the sandbox does not do rich messages")
    message = _editable(call.backend, p)
    body = text_fields(call.backend, p.text or "", p.parse_mode, plain_entities(p.entities))
    if "text" not in message.body:
        raise bad("there is no text in the message to edit")
    if p.link_preview_options:
        body["link_preview_options"] = p.link_preview_options.plain()
    kept = {key: value for key, value in message.body.items() if key not in _WORDS}
    return _edit(call.backend, message, kept | body, check_keyboard(p.reply_markup))


@method
async def edit_message_caption(call: Call, p: EditMessageCaption) -> Json | bool:
    message = _editable(call.backend, p)
    words = caption_fields(call.backend, p.caption, p.parse_mode, plain_entities(p.caption_entities))
    if "text" in message.body:
        raise bad("there is no caption in the message to edit")
    if p.show_caption_above_media:
        words["show_caption_above_media"] = True
    kept = {key: value for key, value in message.body.items() if key not in _WORDS}
    return _edit(call.backend, message, kept | words, _markup_for(message, p.reply_markup))


@method
async def edit_message_media(call: Call, p: EditMessageMedia) -> Json | bool:
    """Change the media of a message. A text message becomes a media message."""
    backend = call.backend
    message = _editable(backend, p)
    words = caption_fields(backend, p.media.caption, p.media.parse_mode, plain_entities(p.media.caption_entities))
    if "media_group_id" in message.body and p.media.type not in {"photo", "video"} and "photo" in message.body:
        raise bad("can't use the media of the specified type in the album")
    markup = _markup_for(message, p.reply_markup)
    if message.inline_id and p.media.media.startswith(ATTACH):
        # "When an inline message is edited, a new file can't be uploaded" (Bot API, editMessageMedia). TDLib makes no
        # media of it (InlineMessageManager.cpp, edit_inline_message_media).
        raise bad("Invalid message content specified")
    media = await resolve(backend, p.media.type, p.media.media, call.uploads)
    message = _editable(backend, p)
    kept = {key: value for key, value in message.body.items() if key in _KEPT_WITH_MEDIA}
    if getattr(p.media, "has_spoiler", None):
        words["has_media_spoiler"] = True
    return _edit(backend, message, kept | media.content | words, markup)


@method
async def edit_message_reply_markup(call: Call, p: EditMessageReplyMarkup) -> Json | bool:
    message = _editable(call.backend, p)
    return _edit(call.backend, message, message.body, _markup_for(message, p.reply_markup))


def _markup_for(message: Message, given: Inline | None) -> Json | None:
    """Return the keyboard after an edit. Items of albums cannot have one and stay as they are."""
    return None if "media_group_id" in message.body else check_keyboard(given)


def _deletable(backend: Backend, chat: Chat, message: Message) -> bool:
    young = message.date > backend.world.now() - DELETABLE_S
    if chat.bot_status == "administrator":
        return bool(chat.bot_rights.get("can_delete_messages", True)) or message.sender_id == backend.config.bot_id
    return young and (message.sender_id == backend.config.bot_id or not chat.is_group)


@method
async def delete_message(call: Call, p: DeleteMessage) -> bool:
    backend = call.backend
    chat = find_chat(backend, p.chat_id)
    message = backend.world.message(chat.id, p.message_id)
    if message is None:
        raise bad("message to delete not found")
    if not _deletable(backend, chat, message):
        raise bad("message can't be deleted for everyone" if not chat.is_group else "message can't be deleted")
    delete(backend, message)
    return True


@method
async def delete_messages(call: Call, p: DeleteMessages) -> bool:
    """Delete up to 100 messages; skips those that do not exist."""
    backend = call.backend
    if not p.message_ids:
        raise bad("message identifiers are not specified")
    if len(p.message_ids) > 100:
        raise bad("too many message identifiers specified")
    chat = find_chat(backend, p.chat_id)
    for message_id in p.message_ids:
        message = backend.world.message(chat.id, message_id)
        if message is not None and _deletable(backend, chat, message):
            delete(backend, message)
    return True


@method
async def answer_callback_query(call: Call, p: AnswerCallbackQuery) -> bool:
    """Answer a press of a button, within 150 s."""
    backend = call.backend
    callback = backend.callbacks.get(p.callback_query_id)
    if callback is None or backend.config.clock() > callback["at"] + CALLBACK_LIFE_S:
        raise bad(QUERY_TOO_OLD)
    if p.text and len(p.text) > MAX_ANSWER:
        raise bad("MESSAGE_TOO_LONG")
    answer = {"text": p.text or "", "show_alert": bool(p.show_alert)}
    callback = callback | {"answered": True, "answer": answer}
    backend.callbacks[p.callback_query_id] = callback
    backend.keep.put("callback", p.callback_query_id, callback)
    backend.events.tell("callback_answer", chat_id=callback["chat_id"], callback_query_id=p.callback_query_id, **answer)
    return True


@method
async def set_message_reaction(call: Call, p: SetMessageReaction) -> bool:
    """Set or remove the bot's one reaction to a message."""
    backend = call.backend
    chat = find_chat(backend, p.chat_id)
    message = backend.world.message(chat.id, p.message_id)
    if message is None:
        raise bad("message to react not found")
    wanted = p.reaction or []
    if len(wanted) > 1:
        raise bad("REACTIONS_TOO_MANY")
    reactions = {who: emoji for who, emoji in message.reactions.items() if who != str(backend.config.bot_id)}
    if wanted:
        emoji = getattr(wanted[0], "emoji", "")
        if emoji.rstrip("\ufe0f") not in REACTIONS:
            raise bad("REACTION_INVALID")
        reactions[str(backend.config.bot_id)] = emoji
    keep_reactions(backend, message, reactions)
    return True

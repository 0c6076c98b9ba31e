"""Drafts and chat actions: what a person sees while the bot works.

Imports ``rights``, ``botapi``, ``parameters``, ``words`` and ``backend``. A draft ends 30 s after its last change, or
when the bot sends a message.
"""

from __future__ import annotations

import asyncio

from bot.sandbox.botapi.chats.rights import find_chat, find_topic
from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.methods.parameters import Entities
from bot.sandbox.botapi.methods.words import plain_entities, text_fields
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import ChatId, Shape
from bot.sandbox.botapi.state.backend import Backend, Draft

DRAFT_LIFE_S = 30.0
ACTION_LIFE_S = 5.0
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
    "cancel",
}


class SendMessageDraft(Shape):
    chat_id: int
    draft_id: int
    message_thread_id: int | None = None
    text: str | None = None
    parse_mode: str | None = None
    entities: Entities | None = None
    can_stop: bool | None = None
    keep_on_stop: bool | None = None


class SendChatAction(Shape):
    chat_id: ChatId
    action: str
    business_connection_id: str | None = None
    message_thread_id: int | None = None


def tell_draft(backend: Backend, chat_id: int, topic: int, draft: Draft | None, draft_id: int = 0) -> None:
    """Show a draft to people, or that it is gone (``text`` null)."""
    backend.events.tell(
        "draft",
        chat_id=chat_id,
        topic=topic,
        draft_id=draft.draft_id if draft else draft_id,
        text=draft.text if draft else None,
        can_stop=bool(draft and draft.can_stop),
        until=draft.until if draft else None,
    )


def end_draft(backend: Backend, chat_id: int, topic: int) -> None:
    """Remove a draft."""
    draft = backend.drafts.pop((chat_id, topic), None)
    if draft is not None:
        tell_draft(backend, chat_id, topic, None, draft.draft_id)


@method
async def send_message_draft(call: Call, p: SendMessageDraft) -> bool:
    """Show a draft in a private chat."""
    backend = call.backend
    chat = find_chat(backend, p.chat_id)
    if chat.is_group:
        raise bad("method is available only for private chats")
    if p.draft_id == 0:
        raise bad("draft identifier is invalid")
    text = ""
    if p.text:
        text = str(text_fields(backend, p.text, p.parse_mode, plain_entities(p.entities))["text"])
    draft = Draft(
        draft_id=p.draft_id,
        text=text,
        until=backend.config.clock() + DRAFT_LIFE_S,
        can_stop=bool(p.can_stop),
        keep_on_stop=bool(p.keep_on_stop),
    )
    backend.drafts[chat.id, p.message_thread_id or 0] = draft
    tell_draft(backend, chat.id, p.message_thread_id or 0, draft)
    backend.do_later(_expire(backend, chat.id, p.message_thread_id or 0, draft))
    return True


async def _expire(backend: Backend, chat_id: int, topic: int, draft: Draft) -> None:
    await asyncio.sleep(DRAFT_LIFE_S)
    if backend.drafts.get((chat_id, topic)) is draft:
        end_draft(backend, chat_id, topic)


@method
async def send_chat_action(call: Call, p: SendChatAction) -> bool:
    """Show for 5 s what the bot is doing."""
    if p.action not in ACTIONS:
        raise bad("wrong parameter action in request")
    chat = find_chat(call.backend, p.chat_id)
    topic = find_topic(chat, p.message_thread_id)
    until = call.backend.config.clock() + ACTION_LIFE_S
    action = None if p.action == "cancel" else p.action
    call.backend.events.tell("action", chat_id=chat.id, topic=topic, action=action, until=until)
    return True

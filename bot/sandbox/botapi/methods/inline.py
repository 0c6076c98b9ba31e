"""Methods that answer guest queries and inline queries.

Imports ``chats``, ``media``, ``botapi``, ``words`` and ``state``. An answer to a guest query becomes a message at once;
a result of an inline query becomes one when the person chooses it (``person.inline``).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import replace
from typing import Annotated

from bot.sandbox.botapi.chats.post import new_message, publish
from bot.sandbox.botapi.chats.rights import check_keyboard
from bot.sandbox.botapi.content.media import known
from bot.sandbox.botapi.errors import QUERY_TOO_OLD, bad
from bot.sandbox.botapi.methods.words import caption_fields, plain_entities, text_fields
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import (
    FromJson,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InlineResult,
    InputTextMessageContent,
    Shape,
)
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Json

MOST_RESULTS = 50
LONGEST_ID_BYTES = 64
_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")


class AnswerGuestQuery(Shape):
    guest_query_id: str
    result: Annotated[InlineResult, FromJson]


class AnswerInlineQuery(Shape):
    inline_query_id: str
    results: Annotated[list[InlineResult], FromJson]
    cache_time: int | None = None
    is_personal: bool | None = None
    next_offset: str | None = None
    button: Annotated[InlineQueryResultsButton, FromJson] | None = None


def new_inline_id() -> str:
    """Return an inline_message_id: some bytes in base64url (td, InlineMessageManager.cpp)."""
    return secrets.token_urlsafe(24)


def _content_of(backend: Backend, result: InlineResult) -> Json:
    """Return the body of the message that a result becomes. Raises ApiError."""
    # core.telegram.org/method/messages.setInlineBotResults, "Possible errors".
    if not result.id or len(result.id.encode()) > LONGEST_ID_BYTES:
        raise bad("RESULT_ID_INVALID")
    if isinstance(result, InlineQueryResultArticle):
        if not result.title:
            raise bad("ARTICLE_TITLE_EMPTY")
        return _text_of(backend, result.input_message_content)
    if result.input_message_content is not None:
        return _text_of(backend, result.input_message_content)
    words = caption_fields(backend, result.caption, result.parse_mode, plain_entities(result.caption_entities))
    return known(backend, "photo", result.photo_file_id).content | words


def _text_of(backend: Backend, given: InputTextMessageContent) -> Json:
    body = text_fields(backend, given.message_text, given.parse_mode, plain_entities(given.entities))
    preview = given.link_preview_options
    return body | ({"link_preview_options": preview.plain()} if preview else {})


@method
async def answer_guest_query(call: Call, p: AnswerGuestQuery) -> Json:
    """Post the answer to a guest query: once, and in time."""
    backend = call.backend
    body = _content_of(backend, p.result)
    markup = check_keyboard(p.result.reply_markup)
    query = backend.queries.open(p.guest_query_id)
    if query is None:
        raise bad(QUERY_TOO_OLD)
    backend.queries.put(replace(query, answered=True))
    chat = backend.world.chats[query.chat_id]
    caller = {"guest_bot_caller_user": backend.world.user(query.person_id)}
    message = new_message(backend, chat, backend.config.bot_id, body | caller, reply_to=query.message_id, markup=markup)
    message = backend.world.put_message(replace(message, inline_id=new_inline_id()))
    publish(backend, message)
    return {"inline_message_id": message.inline_id}


@method
async def answer_inline_query(call: Call, p: AnswerInlineQuery) -> bool:
    """Offer results to the person who types."""
    backend = call.backend
    if len(p.results) > MOST_RESULTS:
        raise bad("Too many inline query results specified")
    if len({result.id for result in p.results}) < len(p.results):
        raise bad("RESULT_ID_DUPLICATE")
    if p.button is not None and not _PARAMETER.fullmatch(p.button.start_parameter or ""):
        raise bad("Unallowed characters in start_parameter are used")
    offered = [
        {
            "id": result.id,
            "title": result.title or "",
            "description": result.description or "",
            "content": _content_of(backend, result),
            "markup": check_keyboard(result.reply_markup),
        }
        for result in p.results
    ]
    query = backend.queries.open(p.inline_query_id)
    if query is None or query.message_id:
        raise bad(QUERY_TOO_OLD)
    button = p.button.plain() if p.button else None
    backend.queries.put(replace(query, answered=True, results=offered, button=button))
    backend.events.tell("inline", chat_id=query.chat_id, query_id=query.id)
    return True

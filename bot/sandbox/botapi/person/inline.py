"""What a person does in inline mode: type behind the bot's name, and choose a result. And what an owner switches on.

Imports ``post``, ``errors``, ``acts``, ``orders``, ``methods`` and ``state``.
"""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.botapi.chats.post import new_message, publish
from bot.sandbox.botapi.errors import PersonError
from bot.sandbox.botapi.methods.inline import new_inline_id
from bot.sandbox.botapi.person.acts import chat_of
from bot.sandbox.botapi.person.orders import ChatOrder
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.queries import CHOSEN_LIFE_S, INLINE_LIFE_S, Modes, Query
from bot.sandbox.botapi.state.records import Json


class TypedOrder(ChatOrder):
    """Words behind the bot's name, in some chat."""

    words: str = ""


class ChosenOrder(ChatOrder):
    query_id: str
    result_id: str


async def switch(backend: Backend, order: Modes) -> Json:
    """Switch guest mode and inline mode, as the bot's owner does at @BotFather."""
    backend.world.set_profile("modes", order.model_dump())
    return order.model_dump()


async def ask(backend: Backend, order: TypedOrder) -> Json:
    """Type behind the bot's name; give the id of the query."""
    if not backend.modes.inline:
        raise PersonError("This bot has no inline mode.")
    chat = chat_of(backend, order.person_id, order.chat_id)
    query = backend.queries.put(
        Query(
            id=backend.queries.new_id(),
            person_id=order.person_id,
            chat_id=chat.id,
            words=order.words,
            until=backend.config.clock() + INLINE_LIFE_S,
        )
    )
    # The type of the chat is all that the bot learns of it (telegram-bot-api Client.cpp, JsonInlineQuery).
    own = chat.type == "private"
    body = {
        "id": query.id,
        "from": backend.world.user(order.person_id),
        "chat_type": "sender" if own else chat.type,
        "query": order.words,
        "offset": "",
    }
    backend.updates.add("inline_query", body, lane=f"user:{order.person_id}", life_s=INLINE_LIFE_S)
    return {"query_id": query.id}


async def choose(backend: Backend, order: ChosenOrder) -> Json:
    """Send one of the results. The bot can change the message later only if it has buttons (Bot API,
    ChosenInlineResult)."""
    query = backend.queries.find(order.query_id)
    offered = next((one for one in (query.results if query else None) or [] if one["id"] == order.result_id), None)
    if query is None or offered is None or query.person_id != order.person_id:
        raise PersonError("There is no such result.")
    chat = chat_of(backend, order.person_id, order.chat_id)
    via = {"via_bot": backend.world.bot()}
    message = new_message(backend, chat, order.person_id, offered["content"] | via, markup=offered["markup"])
    if offered["markup"]:
        message = backend.world.put_message(replace(message, inline_id=new_inline_id()))
    publish(backend, message)
    if backend.modes.feedback:
        body = {"from": backend.world.user(order.person_id), "query": query.words, "result_id": order.result_id}
        named = {"inline_message_id": message.inline_id} if message.inline_id else {}
        lane = f"user:{order.person_id}"
        backend.updates.add("chosen_inline_result", named | body, lane=lane, life_s=CHOSEN_LIFE_S)
    return backend.world.view(message)


def found(backend: Backend, query_id: str) -> Json:
    """Return what the bot offered for a query. Raises PersonError."""
    query = backend.queries.find(query_id)
    if query is None:
        raise PersonError("There is no such query.")
    return {"answered": query.answered, "results": query.results or [], "button": query.button}

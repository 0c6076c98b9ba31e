"""Guest mode: which messages call the bot where it is no member, and the query that they become.

Imports ``text`` and ``state``. A person mentions the bot by its username, or replies to what it posted as a guest
(core.telegram.org/bots/features#guest-bots). It does not work in groups with protected content and in secret chats
(core.telegram.org/api/bots/guest-mode), of which there are none here.
"""

from __future__ import annotations

from bot.sandbox.botapi.content.text import mentions
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.queries import Query
from bot.sandbox.botapi.state.records import Message


def calls_guest(backend: Backend, message: Message) -> bool:
    """Return whether a message calls the bot as a guest."""
    chat = backend.world.chats[message.chat_id]
    if not backend.modes.guests or chat.bot_is_member or chat.type not in ("group", "supergroup"):
        return False
    if message.service or message.sender_id not in backend.world.people or "via_bot" in message.body:
        return False
    target = backend.world.message(chat.id, message.reply_to) if message.reply_to else None
    if target is not None and target.sender_id == backend.config.bot_id:
        return True
    return mentions(message.words, message.word_entities, backend.world.username, backend.config.bot_id)


def call_guest(backend: Backend, message: Message) -> None:
    """Tell the bot that it is called, by the message and the one that it replies to.

    Waits a day for the bot, as any message does (telegram-bot-api Client.cpp, add_new_guest_query and
    add_message_update), also where the query itself is too old by then.
    """
    query = backend.queries.put(
        Query(
            id=backend.queries.new_id(),
            person_id=message.sender_id,
            chat_id=message.chat_id,
            message_id=message.message_id,
            until=backend.config.clock() + backend.modes.guest_life_s,
        )
    )
    body = backend.world.view(message) | {"guest_query_id": query.id}
    backend.updates.add("guest_message", body, lane=f"guest:{message.chat_id}")

"""Puts messages into chats and tells those who may know: people by events, the bot by updates.

Which group messages reach the bot follows Telegram's description of privacy mode. Imports backend, text and records.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.sandbox.botapi.backend import Backend
from bot.sandbox.botapi.records import Chat, Json, Message
from bot.sandbox.botapi.text import commands, mentions


def new_message(
    backend: Backend,
    chat: Chat,
    sender_id: int,
    body: Json,
    *,
    topic: int = 0,
    reply_to: int | None = None,
    quote: Json | None = None,
    markup: Json | None = None,
    service: bool = False,
) -> Message:
    """Make and keep a message without telling anyone yet."""
    world = backend.world
    return world.put_message(
        Message(
            chat_id=chat.id,
            message_id=world.next_message_id(chat),
            sender_id=sender_id,
            date=world.now(),
            body=body,
            topic=topic,
            reply_to=reply_to,
            quote=quote,
            markup=markup,
            service=service,
        )
    )


def publish(backend: Backend, message: Message, *, edited: bool = False) -> Message:
    """Show a new or edited message to people and, if it may see it, to the bot."""
    shown = backend.world.view(message)
    backend.events.tell("edited" if edited else "message", chat_id=message.chat_id, message=shown)
    # Of its own doings a bot is told only that it left.
    own = message.sender_id == backend.config.bot_id and "left_chat_member" not in message.body
    if not own and reaches_bot(backend, message):
        kind = "edited_message" if edited else "message"
        backend.updates.add(kind, shown, lane=f"chat:{message.chat_id}")
    return message


def service(backend: Backend, chat: Chat, sender_id: int, body: Json, *, topic: int = 0) -> Message:
    """Put a service message into a chat."""
    return publish(backend, new_message(backend, chat, sender_id, body, topic=topic, service=True))


def reaches_bot(backend: Backend, message: Message) -> bool:
    """Tell whether the bot is given a message: privacy mode, membership, blocking."""
    chat = backend.world.chats[message.chat_id]
    if not chat.bot_is_member:
        return False
    if not chat.is_group or message.service or chat.bot_reads_all or chat.bot_status == "administrator":
        return True
    return meant_for_bot(backend, message) or _replies_to_bot(backend, message)


def meant_for_bot(backend: Backend, message: Message) -> bool:
    """Tell whether a group message speaks to the bot: by command or mention.

    A command without a name counts: the bot is the only one in the groups here, so it spoke last.
    """
    username = backend.config.bot_username
    if mentions(message.words, message.word_entities, username, backend.config.bot_id):
        return True
    if message.body.get("via_bot", {}).get("id") == backend.config.bot_id:
        return True
    return _commands_bot(commands(message.words, message.word_entities), username)


def _commands_bot(found: Iterable[str], username: str) -> bool:
    for command in found:
        _, at, name = command.partition("@")
        if not at or name.lower() == username.lower():
            return True
    return False


def _replies_to_bot(backend: Backend, message: Message) -> bool:
    target = backend.world.message(message.chat_id, message.reply_to) if message.reply_to else None
    if target is None:
        return False
    return target.sender_id == backend.config.bot_id or meant_for_bot(backend, target)


def tell_chat(backend: Backend, chat: Chat) -> None:
    """Show a changed chat to people."""
    backend.events.tell("chat", chat_id=chat.id, chat=chat_for_people(backend, chat))


def chat_for_people(backend: Backend, chat: Chat) -> Json:
    """Describe a chat for the person API."""
    title = chat.title if chat.is_group else backend.world.bot()["first_name"]
    return {
        "id": chat.id,
        "type": chat.type,
        "title": title,
        "is_forum": chat.is_forum,
        "members": list(chat.members),
        "owner_id": chat.owner_id,
        "topics": [{"id": t.id, "name": t.name, "closed": t.closed} for t in chat.topics],
        "bot_is_member": chat.bot_is_member,
        "bot_status": chat.bot_status,
        "bot_reads_all": chat.bot_reads_all or chat.bot_status == "administrator" or not chat.is_group,
        "bot_can": chat.bot_can,
        "slow_mode_s": chat.slow_mode_s,
        "migrated_to": chat.migrated_to,
        "last_message_id": chat.last_message_id,
    }


def delete(backend: Backend, message: Message) -> None:
    """Take a message out of its chat."""
    backend.world.drop_message(message)
    backend.events.tell("deleted", chat_id=message.chat_id, message_id=message.message_id)


def change(backend: Backend, message: Message, **fields: object) -> Message:
    """Keep a changed message and show it."""
    changed = backend.world.put_message(replace(message, **fields))  # type: ignore[arg-type]
    return publish(backend, changed, edited=True)


def keep_reactions(backend: Backend, message: Message, reactions: dict[str, str]) -> Message:
    """Keep and show the reactions to a message."""
    message = backend.world.put_message(replace(message, reactions=reactions))
    shown = shown_reactions(message)
    backend.events.tell("reaction", chat_id=message.chat_id, message_id=message.message_id, reactions=shown)
    return message


def shown_reactions(message: Message) -> list[Json]:
    """Give the reactions to a message as the Bot API does."""
    return [{"type": "emoji", "emoji": emoji} for emoji in message.reactions.values()]

"""Puts messages into chats, and notifies people by events and the bot by updates.

``privacy`` decides which messages reach the bot. Imports ``privacy``, ``guests`` and ``state``.
"""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.botapi.chats.guests import call_guest, calls_guest
from bot.sandbox.botapi.chats.privacy import classify, reaches_bot, reads_all, shown_to_bot
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Chat, Json, Message
from bot.sandbox.botapi.state.world import OTHER_BOT, SERVICE


def new_message(
    backend: Backend,
    chat: Chat,
    sender_id: int,
    body: Json,
    *,
    topic: int = 0,
    thread: int = 0,
    reply_to: int | None = None,
    quote: Json | None = None,
    markup: Json | None = None,
    service: bool = False,
) -> Message:
    """Make and keep a message; it is published later."""
    world = backend.world
    target = world.message(chat.id, reply_to) if reply_to else None
    if target is not None and not topic and chat.type == "supergroup":
        # Also in the General topic of a forum (tdlib MessageReplyHeader.cpp; telegram-bot-api#447).
        thread = target.thread or target.message_id
    message = Message(
        chat_id=chat.id,
        message_id=world.next_message_id(chat),
        sender_id=sender_id,
        date=world.now(),
        body=body,
        topic=topic,
        thread=thread,
        reply_to=reply_to,
        quote=quote,
        markup=markup,
        service=service,
    )
    known = world.chats[chat.id]
    seen, meant = classify(backend, known, message)
    if not service and sender_id in (backend.config.bot_id, OTHER_BOT["id"]) and known.last_bot_id != sender_id:
        world.put_chat(replace(known, last_bot_id=sender_id))
    return world.put_message(replace(message, seen=seen, meant=meant))


def publish(backend: Backend, message: Message, *, edited: bool = False, news: bool = True) -> Message:
    """Show a new or edited message to people and, if it may see it and it is ``news``, to the bot."""
    shown = backend.world.view(message)
    chat = backend.world.chats[message.chat_id]
    if not edited and calls_guest(backend, message):
        call_guest(backend, message)
    backend.events.tell("edited" if edited else "message", chat_id=message.chat_id, message=shown)
    if news and reaches_bot(backend, message):
        kind = "channel_post" if chat.type == "channel" else "message"
        backend.updates.add(
            f"edited_{kind}" if edited else kind, shown_to_bot(backend, message), lane=f"chat:{message.chat_id}"
        )
    if chat.type == "channel" and chat.linked is not None and not edited:
        _forward_post(backend, chat, message)
    return message


def _forward_post(backend: Backend, channel: Chat, post: Message) -> None:
    """Copy a channel's post into its discussion group, where comments reply to it (Bot API, Message)."""
    world = backend.world
    shown = world.chat_json(channel)
    origin = {"type": "channel", "chat": shown, "message_id": post.message_id, "date": post.date}
    sender = {"from": SERVICE, "sender_chat": shown, "is_automatic_forward": True, "forward_origin": origin}
    group = world.chats[channel.linked or 0]
    publish(backend, new_message(backend, group, channel.owner_id, sender | post.body))


def service(backend: Backend, chat: Chat, sender_id: int, body: Json, *, topic: int = 0) -> Message:
    return publish(backend, new_message(backend, chat, sender_id, body, topic=topic, service=True))


def tell_chat(backend: Backend, chat: Chat) -> None:
    backend.events.tell("chat", chat_id=chat.id, chat=chat_for_people(backend, chat))


def chat_for_people(backend: Backend, chat: Chat) -> Json:
    """Return a chat as the person API describes it."""
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
        "bot_reads_all": reads_all(chat),
        "bot_can": chat.bot_can,
        "slow_mode_s": chat.slow_mode_s,
        "migrated_to": chat.migrated_to,
        "last_message_id": chat.last_message_id,
    }


def delete(backend: Backend, message: Message) -> None:
    backend.world.drop_message(message)
    backend.events.tell("deleted", chat_id=message.chat_id, message_id=message.message_id)


def change(backend: Backend, message: Message, **fields: object) -> Message:
    """Keep a changed message and show it. The bot gets an update only about new content.

    The real server also sends updates for other edits, as after a reaction (telegram-bot-api Client.cpp,
    need_skip_update_message).
    """
    changed = backend.world.put_message(replace(message, **fields))  # type: ignore[arg-type]
    news = (message.body, message.markup) != (changed.body, changed.markup)
    return publish(backend, changed, edited=True, news=news)


def keep_reactions(backend: Backend, message: Message, reactions: dict[str, str]) -> Message:
    """Keep the reactions to a message and show them."""
    message = backend.world.put_message(replace(message, reactions=reactions))
    shown = shown_reactions(message)
    backend.events.tell("reaction", chat_id=message.chat_id, message_id=message.message_id, reactions=shown)
    return message


def shown_reactions(message: Message) -> list[Json]:
    """Return the reactions to a message in the Bot API's form."""
    return [{"type": "emoji", "emoji": emoji} for emoji in message.reactions.values()]

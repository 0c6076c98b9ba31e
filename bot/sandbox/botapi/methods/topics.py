"""Topics that the bot opens. Imports ``chats``, ``botapi`` and ``state``."""

from __future__ import annotations

from dataclasses import replace

from bot.sandbox.botapi.chats.post import service, tell_chat
from bot.sandbox.botapi.chats.rights import find_chat
from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import ChatId, Shape
from bot.sandbox.botapi.state.records import Json, Topic

BLUE = 7322096
MAX_NAME = 128


class CreateForumTopic(Shape):
    chat_id: ChatId
    name: str
    icon_color: int | None = None
    icon_custom_emoji_id: str | None = None


@method
async def create_forum_topic(call: Call, p: CreateForumTopic) -> Json:
    """Open a topic in a forum, or in a private chat where the bot's account has topics."""
    backend = call.backend
    world = backend.world
    chat = find_chat(backend, p.chat_id)
    # td, ForumTopicManager.cpp, is_forum: a group with topics, or a private chat with a bot that has them.
    if not (chat.is_forum or (chat.type == "private" and world.profile.get("private_topics"))):
        raise bad("the chat is not a forum")
    if chat.is_group and not (chat.bot_status == "administrator" and chat.bot_can.get("manage_topics", True)):
        raise bad("not enough rights to create a topic")
    name = p.name.strip()
    if not name:
        raise bad("Title must be non-empty")
    topic = Topic(id=world.coming_message_id(chat), name=name[:MAX_NAME])
    chat = world.put_chat(replace(chat, topics=(*chat.topics, topic)))
    color = p.icon_color or BLUE
    created = {"forum_topic_created": {"name": topic.name, "icon_color": color}}
    service(backend, chat, backend.config.bot_id, created, topic=topic.id)
    tell_chat(backend, world.chats[chat.id])
    return {"message_thread_id": topic.id, "name": topic.name, "icon_color": color}

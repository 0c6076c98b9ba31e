"""Opens topics in private chats, where the operator wants one for each new start. Imports PTB and ``storage``.

Telegram lets a bot do so where its account has topics (Bot API, User.has_topics_enabled and createForumTopic).
"""

from __future__ import annotations

import logging

from telegram import Bot
from telegram.error import TelegramError

from storage.records import Key
from storage.store import Store

log = logging.getLogger(__name__)

LONGEST_NAME = 60
"""Telegram takes 128 letters, and clients show fewer."""

TOPIC = "topic"
"""What is noted with an update about the topic that was opened for it."""


class NewTopics:
    """Opens topics. ``wanted``: by the operator (``NEW_OPENS_TOPIC``)."""

    def __init__(self, bot: Bot, store: Store, *, wanted: bool) -> None:
        self._bot = bot
        self._store = store
        self._wanted = wanted

    async def open(self, update_id: int, key: Key, name: str) -> Key | None:
        """Open a topic for what an update asks, once; return its conversation, None where that is not to be.

        It takes over what was chosen in the conversation ``key``.
        """
        if not self._wanted or key.chat_id < 0 or not self._bot.bot.has_topics_enabled:
            return None
        topic_id = (await self._store.inbox.found_out(update_id)).get(TOPIC)
        if topic_id is None:
            try:
                topic_id = (await self._bot.create_forum_topic(key.chat_id, name[:LONGEST_NAME])).message_thread_id
            except TelegramError as error:
                # The new start happens here then.
                log.info("chat %s: no topic could be opened (%s)", key.chat_id, error.message)
                return None
            await self._store.inbox.note(update_id, TOPIC, topic_id)
        chosen = await self._store.conversations.settings(key)
        topic = Key(key.chat_id, topic_id)
        conversation = await self._store.conversations.open(topic)
        await self._store.conversations.change(conversation.id, lambda _: chosen)
        return topic

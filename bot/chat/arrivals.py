"""The bot comes into a group: it learns what it may read there and says hello, once.

May import ``delivery``, ``hearing``, ``incoming``, ``intake``, ``texts`` and ``storage``.
"""

from __future__ import annotations

import asyncio

from bot.chat.delivery import Delivery, Place
from bot.chat.hearing import Hearing, Hears
from bot.chat.incoming import Joined, Ranked
from bot.chat.intake import Me, is_addition, moved_from
from bot.dispatch.base import at_rest
from bot.texts import say
from storage.store import Store

UPGRADE_S = 1.0
"""How long the news of a group that became a supergroup may be under way, seconds.

It comes in three updates of three queues, in no promised order; getUpdates answers some 2 ms after the first of them
(telegram-bot-api, Client.h, LONG_POLL_WAIT_AFTER), so that one may come alone.
"""

LOOK_EVERY_S = 0.1


class Arrivals:
    """What happens when the bot joins a group, and when it becomes an admin there."""

    def __init__(self, me: Me, store: Store, delivery: Delivery, hearing: Hearing) -> None:
        self._me = me
        self._store = store
        self._delivery = delivery
        self._hearing = hearing

    async def joined(self, event: Joined) -> None:
        """Greet a group that was not greeted yet, saying what works there."""
        chat_id = event.key.chat_id
        await self._store.chats.seen(chat_id, event.kind, event.title)
        greeted = event.private or await self._greeted(event)
        if not greeted:
            hears = await self._hearing.learn(chat_id, admin=event.admin)
            await self._delivery.write(Place(key=event.key, language=event.language), self._greeting(event, hears))
            # Noted after it was said: a process that dies in between greets twice rather than never.
            await self._store.chats.claim_greeting(chat_id)
        elif event.admin is not None and not event.private:
            await self._hearing.ranked(chat_id, admin=event.admin)
        await self._store.inbox.finish([event.update_id])

    async def ranked(self, event: Ranked) -> None:
        """Note what the bot may read from now on; nobody asked to be told."""
        await self._hearing.ranked(event.key.chat_id, admin=event.admin)
        await self._store.inbox.finish([event.update_id])

    def _greeting(self, event: Joined, hears: Hears) -> str:
        reads = "greeting-admin" if hears.admin else "greeting-reads-all" if hears.reads_all else "greeting-privacy"
        language = event.language
        return f"{say(language, 'greeting', username=self._me.username)}\n{say(language, reads)}"

    async def _greeted(self, event: Joined) -> bool:
        """Tell whether a chat was greeted, maybe before it became a supergroup.

        That a supergroup is new to the bot is certain only when somebody was added to it; an upgrade adds nobody.
        """
        # Only my_chat_member says whether the bot is an admin, and only that comes with an upgrade.
        left = round(UPGRADE_S / LOOK_EVERY_S) if event.kind == "supergroup" and event.admin is not None else 0
        while True:
            rows = await self._store.inbox.waiting(event.key)
            for old_id in filter(None, (moved_from(row.payload) for row in rows)):
                await self._store.chats.migrate(old_id, event.key.chat_id)
            chat = await self._store.chats.find(event.key.chat_id)
            if chat is not None and chat.greeted:
                return True
            if left == 0 or any(is_addition(row.payload) for row in rows):
                return False
            left -= 1
            with at_rest():
                await asyncio.sleep(LOOK_EVERY_S)

"""Handles the arrival of the bot in a group: it finds out what it may read there, and greets once.

May import ``delivery``, ``visibility``, ``events``, ``parse``, ``moves``, ``texts`` and ``storage``.
"""

from __future__ import annotations

from bot.chat.events import Joined, Ranked
from bot.chat.groups.moves import holds_of_move
from bot.chat.groups.visibility import BASIC_GROUPS, GroupVisibility, Visibility
from bot.chat.identity import BotIdentity
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.texts import say
from storage.store import Store


class Arrivals:
    """Handles events about the bot's membership in groups."""

    def __init__(self, identity: BotIdentity, store: Store, delivery: Delivery, visibility: GroupVisibility) -> None:
        self._identity = identity
        self._store = store
        self._delivery = delivery
        self._visibility = visibility

    async def joined(self, event: Joined) -> None:
        """Greet a group that was not greeted yet, and say what works there."""
        chat_id = event.key.chat_id
        await self._store.chats.seen(chat_id, event.kind, event.title)
        greeted = event.private or await self._greeted(event)
        if not greeted:
            seen = await self._visibility.learn(chat_id, admin=event.admin)
            await self._delivery.write(Recipient(key=event.key, language=event.language), self._greeting(event, seen))
            # Stored after the greeting: a process that dies in between greets twice, not never.
            await self._store.chats.claim_greeting(chat_id)
        elif event.admin is not None and not event.private:
            await self._visibility.ranked(chat_id, admin=event.admin)
        await self._store.inbox.finish([event.update_id])

    async def ranked(self, event: Ranked) -> None:
        """Store what the bot may read from now on, and say nothing."""
        await self._visibility.ranked(event.key.chat_id, admin=event.admin)
        await self._store.inbox.finish([event.update_id])

    def _greeting(self, event: Joined, seen: Visibility) -> str:
        least = "greeting-unseen" if event.key.chat_id in BASIC_GROUPS else "greeting-privacy"
        # Where Telegram did not answer, the mode at the start of this process is the best guess.
        reads_all = self._identity.me.reads_all if seen.reads_all is None else seen.reads_all
        reads = "greeting-admin" if seen.admin else "greeting-reads-all" if reads_all else least
        language = event.language
        return f"{say(language, 'greeting', username=self._identity.me.username)}\n\n{say(language, reads)}"

    async def _greeted(self, event: Joined) -> bool:
        """Return whether a chat was greeted, perhaps before it became a supergroup."""

        async def greeted() -> bool:
            chat = await self._store.chats.find(event.key.chat_id)
            return chat is not None and chat.greeted

        # After an upgrade only my_chat_member comes, which also says whether the bot is an admin.
        waits = event.kind == "supergroup" and event.admin is not None
        return await holds_of_move(self._store, event, greeted, waits=waits)

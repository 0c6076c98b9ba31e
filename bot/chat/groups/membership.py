"""Handles events about the place of the bot in chats: it joins, greets once, gets rights, moves along, and is removed.

Imports ``response``, ``visibility``, ``events``, ``moves``, ``texts``, ``identity`` and ``storage``.
"""

from __future__ import annotations

import logging

from bot.chat.events import ChannelJoined, Joined, Left, Moved, Ranked
from bot.chat.groups.moves import holds_of_move
from bot.chat.groups.visibility import BASIC_GROUPS, GroupVisibility, Visibility
from bot.chat.identity import BotIdentity
from bot.chat.response import DONE, ENDED_BY_BLOCK, Greeted, Leave, Response, Sentence, WelcomedBack, Words
from bot.texts import say
from storage.store import Store

log = logging.getLogger(__name__)


class Membership:
    """Responds to events about the bot's membership in chats."""

    def __init__(self, identity: BotIdentity, store: Store, visibility: GroupVisibility) -> None:
        self._identity = identity
        self._store = store
        self._visibility = visibility

    async def respond(self, event: Joined | Ranked | ChannelJoined | Left | Moved) -> Response:
        """Store what an event says; only an arrival is answered."""
        match event:
            case Joined():
                return await self._joined(event)
            case Ranked():
                await self._visibility.ranked(event.key.chat_id, admin=event.admin)
            case ChannelJoined():
                log.info("channel %s: the bot does not work in channels and leaves", event.channel_id)
                return Response(parts=(Leave(chat_id=event.channel_id),))
            case Left():
                await self._store.chats.set_active(event.key.chat_id, False)
            case Moved():
                await self._store.chats.migrate(event.old_id, event.new_id)
        return DONE

    async def _joined(self, event: Joined) -> Response:
        """Greet a group that was not greeted yet, and say what works there."""
        chat_id = event.key.chat_id
        await self._store.chats.seen(chat_id, event.kind, event.title)
        greeted = event.private or await self._greeted(event)
        if not greeted:
            seen = await self._visibility.learn(chat_id, admin=event.admin)
            return Response(parts=(Words(text=self._greeting(event, seen)),), ending=Greeted(chat_id=chat_id))
        if event.private:
            return await self._welcome_back(chat_id)
        if event.admin is not None:
            await self._visibility.ranked(chat_id, admin=event.admin)
        return DONE

    async def _welcome_back(self, chat_id: int) -> Response:
        """Tell a person who had blocked the bot which of their messages ended by that."""
        chat = await self._store.chats.find(chat_id)
        ended = chat.settings.get(ENDED_BY_BLOCK) if chat else None
        if not ended:
            return DONE
        said = Sentence(key="ended-by-block", values={"count": ended})
        return Response(parts=(said,), ending=WelcomedBack(chat_id=chat_id))

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

"""Decides who is served, by the operator's lists and the rules of a group, and says so to the others.

Imports PTB, ``admins``, ``command_table``, ``delivery``, ``allow_list``, ``visibility``, ``events``, ``moves``,
``group_rules``, ``message`` and ``storage``.
"""

from __future__ import annotations

import logging

from telegram.error import BadRequest, Forbidden

from bot.access.allow_list import AllowList
from bot.chat.command_table import known_command
from bot.chat.commands.group_rules import GroupRules
from bot.chat.events import Commanded, Event, Incoming, Joined, Pressed, Said, cancel_in
from bot.chat.groups.admins import AdminsUnknown
from bot.chat.groups.moves import holds_of_move
from bot.chat.groups.visibility import BASIC_GROUPS
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from storage.records import Author, Turn
from storage.store import Store

log = logging.getLogger(__name__)


class Authorization:
    """Admits events, or says once why not."""

    def __init__(self, store: Store, delivery: Delivery, allow_list: AllowList, rules: GroupRules) -> None:
        self._store = store
        self._delivery = delivery
        self._allow_list = allow_list
        self._rules = rules
        self._chats_notified: set[int] = set()
        self._moved_here: set[int] = set()

    async def admits(self, event: Said | Commanded | Pressed | Joined) -> bool:
        """Return whether to serve an event. Notifies a refused person once, and leaves a group that is not served."""
        if not await self._serves(event):
            await self._decline(event)
            return False
        if isinstance(event, Joined):
            return True
        meant = is_meant(event)
        if self._allow_list.lets_person(event.author.id):
            return not meant or await self._rules_allow(event)
        if meant and await self._is_new(event.author):
            await self._delivery.say(Recipient.of_event(event), "not-served-person", id=str(event.author.id))
            await self._note_notified(event.author.id)
        return False

    async def _rules_allow(self, event: Said | Commanded | Pressed) -> bool:
        """Return whether the rules of a group let a person use the bot. A refused person is notified once."""
        if await self._rules.allow(event):
            return True
        chat_id, person_id = event.key.chat_id, event.author.id
        if not await self._rules.was_notified(chat_id, person_id):
            await self._delivery.say(Recipient.of_event(event), "not-allowed-here")
            # Stored after the message: a process that dies in between sends it twice, not never.
            await self._rules.note_notified(chat_id, person_id)
        return False

    async def may_stop(self, event: Incoming | None, turn: Turn | None) -> bool:
        """Return whether the author of a cancel may stop a turn; ``turn`` is None for a wish that is no turn yet.

        ``event`` is None for Telegram's Stop button: only the person who gets the draft sees it.
        """
        if event is None:
            return True
        event = cancel_in(event)
        if event is None:
            return False
        try:
            if not await self._allows(event):
                return False
            settings = await self._store.conversations.settings(event.key) if isinstance(event, Pressed) else {}
            return await self._rules.may_press(settings, event, turn)
        except AdminsUnknown:
            # The worker tells the person when it takes the update.
            return False

    async def may_correct(self, event: Said) -> bool:
        """Return whether a person may still change a waiting wish.

        The worker announces a refusal when it takes the edit.
        """
        try:
            return await self._allows(event)
        except AdminsUnknown:
            return False

    async def may_call(self, event: Said) -> bool:
        """Return whether a person may ask for pictures from a chat where the bot is no member."""
        return await self._allows(event)

    async def _allows(self, event: Said | Commanded | Pressed) -> bool:
        return (
            await self._serves(event)
            and self._allow_list.lets_person(event.author.id)
            and await self._rules.allow(event)
        )

    async def _serves(self, event: Event) -> bool:
        """Return whether the group of an event is served. A supergroup is served if the group that it was is listed."""
        chat_id = event.key.chat_id
        if event.private or self._allow_list.lets_chat(chat_id) or chat_id in self._moved_here:
            return True

        async def was_listed() -> bool:
            return not self._allow_list.chats.isdisjoint(await self._store.chats.moved_to(chat_id))

        # The bot cannot undo that it left, so it first waits for an update that says what the supergroup was.
        if not await holds_of_move(self._store, event, was_listed, waits=chat_id not in BASIC_GROUPS):
            return False
        self._moved_here.add(chat_id)
        log.warning("a group of ALLOWED_CHATS became the supergroup %s; put that id into ALLOWED_CHATS, too", chat_id)
        return True

    async def _decline(self, event: Event) -> None:
        """Leave a group that is not served, and say why once, if the bot may write there."""
        chat_id = event.key.chat_id
        await self._store.chats.seen(chat_id, "group", "")
        chat = await self._store.chats.find(chat_id)
        try:
            if chat is not None and not chat.greeted:
                await self._delivery.say(Recipient(key=event.key, language=event.language), "not-served-chat")
        except (BadRequest, Forbidden) as error:
            log.info("chat %s: it cannot be said there that the chat is not served: %s", chat_id, error.message)
        await self._store.chats.claim_greeting(chat_id)
        await self._delivery.leave(chat_id)

    async def _is_new(self, author: Author) -> bool:
        """Return whether a person was not notified yet. Only the id is stored."""
        if author.id <= 0:
            return author.id not in self._chats_notified
        await self._store.chats.seen(author.id, "person", "")
        chat = await self._store.chats.find(author.id)
        return chat is not None and not chat.greeted

    async def _note_notified(self, author_id: int) -> None:
        """Store, after the message, that a person was notified; a crash in between repeats it and does not lose it."""
        if author_id <= 0:
            # The id of an anonymous admin or a channel is that of a chat, and a chat has its own greeting.
            self._chats_notified.add(author_id)
        else:
            await self._store.chats.claim_greeting(author_id)


def is_meant(event: Said | Commanded | Pressed) -> bool:
    """Return whether an event is meant for the bot, judged by the event alone."""
    return event.private or isinstance(event, Pressed) or event.addressed or known_command(event)

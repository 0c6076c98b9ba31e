"""Tells people in private that what they sent waits, while not even the inbox can store it.

Imports PTB, ``authorization``, ``background``, ``delivery``, ``events``, ``identity``, ``message``, ``raw`` and
``storage``. Telegram keeps such updates and delivers them again, in order, so nothing is lost. But nobody would read
anything until there is room. Where several processes take deliveries, none knows what the others said, so there nothing
is said.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from contextvars import Context
from dataclasses import replace
from typing import Any

from telegram.error import TelegramError

from bot.background import BackgroundTasks
from bot.chat.authorization import Authorization
from bot.chat.events import Commanded, Pressed, Said
from bot.chat.identity import BotIdentity
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.updates.raw import is_of_another_bot
from storage.engine.faults import StorageFault
from storage.records import InboxRow, Json, Key
from storage.store import Store

log = logging.getLogger(__name__)

TELL_AFTER_S = 30.0
"""How long nothing could be stored before anybody is told; most faults pass sooner."""

MOST = 10_000
"""How many people are told in one outage. More are not remembered, so they are not told."""


class Unstored:
    """Counts how long nothing could be stored, and tells each person once in that time.

    ``tells``: False where several processes take deliveries, as each of them would tell the same people.
    """

    def __init__(
        self, identity: BotIdentity, store: Store, authorization: Authorization, delivery: Delivery, *, tells: bool
    ) -> None:
        self._identity = identity
        self._store = store
        self._authorization = authorization
        self._delivery = delivery
        self._tells = tells
        self._since: float | None = None
        self._told: set[int] = set()
        self._background = BackgroundTasks()

    def passed(self) -> None:
        """Note that updates were stored, so an outage is over."""
        self._since = None
        self._told.clear()

    def met(self, keyed: Iterable[tuple[Key, Json]]) -> None:
        """Note that these updates could not be stored; returns at once."""
        now = asyncio.get_running_loop().time()
        self._since = now if self._since is None else self._since
        if not self._tells or now - self._since < TELL_AFTER_S:
            return
        for key, update in keyed:
            event = self._private(key, update)
            if event is not None and key.chat_id not in self._told and len(self._told) < MOST:
                # Before anything is awaited: the next try must not tell the same person.
                self._told.add(key.chat_id)
                # An empty context carries no worker's fence, which would wait for the database.
                self._background.run(self._tell(event), context=Context())

    async def close(self) -> None:
        """Wait for what is being said."""
        await self._background.finish()

    def _private(self, key: Key, update: Json) -> Said | Commanded | Pressed | None:
        """Return what a person sent in the private chat; None for everything else, and for what other bots send."""
        if key.is_inline or key.chat_id <= 0 or is_of_another_bot(update, self._identity.me.id):
            return None
        row = InboxRow(update_id=update["update_id"], key=key, payload=update, tries=0, received_at=time.time())
        try:
            event = self._identity.read(row)
        except Exception as error:
            # Whoever handles it later says what is wrong with it.
            log.info("update %s waits and cannot be read: %s", row.update_id, type(error).__name__)
            return None
        if not isinstance(event, Said | Commanded | Pressed) or not event.private:
            return None
        return event if event.author.id == key.chat_id else None

    async def _tell(self, event: Said | Commanded | Pressed) -> None:
        if not await self._authorization.surely_serves(event.author.id):
            return
        settings: Mapping[str, Any] = {}
        with suppress(StorageFault):
            settings = await self._store.conversations.settings(event.key)
        chosen = replace(event, chosen_language=str(settings.get("language") or event.chosen_language))
        try:
            await self._delivery.say_fault(Recipient.of_event(chosen), "store-away")
        except TelegramError as error:
            log.info("chat %s: it cannot be said there that what came waits: %s", event.key.chat_id, error.message)

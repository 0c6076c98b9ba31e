"""Stores raw updates in the inbox.

Imports PTB, ``identity``, ``parse``, ``paying``, ``raw``, ``backlog``, ``unstored``, ``background``, ``dispatch`` and
``storage``.
Updates stay raw JSON here, because one that PTB cannot parse must not stop the ones after it (python-telegram-bot 22.8
repeats it for ever).
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from telegram import Bot
from telegram.error import TelegramError

from bot.background import BackgroundTasks
from bot.chat.identity import BotIdentity
from bot.chat.receive.backlog import Backlog
from bot.chat.receive.unstored import Unstored
from bot.chat.updates import parse
from bot.chat.updates.paying import is_checkout
from bot.chat.updates.raw import first
from bot.dispatch.base import Wake
from storage.engine.faults import StorageFault
from storage.records import InboxRow, Json, Key
from storage.tables.inbox import Inbox, Post

log = logging.getLogger(__name__)

LARGEST_NUMBER = 2**62
"""Above every update_id of Telegram and within the range of both databases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnStored:
    """What a stored update sets off.

    ``wake`` and ``overtake`` are called in one process that works alone. Where several processes share the database,
    ``post`` notifies all of them, in the transaction that stores the update.
    """

    wake: Wake = lambda _: False
    overtake: Callable[[InboxRow], object] = lambda _: None
    post: Post | None = None


class Checkout(Protocol):
    """Answers whether a payment may be made."""

    async def answer(self, update: Json) -> None:
        """Answer a pre-checkout query. It is not stored, since it is worth nothing after ten seconds."""
        ...


class InlineDesk(Protocol):
    """Answers what cannot wait of updates from places where the bot is no member."""

    def stored(self, row: InboxRow) -> None:
        """Begin what a stored update needs at once."""
        ...

    async def words_for(self, press: Json) -> str:
        """Return what the person reads who presses a button; "" for nothing."""
        ...

    async def offer(self, query: Json) -> None:
        """Answer an inline query, which is not stored."""
        ...


class Receiver:
    """Takes raw updates in: commits them, wakes their conversations, and lets cancels and corrections overtake."""

    def __init__(
        self,
        bot: Bot,
        identity: BotIdentity,
        inbox: Inbox,
        backlog: Backlog,
        unstored: Unstored,
        on_stored: OnStored,
        checkout: Checkout,
        desk: InlineDesk,
    ) -> None:
        self._bot = bot
        self._identity = identity
        self._inbox = inbox
        self._backlog = backlog
        self._unstored = unstored
        self._on_stored = on_stored
        self._checkout = checkout
        self._desk = desk
        self._background = BackgroundTasks()

    async def full(self) -> bool:
        """Return whether too many conversations wait to fetch more updates."""
        return await self._backlog.full()

    async def take(self, updates: Sequence[object]) -> None:
        """Store updates, wake their conversations, and return when the updates are durable.

        A conversation starts before its update is durable. Everything that it sends has a durable record first, and
        that makes all earlier writes durable, too. An update that was received before, under the same number or as the
        same press of a button, has no effect. Raises: ``StorageFault``.
        """
        asked = [update for update in updates if isinstance(update, dict) and self._asks_at_once(update)]
        updates = [update for update in updates if update not in asked] if asked else updates
        if asked and not updates:
            return
        usable = [update for update in updates if isinstance(update, dict) and number_of(update) is not None]
        if len(usable) < len(updates):
            await self.set_aside([json.dumps(update) for update in updates if update not in usable])
        presses = {update["update_id"]: press for update in usable if (press := parse.press_of(update))}
        urgent = {update["update_id"] for update in usable if parse.overtakes(update, self._bot, self._identity.me)}
        keyed = [(parse.key_of(update), update) for update in usable]
        try:
            new = await self._inbox.add(keyed, presses, urgent, self._on_stored.post)
        except StorageFault:
            self._unstored.met(keyed)
            raise
        self._unstored.passed()
        fresh = [(key, update) for key, update in keyed if update["update_id"] in new]
        busy: set[Key] = set()
        for key, update in fresh:
            row = InboxRow(update_id=update["update_id"], key=key, payload=update, tries=0, received_at=time.time())
            if row.update_id in presses:
                self._background.run(self._acknowledge(presses[row.update_id].callback_id, update))
            if row.update_id in urgent:
                self._on_stored.overtake(row)
            if key.is_inline:
                self._desk.stored(row)
            if not self._on_stored.wake(key):
                busy.add(key)
        await self._inbox.flush()
        self._backlog.took(len(fresh))
        await self._backlog.trim(busy)

    def _asks_at_once(self, update: Json) -> bool:
        """Have a question answered in the background that is worth nothing later; return whether an update is one."""
        if is_checkout(update):
            self._background.run(self._checkout.answer(update))
        elif (query := first(update, "inline_query")) is not None:
            self._background.run(self._desk.offer(query))
        else:
            return False
        return True

    async def set_aside(self, bodies: Sequence[str]) -> None:
        """Store deliveries that are no updates, for the operator. Raises: ``StorageFault``."""
        if new := await self._inbox.keep_unusable(bodies):
            log.error("%s deliveries are no updates; they are set aside, the command `check` lists them", new)

    async def close(self) -> None:
        """Wait for the last acknowledgements."""
        await self._background.finish()

    async def _acknowledge(self, callback_id: str, press: Json) -> None:
        # At once, so that the client stops the spinner of the button. A message in the chat says what the press did;
        # where the bot is no member, only this answer can.
        try:
            words = await self._desk.words_for(press)
            await self._bot.answer_callback_query(callback_id, words or None, show_alert=bool(words))
        except TelegramError as error:
            log.info("the press of a button was not acknowledged: %s", error)


def number_of(update: Json) -> int | None:
    """Return the number of an update; None where it has no usable one."""
    number = update.get("update_id")
    usable = isinstance(number, int) and not isinstance(number, bool) and 0 <= number < LARGEST_NUMBER
    return number if usable else None

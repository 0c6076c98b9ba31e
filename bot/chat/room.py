"""How much may wait: wishes of one conversation, and updates altogether. Imports PTB, ``intake`` and ``storage``.

Wishes over the limit are turned away at once with a friendly sentence, once for a burst, so that neither one person's
flood nor everybody's makes memory or disk grow. Commands are never turned away as such: they are quick.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from typing import Protocol

from telegram import Bot

from bot.chat import intake
from bot.chat.incoming import Pressed, Said
from storage.inbox import Inbox
from storage.records import InboxRow, Key

log = logging.getLogger(__name__)

MOST_ROWS = 100
"""Updates of any kind that one conversation may have waiting."""

MOST_OPEN = 2000
"""Updates that may wait altogether before Telegram is asked for no more; it keeps them for a day."""

ONCE_IN_S = 10.0

WISHING = ("again", "vary", "join")
"""Buttons that make a turn."""


class Refuse(Protocol):
    """Ends updates that are turned away."""

    async def __call__(self, rows: Sequence[InboxRow], language: str, limit: int, *, silent: bool) -> None:
        """Say in a language that ``limit`` wishes wait already, unless that was said just now."""
        ...


class Room:
    """Keeps the number of waiting updates within bounds."""

    def __init__(self, bot: Bot, me: intake.Me, inbox: Inbox, refuse: Refuse, limit: int) -> None:
        self._bot = bot
        self._me = me
        self._inbox = inbox
        self._refuse = refuse
        self._limit = limit
        self._told: dict[Key, float] = {}
        self._uncounted = 0

    async def full(self) -> bool:
        """Tell whether so much waits that no more should be fetched."""
        if self._uncounted > 0:
            return False
        free = MOST_OPEN - await self._inbox.count_open()
        # Other processes fill the same store, so it is counted again well before it can be full.
        self._uncounted = free // 2
        return free <= 0

    def took(self, number: int) -> None:
        """Note that so many updates came in."""
        self._uncounted -= number

    async def trim(self, keys: Collection[Key]) -> None:
        """Turn away what is over the limit of these conversations, the newest first."""
        counted = await self._inbox.count_waiting(keys) if keys else {}
        # One more than may wait, since the first of them may be about to begin.
        for key, count in counted.items():
            if count > self._limit + 1:
                await self._trim(key)

    async def _trim(self, key: Key) -> None:
        rows = [row for row in await self._inbox.waiting(key, limit=MOST_ROWS * 3) if row.notice is None]
        wishes: list[str] = []
        over: list[InboxRow] = []
        language = ""
        for place, row in enumerate(rows):
            wish, spoken = self._wish(row)
            if wish is None and place < MOST_ROWS:
                continue
            if wish in wishes and place < MOST_ROWS:
                continue
            if wish is not None and len(wishes) <= self._limit and place < MOST_ROWS:
                wishes.append(wish)
                continue
            over.append(row)
            language = spoken or language
        if over:
            now = asyncio.get_running_loop().time()
            silent = now - self._told.get(key, -ONCE_IN_S) < ONCE_IN_S
            self._told = {one: at for one, at in self._told.items() if now - at < ONCE_IN_S} | {key: now}
            log.info(
                "conversation %s/%s: %s messages over the limit of %s are turned away", *key, len(over), self._limit
            )
            await self._refuse(over, language, self._limit, silent=silent)

    def _wish(self, row: InboxRow) -> tuple[str | None, str]:
        """Return what tells this row's wish from others, None when it is no wish, and the person's language."""
        try:
            event = intake.read(row.payload, self._bot, self._me)
        except Exception:
            # What cannot be read is judged when its turn comes, where failures are counted.
            return None, ""
        if isinstance(event, Said) and event.addressed:
            # Pictures that only wait for words are one wish, however many they are.
            alone = f"pictures of {event.author.id}" if event.is_bare else f"message {event.message_id}"
            return event.album or alone, event.author.language
        if isinstance(event, Pressed) and event.data.partition(":")[0] in WISHING:
            return f"press {event.callback_id}", event.author.language
        return None, ""

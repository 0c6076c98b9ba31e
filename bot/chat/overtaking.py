"""Lets updates overtake the queue of their conversation: cancels, edits of a wish that runs, and news of payments.

Imports PTB, ``background``, ``identity``, ``acts``, ``at_once``, ``cancelling``, ``edits``, ``events``, ``parse``,
``paying``, ``payments``, ``raw``, ``response`` and ``storage``. An update that overtakes is looked at as soon as it is
stored. Where it changes nothing it stays in the queue, and a turn that begins looks at the queue again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from telegram import Bot

from bot.background import BackgroundTasks
from bot.chat.cancelling import Cancelling, RunningTurn
from bot.chat.events import Paid, Refunded, Said
from bot.chat.identity import BotIdentity
from bot.chat.receive.acts import try_read
from bot.chat.receive.at_once import AtOnce
from bot.chat.response import STORED
from bot.chat.stars.payments import Payments
from bot.chat.updates import parse
from bot.chat.updates.paying import is_payment
from bot.chat.updates.raw import is_edit
from bot.chat.wishes.edits import Edits
from storage.records import InboxRow, Key
from storage.store import Store

MOST_LOOKED_THROUGH = 50
"""Among how many waiting updates of a conversation a cancel is looked for."""


class Overtaking:
    """Finds updates that overtake. ``cancelling`` knows what runs, and stops it."""

    def __init__(
        self,
        bot: Bot,
        identity: BotIdentity,
        store: Store,
        cancelling: Cancelling,
        edits: Edits,
        payments: Payments,
        at_once: AtOnce,
    ) -> None:
        self._bot = bot
        self._identity = identity
        self._store = store
        self._edits = edits
        self._payments = payments
        self._at_once = at_once
        self._background = BackgroundTasks()
        self._updates_wait: dict[Key, bool] = {}
        self.cancelling = cancelling

    @contextmanager
    def watching(self, key: Key) -> Iterator[None]:
        """Notice during a step of a conversation whether updates arrive for it that overtake."""
        self._updates_wait[key] = False
        try:
            yield
        finally:
            del self._updates_wait[key]

    def note_waiting_update(self, key: Key) -> None:
        """Note that an update waits in a conversation whose step runs."""
        self._updates_wait[key] = True

    def may_wait(self, key: Key) -> bool:
        """Return whether updates may wait in a conversation. If not, a turn that begins need not look for them."""
        return self._updates_wait.get(key, True)

    def overtake(self, row: InboxRow) -> asyncio.Task[None] | None:
        """Let an update stop or change what its conversation works on; returns at once, with the task of a cancel."""
        if row.key in self._updates_wait:
            self._updates_wait[row.key] = True
        running = self.cancelling.turns_at_work.get(row.key)
        if parse.is_left(row.payload):
            self.cancelling.leave(row)
        elif is_payment(row.payload):
            if running is not None:
                self._at_once.say(row, partial(self._pay, row, running))
        elif not is_edit(row.payload):
            return self.cancelling.cancel(row)
        elif running is not None:
            self._background.run(self._correct(row, running))
        return None

    async def look(self, key: Key, *, waits: bool = False) -> list[InboxRow]:
        """Return the waiting updates of a conversation; cancels among them overtake.

        They may have come before a restart, or before the turn began to run. ``waits``: return when all of them have
        had their effect, so that no call begins for a turn that one of them stops.
        """
        rows = [
            row for row in await self._store.inbox.open_updates(key, limit=MOST_LOOKED_THROUGH) if row.notice is None
        ]
        cancels = [row for row in rows if parse.is_cancel(row.payload, self._bot, self._identity.me)]
        stopping = [task for task in map(self.overtake, cancels) if task is not None]
        if stopping and waits:
            await asyncio.wait(stopping)
        return rows

    def stop_ended(self, turn_ids: Collection[int]) -> None:
        """Stop the forgotten or cancelled turns that run in this process."""
        self.cancelling.stop_ended(turn_ids)

    async def look_for_all(self) -> None:
        """Find cancels, edits and forgotten turns of which no other process could notify this one."""
        # A turn that begins at this moment now looks for waiting updates by itself.
        self._updates_wait = dict.fromkeys(self._updates_wait, True)
        for key in list(self.cancelling.turns_at_work):
            for row in await self.look(key):
                if is_edit(row.payload):
                    self.overtake(row)
        await self.cancelling.look_for_ended()

    async def close(self) -> None:
        """Wait for cancels and edits that have begun."""
        await asyncio.gather(self.cancelling.close(), self._background.finish())

    async def _pay(self, row: InboxRow, running: RunningTurn) -> None:
        """Note a payment or a refund while a turn runs: nobody should wait for a picture to read that it arrived."""
        event = self._identity.read(row)
        if isinstance(event, Paid | Refunded):
            event = replace(event, chosen_language=running.language)
            noted = self._payments.paid(event) if isinstance(event, Paid) else self._payments.refunded(event)
            if await noted is not STORED:
                await self._store.inbox.finish([row.update_id])

    async def _correct(self, row: InboxRow, running: RunningTurn) -> None:
        """Let an edit replace the running turn, if no call for it has begun; else the edit stays in the queue."""
        event = try_read(row, self._identity.read)
        if isinstance(event, Said) and await self._edits.correct(event, running.turn):
            running.call.cancel()

"""Says what was stored with an update at once, while the conversation of that update works on something else.

Imports ``background``, ``dispatch.base`` and ``storage``. The notice stays with its update until it was said. So where
the process dies, or the saying fails, the conversation says it when it comes to that update.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.background import BackgroundTasks
from bot.dispatch.base import Later, Peers
from storage.records import InboxRow
from storage.tables.inbox import Inbox

log = logging.getLogger(__name__)

PEERS_S = 0.5
"""How long to wait for another process before the next look."""

SAID_AT_ONCE = ("busy", "busy-more", "paid", "refund-noted", "not-stopped")
"""The notices that are said beside a conversation. Whoever says one claims it, so that nobody reads it twice."""


class AtOnce:
    """Says notices in the background. ``notify`` sends the notice of an update and ends the update."""

    def __init__(self, inbox: Inbox, notify: Callable[[InboxRow], Awaitable[None]], peers: Peers) -> None:
        self._inbox = inbox
        self._notify = notify
        self._peers = peers
        self._saying: dict[int, asyncio.Task[None]] = {}
        self._background = BackgroundTasks()

    def say(self, row: InboxRow, effect: Callable[[], Awaitable[None]] | None = None) -> None:
        """Say the notice of an update; returns at once. ``effect``: is done before, and stores the notice."""
        task = self._saying[row.update_id] = self._background.run(self._say(row, effect))
        task.add_done_callback(lambda _: self._saying.pop(row.update_id, None))

    @asynccontextmanager
    async def left_to_say(self, row: InboxRow) -> AsyncIterator[bool]:
        """Give True to the block if its conversation must handle an update, which nobody else then says.

        Raises: ``Later`` where another process says it.
        """
        if row.update_id in self._saying:
            await asyncio.wait({self._saying[row.update_id]})
            yield False
        elif row.notice is None or row.notice["key"] not in SAID_AT_ONCE:
            yield True
        else:
            async with self._peers.claimed(row.update_id) as mine:
                if not mine:
                    raise Later(PEERS_S, "another process says it")
                yield await self._inbox.row(row.update_id) is not None

    async def close(self) -> None:
        """Wait for what is being said."""
        await self._background.finish()

    async def _say(self, row: InboxRow, effect: Callable[[], Awaitable[None]] | None) -> None:
        try:
            async with self._peers.claimed(row.update_id) as mine:
                if not mine:
                    return
                said: InboxRow | None = row
                if effect is not None:
                    await effect()
                    said = await self._inbox.row(row.update_id)
                if said is not None and said.notice is not None:
                    await self._notify(said)
        except Exception as error:
            # The conversation was woken when the update came. Its next step does what is left of this, and handles a
            # failure by the rules for all updates.
            log.info("update %s: %s; its conversation says it later", row.update_id, error)

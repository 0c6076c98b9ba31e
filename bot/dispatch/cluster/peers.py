"""The other processes on the same PostgreSQL database: what they work on, and what they announce.

Imports ``outbox`` and ``storage``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Protocol

from bot.dispatch.cluster.outbox import FORGOTTEN, OVERTAKING
from storage.cluster.sessions import listening
from storage.cluster.workers import WorkerJobs
from storage.engine.database import Database
from storage.engine.faults import StorageFault
from storage.engine.fencing import Fence, fence
from storage.records import InboxRow, Key
from storage.tables.inbox import Inbox

log = logging.getLogger(__name__)

PAUSE_S = 1.0
FIRST_SUPERGROUP = -1_000_000_000_000
"""Supergroups have ids below this one (Bot API, "Chat": -100 before the channel's own number)."""


class ClusterPeers:
    """The other workers, as the database shows them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._work = WorkerJobs(database)

    async def busy_with(self, key: Key) -> bool:
        """Return whether another process still works on the group that this supergroup was before."""
        return key.chat_id < FIRST_SUPERGROUP and await self._work.is_busy_elsewhere(key)

    @asynccontextmanager
    async def claimed(self, update_id: int) -> AsyncIterator[bool]:
        """Claim an update for the block, by an advisory lock. The block gets False where another process has it."""
        async with self._database.claimed(update_id) as mine:
            yield mine


class Worker(Protocol):
    """The worker on whose behalf the listener acts."""

    @property
    def fence(self) -> Fence | None:
        """Its fence; None while it is not registered."""
        ...


class Overtakes(Protocol):
    """What overtakes the queue of a conversation."""

    def overtake(self, row: InboxRow) -> object:
        """Let an update stop or change what its conversation works on."""
        ...

    def stop_ended(self, turn_ids: Collection[int]) -> None:
        """Stop the forgotten or cancelled turns that run in this process."""
        ...

    async def look_for_all(self) -> None:
        """Find what was announced while nobody listened."""
        ...


class OvertakeListener:
    """Listens for updates that overtake and for forgotten turns, and passes them on.

    It gets the notifications of all processes, its own included.
    """

    def __init__(
        self,
        database: Database,
        inbox: Inbox,
        overtaking: Overtakes,
        worker: Worker,
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._overtaking = overtaking
        self._worker = worker

    async def run(self) -> None:
        """Listen until cancelled. After each lost connection, look for what was announced meanwhile."""
        while True:
            try:
                async with listening(self._database.url, [OVERTAKING, FORGOTTEN]) as notifications:
                    fence.set(self._worker.fence)
                    await self._overtaking.look_for_all()
                    async for channel, payload in notifications:
                        await self._pass_on(channel, payload)
            except StorageFault as fault:
                log.debug("not listening for updates that overtake: %s", fault)
            except Exception:
                log.exception("listening for updates that overtake failed, and begins again")
            await asyncio.sleep(PAUSE_S)

    async def _pass_on(self, channel: str, payload: str) -> None:
        fence.set(self._worker.fence)
        if channel == FORGOTTEN:
            self._overtaking.stop_ended({int(number) for number in payload.split(",")})
        elif (row := await self._inbox.row(int(payload))) is not None:
            self._overtaking.overtake(row)

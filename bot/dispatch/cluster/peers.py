"""What a process knows of the others that work on the same database, and how it hears of what overtakes.

Imports ``base``, ``outbox`` and ``storage``. PostgreSQL only.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Protocol

from bot.dispatch.cluster.outbox import FORGOTTEN, OVERTAKING
from storage.cluster.sessions import listening
from storage.cluster.workers import Work
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
    """Other workers, seen through the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._work = Work(database)

    async def busy_with(self, key: Key) -> bool:
        """Tell whether another one still works on what this supergroup was before it became one."""
        return key.chat_id < FIRST_SUPERGROUP and await self._work.is_busy_elsewhere(key)

    @asynccontextmanager
    async def claimed(self, update_id: int) -> AsyncIterator[bool]:
        """Keep the others from an update during a block; False where one of them does that already."""
        async with self._database.claimed(update_id) as mine:
            yield mine


class Worker(Protocol):
    """On whose behalf is heard."""

    @property
    def fence(self) -> Fence | None:
        """Its fence."""
        ...


class Hearing:
    """Hears of updates that overtake and of turns that are forgotten, in whichever process, and hands them on."""

    def __init__(
        self,
        database: Database,
        inbox: Inbox,
        overtake: Callable[[InboxRow], None],
        forgotten: Callable[[Collection[int]], None],
        catch_up: Callable[[], Awaitable[None]],
        worker: Worker,
    ) -> None:
        self._database = database
        self._inbox = inbox
        self._overtake = overtake
        self._forgotten = forgotten
        self._catch_up = catch_up
        self._worker = worker

    async def run(self) -> None:
        """Listen until cancelled, anew after each cut; what was said in between is looked for."""
        while True:
            try:
                async with listening(self._database.url, [OVERTAKING, FORGOTTEN]) as heard:
                    fence.set(self._worker.fence)
                    await self._catch_up()
                    async for channel, said in heard:
                        await self._hand_on(channel, said)
            except StorageFault as fault:
                log.debug("not hearing what overtakes: %s", fault)
            except Exception:
                log.exception("hearing what overtakes failed and is begun anew")
            await asyncio.sleep(PAUSE_S)

    async def _hand_on(self, channel: str, said: str) -> None:
        fence.set(self._worker.fence)
        if channel == FORGOTTEN:
            self._forgotten({int(number) for number in said.split(",")})
        elif (row := await self._inbox.row(int(said))) is not None:
            self._overtake(row)

"""One process among several that share a PostgreSQL database: what it sets up, guards, hears of and hands out.

Imports ``chat``, ``dispatch``, ``turns`` and ``storage``; loaded only where the database is PostgreSQL. ``single`` is
its counterpart for one process. What each part of a cluster does is in :class:`Part`.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from bot.background import beside
from bot.chat.failures import Troubles
from bot.chat.receive.polling import Polling
from bot.chat.send.places import Limits
from bot.chat.worker import Desk
from bot.dispatch.base import Dispatcher, Part, Wake
from bot.dispatch.cluster.install import install
from bot.dispatch.cluster.leader import Leader
from bot.dispatch.cluster.outbox import Outbox
from bot.dispatch.cluster.peers import ClusterOthers, Hearing
from bot.dispatch.cluster.permits import Gate, SharedWindows
from bot.dispatch.cluster.worker import ClusterDispatcher
from bot.process.clients import Guard
from bot.process.heartbeat import Heartbeat
from bot.process.single import Overtake
from bot.providers.calls.queue import CallQueue
from bot.settings.settings import Settings
from bot.turns.turns import Turns
from storage.cluster.limits import SharedLimits
from storage.engine.faults import StorageFault
from storage.engine.fencing import Fenced, check_fence, fence
from storage.store import Store

log = logging.getLogger(__name__)

SETTLE_EVERY_S = 3600.0
LEFT_S = 600.0
"""A raw answer that lies for so long was left behind: whoever lives has read it within seconds."""


class Idle:
    """A process that takes no updates in."""

    async def run(self) -> None:
        """Wait until cancelled."""
        await asyncio.Event().wait()


class Clustered:
    """How one of several processes hands out the work."""

    def __init__(self, settings: Settings, part: Part, heartbeat: Heartbeat) -> None:
        self._url = settings.database_url
        self._concurrency = settings.worker_conversations
        self._part = part
        self._heartbeat = heartbeat
        self._worker: ClusterDispatcher | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._limits: SharedLimits | None = None
        self.guard: Guard | None = None

    async def begin(self, store: Store) -> None:
        """Set up what all processes share. Raises: ``SchemaError``, ``StorageFault``."""
        await install(store.database)
        own = Limits()
        self._limits = SharedLimits(store.database)
        windows = SharedWindows(self._limits, own.private, own.group, own.overall)
        self.guard = Guard(before=check_fence, heard=self._heartbeat.answered, shared=windows)
        self._heartbeat.begin()

    def bound(self, queues: Mapping[str, CallQueue], width: int | None) -> None:
        """Let ``width`` calls run at a time at each provider, over all workers; None: as many as are taken."""
        if self._limits is not None:
            for name, queue in queues.items():
                queue.permits = Gate(self._limits, name, width)

    def dispatcher(self, store: Store, desk: Desk, troubles: Troubles) -> Dispatcher:
        """Return what runs the steps of conversations, here or in the processes whose part that is."""
        outbox = Outbox(store.database)
        store.inbox.post, store.forgetting.announce = outbox.post, outbox.forgotten
        desk.others = ClusterOthers(store.database)
        if self._part is Part.RECEIVE:
            return outbox
        self._worker = ClusterDispatcher(
            store.database,
            outbox,
            desk.step,
            troubles.crashed,
            concurrency=self._concurrency,
            lived=self._heartbeat.touch,
        )
        return self._worker

    def hears(self, dispatcher: Dispatcher, desk: Desk) -> tuple[Wake, Overtake]:
        """Return what is called for each stored update, and for one that overtakes: the database tells of both."""
        return (lambda key: False), (lambda row: None)

    def alive(self) -> str:
        """Return which part of the work has ended, "" while all goes on; the dispatcher begins anew by itself."""
        return next((f"the {task.get_name()} has ended" for task in self._tasks if task.done()), "")

    @property
    def needed(self) -> Sequence[asyncio.Task[None]]:
        """The tasks without which this process does none of its work."""
        return self._tasks[:2]

    def polls(self, polling: Polling) -> Leader | Idle:
        """Return who asks Telegram for updates: one process of all."""
        if self._part is Part.WORK:
            return Idle()
        return Leader(self._url, polling.run, self._heartbeat.touch)

    @asynccontextmanager
    async def working(self, store: Store, desk: Desk, turns: Turns, troubles: Troubles) -> AsyncIterator[None]:
        """Work, and hear of what overtakes, until the end of the block."""
        worker = self._worker
        if worker is None:
            yield
            return
        hearing = Hearing(
            store.database, store.inbox, desk.in_hand.overtake, desk.stopping.stop, desk.look_beside, worker
        )
        settling = _keep_settled(store, turns, worker)
        async with beside(worker=worker.run(), hearing=hearing.run(), settling=settling) as self._tasks:
            yield


async def _keep_settled(store: Store, turns: Turns, worker: ClusterDispatcher) -> None:
    """Settle what dead workers left that no job knows of, and tidy, now and then until cancelled."""
    while True:
        try:
            fence.set(worker.fence)
            await turns.settle_left(before=time.time() - LEFT_S)
            await store.tidy()
        except (StorageFault, Fenced) as fault:
            log.info("what was left is settled later: %s", fault)
        except Exception:
            log.exception("settling what was left failed and is tried again")
        # At different times in different processes.
        await asyncio.sleep(SETTLE_EVERY_S * random.uniform(0.5, 1.5))  # noqa: S311 - no secret

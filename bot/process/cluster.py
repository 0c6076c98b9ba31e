"""The topology of one process among several that share a PostgreSQL database.

Imports ``chat``, ``dispatch``, ``turns``, ``background``, ``clients``, ``heartbeat``, ``topology``, ``settings`` and
``storage``. It is imported only where the database is PostgreSQL. ``single`` is its counterpart for one process alone.
:class:`ProcessRole` says what each process of a cluster does.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager

from bot.background import beside
from bot.chat.failures import FailurePolicy
from bot.chat.receive.polling import Polling
from bot.chat.receive.receiver import OnStored
from bot.chat.send.places import MessageLimits
from bot.chat.worker import ConversationWorker
from bot.dispatch.base import Peers, ProcessRole, Steps
from bot.dispatch.cluster.install import install
from bot.dispatch.cluster.leader import Leader
from bot.dispatch.cluster.outbox import Outbox
from bot.dispatch.cluster.peers import ClusterPeers, OvertakeListener
from bot.dispatch.cluster.permits import Permits, SharedWindows
from bot.dispatch.cluster.worker import ClusterDispatcher
from bot.process.clients import Guard
from bot.process.heartbeat import Heartbeat
from bot.process.topology import Ingress, Work
from bot.settings.settings import Settings
from bot.turns.turns import Turns
from storage.care.forgetting import Interrupt
from storage.cluster.limits import SharedLimits
from storage.engine.faults import StorageFault
from storage.engine.fencing import Fenced, check_fence, fence
from storage.store import Store

log = logging.getLogger(__name__)

SETTLE_EVERY_S = 3600.0
LEFT_S = 600.0
"""A raw answer of this age was left behind by a dead process: a living one reads it within seconds."""


class ClusterProcess:
    """The topology of one process among several that share a PostgreSQL database."""

    def __init__(
        self, settings: Settings, role: ProcessRole, heartbeat: Heartbeat, store: Store, stopping: asyncio.Event
    ) -> None:
        """``stopping`` is set when the process ends. The shared tables must be there: see :meth:`begin`."""
        own = MessageLimits()
        self._url = settings.database_url
        self._concurrency = settings.worker_conversations
        self._width = settings.max_parallel_calls
        self._role = role
        self._heartbeat = heartbeat
        self._store = store
        self._stopping = stopping
        self._outbox = Outbox(store.database)
        self._limits = SharedLimits(store.database)
        windows = SharedWindows(self._limits, own.private, own.group, own.overall)
        self.guard: Guard | None = Guard(before=check_fence, on_answer=heartbeat.answered, shared=windows)
        self.peers: Peers = ClusterPeers(store.database)

    @classmethod
    async def begin(
        cls, settings: Settings, role: ProcessRole, heartbeat: Heartbeat, store: Store, stopping: asyncio.Event
    ) -> ClusterProcess:
        """Set up what all processes share, and join them. Raises: ``SchemaError``, ``StorageFault``."""
        await install(store.database)
        heartbeat.begin()
        return cls(settings, role, heartbeat, store, stopping)

    def permits(self, provider: str) -> Permits:
        """Return the permits that the workers share for calls to a provider."""
        return Permits(self._limits, provider, self._width)

    def interrupt(self, stop: Callable[[Collection[int]], None]) -> Interrupt:
        """Return how forgotten turns are stopped: the database notifies every process, this one included."""
        return Interrupt(announce=self._outbox.forgotten)

    def ingress(self, polling: Polling) -> Ingress:
        """Return polling by one process of all; a process that only works waits instead."""
        if self._role is ProcessRole.WORK:
            return Ingress(run=_idle)
        leader = Leader(self._url, polling.run, self._heartbeat.touch)
        return Ingress(run=leader.run, leads=lambda: leader.leads)

    @asynccontextmanager
    async def working(self, worker: ConversationWorker, turns: Turns, failures: FailurePolicy) -> AsyncIterator[Work]:
        """Do jobs, and listen for what overtakes, until the end of the block; a receiver only writes jobs."""
        store, on_stored = self._store, OnStored(post=self._outbox.post)
        if self._role is ProcessRole.RECEIVE:
            yield Work(dispatcher=self._outbox, on_stored=on_stored)
            return
        dispatcher = ClusterDispatcher(
            store.database,
            self._outbox,
            Steps(step=worker.step, crashed=failures.crashed),
            concurrency=self._concurrency,
            stopping=self._stopping,
            on_heartbeat=self._heartbeat.touch,
        )
        listener = OvertakeListener(store.database, store.inbox, worker.overtaking, dispatcher)
        settling = _keep_settled(store, turns, dispatcher)
        async with beside(worker=dispatcher.run(), listener=listener.run(), settling=settling) as tasks:
            yield Work(dispatcher=dispatcher, on_stored=on_stored, tasks=tasks, needed=tasks[:2])


async def _idle() -> None:
    """Take no updates in, until cancelled."""
    await asyncio.Event().wait()


async def _keep_settled(store: Store, turns: Turns, worker: ClusterDispatcher) -> None:
    """About once an hour, settle turns and answers that dead workers left, and tidy the store; until cancelled."""
    while True:
        try:
            fence.set(worker.fence)
            await turns.settle_left(before=time.time() - LEFT_S)
            await store.tidy()
            await turns.answering.forget_released()
        except (StorageFault, Fenced) as fault:
            log.info("turns that dead workers left are settled later: %s", fault)
        except Exception:
            log.exception("settling turns that dead workers left failed, and is tried again")
        # A random pause, so that not all processes do this at the same time.
        await asyncio.sleep(SETTLE_EVERY_S * random.uniform(0.5, 1.5))  # noqa: S311 - no secret

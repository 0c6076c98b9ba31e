"""The topology of a single process: the lock on its folder, and the work that it takes up at its start.

Imports ``chat``, ``dispatch``, ``turns``, ``background``, ``clients``, ``open_store``, ``signals``, ``topology``,
``providers``, ``settings`` and ``storage``. ``cluster`` is its counterpart for several processes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from filelock import Timeout

from bot.background import beside
from bot.chat.failures import FailurePolicy
from bot.chat.receive.polling import Polling
from bot.chat.receive.receiver import OnStored
from bot.chat.worker import ConversationWorker
from bot.dispatch.base import NoPeers, Peers
from bot.dispatch.crash_marks import CrashMarks
from bot.dispatch.local import LocalDispatcher
from bot.process.clients import Guard
from bot.process.open_store import locked, make_private
from bot.process.signals import StartError
from bot.process.topology import Ingress, Work
from bot.providers.calls.queue import SharedPermits
from bot.settings.settings import Settings
from bot.turns.turns import Turns
from storage.care.forgetting import Interrupt
from storage.engine.faults import FaultKind, StorageFault, is_full
from storage.store import Store

log = logging.getLogger(__name__)

TIDY_EVERY_S = 3600.0
LEFT_S = 600.0
"""A raw answer of this age was left behind by a crash: a living process reads it within seconds."""


class SingleProcess:
    """The topology of one process that works alone on its store."""

    guard: Guard | None = None
    peers: Peers = NoPeers()

    def __init__(self, data_dir: Path, store: Store, stopping: asyncio.Event) -> None:
        """``stopping`` is set when the process ends."""
        self._marks = CrashMarks(data_dir / "in-hand")
        self._store = store
        self._stopping = stopping

    def permits(self, provider: str) -> SharedPermits | None:
        """Return None: no other process calls with the same key."""
        return None

    def interrupt(self, stop: Callable[[Collection[int]], None]) -> Interrupt:
        """Return how forgotten turns are stopped: all of them run here."""
        return Interrupt(stop=stop)

    def ingress(self, polling: Polling) -> Ingress:
        """Return polling, as it is."""
        return Ingress(run=polling.run)

    @asynccontextmanager
    async def working(self, worker: ConversationWorker, turns: Turns, failures: FailurePolicy) -> AsyncIterator[Work]:
        """Count the crash of an earlier process, then wake every conversation with unfinished work."""
        store = self._store
        dispatcher = LocalDispatcher(worker.step, self._marks, self._stopping)
        await turns.settle_left()
        left = self._marks.take()
        dispatcher.suspect(left)
        for key in (key for key, alone in left.items() if alone):
            await failures.crashed(key)
        for key in {*await store.inbox.keys(), *await store.conversations.unfinished_keys()}:
            dispatcher.wake(key)
        async with beside(
            uploads=_keep_released(turns), tidying=_keep_tidy(store, turns), wiping=store.database.wipe_log.keep()
        ):
            yield Work(
                dispatcher=dispatcher,
                on_stored=OnStored(wake=dispatcher.wake, overtake=worker.overtaking.overtake),
            )


async def _keep_released(turns: Turns) -> None:
    """Delete uploads of deleted pictures at the providers, from the start on every hour; until cancelled."""
    while True:
        try:
            await turns.answering.forget_released()
        except StorageFault as fault:
            log.info("uploads of deleted pictures are deleted later: %s", fault)
        except Exception:
            log.exception("uploads of deleted pictures could not be deleted; it is tried again")
        await asyncio.sleep(TIDY_EVERY_S)


async def _keep_tidy(store: Store, turns: Turns) -> None:
    """Tidy every hour until cancelled: what is left over after the start must not wait for the next start."""
    since = time.time()
    while True:
        await asyncio.sleep(TIDY_EVERY_S)
        now = time.time()
        try:
            await turns.settle_left(before=now - LEFT_S)
            await store.tidy(since=since - LEFT_S)
            since = now
        except StorageFault as fault:
            log.info("the store is tidied later: %s", fault)
        except Exception:
            log.exception("tidying the store failed and is tried again")


def lock(stack: ExitStack | AsyncExitStack, settings: Settings) -> None:
    """Lock the store against other processes until the stack ends.

    Raises: :class:`StartError`; ``StorageFault`` where the disk is full.
    """
    try:
        with _usable(settings.data_dir):
            stack.enter_context(locked(settings))
    except Timeout as error:
        place = Path(error.lock_file).parent
        choose = "another DATA_DIR" if place == settings.data_dir.resolve() else "another DATABASE_URL"
        raise StartError(f"Another process already works on {place}: stop it, or choose {choose}.") from None


def make_folder(data_dir: Path) -> None:
    """Make the folder for files of this process. Raises: :class:`StartError`."""
    with _usable(data_dir):
        pass


@contextmanager
def _usable(data_dir: Path) -> Iterator[None]:
    try:
        make_private(data_dir)
        yield
    except OSError as error:
        if isinstance(error, Timeout):
            raise
        if is_full(error):
            # There may be room again at the next start.
            raise StorageFault(FaultKind.FULL, error.strerror or str(error)) from None
        no_folder = isinstance(error, FileExistsError | NotADirectoryError)
        why = "a file is there, and no folder" if no_folder else error.strerror or error
        raise StartError(f"DATA_DIR {data_dir} cannot be used: {why}.") from None

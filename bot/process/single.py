"""One process that works alone on its folder: the lock that keeps others out, and what it takes up at its start.

Imports ``chat``, ``dispatch.local``, ``turns`` and ``storage``. ``cluster`` is its counterpart for several processes.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.background import beside
from bot.chat.failures import Troubles
from bot.chat.receive.polling import Polling
from bot.chat.worker import Desk
from bot.dispatch.base import Dispatcher, Wake
from bot.dispatch.crash_marks import Marks
from bot.dispatch.local import LocalDispatcher
from bot.process.clients import Guard
from bot.process.open_store import make_private
from bot.process.signals import StartError
from bot.providers.calls.queue import CallQueue
from bot.turns.turns import Turns
from storage.engine.faults import StorageFault
from storage.records import InboxRow
from storage.store import Store

log = logging.getLogger(__name__)

Overtake = Callable[[InboxRow], None]

TIDY_EVERY_S = 3600.0
LEFT_S = 600.0
"""A raw answer that lies for so long was left behind: whoever lives has read it within seconds."""


class Alone:
    """How one process hands out its work."""

    def __init__(self, data_dir: Path) -> None:
        self._marks = Marks(data_dir / "in-hand")
        self._dispatcher: LocalDispatcher | None = None
        self.guard: Guard | None = None
        self.needed: tuple[asyncio.Task[None], ...] = ()
        """Tasks whose end is the end of the process."""

    async def begin(self, store: Store) -> None:
        """Nothing to share with anybody."""

    def bound(self, queues: Mapping[str, CallQueue], width: int | None) -> None:
        """Nothing to bound: a queue has its own width."""

    def dispatcher(self, store: Store, desk: Desk, troubles: Troubles) -> Dispatcher:
        """Return what runs the steps of conversations."""
        store.forgetting.stop = desk.stopping.stop
        self._dispatcher = LocalDispatcher(desk.step, self._marks)
        return self._dispatcher

    def hears(self, dispatcher: Dispatcher, desk: Desk) -> tuple[Wake, Overtake]:
        """Return what is called for each stored update, and for one that overtakes."""
        return dispatcher.wake, desk.in_hand.overtake

    def alive(self) -> str:
        """Return what has ended: nothing that the event loop would survive."""
        return ""

    def polls(self, polling: Polling) -> Polling:
        """Return who asks Telegram for updates."""
        return polling

    @asynccontextmanager
    async def working(self, store: Store, desk: Desk, turns: Turns, troubles: Troubles) -> AsyncIterator[None]:
        """Judge what an earlier process had in hand when it died, then wake everything that is unfinished."""
        await turns.settle_left()
        left = self._marks.left()
        if self._dispatcher is not None:
            self._dispatcher.suspect(left)
        for key in (key for key, alone in left.items() if alone):
            await troubles.crashed(key)
        for key in {*await store.inbox.keys(), *await store.conversations.unfinished_keys()}:
            desk.wake(key)
        async with beside(tidying=_keep_tidy(store, turns)):
            yield


async def _keep_tidy(store: Store, turns: Turns) -> None:
    """Tidy every hour until cancelled. What the start found is settled; what comes later must not wait for the next."""
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


@contextmanager
def locked(data_dir: Path) -> Iterator[None]:
    """Keep other processes out of a folder. Raises: :class:`StartError`."""
    lock = FileLock(data_dir / "pentimento.lock")
    try:
        with _usable(data_dir):
            lock.acquire(timeout=0)
    except Timeout:
        raise StartError(f"Another process already works on {data_dir}: stop it, or choose another DATA_DIR.") from None
    try:
        yield
    finally:
        lock.release()


def make(data_dir: Path) -> None:
    """Make a folder in which this process keeps what is its own. Raises: :class:`StartError`."""
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
        raise StartError(f"DATA_DIR {data_dir} cannot be used: {error.strerror or error}.") from None

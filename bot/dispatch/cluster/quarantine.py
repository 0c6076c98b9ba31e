"""Suspected work one by one: what was in hand when two workers died is taken up with no other suspect beside it.

Imports ``base`` and ``storage.cluster.workers``. The mark stands with the job in the database, so a death counts
against that which was alone in hand, wherever it is found (see ``crash_marks`` for one machine). After a first death,
which is a machine's mostly, everything goes on at once: a worker may have had dozens in hand, and people wait.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.dispatch.base import holding
from storage.cluster.workers import Work
from storage.engine.faults import StorageFault

log = logging.getLogger(__name__)

DEATHS = 2
"""From so many on work is suspected."""

ALONE_S = 3.0
"""How long suspected work keeps other suspects waiting; what kills a process does so sooner."""


class Alone:
    """The mark of one suspect; ``let_go`` is called once, when it need not be alone any more."""

    def __init__(self, let_go: Callable[[], None]) -> None:
        self._let_go: Callable[[], None] | None = let_go

    def rest(self) -> None:
        """Let others be in hand: from now on the step only waits."""
        self.share()

    def resume(self) -> None:
        """Nothing to put back: a suspect that came to rest is none any more."""

    def share(self) -> None:
        """Let others be in hand, too."""
        if self._let_go is not None:
            let_go, self._let_go = self._let_go, None
            let_go()


class Suspects:
    """The queue of one worker's suspects."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._lock = asyncio.Lock()
        self._unmarking: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def alone(self, worker_id: int, job_id: int) -> AsyncIterator[None]:
        """Do the block with no other suspect in hand, until it only waits for others or takes too long."""
        await self._lock.acquire()
        marked = False

        def let_go() -> None:
            self._lock.release()
            if marked:
                task = asyncio.create_task(self._unmark(worker_id, job_id))
                self._unmarking.add(task)
                task.add_done_callback(self._unmarking.discard)

        mark = Alone(let_go)
        try:
            await self._work.mark_alone(worker_id, job_id, alone=True)
            marked = True
            token = holding.set(mark)
            timer = asyncio.get_running_loop().call_later(ALONE_S, mark.share)
            try:
                yield
            finally:
                timer.cancel()
                holding.reset(token)
        finally:
            mark.share()

    async def _unmark(self, worker_id: int, job_id: int) -> None:
        try:
            await self._work.mark_alone(worker_id, job_id, alone=False)
        except StorageFault as fault:
            log.info("job %s keeps the mark that it is alone in hand: %s", job_id, fault)

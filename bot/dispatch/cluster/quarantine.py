"""Runs suspects one at a time: the jobs that were running when two workers died.

Imports ``base``, ``background`` and ``storage``. ``crash_marks`` does the same for a single process. Here the mark is
part of the job's row, so any worker can count a crash against the job that was the only suspect at work. After the
first death, which is mostly the machine's fault, all jobs run at once again: a worker may have had dozens of them, and
people wait.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.background import BackgroundTasks
from bot.dispatch.base import ALONE_S, current_mark
from storage.cluster.workers import WorkerJobs
from storage.engine.faults import StorageFault

log = logging.getLogger(__name__)

DEATHS = 2
"""How many workers must have died with a job for it to be a suspect."""


class QuarantineMark:
    """The mark of one suspect. ``on_release`` is called once, when other suspects may run beside it."""

    def __init__(self, on_release: Callable[[], None]) -> None:
        self._on_release: Callable[[], None] | None = on_release

    def rest(self) -> None:
        """Let other suspects run: from now on this step only waits."""
        self.release()

    def resume(self) -> None:
        """Do nothing: a step that began to wait without a crash is no suspect any more."""

    def release(self) -> None:
        """Let other suspects run beside this one."""
        if self._on_release is not None:
            on_release, self._on_release = self._on_release, None
            on_release()


class Quarantine:
    """Lets one suspect of this worker run at a time."""

    def __init__(self, work: WorkerJobs) -> None:
        self._work = work
        self._lock = asyncio.Lock()
        self._background = BackgroundTasks()

    @asynccontextmanager
    async def alone(self, worker_id: int, job_id: int) -> AsyncIterator[None]:
        """Run the block with no other suspect beside it, until it only waits or takes too long."""
        await self._lock.acquire()
        marked = False

        def on_release() -> None:
            self._lock.release()
            if marked:
                self._background.run(self._unmark(worker_id, job_id))

        mark = QuarantineMark(on_release)
        try:
            await self._work.mark_alone(worker_id, job_id, alone=True)
            marked = True
            token = current_mark.set(mark)
            timer = asyncio.get_running_loop().call_later(ALONE_S, mark.release)
            try:
                yield
            finally:
                timer.cancel()
                current_mark.reset(token)
        finally:
            mark.release()

    async def _unmark(self, worker_id: int, job_id: int) -> None:
        try:
            await self._work.mark_alone(worker_id, job_id, alone=False)
        except StorageFault as fault:
            log.info("job %s stays marked as the only suspect at work: %s", job_id, fault)

"""Procrastinate's job manager, made to outlive an outage of the database and to respect the fence.

Imports procrastinate and ``storage.cluster.workers``. Its worker ends when a call of the manager fails, and a job whose
end could not be noted stays in hand for ever; here nothing fails for good, and what is not this worker's any more is
left alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from procrastinate import exceptions, jobs, manager
from procrastinate.connector import BaseAsyncConnector

from storage.cluster.workers import Work
from storage.engine.database import now
from storage.engine.faults import StorageFault
from storage.engine.fencing import Fence

log = logging.getLogger(__name__)

PAUSE_S = 0.5
ORDINARY, SUSPECT = 0, 1
"""Priorities. What was in hand when a worker died comes first, so that nothing of its conversation runs before it."""


class Jobs(manager.JobManager):
    """The manager of one process. ``told`` hears each time whether the database answered."""

    def __init__(self, connector: BaseAsyncConnector, work: Work, told: Callable[[bool], None]) -> None:
        super().__init__(connector)
        self._work = work
        self._told = told
        self.fence: Fence | None = None
        self.held: set[int] = set()
        """Jobs that this process works on or whose end it is noting."""
        self.cleared: set[int] = set()
        """Those of them that are not suspected any more."""
        self.fetched = 0
        """Counts fetches at their beginning and at their end: odd while one is under way."""

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """Return the next job; none while the database is away or the worker is fenced."""
        if self.fence is None or self.fence.lost:
            return None
        self.fetched += 1
        try:
            job = await super().fetch_job(queues, worker_id)
            if job is not None and job.id is not None:
                self.held.add(job.id)
        except exceptions.ProcrastinateException as error:
            self._told(False)
            log.debug("no job can be fetched: %s", error)
            return None
        finally:
            self.fetched += 1
        return job

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """Forget a job that is done; with the database away, once it is back."""
        await self._note(job, lambda worker_id, job_id: self._work.finish(worker_id, job_id))

    async def retry_job(
        self,
        job: jobs.Job,
        retry_at: Any = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back; with the database away, once it is back. The delay counts from now, by its clock."""
        delay_s = max(0.0, retry_at.timestamp() - now()) if retry_at else 0.0
        cleared = job.id in self.cleared
        kept = ORDINARY if cleared else job.priority
        await self._note(
            job, lambda worker_id, job_id: self._work.postpone(worker_id, job_id, delay_s, kept, cleared=cleared)
        )

    async def _note(self, job: jobs.Job, write: Callable[[int, int], Any]) -> None:
        if job.id is None:
            return
        try:
            while self.fence is not None and not self.fence.lost and job.worker_id == self.fence.worker_id:
                try:
                    await write(self.fence.worker_id, job.id)
                    return
                except StorageFault as fault:
                    self._told(False)
                    log.debug("the end of job %s is noted later: %s", job.id, fault)
                    await asyncio.sleep(PAUSE_S)
        finally:
            self.held.discard(job.id)
            self.cleared.discard(job.id)

    async def update_heartbeat(self, worker_id: int) -> None:
        """Do nothing: the worker has a heart of its own."""

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:
        """Do nothing: who died is found by the dispatcher's sweep, which knows of outages."""
        return []

    async def register_worker(self) -> int:
        """Enter a new worker, and raise its fence."""
        worker_id = await super().register_worker()
        fence = Fence(worker_id=worker_id, renew=self._work.renew)
        await fence.beat()
        self.fence = fence
        return worker_id

    async def unregister_worker(self, worker_id: int) -> None:
        """Take the worker's row away; where that fails, others find it stale."""
        # It is not lost, and nobody shall take it for that.
        self.fence = None
        try:
            await super().unregister_worker(worker_id)
        except exceptions.ProcrastinateException as error:
            log.info("worker %s could not sign off: %s", worker_id, error)

    async def listen_for_jobs(self, *, on_notification: Any, queues: Iterable[str] | None = None) -> None:
        """Hear of new jobs for ever; while the connection is cut, polling finds them."""
        while True:
            try:
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            except exceptions.ProcrastinateException as error:
                log.debug("not listening for jobs: %s", error)
            await asyncio.sleep(PAUSE_S)

"""A job manager for procrastinate that survives an outage of the database and respects the fence.

Imports procrastinate and ``storage``. With procrastinate's own manager the worker ends when a call fails, and a job
whose end could not be stored counts as running for ever. This one tries again until it succeeds, and does not touch
jobs that belong to another worker by now.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any

from procrastinate import exceptions, jobs, manager
from procrastinate.connector import BaseAsyncConnector

from storage.cluster.workers import WorkerJobs
from storage.engine.database import now
from storage.engine.faults import StorageFault
from storage.engine.fencing import Fence

log = logging.getLogger(__name__)

PAUSE_S = 0.5
ORDINARY, TAKEN_OVER = 0, 1
"""Priorities. The jobs of a dead worker come first, so that no newer job of the same conversation runs before them."""


class FencedJobManager(manager.JobManager):
    """The manager of one process. ``on_outage`` is called each time the database does not answer."""

    def __init__(self, connector: BaseAsyncConnector, work: WorkerJobs, on_outage: Callable[[], None]) -> None:
        super().__init__(connector)
        self._work = work
        self._on_outage = on_outage
        self.fence: Fence | None = None
        self.held: set[int] = set()
        """Jobs that this process works on or whose end it is storing."""
        self.cleared: set[int] = set()
        """Those of them that were taken over and whose first step did not kill this process."""
        self.fetching = False
        """Whether a job is being fetched right now."""
        self.fetches = 0
        """How many fetches have begun."""

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        """Return the next job; None while the database is down or the worker is fenced."""
        if self.fence is None or self.fence.lost:
            return None
        self.fetching, self.fetches = True, self.fetches + 1
        try:
            job = await super().fetch_job(queues, worker_id)
            if job is not None and job.id is not None:
                self.held.add(job.id)
        except exceptions.ProcrastinateException as error:
            self._on_outage()
            log.debug("no job can be fetched: %s", error)
            return None
        finally:
            self.fetching = False
        return job

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:
        """Delete a job that is done, as soon as the database can be reached."""
        await self._store_end(job, lambda worker_id, job_id: self._work.finish(worker_id, job_id))

    async def retry_job(
        self,
        job: jobs.Job,
        retry_at: Any = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back into the queue, as soon as the database can be reached. The delay counts from then."""
        delay_s = max(0.0, retry_at.timestamp() - now()) if retry_at else 0.0
        cleared = job.id in self.cleared
        kept = ORDINARY if cleared else job.priority
        await self._store_end(
            job, lambda worker_id, job_id: self._work.postpone(worker_id, job_id, delay_s, kept, cleared=cleared)
        )

    async def _store_end(self, job: jobs.Job, write: Callable[[int, int], Any]) -> None:
        if job.id is None:
            return
        try:
            while self.fence is not None and not self.fence.lost and job.worker_id == self.fence.worker_id:
                try:
                    await write(self.fence.worker_id, job.id)
                    return
                except StorageFault as fault:
                    self._on_outage()
                    log.debug("the end of job %s is stored later: %s", job.id, fault)
                    await asyncio.sleep(PAUSE_S)
        finally:
            self.held.discard(job.id)
            self.cleared.discard(job.id)

    async def update_heartbeat(self, worker_id: int) -> None:
        """Do nothing: ``storage.cluster.heartbeat`` renews the worker's row."""

    async def prune_stalled_workers(self, seconds_since_heartbeat: float) -> list[int]:
        """Do nothing: ``takeover`` finds dead workers, and knows about outages."""
        return []

    async def register_worker(self) -> int:
        """Register a new worker, with its own fence."""
        worker_id = await super().register_worker()
        fence = Fence(worker_id=worker_id, renew=self._work.renew)
        await fence.beat()
        self.fence = fence
        return worker_id

    async def unregister_worker(self, worker_id: int) -> None:
        """Delete the worker's row; where that fails, other workers find it stale."""
        # Before the row is gone: this worker signs off, and must not look like one that was declared dead.
        self.fence = None
        try:
            await super().unregister_worker(worker_id)
        except exceptions.ProcrastinateException as error:
            log.info("worker %s could not sign off: %s", worker_id, error)

    async def listen_for_jobs(self, *, on_notification: Any, queues: Iterable[str] | None = None) -> None:
        """Listen for new jobs, until cancelled. While the connection is cut, polling finds them."""
        while True:
            try:
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            except exceptions.ProcrastinateException as error:
                log.debug("not listening for jobs: %s", error)
            await asyncio.sleep(PAUSE_S)

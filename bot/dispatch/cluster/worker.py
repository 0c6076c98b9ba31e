"""The dispatcher of several processes: steps are jobs of procrastinate, written in the inbox's own transaction.

Imports procrastinate, ``background``, ``base``, ``connector``, ``job_manager``, ``outbox``, ``quarantine``,
``takeover`` and ``storage``. The job's lock keeps the steps of a conversation in order. The fence stops a worker that
was declared dead, and ``takeover`` takes over its jobs. A job that is done deletes itself. One that cannot be done now
goes back into the queue, never into a state in which it is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

import procrastinate
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as Engine

from bot.background import beside
from bot.dispatch.base import Later, Steps, follows_moves
from bot.dispatch.cluster.connector import StoreConnector
from bot.dispatch.cluster.job_manager import TAKEN_OVER, FencedJobManager
from bot.dispatch.cluster.outbox import Outbox
from bot.dispatch.cluster.quarantine import DEATHS, Quarantine
from bot.dispatch.cluster.takeover import Takeover
from storage.cluster.heartbeat import BEAT_S, Heart
from storage.cluster.limits import SharedLimits
from storage.cluster.workers import QUEUE, TASK, WorkerJobs
from storage.engine.database import Database
from storage.engine.faults import StorageFault
from storage.engine.fencing import STALE_S, Fence, Fenced, fence
from storage.records import Key

log = logging.getLogger(__name__)

# It logs each job twice; failures of jobs are logged here.
logging.getLogger("procrastinate").setLevel(logging.WARNING)

POLL_S = 0.2
"""How often a worker looks for jobs. No notification comes when a job ends and the next one with its lock may run."""
NEVER_S = 1e6
IN_PLACE_S = 2.0
"""A shorter wait keeps the job. A longer one gives it back, so that the worker has room for others."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


class _GivenBack(Exception):
    """The worker stops, and another one continues the job."""


class _RetryAlways(BaseRetryStrategy):
    """Retries each job that did not end well. ``chat.failures`` decides what is given up, not this class."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        match exception:
            case Later():
                delay_s = exception.delay_s
            case Fenced() | _GivenBack() | asyncio.CancelledError():
                delay_s = 0.0
            case _:
                delay_s = min(FIRST_PAUSE_S * 2.0 ** min(job.attempts, 10), LONGEST_PAUSE_S)
        return RetryDecision(retry_in={"milliseconds": round(delay_s * 1000)})


class ClusterDispatcher:
    """One worker among several. ``on_heartbeat`` is called after each heartbeat that the database answered."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        steps: Steps,
        *,
        concurrency: int,
        stopping: asyncio.Event,
        on_heartbeat: Callable[[], None] = lambda: None,
    ) -> None:
        self._outbox = outbox
        self._step = follows_moves(steps.step, outbox.wake)
        self._concurrency = concurrency
        self._on_heartbeat = on_heartbeat
        connector = StoreConnector(database)
        work = WorkerJobs(database)
        self._app = procrastinate.App(connector=connector)
        self._jobs = FencedJobManager(connector, work, lambda: self._note_query(False))
        self._app.job_manager = self._jobs
        self._app.task(name=TASK, queue=QUEUE, pass_context=True, retry=_RetryAlways())(self._run_job)
        self._quarantine = Quarantine(work)
        self._heart = Heart(database.url, lambda: self._jobs.fence)
        self._takeover = Takeover(work, SharedLimits(database), self._jobs, steps.crashed, outbox.wake)
        self._stopping = stopping
        self._ended = asyncio.Event()
        self._engine: Engine | None = None
        self._running: set[asyncio.Task[Any]] = set()
        self._cut_short = False

    @property
    def fence(self) -> Fence | None:
        """The fence of this worker; None while it is not registered."""
        return self._jobs.fence

    def wake(self, key: Key) -> bool:
        """Write a job for a conversation in the background; see :meth:`Outbox.wake`."""
        return self._outbox.wake(key)

    async def run(self) -> None:
        """Work until :meth:`stop`. After a failure, register as a new worker."""
        self._heart.start()
        try:
            async with beside(takeover=self._takeover.run()):
                while not self._stopping.is_set():
                    try:
                        await self._run_once()
                    except Exception as error:
                        self._note_query(False)
                        log.warning("the worker begins again: %s: %s", type(error).__name__, error)
                        await self._pause(FIRST_PAUSE_S)
                    await self._pause(POLL_S)
        finally:
            await asyncio.to_thread(self._heart.stop)
            self._ended.set()

    async def stop(self, grace_s: float) -> bool:
        """Begin no further step, wait ``grace_s`` for running ones, and give the rest back.

        Returns whether all finished.
        """
        self._stopping.set()
        if self._engine is not None:
            _stop(self._engine)
        if self._running:
            _, late = await asyncio.wait(list(self._running), timeout=grace_s)
            self._cut_short = self._cut_short or bool(late)
            self._cancel_all()
        with suppress(TimeoutError):
            # While the database is down, the end of a job cannot be stored; another worker takes it over later.
            async with asyncio.timeout(STALE_S):
                await self._ended.wait()
        if self._jobs.fence is not None:
            self._jobs.fence.lost = True
        await self._outbox.stop(grace_s)
        return not self._cut_short

    async def _run_once(self) -> None:
        """Run one worker from its registration until it signs off or is declared dead."""
        engine = Engine(
            app=self._app,
            queues=[QUEUE],
            concurrency=self._concurrency,
            fetch_job_polling_interval=POLL_S,
            abort_job_polling_interval=NEVER_S,
            # Procrastinate's own heartbeat would end before the jobs do.
            update_heartbeat_interval=NEVER_S,
            install_signal_handlers=False,
        )
        self._engine = engine
        try:
            if not self._stopping.is_set():
                async with beside(pulse=self._watch_fence(engine)) as (watching,):
                    # Without the watch, this worker would be declared dead and would not learn of it.
                    watching.add_done_callback(lambda _: _stop(engine))
                    await _run(engine)
        finally:
            self._engine = self._jobs.fence = None

    async def _watch_fence(self, engine: Engine) -> None:
        """Report to the heartbeat thread that the loop runs; cancel all work once the worker is declared dead."""
        while True:
            await asyncio.sleep(BEAT_S)
            self._note_query(self._heart.feel())
            held = self._jobs.fence
            if held is not None and held.lost:
                log.warning("this worker was declared dead: others have its work now, and it enters as a new one")
                _stop(engine)
                self._cancel_all()
                return

    async def _run_job(self, context: JobContext, /, chat_id: int, topic_id: int, deaths: int = 0, **_: Any) -> None:
        """Do the steps of one conversation until no work is left."""
        key, job, held = Key(chat_id, topic_id), context.job, self._jobs.fence
        if held is None or job.worker_id != held.worker_id or job.id is None:
            raise Fenced("the worker that fetched this job has ended")
        fence.set(held)
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        if job.priority == TAKEN_OVER and not self._stopping.is_set():
            async with self._quarantine.alone(held.worker_id, job.id) if deaths >= DEATHS else nullcontext():
                try:
                    await self._step(key)
                finally:
                    # However the step ended, this process survived it.
                    self._jobs.cleared.add(job.id)
        await self._steps(key)

    async def _steps(self, key: Key) -> None:
        pause_s = FIRST_PAUSE_S
        while not self._stopping.is_set():
            try:
                if not await self._step(key):
                    return
                pause_s = FIRST_PAUSE_S
            except Later as later:
                if later.delay_s > IN_PLACE_S:
                    raise
                log.info("conversation %s/%s continues in %.1f s: %s", *key, later.delay_s, later)
                await self._pause(later.delay_s)
            except StorageFault as fault:
                # Nothing can be stored now, and giving the job back would lose what is only in this process's memory.
                log.warning("conversation %s/%s pauses %.0f s: %s", *key, pause_s, fault)
                await self._pause(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            except Exception as error:
                log.warning("conversation %s/%s pauses: %s: %s", *key, type(error).__name__, error)
                raise
        raise _GivenBack

    def _note_query(self, answered: bool) -> None:
        self._takeover.note_query(answered)
        if answered:
            self._on_heartbeat()

    def _cancel_all(self) -> None:
        for task in self._running:
            task.cancel()

    async def _pause(self, delay_s: float) -> None:
        """Wait, but no longer than until the worker stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(delay_s):
                await self._stopping.wait()


async def _run(engine: Engine) -> None:
    await engine.run()  # type: ignore[no-untyped-call]


def _stop(engine: Engine) -> None:
    engine.stop()  # type: ignore[no-untyped-call]

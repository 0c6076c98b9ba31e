"""The dispatcher of several machines: steps are jobs of procrastinate, deferred in the inbox's own transaction.

Imports procrastinate, ``base``, ``job_manager`` and ``storage``. The job's lock keeps the steps of a conversation
apart, the fence keeps out a worker that was declared dead, and the sweep takes over what such a one had in hand. A job
that ends deletes itself; one that can't end now goes back into the queue, never into a state in which nobody looks at
it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import nullcontext, suppress
from typing import Any

import procrastinate
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as Engine

from bot.background import beside
from bot.dispatch.base import Later, Step, follows_moves
from bot.dispatch.cluster.connector import StoreConnector
from bot.dispatch.cluster.job_manager import SUSPECT, Jobs
from bot.dispatch.cluster.outbox import Outbox
from bot.dispatch.cluster.quarantine import DEATHS, Suspects
from bot.dispatch.cluster.takeover import Sweep
from storage.cluster.heartbeat import BEAT_S, Heart
from storage.cluster.limits import SharedLimits
from storage.cluster.workers import QUEUE, TASK, Work
from storage.engine.database import Database
from storage.engine.faults import StorageFault
from storage.engine.fencing import STALE_S, Fence, Fenced, fence
from storage.records import Key

log = logging.getLogger(__name__)

# It tells of each job twice; what goes wrong with one is told here.
logging.getLogger("procrastinate").setLevel(logging.WARNING)

POLL_S = 0.2
"""How often a worker looks for jobs: the end of one does not announce the next with the same lock."""
NEVER_S = 1e6
IN_PLACE_S = 2.0
"""A wait up to here is spent with the job in hand; a longer one gives it back, so that it keeps no place."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0


class _GivenBack(Exception):
    """The worker stops, and another goes on with the job."""


class _Again(BaseRetryStrategy):
    """Says of every end but a good one when the job is tried again. Nothing is ever given up here."""

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
    """One worker among several. ``lived`` is called with each heartbeat that the database answered."""

    def __init__(
        self,
        database: Database,
        outbox: Outbox,
        step: Step,
        crashed: Callable[[Key], Awaitable[None]],
        *,
        concurrency: int,
        stopping: asyncio.Event,
        lived: Callable[[], None] = lambda: None,
    ) -> None:
        self._outbox = outbox
        self._step = follows_moves(step, outbox.wake)
        self._concurrency = concurrency
        self._lived = lived
        connector = StoreConnector(database)
        work = Work(database)
        self._app = procrastinate.App(connector=connector)
        self._jobs = Jobs(connector, work, self._told)
        self._app.job_manager = self._jobs
        self._app.task(name=TASK, queue=QUEUE, pass_context=True, retry=_Again())(self._run_job)
        self._suspects = Suspects(work)
        self._heart = Heart(database.url, lambda: self._jobs.fence)
        self._sweep = Sweep(work, SharedLimits(database), self._jobs, crashed, outbox.wake)
        self._stopping = stopping
        self._ended = asyncio.Event()
        self._engine: Engine | None = None
        self._running: dict[asyncio.Task[Any], Key] = {}
        self._cut_short = False

    @property
    def fence(self) -> Fence | None:
        """The fence of this worker's present life."""
        return self._jobs.fence

    @property
    def in_hand(self) -> frozenset[Key]:
        """The conversations that this worker works on."""
        return frozenset(self._running.values())

    def wake(self, key: Key) -> bool:
        """Defer a job for a conversation; returns at once."""
        return self._outbox.wake(key)

    async def run(self) -> None:
        """Work until :meth:`stop`; begun anew after whatever ends the worker."""
        self._heart.start()
        try:
            async with beside(sweep=self._sweep.run()):
                while not self._stopping.is_set():
                    try:
                        await self._live()
                    except Exception as error:
                        self._told(False)
                        log.warning("the worker begins anew: %s: %s", type(error).__name__, error)
                        await self._pause(FIRST_PAUSE_S)
                    await self._pause(POLL_S)
        finally:
            await asyncio.to_thread(self._heart.stop)
            self._ended.set()

    async def stop(self, grace_s: float) -> bool:
        """Begin no further step, let running ones finish for ``grace_s``, give the rest back.

        Returns whether all finished.
        """
        self._stopping.set()
        if self._engine is not None:
            _stop(self._engine)
        if self._running:
            _, late = await asyncio.wait(list(self._running), timeout=grace_s)
            self._cut_short = self._cut_short or bool(late)
            self._end_all()
        with suppress(TimeoutError):
            # While the database is away, the end of a job can't be noted; others take it over in a while.
            async with asyncio.timeout(STALE_S):
                await self._ended.wait()
        if self._jobs.fence is not None:
            self._jobs.fence.lost = True
        await self._outbox.stop(grace_s)
        return not self._cut_short

    async def _live(self) -> None:
        """Be one worker, from its entry to its end, which may be that it was declared dead."""
        engine = Engine(
            app=self._app,
            queues=[QUEUE],
            concurrency=self._concurrency,
            fetch_job_polling_interval=POLL_S,
            abort_job_polling_interval=NEVER_S,
            # Its own heartbeat ends before its jobs do.
            update_heartbeat_interval=NEVER_S,
            install_signal_handlers=False,
        )
        self._engine = engine
        try:
            if not self._stopping.is_set():
                async with beside(pulse=self._feel_pulse(engine)) as (feeling,):
                    # Without it this worker would be declared dead, and would not even hear of that.
                    feeling.add_done_callback(lambda _: _stop(engine))
                    await _run(engine)
        finally:
            self._engine = self._jobs.fence = None

    async def _feel_pulse(self, engine: Engine) -> None:
        """Tell the heart that the loop lives; end all that the worker does as soon as it is known to be dead."""
        while True:
            await asyncio.sleep(BEAT_S)
            self._told(self._heart.feel())
            held = self._jobs.fence
            if held is not None and held.lost:
                log.warning("this worker was declared dead; its work is others' now, and it begins anew")
                _stop(engine)
                self._end_all()
                return

    async def _run_job(self, context: JobContext, /, chat_id: int, topic_id: int, deaths: int = 0, **_: Any) -> None:
        """Do the steps of one conversation until there is none."""
        key, job, held = Key(chat_id, topic_id), context.job, self._jobs.fence
        if held is None or job.worker_id != held.worker_id or job.id is None:
            raise Fenced("fetched by a worker that is no more")
        fence.set(held)
        task = asyncio.current_task()
        if task is not None:
            self._running[task] = key
            task.add_done_callback(self._running.pop)
        if job.priority == SUSPECT and not self._stopping.is_set():
            async with self._suspects.alone(held.worker_id, job.id) if deaths >= DEATHS else nullcontext():
                try:
                    await self._step(key)
                finally:
                    # However the step ended, this process outlived it.
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
                log.info("conversation %s/%s goes on in %.1f s: %s", *key, later.delay_s, later)
                await self._pause(later.delay_s)
            except StorageFault as fault:
                # Nothing could be noted anywhere, and what this process knows by heart would be lost with the job.
                log.warning("conversation %s/%s pauses %.0f s: %s", *key, pause_s, fault)
                await self._pause(pause_s)
                pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            except Exception as error:
                log.warning("conversation %s/%s pauses: %s: %s", *key, type(error).__name__, error)
                raise
        raise _GivenBack

    def _told(self, answered: bool) -> None:
        self._sweep.told(answered)
        if answered:
            self._lived()

    def _end_all(self) -> None:
        for task in self._running:
            task.cancel()

    async def _pause(self, delay_s: float) -> None:
        """Wait, but not into a stop."""
        with suppress(TimeoutError):
            async with asyncio.timeout(delay_s):
                await self._stopping.wait()


async def _run(engine: Engine) -> None:
    await engine.run()  # type: ignore[no-untyped-call]


def _stop(engine: Engine) -> None:
    engine.stop()  # type: ignore[no-untyped-call]

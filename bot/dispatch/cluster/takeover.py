"""Takes over the jobs of dead workers, and finds work without a job. Imports ``base``, ``job_manager``, ``storage``.

Every worker does this. After an outage of the database, or while it hardly answers, the rows of all workers are old. So
a worker is declared dead only if the database has answered this process for as long as a worker may be silent, and only
if the worker was silent at two looks in a row: a living one would have renewed its row in between.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.dispatch.base import Wake
from bot.dispatch.cluster.job_manager import TAKEN_OVER, FencedJobManager
from storage.cluster.limits import SharedLimits
from storage.cluster.workers import WorkerJobs
from storage.engine.database import now
from storage.engine.faults import StorageFault
from storage.engine.fencing import STALE_S, Fence, Fenced, fence
from storage.records import Key

log = logging.getLogger(__name__)

EVERY_S = 1.0
STRAY_EVERY_S = 30.0
STRAY_TURNS_EVERY_S = 1800.0
STRAY_AFTER_S = 10.0
"""How long an update may wait without a job before this module makes one. The first one is stored
with the update."""


class Takeover:
    """Looks for dead workers and lost work, on behalf of one worker."""

    def __init__(
        self,
        work: WorkerJobs,
        limits: SharedLimits,
        jobs: FencedJobManager,
        crashed: Callable[[Key], Awaitable[None]],
        wake: Wake,
    ) -> None:
        self._work = work
        self._limits = limits
        self._jobs = jobs
        self._crashed = crashed
        self._wake = wake
        self._answers_since: float | None = None
        self._looked_at = self._looked_through_at = float("-inf")
        self._unknown: set[int] = set()
        self._silent: set[int] = set()

    def note_query(self, answered: bool) -> None:
        """Note whether the database answered a query just now."""
        if not answered:
            self._answers_since = None
        elif self._answers_since is None:
            self._answers_since = time.monotonic()

    async def run(self) -> None:
        """Look every second until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            held = self._jobs.fence
            if held is None or held.lost:
                continue
            try:
                await self._once(held)
            except StorageFault as fault:
                self.note_query(False)
                log.debug("no look for dead workers: %s", fault)
            except Fenced as fenced:
                log.info("no look for dead workers: %s", fenced)
            except Exception:
                log.exception("the look for dead workers failed, and is repeated")

    async def _once(self, held: Fence) -> None:
        await self._bury()
        await self._take_over(held)
        await self._give_back_unknown(held)
        await self._find_stray()

    async def _find_stray(self) -> None:
        """Wake conversations whose work has no job, after a crash or in a copied or restored database."""
        at = time.monotonic()
        found: list[Key] = []
        if at - self._looked_at > STRAY_EVERY_S:
            self._looked_at = at
            await self._limits.sweep()
            found += await self._work.stray_updates(now() - STRAY_AFTER_S)
        if at - self._looked_through_at > STRAY_TURNS_EVERY_S:
            self._looked_through_at = at
            found += await self._work.stray_turns()
        for key in dict.fromkeys(found):
            log.warning("conversation %s/%s has work without a job, so it is woken", *key)
            self._wake(key)

    async def _bury(self) -> None:
        """Declare workers dead that were silent at this look and at the one before."""
        silent = await self._work.silent()
        steady = self._answers_since is not None and time.monotonic() - self._answers_since > STALE_S
        twice, self._silent = silent & self._silent, silent
        if steady and (dead := await self._work.bury(twice)):
            who = f"worker {dead[0]} is" if len(dead) == 1 else f"workers {', '.join(map(str, dead))} are"
            log.warning("%s silent and declared dead", who)
            await self._limits.sweep()

    async def _take_over(self, held: Fence) -> None:
        """Count the crash against a job that was the only suspect at work, then put all jobs back into the queue."""
        left = await self._work.adopt(held.worker_id)
        if not left:
            return
        token = fence.set(held)
        try:
            for key in (one.key for one in left if one.alone):
                await self._crashed(key)
        finally:
            fence.reset(token)
        await self._work.give_back(held.worker_id, [one.job_id for one in left], TAKEN_OVER, deaths=1)
        log.warning("taking over %s conversations of a worker that died", len(left))

    async def _give_back_unknown(self, held: Fence) -> None:
        """Put back jobs that the database gave to this worker, but that a cut connection lost on the way."""
        fetching, fetches = self._jobs.fetching, self._jobs.fetches
        unknown = await self._work.doing(held.worker_id) - self._jobs.held
        if fetching or self._jobs.fetches != fetches:
            # A job that is being fetched right now looks the same.
            return
        if lost := unknown & self._unknown:
            await self._work.give_back(held.worker_id, lost, 0)
        self._unknown = unknown

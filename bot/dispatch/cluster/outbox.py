"""What a stored update sets off elsewhere: a job for its conversation, and a call to all workers where it overtakes.

Imports procrastinate, SQLAlchemy and ``storage``. Both are part of the transaction that stores the update: neither can
there be an update that nobody works on, nor a job for one that was not kept. Runs no job.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Iterable
from typing import Any

from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dispatch.cluster.connector import StoreConnector
from storage.cluster.workers import QUEUE, TASK, lock_of
from storage.engine.database import Database
from storage.records import Key

log = logging.getLogger(__name__)

OVERTAKING = "pentimento_overtaking"
"""The channel on which the numbers of updates that overtake are announced."""

FORGOTTEN = "pentimento_forgotten"
"""The channel on which turns are announced that were forgotten before they were done, by numbers between commas."""

MOST_ANNOUNCED = 300
"""Turns in one announcement; PostgreSQL takes 8000 bytes (NOTIFY)."""

PAUSE_S = 1.0

_ANNOUNCE = text("SELECT pg_notify(:channel, :said)")


class Outbox:
    """Writes jobs."""

    def __init__(self, database: Database) -> None:
        self._jobs = JobManager(StoreConnector(database))
        self._background: set[asyncio.Task[None]] = set()

    async def post(
        self, connection: AsyncConnection, stored: Iterable[tuple[Key, int]], urgent: Collection[int]
    ) -> None:
        """Defer a job for each stored update and announce the urgent ones, all within a running transaction."""
        rows = list(stored)
        if not rows:
            return
        raw = (await connection.get_raw_connection()).driver_connection
        await self._jobs.batch_defer_jobs_async([job_of(key) for key, _ in rows], connection=raw)
        for update_id in (number for _, number in rows if number in urgent):
            await connection.execute(_ANNOUNCE, {"channel": OVERTAKING, "said": str(update_id)})

    async def forgotten(self, connection: AsyncConnection, turn_ids: Collection[int]) -> None:
        """Announce, within the transaction that forgets them, turns that somebody may be working on."""
        numbers = sorted(turn_ids)
        for start in range(0, len(numbers), MOST_ANNOUNCED):
            said = ",".join(map(str, numbers[start : start + MOST_ANNOUNCED]))
            await connection.execute(_ANNOUNCE, {"channel": FORGOTTEN, "said": said})

    def wake(self, key: Key) -> bool:
        """Defer a job for a conversation, beside whatever runs; a worker's sweep finds what a crash leaves undone.

        Whether the conversation was at rest is known to no process alone.
        """
        task = asyncio.create_task(self._defer(key), name=f"wake {lock_of(key)}")
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return False

    async def stop(self, grace_s: float) -> bool:
        """Let what is being written be written; what the database does not take now is left to the sweep."""
        if self._background:
            _, late = await asyncio.wait(self._background, timeout=min(grace_s, PAUSE_S))
            for task in late:
                task.cancel()
            # A connection that is still in use when its pool closes would stay open.
            await asyncio.gather(*late, return_exceptions=True)
        return True

    async def _defer(self, key: Key) -> None:
        while True:
            try:
                await self._jobs.batch_defer_jobs_async([job_of(key)])
                return
            except ProcrastinateException as error:
                log.info("conversation %s/%s is woken later: %s", *key, error)
            await asyncio.sleep(PAUSE_S)


def job_of(key: Key) -> Job:
    """Return the job that does whatever a conversation has to do."""
    arguments: dict[str, Any] = {"chat_id": key.chat_id, "topic_id": key.topic_id}
    return Job(queue=QUEUE, lock=lock_of(key), queueing_lock=None, task_name=TASK, task_kwargs=arguments)

"""Writes jobs and notifications for other processes, as part of the transaction that stores an update.

Imports procrastinate, SQLAlchemy, ``background``, ``connector`` and ``storage``. Each stored update gets a job for its
conversation; an update that overtakes is also announced to all workers. Because of the shared transaction, no update is
without a job and no job without its update. This module runs no jobs.
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

from bot.background import BackgroundTasks
from bot.dispatch.cluster.connector import StoreConnector
from storage.cluster.workers import QUEUE, TASK, lock_of
from storage.engine.database import Database
from storage.records import Key

log = logging.getLogger(__name__)

OVERTAKING = "pentimento_overtaking"
"""Channel for the update_ids of updates that overtake."""

FORGOTTEN = "pentimento_forgotten"
"""Channel for turns that were forgotten before they were done: ids with commas between them."""

MOST_ANNOUNCED = 300
"""Turns in one notification; PostgreSQL takes fewer than 8000 bytes (its documentation of NOTIFY)."""

PAUSE_S = 1.0

_ANNOUNCE = text("SELECT pg_notify(:channel, :said)")


class Outbox:
    """Writes jobs and notifications."""

    def __init__(self, database: Database) -> None:
        self._jobs = JobManager(StoreConnector(database))
        self._background = BackgroundTasks()

    async def post(
        self, connection: AsyncConnection, stored: Iterable[tuple[Key, int]], urgent: Collection[int]
    ) -> None:
        """Write a job for each stored update and announce the urgent ones, within the running transaction."""
        rows = list(stored)
        if not rows:
            return
        raw = (await connection.get_raw_connection()).driver_connection
        await self._jobs.batch_defer_jobs_async([job_of(key) for key, _ in rows], connection=raw)
        for update_id in (number for _, number in rows if number in urgent):
            await connection.execute(_ANNOUNCE, {"channel": OVERTAKING, "said": str(update_id)})

    async def forgotten(self, connection: AsyncConnection, turn_ids: Collection[int]) -> None:
        """Announce forgotten turns that a worker may be working on, within the transaction that deletes them."""
        numbers = sorted(turn_ids)
        for start in range(0, len(numbers), MOST_ANNOUNCED):
            said = ",".join(map(str, numbers[start : start + MOST_ANNOUNCED]))
            await connection.execute(_ANNOUNCE, {"channel": FORGOTTEN, "said": said})

    def wake(self, key: Key) -> bool:
        """Write a job for a conversation in the background. If a crash prevents it, ``takeover`` finds the work.

        Returns False: no single process knows whether the conversation was at rest.
        """
        self._background.run(self._defer(key), name=f"wake {lock_of(key)}")
        return False

    async def stop(self, grace_s: float) -> bool:
        """Wait a moment for jobs that are being written. ``takeover`` finds the work of the others."""
        # To the end: a connection that is still in use when its pool closes would stay open.
        await self._background.stop(min(grace_s, PAUSE_S))
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
    """Return a job that does all the work of a conversation."""
    arguments: dict[str, Any] = {"chat_id": key.chat_id, "topic_id": key.topic_id}
    return Job(queue=QUEUE, lock=lock_of(key), queueing_lock=None, task_name=TASK, task_kwargs=arguments)

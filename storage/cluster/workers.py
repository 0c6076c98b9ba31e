"""The workers of a cluster and their jobs, in procrastinate's tables: live workers, orphaned jobs, missing jobs.

Imports SQLAlchemy, ``engine``, ``records`` and ``schema``. PostgreSQL only. Another worker gets a job only after the
row of its worker was deleted, which fences that worker (see ``fencing``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import TextClause, text

from storage.engine.database import Database
from storage.engine.fencing import STALE_S
from storage.records import Key
from storage.schema import UNFINISHED_SQL

TASK = "step"
QUEUE = "conversations"

_RENEW = text("UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = :worker RETURNING id")
_SILENT = text("SELECT id FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => :stale)")
# A worker that hangs within a transaction holds its row; the database soon ends such a transaction.
_BURY = text(
    "DELETE FROM procrastinate_workers WHERE id IN (SELECT id FROM procrastinate_workers WHERE id = ANY(:workers)"
    " AND last_heartbeat < now() - make_interval(secs => :stale) FOR UPDATE SKIP LOCKED) RETURNING id"
)
_ADOPT = text(
    "UPDATE procrastinate_jobs SET worker_id = :worker WHERE id IN (SELECT id FROM procrastinate_jobs"
    " WHERE status = 'doing' AND worker_id IS NULL FOR UPDATE SKIP LOCKED LIMIT 200) RETURNING id, args"
)
_GIVE_BACK = text(
    "UPDATE procrastinate_jobs SET status = 'todo', worker_id = NULL, attempts = attempts + 1, priority = :priority,"
    " scheduled_at = NULL, args = (args - 'alone') || jsonb_build_object('deaths',"
    " COALESCE(CAST(args ->> 'deaths' AS integer), 0) + CAST(:deaths AS integer))"
    " WHERE id = ANY(:jobs) AND worker_id = :worker AND status = 'doing'"
)
_ALONE = text(
    "UPDATE procrastinate_jobs SET args = args || jsonb_build_object('alone', true)"
    " WHERE id = :job AND worker_id = :worker"
)
_SHARED = text("UPDATE procrastinate_jobs SET args = args - 'alone' WHERE id = :job AND worker_id = :worker")
_DOING = text("SELECT id FROM procrastinate_jobs WHERE worker_id = :worker AND status = 'doing'")
_FINISH = text(
    "WITH me AS (SELECT id FROM procrastinate_workers WHERE id = :worker FOR KEY SHARE) DELETE FROM procrastinate_jobs"
    " USING me WHERE procrastinate_jobs.id = :job AND procrastinate_jobs.worker_id = me.id"
)
_POSTPONE = text(
    "WITH me AS (SELECT id FROM procrastinate_workers WHERE id = :worker FOR KEY SHARE) UPDATE procrastinate_jobs"
    " SET status = 'todo', worker_id = NULL, attempts = attempts + 1, priority = :priority,"
    " args = CASE WHEN CAST(:cleared AS boolean) THEN args - 'deaths' ELSE args END,"
    " scheduled_at = clock_timestamp() + make_interval(secs => :delay)"
    " FROM me WHERE procrastinate_jobs.id = :job AND procrastinate_jobs.worker_id = me.id"
)
_NO_JOB = (
    " AS open WHERE NOT EXISTS (SELECT 1 FROM procrastinate_jobs j"
    " WHERE j.lock = open.chat_id || '/' || open.topic_id AND j.status IN ('todo', 'doing'))"
)
_STRAY_UPDATES = text(
    "SELECT chat_id, topic_id FROM (SELECT DISTINCT chat_id, topic_id FROM inbox"  # noqa: S608 - joined of constants
    " WHERE state IN ('new', 'told') AND received_at < :before)" + _NO_JOB
)
_STRAY_TURNS = text(
    "SELECT chat_id, topic_id FROM (SELECT chat_id, topic_id FROM conversations"  # noqa: S608 - joined of constants
    f" WHERE id IN (SELECT conversation_id FROM turns WHERE {UNFINISHED_SQL} AND kept_back IS NULL))" + _NO_JOB
)
_BEFORE = text(
    "SELECT 1 FROM chats JOIN procrastinate_jobs j ON j.lock = chats.chat_id || '/' || CAST(:topic AS text)"
    " WHERE chats.moved_to = :chat AND j.status = 'doing' LIMIT 1"
)


def lock_of(key: Key) -> str:
    """Return the job lock that allows one step of a conversation at a time."""
    return f"{key.chat_id}/{key.topic_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftJob:
    """A job whose worker died. ``alone``: it was the only suspected job of that worker."""

    job_id: int
    key: Key
    alone: bool


class WorkerJobs:
    """Workers and their jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def renew(self, worker_id: int) -> bool:
        """Renew a worker's row; False if it was declared dead. Raises: ``StorageFault``."""
        return bool(await self._run(_RENEW, worker=worker_id))

    async def silent(self) -> set[int]:
        """Return the workers that did not renew their rows in time."""
        return {row[0] for row in await self._run(_SILENT, stale=STALE_S)}

    async def bury(self, workers: Collection[int]) -> list[int]:
        """Declare those workers dead that are still silent; return which."""
        return [row[0] for row in await self._run(_BURY, workers=list(workers), stale=STALE_S)] if workers else []

    async def adopt(self, worker_id: int) -> list[LeftJob]:
        """Take over the running jobs of dead workers; return them."""
        rows = await self._run(_ADOPT, worker=worker_id)
        return [
            LeftJob(job_id=job_id, key=Key(args["chat_id"], args["topic_id"]), alone=bool(args.get("alone")))
            for job_id, args in rows
        ]

    async def give_back(self, worker_id: int, jobs: Collection[int], priority: int, *, deaths: int = 0) -> None:
        """Put jobs back into the queue that a worker took over from a dead one."""
        await self._run(_GIVE_BACK, worker=worker_id, jobs=list(jobs), priority=priority, deaths=deaths)

    async def doing(self, worker_id: int) -> set[int]:
        """Return a worker's running jobs, as the database knows them."""
        return {row[0] for row in await self._run(_DOING, worker=worker_id)}

    async def mark_alone(self, worker_id: int, job_id: int, *, alone: bool) -> None:
        """Note whether a job is the only suspected one of its worker."""
        await self._run(_ALONE if alone else _SHARED, worker=worker_id, job=job_id)

    async def finish(self, worker_id: int, job_id: int) -> None:
        """Delete a finished job, if it still belongs to this worker."""
        await self._run(_FINISH, worker=worker_id, job=job_id)

    async def postpone(self, worker_id: int, job_id: int, delay_s: float, priority: int, *, cleared: bool) -> None:
        """Delay a job, if it is still this worker's; ``cleared``: it is no longer suspected of killing workers."""
        values = {"delay": delay_s, "priority": priority, "cleared": cleared}
        await self._run(_POSTPONE, worker=worker_id, job=job_id, **values)

    async def stray_updates(self, before: float) -> list[Key]:
        """Return the conversations that have no job, but updates from before a time (Unix s)."""
        return [Key(row[0], row[1]) for row in await self._run(_STRAY_UPDATES, before=before)]

    async def stray_turns(self) -> list[Key]:
        """Return the conversations that have no job, but unfinished turns."""
        return [Key(row[0], row[1]) for row in await self._run(_STRAY_TURNS)]

    async def is_busy_elsewhere(self, key: Key) -> bool:
        """Whether a worker still works on the group that became this supergroup."""
        return bool(await self._run(_BEFORE, chat=key.chat_id, topic=str(key.topic_id)))

    async def _run(self, statement: TextClause, **values: object) -> Sequence[Any]:
        async with self._database.begin(fenced=False) as connection:
            found = await connection.execute(statement, values)
            return list(found) if found.returns_rows else []

"""Slow is not dead: a worker whose event loop is blocked keeps its work; one whose process is gone does not."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storage.cluster.heartbeat import BEAT_S, STUCK_S, Heart
from storage.cluster.workers import WorkerJobs
from storage.engine.database import Database
from storage.engine.fencing import STALE_S, Fence
from tests.cluster.held import HELD_S
from tests.cluster.test_worker import run
from tests.support.databases import Server
from tests.support.painter import painting
from tests.support.people import running_sandbox
from tests.torture.processes import Bot
from tests.torture.run import settings_of

pytestmark = pytest.mark.database

PEOPLE = 4


@pytest.fixture
async def bots() -> AsyncIterator[list[Bot]]:
    """Yield a list of processes, which all end with the test."""
    found: list[Bot] = []
    yield found
    for bot in found:
        await bot.kill()


async def test_a_worker_whose_loop_is_held_for_ten_seconds_is_not_declared_dead_and_nothing_is_bought_twice(
    bots: list[Bot], postgresql: Server, tmp_path: Path
) -> None:
    url = postgresql.empty_database()
    async with running_sandbox() as telegram, painting() as painter:

        async def hire(*command: str, module: str = "bot") -> Bot:
            folder = tmp_path / f"process-{len(bots)}"
            folder.mkdir()
            more = {"DATABASE_URL": url, "MEDIA_URL": str(tmp_path / "media"), "DATABASE_POOL_SIZE": "5"}
            settings = settings_of(folder, telegram.base_url, painter.base_url, **more)
            bots.append(Bot(settings, folder / "bot.log", command=command, module=module))
            await bots[-1].start()
            async with asyncio.timeout(60):
                await bots[-1].up()
            return bots[-1]

        await hire("run", "--receive")
        held = await hire("worker", module="tests.cluster.held")
        people = [await telegram.newcomer(f"Person {number}") for number in range(PEOPLE)]
        gates = [painter.hold() for _ in people]
        for person in people:
            await person.say("a boat")
        await painter.called(PEOPLE, timeout_s=30)
        other = await hire("worker")
        # It declares no worker dead before it has seen how slowly they report.
        await asyncio.sleep(STALE_S + 2)
        assert held.process is not None
        held.process.send_signal(signal.SIGUSR1)
        await asyncio.sleep(HELD_S)
        for gate in gates:
            gate.set()
        for person in people:
            assert (await person.answer()).has_picture
        assert len(painter.calls) == PEOPLE
        assert "declared dead" not in held.log.read_text() + other.log.read_text()


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


async def _worker(database: Database) -> Fence:
    ((worker_id,),) = await run(database, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert isinstance(worker_id, int)
    return Fence(worker_id=worker_id, renew=WorkerJobs(database).renew)


async def _age_s(database: Database) -> float:
    ((age_s,),) = await run(
        database,
        "SELECT CAST(extract(epoch FROM clock_timestamp() - last_heartbeat) AS float) FROM procrastinate_workers",
    )
    assert isinstance(age_s, float)
    return age_s


@contextmanager
def beating(heart: Heart):  # type: ignore[no-untyped-def]
    """Let a heart beat during a block."""
    heart.start()
    try:
        yield
    finally:
        heart.stop()


async def test_a_loop_that_never_comes_back_lets_the_heart_stop(database: Database) -> None:
    """Else its conversations would wait for it for ever."""
    held, clock = await _worker(database), Clock()
    with beating(Heart(database.url, lambda: held, clock)) as _:
        clock.now += STUCK_S - 1
        await asyncio.sleep(2 * BEAT_S)
        assert await _age_s(database) < 2 * BEAT_S
        clock.now += 2
        await asyncio.sleep(3 * BEAT_S)
        assert await _age_s(database) > 1.5 * BEAT_S


async def test_a_heart_whose_connection_is_cut_beats_on(database: Database) -> None:
    held = await _worker(database)
    heart = Heart(database.url, lambda: held)
    with beating(heart):
        await asyncio.sleep(2 * BEAT_S)
        assert heart.feel()
        await run(
            database,
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'UPDATE procrastinate_workers%'",
        )
        await asyncio.sleep(3 * BEAT_S)
        assert not heart.feel(), "a look that saw the cut"
        assert heart.feel()
        assert await _age_s(database) < 2 * BEAT_S
    assert not held.lost


async def test_a_heart_learns_that_its_worker_was_declared_dead(database: Database) -> None:
    held = await _worker(database)
    with beating(Heart(database.url, lambda: held)):
        await run(database, "DELETE FROM procrastinate_workers")
        began = time.monotonic()
        while not held.lost:
            assert time.monotonic() - began < 10
            await asyncio.sleep(0.02)

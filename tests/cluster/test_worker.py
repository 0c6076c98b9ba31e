"""One worker and the database: what it gives back, takes over, and may not do after it was declared dead."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from telegram.error import RetryAfter

from bot.background import BackgroundTasks
from bot.chat.send.places import MessageLimits
from bot.chat.send.rate_limiter import Limiter
from bot.dispatch.base import Later, Steps, at_rest
from bot.dispatch.cluster.install import install, missing
from bot.dispatch.cluster.outbox import Outbox
from bot.dispatch.cluster.permits import SharedWindows
from bot.dispatch.cluster.worker import ClusterDispatcher
from storage.cluster.limits import Booking, SharedLimits
from storage.cluster.sessions import leading, stays
from storage.cluster.workers import _STRAY_TURNS, WorkerJobs, lock_of
from storage.engine.database import Database, SchemaError
from storage.engine.faults import StorageFault
from storage.engine.fencing import LEASE_S, Fence, Fenced, fence
from storage.records import Key
from storage.store import Store
from tests.support.records import new_turn

pytestmark = pytest.mark.database

ANN, BORIS = Key(1001, 0), Key(1002, 0)
Step = Callable[[Key], Awaitable[bool]]


async def nobody(_: Key) -> None:
    raise AssertionError("no crash was to be counted")


@asynccontextmanager
async def worker(
    database: Database, step: Step, crashed: Callable[[Key], Awaitable[None]] = nobody, concurrency: int = 8
) -> AsyncIterator[ClusterDispatcher]:
    """Run a worker."""
    dispatcher = ClusterDispatcher(
        database, Outbox(database), Steps(step=step, crashed=crashed), concurrency=concurrency, stopping=asyncio.Event()
    )
    running = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        await dispatcher.stop(0.0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def run(database: Database, statement: str) -> list[tuple[object, ...]]:
    async with database.begin(fenced=False) as connection:
        found = await connection.execute(text(statement))
        return [tuple(row) for row in found] if found.returns_rows else []


async def test_later_keeps_no_place(database: Database) -> None:
    steps: list[Key] = []
    begun, both = asyncio.Event(), asyncio.Event()

    async def step(key: Key) -> bool:
        steps.append(key)
        begun.set()
        if steps.count(ANN) == 1 and key == ANN:
            raise Later(2.5, "a flood wait")
        if steps.count(ANN) == 2:
            both.set()
        return False

    async with worker(database, step, concurrency=1) as dispatcher:
        dispatcher.wake(ANN)
        await begun.wait()
        began = time.monotonic()
        dispatcher.wake(BORIS)
        async with asyncio.timeout(20):
            await both.wait()
        assert steps == [ANN, BORIS, ANN]
        assert time.monotonic() - began > 2


async def test_a_failure_is_tried_again_and_never_given_up(database: Database) -> None:
    done = asyncio.Event()
    tries = 0

    async def step(_: Key) -> bool:
        nonlocal tries
        tries += 1
        if tries < 2:
            raise ValueError("not now")
        done.set()
        return False

    async with worker(database, step) as dispatcher:
        dispatcher.wake(ANN)
        async with asyncio.timeout(20):
            await done.wait()
    assert await run(database, "SELECT status FROM procrastinate_jobs") == []


async def _dead(database: Database, key: Key, *, alone: bool = False, deaths: int = 1) -> None:
    """Leave a job as a worker leaves it that was declared dead, as others were before it."""
    args = {"chat_id": key.chat_id, "topic_id": key.topic_id, "deaths": deaths} | ({"alone": True} if alone else {})
    values = f"'conversations', 'step', '{lock_of(key)}', '{json.dumps(args)}', 'doing'"
    columns = "queue_name, task_name, lock, args, status"
    await run(database, f"INSERT INTO procrastinate_jobs ({columns}) VALUES ({values})")  # noqa: S608 - made up here


async def test_jobs_of_a_dead_worker_go_on_at_once(database: Database) -> None:
    for number in range(20):
        await _dead(database, Key(2000 + number, 0), deaths=0)
    inside, together = asyncio.Barrier(20), asyncio.Event()

    async def step(_: Key) -> bool:
        await inside.wait()
        together.set()
        return False

    async with worker(database, step, concurrency=20):
        async with asyncio.timeout(20):
            await together.wait()


async def test_jobs_of_two_dead_workers_are_retried_one_by_one(database: Database) -> None:
    for key in (ANN, BORIS):
        await _dead(database, key)
    inside: list[Key] = []
    most = 0
    waiting, over = asyncio.Event(), asyncio.Event()
    marks: list[list[tuple[object, ...]]] = []

    async def step(key: Key) -> bool:
        nonlocal most
        inside.append(key)
        most = max(most, 0 if waiting.is_set() else len(inside))
        marks.append(await run(database, "SELECT args -> 'alone' FROM procrastinate_jobs WHERE args ? 'alone'"))
        inside.remove(key)
        if len(marks) == 2:
            waiting.set()
        # It is no suspect any more, and the next one runs at the same time.
        with at_rest():
            await waiting.wait()
        over.set()
        return False

    async with worker(database, step):
        async with asyncio.timeout(20):
            await over.wait()
    assert most == 1
    assert marks[0] == [(True,)]


async def test_a_crash_counts_against_the_only_running_suspect(database: Database) -> None:
    await _dead(database, ANN, alone=True)
    await _dead(database, BORIS)
    counted: list[Key] = []
    stepped = asyncio.Event()
    seen: set[Key] = set()

    async def crashed(key: Key) -> None:
        counted.append(key)

    async def step(key: Key) -> bool:
        seen.add(key)
        if seen == {ANN, BORIS}:
            stepped.set()
        return False

    async with worker(database, step, crashed):
        async with asyncio.timeout(20):
            await stepped.wait()
    assert counted == [ANN]


@pytest.mark.parametrize("left", ["update", "turn"])
async def test_what_no_job_knows_of_is_found(database: Database, tmp_path: Path, left: str) -> None:
    store = await Store.open(database.url, str(tmp_path / "media"))
    if left == "update":
        await store.inbox.add([(ANN, {"update_id": 1})])
        await run(database, "UPDATE inbox SET received_at = 1.0")
    else:
        conversation = await store.conversations.open(ANN)
        await store.conversations.take(new_turn(conversation.id), [], [])
    found = asyncio.Queue[Key]()

    async def step(key: Key) -> bool:
        found.put_nowait(key)
        return False

    async with worker(database, step):
        async with asyncio.timeout(20):
            assert await found.get() == ANN
    await store.close()


async def _alive(database: Database) -> Fence:
    ((worker_id,),) = await run(database, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert isinstance(worker_id, int)
    held = Fence(worker_id=worker_id, renew=WorkerJobs(database).renew)
    await held.beat()
    return held


async def test_a_dead_worker_writes_nothing(database: Database) -> None:
    held = await _alive(database)
    token = fence.set(held)
    try:
        async with database.begin() as connection:
            await connection.execute(text("UPDATE inbox SET tries = 0"))
        await run(database, "DELETE FROM procrastinate_workers")
        with pytest.raises(Fenced):
            async with database.begin():
                raise AssertionError("the block was not to begin")
    finally:
        fence.reset(token)


async def test_a_transaction_under_way_keeps_its_worker_alive(database: Database) -> None:
    """Else it could commit after somebody else took the work over."""
    held = await _alive(database)
    await run(database, "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    token = fence.set(held)
    try:
        async with database.begin():
            assert await WorkerJobs(database).silent() == {held.worker_id}
            assert await WorkerJobs(database).bury({held.worker_id}) == []
    finally:
        fence.reset(token)
    assert await WorkerJobs(database).bury({held.worker_id}) == [held.worker_id]


async def test_after_a_pause_nothing_goes_out_before_the_row_was_renewed(database: Database) -> None:
    now = 0.0
    held = await _alive(database)
    paused = Fence(worker_id=held.worker_id, renew=WorkerJobs(database).renew, clock=lambda: now)
    await paused.beat()
    now += LEASE_S + 1
    # No other worker took the work over meanwhile, so it goes on.
    await paused.check()
    assert paused.renewed_at == now
    now += LEASE_S + 1
    await run(database, "DELETE FROM procrastinate_workers")
    with pytest.raises(Fenced):
        await paused.check()
    assert paused.lost


async def test_a_fenced_worker_starts_again(database: Database) -> None:
    stepped = asyncio.Queue[Key]()
    hold = asyncio.Event()

    async def step(key: Key) -> bool:
        stepped.put_nowait(key)
        if key == ANN and stepped.qsize() + hold.is_set() <= 1:
            await hold.wait()
        return False

    async with worker(database, step) as dispatcher:
        dispatcher.wake(ANN)
        assert await stepped.get() == ANN
        first = dispatcher.fence
        assert first is not None
        await run(database, "DELETE FROM procrastinate_workers")
        hold.set()
        async with asyncio.timeout(20):
            assert await stepped.get() == ANN
        assert first.lost
        assert dispatcher.fence is not None
        assert dispatcher.fence.worker_id != first.worker_id


async def test_of_a_worker_that_was_declared_dead_the_log_has_one_line(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """However much it did in the background at that moment: others do all of it."""
    tasks, begun, dead, again = BackgroundTasks(), asyncio.Event(), asyncio.Event(), asyncio.Event()
    started: list[asyncio.Task[None]] = []

    async def late() -> None:
        await dead.wait()
        async with database.begin():
            raise AssertionError("the block was not to begin")

    async def step(_: Key) -> bool:
        if not dead.is_set():
            started.extend(tasks.run(late()) for _ in range(3))
            begun.set()
            await dead.wait()
            async with database.begin():
                raise AssertionError("the block was not to begin")
        again.set()
        return False

    async with worker(database, step) as dispatcher:
        dispatcher.wake(ANN)
        async with asyncio.timeout(20):
            await begun.wait()
        await run(database, "DELETE FROM procrastinate_workers")
        dead.set()
        await asyncio.wait(started)
        started.clear()
        async with asyncio.timeout(20):
            await again.wait()
    gc.collect()
    said = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    said = [line for line in said if not line.startswith("taking over ")]
    assert said == ["this worker was declared dead: others have its work now, and it enters as a new one"]


async def test_messages_of_all_processes_keep_each_window(database: Database) -> None:
    """Two processes that book at the same time get places as one would give them."""
    both = (SharedLimits(database), SharedLimits(database))
    began = time.time()

    async def place(number: int) -> float:
        wanted = [
            Booking(name="all", size=30, period_s=1.0, weight=1),
            Booking(name="1001", size=3, period_s=3.0, weight=1),
        ]
        return time.time() + await both[number % 2].book(wanted, 60.0)

    places = sorted(await asyncio.gather(*(place(number) for number in range(10))))
    for first, fourth in zip(places, places[3:], strict=False):
        assert fourth - first > 2.5
    assert places[-1] - began > 8.5
    assert await both[0].book([Booking(name="1001", size=3, period_s=3.0, weight=1)], 1.0) > 1.0
    await both[0].flood("1002", 5.0)
    assert 4.0 < await both[1].book([Booking(name="1002", size=3, period_s=3.0, weight=1)], 60.0) < 5.1


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_a_flood_wait_of_one_process_holds_that_chat_in_all_and_nothing_else(database: Database) -> None:
    """490 s of setMyCommands delay nothing else. A chat's wait also holds in processes that did not get it."""
    own = MessageLimits(longest_wait_s=10)
    windows = SharedWindows(SharedLimits(database), own.private, own.group, own.overall)
    here, there = (Limiter(own, shared=windows) for _ in range(2))

    async def say(limiter: Limiter, method: str, chat_id: int | None, wait_s: int = 0) -> bool:
        async def answer() -> bool:
            if wait_s:
                raise RetryAfter(wait_s)
            return True

        data = {} if chat_id is None else {"chat_id": chat_id}
        return bool(await limiter.process_request(answer, (), {}, method, data, None))

    for method, chat_id in (("setMyCommands", None), ("getChatMember", -1), ("sendMessage", -1)):
        with pytest.raises(RetryAfter):
            await say(here, method, chat_id, 490)
    for limiter in (here, there):
        assert await say(limiter, "sendMessage", -2)
        with pytest.raises(RetryAfter, match=r"in 4[89]\d seconds"):
            await say(limiter, "sendPhoto", -1)


async def test_a_flood_wait_of_all_that_an_earlier_version_noted_stops_nothing(database: Database) -> None:
    """An older process beside this version stores such a wait for setMyCommands."""
    await run(database, "INSERT INTO windows VALUES ('all', '[]', 9e9, 9e9)")
    limits = SharedLimits(database)
    assert await limits.book([Booking(name="all", size=2, period_s=5.0, weight=1)], 60.0) == 0
    await limits.book([Booking(name="all", size=2, period_s=5.0, weight=1)], 60.0)
    assert await limits.book([Booking(name="all", size=2, period_s=5.0, weight=1)], 60.0) > 4


async def test_only_one_leads(database: Database) -> None:
    async with leading(database.url) as first, leading(database.url) as second:
        assert first is not None
        assert second is None
    async with leading(database.url) as third:
        assert third is not None


async def test_a_leader_that_is_cut_off_knows_it(database: Database) -> None:
    async def lead() -> None:
        async with leading(database.url) as connection:
            assert connection is not None
            await run(database, f"SELECT pg_terminate_backend({connection.info.backend_pid})")
            await stays(connection)

    with pytest.raises(StorageFault):
        await lead()


async def test_procrastinates_tables_are_made_once(database: Database) -> None:
    await asyncio.gather(*(install(database) for _ in range(3)))
    assert await run(database, "SELECT count(*) FROM procrastinate_jobs") == [(0,)]


async def test_tables_of_somebody_elses_procrastinate_are_left_alone(database: Database) -> None:
    await run(database, "COMMENT ON TABLE procrastinate_jobs IS NULL")
    with pytest.raises(SchemaError, match="of something else"):
        await install(database)


@pytest.mark.parametrize(
    ("done", "left"),
    [
        ("03.04.00_50_post_c", ["03.05.00_01_pre_d"]),
        ("03.03.00_01_pre_a", ["03.04.00_01_pre_b", "03.04.00_50_post_c", "03.05.00_01_pre_d"]),
        ("03.05.00_01_pre_d", []),
    ],
)
def test_what_the_release_before_needs_stays_until_the_next(done: str, left: list[str]) -> None:
    scripts = ["03.03.00_01_pre_a", "03.04.00_01_pre_b", "03.04.00_50_post_c", "03.05.00_01_pre_d"]
    assert missing([*scripts, "03.05.00_50_post_e"], done) == left


async def test_turns_that_no_job_knows_of_are_found_by_an_index(database: Database, tmp_path: Path) -> None:
    """Every worker looks for them all the time; the turns that are done are a thousand times as many."""
    store = await Store.open(database.url, str(tmp_path / "media"))
    conversation = await store.conversations.open(ANN)
    await store.conversations.take(new_turn(conversation.id), (), ())
    assert await WorkerJobs(database).stray_turns() == [ANN]
    # With one row a scan is cheaper: what counts is whether there is another way.
    async with database.begin(fenced=False) as connection:
        await connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = (await connection.execute(text(f"EXPLAIN {_STRAY_TURNS.text}"))).scalars().all()
    assert any("ix_turns_unfinished" in step for step in plan), plan
    await store.close()

"""Background work: an error in it is never silent, and ends the process if the process needs that work."""

from __future__ import annotations

import asyncio
import gc
import logging

import pytest

from bot.background import BackgroundTasks, WorkEnded, beside, together
from storage.engine.fencing import Fenced


async def sleeping() -> None:
    await asyncio.sleep(60)


async def breaking() -> None:
    await asyncio.sleep(0)
    raise ArithmeticError("two and two")


async def test_an_error_of_work_beside_is_told_at_once_and_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async with beside(sweeping=breaking(), resting=sleeping()):
        await asyncio.sleep(0.01)
        (record,) = caplog.records
        assert record.levelno == logging.ERROR
        assert "sweeping has ended by an error that nobody expected" in record.getMessage()
        assert "two and two" in caplog.text
    assert len(caplog.records) == 1


async def test_the_end_of_the_block_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    async with beside(resting=sleeping()):
        await asyncio.sleep(0)
    assert caplog.records == []


async def test_who_looks_at_the_tasks_tells_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    async with beside(silently=True, leads=breaking()) as (leads,):
        await asyncio.wait({leads})
    assert caplog.records == []
    assert isinstance(leads.exception(), ArithmeticError)


async def test_the_end_of_needed_work_is_the_end_of_all() -> None:
    async with beside(worker=breaking(), hearing=sleeping()) as needed:
        with pytest.raises(WorkEnded, match="worker of this process"):
            await together(sleeping(), needed)


async def test_work_that_ends_by_itself_says_why() -> None:
    async with beside(hearing=sleeping()) as needed:
        with pytest.raises(ArithmeticError):
            await together(breaking(), needed)
    with pytest.raises(ArithmeticError):
        await together(breaking(), ())


async def test_tasks_in_the_background_are_waited_for_whatever_they_raise() -> None:
    tasks, done = BackgroundTasks(), []

    async def work() -> int:
        await asyncio.sleep(0.01)
        done.append(True)
        return 7

    task = tasks.run(work(), name="work")
    failed = tasks.run(breaking())
    await tasks.finish()
    assert (done, await task, task.get_name()) == ([True], 7, "work")
    assert isinstance(failed.exception(), ArithmeticError)


async def test_what_takes_too_long_in_the_background_is_cancelled() -> None:
    tasks = BackgroundTasks()
    task = tasks.run(sleeping())
    await tasks.stop(0.01)
    assert task.cancelled()
    await tasks.stop(0.01)


@pytest.mark.parametrize("grace_s", [0.0, 0.02, 5.0])
async def test_what_tasks_begin_while_they_are_stopped_ends_too(grace_s: float) -> None:
    """A message to an owner that Telegram does not take begins the next try; this one outlived the bot for hours."""
    tasks, begun = BackgroundTasks(), []

    async def beginning() -> None:
        try:
            await asyncio.sleep(0.01)
        finally:
            begun.append(tasks.run(sleeping() if grace_s < 1 else asyncio.sleep(0.01)))

    first = tasks.run(beginning())
    await asyncio.sleep(0)
    await tasks.stop(grace_s)
    assert first.done()
    assert [task.cancelled() for task in begun] == [grace_s < 1]


async def test_what_begins_anew_whenever_it_is_cancelled_does_not_hold_up_the_stop() -> None:
    tasks = BackgroundTasks()

    async def again() -> None:
        try:
            await sleeping()
        finally:
            tasks.run(again())

    first = tasks.run(again())
    await asyncio.sleep(0)
    await asyncio.wait_for(tasks.stop(0.01), 5)
    assert first.cancelled()
    after = tasks.run(asyncio.sleep(0, "done"))
    assert await after == "done"


async def test_what_tasks_begin_while_they_are_waited_for_is_waited_for() -> None:
    tasks, done = BackgroundTasks(), []

    async def work(more: int) -> None:
        await asyncio.sleep(0.001)
        done.append(more)
        if more:
            tasks.run(work(more - 1))

    tasks.run(work(3))
    await tasks.finish()
    assert done == [3, 2, 1, 0]


async def test_the_end_of_a_worker_is_no_error_of_each_task(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever declares a worker dead says so once. An error that nobody expected is still told."""

    async def fenced() -> None:
        await asyncio.sleep(0)
        raise Fenced("worker 1 was declared dead")

    tasks = BackgroundTasks()
    for work in (fenced(), fenced(), breaking()):
        tasks.run(work)
    async with beside(pulse=fenced()):
        await asyncio.sleep(0.01)
    gc.collect()
    (record,) = caplog.records
    assert "never retrieved" in record.getMessage()
    assert "two and two" in caplog.text
    assert "declared dead" not in caplog.text
    ended = tasks.run(fenced())
    with pytest.raises(Fenced):
        await ended


async def test_what_is_cancelled_before_it_begins_leaves_no_complaint() -> None:
    """A coroutine that nobody awaited would warn, and warnings fail tests."""
    task = BackgroundTasks().run(sleeping())
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    del task
    gc.collect()

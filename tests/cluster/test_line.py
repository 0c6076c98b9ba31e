"""The line for a provider's key, over several processes: in order, with places, and never stuck."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.dispatch import gates
from bot.dispatch.gates import Gate
from storage.database import Database
from storage.fencing import Fence, fence
from storage.limits import SharedLimits
from storage.work import Work
from tests.cluster.test_worker import run

pytestmark = pytest.mark.database


class Person:
    """Somebody whose turn wants a permit: of the worker that works for them, and with what they were told."""

    def __init__(self, database: Database, worker_id: int, width: int = 1) -> None:
        self._gate = Gate(SharedLimits(database), "gemini", width)
        self._fence = Fence(worker_id=worker_id, renew=Work(database).renew)
        self.places: list[int] = []
        self._news = asyncio.Event()
        self.called = asyncio.Event()
        self.done = asyncio.Event()
        self.task = asyncio.create_task(self._come())

    async def _come(self) -> None:
        fence.set(self._fence)
        async with self._gate(self._moved):
            self.called.set()
            await self.done.wait()

    async def _moved(self, place: int) -> None:
        self.places.append(place)
        self._news.set()

    async def told(self, place: int) -> None:
        """Wait until a place was told."""
        async with asyncio.timeout(10):
            while place not in self.places:
                self._news.clear()
                await self._news.wait()

    async def calls(self) -> None:
        """Wait until the permit is there."""
        async with asyncio.timeout(10):
            await self.called.wait()

    async def ends(self) -> None:
        """Give the permit back."""
        self.done.set()
        await self.task

    async def leaves(self) -> None:
        """Give up waiting."""
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task


async def worker(database: Database) -> int:
    """Enter a worker."""
    ((number,),) = await run(database, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert isinstance(number, int)
    return number


async def permits(database: Database) -> int:
    ((count,),) = await run(database, "SELECT count(*) FROM permits")
    assert isinstance(count, int)
    return count


@asynccontextmanager
async def nothing_left(database: Database) -> AsyncIterator[None]:
    """Hold that at the end nobody has a permit or stands in line."""
    yield
    async with asyncio.timeout(10):
        while await permits(database):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


async def test_people_of_several_workers_are_served_in_the_order_in_which_they_came(database: Database) -> None:
    one, other = await worker(database), await worker(database)
    async with nothing_left(database):
        ann = Person(database, one)
        await ann.calls()
        boris = Person(database, other)
        await boris.told(1)
        chen = Person(database, one)
        await chen.told(2)
        await ann.ends()
        await boris.calls()
        await chen.told(1)
        assert not chen.called.is_set()
        await boris.ends()
        await chen.calls()
        await chen.ends()
    assert (ann.places, boris.places, chen.places) == ([], [1], [2, 1])


async def test_who_leaves_the_line_moves_the_others_up(database: Database) -> None:
    one, other = await worker(database), await worker(database)
    async with nothing_left(database):
        ann = Person(database, one)
        await ann.calls()
        boris = Person(database, other)
        await boris.told(1)
        chen = Person(database, one)
        await chen.told(2)
        await boris.leaves()
        await chen.told(1)
        await ann.ends()
        await chen.calls()
        await chen.ends()


async def test_a_worker_that_died_in_line_keeps_nobody_waiting(database: Database) -> None:
    one, dead = await worker(database), await worker(database)
    ann = Person(database, one)
    await ann.calls()
    boris = Person(database, dead)
    await boris.told(1)
    chen = Person(database, one)
    await chen.told(2)
    await run(database, f"DELETE FROM procrastinate_workers WHERE id = {dead}")  # noqa: S608 - a number of ours
    await chen.told(1)
    await ann.ends()
    await chen.calls()
    await chen.ends()
    boris.task.cancel()
    with suppress(BaseException):
        await boris.task


async def test_who_is_next_in_a_worker_that_is_paused_is_passed_by_in_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row is still there for some seconds; whoever looks on takes what nobody takes."""
    one, paused = await worker(database), await worker(database)
    ann = Person(database, one)
    await ann.calls()
    ticket = await _stand(database, paused)
    chen = Person(database, one)
    await chen.told(2)
    await ann.ends()
    began_at = asyncio.get_running_loop().time()
    await chen.calls()
    assert asyncio.get_running_loop().time() - began_at >= gates.PASSED_S * 0.9
    await chen.ends()
    assert ticket


async def test_several_permits_serve_several_at_a_time_and_never_more(database: Database) -> None:
    workers = [await worker(database) for _ in range(3)]
    async with nothing_left(database):
        people = [Person(database, workers[number % 3], width=2) for number in range(7)]
        served = 0
        while served < 7:
            await asyncio.sleep(0.05)
            inside = [one for one in people if one.called.is_set() and not one.done.is_set()]
            assert len(inside) <= 2
            if inside:
                await inside[0].ends()
                served += 1


async def test_a_permit_that_a_cancelled_wish_was_just_given_is_given_back(database: Database) -> None:
    one = await worker(database)
    async with nothing_left(database):
        for _ in range(40):
            person = Person(database, one)
            await asyncio.sleep(random.uniform(0, 0.01))
            await person.leaves()


async def _stand(database: Database, worker_id: int) -> int | None:
    token = fence.set(Fence(worker_id=worker_id, renew=Work(database).renew))
    try:
        return await SharedLimits(database).stand("gemini")
    finally:
        fence.reset(token)

"""The line for a provider's key, over several processes: in order, with places, and never stuck."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest

from bot.dispatch.cluster import permits as shared_permits
from bot.dispatch.cluster.permits import Permits
from bot.providers.calls.pace import START, Fate, Pace, Verdict
from storage.cluster.limits import LINE, SharedLimits
from storage.cluster.workers import WorkerJobs
from storage.engine.database import Database
from storage.engine.fencing import Fence, fence
from tests.cluster.test_worker import run

pytestmark = pytest.mark.database


class Person:
    """A person whose turn waits for a permit: their worker, and the places that they were told."""

    def __init__(self, database: Database, worker_id: int, width: int | None = 1, behind_s: float = 0.0) -> None:
        self._gate = Permits(SharedLimits(database), "gemini", width)
        self._fence = Fence(worker_id=worker_id, renew=WorkerJobs(database).renew)
        self._behind_s = behind_s
        self.verdict: Verdict | None = None
        self.places: list[int] = []
        self._news = asyncio.Event()
        self.called = asyncio.Event()
        self.done = asyncio.Event()
        self.task = asyncio.create_task(self._come())

    async def _come(self) -> None:
        fence.set(self._fence)
        async with self._gate(self._moved, self._behind_s) as report:
            self.called.set()
            await self.done.wait()
            report.verdict = self.verdict

    async def _moved(self, place: int) -> None:
        self.places.append(place)
        self._news.set()

    async def told(self, place: int) -> None:
        """Wait until a place in line was announced."""
        async with asyncio.timeout(10):
            while place not in self.places:
                self._news.clear()
                await self._news.wait()

    async def calls(self) -> None:
        """Wait until the permit is given."""
        async with asyncio.timeout(10):
            await self.called.wait()

    async def ends(self, verdict: Verdict | None = None) -> None:
        """Give the permit back."""
        self.verdict = verdict
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
    """Check at the end that no permit is out and nobody waits."""
    yield
    async with asyncio.timeout(10):
        while await permits(database):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.05)


@asynccontextmanager
async def three_in_line(database: Database) -> AsyncIterator[tuple[Person, Person, Person]]:
    """Yield three people of two workers: the first calls, the others wait. Check at the end that nobody does."""
    one, other = await worker(database), await worker(database)
    async with nothing_left(database):
        ann = Person(database, one)
        await ann.calls()
        boris = Person(database, other)
        await boris.told(1)
        chen = Person(database, one)
        await chen.told(2)
        yield ann, boris, chen


async def test_people_of_several_workers_are_served_in_the_order_in_which_they_came(database: Database) -> None:
    async with three_in_line(database) as (ann, boris, chen):
        await ann.ends()
        await boris.calls()
        await chen.told(1)
        assert not chen.called.is_set()
        await boris.ends()
        await chen.calls()
        await chen.ends()
    assert (ann.places, boris.places, chen.places) == ([], [1], [2, 1])


async def test_who_leaves_the_line_moves_the_others_up(database: Database) -> None:
    async with three_in_line(database) as (ann, boris, chen):
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
    """Its row exists for some seconds; after that, others take a permit that it does not take."""
    one, paused = await worker(database), await worker(database)
    ann = Person(database, one)
    await ann.calls()
    ticket = await _stand(database, paused)
    chen = Person(database, one)
    await chen.told(2)
    await ann.ends()
    began_at = asyncio.get_running_loop().time()
    await chen.calls()
    assert asyncio.get_running_loop().time() - began_at >= shared_permits.PASSED_S * 0.9
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


async def test_who_counts_as_come_later_or_earlier_stands_there(database: Database) -> None:
    """Further calls of a conversation stand at the end; a refused call keeps its earlier place."""
    one, other = await worker(database), await worker(database)
    async with nothing_left(database):
        ann = Person(database, one)
        await ann.calls()
        second = Person(database, one, behind_s=60)
        await second.told(1)
        boris = Person(database, other)
        await boris.told(1)
        chen = Person(database, other, behind_s=-30)
        await chen.told(1)
        await second.told(3)
        for person, following in ((ann, chen), (chen, boris), (boris, second)):
            await person.ends()
            await following.calls()
        await second.ends()


async def test_what_one_worker_was_refused_holds_for_all(database: Database) -> None:
    one, other = await worker(database), await worker(database)
    limits = SharedLimits(database)
    async with nothing_left(database):
        ann, boris = Person(database, one, None), Person(database, other, None)
        await ann.calls()
        await boris.calls()
        await ann.ends(Verdict(Fate.REFUSED, 1.0))
        pace = await known(limits, lambda pace: pace.cuts == 1)
        assert pace.width == START / 2
        began_at = asyncio.get_running_loop().time()
        chen = Person(database, other, None)
        await chen.calls()
        assert 0.8 <= asyncio.get_running_loop().time() - began_at < 5
        await boris.ends(Verdict(Fate.TAKEN))
        await known(limits, lambda pace: pace.cuts == 0)
        await chen.ends()


async def test_the_number_grows_when_all_permits_are_used(database: Database) -> None:
    workers = [await worker(database) for _ in range(2)]
    limits = SharedLimits(database)
    async with nothing_left(database):
        people = [Person(database, workers[number % 2], None) for number in range(START + 1)]
        async with asyncio.timeout(20):
            while sum(person.called.is_set() for person in people) < START:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.05)
        first = next(person for person in people if person.called.is_set())
        await first.ends(Verdict(Fate.TAKEN))
        assert (await known(limits, lambda pace: pace.width > START)).width == START + 1
        for person in people:
            if person is not first:
                await person.calls()
                await person.ends()
    assert (await limits.standing("gemini")).running == 0


async def test_a_number_that_was_cut_counts_the_permits_above_it(database: Database) -> None:
    one = await worker(database)
    limits = SharedLimits(database)
    async with nothing_left(database):
        people = [Person(database, one, 3) for _ in range(3)]
        for person in people:
            await person.calls()
        token = fence.set(Fence(worker_id=one, renew=WorkerJobs(database).renew))
        try:
            assert [await limits.take("gemini", width) for width in (1, 2, 3)] == [None, None, None]
            slot = await limits.take("gemini", 4)
            assert slot is not None
            assert slot <= LINE
            await limits.give("gemini", slot)
        finally:
            fence.reset(token)
        for person in people:
            await person.ends()


async def known(limits: SharedLimits, wanted: Callable[[Pace], bool]) -> Pace:
    """Wait until the processes know something of their pace."""
    async with asyncio.timeout(10):
        while True:
            pace = Pace().load((await limits.standing("gemini")).pace)
            if wanted(pace):
                return pace
            await asyncio.sleep(0.05)


async def _stand(database: Database, worker_id: int) -> int | None:
    token = fence.set(Fence(worker_id=worker_id, renew=WorkerJobs(database).renew))
    try:
        return await SharedLimits(database).stand("gemini")
    finally:
        fence.reset(token)

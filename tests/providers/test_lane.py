"""The fair limiter: width, order, places, capacity, time, and people who leave the queue."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.providers.errors import QueueFull
from bot.providers.lane import Lane, Moved
from bot.providers.pace import Seat


class Crowd:
    """People who hold a slot until they are let go."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.order: list[int] = []
        self.places: dict[int, list[int]] = {}
        self.gates: dict[int, asyncio.Event] = {}
        self.inside = 0
        self.most = 0

    async def come(self, number: int) -> None:
        """Wait for a slot, hold it until the gate opens."""
        self.gates[number] = asyncio.Event()
        seen = self.places.setdefault(number, [])

        async def moved(place: int) -> None:
            seen.append(place)

        async with self.lane.slot(moved):
            self.order.append(number)
            self.inside += 1
            self.most = max(self.most, self.inside)
            await self.gates[number].wait()
            self.inside -= 1


async def settle() -> None:
    """Let all that can run run."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_people_are_served_in_order_and_know_their_place() -> None:
    crowd = Crowd(Lane(2))
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(6)]
    await settle()
    assert crowd.order == [0, 1]
    assert crowd.lane.waiting == 4
    assert crowd.places == {0: [], 1: [], 2: [1], 3: [2], 4: [3], 5: [4]}
    for number in (1, 0, 2, 3, 4, 5):
        crowd.gates[number].set()
        await settle()
    await asyncio.gather(*tasks)
    assert crowd.order == [0, 1, 2, 3, 4, 5]
    assert crowd.places[5] == [4, 3, 2, 1]
    assert crowd.most == 2
    assert crowd.lane.waiting == 0


async def test_who_leaves_the_queue_moves_the_others_up() -> None:
    crowd = Crowd(Lane(1))
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(4)]
    await settle()
    tasks[2].cancel()
    await settle()
    assert crowd.places[3] == [3, 2]
    crowd.gates[0].set()
    await settle()
    assert crowd.order == [0, 1]
    # The one inside is cancelled, too: the slot goes on to the next.
    tasks[1].cancel()
    await settle()
    assert crowd.order == [0, 1, 3]
    crowd.gates[3].set()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    left = [isinstance(result, asyncio.CancelledError) for result in results]
    assert left == [False, True, True, False]


async def test_a_slot_that_was_just_given_to_somebody_who_leaves_is_not_lost() -> None:
    crowd = Crowd(Lane(1))
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(3)]
    await settle()
    crowd.gates[0].set()
    # Whoever releases admits the next one; cancel it before it has run.
    await asyncio.wait([tasks[0]])
    tasks[1].cancel()
    await settle()
    assert crowd.order[-1] == 2
    crowd.gates[2].set()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with crowd.lane.slot():
        assert crowd.lane.waiting == 0


async def test_a_full_queue_turns_people_away_at_once() -> None:
    crowd = Crowd(Lane(1, capacity=1))
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(2)]
    await settle()
    with pytest.raises(QueueFull):
        await crowd.come(9)
    for number in range(2):
        crowd.gates[number].set()
        await settle()
    await asyncio.gather(*tasks)


async def test_nobody_waits_for_ever() -> None:
    crowd = Crowd(Lane(1, longest_wait_s=0.02))
    first = asyncio.create_task(crowd.come(0))
    await settle()
    with pytest.raises(QueueFull):
        await crowd.come(1)
    assert crowd.lane.waiting == 0
    crowd.gates[0].set()
    await first


async def test_a_failure_to_show_the_place_frees_it() -> None:
    lane = Lane(1)

    async def broken(place: int) -> None:
        raise ValueError("cannot be shown")

    async with lane.slot():
        with pytest.raises(ValueError, match="cannot be shown"):
            async with lane.slot(broken):
                pass
        assert lane.waiting == 0
    async with lane.slot(broken):
        pass


async def test_a_gate_stands_in_place_of_the_slots_and_keeps_the_bounds() -> None:
    """Where several processes share a key: who waits there waits here, too, and not for ever."""
    opened, entered = asyncio.Event(), []

    @asynccontextmanager
    async def gate(moved: Moved | None, behind_s: float) -> AsyncIterator[Seat]:
        if moved is not None:
            await moved(3)
        await opened.wait()
        entered.append("in")
        yield Seat()
        entered.append("out")

    lane = Lane(1, capacity=2, longest_wait_s=0.05)
    lane.gate = gate
    crowd = Crowd(lane)
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(2)]
    await settle()
    assert (lane.waiting, crowd.places) == (2, {0: [3], 1: [3]})
    with pytest.raises(QueueFull):
        await crowd.come(9)
    with pytest.raises(QueueFull):
        await asyncio.gather(*tasks)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert lane.waiting == 0
    opened.set()
    task = asyncio.create_task(crowd.come(4))
    await settle()
    assert entered == ["in"]
    crowd.gates[4].set()
    await task
    assert entered == ["in", "out"]

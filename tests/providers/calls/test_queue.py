"""The line before a provider: width, order, fairness, places, memory, pauses, and people who leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.providers.calls.pace import START, CallReport, Pace
from bot.providers.calls.queue import ANSWER_BYTES, ANSWER_COPIES, STANDS_BACK_S, Caller, CallQueue, Memory, OnPosition
from bot.providers.errors import ModelOverloaded, ProviderError, QueueFull, RateLimited, SafetyRefused


class Crowd:
    """People who hold a slot until they are let go."""

    def __init__(self, queue: CallQueue) -> None:
        self.queue = queue
        self.order: list[int] = []
        self.places: dict[int, list[int]] = {}
        self.gates: dict[int, asyncio.Event] = {}
        self.inside = 0
        self.most = 0

    async def come(self, number: int, caller: Caller | None = None) -> None:
        """Wait for a slot, hold it until the gate opens."""
        self.gates[number] = asyncio.Event()
        seen = self.places.setdefault(number, [])

        async def on_position(place: int) -> None:
            seen.append(place)

        async with self.queue.slot(on_position, caller):
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
    crowd = Crowd(CallQueue(2))
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(6)]
    await settle()
    assert crowd.order == [0, 1]
    assert crowd.queue.waiting == 4
    assert crowd.places == {0: [], 1: [], 2: [1], 3: [2], 4: [3], 5: [4]}
    for number in (1, 0, 2, 3, 4, 5):
        crowd.gates[number].set()
        await settle()
    await asyncio.gather(*tasks)
    assert crowd.order == [0, 1, 2, 3, 4, 5]
    assert crowd.places[5] == [4, 3, 2, 1]
    assert crowd.most == 2
    assert crowd.queue.waiting == 0


async def test_who_leaves_the_queue_moves_the_others_up() -> None:
    crowd = Crowd(CallQueue(1))
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
    crowd = Crowd(CallQueue(1))
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(3)]
    await settle()
    crowd.gates[0].set()
    # The task that releases a slot admits the next one; cancel that one before it has run.
    await asyncio.wait([tasks[0]])
    tasks[1].cancel()
    await settle()
    assert crowd.order[-1] == 2
    crowd.gates[2].set()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with crowd.queue.slot():
        assert crowd.queue.waiting == 0


async def test_a_full_queue_turns_people_away_at_once() -> None:
    crowd = Crowd(CallQueue(1, capacity=1))
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(2)]
    await settle()
    with pytest.raises(QueueFull):
        await crowd.come(9)
    for number in range(2):
        crowd.gates[number].set()
        await settle()
    await asyncio.gather(*tasks)


async def test_nobody_waits_for_ever() -> None:
    crowd = Crowd(CallQueue(1, longest_wait_s=0.02))
    first = asyncio.create_task(crowd.come(0))
    await settle()
    with pytest.raises(QueueFull):
        await crowd.come(1)
    assert crowd.queue.waiting == 0
    crowd.gates[0].set()
    await first


async def test_a_failure_to_show_the_place_frees_it() -> None:
    queue = CallQueue(1)

    async def broken(place: int) -> None:
        raise ValueError("cannot be shown")

    async with queue.slot():
        with pytest.raises(ValueError, match="cannot be shown"):
            async with queue.slot(broken):
                pass
        assert queue.waiting == 0
    async with queue.slot(broken):
        pass


async def test_a_gate_stands_in_place_of_the_slots_and_keeps_the_bounds() -> None:
    """Where several processes share a key: who waits there waits here, too, and not for ever."""
    opened, entered = asyncio.Event(), []

    @asynccontextmanager
    async def gate(on_position: OnPosition | None, behind_s: float) -> AsyncIterator[CallReport]:
        if on_position is not None:
            await on_position(3)
        await opened.wait()
        entered.append("in")
        yield CallReport()
        entered.append("out")

    queue = CallQueue(1, capacity=2, longest_wait_s=0.05, permits=gate)
    crowd = Crowd(queue)
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(2)]
    await settle()
    assert (queue.waiting, crowd.places) == (2, {0: [3], 1: [3]})
    with pytest.raises(QueueFull):
        await crowd.come(9)
    with pytest.raises(QueueFull):
        await asyncio.gather(*tasks)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert queue.waiting == 0
    opened.set()
    task = asyncio.create_task(crowd.come(4))
    await settle()
    assert entered == ["in"]
    crowd.gates[4].set()
    await task
    assert entered == ["in", "out"]


async def test_further_calls_of_a_conversation_wait_for_first_calls_of_others() -> None:
    crowd = Crowd(CallQueue(2))
    tasks = [asyncio.create_task(crowd.come(number, Caller(whose="ann"))) for number in range(6)]
    await settle()
    assert crowd.order == [0, 1]
    tasks += [asyncio.create_task(crowd.come(number, Caller(whose=f"chat {number}"))) for number in (6, 7)]
    await settle()
    assert (crowd.places[6], crowd.places[7]) == ([1], [2])
    assert crowd.places[2] == [1, 3]
    for number in (0, 1, 6, 7, 2, 3, 4, 5):
        crowd.gates[number].set()
        await settle()
    await asyncio.gather(*tasks)
    assert crowd.order == [0, 1, 6, 7, 2, 3, 4, 5]


async def test_further_calls_wait_for_a_while_and_not_forever() -> None:
    crowd = Crowd(CallQueue(1))
    now = asyncio.get_running_loop().time()
    tasks = [asyncio.create_task(crowd.come(number, Caller(whose="ann", since=now - 100))) for number in range(2)]
    await settle()
    tasks.append(asyncio.create_task(crowd.come(2, Caller(whose="boris", since=now - 100 + STANDS_BACK_S + 1))))
    tasks.append(asyncio.create_task(crowd.come(3, Caller(whose="chen", since=now - 100 + STANDS_BACK_S - 1))))
    await settle()
    for number in (0, 3, 1, 2):
        crowd.gates[number].set()
        await settle()
    await asyncio.gather(*tasks)
    assert crowd.order == [0, 3, 1, 2]


async def ends(queue: CallQueue, error: ProviderError | None, caller: Caller | None = None) -> None:
    """Call once, with that outcome."""
    if error is None:
        async with queue.slot(None, caller):
            return
    with pytest.raises(type(error)):
        async with queue.slot(None, caller):
            raise error


async def test_only_what_is_about_the_number_of_calls_changes_it() -> None:
    queue = CallQueue()
    for error in (None, SafetyRefused(), QueueFull()):
        await ends(queue, error)
        assert queue.pace == Pace()
    await ends(queue, ModelOverloaded())
    assert (queue.pace.width, queue.pause_s) == (START / 2, 0)
    await ends(queue, RateLimited(retry_after_s=30))
    assert queue.pace.width == START / 4
    assert 29 < queue.pause_s <= 30


async def test_a_call_that_was_cancelled_teaches_nothing() -> None:
    crowd = Crowd(CallQueue())
    task = asyncio.create_task(crowd.come(0))
    await settle()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert crowd.queue.pace == Pace()


async def test_a_pause_holds_everybody_and_who_was_refused_goes_first() -> None:
    queue, order = CallQueue(1, capacity=1), list[str]()
    began_at = asyncio.get_running_loop().time()
    refused = Caller()
    await ends(queue, RateLimited(retry_after_s=0.2), refused)

    async def come(name: str, caller: Caller) -> None:
        async with queue.slot(None, caller):
            order.append(name)

    async with asyncio.TaskGroup() as group:
        group.create_task(come("newcomer", Caller()))
        await settle()
        # The line is full, but not for somebody who was in it.
        group.create_task(come("refused", refused))
        await settle()
        assert order == []
    assert order == ["refused", "newcomer"]
    assert asyncio.get_running_loop().time() - began_at >= 0.2


async def test_a_number_that_was_cut_lets_those_finish_that_run() -> None:
    crowd = Crowd(CallQueue())
    tasks = [asyncio.create_task(crowd.come(number)) for number in range(START)]
    await settle()
    assert crowd.inside == START
    crowd.queue.pace = Pace(width=2, cut_at=asyncio.get_running_loop().time())
    tasks.append(asyncio.create_task(crowd.come(START)))
    for number in range(START - 2):
        crowd.gates[number].set()
    await settle()
    assert crowd.inside == 2
    crowd.gates[START - 1].set()
    await settle()
    assert crowd.order[-1] == START
    for gate in crowd.gates.values():
        gate.set()
    await asyncio.gather(*tasks)


async def test_memory_bounds_the_calls_of_all_lanes_together() -> None:
    one_call = ANSWER_COPIES * ANSWER_BYTES + 1_000_000
    memory = Memory(3 * one_call)
    left, right = Crowd(CallQueue(memory=memory)), Crowd(CallQueue(memory=memory))
    tasks = []
    for number in range(2):
        for crowd in (left, right):
            tasks.append(asyncio.create_task(crowd.come(number, Caller(size_bytes=1_000_000))))
            await settle()
    assert (left.order, right.order) == ([0, 1], [0])
    assert right.places[1] == [1]
    left.gates[0].set()
    await settle()
    assert right.order == [0, 1]
    for crowd in (left, right):
        for gate in crowd.gates.values():
            gate.set()
    await asyncio.gather(*tasks)


@pytest.mark.parametrize("size_bytes", [0, ANSWER_COPIES * ANSWER_BYTES])
async def test_a_crowd_before_one_provider_keeps_nobody_from_another(size_bytes: int) -> None:
    """Providers share only memory. There it is first come, first served: no small picture overtakes a large one."""
    memory = Memory(3 * ANSWER_COPIES * ANSWER_BYTES)
    busy, quiet = Crowd(CallQueue(memory=memory)), Crowd(CallQueue(memory=memory))
    tasks = [asyncio.create_task(busy.come(number)) for number in range(5)]
    await settle()
    tasks.append(asyncio.create_task(quiet.come(0, Caller(size_bytes=size_bytes))))
    await settle()
    tasks += [asyncio.create_task(busy.come(number)) for number in range(5, 12)]
    for number in range(12):
        await settle()
        if not quiet.order:
            assert busy.order == list(range(min(number + 3, 5)))
        busy.gates[number].set()
        if quiet.order:
            quiet.gates[0].set()
    async with asyncio.timeout(5):
        await asyncio.gather(*tasks)
    assert busy.order == list(range(12))


async def test_a_call_that_is_larger_than_all_memory_is_made_alone() -> None:
    queue = CallQueue(memory=Memory(10))
    async with asyncio.timeout(5):
        await ends(queue, None, Caller(size_bytes=1_000))


async def test_large_answers_make_the_next_calls_weigh_more_and_small_ones_less() -> None:
    memory = Memory(10 * ANSWER_COPIES * ANSWER_BYTES)

    async def fit_beside(answer_bytes: int, times: int) -> int:
        queue = CallQueue(memory=memory)
        for _ in range(times):
            async with queue.slot() as report:
                report.answer_bytes = answer_bytes
        crowd = Crowd(queue)
        tasks = [asyncio.create_task(crowd.come(number)) for number in range(START)]
        await settle()
        inside = crowd.inside
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return inside

    assert await fit_beside(0, 1) == 10
    assert await fit_beside(10 * ANSWER_BYTES, 1) == 1
    assert await fit_beside(ANSWER_BYTES // 100, 30) == START

"""Picture work outside the event loop: bounded in threads and in bytes, and without delaying anybody."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time

import pytest

from bot.pictures.machine import cores, memory_bytes
from bot.pictures.threads import Budget, budget, glance, off_loop

who: contextvars.ContextVar[str] = contextvars.ContextVar("who", default="nobody")


async def test_never_more_at_once_than_cores() -> None:
    lock, now, most = threading.Lock(), 0, 0

    def work() -> None:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1

    await asyncio.gather(*(off_loop(work) for _ in range(12)))
    assert most == min(12, cores())


async def test_the_loop_goes_on_meanwhile() -> None:
    released = threading.Event()
    work = asyncio.create_task(off_loop(released.wait, 30))
    for _ in range(5):
        await asyncio.sleep(0.001)
    assert not work.done()
    released.set()
    assert await work, "the loop stood still until the work gave up"


async def test_context_arguments_results_and_errors_pass() -> None:
    who.set("Ann")

    def work(greeting: str, *, mark: str) -> str:
        if not greeting:
            raise LookupError(mark)
        return f"{greeting} {who.get()}{mark}"

    assert await off_loop(work, "hello", mark="!") == "hello Ann!"
    with pytest.raises(LookupError, match="empty"):
        await off_loop(work, "", mark="empty")


def test_the_budget_leaves_memory_for_the_rest() -> None:
    assert 0 < budget.size_bytes <= memory_bytes() // 2


class Holder(threading.Thread):
    """Reserves bytes, reports when it has them, and holds them until the test releases it."""

    def __init__(self, shared: Budget, *wanted_bytes: int) -> None:
        super().__init__(daemon=True)
        self.shared, self.wanted_bytes = shared, wanted_bytes
        self.has, self.let_go = threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        self._ask(self.wanted_bytes)

    def _ask(self, wanted_bytes: tuple[int, ...]) -> None:
        if not wanted_bytes:
            self.has.set()
            self.let_go.wait(30)
            return
        with self.shared.room_for(wanted_bytes[0]):
            self._ask(wanted_bytes[1:])

    def ends(self) -> None:
        self.let_go.set()
        self.join(30)
        assert not self.is_alive()


def test_who_finds_no_room_waits_until_others_let_go() -> None:
    shared = Budget(100)
    first, second = Holder(shared, 60), Holder(shared, 40)
    assert first.has.wait(30)
    assert second.has.wait(30)
    third = Holder(shared, 41)
    assert not third.has.wait(0.05)
    second.ends()
    assert not third.has.wait(0.05), "40 are free, 41 are wanted"
    first.ends()
    assert third.has.wait(30)
    third.ends()


def test_a_large_one_is_not_overtaken_for_ever_by_small_ones() -> None:
    shared = Budget(100)
    first = Holder(shared, 50)
    assert first.has.wait(30)
    large = Holder(shared, 80)
    assert not large.has.wait(0.05)
    small = Holder(shared, 10)
    assert not small.has.wait(0.05)
    first.ends()
    assert large.has.wait(30)
    assert small.has.wait(30)
    large.ends()
    small.ends()


def test_what_is_larger_than_the_budget_has_it_alone() -> None:
    shared = Budget(100)
    first = Holder(shared, 1)
    assert first.has.wait(30)
    huge = Holder(shared, 5000)
    assert not huge.has.wait(0.05)
    first.ends()
    assert huge.has.wait(30)
    second = Holder(shared, 1)
    assert not second.has.wait(0.05)
    huge.ends()
    assert second.has.wait(30)
    second.ends()


def test_what_is_asked_for_within_is_taken_from_what_is_held() -> None:
    shared = Budget(100)
    first, second = Holder(shared, 50, 40, 10), Holder(shared, 50, 50)
    assert first.has.wait(30)
    assert second.has.wait(30)
    first.ends()
    second.ends()


def test_two_that_hold_and_want_more_do_not_wait_for_each_other() -> None:
    shared, both_hold = Budget(100), threading.Barrier(2)

    def work() -> None:
        with shared.room_for(50):
            both_hold.wait(30)
            with shared.room_for(60):
                both_hold.wait(30)

    workers = [threading.Thread(target=work, daemon=True) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
        assert not worker.is_alive()
    assert not both_hold.broken
    with shared.room_for(100):
        pass


def test_room_is_given_back_after_a_failure() -> None:
    shared = Budget(100)
    with pytest.raises(LookupError), shared.room_for(100):
        raise LookupError
    with shared.room_for(100):
        pass


async def test_a_glance_waits_for_nobody_who_draws() -> None:
    released = threading.Event()
    drawing = [asyncio.create_task(off_loop(released.wait, 30)) for _ in range(cores())]
    assert await glance(len, b"four") == 4
    released.set()
    assert all(await asyncio.gather(*drawing))

"""Picture work beside the event loop: bounded, and out of everybody's way."""

from __future__ import annotations

import asyncio
import contextvars
import os
import threading
import time

import pytest

from bot.pictures.pool import off_loop

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
    assert most == min(12, os.cpu_count() or 1)


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

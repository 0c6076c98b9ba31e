"""The watchdog itself: it sees what blocks an event loop and where, and a busy machine does not confuse it."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.stillness import LONGEST_S, ROOT, Hold, longest_s, watched

pytestmark = pytest.mark.holds_the_loop

WAYS = {
    "sleeping": "time.sleep(seconds)",
    "python": "while time.thread_time() < until: pass",
    "library": "while time.thread_time() < until: json.dumps(text)",
    "disk": "file.read()",
}


def in_the_bot(source: str) -> Callable[..., None]:
    """Return a function that looks as if it stood in the bot's own code."""
    names: dict[str, Any] = {}
    code = f"import json, time\ndef hold(seconds, text, file):\n    until = time.thread_time() + seconds\n    {source}"
    exec(compile(code, f"{ROOT}/bot/made_up.py", "exec"), names)  # noqa: S102 - made up here
    return names["hold"]  # type: ignore[no-any-return]


class Slow:
    """A file that comes from far away."""

    def read(self) -> None:
        """Take as long as a disk that is busy with something else."""
        came = threading.Event()
        threading.Timer(2 * longest_s(), came.set).start()
        came.wait()


async def held(source: str, seconds: float) -> list[Hold]:
    """Return what the watchdog notes while the bot holds the loop."""
    with watched() as watch:
        asyncio.get_running_loop().call_soon(in_the_bot(source), seconds, "x" * 2_000_000, Slow())
        await asyncio.sleep(0.01)
    return watch.holds


@pytest.mark.parametrize("way", WAYS)
async def test_whatever_holds_a_loop_is_seen_and_named(way: str) -> None:
    (hold,) = await held(WAYS[way], 2 * longest_s())
    assert hold.is_ours
    assert hold.seconds > longest_s()
    assert f"{ROOT}/bot/made_up.py" in str(hold)


async def test_what_takes_a_moment_is_none_of_its_business() -> None:
    assert await held(WAYS["sleeping"], LONGEST_S / 4) == []


async def test_a_wait_that_lets_others_go_on_is_no_hold() -> None:
    with watched() as watch:
        await asyncio.sleep(2 * longest_s())
        await asyncio.to_thread(time.sleep, 2 * longest_s())
    assert watch.holds == []


async def test_what_a_test_does_itself_is_not_the_bots_fault() -> None:
    with watched() as watch:
        await asyncio.sleep(0)
        in_the_bot(WAYS["sleeping"])(2 * longest_s(), "", None)
        await asyncio.sleep(0)
    assert [hold.is_ours for hold in watch.holds] == [False]

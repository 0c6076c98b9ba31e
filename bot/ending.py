"""How a process ends: signals, the time that running turns get, and exit codes that say which way it was.

Imports the standard library only. Nothing is lost in any of them; what is unfinished stands in storage.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum

log = logging.getLogger(__name__)


class StartError(Exception):
    """The bot cannot start; the message is one line for the operator."""


class ExitCode(IntEnum):
    """How the process ended."""

    STOPPED = 0
    """As asked, with nothing left running."""
    FAILED = 1
    """By a fault that a new start may cure, such as polling that hangs."""
    MISCONFIGURED = 2
    """A setting, the token or the store is wrong, or another process works on the same folder; nothing was begun."""
    CUT_SHORT = 3
    """As asked, but some work did not end in time; the next start takes it up."""


async def until_stopped(work: Awaitable[None], stop: Callable[[float], Awaitable[bool]], grace_s: float) -> ExitCode:
    """Let ``work`` run until SIGINT or SIGTERM, then stop within ``grace_s``; a second signal leaves at once.

    ``stop`` returns whether all was finished. Raises: whatever ends ``work`` by itself.
    """
    with _signals() as signals:
        working = asyncio.ensure_future(work)
        asked = asyncio.create_task(signals.get(), name="signal")
        await asyncio.wait({working, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        died = working.exception() if working.done() and not working.cancelled() else None
        working.cancel()
        await asyncio.wait({working})
        log.info("stopping: no new updates; running turns have %.0f s to finish", grace_s)
        finished = await _stopped(stop, grace_s, signals)
    if died is not None:
        raise died
    return ExitCode.STOPPED if finished else ExitCode.CUT_SHORT


async def _stopped(stop: Callable[[float], Awaitable[bool]], grace_s: float, signals: asyncio.Queue[int]) -> bool:
    finishing = asyncio.ensure_future(stop(grace_s))
    again = asyncio.create_task(signals.get(), name="second signal")
    await asyncio.wait({finishing, again}, return_when=asyncio.FIRST_COMPLETED)
    again.cancel()
    if finishing.done():
        return finishing.result()
    log.warning("asked again: leaving at once; the next start takes up what is unfinished")
    finishing.cancel()
    await asyncio.wait({finishing})
    await stop(0)
    return False


@contextmanager
def _signals() -> Iterator[asyncio.Queue[int]]:
    """Collect SIGINT and SIGTERM while the block runs."""
    signals: asyncio.Queue[int] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, signals.put_nowait, number)
    try:
        yield signals
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)

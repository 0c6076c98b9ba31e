"""How a process ends: signals, the time that running turns get, and exit codes.

Imports the standard library only. No way of ending loses anything: unfinished work is in storage.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import Any, TypeVar

log = logging.getLogger(__name__)


Found = TypeVar("Found")
Signals = asyncio.Queue[int]
"""Signals that came and have not been acted on yet."""


class StartError(Exception):
    """The bot cannot start; the message is one line for the operator."""


class StoppedEarly(Exception):
    """A signal asked to stop while the process was still starting."""


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


async def until_stopped(
    work: Awaitable[None], stop: Callable[[float], Awaitable[bool]], grace_s: float, asked: Signals
) -> ExitCode:
    """Let ``work`` run until a signal asks to stop, then stop within ``grace_s``; a second signal leaves at once.

    ``stop`` returns whether all was finished. Raises: whatever ends ``work`` by itself.
    """
    working = asyncio.ensure_future(work)
    await _either(working, asked)
    died = working.exception() if working.done() and not working.cancelled() else None
    working.cancel()
    await asyncio.wait({working})
    log.info("stopping: no new updates; running turns have %.0f s to finish", grace_s)
    finished = await _stopped(stop, grace_s, asked)
    if died is not None:
        raise died
    return ExitCode.STOPPED if finished else ExitCode.CUT_SHORT


async def unless_stopped(start: Coroutine[Any, Any, Found], asked: Signals) -> Found:
    """Return the result of a start. Raises: :class:`StoppedEarly` when a signal comes first, and what it raises."""
    working = asyncio.create_task(start)
    try:
        await _either(working, asked)
        if not working.done():
            raise StoppedEarly
        return working.result()
    finally:
        working.cancel()
        await asyncio.wait({working})


async def _stopped(stop: Callable[[float], Awaitable[bool]], grace_s: float, asked: Signals) -> bool:
    finishing = asyncio.ensure_future(stop(grace_s))
    await _either(finishing, asked)
    if finishing.done():
        if not finishing.result():
            log.warning("some work did not end in time; the next start continues it")
        return finishing.result()
    log.warning("a second signal: stopping at once; the next start continues unfinished work")
    finishing.cancel()
    await asyncio.wait({finishing})
    await stop(0)
    return False


async def _either(work: asyncio.Future[Any], asked: Signals) -> None:
    """Return when the work is done or the next signal came. A signal that comes with the end of the work is kept."""
    signalled = asyncio.create_task(asked.get(), name="signal")
    try:
        await asyncio.wait({work, signalled}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        signalled.cancel()
    if work.done() and signalled.done():
        asked.put_nowait(signalled.result())


@contextmanager
def signals() -> Iterator[Signals]:
    """Collect SIGINT and SIGTERM while the block runs."""
    asked: Signals = asyncio.Queue()
    loop = asyncio.get_running_loop()
    numbers = (signal.SIGINT, signal.SIGTERM)
    for number in numbers:
        loop.add_signal_handler(number, asked.put_nowait, number)
    try:
        yield asked
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)

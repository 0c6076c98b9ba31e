"""Work that goes on beside a block of code and ends with it. Imports nothing of ours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

log = logging.getLogger(__name__)


class WorkEnded(Exception):
    """Work without which the process is of no use has ended; the message is one line for the operator."""


@asynccontextmanager
async def beside(
    *, silently: bool = False, **works: Coroutine[Any, Any, None]
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run coroutines as tasks of these names until the block ends, then cancel them and wait until they are gone.

    What one of them raises ends nothing else and is told in the log; or not, where the block looks at the tasks itself.
    """
    tasks = [asyncio.create_task(work, name=name) for name, work in works.items()]
    for task in tasks if not silently else ():
        task.add_done_callback(log_failure)
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def log_failure(task: asyncio.Task[Any]) -> None:
    """Tell in the log of an exception that ended a task; to be called when it is done."""
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("%s has ended by an error that nobody expected", task.get_name(), exc_info=error)


async def together(work: Coroutine[Any, Any, None], needed: Sequence[asyncio.Task[Any]]) -> None:
    """Do some work until it ends, or one of those tasks. Raises: what ended the work, or :class:`WorkEnded`."""
    async with _cancelled_with(work) as working:
        await asyncio.wait({working, *needed}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            ended = ", ".join(task.get_name() for task in needed if task.done())
            raise WorkEnded(f"The {ended} of this process has ended. Start it anew; the log tells more.")
        working.result()


@asynccontextmanager
async def _cancelled_with(work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

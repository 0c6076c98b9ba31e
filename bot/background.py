"""Tasks that run in the background: until a block ends, or until they are done. Imports nothing of ours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import Context
from typing import Any, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")


class WorkEnded(Exception):
    """A task that the process needs has ended; the message is one line for the operator."""


@asynccontextmanager
async def beside(
    *, silently: bool = False, **works: Coroutine[Any, Any, None]
) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run coroutines as tasks of these names until the block ends, then cancel them and wait until they are gone.

    An exception in one of them is logged and ends nothing else. ``silently``: not logged; the block looks at the tasks.
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


class BackgroundTasks:
    """Tasks that no caller awaits. They are kept here, since the event loop keeps only weak references.

    The event loop logs what ends them, but for what is no ``Exception``: that is like a cancellation, and whoever
    raises it says so once for all of them.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = 0

    def run(
        self, work: Coroutine[Any, Any, T], *, name: str | None = None, context: Context | None = None
    ) -> asyncio.Task[T]:
        """Start a coroutine as a task and return the task."""
        task = asyncio.create_task(_looked_after(work), name=name, context=context)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        # What was cancelled before it began would else be reported as never awaited.
        task.add_done_callback(lambda _: work.close())
        if self._stopping:
            task.cancel()
        return task

    async def finish(self) -> None:
        """Wait until all tasks are done, whatever they raise, and those that they began meanwhile."""
        while self._tasks:
            await self._ended([*self._tasks])

    async def stop(self, grace_s: float) -> None:
        """Wait ``grace_s`` for the tasks, cancel the rest, and wait until these are gone; no task is left."""
        with suppress(TimeoutError):
            async with asyncio.timeout(grace_s):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        # What is cancelled may begin more. That ends before it begins: else it could begin more, and so on.
        self._stopping += 1
        try:
            while self._tasks:
                late = [*self._tasks]
                for task in late:
                    task.cancel()
                await self._ended(late)
        finally:
            self._stopping -= 1

    async def _ended(self, tasks: Sequence[asyncio.Task[Any]]) -> None:
        await asyncio.gather(*tasks, return_exceptions=True)
        # They are taken away only at the next pass of the event loop, for which nothing may wait.
        self._tasks.difference_update(tasks)


async def _looked_after(work: Coroutine[Any, Any, T]) -> T:
    try:
        return await work
    except BaseException as error:
        task = asyncio.current_task()
        if task is not None and not isinstance(error, Exception):
            # The event loop complains only of errors that nobody has looked at.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
        raise


def log_failure(task: asyncio.Task[Any]) -> None:
    """Log the exception that ended a task, unless it is like a cancellation; a callback for ``add_done_callback``."""
    if not task.cancelled() and isinstance(error := task.exception(), Exception):
        log.error("%s has ended by an error that nobody expected", task.get_name(), exc_info=error)


async def together(work: Coroutine[Any, Any, None], needed: Sequence[asyncio.Task[Any]]) -> None:
    """Do some work until it or one of the tasks ends. Raises: what ended the work, or :class:`WorkEnded`."""
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

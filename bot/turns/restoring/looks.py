"""Bounds how many answers are looked at at once, and how many wait for it.

Imports ``machine``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from bot.pictures import machine

T = TypeVar("T")

MOST_AT_ONCE = max(1, machine.cores() - 1)
"""A look takes about a second of one core, twenty times what the rest of a turn takes. So one core stays free for the
pictures that people send, where there are several."""

MOST_IN_LINE = 5 * MOST_AT_ONCE
"""How many looks run or wait before the line counts as long: the last of them is over after about five seconds."""


class Looks:
    """The line of looks in this process: first come, first served."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(MOST_AT_ONCE)
        self._in_line = 0
        self._works: set[asyncio.Future[Any]] = set()

    @property
    def is_long(self) -> bool:
        """Whether who can do without a look should not wait for one."""
        return self._in_line >= MOST_IN_LINE

    async def run(self, look: Callable[[], Awaitable[T]]) -> T:
        """Return what ``look`` returns, when it is its turn.

        Whoever stops waiting stops no thread, so a look that has begun counts until it is over.
        """
        self._in_line += 1
        try:
            await self._free.acquire()
        except asyncio.CancelledError:
            self._in_line -= 1
            raise
        work = asyncio.ensure_future(look())
        self._works.add(work)
        work.add_done_callback(self._over)
        return await asyncio.shield(work)

    def _over(self, work: asyncio.Future[Any]) -> None:
        self._works.discard(work)
        self._in_line -= 1
        self._free.release()
        if not work.cancelled():
            # Whoever stopped waiting does not look at it.
            work.exception()

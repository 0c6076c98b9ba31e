"""Threads for picture work, and the budget for the memory of its pixels.

Pillow releases the interpreter lock while it decodes, encodes and resizes, so threads are enough: one for each core
that the process may use. ``room_for`` bounds their memory: code that decodes or draws first requests the bytes of its
pixels, and waits until others have released theirs. Imports ``machine``.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import ParamSpec, TypeVar

from bot.pictures import machine

P = ParamSpec("P")
T = TypeVar("T")

# The other half is for the program itself and for the bytes of files.
_SHARE_OF_MEMORY = 0.5


class Budget:
    """A number of bytes shared by threads, first come, first served, so that large pictures get their turn, too."""

    def __init__(self, size_bytes: int) -> None:
        self.size_bytes = size_bytes
        self._free = size_bytes
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._mine = threading.local()

    @contextmanager
    def room_for(self, wanted_bytes: int) -> Iterator[None]:
        """Hold ``wanted_bytes`` while the block runs; blocks the thread until they are free.

        A request above the whole budget waits until no other thread holds any. A nested request takes from what the
        thread already holds, and gets the rest without waiting: two threads that hold and wait would block each other.
        So request everything that is held at the same time at once.
        """
        outer: int | None = getattr(self._mine, "unused", None)
        taken = min(wanted_bytes, self.size_bytes) if outer is None else max(0, wanted_bytes - outer)
        self._take(taken, waits=outer is None)
        self._mine.unused = wanted_bytes if outer is None else max(0, outer - wanted_bytes)
        try:
            yield
        finally:
            self._mine.unused = outer
            self._give_back(taken)

    def _take(self, taken: int, *, waits: bool) -> None:
        ticket = object()
        with self._changed:
            if waits:
                self._waiting.append(ticket)
                try:
                    self._changed.wait_for(lambda: self._waiting[0] is ticket and self._free >= taken)
                finally:
                    self._waiting.remove(ticket)
                    self._changed.notify_all()
            self._free -= taken

    def _give_back(self, taken: int) -> None:
        with self._changed:
            self._free += taken
            self._changed.notify_all()


_threads = ThreadPoolExecutor(
    max_workers=machine.cores(), thread_name_prefix="pictures", initializer=machine.return_large_blocks
)
budget = Budget(int(machine.memory_bytes() * _SHARE_OF_MEMORY))
room_for = budget.room_for


async def off_loop(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``function`` in the picture threads and return what it returns.

    Waits while every core is busy. A cancelled caller returns at once; work that has begun runs to its end.
    """
    call = partial(contextvars.copy_context().run, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_threads, call)


async def glance(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run work of milliseconds without pixels, such as ``inspect``, in a thread.

    It does not use the picture threads, where it would wait behind trees and animations.
    """
    return await asyncio.to_thread(function, *args, **kwargs)

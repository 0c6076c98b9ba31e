"""The one place where picture work leaves the event loop: a thread per core, no more.

Pillow releases the interpreter lock while it decodes, encodes and resizes, so threads are enough, and more threads
than cores would only hold more decoded pictures in memory. Imports the standard library alone.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="pictures")


async def off_loop(function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``function`` in the picture threads and return what it returns.

    Waits its turn when every core is busy. A cancelled caller leaves at once; the work, when it has begun, runs to its
    end unseen.
    """
    call = partial(contextvars.copy_context().run, partial(function, *args, **kwargs))
    return await asyncio.get_running_loop().run_in_executor(_threads, call)

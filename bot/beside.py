"""Work that goes on beside a block of code and ends with it. Imports nothing of ours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def beside(**works: Coroutine[Any, Any, None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run coroutines as tasks of these names until the block ends, then cancel them and wait until they are gone.

    What one of them raises ends nothing else; whoever cares looks at its task.
    """
    tasks = [asyncio.create_task(work, name=name) for name, work in works.items()]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

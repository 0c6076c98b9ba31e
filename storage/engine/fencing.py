"""The fence around a worker: once declared dead, it writes nothing, sends nothing and makes no paid call.

Imports SQLAlchemy and ``faults``. A worker is a row that it renews; a process that takes over its work deletes that row
first. Each transaction of the worker locks the row until it commits, so none can commit after the take-over. Network
calls cannot be locked like that: before a message or a paid call, the age of the row is checked by a clock that goes on
while the process is paused. A single process has no fence, and nothing here runs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.faults import StorageFault

STALE_S = 6.0
"""A worker that has not renewed its row for this time, by the database's clock, is declared dead."""

LEASE_S = 5.0
"""How old the last renewal may be when a network call begins. The rest up to ``STALE_S`` is for its way."""

PAUSE_S = 0.5

_HOLD = text("SELECT 1 FROM procrastinate_workers WHERE id = :worker FOR KEY SHARE")


class Fenced(BaseException):
    """This worker was declared dead, and its work belongs to others.

    Like a cancellation, the work cannot handle it, so ``except Exception`` does not catch it.
    """


@dataclass(slots=True, kw_only=True)
class Fence:
    """The fence of one worker. ``renew`` renews its row and returns False if it was deleted."""

    worker_id: int
    renew: Callable[[int], Awaitable[bool]]
    clock: Callable[[], float] = time.monotonic
    renewed_at: float = field(default=float("-inf"))
    lost: bool = False

    async def hold(self, connection: AsyncConnection) -> None:
        """Lock the worker's row until the transaction ends. Raises: :class:`Fenced`."""
        if (await connection.execute(_HOLD, {"worker": self.worker_id})).first() is None:
            self.lost = True
        self._judge()

    async def check(self) -> None:
        """Return once this worker may act, which may have to wait for the database. Raises: :class:`Fenced`."""
        while not self.lost and self.clock() - self.renewed_at > LEASE_S:
            try:
                await self.beat()
            except StorageFault:
                await asyncio.sleep(PAUSE_S)
        self._judge()

    async def beat(self) -> None:
        """Renew the row, or set :attr:`lost`. Raises: ``StorageFault``."""
        # Taken before the database takes its time, so the row is never older than it seems here.
        began_at = self.clock()
        self.heard(began_at, there=await self.renew(self.worker_id))

    def heard(self, began_at: float, *, there: bool) -> None:
        """Note the result of a renewal that began at ``began_at``; may be called from any thread."""
        if there:
            self.renewed_at = max(self.renewed_at, began_at)
        else:
            self.lost = True

    def _judge(self) -> None:
        if self.lost:
            raise Fenced(f"worker {self.worker_id} was declared dead")


fence: ContextVar[Fence | None] = ContextVar("fence", default=None)
"""The fence of the worker that runs this code; None outside a worker.

A context variable and not an argument: each transaction reads it, and so does each call to Telegram and to a provider
right before it is written to the socket. Between the worker and these lie PTB, httpx and all of the bot. They would
have to pass the fence on without a use for it, and code that forgot to would write for a worker that is dead.
"""


async def check_fence() -> None:
    """Return once the running code may send a message or make a paid call. Raises: :class:`Fenced`."""
    held = fence.get()
    if held is not None:
        await held.check()

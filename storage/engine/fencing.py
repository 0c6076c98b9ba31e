"""The fence around a worker: who was declared dead writes nothing, sends nothing and buys nothing any more.

Imports SQLAlchemy and ``faults``. A worker is a row that it renews; whoever takes its work over deletes that row first.
A transaction of the worker holds the row until it commits, so that none can end after the take-over. What leaves the
machine cannot be held like that: before a message or a paid call the age of the row is judged by a clock that runs on
while the process is paused. On one machine there is no fence, and nothing here runs.
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
"""A worker that has not renewed its row for so long, by the database's clock, is declared dead."""

LEASE_S = 5.0
"""How old the last renewal may be when something leaves the machine. What is left to ``STALE_S`` is for its way."""

PAUSE_S = 0.5

_HOLD = text("SELECT 1 FROM procrastinate_workers WHERE id = :worker FOR KEY SHARE")


class Fenced(BaseException):
    """This worker was declared dead, and its work belongs to others.

    Like a cancellation, it is nothing that the work itself could handle: so no ``except Exception`` meets it.
    """


@dataclass(slots=True, kw_only=True)
class Fence:
    """One life of a worker. ``renew`` renews its row and returns False when that is gone."""

    worker_id: int
    renew: Callable[[int], Awaitable[bool]]
    clock: Callable[[], float] = time.monotonic
    renewed_at: float = field(default=float("-inf"))
    lost: bool = False

    async def hold(self, connection: AsyncConnection) -> None:
        """Keep the worker alive until a transaction ends. Raises: :class:`Fenced`."""
        if (await connection.execute(_HOLD, {"worker": self.worker_id})).first() is None:
            self.lost = True
        self._judge()

    async def check(self) -> None:
        """Return when what follows at once is this worker's, even if only once the database is back.

        Raises: :class:`Fenced`.
        """
        while not self.lost and self.clock() - self.renewed_at > LEASE_S:
            try:
                await self.beat()
            except StorageFault:
                await asyncio.sleep(PAUSE_S)
        self._judge()

    async def beat(self) -> None:
        """Renew the row; :attr:`lost` says whether it was there. Raises: ``StorageFault``."""
        # Read before the database's clock is, so that the row is never older than it seems here.
        began_at = self.clock()
        self.heard(began_at, there=await self.renew(self.worker_id))

    def heard(self, began_at: float, *, there: bool) -> None:
        """Hear that the row was renewed by a statement that began then, or was not there any more; from any thread."""
        if there:
            self.renewed_at = max(self.renewed_at, began_at)
        else:
            self.lost = True

    def _judge(self) -> None:
        if self.lost:
            raise Fenced(f"worker {self.worker_id} was declared dead")


fence: ContextVar[Fence | None] = ContextVar("fence", default=None)
"""The fence of the worker that runs the current code; None outside of a worker.

A context variable and not an argument: each transaction reads it, and so does each call to Telegram and to a provider
right before it is written to the socket. Between a worker and these lie PTB, httpx and all of the bot, which would have
to pass it on without a use for it; a place that forgot to would write as a worker that is dead.
"""


async def check_fence() -> None:
    """Return when the running code may send or buy something. Raises: :class:`Fenced`."""
    held = fence.get()
    if held is not None:
        await held.check()

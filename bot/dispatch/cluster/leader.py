"""Makes exactly one process poll: the one that holds an advisory lock, on a database connection of its own.

Imports psycopg, ``background`` and ``storage``. The lock ends with the connection. A leader that is killed, cut off or
paused loses it within seconds, stops as soon as it finds out, and another process takes over.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg

from bot.background import beside
from storage.cluster.sessions import leading, stays
from storage.engine.faults import StorageFault

log = logging.getLogger(__name__)

PAUSE_S = 1.0


class Leader:
    """Does some work as long as this process is the leader."""

    def __init__(
        self, url: str, work: Callable[[], Coroutine[Any, Any, None]], on_follow: Callable[[], None] = lambda: None
    ) -> None:
        """``on_follow`` is called again and again while another process leads and the database answers."""
        self._url = url
        self._work = work
        self._on_follow = on_follow
        self.leads = False

    async def run(self) -> None:
        """Lead whenever no other process does, until cancelled. Raises: what the work raises."""
        while True:
            try:
                async with leading(self._url) as connection:
                    if connection is not None:
                        await self._lead(connection)
                    else:
                        self._on_follow()
            except StorageFault as fault:
                log.warning("this process is not the leader, because the database cannot be reached: %s", fault)
            await asyncio.sleep(PAUSE_S)

    async def _lead(self, connection: psycopg.AsyncConnection) -> None:
        log.info("this process is the leader: it asks Telegram for updates")
        async with beside(silently=True, leads=self._work(), stays=stays(connection)) as both:
            self.leads = True
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self.leads = False
        working = both[0]
        if not working.cancelled() and (error := working.exception()) is not None:
            raise error
        log.warning(
            "this process is no longer the leader and does not ask Telegram for updates: its connection was cut"
        )

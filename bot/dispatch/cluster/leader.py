"""Polling by exactly one process: the one that holds an advisory lock on a connection of its own.

Imports ``storage.cluster.sessions``. The lock lives as long as the connection: a leader that is killed, cut off or
paused loses it within seconds, stops at once when it finds out, and another goes on.
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
    """Does something as long as this process leads."""

    def __init__(
        self, url: str, work: Callable[[], Coroutine[Any, Any, None]], lived: Callable[[], None] = lambda: None
    ) -> None:
        """``lived`` is called while another process leads and the database answers."""
        self._url = url
        self._work = work
        self._lived = lived
        self.leads = False

    async def run(self) -> None:
        """Lead whenever nobody else does, until cancelled. Raises: whatever ends the work by itself."""
        while True:
            try:
                async with leading(self._url) as connection:
                    if connection is not None:
                        await self._lead(connection)
                    else:
                        self._lived()
            except StorageFault as fault:
                log.warning("this process does not lead, because the database cannot be reached: %s", fault)
            await asyncio.sleep(PAUSE_S)

    async def _lead(self, connection: psycopg.AsyncConnection) -> None:
        log.info("this process asks Telegram for updates from now on")
        async with beside(silently=True, leads=self._work(), stays=stays(connection)) as both:
            self.leads = True
            try:
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self.leads = False
        working = both[0]
        if not working.cancelled() and (error := working.exception()) is not None:
            raise error
        log.warning("this process does not ask Telegram for updates any more: its connection was cut")

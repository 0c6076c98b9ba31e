"""The dispatcher of one process: a task for each busy conversation, none for a quiet one.

Imports ``base``. Holds nothing that must survive: what is to be done stands in storage, and a wake-up only says look.
"""

from __future__ import annotations

import asyncio
import logging

from bot.dispatch.base import Step
from storage.records import Key

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


class LocalDispatcher:
    """Wakes conversations within one event loop."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._woken: set[Key] = set()
        self._stopping = False

    def wake(self, key: Key) -> None:
        """Note that a conversation has something to do; its worker looks again before it ends."""
        if self._stopping:
            return
        self._woken.add(key)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._work(key), name=f"conversation {key.chat_id}/{key.topic_id}")

    async def stop(self, grace_s: float) -> bool:
        """Let running steps finish for ``grace_s`` seconds, then end them; return whether all finished."""
        self._stopping = True
        running = list(self._tasks.values())
        if not running:
            return True
        _, late = await asyncio.wait(running, timeout=grace_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return not late

    async def _work(self, key: Key) -> None:
        pause_s = FIRST_PAUSE_S
        try:
            while not self._stopping:
                self._woken.discard(key)
                try:
                    more = await self._step(key)
                except Exception as error:
                    pause_s = await self._pause(key, error, pause_s)
                    continue
                pause_s = FIRST_PAUSE_S
                if not more and key not in self._woken:
                    return
        finally:
            # No await stands between the last look and this, so no wake-up falls in between.
            del self._tasks[key]

    async def _pause(self, key: Key, error: Exception, pause_s: float) -> float:
        """Wait after a fault that may pass, longer each time; other conversations go on meanwhile."""
        log.warning("conversation %s/%s pauses %.0f s: %s: %s", *key, pause_s, type(error).__name__, error)
        await asyncio.sleep(pause_s)
        return min(pause_s * 2, LONGEST_PAUSE_S)

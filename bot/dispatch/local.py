"""The dispatcher of a single process: one task for each busy conversation, none for a quiet one.

Imports ``base``, ``crash_marks`` and ``storage``. It keeps nothing that must survive a restart: the work itself is in
storage, and a wake-up only says that there is some.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from contextlib import suppress

from bot.dispatch.base import ALONE_S, Later, Step, follows_moves
from bot.dispatch.crash_marks import CrashMarks
from storage.records import Key

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 60.0


class LocalDispatcher:
    """Runs the steps of conversations in one event loop."""

    def __init__(self, step: Step, marks: CrashMarks, stopping: asyncio.Event) -> None:
        """``stopping``: set when the process ends, at the latest by :meth:`stop`."""
        self._step = follows_moves(step, self.wake)
        self._marks = marks
        self._tasks: dict[Key, asyncio.Task[None]] = {}
        self._woken: set[Key] = set()
        self._stopping = stopping
        self._suspects: set[Key] = set()
        self._alone = asyncio.Lock()

    def suspect(self, keys: Iterable[Key]) -> None:
        """Take up one at a time what an earlier process worked on when it died. Other conversations run beside it."""
        self._suspects.update(keys)

    def wake(self, key: Key) -> bool:
        """Note that a conversation has work; a task that already runs looks again before it ends.

        Return whether no task ran for it, so that none of its work was waiting.
        """
        if self._stopping.is_set():
            return False
        self._woken.add(key)
        if key in self._tasks:
            return False
        self._tasks[key] = asyncio.create_task(self._work(key), name=f"conversation {key.chat_id}/{key.topic_id}")
        return True

    async def stop(self, grace_s: float) -> bool:
        """Wait ``grace_s`` for running steps, then cancel them; return whether all finished."""
        self._stopping.set()
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
            while not self._stopping.is_set():
                self._woken.discard(key)
                try:
                    more = await (self._step_alone(key) if key in self._suspects else self._step_marked(key))
                except Later as later:
                    log.info("conversation %s/%s continues in %.1f s: %s", *key, later.delay_s, later)
                    await self._pause(later.delay_s)
                    continue
                except Exception as error:
                    log.warning("conversation %s/%s pauses %.0f s: %s: %s", *key, pause_s, type(error).__name__, error)
                    await self._pause(pause_s)
                    pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
                    continue
                pause_s = FIRST_PAUSE_S
                if not more and key not in self._woken:
                    return
        finally:
            # There is no await since the last look at ``_woken``, so no wake-up can be lost.
            del self._tasks[key]

    async def _step_marked(self, key: Key) -> bool:
        with self._marks.marked(key):
            return await self._step(key)

    async def _step_alone(self, key: Key) -> bool:
        """Do a step with no other suspect at work, until it only waits for something outside or takes too long."""
        self._suspects.discard(key)
        await self._alone.acquire()
        with self._marks.marked(key, self._alone.release) as mark:
            timer = asyncio.get_running_loop().call_later(ALONE_S, mark.release)
            try:
                return await self._step(key)
            finally:
                timer.cancel()

    async def _pause(self, delay_s: float) -> None:
        """Wait, but no longer than until the dispatcher stops."""
        with suppress(TimeoutError):
            async with asyncio.timeout(delay_s):
                await self._stopping.wait()

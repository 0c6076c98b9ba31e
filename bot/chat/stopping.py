"""Stops what runs of turns that somebody had forgotten meanwhile. May import ``turns`` and ``storage``.

Whoever forgets has deleted the rows already; here the call ends, and what it brought all the same is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Any

from bot.background import BackgroundTasks
from bot.turns.turns import Turns
from storage.records import Turn
from storage.store import Store

AtWork = Callable[[], Iterable[tuple[Turn, asyncio.Task[Any]]]]
"""Returns the turns that this process works on, each with its call."""


class Stopping:
    """Hears which turns are forgotten."""

    def __init__(self, store: Store, turns: Turns, at_work: AtWork) -> None:
        self._store = store
        self._turns = turns
        self._at_work = at_work
        self._background = BackgroundTasks()

    def stop(self, turn_ids: Collection[int]) -> None:
        """Stop those of these turns that run here; nothing stays of what they brought."""
        for turn, call in self._at_work():
            if turn.id in turn_ids:
                call.cancel()
                self._background.run(self._drop(call, turn_ids))

    async def look(self) -> None:
        """Find what was forgotten while nobody could tell this process."""
        for turn, _ in list(self._at_work()):
            stored = await self._store.conversations.turn(turn.id)
            if stored is None or stored.is_forgotten:
                self.stop([turn.id])

    async def close(self) -> None:
        """Let what is being dropped go."""
        await self._background.finish()

    async def _drop(self, call: asyncio.Task[Any], turn_ids: Collection[int]) -> None:
        await asyncio.wait({call})
        await self._turns.forgotten(turn_ids)

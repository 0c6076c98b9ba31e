"""A place in a running bot where a call stands still, so that a test can kill it right there. Imports ``talking``."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.talking import Talk


class Standstill:
    """Stands in for a method: whoever calls it the first time gets no further."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self.reached = asyncio.Event()
        self._real = real

    async def here(self, *given: Any, **named: Any) -> Any:
        """Wait for ever, or do what the method does."""
        if not self.reached.is_set():
            self.reached.set()
            await asyncio.Event().wait()
        return await self._real(*given, **named)


def stand_still(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> Standstill:
    """Let the next call of a method stand still."""
    place = Standstill(getattr(owner, name))

    async def method(*given: Any, **named: Any) -> Any:
        return await place.here(*given, **named)

    monkeypatch.setattr(owner, name, method)
    return place


async def kill(talk: Talk) -> None:
    """End the bot without any time to finish, and start it again."""
    talk.stop_grace_s = 0
    await talk.restart()

"""Events for everyone who watches the emulated Telegram: numbered, and kept for a while.

Imports ``records``. The numbers go up over restarts, too. So a browser that comes back gets what it missed, or learns
that it has to load everything again.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from bot.sandbox.botapi.state.records import Json

KEPT_EVENTS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event. ``data`` always names its chat, or None."""

    number: int
    name: str
    data: str


class Events:
    """Numbers events and hands them to every listener."""

    def __init__(self) -> None:
        self._last = int(time.time() * 1000)
        self._kept: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._listeners: set[asyncio.Queue[Event | None]] = set()
        self._closed = False

    @property
    def last(self) -> int:
        """The number of the newest event."""
        return self._last

    def tell(self, name: str, **data: object) -> None:
        """Send an event to every listener."""
        self._last += 1
        body: Json = {"chat_id": None} | data
        event = Event(number=self._last, name=name, data=json.dumps(body, ensure_ascii=False))
        self._kept.append(event)
        for listener in self._listeners:
            listener.put_nowait(event)

    async def listen(self, after: int | None = None) -> AsyncGenerator[Event, None]:
        """Yield the events after a number, then new ones as they happen; ends when the sandbox closes."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            for event in self._missed(after):
                yield event
            while not self._closed and (event_or_end := await queue.get()) is not None:
                yield event_or_end
        finally:
            self._listeners.discard(queue)

    async def wait(self, after: int, timeout_s: float) -> int:
        """Wait for an event after a number, for a limited time; returns the newest number."""
        if after >= self._last and timeout_s > 0:
            listening = self.listen(after)
            try:
                await asyncio.wait_for(anext(listening, None), timeout_s)
            except TimeoutError:
                pass
            finally:
                await listening.aclose()
        return self._last

    def close(self) -> None:
        """End every listener."""
        self._closed = True
        for listener in self._listeners:
            listener.put_nowait(None)

    def _missed(self, after: int | None) -> list[Event]:
        if after is None or after == self._last:
            return []
        known = self._kept[0].number - 1 if self._kept else self._last
        if known <= after <= self._last:
            return [event for event in self._kept if event.number > after]
        return [Event(number=self._last, name="state", data=json.dumps({"chat_id": None, "reload": True}))]

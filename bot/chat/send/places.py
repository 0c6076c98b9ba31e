"""Reserves places for messages within Telegram's limits, in the order of arrival. Imports ``sliding_window``.

Places are reserved ahead, so the length of a wait is known before it begins: a short wait is slept through, a wait
that is too long fails at once.
"""

from __future__ import annotations

import asyncio
import time
from bisect import insort
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.chat.send.sliding_window import SlidingWindow

_SHORTEST_FLOOD_S = 1.0
_CHATS_BEFORE_SWEEP = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLimits:
    """How many calls fit into a window of how many seconds, and how long a call may wait.

    Bots FAQ, "My bot is hitting limits": about 1 message a second in a chat, 20 a minute in a group, 30 a second.
    """

    private: tuple[int, float] = (3, 3.0)
    group: tuple[int, float] = (20, 60.0)
    overall: tuple[int, float] = (30, 1.0)
    longest_wait_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One API call that waits for its place.

    ``weight``: the number of messages that it makes in the chat ``chat_id``; that is "" for a call without a chat.
    ``kind``: which calls a flood wait of this one holds back. ``deadline``: until when it may wait, by the clock of
    the places.
    """

    kind: str
    chat_id: str
    weight: int
    reads_only: bool
    deadline: float


class TooLate(Exception):
    """The place of a call, ``wait_s`` seconds away, is after its deadline."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


@dataclass(slots=True)
class _Chat:
    """One chat. ``queue``: the start times of waiting calls, sorted. ``calls``: the number of unfinished calls."""

    window: SlidingWindow
    queue: list[float] = field(default_factory=list)
    calls: int = 0


class Places:
    """The places of one bot. ``clock`` returns monotonic seconds; ``sleep`` waits for a number of seconds."""

    def __init__(
        self,
        limits: MessageLimits,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._sleep = sleep
        self._overall = SlidingWindow(*limits.overall)
        self._chats: dict[str, _Chat] = {}
        self._sweep_at = _CHATS_BEFORE_SWEEP
        self._floods: dict[str, float] = {}

    @property
    def known_chats(self) -> int:
        """The number of chats in memory: those with calls in their window."""
        return len(self._chats)

    def deadline(self, *, waits: bool = True) -> float:
        """Return until when a call that starts now may wait: not at all unless it ``waits``."""
        return self._clock() + (self._limits.longest_wait_s if waits else 0.0)

    def left_s(self, until: float) -> float:
        """Return how many seconds are left until a time."""
        return until - self._clock()

    def flooded(self, kind: str, seconds: float) -> None:
        """Record a flood wait for a kind of call."""
        now = self._clock()
        self._floods = {name: until for name, until in self._floods.items() if until > now}
        until = now + max(seconds, _SHORTEST_FLOOD_S)
        self._floods[kind] = max(self._floods.get(kind, 0.0), until)

    def flood_s(self, kind: str) -> float:
        """Return the seconds left of the flood wait for a kind of call; 0 without one."""
        return max(0.0, self._floods.get(kind, 0.0) - self._clock())

    def take_now(self, chat_id: str) -> bool:
        """Take a place in the limit for all chats if a message to this chat could go now; return whether it could."""
        now = self._clock()
        chat = self._chats.get(chat_id)
        self._overall.forget(now)
        held = max(self._floods.get(chat_id, 0.0), self._overall.earliest(now))
        if held > now or (chat is not None and (chat.queue or chat.window.earliest(now) > now)):
            return False
        self._overall.book(now)
        return True

    @asynccontextmanager
    async def turn(self, call: Call) -> AsyncIterator[None]:
        """Wait until a call may go, and hold its places while the block makes it. Raises: :class:`TooLate`.

        The places count from the end of the call, because Telegram counts an upload when it has arrived.
        """
        if not call.weight or not call.chat_id:
            await self._own_turn(None, call)
            yield
            return
        chat = self._chat(call.chat_id)
        chat.calls += 1
        try:
            places = await self._own_turn(chat, call)
            try:
                yield
            finally:
                chat.window.release(places)
                chat.window.book(self._clock(), len(places))
        finally:
            chat.calls -= 1

    async def _own_turn(self, chat: _Chat | None, call: Call) -> list[float]:
        """Wait for a call's place; return the places that it took in the window of its chat. Raises: :class:`TooLate`.

        The chat's window comes before the window of all chats, so that a busy chat never holds a place that another
        chat could use.
        """
        while True:
            places = await self._in_chat(chat, call) if chat else []
            try:
                if not chat and self.flood_s(call.kind):
                    await self._until(self._floods[call.kind], call)
                await self._among_all(call)
            except BaseException:
                if chat:
                    chat.window.release(places)
                raise
            if not self.flood_s(call.kind):
                return places
            if chat:
                chat.window.release(places)

    async def _in_chat(self, chat: _Chat, call: Call) -> list[float]:
        """Wait for the end of the chat's flood wait and for places in its window, after the calls that wait already."""
        now = self._clock()
        after = max([now, *chat.queue[-1:]])
        while True:
            chat.window.forget(now)
            start = chat.window.earliest(max(after, self._floods.get(call.kind, 0.0)), call.weight)
            if start <= now:
                return chat.window.book(now, call.weight)
            places = chat.window.book(start, call.weight)
            insort(chat.queue, start)
            try:
                await self._until(start, call)
            finally:
                chat.queue.remove(start)
                chat.window.release(places)
            # Only earlier bookings count from here on, so calls that came later cannot take the place.
            after = now = self._clock()

    async def _among_all(self, call: Call) -> None:
        """Wait for a place in the limit for all chats; a call that only reads needs none."""
        while not call.reads_only:
            now = self._clock()
            self._overall.forget(now)
            start = self._overall.earliest(now)
            places = self._overall.book(start)
            if start <= now:
                return
            try:
                await self._until(start, call)
            finally:
                self._overall.release(places)

    async def _until(self, start: float, call: Call) -> None:
        """Sleep until ``start``. Raises: :class:`TooLate` at once where that is after the deadline."""
        if start > call.deadline:
            raise TooLate(start - self._clock())
        await self._sleep(start - self._clock())

    def _chat(self, chat_id: str) -> _Chat:
        chat = self._chats.get(chat_id)
        if chat is None:
            self._sweep()
            limit = self._limits.private if chat_id.isdigit() else self._limits.group
            chat = self._chats[chat_id] = _Chat(SlidingWindow(*limit))
        return chat

    def _sweep(self) -> None:
        """Drop chats with empty windows, each time that the number of chats has doubled."""
        if len(self._chats) < self._sweep_at:
            return
        now = self._clock()
        for chat in self._chats.values():
            chat.window.forget(now)
        self._chats = {name: chat for name, chat in self._chats.items() if chat.window.booked or chat.calls}
        self._sweep_at = max(_CHATS_BEFORE_SWEEP, 2 * len(self._chats))

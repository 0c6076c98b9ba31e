"""Telegram's limits, kept before Telegram has to: per private chat, per group, overall, and per flood wait.

Imports PTB and ``windows``. Places are booked ahead in the order of arrival, so every wait is known before it
begins: a short one is slept through, a long one is raised as ``RetryAfter`` for the caller to put the work off. Repeats
a call only after ``RetryAfter``, because only then it is certain that nothing was done.

Limits: Bots FAQ, "My bot is hitting limits" (about 1 message a second in a chat, 20 a minute in a group, 30 a second).
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from bisect import insort
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.chat.windows import Window

JSON = dict[str, Any]
Result = bool | JSON | list[JSON]

_COSMETIC = frozenset({"sendChatAction", "sendMessageDraft", "sendRichMessageDraft", "setMessageReaction"})
_MESSAGES = ("send", "editMessage", "copyMessage", "forwardMessage")
_AT_ONCE = "answer"
_READING = "get"
_SHORTEST_FLOOD_S = 1.0
_CHATS_BEFORE_SWEEP = 256


class Importance(Enum):
    """Given as ``rate_limit_args``: what may be dropped when a chat is at its limit."""

    COSMETIC = "cosmetic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Calls allowed in any window of so many seconds, and how long a call may be held back."""

    private: tuple[int, float] = (3, 3.0)
    group: tuple[int, float] = (20, 60.0)
    overall: tuple[int, float] = (30, 1.0)
    longest_wait_s: float = 60.0


@dataclass(slots=True)
class _Chat:
    """What is known of one chat; flood waits of cosmetic calls are kept apart, so that they never hold a message.

    ``queue`` holds the places of the waiting calls, sorted; ``calls`` counts those not yet finished.
    """

    window: Window
    not_before: float = 0.0
    cosmetic_not_before: float = 0.0
    queue: list[float] = field(default_factory=list)
    calls: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """One call on its way: how many messages it makes and when waiting for it stops making sense."""

    chat: _Chat | None
    chat_id: str
    weight: int
    reads_only: bool
    deadline: float


class Shared(Protocol):
    """Limits that other processes use up as well."""

    async def book(self, chat_id: str, weight: int, longest_s: float) -> float:
        """Take a place among all messages, and ``weight`` in a chat; return in how many seconds it is.

        Takes none where it is further away than ``longest_s``. An empty chat stands for none.
        """
        ...

    async def flooded(self, chat_id: str, seconds: float) -> None:
        """Hear that Telegram wants to hear nothing from a chat, or at all, for so long."""
        ...


class _Over(Exception):
    """The place that others leave is behind the deadline; nothing was asked of Telegram."""

    def __init__(self, why: RetryAfter) -> None:
        super().__init__()
        self.why = why


class Limiter(BaseRateLimiter[Importance]):
    """One for the bot. ``clock`` gives seconds that never go back; ``sleep`` waits for so many of them."""

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        shared: Shared | None = None,
    ) -> None:
        self._shared = shared
        self._limits = limits or Limits()
        self._clock = clock
        self._sleep = sleep
        self._overall = Window(*self._limits.overall)
        self._not_before = 0.0
        self._chats: dict[str, _Chat] = {}
        self._sweep_at = _CHATS_BEFORE_SWEEP

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def wait_s(self, chat_id: int | str) -> float:
        """Return for how many seconds Telegram has asked to leave this chat alone; 0 when it has not."""
        chat = self._chats.get(str(chat_id))
        return max(0.0, self._not_before - self._clock(), (chat.not_before if chat else 0.0) - self._clock())

    @property
    def known_chats(self) -> int:
        """How many chats are held in memory: those with calls in their window or a flood wait."""
        return len(self._chats)

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Importance | None,
    ) -> Result:
        """Make the call when its time has come.

        Raises: ``RetryAfter`` when that is further away than ``longest_wait_s``; whatever the call raises. A cosmetic
        call whose time has not come is dropped and answered with True.
        """
        if endpoint == "getUpdates" or endpoint.startswith(_AT_ONCE):
            return await callback(*args, **kwargs)
        reads_only = endpoint.startswith(_READING)
        chat = None if reads_only else self._chat(data)
        if endpoint in _COSMETIC or rate_limit_args is Importance.COSMETIC:
            return await self._cosmetic(chat, lambda: callback(*args, **kwargs))
        call = _Call(
            chat=chat,
            chat_id=str(data.get("chat_id") or "") if chat else "",
            weight=_weight(endpoint, data),
            reads_only=reads_only,
            deadline=self._clock() + self._limits.longest_wait_s,
        )
        if chat is None:
            return await self._insist(call, lambda: callback(*args, **kwargs))
        chat.calls += 1
        try:
            return await self._insist(call, lambda: callback(*args, **kwargs))
        finally:
            chat.calls -= 1

    async def _insist(self, call: _Call, make: Callable[[], Awaitable[Result]]) -> Result:
        """Make the call in its turn, again after each flood wait that ends before the deadline."""
        while True:
            places = await self._turn(call)
            try:
                await self._turn_among_others(call)
                return await make()
            except _Over as error:
                raise error.why from None
            except RetryAfter as error:
                self._flooded(call.chat, _seconds(error))
                if self._shared is not None:
                    await self._shared.flooded(call.chat_id, _seconds(error))
            finally:
                self._count_from_end(call, places)

    async def _cosmetic(self, chat: _Chat | None, call: Callable[[], Awaitable[Result]]) -> Result:
        """Make the call now or not at all."""
        now = self._clock()
        self._overall.forget(now)
        held = max(self._not_before, self._overall.earliest(now))
        if chat:
            held = max(held, chat.not_before, chat.cosmetic_not_before, chat.window.earliest(now))
        if held > now or (chat and chat.queue):
            return True
        self._overall.book(now)
        if self._shared is not None and await self._shared.book("", 0, 0.0) > 0:
            return True
        try:
            return await call()
        except RetryAfter as error:
            if chat:
                chat.cosmetic_not_before = self._clock() + _seconds(error)
            return True

    async def _turn(self, call: _Call) -> list[float]:
        """Wait until the call may go; return the places in its chat's window that it took. Raises: ``RetryAfter``.

        First the chat's own place, only then one of all: a busy chat never holds a place that another could use.
        """
        while True:
            places = await self._own_turn(call.chat, call) if call.chat else []
            try:
                await self._common_turn(call)
            except BaseException:
                if call.chat:
                    call.chat.window.release(places)
                raise
            if call.chat is None or call.chat.not_before <= self._clock():
                return places
            call.chat.window.release(places)

    async def _own_turn(self, chat: _Chat, call: _Call) -> list[float]:
        """Wait for the end of the chat's flood wait and for places in its window, behind those who wait already."""
        now = self._clock()
        after = max([now, *chat.queue[-1:]])
        while True:
            chat.window.forget(now)
            start = max(after, chat.not_before)
            if call.weight:
                start = chat.window.earliest(start, call.weight)
            if start <= now:
                return chat.window.book(now, call.weight)
            places = chat.window.book(start, call.weight)
            insort(chat.queue, start)
            try:
                await self._until(start, call.deadline)
            finally:
                chat.queue.remove(start)
                chat.window.release(places)
            # The place is kept by looking at what is booked before it only, whoever has come since.
            after = now = self._clock()

    async def _common_turn(self, call: _Call) -> None:
        """Wait for the end of a flood wait of the whole bot and for a place among all its calls."""
        while True:
            now = self._clock()
            self._overall.forget(now)
            start = max(now, self._not_before)
            if not call.reads_only:
                start = self._overall.earliest(start)
            places = self._overall.book(start, 0 if call.reads_only else 1)
            if start <= now:
                return
            try:
                await self._until(start, call.deadline)
            finally:
                self._overall.release(places)

    async def _turn_among_others(self, call: _Call) -> None:
        """Wait for the place that other processes leave. Raises: :class:`_Over`."""
        if self._shared is None or call.reads_only:
            return
        longest_s = call.deadline - self._clock()
        delay_s = await self._shared.book(call.chat_id, call.weight, longest_s)
        if delay_s > longest_s:
            raise _Over(RetryAfter(math.ceil(delay_s)))
        if delay_s > 0:
            await self._sleep(delay_s)

    async def _until(self, start: float, deadline: float) -> None:
        """Sleep until ``start``. Raises: ``RetryAfter`` at once when that is behind the deadline."""
        delay = start - self._clock()
        if start > deadline:
            raise RetryAfter(math.ceil(delay))
        await self._sleep(delay)

    def _flooded(self, chat: _Chat | None, seconds: float) -> None:
        """Note when Telegram wants to hear again from this chat, or at all when the call belonged to none."""
        until = self._clock() + max(seconds, _SHORTEST_FLOOD_S)
        if chat:
            chat.not_before = max(chat.not_before, until)
        else:
            self._not_before = max(self._not_before, until)

    def _count_from_end(self, call: _Call, places: list[float]) -> None:
        """Count the call from its end: an upload reaches Telegram's window long after it began here."""
        if call.chat and places:
            call.chat.window.release(places)
            call.chat.window.book(self._clock(), len(places))

    def _chat(self, data: dict[str, Any]) -> _Chat | None:
        chat_id = str(data.get("chat_id") or "")
        if not chat_id:
            return None
        chat = self._chats.get(chat_id)
        if chat is None:
            self._sweep()
            limit = self._limits.private if chat_id.isdigit() else self._limits.group
            chat = self._chats[chat_id] = _Chat(Window(*limit))
        return chat

    def _sweep(self) -> None:
        """Drop the chats that nothing limits any more, whenever their number has doubled."""
        if len(self._chats) < self._sweep_at:
            return
        now = self._clock()
        for chat in self._chats.values():
            chat.window.forget(now)
        self._chats = {
            chat_id: chat
            for chat_id, chat in self._chats.items()
            if chat.window.booked or chat.calls or max(chat.not_before, chat.cosmetic_not_before) > now
        }
        self._sweep_at = max(_CHATS_BEFORE_SWEEP, 2 * len(self._chats))


def _weight(endpoint: str, data: dict[str, Any]) -> int:
    """Return how many messages a call makes: an album counts each picture, a deletion none."""
    if not endpoint.startswith(_MESSAGES):
        return 0
    for several in ("media", "message_ids"):
        items = data.get(several)
        if isinstance(items, str):
            items = json.loads(items)
        if isinstance(items, list | tuple):
            return max(1, len(items))
    return 1


def _seconds(error: RetryAfter) -> float:
    """Read the wait without the deprecation warning that PTB 22's own attribute gives by default."""
    (seconds,) = error.__reduce__()[1]
    return float(seconds)

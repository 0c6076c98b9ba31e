"""Telegram's limits, kept before Telegram has to, and its flood waits: the limiter that PTB calls around each request.

Imports PTB and ``places``. Repeats a call only after ``RetryAfter``, because only then it is certain that nothing was
done. A wait that is too long is raised as ``RetryAfter`` for the caller to put the work off.

A flood wait belongs to the call that got it. One of a message holds its chat, since Telegram counts messages by chat;
one of anything else holds the same method in the same chat alone. Nothing ever stops the whole bot: in the server each
query has a wait of its own (td, NetQueryDelayer.cpp), and setMyCommands, which floods most easily and for longest
(openclaw/openclaw#32017: 490 s), says nothing about messages. Where all messages together are too many, which the
places keep them from being, each chat hears so by itself and waits as long as it was told.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable, Coroutine
from enum import Enum
from typing import Any, Protocol

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from bot.chat.send.places import Call, MessageLimits, Places, TooLate

log = logging.getLogger(__name__)

JSON = dict[str, Any]
Result = bool | JSON | list[JSON]

_COSMETIC = frozenset({"sendChatAction", "sendMessageDraft", "sendRichMessageDraft", "setMessageReaction"})
_MESSAGES = ("send", "editMessage", "copyMessage", "forwardMessage")
_AT_ONCE = "answer"
_READING = "get"
_OPTIONAL = frozenset({"getMe", "getChatMember", "getChatAdministrators"})
"""Questions that can go without an answer, so a conversation never sleeps through a flood wait of theirs."""


class Importance(Enum):
    """Given as ``rate_limit_args``: what may be dropped when a chat is at its limit."""

    COSMETIC = "cosmetic"


class Shared(Protocol):
    """Limits that other processes use up as well."""

    async def book(self, chat_id: str, weight: int, longest_s: float) -> float:
        """Take a place among all messages, and ``weight`` in a chat; return in how many seconds it is.

        Takes none where it is further away than ``longest_s``. An empty chat stands for none.
        """
        ...

    async def flooded(self, chat_id: str, seconds: float) -> None:
        """Hear that Telegram wants no messages in a chat for so long."""
        ...


class Limiter(BaseRateLimiter[Importance]):
    """One for the bot. ``clock`` gives seconds that never go back; ``sleep`` waits for so many of them."""

    def __init__(
        self,
        limits: MessageLimits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        shared: Shared | None = None,
    ) -> None:
        self.places = Places(limits or MessageLimits(), clock, sleep)
        self._shared = shared
        self._sleep = sleep

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to close."""

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

        async def make() -> Result:
            return await callback(*args, **kwargs)

        chat_id = str(data.get("chat_id") or "")
        if endpoint == "getUpdates" or endpoint.startswith(_AT_ONCE):
            return await make()
        if endpoint in _COSMETIC or rate_limit_args is Importance.COSMETIC:
            return await self._now_or_never(chat_id, make)
        weight = _weight(endpoint, data)
        call = Call(
            kind=chat_id if chat_id and weight else f"{endpoint} {chat_id}".strip(),
            chat_id=chat_id,
            weight=weight,
            reads_only=endpoint.startswith(_READING),
            deadline=self.places.deadline(waits=endpoint not in _OPTIONAL),
        )
        return await self._insist(call, make)

    async def _insist(self, call: Call, make: Callable[[], Awaitable[Result]]) -> Result:
        """Make the call in its turn, again after each flood wait that ends before the deadline."""
        while True:
            try:
                async with self.places.turn(call):
                    await self._turn_among_others(call)
                    return await make()
            except TooLate as late:
                raise RetryAfter(math.ceil(late.wait_s)) from None
            except RetryAfter as error:
                await self._flooded(call, _seconds(error))

    async def _now_or_never(self, chat_id: str, make: Callable[[], Awaitable[Result]]) -> Result:
        """Make a cosmetic call at once, or drop it. Its flood waits are kept apart: they never hold a message."""
        kind = f"cosmetic {chat_id}"
        if self.places.flood_s(kind) or not self.places.take_now(chat_id):
            return True
        if self._shared is not None and await self._shared.book("", 0, 0.0) > 0:
            return True
        try:
            return await make()
        except RetryAfter as error:
            self.places.flooded(kind, _seconds(error))
            return True

    async def _turn_among_others(self, call: Call) -> None:
        """Wait for the place that other processes leave. Raises: :class:`TooLate`; then nothing was asked of Telegram.

        What only reads is not asked about: it would cost the database more than a refusal costs.
        """
        if self._shared is None or call.reads_only:
            return
        longest_s = self.places.left_s(call.deadline)
        delay_s = await self._shared.book(call.chat_id, call.weight, longest_s)
        if delay_s > longest_s:
            raise TooLate(delay_s)
        if delay_s > 0:
            await self._sleep(delay_s)

    async def _flooded(self, call: Call, seconds: float) -> None:
        """Note a flood wait, and tell the other processes if it holds a chat's messages: all of them send there."""
        holds = f"messages to chat {call.chat_id}" if call.kind == call.chat_id else call.kind
        log.warning("Telegram asks to wait %.0f s with %s", seconds, holds)
        self.places.flooded(call.kind, seconds)
        if self._shared is not None and call.kind == call.chat_id:
            await self._shared.flooded(call.chat_id, seconds)


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

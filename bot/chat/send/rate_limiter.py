"""Keeps Telegram's limits on messages, and waits out its flood waits. PTB calls it around each request.

Imports PTB, ``places`` and ``refusals``. It repeats a call only after ``RetryAfter``, because only then the call
certainly had no effect. A wait that is too long is raised as ``RetryAfter``, so that the caller can do the work later.

A flood wait holds back only calls like the one that got it. For a message that is every message to its chat, because
Telegram counts messages by chat; for another call it is the same method in the same chat. No flood wait stops the
whole bot: in the server each query has its own wait (td, NetQueryDelayer.cpp), and setMyCommands, which gets the most
and longest flood waits (openclaw/openclaw#32017: 490 s), has nothing to do with messages. If all messages together
were too many, each chat would get its own flood wait.
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
from bot.chat.send.refusals import retry_after_s

log = logging.getLogger(__name__)

JSON = dict[str, Any]
Result = bool | JSON | list[JSON]

_COSMETIC = frozenset({"sendChatAction", "sendMessageDraft", "sendRichMessageDraft", "setMessageReaction"})
_MESSAGES = ("send", "editMessage", "copyMessage", "forwardMessage")
_AT_ONCE = "answer"
_READING = "get"
_OPTIONAL = frozenset({"getMe", "getChatMember", "getChatAdministrators"})
"""Calls that the bot can do without, so they never wait for the end of a flood wait."""


class Importance(Enum):
    """Passed as ``rate_limit_args``. A cosmetic call is dropped where a chat is at its limit."""

    COSMETIC = "cosmetic"


class Shared(Protocol):
    """Limits that several processes share."""

    async def book(self, chat_id: str, weight: int, longest_s: float) -> float:
        """Reserve a place in the limit for all chats, and ``weight`` places in a chat; return the seconds until then.

        Reserves nothing where that is more than ``longest_s``. ``chat_id`` is "" for a call without a chat.
        """
        ...

    async def flooded(self, chat_id: str, seconds: float) -> None:
        """Record a flood wait for the messages of a chat."""
        ...


class Limiter(BaseRateLimiter[Importance]):
    """The limiter of one bot. ``clock`` returns monotonic seconds; ``sleep`` waits for a number of seconds."""

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
        """Do nothing; PTB wants the method."""

    async def shutdown(self) -> None:
        """Do nothing; PTB wants the method."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Result]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Importance | None,
    ) -> Result:
        """Make the call as soon as the limits allow it.

        A cosmetic call that would have to wait is dropped; the result is then True. Raises: ``RetryAfter`` where the
        wait would be longer than ``longest_wait_s``, and whatever the call raises.
        """

        async def make() -> Result:
            return await callback(*args, **kwargs)

        chat_id = str(data.get("chat_id") or "")
        if endpoint == "getUpdates" or endpoint.startswith(_AT_ONCE):
            return await make()
        if endpoint in _COSMETIC or rate_limit_args is Importance.COSMETIC:
            return await self._now_or_never(chat_id, make)
        weight = _weight(endpoint, data)
        where = chat_id or str(data.get("inline_message_id") or "")
        call = Call(
            kind=chat_id if chat_id and weight else f"{endpoint} {where}".strip(),
            chat_id=chat_id,
            weight=weight,
            reads_only=endpoint.startswith(_READING),
            deadline=self.places.deadline(waits=endpoint not in _OPTIONAL),
        )
        return await self._insist(call, make)

    async def _insist(self, call: Call, make: Callable[[], Awaitable[Result]]) -> Result:
        """Make the call in its place; repeat it after each flood wait that ends before the deadline."""
        while True:
            try:
                async with self.places.turn(call):
                    await self._turn_among_others(call)
                    return await make()
            except TooLate as late:
                raise RetryAfter(math.ceil(late.wait_s)) from None
            except RetryAfter as error:
                await self._flooded(call, retry_after_s(error))

    async def _now_or_never(self, chat_id: str, make: Callable[[], Awaitable[Result]]) -> Result:
        """Make a cosmetic call at once, or drop it. Its flood waits never hold back a message."""
        kind = f"cosmetic {chat_id}"
        if self.places.flood_s(kind) or not self.places.take_now(chat_id):
            return True
        if self._shared is not None and await self._shared.book("", 0, 0.0) > 0:
            return True
        try:
            return await make()
        except RetryAfter as error:
            self.places.flooded(kind, retry_after_s(error))
            return True

    async def _turn_among_others(self, call: Call) -> None:
        """Wait for a place in the limits that processes share. Raises: :class:`TooLate`, before Telegram was asked.

        A call that only reads skips this: a query to the database would cost more than a flood wait.
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
        """Record a flood wait; share it with the other processes if it holds back the messages of a chat."""
        holds = f"messages to chat {call.chat_id}" if call.kind == call.chat_id else call.kind
        log.warning("Telegram asks to wait %.0f s with %s", seconds, holds)
        self.places.flooded(call.kind, seconds)
        if self._shared is not None and call.kind == call.chat_id:
            await self._shared.flooded(call.chat_id, seconds)


def _weight(endpoint: str, data: dict[str, Any]) -> int:
    """Return the number of messages that a call makes: one for each picture of an album, none for a deletion."""
    if not endpoint.startswith(_MESSAGES):
        return 0
    for several in ("media", "message_ids"):
        items = data.get(several)
        if isinstance(items, str):
            items = json.loads(items)
        if isinstance(items, list | tuple):
            return max(1, len(items))
    return 1

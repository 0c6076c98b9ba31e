"""Telegram's rate limits, when they are switched on: per chat, per group, overall, and the wait that follows a flood.

The server swallows short floods by waiting, up to 8 s in sum (2 s for chat actions), and only then answers 429.
Imports errors.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque

from pydantic import BaseModel, ConfigDict

from bot.sandbox.botapi.errors import too_many

PATIENCE_S = 8.0
ACTION_PATIENCE_S = 2.0
_COUNTED = ("send", "edit", "copy", "forward", "set_message_reaction", "setmessagereaction")


class LimitOrder(BaseModel):
    """Which limits hold. ``per_chat_s`` seconds between messages of a chat on average, after a ``burst``."""

    model_config = ConfigDict(extra="forbid")

    on: bool = True
    per_chat_s: float = 1.0
    burst: int = 5
    per_group_minute: int = 20
    per_second: int = 30
    patience_s: float = PATIENCE_S
    action_patience_s: float = ACTION_PATIENCE_S


class Limits:
    """Counts calls and tells how long one has to wait."""

    def __init__(self, *, on: bool) -> None:
        self.order = LimitOrder(on=on)
        self._chats: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()

    def change(self, order: LimitOrder) -> None:
        """Use other limits from now on, starting with nothing counted."""
        self.order = order
        self._chats.clear()
        self._all.clear()

    async def admit(self, method: str, chat_id: str, messages: int = 1) -> None:
        """Wait as long as Telegram's server waits by itself. Raises ApiError 429 when that is too long."""
        name = method.lower()
        if not self.order.on or not chat_id or not name.startswith(_COUNTED):
            return
        action = name == "sendchataction"
        wait_s = self._wait(chat_id, asyncio.get_running_loop().time())
        patience_s = self.order.action_patience_s if action else self.order.patience_s
        if wait_s > patience_s:
            raise too_many(math.ceil(wait_s))
        now = asyncio.get_running_loop().time()
        if not action:
            for queue in (self._chats.setdefault(chat_id, deque()), self._all):
                queue.extend([now + wait_s] * messages)
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _wait(self, chat_id: str, now: float) -> float:
        chat = self._chats.setdefault(chat_id, deque())
        if chat_id.startswith("-"):
            in_chat = self._full(chat, now, 60.0, self.order.per_group_minute)
        else:
            in_chat = self._full(chat, now, self.order.per_chat_s * self.order.burst, self.order.burst)
        return max(in_chat, self._full(self._all, now, 1.0, self.order.per_second))

    @staticmethod
    def _full(sent: deque[float], now: float, span_s: float, room: int) -> float:
        while sent and sent[0] <= now - span_s:
            sent.popleft()
        return sent[-room] + span_s - now if len(sent) >= room else 0.0

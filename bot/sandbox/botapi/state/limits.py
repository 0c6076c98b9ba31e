"""Telegram's rate limits, if switched on: per chat, per group, overall, per method, and flood waits.

The server absorbs short floods of one call by waiting, up to 8 s in all (td, NetQueryCreator.cpp; 2 s for chat actions,
DialogActionManager.cpp), and only then answers 429. That concerns the one call: nothing in the server stops a bot as a
whole (td, NetQueryDelayer.cpp). The limits are not documented; the figures for calls that send nothing are made up, of
the size that live bots report. Imports ``errors``.
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
_MENUS = {"setmycommands", "deletemycommands"}
_OF_BOT = {"getme", "getfile"}
_LOOKS = {"getchat", "getchatmember", "getchatadministrators", "getchatmembercount"}


class LimitSettings(BaseModel):
    """Which limits hold.

    ``per_chat_s``: average seconds between messages of a chat, after a ``burst``. ``menus_per_minute``: calls that set
    menus of commands, then 429 with ``menu_wait_s`` (openclaw/openclaw#32017: 460 to 491 s after a few restarts;
    windkh/node-red-contrib-telegrambot#395: 1127 s). ``looks_per_chat_minute``: questions about a chat.
    ``asks_per_minute``: questions about the bot and its files, for each method by itself.
    """

    model_config = ConfigDict(extra="forbid")

    on: bool = True
    per_chat_s: float = 1.0
    burst: int = 5
    per_group_minute: int = 20
    per_second: int = 30
    menus_per_minute: int = 10
    menu_wait_s: int = 490
    looks_per_chat_minute: int = 60
    asks_per_minute: int = 600
    patience_s: float = PATIENCE_S
    action_patience_s: float = ACTION_PATIENCE_S


class Limits:
    """Counts calls and computes how long the next one has to wait."""

    def __init__(self, *, on: bool) -> None:
        self.order = LimitSettings(on=on)
        self._sent: dict[str, deque[float]] = {}
        self._all: deque[float] = deque()
        self._menus_until = 0.0

    def change(self, order: LimitSettings) -> None:
        """Use other limits from now on; all counts begin at zero."""
        self.order = order
        self._sent.clear()
        self._all.clear()
        self._menus_until = 0.0

    async def admit(self, method: str, chat_id: str, messages: int = 1) -> None:
        """Wait as long as Telegram's server waits by itself. Raises ApiError 429 if that is too long."""
        name = method.lower()
        if not self.order.on:
            return
        if name in _MENUS:
            self._admit_menu()
        elif name in _LOOKS:
            looks = self._sent.setdefault(f"{name} {chat_id}", deque())
            await self._admit(self._full(looks, 60.0, self.order.looks_per_chat_minute), [looks], 1)
        elif name in _OF_BOT:
            asks = self._sent.setdefault(name, deque())
            await self._admit(self._full(asks, 60.0, self.order.asks_per_minute), [asks], 1)
        elif chat_id and name.startswith(_COUNTED):
            chat = self._sent.setdefault(chat_id, deque())
            counted = [] if name == "sendchataction" else [chat, self._all]
            await self._admit(self._wait(chat, chat_id), counted, messages, action=not counted)

    def _admit_menu(self) -> None:
        now = asyncio.get_running_loop().time()
        menus = self._sent.setdefault("menus", deque())
        if now >= self._menus_until and self._full(menus, 60.0, self.order.menus_per_minute) > 0:
            self._menus_until = now + self.order.menu_wait_s
        if now < self._menus_until:
            raise too_many(math.ceil(self._menus_until - now))
        menus.append(now)

    async def _admit(self, wait_s: float, counted: list[deque[float]], times: int, *, action: bool = False) -> None:
        if wait_s > (self.order.action_patience_s if action else self.order.patience_s):
            raise too_many(math.ceil(wait_s))
        at = asyncio.get_running_loop().time() + wait_s
        for queue in counted:
            queue.extend([at] * times)
        if wait_s > 0:
            await asyncio.sleep(wait_s)

    def _wait(self, chat: deque[float], chat_id: str) -> float:
        if chat_id.startswith("-"):
            in_chat = self._full(chat, 60.0, self.order.per_group_minute)
        else:
            in_chat = self._full(chat, self.order.per_chat_s * self.order.burst, self.order.burst)
        return max(in_chat, self._full(self._all, 1.0, self.order.per_second))

    @staticmethod
    def _full(sent: deque[float], span_s: float, room: int) -> float:
        """Return in how many seconds a call fits again into any ``span_s`` seconds; 0 if it fits now."""
        now = asyncio.get_running_loop().time()
        while sent and sent[0] <= now - span_s:
            sent.popleft()
        return sent[-room] + span_s - now if len(sent) >= room else 0.0

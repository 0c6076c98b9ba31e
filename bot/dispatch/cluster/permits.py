"""The limits of Telegram and of the providers, where several processes must keep them together.

Imports ``providers.calls.pace``, ``background`` and ``storage``. While the database is down, each process keeps
Telegram's limits by itself. Nearly all messages then only say that the database is down.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

from bot.background import BackgroundTasks
from bot.providers.calls.pace import CallReport, Fate, Pace, Verdict
from storage.cluster.limits import ALL, Booking, SharedLimits, Standing
from storage.engine.faults import StorageFault

log = logging.getLogger(__name__)

LOOK_S = 0.25
PAUSE_S = 1.0

PASSED_S = 1.0
"""If a permit stays free this long, any waiting caller takes it. The next one may be in a paused process."""

OnPosition = Callable[[int], Awaitable[None]]
"""Called with each new position in the queue; 1 is next."""

T = TypeVar("T")


class SharedWindows:
    """Telegram's message limits, as ``(messages, seconds)``: for a private chat, for a group, and for all chats."""

    def __init__(
        self, limits: SharedLimits, private: tuple[int, float], group: tuple[int, float], overall: tuple[int, float]
    ) -> None:
        self._limits = limits
        self._private = private
        self._group = group
        self._overall = overall

    async def book(self, chat_id: str, weight: int, longest_s: float) -> float:
        """Book one message among all, and ``weight`` in a chat; return after how many seconds it may be sent."""
        wanted = [_booking(ALL, self._overall, 1)]
        if chat_id and weight:
            wanted.append(_booking(chat_id, self._private if chat_id.isdigit() else self._group, weight))
        try:
            return await self._limits.book(wanted, longest_s)
        except StorageFault as fault:
            log.debug("a message keeps only the limits of this process: %s", fault)
            return 0.0

    async def flooded(self, chat_id: str, seconds: float) -> None:
        """Notify the other processes for how many seconds Telegram takes no messages for a chat."""
        try:
            await self._limits.flood(chat_id, seconds)
        except StorageFault as fault:
            log.debug("the other processes do not learn of a flood wait: %s", fault)


class Permits:
    """Permits to call one provider, shared by all workers, first come first served.

    All workers learn together how many calls the provider takes at a time.
    """

    def __init__(self, limits: SharedLimits, name: str, width: int | None) -> None:
        """``width``: how many calls may run at a time; None if the number is learned."""
        self._limits = limits
        self._name = name
        self._start = Pace.of(width)
        self._background = BackgroundTasks()

    @asynccontextmanager
    async def __call__(self, on_position: OnPosition | None = None, behind_s: float = 0.0) -> AsyncIterator[CallReport]:
        """Wait for a permit and hold it during the block. ``on_position`` is called with each new position.

        ``behind_s``: queue the caller as if it came this many seconds from now.
        """
        slot, began_at = await self._taken(on_position, behind_s)
        report = CallReport()
        try:
            yield report
        finally:
            giving = self._give(slot, report.verdict, began_at)
            if report.verdict is not None and report.verdict.fate is not Fate.TAKEN:
                # The refused caller asks again at once. It must meet the new pace, not the old one.
                await asyncio.shield(giving)

    async def _taken(self, on_position: OnPosition | None, behind_s: float) -> tuple[int, float]:
        standing = await self._insist(lambda: self._limits.standing(self._name))
        room, width = self._room(standing)
        if room > standing.ahead and (slot := await self._take(width)) is not None:
            return slot, standing.now
        ticket = None
        while ticket is None:
            ticket = await self._kept(lambda: self._limits.stand(self._name, behind_s))
        try:
            return await self._in_line(ticket, on_position)
        finally:
            self._give(ticket)

    async def _in_line(self, ticket: int, on_position: OnPosition | None) -> tuple[int, float]:
        """Wait in the queue; return the permit, and when it was seen to be free."""
        position = 0
        passed_at = float("inf")
        while True:
            standing = await self._insist(lambda: self._limits.standing(self._name, ticket))
            ahead, (room, width) = standing.ahead, self._room(standing)
            now = asyncio.get_running_loop().time()
            passed_at = min(passed_at, now + PASSED_S) if room else float("inf")
            if room and (room > ahead or now >= passed_at) and (slot := await self._take(width)) is not None:
                return slot, standing.now
            if on_position is not None and ahead + 1 != position:
                position = ahead + 1
                await on_position(position)
            # The further back in the queue, the less often it looks.
            await asyncio.sleep(LOOK_S * (1 + ahead / 4) * random.uniform(0.5, 1.5))  # noqa: S311 - no secret

    def _room(self, standing: Standing) -> tuple[int, int]:
        """Return how many more calls may begin, and how many may run in all."""
        pace = self._start.load(standing.pace)
        return pace.room(standing.running, standing.now), int(pace.width)

    async def _take(self, width: int) -> int | None:
        return await self._kept(lambda: self._limits.take(self._name, width))

    async def _kept(self, take: Callable[[], Awaitable[int | None]]) -> int | None:
        """Take a row of the table; give it back if the caller is cancelled meanwhile."""
        taking = asyncio.ensure_future(self._insist(take))
        try:
            return await asyncio.shield(taking)
        except asyncio.CancelledError:
            self._background.run(self._give_back(taking))
            raise

    async def _insist(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Repeat a query until the database answers."""
        while True:
            try:
                return await ask()
            except StorageFault as fault:
                log.debug("no permit to call %s can be had: %s", self._name, fault)
            await asyncio.sleep(PAUSE_S)

    def _give(self, slot: int, verdict: Verdict | None = None, began_at: float = 0.0) -> asyncio.Task[None]:
        learn = partial(self._learned, verdict, began_at) if verdict is not None else None
        return self._background.run(self._insist(lambda: self._limits.give(self._name, slot, learn)))

    def _learned(self, verdict: Verdict, began_at: float, standing: Standing) -> str | None:
        """Return the pace after a call has ended; None where the call changed nothing."""
        before = self._start.load(standing.pace)
        after = before.after(verdict, began_at=began_at, now=standing.now, running=standing.running)
        return after.dump() if after != before else None

    async def _give_back(self, taking: asyncio.Future[int | None]) -> None:
        if (slot := await taking) is not None:
            self._give(slot)


def _booking(name: str, window: tuple[int, float], weight: int) -> Booking:
    return Booking(name=name, size=window[0], period_s=window[1], weight=weight)

"""The events of a run, drawn from a seed: what happens to processes, database and pictures while people talk.

Imports the parts beside it. A paused worker is declared dead by one that the storm spares meanwhile. The servers fail
only while no process is paused, so that each event can be judged by itself. Kills may happen at the same time as
anything.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tests.torture.crew import Crew
from tests.torture.objects import trouble
from tests.torture.postgresql import PostgreSQL
from tests.torture.processes import Bot, set_trap
from tests.torture.trap import Trap

STEADY_S = 7.0
"""Only one who has heard from the database for so long, and some more, declares others dead."""

PAUSED_S = 9.5
AFTER_TROUBLE_S = 4.0


@dataclass(frozen=True)
class Storm:
    """How much happens. ``steady``: only workers are killed, each when all of them have been steady for a while."""

    seed: str
    kills: int = 0
    pauses: int = 0
    restarts: int = 0
    crashes: int = 0
    outages_s: tuple[float, ...] = ()
    troubles: int = 0
    pause_s: tuple[float, float] = (0.2, 1.5)
    steady: bool = False


class Stormy:
    """Runs the events. ``done`` counts them by kind; ``aways`` says from when until when a server was away."""

    def __init__(
        self,
        storm: Storm,
        crew: Crew,
        database: PostgreSQL,
        servers: tuple[str, str],
        objects: str,
        met: Sequence[tuple[str, str, str, float]] = (),
    ) -> None:
        self._storm = storm
        self._crew = crew
        self._database = database
        self._servers = servers
        self._objects = objects
        self._met = met or _met(*servers)
        self._dice = random.Random(f"{storm.seed} storm")
        self._over = asyncio.Event()
        self._spared = ""
        self._pausing: set[asyncio.Task[None]] = set()
        self._traps = 0
        self.done: dict[str, int] = {}
        self.aways: list[tuple[float, float]] = []

    async def run(self) -> None:
        """Run all events. When cancelled, end those that are running, and leave all servers in order."""
        blowing = asyncio.create_task(self._blow())
        try:
            await asyncio.shield(blowing)
            await asyncio.Event().wait()
        finally:
            self._over.set()
            await blowing

    async def _blow(self) -> None:
        faults: list[Callable[[], Awaitable[None]]] = [
            *[self._kill] * self._storm.kills,
            *[self._pause] * self._storm.pauses,
            *[self._restart_database] * self._storm.restarts,
            *[self._crash_database] * self._storm.crashes,
            *[self._trouble] * self._storm.troubles,
        ]
        self._dice.shuffle(faults)
        for number, seconds in enumerate(self._storm.outages_s, start=1):
            place = len(faults) * number // (len(self._storm.outages_s) + 1)
            faults.insert(place, lambda seconds=seconds: self._outage(seconds))  # type: ignore[misc]
        for fault in faults:
            await self._wait(self._dice.uniform(*self._storm.pause_s))
            if self._over.is_set():
                break
            await fault()
        await self._calm()
        for server in self._servers:
            await set_trap(server, None)

    async def _kill(self) -> None:
        """Kill one: a worker mostly, by chance or on sight of certain requests."""
        if self._storm.steady:
            await self._until(lambda: all(bot.up_for_s > STEADY_S + 1 for bot in self._crew.workers))
        receives = not self._storm.steady and self._dice.random() < 0.2
        bot = await self._victim(self._crew.receivers if receives else self._crew.workers)
        if bot is None:
            return
        if not self._storm.steady and self._dice.random() < 0.6:
            await self._meet(bot, receives=receives)
        self._count("kills")
        await self._crew.restart(bot)

    async def _meet(self, bot: Bot, *, receives: bool) -> None:
        """Kill one when it asks for something, if it does so soon."""
        telegram, _ = self._servers
        met = self._met
        if receives:
            met = [(telegram, "getUpdates", when, delay_s) for when in ("before", "after") for delay_s in (0.0, 0.01)]
        self._traps += 1
        address, path, when, delay_s = met[self._traps % len(met)]
        skip = self._dice.randrange(3)
        await set_trap(address, Trap(path, when, bot.pid, delay_s, skip=skip, who=bot.name))
        assert bot.process is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await bot.process.wait()
        await set_trap(address, None)

    async def _pause(self) -> None:
        """Pause a worker until it was surely declared dead, while other things go on."""
        await self._calm()
        await self._until(lambda: len(self._crew.up(self._crew.workers)) >= 2)
        up = self._crew.up(self._crew.workers)
        if len(up) < 2:
            return
        self._spared = up[0].name
        seconds = PAUSED_S + max(0.0, STEADY_S - up[0].up_for_s)
        self._count("pauses")
        task = asyncio.create_task(self._crew.pause(self._dice.choice(up[1:]), seconds))
        self._pausing.add(task)
        task.add_done_callback(self._pausing.discard)

    async def _restart_database(self) -> None:
        await self._away(self._database.stop, 0.0)
        self._count("restarts of the database")

    async def _crash_database(self) -> None:
        await self._away(self._database.crash, 0.0)
        self._count("crashes of the database")

    async def _outage(self, seconds: float) -> None:
        await self._away(self._database.stop, seconds)
        self._count(f"outages of {seconds:g} s")

    async def _away(self, leave: Callable[[], Awaitable[None]], seconds: float) -> None:
        await self._calm()
        began = time.time()
        await leave()
        await asyncio.sleep(seconds)
        await self._database.start()
        self.aways.append((began, time.time()))

    async def _trouble(self) -> None:
        """Let the store of pictures refuse everything for a while; what arrived must have time to get there."""
        if not self._objects:
            return
        await self._calm()
        self._count("troubles of the store")
        began = time.time()
        await trouble(self._objects, self._dice.choice(["trouble", "rights"]))
        await asyncio.sleep(self._dice.uniform(0.5, 3.0))
        await trouble(self._objects, "")
        self.aways.append((began, time.time()))
        await asyncio.sleep(AFTER_TROUBLE_S)

    async def _victim(self, bots: list[Bot]) -> Bot | None:
        """Choose a process to kill; at least one of its kind must be left."""

        def able() -> list[Bot]:
            up = self._crew.up(bots)
            return [bot for bot in up if bot.name != self._spared] if len(up) > 1 else []

        await self._until(lambda: bool(able()))
        return self._dice.choice(found) if (found := able()) else None

    async def _calm(self) -> None:
        """Wait until no process is paused."""
        if self._pausing:
            await asyncio.wait(self._pausing)
        self._spared = ""

    async def _until(self, holds: Callable[[], bool]) -> None:
        while not holds() and not self._over.is_set():
            await self._wait(0.05)

    async def _wait(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._over.wait()

    def _count(self, what: str) -> None:
        self.done[what] = self.done.get(what, 0) + 1


def _met(telegram: str, provider: str) -> list[tuple[str, str, str, float]]:
    """Return the requests of workers on sight of which one is killed, see :class:`Trap`."""
    return [
        (telegram, "sendPhoto", "after", 0.0),
        (provider, "generateContent", "after", 0.05),
        (provider, "generateContent", "after", 0.0),
        (telegram, "sendPhoto", "before", 0.0),
        (provider, "generateContent", "after", 0.15),
        (telegram, "/file/", "before", 0.0),
        (provider, "generateContent", "before", 0.01),
        (telegram, "sendMessage", "after", 0.0),
        (provider, "generateContent", "after", 0.02),
    ]

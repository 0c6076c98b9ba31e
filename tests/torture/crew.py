"""Receivers and workers that share a database, as processes, and what can be done to them.

Imports the parts beside it. Each process uses its own address at the emulated servers, so that its requests can be
told apart.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.ports import free_port
from tests.torture.balancer import balancing
from tests.torture.postgresql import PostgreSQL
from tests.torture.processes import Bot
from tests.torture.run import Down, settings_of

SECRET = "told-to-telegram-alone"
START_S = 90.0
"""How long a process may take until it works, on a machine that is busy with five others."""

AGAIN_S = 1.0


@dataclass
class Crew:
    """All processes.

    ``downs``: when which of them did not run. ``paused``: which of them are paused now. ``ups``: since when each
    worked. ``refused`` counts starts that ended at once because the database was away; then a new one begins, as a
    supervisor would do it.
    """

    receivers: list[Bot]
    workers: list[Bot]
    downs: list[Down] = field(default_factory=list)
    paused: set[str] = field(default_factory=set)
    refused: int = 0
    ups: list[tuple[str, float]] = field(default_factory=list)
    _watching: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def all(self) -> list[Bot]:
        """Receivers and workers."""
        return [*self.receivers, *self.workers]

    def up(self, bots: Sequence[Bot]) -> list[Bot]:
        """Return who of these works, the longest first."""
        alive = [bot for bot in bots if bot.process is not None and bot.process.returncode is None]
        return sorted((b for b in alive if b.up_for_s and b.name not in self.paused), key=lambda b: -b.up_for_s)

    async def start(self) -> None:
        """Start everybody for the first time, and wait until all work."""
        for bot in self.all:
            await bot.start()
        await self.settle()

    async def settle(self) -> None:
        """Wait until all work. Raises: AssertionError, when one that worked has ended by itself."""
        async with asyncio.timeout(START_S):
            await asyncio.gather(*(self._watch(bot) for bot in self.all))
        dead = [bot.name for bot in self.all if bot.process is None or bot.process.returncode is not None]
        assert dead == [], f"{dead} ended by themselves"

    async def restart(self, bot: Bot) -> None:
        """Kill one, and start it at once, as a supervisor does."""
        await bot.kill()
        self.downs.append(Down(bot.name, *bot.kills[-1]))
        await bot.start()
        task = asyncio.create_task(self._watch(bot))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def _watch(self, bot: Bot) -> None:
        """Start one again until it works, or was killed."""
        while True:
            process = bot.process
            await bot.up()
            if bot.process is process and bot.up_for_s:
                self.ups.append((bot.name, time.time()))
            if bot.process is not process or bot.up_for_s:
                return
            await asyncio.sleep(AGAIN_S)
            if bot.process is process:
                self.refused += 1
                await bot.start()

    async def pause(self, bot: Bot, seconds: float) -> None:
        """Pause one for a while, in the middle of its work."""
        assert bot.process is not None
        began = time.time()
        self.paused.add(bot.name)
        bot.process.send_signal(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            self.downs.append(Down(bot.name, began, time.time(), paused=True))
            self.ups.append((bot.name, time.time()))
            bot.process.send_signal(signal.SIGCONT)
            self.paused.discard(bot.name)

    async def stop(self) -> list[int]:
        """Ask all to stop, and give their exit codes."""
        return await asyncio.gather(*(bot.stop() for bot in self.all))

    async def end(self) -> None:
        """Stop all processes and remove their files."""
        for bot in self.all:
            if bot.process is not None and bot.process.returncode is None:
                with suppress(ProcessLookupError):
                    await bot.kill()


@asynccontextmanager
async def hired(
    folder: Path,
    database: PostgreSQL,
    servers: tuple[str, str],
    more: Mapping[str, str],
    *,
    receivers: int,
    workers: int,
    webhook: bool,
) -> AsyncIterator[Crew]:
    """Prepare a crew between ``servers``, Telegram's and the provider's, and end it. Without a webhook one polls."""

    def bot(name: str, command: tuple[str, ...], own: Mapping[str, str]) -> Bot:
        place = folder / name
        place.mkdir()
        addresses = [f"{server}/@{name}" for server in servers]
        shared = {"DATABASE_URL": database.url, "DATABASE_POOL_SIZE": "5", "MEDIA_URL": str(folder / "media")}
        settings = settings_of(place, *addresses, **{**shared, **more, **own})
        return Bot(settings, folder / f"{name}.log", command=command, name=name)

    async with AsyncExitStack() as stack:
        each: list[dict[str, str]] = [{} for _ in range(receivers)]
        if webhook:
            ports = [free_port() for _ in range(receivers)]
            address = await stack.enter_async_context(balancing(ports))
            hook = {"WEBHOOK_URL": f"{address}/hook", "WEBHOOK_SECRET": SECRET}
            each = [{**hook, "LISTEN": f"127.0.0.1:{port}"} for port in ports]
        crew = Crew(
            [bot(f"receiver{number}", ("run", "--receive"), own) for number, own in enumerate(each)],
            [bot(f"worker{number}", ("worker",), {}) for number in range(workers)],
        )
        stack.push_async_callback(crew.end)
        yield crew

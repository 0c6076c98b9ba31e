"""The processes of a torture: Telegram, a provider, and the bots that are killed. Ends only what it started.

Imports the standard library and httpx.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.torture.trap import Trap, order

ROOT = Path(__file__).parents[2]


@asynccontextmanager
async def served(*arguments: str, source: Path = ROOT) -> AsyncIterator[str]:
    """Run a server module as a process; give the address that it prints."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", *arguments, cwd=source, stdout=PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            address = (await process.stdout.readline()).decode().strip()
        assert address.startswith("http"), f"{arguments[0]} did not start"
        yield address
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@dataclass
class Bot:
    """``python -m bot run``, which can be killed and started again.

    ``kills``: between which times it died so. ``command``: another part of a cluster than all of it. ``name``
    identifies it at the servers, see ``trap``. ``module``: what runs in place of ``bot``.
    """

    settings: dict[str, str]
    log: Path
    source: Path = ROOT
    command: tuple[str, ...] = ("run",)
    name: str = ""
    module: str = "bot"
    kills: list[tuple[float, float]] = field(default_factory=list)
    process: Process | None = None
    _started_at: float = 0.0
    _up_at: float = 0.0

    @property
    def pid(self) -> int:
        """The process's id."""
        assert self.process is not None
        return self.process.pid

    @property
    def up_for_s(self) -> float:
        """For how long it has been up, 0 for one that was not seen so yet."""
        return time.time() - self._up_at if self._up_at > self._started_at else 0.0

    async def start(self) -> None:
        """Start it; the log of all its lives is one file."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        with self.log.open("ab") as log:
            log.write(f"--- life {len(self.kills) + 1} at {time.time():.3f}\n".encode())
            self._started_at = time.time()
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", self.module, *self.command),
                cwd=self.source,
                env=kept | self.settings,
                stdout=log,
                stderr=log,
            )

    async def up(self) -> None:
        """Wait until it has heard from Telegram, or died."""
        heartbeat = Path(self.settings["DATA_DIR"]) / "heartbeat"
        assert self.process is not None
        while self.process.returncode is None:
            if heartbeat.exists() and heartbeat.stat().st_mtime > self._started_at:
                self._up_at = self._up_at if self._up_at > self._started_at else time.time()
                return
            await asyncio.sleep(0.05)

    async def kill(self, died_at: float | None = None) -> None:
        """Kill it if it lives, and wait until it is gone. ``died_at`` (Unix s): when something else killed it."""
        assert self.process is not None
        not_before = died_at or time.time()
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()
        self.kills.append((not_before, time.time()))

    async def stop(self, within_s: float = 60) -> int:
        """Ask it to stop and give its exit code."""
        assert self.process is not None
        if self.process.returncode is None:
            self.process.terminate()
        async with asyncio.timeout(within_s):
            return await self.process.wait()

    async def check(self) -> tuple[int, str]:
        """Run ``python -m bot check`` on what it left; give the exit code and the words."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "check"),
            cwd=self.source,
            env={"PATH": os.environ["PATH"]} | self.settings,
            stdout=PIPE,
        )
        words, _ = await process.communicate()
        return process.returncode or 0, words.decode()


async def sprung_at(address: str) -> float | None:
    """Return when the trap that was set at a server sprang (Unix s), None while it has not."""
    async with httpx.AsyncClient(trust_env=False) as client:
        found = (await client.get(f"{address}/trap")).json()["sprung_at"]
    return None if found is None else float(found)


async def set_trap(address: str, trap: Trap | None) -> None:
    """Set a trap at a server, or take it away."""
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.post(f"{address}/trap", json=order(trap))

"""The bot as a separate process, for tests: starts it, reads what it says, and waits for its end."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.painter import Painter
from tests.support.people import Telegram

ROOT = Path(__file__).parents[2]
KEY = "AIzaMadeUpKeyOfATest_0123456789abcdef"


@dataclass
class Bot:
    """A running process and what it has said so far."""

    process: Process
    said: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Everything that it said."""
        return "".join(self.said)

    async def says(self, words: str, timeout_s: float = 30) -> str:
        """Wait for a line with these words and return it."""
        assert self.process.stdout is not None
        async with asyncio.timeout(timeout_s):
            while line := (await self.process.stdout.readline()).decode():
                self.said.append(line)
                if words in line:
                    return line
        raise AssertionError(f"it ended without saying {words!r}: {self.text}")

    async def ends(self, timeout_s: float = 30) -> int:
        """Wait for its end and return the exit code."""
        assert self.process.stdout is not None
        async with asyncio.timeout(timeout_s):
            self.said.append((await self.process.stdout.read()).decode())
            return await self.process.wait()

    async def stop(self) -> int:
        """Ask it to stop, as a container does."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ends()


@asynccontextmanager
async def started(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Bot]:
    """Start ``python -m bot`` in a folder without a settings file; kill it at the end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(folder / "data"), **settings}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=folder, env=environment, stdout=PIPE, stderr=STDOUT
    )
    try:
        yield Bot(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def settings_for(telegram: Telegram, painter: Painter | None = None, **more: str) -> dict[str, str]:
    """Return what a bot needs to run between these two."""
    return {
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.base_url,
        "GEMINI_API_KEY": KEY,
        "GEMINI_BASE_URL": painter.base_url if painter else telegram.base_url,
        "TELEGRAM_LIMITS": "false",
        **more,
    }

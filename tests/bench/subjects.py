"""Who is measured: the bot of a revision, or the bare loop, each with a Telegram and a provider of its own.

Imports httpx and psutil. Every process is ended with its subject.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

TOKEN = ":".join(("7000000", "A" * 35))
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Subject:
    """A process under measurement and the doors of the two servers around it."""

    name: str
    command: list[str]
    cwd: Path
    environment: dict[str, str]
    data_dir: Path | None
    telegram: str = ""
    provider: str = ""
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=120, trust_env=False))
    process: psutil.Process | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start the servers and the subject, end them all."""
        ports = [_free_port(), _free_port()]
        self.telegram, self.provider = (f"http://127.0.0.1:{port}" for port in ports)
        started = [
            _start([sys.executable, "-m", f"tests.bench.{name}", str(port)], ROOT, {})
            for name, port in zip(("telegram", "provider"), ports, strict=True)
        ]
        try:
            for address in (f"{self.telegram}/bot{TOKEN}/getMe", f"{self.provider}/bench/events"):
                await self._until_answered(address)
            values = {"TELEGRAM": self.telegram, "PROVIDER": self.provider}
            command = [values.get(word, word) for word in self.command]
            environment = {name: values.get(value, value) for name, value in self.environment.items()}
            started.append(_start(command, self.cwd, environment))
            self.process = psutil.Process(started[-1].pid)
            yield
        finally:
            for process in reversed(started):
                process.terminate()
            for process in started:
                process.wait(30)
            await self.http.aclose()

    async def say(self, orders: list[dict[str, Any]]) -> None:
        """Let people say something."""
        await self.http.post(f"{self.telegram}/bench/say", json=orders)

    async def events(self) -> tuple[list[list[Any]], list[list[Any]]]:
        """Give and forget what Telegram and the provider noted."""
        seen = await self.http.get(f"{self.telegram}/bench/events")
        asked = await self.http.get(f"{self.provider}/bench/events")
        return seen.json(), asked.json()

    async def _until_answered(self, address: str) -> None:
        for _ in range(200):
            try:
                await self.http.get(address)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
        raise TimeoutError(f"{self.name}: nothing answers at its door")


def bare() -> Subject:
    """Return the least that can be done."""
    command = [sys.executable, "-m", "tests.bench.bare", "TELEGRAM", "PROVIDER"]
    return Subject("bare loop", command, ROOT, {}, None)


def bot(name: str, tree: Path, scratch: Path) -> Subject:
    """Return the bot of a source tree, with an empty store."""
    data_dir = scratch / f"data-{name.replace('/', '-')}"
    environment = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "TELEGRAM",
        "TELEGRAM_LIMITS": "false",
        "GEMINI_API_KEY": "bench",
        "GEMINI_BASE_URL": "PROVIDER",
        "MAX_PARALLEL_CALLS": "500",
        "DATA_DIR": str(data_dir),
        "LOG_LEVEL": "WARNING",
    }
    return Subject(name, [sys.executable, "-m", "bot", "run"], tree, environment, data_dir)


def _start(command: list[str], cwd: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=cwd, env={**os.environ, **environment, "PYTHONPATH": str(cwd)})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

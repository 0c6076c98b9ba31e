"""The subjects of a measurement: the bot of a source tree, or the bare loop, each with its own Telegram and provider.

Imports httpx, psutil and the free ports of the tests. Every process is ended with its subject.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil

from tests.support.ports import free_port

TOKEN = ":".join(("7000000", "A" * 35))
ROOT = Path(__file__).resolve().parents[2]
PHOTOS = ("sendphoto", "senddocument")
INSIDE = Path(__file__).with_name("inside.py")


@dataclass
class Subject:
    """A process under measurement and the doors of the two servers around it."""

    name: str
    module: list[str]
    tree: Path
    environment: dict[str, str]
    scratch: Path
    data_dir: Path | None
    telegram: str = ""
    provider: str = ""
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=130, trust_env=False))
    process: psutil.Process | None = None
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _own: subprocess.Popen[bytes] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start the servers and the subject, end them all."""
        ports = [free_port(), free_port()]
        self.telegram, self.provider = (f"http://127.0.0.1:{port}" for port in ports)
        try:
            for name, port in zip(("telegram", "provider"), ports, strict=True):
                command = [sys.executable, "-m", f"tests.bench.{name}", str(port)]
                self._started.append(_start(command, ROOT, {}))
            for address in (f"{self.telegram}/bot{TOKEN}/getMe", f"{self.provider}/bench/events"):
                await self._until_answered(address)
            await self.begin()
            yield
        finally:
            self.end()
            for process in self._started:
                process.terminate()
            for process in self._started:
                process.wait(30)
            await self.http.aclose()

    async def begin(self) -> float:
        """Start the process; return the seconds until it asked for updates for the first time."""
        values = {"TELEGRAM": self.telegram, "PROVIDER": self.provider}
        module = [values.get(word, word) for word in self.module]
        environment = {name: values.get(value, value) for name, value in self.environment.items()}
        command = [sys.executable, str(INSIDE), str(self._seen_at), *module]
        since = (await self.http.get(f"{self.telegram}/bench/clock")).json()
        self._own = _start(command, self.tree, environment)
        self.process = psutil.Process(self._own.pid)
        for _ in range(30):
            polled = (await self.http.get(f"{self.telegram}/bench/polled", params={"since": since})).json()
            if polled is not None:
                return float(polled) - float(since)
            if self._own.poll() is not None:
                raise RuntimeError(f"{self.name} ended with {self._own.returncode} instead of starting")
        raise TimeoutError(f"{self.name} never asked for updates")

    def end(self) -> None:
        """End the process, as an operator would."""
        if self._own is not None:
            self._own.terminate()
            self._own.wait(40)
            self._own = self.process = None

    async def say(self, orders: list[dict[str, Any]]) -> None:
        """Let people say something."""
        await self.http.post(f"{self.telegram}/bench/say", json=orders)

    async def answered(self, photos: int, timeout_s: float) -> list[list[Any]]:
        """Wait for so many photos since the last look; give and forget what Telegram noted. Raises: TimeoutError."""
        asked = {"photos": photos, "timeout": timeout_s}
        seen = (await self.http.get(f"{self.telegram}/bench/events", params=asked)).json()
        if sum(event[0] in PHOTOS for event in seen) < photos:
            raise TimeoutError(f"{self.name} did not answer everybody within {timeout_s:g} s: {seen[-5:]}")
        return list(seen)

    async def asked(self) -> list[list[Any]]:
        """Return the provider's records and forget them."""
        return list((await self.http.get(f"{self.provider}/bench/events")).json())

    async def seen_inside(self) -> dict[str, Any]:
        """Return what :mod:`tests.bench.inside` saw since the last time."""
        assert self.process
        self._seen_at.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        for _ in range(500):
            if self._seen_at.exists():
                return dict(json.loads(self._seen_at.read_text()))
            await asyncio.sleep(0.01)
        raise TimeoutError(f"{self.name} does not say what it saw")

    async def composing(self) -> list[dict[str, float]]:
        """Return what :mod:`tests.bench.composing` measures in its tree; nothing of a tree without it."""
        if self.data_dir is None or not (self.tree / "tests" / "bench" / "composing.py").exists():
            return []
        command = [sys.executable, "-m", "tests.bench.composing"]
        process = await asyncio.create_subprocess_exec(*command, cwd=self.tree, stdout=subprocess.PIPE)
        written, _ = await process.communicate()
        return [json.loads(written)]

    def cpu_s(self) -> float:
        """Return the processor time that the process has used, in seconds."""
        assert self.process
        used = self.process.cpu_times()
        return float(used.user + used.system)

    def memory_mb(self) -> float:
        """Return the resident memory, in megabytes."""
        assert self.process
        return float(self.process.memory_info().rss / 1e6)

    def disk_bytes(self) -> int:
        """Return what its files take."""
        if self.data_dir is None:
            return 0
        return sum(path.stat().st_size for path in self.data_dir.rglob("*") if path.is_file())

    @property
    def _seen_at(self) -> Path:
        return self.scratch / f"inside-{self.name.replace('/', '-').replace(' ', '-')}.json"

    async def _until_answered(self, address: str) -> None:
        for _ in range(400):
            try:
                await self.http.get(address)
            except httpx.TransportError:
                await asyncio.sleep(0.05)
            else:
                return
        raise TimeoutError(f"{self.name}: nothing answers at its door")


def bare(scratch: Path) -> Subject:
    """Return the least that can be done."""
    return Subject("bare loop", ["tests.bench.bare", "TELEGRAM", "PROVIDER"], ROOT, {}, scratch, None)


def bot(name: str, tree: Path, scratch: Path) -> Subject:
    """Return the bot of a source tree, with an empty store."""
    data_dir = scratch / f"data-{name.replace('/', '-')}"
    environment = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_URL": "TELEGRAM",
        "TELEGRAM_LIMITS": "false",
        "LIMIT_TOTAL": "none",
        "GEMINI_API_KEY": "bench",
        "GEMINI_BASE_URL": "PROVIDER",
        "MAX_PARALLEL_CALLS": "500",
        "DATA_DIR": str(data_dir),
        "LOG_LEVEL": "WARNING",
    }
    return Subject(name, ["bot", "run"], tree, environment, scratch, data_dir)


def _start(command: list[str], tree: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=tree, env={**os.environ, **environment, "PYTHONPATH": str(tree)})

"""A measured cluster: one receiver and some workers with their own PostgreSQL server. Imports ``subjects``.

The server keeps PostgreSQL's default settings, so each commit is as durable and as slow as in real use.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.bench.subjects import ROOT, TOKEN, Subject
from tests.support.databases import Server
from tests.torture.processes import Bot

START_S = 60.0
COUNTED = ("xact_commit", "tup_inserted", "tup_updated", "tup_deleted")
_COUNT = (
    f"SELECT {', '.join(COUNTED)}, pg_current_wal_lsn() - '0/0'::pg_lsn, pg_database_size(current_database())"  # noqa: S608
    " FROM pg_stat_database WHERE datname = current_database()"
)
FLUSH_S = 10.5
"""A connection at rest reports what it did within ten seconds (PostgreSQL's PGSTAT_IDLE_INTERVAL)."""


@dataclass
class Party(Subject):
    """Receiver, workers and database. ``limited``: Telegram's limits are kept, over all of them together."""

    server: Server | None = None
    workers: int = 1
    limited: bool = False
    url: str = ""
    bots: list[Bot] = field(default_factory=list)

    async def begin(self) -> float:
        """Start everybody and wait until all work; return 0, for nothing is measured here."""
        assert self.server is not None
        self.url = self.url or self.server.empty_database()
        parts = [("receiver", ("run", "--receive")), *((f"worker{n}", ("worker",)) for n in range(self.workers))]
        for name, command in parts:
            folder = self.scratch / name
            folder.mkdir(exist_ok=True)
            bot = Bot(self._settings(folder), self.scratch / f"{name}.log", command=command, name=name)
            self.bots.append(bot)
            await bot.start()
        async with asyncio.timeout(START_S):
            await asyncio.gather(*(bot.up() for bot in self.bots))
        return 0.0

    async def leave(self) -> None:
        """End everybody, as an operator would."""
        await asyncio.gather(*(bot.stop() for bot in self.bots))
        self.bots.clear()

    def cpu_by_part_s(self) -> dict[str, float]:
        """Return the processor time used so far by workers, receiver and database, in seconds."""
        assert self.server is not None
        server = psutil.Process(self.server.handle.get_pid())
        return {
            "receiver": _cpu_s([psutil.Process(self.bots[0].pid)]),
            "workers": _cpu_s([psutil.Process(bot.pid) for bot in self.bots[1:]]),
            "database": _cpu_s([server, *server.children(recursive=True)]),
        }

    async def set_provider(self, delay_s: float, size_bytes: int) -> None:
        """Set how long the provider takes, and how large its pictures are."""
        await self.http.post(f"{self.provider}/bench/set", json={"delay_s": delay_s, "size_bytes": size_bytes})

    def worker_mb(self) -> float:
        """Return the resident memory of the largest worker, in megabytes."""
        return max(psutil.Process(bot.pid).memory_info().rss / 1e6 for bot in self.bots[1:])

    async def counted(self) -> dict[str, float]:
        """Return what the database has counted so far: transactions, rows, bytes of its log and on disk."""
        address = self.url.replace("postgresql+psycopg://", "postgresql://", 1)
        async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
            cursor = await connection.execute(_COUNT)
            row: Any = await cursor.fetchone()
        return dict(zip((*COUNTED, "wal_bytes", "size_bytes"), map(float, row), strict=True))

    def media_bytes(self) -> int:
        """Return what the pictures take."""
        return sum(path.stat().st_size for path in (self.scratch / "media").rglob("*") if path.is_file())

    def _settings(self, folder: Path) -> dict[str, str]:
        return {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": self.telegram,
            "TELEGRAM_LIMITS": str(self.limited).lower(),
            "LIMIT_TOTAL": "none",
            "GEMINI_API_KEY": "bench",
            "GEMINI_BASE_URL": self.provider,
            "MAX_PARALLEL_CALLS": "500",
            "WORKER_CONVERSATIONS": "500",
            "DATABASE_URL": self.url,
            "MEDIA_URL": str(self.scratch / "media"),
            "DATA_DIR": str(folder),
            "LOG_LEVEL": "WARNING",
        }


def party(scratch: Path, server: Server, workers: int, *, limited: bool) -> Party:
    """Return a cluster with an empty store."""
    return Party(f"{workers} workers", [], ROOT, {}, scratch, None, server=server, workers=workers, limited=limited)


def _cpu_s(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        try:
            used = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += used.user + used.system
    return total

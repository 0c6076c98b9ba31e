"""The bot of a dialogue, spread over a receiver and two workers that share a PostgreSQL database.

Imports ``talking`` and ``databases``. One server serves all dialogues of a process.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.dispatch.base import ProcessRole
from tests.support.databases import Server
from tests.support.talking import Talk, note_menus

RECEIVERS_OWN = ("webhook_url", "webhook_secret", "listen")


@dataclass
class Spread(Talk):
    """A bot among people, of which ``running`` and ``store`` are the receiver's."""

    async def start(self) -> None:
        """Start all processes on the data of an earlier one."""
        new = "database_url" not in self.settings
        self.settings.setdefault("database_url", servers[0].empty_database())
        self.settings.setdefault("database_pool_size", 5)
        workers = {name: value for name, value in self.settings.items() if name not in RECEIVERS_OWN}
        # The last one to start stops first: if a stop cuts an album in two, the worker is gone when the rest arrives.
        await self.begin(self.settings, ProcessRole.RECEIVE)
        receiver = self.running
        if new:
            # Before it begins to publish them, which most dialogues are not about.
            await note_menus(self.store, out=True)
        for _ in range(2):
            await self.begin(workers, ProcessRole.WORK)
        self._running = receiver


servers: list[Server] = []
"""Where the databases are; the fixtures of the dialogues put one there."""

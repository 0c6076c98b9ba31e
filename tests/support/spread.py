"""The bot of a dialogue, spread over a receiver and two workers that share a PostgreSQL database.

Imports ``storage``, ``talking`` and ``databases``. One server serves all dialogues of a process.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.dispatch.base import ProcessRole
from storage.store import Store
from tests.support.databases import Server
from tests.support.talking import Talk, note_menus

RECEIVERS_OWN = ("webhook_url", "webhook_secret", "listen")


@dataclass
class Spread(Talk):
    """A bot among people, of which ``running`` and ``store`` are the receiver's."""

    async def start(self) -> None:
        """Start all processes on the data of an earlier one."""
        if "database_url" not in self.settings:
            self.settings["database_url"] = servers[0].empty_database(like=await _fresh())
        self.settings.setdefault("database_pool_size", 5)
        workers = {name: value for name, value in self.settings.items() if name not in RECEIVERS_OWN}
        # The last one to start stops first: if a stop cuts an album in two, the worker is gone when the rest arrives.
        await self.begin(self.settings, ProcessRole.RECEIVE)
        receiver = self.running
        for _ in range(2):
            await self.begin(workers, ProcessRole.WORK)
        self._running = receiver

    @asynccontextmanager
    async def before_it_ran(self) -> AsyncIterator[Store]:
        """Stop all processes meanwhile: a worker looks for turns that nobody works on."""
        await self.stop()
        store = await Store.open(self.settings["database_url"], f"{self.settings['data_dir']}/media")
        try:
            yield store
        finally:
            await store.close()
        await self.start()

    async def leave(self) -> None:
        """Stop all processes and remove their database."""
        await self.stop()
        servers[0].drop(self.settings["database_url"])


servers: list[Server] = []
"""Where the databases are; the fixtures of the dialogues put one there."""

_templates: list[str] = []


async def _fresh() -> str:
    """Return the address of a database as a first start leaves it, as ``talking`` has a folder of that kind."""
    if not _templates:
        url = servers[0].empty_database()
        with tempfile.TemporaryDirectory() as media:
            store = await Store.open(url, media)
            await note_menus(store, out=True)
            await store.close()
        _templates.append(url)
    return _templates[0]

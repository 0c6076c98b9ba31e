"""Deletes pictures that are listed although nothing uses them any more: rows and bytes.

Imports SQLAlchemy, ``belongings``, ``erasing``, ``engine``, ``media``, ``rows``, ``schema`` and ``tables``. A picture
loses its use when its turn goes, when its @name is dropped, or when a message that waits shows another one.
"""

from __future__ import annotations

import asyncio

from sqlalchemy import delete, exists, select

from storage.care.belongings import still_named
from storage.care.erasing import Erasing
from storage.engine.database import Database
from storage.media.store import Media
from storage.rows.statements import batched
from storage.schema import media, turn_media
from storage.tables.media_rows import hold_media
from storage.tables.provider_files import release_files

TOGETHER = 500
"""How many pictures are looked at in one transaction."""

PAUSE_S = 0.02


class Unused:
    """Deletes unused pictures while work goes on. Several processes may do so at a time."""

    def __init__(self, database: Database, media_store: Media, erasing: Erasing) -> None:
        self._database = database
        self._media = media_store
        self._erasing = erasing

    async def erase(self) -> int:
        """Delete all unused pictures; return how many. Raises: ``StorageFault``."""
        of_no_turn = ~exists().where(turn_media.c.sha256 == media.c.sha256)
        after, erased = "", 0
        while True:
            found = select(media.c.sha256).where(media.c.sha256 > after, of_no_turn)
            async with self._database.connect() as connection:
                some = set((await connection.execute(found.order_by(media.c.sha256).limit(TOGETHER))).scalars())
                unused = some - await still_named(connection, some) if some else some
            if not some:
                return erased
            after = max(some)
            if unused:
                erased += await self._erase(unused)
            await asyncio.sleep(PAUSE_S)

    async def _erase(self, unused: set[str]) -> int:
        # If the process is killed between the rows and the bytes, its next start deletes the bytes.
        self._media.sweep_all_next()
        async with self._database.begin(fenced=False) as connection:
            await hold_media(connection, unused)
            # Again: only now nobody can begin to use them.
            orphans = unused - await still_named(connection, unused)
            for batch in batched(orphans):
                await connection.execute(delete(media).where(media.c.sha256.in_(batch)))
            await release_files(connection, orphans)
        for sha256 in orphans:
            await self._erasing.erase(sha256)
        return len(orphans)

"""Deletes pictures that are listed although nothing uses them any more: rows and bytes.

Imports SQLAlchemy, ``belongings``, ``erasing``, ``engine``, ``media``, ``rows``, ``schema`` and ``tables``. A picture
loses its use when its turn goes, when its @name is dropped, or when a message that waits shows another one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from sqlalchemy import delete, exists, select

from storage.care.belongings import named_without_turn, still_named
from storage.care.erasing import Erasing
from storage.engine.database import Database
from storage.media.store import Media
from storage.rows.statements import batched
from storage.schema import media, turn_media
from storage.tables.media_rows import hold_media
from storage.tables.provider_files import release_files

LOOKED_AT = 20_000
"""How many listed pictures are looked at in one statement: some milliseconds."""

TOGETHER = 500
"""How many pictures are deleted in one transaction at most."""

PAUSE_S = 0.02


class Unused:
    """Deletes unused pictures while work goes on. Several processes may do so at a time."""

    def __init__(self, database: Database, media_store: Media, erasing: Erasing) -> None:
        self._database = database
        self._media = media_store
        self._erasing = erasing

    async def erase(self) -> int:
        """Delete all unused pictures; return how many. Raises: ``StorageFault``.

        What is named without a turn is read twice at most, as long as few pictures are unused: it may be much.
        """
        named: set[str] | None = None
        unused: list[str] = []
        async for found in self._of_no_turn():
            if named is None:
                async with self._database.connect() as connection:
                    named = await named_without_turn(connection)
            unused += sorted(found - named)
        erased = 0
        for start in range(0, len(unused), TOGETHER):
            erased += await self._erase(set(unused[start : start + TOGETHER]))
            await asyncio.sleep(PAUSE_S)
        return erased

    async def _of_no_turn(self) -> AsyncIterator[set[str]]:
        """Yield the listed pictures that no turn uses, some at a time."""
        of_no_turn = ~exists().where(turn_media.c.sha256 == media.c.sha256)
        after: str | None = ""
        while after is not None:
            rest = select(media.c.sha256).where(media.c.sha256 > after)
            async with self._database.connect() as connection:
                end = rest.order_by(media.c.sha256).offset(LOOKED_AT - 1).limit(1)
                last = (await connection.execute(end)).scalar_one_or_none()
                these = rest if last is None else rest.where(media.c.sha256 <= last)
                found = set((await connection.execute(these.where(of_no_turn))).scalars())
            if found:
                yield found
            after = last
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

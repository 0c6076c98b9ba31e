"""Deletes pictures while work goes on, but never one that a row names or is about to name.

Imports SQLAlchemy, ``engine``, ``media``, ``rows`` and ``schema``. To use a picture, a transaction first enters its row
in ``media``; to delete the bytes, another one holds that row. So the database makes one wait for the other, on any
machines. Either the row came first, and the bytes stay; or the bytes went first, and the process that had stored them
stores them again (``Media.confirm``). Remaining race: a process is paused for minutes, or loses its database, just as
its delete goes out.
"""

from __future__ import annotations

import time

from sqlalchemy import delete, select, text

from storage.engine.database import Database, now
from storage.engine.faults import FaultKind, StorageFault
from storage.media.store import Media
from storage.rows.upsert import insert_or_pass
from storage.schema import media, turn_media

HELD_S = 120
"""How long PostgreSQL lets a process hold a row during a delete; one request takes a minute at most (``media``)."""


_PATIENCE = text(f"SET LOCAL idle_in_transaction_session_timeout = '{HELD_S}s'")


class Erasing:
    """Deletes the bytes of pictures that no row names."""

    def __init__(self, database: Database, media: Media, *, held_s: float = HELD_S) -> None:
        self._database = database
        self._media = media
        self._held_s = held_s

    async def erase(self, sha256: str) -> bool:
        """Delete the bytes of a picture unless a row names it; return whether they were deleted.

        Raises: ``StorageFault``; then nothing has changed.
        """
        placeholder = {
            "sha256": sha256,
            "mime": "",
            "size_bytes": 0,
            "width_px": 0,
            "height_px": 0,
            "created_at": now(),
        }
        # The transaction leaves no rows behind, so it need not be durable.
        begun = time.monotonic()
        async with self._database.begin(durable=False) as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(_PATIENCE)
            entered = await connection.execute(insert_or_pass(media, connection, media.c.sha256), placeholder)
            if entered.scalar_one_or_none() is None:
                return False
            used = await connection.execute(select(turn_media.c.turn_id).where(turn_media.c.sha256 == sha256).limit(1))
            unnamed = used.first() is None
            if time.monotonic() - begun > self._held_s / 2:
                raise StorageFault(FaultKind.LOCKED, "this process was paused within a delete")
            if unnamed:
                await self._media.delete(sha256)
            await connection.execute(delete(media).where(media.c.sha256 == sha256))
            return unnamed

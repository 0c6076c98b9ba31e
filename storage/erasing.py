"""Deleting pictures beside running work: never one that a row names, or that somebody is about to name.

Imports its siblings. Whoever names a picture enters its row in ``media`` first, and whoever deletes its bytes holds
that row meanwhile, so the database lets one wait for the other, on whatever machines they run. Then either the row was
there first, and the bytes stay; or the bytes went first, and whoever had put them there stores them once more
(``Media.confirm``). What is left is an instant: a process that is paused for minutes, or cut off from its database,
in the moment in which its delete goes out.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.codec import media_json
from storage.database import Database, now
from storage.faults import FaultKind, StorageFault
from storage.media import Media
from storage.records import MediaRef
from storage.schema import media, turn_media
from storage.statements import batched
from storage.writing import insert_or_pass, insert_or_update

HELD_S = 120
"""How long PostgreSQL lets a process hold a row while it deletes; one request takes a minute at most (``media``)."""

NOBODY: Mapping[str, int] = {}

_PATIENCE = text(f"SET LOCAL idle_in_transaction_session_timeout = '{HELD_S}s'")


async def enter_media(connection: AsyncConnection, store: Media, found: Iterable[MediaRef]) -> list[str]:
    """Enter pictures within the transaction that names them, wait for deletes of them; return their SHA-256.

    Raises: ``StorageFault`` where one was deleted since it was put; the step that put it is to be done again.
    """
    # In one order everywhere, or two transactions could wait for each other.
    refs = {ref.sha256: ref for ref in sorted(found, key=lambda ref: ref.sha256)}
    if refs:
        rows = [{**media_json(ref), "created_at": now()} for ref in refs.values()]
        # An update that changes nothing: it holds a row that is there already, too.
        await connection.execute(insert_or_update(media, connection, ("size_bytes",)), rows)
        await store.confirm(refs)
    return list(refs)


async def rest_on(
    connection: AsyncConnection,
    store: Media,
    turn_id: int,
    found: Iterable[MediaRef],
    authors: Mapping[str, int] = NOBODY,
) -> None:
    """Enter pictures as :func:`enter_media` does, and note that a turn rests on them and who sent them, by SHA-256."""
    entered = await enter_media(connection, store, found)
    if entered:
        named = [{"turn_id": turn_id, "sha256": name, "author_id": authors.get(name)} for name in entered]
        await connection.execute(insert_or_pass(turn_media, connection), named)


async def hold_media(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Hold the rows of pictures until the transaction ends, so that nobody begins to name them meanwhile."""
    for some in batched(names):
        rows = select(media.c.sha256).where(media.c.sha256.in_(some)).order_by(media.c.sha256)
        await connection.execute(rows.with_for_update())


class Erasing:
    """Deletes bytes that nothing names."""

    def __init__(self, database: Database, store: Media, *, held_s: float = HELD_S) -> None:
        self._database = database
        self._media = store
        self._held_s = held_s

    async def erase(self, sha256: str) -> bool:
        """Delete the bytes of a picture unless something names it; return whether they are gone.

        Raises: ``StorageFault``, with everything as it was.
        """
        held = {"sha256": sha256, "mime": "", "size_bytes": 0, "width_px": 0, "height_px": 0, "created_at": now()}
        # Nothing of this transaction stays, so nothing of it need be durable.
        begun = time.monotonic()
        async with self._database.begin(durable=False) as connection:
            if connection.dialect.name == "postgresql":
                await connection.execute(_PATIENCE)
            entered = await connection.execute(insert_or_pass(media, connection, media.c.sha256), held)
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

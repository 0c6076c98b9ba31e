"""The rows of pictures, entered and held within the transaction that names or deletes them. Imports its siblings.

Whoever deletes a picture's bytes (``erasing``) holds its row meanwhile, so the two wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import now
from storage.media.store import Media
from storage.records import MediaRef
from storage.rows.codec import media_json
from storage.rows.statements import batched
from storage.rows.upsert import insert_or_pass, insert_or_update
from storage.schema import media, turn_media

NOBODY: Mapping[str, int] = {}


async def enter_media(connection: AsyncConnection, media_store: Media, found: Iterable[MediaRef]) -> list[str]:
    """Enter pictures within the transaction that names them, wait for deletes of them; return their SHA-256.

    Raises: ``StorageFault`` where one was deleted since it was put; the step that put it is to be done again.
    """
    # In one order everywhere, or two transactions could wait for each other.
    refs = {ref.sha256: ref for ref in sorted(found, key=lambda ref: ref.sha256)}
    if refs:
        rows = [{**media_json(ref), "created_at": now()} for ref in refs.values()]
        # An update that changes nothing: it holds a row that is there already, too.
        await connection.execute(insert_or_update(media, connection, ("size_bytes",)), rows)
        await media_store.confirm(refs)
    return list(refs)


async def rest_on(
    connection: AsyncConnection,
    media_store: Media,
    turn_id: int,
    found: Iterable[MediaRef],
    authors: Mapping[str, int] = NOBODY,
) -> None:
    """Enter pictures as :func:`enter_media` does, and note that a turn rests on them and who sent them, by SHA-256."""
    entered = await enter_media(connection, media_store, found)
    if entered:
        named = [{"turn_id": turn_id, "sha256": name, "author_id": authors.get(name)} for name in entered]
        await connection.execute(insert_or_pass(turn_media, connection), named)


async def hold_media(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Hold the rows of pictures until the transaction ends, so that nobody begins to name them meanwhile."""
    for some in batched(names):
        rows = select(media.c.sha256).where(media.c.sha256.in_(some)).order_by(media.c.sha256)
        await connection.execute(rows.with_for_update())

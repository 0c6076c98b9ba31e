"""Inserts and locks the rows of pictures, within the transaction that uses or deletes them.

Imports SQLAlchemy, ``engine``, ``media``, ``records``, ``rows`` and ``schema``. A delete of a picture's bytes
(``erasing``) locks the same row, so the two wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import now
from storage.media.store import Media
from storage.records import MediaRef, Restored, Turn
from storage.rows.codec import authors_of, media_json, media_of, read_turn, restored_json
from storage.rows.statements import batched
from storage.rows.upsert import TurnMovedOn, insert_or_pass, insert_or_update
from storage.schema import media, turn_media, turns

NOBODY: Mapping[str, int] = {}


async def enter_media(connection: AsyncConnection, media_store: Media, found: Iterable[MediaRef]) -> list[str]:
    """Insert and lock the rows of pictures, after any running delete of them; return their SHA-256.

    Raises: ``StorageFault`` if one was deleted since it was stored; the step that stored it must run again.
    """
    # Always in the same order, to avoid deadlocks.
    refs = {ref.sha256: ref for ref in sorted(found, key=lambda ref: ref.sha256)}
    if refs:
        rows = [{**media_json(ref), "created_at": now()} for ref in refs.values()]
        # An upsert that changes nothing also locks existing rows.
        await connection.execute(insert_or_update(media, connection, ("size_bytes",)), rows)
        await media_store.confirm(refs)
    return list(refs)


async def link_media_to_turn(
    connection: AsyncConnection,
    media_store: Media,
    turn_id: int,
    found: Iterable[MediaRef],
    authors: Mapping[str, int] = NOBODY,
) -> None:
    """Insert pictures like :func:`enter_media`, and store that a turn uses them, and their senders by SHA-256."""
    entered = await enter_media(connection, media_store, found)
    if entered:
        named = [{"turn_id": turn_id, "sha256": name, "author_id": authors.get(name)} for name in entered]
        await connection.execute(insert_or_pass(turn_media, connection), named)


async def hold_media(connection: AsyncConnection, names: Iterable[str]) -> None:
    """Lock the rows of pictures until the transaction ends, so that no other one begins to use them."""
    for some in batched(names):
        rows = select(media.c.sha256).where(media.c.sha256.in_(some)).order_by(media.c.sha256)
        await connection.execute(rows.with_for_update())


async def enter_restored(connection: AsyncConnection, media_store: Media, turn_id: int, restored: Restored) -> bool:
    """Insert the restored picture of an answer like :func:`link_media_to_turn`; return whether it stays.

    If the picture that it was made from was deleted meanwhile, it is taken from the answer: it holds its pixels.
    """
    source, picture = restored.record.get("source"), restored.picture
    if source is not None and not await _is_used_beside(connection, turn_id, source):
        await connection.execute(update(turns).where(turns.c.id == turn_id).values(restored=None))
        return False
    await link_media_to_turn(connection, media_store, turn_id, media_of([picture]), authors_of([picture]))
    return True


async def _is_used_beside(connection: AsyncConnection, turn_id: int, sha256: str) -> bool:
    """Return whether the conversation of a turn still uses a picture; others may have the same one.

    It locks the picture's row, after any running delete; only the next statement sees what that one did.
    """
    there = select(media.c.sha256).where(media.c.sha256 == sha256).with_for_update(read=True)
    if (await connection.execute(there)).first() is None:
        return False
    here = select(turns.c.conversation_id).where(turns.c.id == turn_id).scalar_subquery()
    using = select(turn_media.c.turn_id).join(turns, turns.c.id == turn_media.c.turn_id)
    used = using.where(turn_media.c.sha256 == sha256, turns.c.conversation_id == here).limit(1)
    return (await connection.execute(used)).first() is not None


async def take_restored(connection: AsyncConnection, media_store: Media, turn: Turn, *, taken: bool) -> Turn:
    """See ``Conversations.take_restored``."""
    if turn.restored is None:
        raise TurnMovedOn(turn.id)
    found = restored_json(replace(turn.restored, taken=taken))
    changed = update(turns).where(turns.c.id == turn.id, turns.c.reply.is_not(None)).values(restored=found)
    there = changed.where(turns.c.restored.is_not(None)).returning(turns)
    if (row := (await connection.execute(there)).mappings().one_or_none()) is not None:
        # It was stored with its picture; what it was made from may be in another conversation by now.
        return read_turn(row)
    row = (await connection.execute(changed.returning(turns))).mappings().one_or_none()
    if row is None or not await enter_restored(connection, media_store, turn.id, turn.restored):
        raise TurnMovedOn(turn.id)
    return read_turn(row)

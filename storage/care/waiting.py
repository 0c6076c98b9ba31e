"""Pictures that waited too long for words, and what pictures take. For ``retention``; nothing is changed here.

Imports SQLAlchemy, ``belongings``, ``records``, ``rows`` and ``schema``.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.care.belongings import named_without_turn
from storage.records import Role
from storage.rows.codec import named_in
from storage.rows.ids import latest_true
from storage.rows.statements import batched
from storage.schema import media, messages, names, turn_media


class Waited(NamedTuple):
    """Messages whose pictures have waited for words too long, as chat and message, and what goes with them.

    ``pictures`` and ``size_bytes`` count what nothing else names. ``staying``: the pictures that have an @name or wait
    in another message, and so stay without a turn.
    """

    messages: list[tuple[int, int]]
    pictures: int
    size_bytes: int
    staying: set[str]


async def waiting_since(connection: AsyncConnection, before: float) -> Waited:
    """Return what has waited for words since before a time (Unix s)."""
    waiting = select(messages.c.chat_id, messages.c.message_id, messages.c.picture)
    loose = (messages.c.role == Role.LOOSE.value) & messages.c.picture.is_not(None)
    rows = (await connection.execute(waiting.where(loose))).all()
    sent = {row: named_in([row.picture]) for row in rows}
    old = await _older(connection, {name for found in sent.values() for name in found}, before)
    # A picture that was sent again is as old as its bytes, so those that waited for words later stay, too.
    lately = {row for row in rows if before <= (json.loads(row.picture).get("waits_until") or 0.0) < latest_true()}
    gone = {row: found for row, found in sent.items() if found <= old and row not in lately}
    staying = {name for row, found in sent.items() if row not in gone for name in found}
    staying |= await _with_a_name(connection)
    alone = {name for found in gone.values() for name in found} - staying
    for few in batched(set(alone)):
        used = select(turn_media.c.sha256).where(turn_media.c.sha256.in_(few))
        alone -= set((await connection.execute(used)).scalars())
    waited = [(row.chat_id, row.message_id) for row in gone]
    return Waited(waited, len(alone), await size_of(connection, alone), staying)


async def _older(connection: AsyncConnection, pictures: set[str], before: float) -> set[str]:
    """Return the pictures that were stored before a time."""
    found: set[str] = set()
    for some in batched(pictures):
        old = select(media.c.sha256).where(media.c.sha256.in_(some), media.c.created_at < before)
        found |= set((await connection.execute(old)).scalars())
    return found


async def still_kept(connection: AsyncConnection, pictures: set[str]) -> set[str]:
    """Return which pictures have an @name or were sent without words, so that they stay without a turn."""
    if not pictures:
        return set()
    return pictures & await named_without_turn(connection)


async def _with_a_name(connection: AsyncConnection) -> set[str]:
    return named_in((await connection.execute(select(names.c.picture))).scalars())


async def size_of(connection: AsyncConnection, pictures: Collection[str]) -> int:
    """Return the bytes of pictures."""
    size_bytes = 0
    for few in batched(pictures):
        summed = select(func.coalesce(func.sum(media.c.size_bytes), 0)).where(media.c.sha256.in_(few))
        size_bytes += int((await connection.execute(summed)).scalar_one())
    return size_bytes

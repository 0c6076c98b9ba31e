"""The names by which Telegram gives out pictures that strangers lent a wish.

Imports SQLAlchemy, ``codec``, ``records`` and ``schema``. They stand in the options of turns whose answers go into
inline messages. A name that is taken away leaves an empty entry, so that nobody repeats the wish without the picture.
"""

from __future__ import annotations

import json

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import INLINE
from storage.rows.codec import dumps
from storage.schema import conversations, turns

LENT = "lent"
"""The member of ``records.INLINE`` that holds them."""

ELSEWHERE = select(conversations.c.id).where(conversations.c.topic_id < 0)
"""The conversations from chats where the bot is no member, the only ones whose turns have an inline message."""

NAMED = turns.c.conversation_id.in_(ELSEWHERE) & turns.c.options.contains('"file_id"')
"""The condition for turns that have such names. Their conversations come first: they are few, and ``options`` has no
index, so else each sweep would read all turns while nobody else can write."""


async def take_names(connection: AsyncConnection, where: ColumnElement[bool], author_id: int | None = None) -> None:
    """Take the names from turns, within a running transaction: those of a person's pictures, or all."""
    found = select(turns.c.id, turns.c.options).where(NAMED, where).order_by(turns.c.id).with_for_update()
    for row in (await connection.execute(found)).all():
        options = json.loads(row.options)
        place = options.get(INLINE, {})
        kept = [one if author_id not in (None, one.get("author_id")) else {"sha256": ""} for one in place.get(LENT, ())]
        written = dumps({**options, INLINE: {**place, LENT: kept}})
        await connection.execute(update(turns).where(turns.c.id == row.id).values(options=written))

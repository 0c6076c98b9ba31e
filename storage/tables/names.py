"""Pictures with an @name, per conversation.

Imports SQLAlchemy, ``engine``, ``media``, ``records``, ``rows``, ``schema``, ``inbox``, ``media_rows`` and
``messages``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import delete, select

from storage.engine.database import Database
from storage.media.store import Media
from storage.records import InputPicture
from storage.rows.codec import dumps, media_of, picture_json, read_picture
from storage.rows.upsert import GoneMeanwhile, insert_beside
from storage.schema import conversations, names
from storage.tables.inbox import check_updates
from storage.tables.media_rows import enter_media
from storage.tables.messages import hold_conversation


class Names:
    """Maps names to pictures. A name is unique within its conversation and in lower case."""

    def __init__(self, database: Database, store: Media) -> None:
        self._database = database
        self._media = store

    async def of(self, conversation_id: int) -> dict[str, InputPicture]:
        """Return the named pictures of a conversation."""
        found = select(names.c.name, names.c.picture).where(names.c.conversation_id == conversation_id)
        async with self._database.connect() as connection:
            rows = await connection.execute(found.order_by(names.c.name))
            return {row.name: read_picture(json.loads(row.picture)) for row in rows}

    async def save(
        self,
        conversation_id: int,
        name: str,
        picture: InputPicture,
        author_id: int | None = None,
        *,
        of: Iterable[int] = (),
    ) -> None:
        """Name a picture on behalf of ``author_id``; the name is taken from any other picture.

        ``of``: the updates that ask for it. Raises: ``GoneMeanwhile`` if the conversation or one of them was deleted,
        ``StorageFault`` if the picture was deleted after it was stored.
        """
        row = {
            "conversation_id": conversation_id,
            "name": name,
            "picture": dumps(picture_json(picture)),
            "author_id": author_id,
        }
        async with self._database.begin() as connection:
            await hold_conversation(connection, conversation_id)
            await enter_media(connection, self._media, media_of((picture,)))
            named = insert_beside(names, connection, conversations.c.id, "conversation_id", ("picture", "author_id"))
            if not (await connection.execute(named, row)).rowcount:
                raise GoneMeanwhile(f"conversation {conversation_id}")
            await check_updates(connection, of)

    async def drop(self, conversation_id: int, name: str) -> bool:
        """Delete a name; return whether it existed."""
        gone = delete(names).where(names.c.conversation_id == conversation_id, names.c.name == name)
        async with self._database.begin() as connection:
            return bool((await connection.execute(gone)).rowcount)

"""Forgets what strangers lent a wish: their pictures and words, which it used in a chat where the bot is no member.

Imports SQLAlchemy, ``belongings``, ``erasing``, ``engine``, ``records``, ``rows``, ``schema`` and ``tables``. The
answer stays, since it is the caller's. Bytes go where no other row names them.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.care.belongings import drop_media, still_named
from storage.care.erasing import Erasing
from storage.engine.database import Database
from storage.records import InputPicture
from storage.rows.codec import Row, cited_json, dumps, media_of, picture_json, read_cited, read_pictures
from storage.schema import media, turns
from storage.tables.media_rows import hold_media
from storage.tables.provider_files import release_files


class Lending:
    """Gives back what was lent."""

    def __init__(self, database: Database, erasing: Erasing) -> None:
        self._database = database
        self._erasing = erasing

    async def give_back(self, turn_id: int, lent: Collection[str]) -> bool:
        """Delete pictures from a wish by their SHA-256, and the words that it cites of others.

        Words that are the whole wish go, too. Return whether providers still keep uploads of these pictures. May be
        called twice. Raises: ``StorageFault``.
        """
        async with self._database.begin() as connection:
            found = select(turns).where(turns.c.id == turn_id).with_for_update()
            row = (await connection.execute(found)).mappings().one_or_none()
            if row is None:
                return False
            gone = [one for one in read_pictures(row["pictures"]) if one.media.sha256 in lent]
            await _blank(connection, row, gone)
            shas = {ref.sha256 for ref in media_of(gone)}
            await drop_media(connection, row, shas)
            await hold_media(connection, shas)
            orphans = shas - await still_named(connection, shas)
            await connection.execute(delete(media).where(media.c.sha256.in_(orphans)))
            released = await release_files(connection, orphans)
        for sha256 in orphans:
            await self._erasing.erase(sha256)
        return bool(released)


async def _blank(connection: AsyncConnection, row: Row, gone: Collection[InputPicture]) -> None:
    """Write a wish without some pictures and without words of others."""
    kept = [picture_json(one) for one in read_pictures(row["pictures"]) if one not in gone]
    cited = read_cited(row["cited"])
    others = [one for one in cited if one.author_id not in (None, row["author_id"])]
    own = [cited_json(one) for one in cited if one not in others]
    values = {"pictures": dumps(kept), "cited": dumps(own) if own else None}
    if any(not one.words for one in others):
        values["wish"] = ""
    if gone or others:
        await connection.execute(update(turns).where(turns.c.id == row["id"]).values(values))

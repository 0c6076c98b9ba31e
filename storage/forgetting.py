"""Forgetting for good: rows and bytes. Imports its siblings and SQLAlchemy.

Rows go first and in one transaction, then the bytes that nothing names any more; a picture that another conversation
uses, or begins to use at that moment, stays. Cut short in between, the bytes are orphans, which a sweep finds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.codec import dumps, media_of, read_picture
from storage.database import Database
from storage.erasing import Erasing, hold_media
from storage.media import Media
from storage.provider_files import take_files
from storage.records import Forgotten, Key
from storage.schema import conversations, media, messages, names, steps, turn_media, turns
from storage.statements import batched


class Forgetting:
    """Deletes conversations, and what one person said and sent anywhere."""

    def __init__(self, database: Database, store: Media, erasing: Erasing) -> None:
        self._database = database
        self._media = store
        self._erasing = erasing

    async def conversation(self, key: Key) -> Forgotten:
        """Delete a conversation with all its turns, pictures, names and links."""
        meant = (conversations.c.chat_id == key.chat_id) & (conversations.c.topic_id == key.topic_id)
        return await self._forget(select(conversations.c.id).where(meant), None)

    async def person(self, person_id: int) -> Forgotten:
        """Delete a person's private conversations, and their words and pictures in groups.

        Answers in groups stay: they belong to the conversation of all. A wish of the person is empty there.
        """
        return await self._forget(select(conversations.c.id).where(conversations.c.chat_id == person_id), person_id)

    async def _forget(self, meant: Select[int], person_id: int | None) -> Forgotten:
        their_turns = select(turns.c.id).where(turns.c.conversation_id.in_(meant))
        calls = select(turns.c.id, turns.c.attempts).where(turns.c.conversation_id.in_(meant))
        # Before anything loses its name: should the process be killed halfway, the next start deletes the rest.
        self._media.sweep_all_next()
        async with self._database.begin() as connection:
            gone = (await connection.execute(calls)).all()
            held = await self._pictures(connection, messages.c.conversation_id.in_(meant))
            held |= set((await connection.execute(_held_by(turn_media.c.turn_id.in_(their_turns)))).scalars())
            for table in (steps, turn_media):
                await connection.execute(delete(table).where(table.c.turn_id.in_(their_turns)))
            for other in (messages, names, turns):
                await connection.execute(delete(other).where(other.c.conversation_id.in_(meant)))
            await connection.execute(delete(conversations).where(conversations.c.id.in_(meant)))
            emptied = 0
            if person_id is not None:
                emptied, more = await self._empty(connection, person_id)
                held |= more
            await hold_media(connection, held)
            orphans = held - await self._still_named(connection, held)
            for some in batched(orphans):
                await connection.execute(delete(media).where(media.c.sha256.in_(some)))
            files = await take_files(connection, orphans)
        for sha256 in orphans:
            await self._erasing.erase(sha256)
        for turn_id, attempts in gone:
            await self._media.drop_answers(turn_id, attempts)
        await self._database.wipe_log()
        return Forgotten(
            turns=len(gone) + emptied, pictures=len(orphans), shared=len(held - orphans), files=tuple(files)
        )

    async def _empty(self, connection: AsyncConnection, person_id: int) -> tuple[int, set[str]]:
        """Take a person's words and pictures out of the turns of others' conversations."""
        theirs = turns.c.author_id == person_id
        rows = (await connection.execute(select(turns.c.id, turns.c.pictures).where(theirs))).all()
        held: set[str] = set()
        for row in rows:
            sent = {ref.sha256 for ref in media_of(map(read_picture, json.loads(row.pictures)))}
            held |= sent
            await connection.execute(
                delete(turn_media).where(turn_media.c.turn_id == row.id, turn_media.c.sha256.in_(sent))
            )
            requests = (messages.c.turn_id == row.id) & (messages.c.role == "request")
            await connection.execute(update(messages).where(requests).values(picture=None))
        blank = {
            "wish": "", "pictures": "[]", "cited": None, "author_id": 0, "author_name": "", "author_language": ""
        }  # fmt: skip
        await connection.execute(update(turns).where(theirs).values(blank))
        await forget_cited(connection, person_id)
        return len(rows), held

    async def _pictures(self, connection: AsyncConnection, where: ColumnElement[bool]) -> set[str]:
        """Return the pictures of messages that wait for words, which no turn names yet."""
        waiting = select(messages.c.picture).where(where, messages.c.role == "loose", messages.c.picture.is_not(None))
        return _names((await connection.execute(waiting)).scalars())

    async def _still_named(self, connection: AsyncConnection, held: set[str]) -> set[str]:
        named = _names((await connection.execute(select(names.c.picture))).scalars())
        waiting = await self._pictures(connection, messages.c.message_id.is_not(None))
        used = named | waiting
        for some in batched(held):
            used |= set((await connection.execute(_held_by(turn_media.c.sha256.in_(some)))).scalars())
        return held & used


async def forget_cited(connection: AsyncConnection, person_id: int) -> None:
    """Take a person's words out of the wishes of others that speak of them."""
    citing = turns.c.cited.is_not(None) & turns.c.cited.contains(f'"author_id":{person_id}')
    for row in (await connection.execute(select(turns.c.id, turns.c.cited).where(citing))).all():
        kept = [one for one in json.loads(row.cited) if one["author_id"] != person_id]
        written = dumps(kept) if kept else None
        await connection.execute(update(turns).where(turns.c.id == row.id).values(cited=written))


def _held_by(where: ColumnElement[bool]) -> Select[str]:
    return select(turn_media.c.sha256).where(where)


def _names(pictures: Iterable[str]) -> set[str]:
    return {ref.sha256 for ref in media_of(read_picture(json.loads(picture)) for picture in pictures)}

"""Deletes conversations and people's data for good: rows and bytes.

Imports SQLAlchemy, ``belongings``, ``erasing``, ``traces``, ``unused``, ``books``, ``engine``, ``media``, ``records``,
``rows``, ``schema`` and ``tables``. Rows go first, in one transaction, then the bytes of pictures that no row names any
more. A picture that another conversation uses, or begins to use at that moment, stays. After an interruption the bytes
are orphans, which a sweep deletes. A process that works on a deleted turn is notified, stores nothing more for it, and
drops its results.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import delete, true
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.braking import payers_of_calls
from storage.books.keeping import forget_payer
from storage.books.values import CallIsPaid
from storage.care.belongings import Belongings, still_named
from storage.care.erasing import Erasing
from storage.care.traces import (
    forget_chat,
    forget_guest,
    forget_press,
    forget_updates_of_conversation,
    forget_updates_of_person,
)
from storage.care.unused import Unused
from storage.engine.database import Database, now
from storage.engine.faults import again_after_deadlock
from storage.media.store import Media
from storage.records import Json, Key
from storage.rows.lent import take_names
from storage.rows.statements import batched
from storage.schema import conversations, media
from storage.tables.inbox import finish_updates
from storage.tables.media_rows import hold_media
from storage.tables.provider_files import release_files, release_left_files


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was deleted. ``shared`` pictures stay, because another conversation uses them.

    ``files``: account and URI of uploads that providers still keep; the database no longer knows them.
    """

    turns: int
    pictures: int
    shared: int
    files: tuple[tuple[str, str], ...] = ()


class Announce(Protocol):
    """Notifies other processes, in the deleting transaction, of turns that they must stop working on."""

    async def __call__(self, connection: AsyncConnection, turn_ids: Collection[int]) -> None:
        """``turn_ids``: deleted turns that were not finished."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupt:
    """Ends the work on turns that are forgotten. ``stop`` is called after the commit, with the turns not done yet."""

    announce: Announce | None = None
    stop: Callable[[Collection[int]], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The update that asks for the deletion; earlier updates of the same person are deleted too.

    ``notice`` returns the message to send afterwards. It is stored in the same transaction, which ends the update.
    """

    update_id: int
    notice: Callable[[Forgotten], Json]


class Forgetting:
    """Deletes conversations, and what one person wrote and sent anywhere."""

    def __init__(self, database: Database, media: Media, erasing: Erasing, unused: Unused) -> None:
        self._database = database
        self._media = media
        self._erasing = erasing
        self._unused = unused

    async def conversation(self, key: Key, asked: Asked | None = None, interrupt: Interrupt | None = None) -> Forgotten:
        """Delete a conversation with all its turns, pictures, names and links.

        Raises: :class:`CallIsPaid`, if it was ``asked`` for while a bought picture is being painted for one of them.
        """
        return await self._forget(key, None, asked, interrupt or Interrupt())

    async def person(self, person_id: int, asked: Asked | None = None, interrupt: Interrupt | None = None) -> Forgotten:
        """Delete a person's private conversations, and their words, pictures, name and id everywhere else.

        Answers in groups stay, because they belong to everyone there; the person's wishes become empty. Raises:
        :class:`CallIsPaid`, if that was ``asked`` for and would stop the painting of a picture that somebody bought.
        """
        return await self._forget(None, person_id, asked, interrupt or Interrupt())

    @property
    def lingers(self) -> bool:
        """Whether deleted words may still be on the disk, because another program reads the database file."""
        return self._database.wipe_log.is_due

    async def count(self, key: Key | None, person_id: int | None) -> Forgotten:
        """Return what deleting a conversation or a person would delete; one of the two is None."""
        async with self._database.begin(durable=False) as connection:
            *_, forgotten = await _delete_rows(connection, key, person_id, None)
            await connection.rollback()
        return forgotten

    async def erase(self, sha256: str) -> bool:
        """Delete the bytes of a picture that arrived for a deleted turn, unless a row names it."""
        return await self._erasing.erase(sha256)

    async def _forget(
        self, key: Key | None, person_id: int | None, asked: Asked | None, interrupt: Interrupt
    ) -> Forgotten:
        # Must come first: if the process is killed halfway, the next start deletes the rest.
        self._media.sweep_all_next()
        gone, orphans, forgotten = await self._delete(key, person_id, asked, interrupt)
        interrupt.stop(gone.unfinished)
        for sha256 in orphans:
            await self._erasing.erase(sha256)
        await self._media.drop_raw_answers_of(gone.turns)
        await self._database.wipe_log()
        # What lost its last use before this was named by no row that the deletion found.
        await self._unused.erase()
        return forgotten

    @again_after_deadlock
    async def _delete(
        self, key: Key | None, person_id: int | None, asked: Asked | None, interrupt: Interrupt
    ) -> tuple[Belongings, set[str], Forgotten]:
        async with self._database.begin() as connection:
            gone, orphans, forgotten = await _delete_rows(connection, key, person_id, asked)
            if interrupt.announce is not None and gone.unfinished:
                await interrupt.announce(connection, gone.unfinished)
        return gone, orphans, forgotten


async def _delete_rows(
    connection: AsyncConnection, key: Key | None, person_id: int | None, asked: Asked | None
) -> tuple[Belongings, set[str], Forgotten]:
    """Delete rows; return them, the pictures that no row names any more, and the summary."""
    chat_id = person_id if key is None else key.chat_id
    meant = conversations.c.chat_id == chat_id
    gone = Belongings(meant if key is None else meant & (conversations.c.topic_id == key.topic_id), person_id)
    await gone.hold(connection)
    if asked is not None and (payers := await payers_of_calls(connection, gone.stopped, now())):
        raise CallIsPaid(payers)
    await hold_media(connection, gone.pictures)
    await gone.delete(connection)
    orphans = gone.pictures - await still_named(connection, gone.pictures)
    for some in batched(orphans):
        await connection.execute(delete(media).where(media.c.sha256.in_(some)))
    forgotten = Forgotten(
        turns=len(gone.turns),
        pictures=len(orphans),
        shared=len(gone.pictures - orphans),
        files=(*await release_files(connection, orphans), *await release_left_files(connection)),
    )
    before = asked.update_id if asked else None
    if person_id is not None:
        await take_names(connection, true(), person_id)
        await forget_chat(connection, person_id)
        await forget_guest(connection, person_id)
        await forget_updates_of_person(connection, person_id, before)
    elif key is not None:
        await forget_updates_of_conversation(connection, key, before)
    if person_id is not None:
        await forget_payer(connection, person_id)
    if asked is not None:
        await finish_updates(connection, (asked.update_id,), asked.notice(forgotten))
        await forget_press(connection, asked.update_id)
    return gone, orphans, forgotten

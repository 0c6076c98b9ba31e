"""Looks whether the store is whole: every reference resolves, every hash matches. Imports its siblings and SQLAlchemy.

Also knows which pictures anything names, which is what sweeping must know. Reads only; mends nothing.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, text

from storage.engine.database import Database
from storage.media.store import Media, MediaMissing
from storage.records import Role, Turn
from storage.rows.codec import media_of, parked_in, read_picture, read_turn
from storage.rows.paging import pages
from storage.rows.statements import batched
from storage.schema import conversations, inbox, media, messages, names, steps, turn_media, turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that an audit found. ``broken``: something cannot be resolved; otherwise it is only worth knowing."""

    text: str
    broken: bool = True


class Audit:
    """The checks of one store, each a method that yields findings."""

    def __init__(self, database: Database, media: Media) -> None:
        self._database = database
        self._media = media

    @property
    def checks(self) -> dict[str, Callable[[], AsyncIterator[Finding]]]:
        """Every check by what it looks at, the quick ones first."""
        return {
            "database": self.database,
            "tree": self.tree,
            "messages": self.messages,
            "references": self.references,
            "inbox": self.inbox,
            "pictures": self.pictures,
        }

    async def database(self) -> AsyncIterator[Finding]:
        """Have SQLite look through its own pages; PostgreSQL checks its pages by itself."""
        if self._database.engine.dialect.name == "sqlite":
            async with self._database.connect() as connection:
                for (line,) in await connection.execute(text("PRAGMA integrity_check(20)")):
                    if line != "ok":
                        yield Finding(text=f"SQLite: {line}")

    async def tree(self) -> AsyncIterator[Finding]:
        """Every head, redo entry and parent is an answered turn of the same conversation; parents are older."""
        columns = (turns.c.id, turns.c.conversation_id, turns.c.parent_id, turns.c.reply.is_not(None).label("answered"))
        async with self._database.connect() as connection:
            known = {row.id: row for row in await connection.execute(select(*columns))}
            talks = (await connection.execute(select(conversations))).mappings().all()
        place = {talk["id"] for talk in talks}
        for turn in known.values():
            parent = known.get(turn.parent_id)
            if turn.conversation_id not in place:
                yield Finding(text=f"turn {turn.id}: its conversation {turn.conversation_id} is gone")
            if turn.parent_id is not None and not _fits(parent, turn.conversation_id):
                yield Finding(
                    text=f"turn {turn.id}: its parent {turn.parent_id} is no answered turn of its conversation"
                )
            elif parent is not None and parent.id >= turn.id:
                yield Finding(text=f"turn {turn.id}: its parent {parent.id} is not older")
        for talk in talks:
            for name, turn_id in [("head", talk["head_id"]), *(("redo", one) for one in json.loads(talk["redo"]))]:
                if turn_id is not None and not _fits(known.get(turn_id), talk["id"]):
                    yield Finding(text=f"conversation {talk['id']}: {name} {turn_id} is no answered turn of it")

    async def messages(self) -> AsyncIterator[Finding]:
        """Every message, step and note of a picture belongs to a turn that is there."""
        lost = {
            "message": select(messages.c.message_id, messages.c.turn_id).where(_lost(messages.c.turn_id)),
            "step": select(steps.c.position, steps.c.turn_id).where(_lost(steps.c.turn_id)),
            "picture": select(turn_media.c.sha256, turn_media.c.turn_id).where(_lost(turn_media.c.turn_id)),
        }
        async with self._database.connect() as connection:
            for what, found in lost.items():
                for name, turn_id in await connection.execute(found):
                    yield Finding(text=f"{what} {name}: its turn {turn_id} is gone")

    async def references(self) -> AsyncIterator[Finding]:
        """Every turn can be read, and the store holds each picture that it names."""
        stored = set(await self._media.names())
        async with self._database.connect() as connection:
            listed = set((await connection.execute(select(media.c.sha256))).scalars())
            async for page in pages(connection, turns):
                for row in page:
                    try:
                        named = _named(read_turn(row))
                    except (ValueError, KeyError, TypeError) as error:
                        yield Finding(text=f"turn {row['id']}: cannot be read ({type(error).__name__})")
                        continue
                    for sha256 in sorted(named - stored):
                        yield Finding(text=f"turn {row['id']}: its picture {sha256} is not in the media store")
                    for sha256 in sorted((named & stored) - listed):
                        yield Finding(text=f"turn {row['id']}: its picture {sha256} is not listed")
        for sha256 in sorted(await self.waiting() - stored):
            yield Finding(text=f"a picture that waits for words or has a name is missing: {sha256}")

    async def inbox(self) -> AsyncIterator[Finding]:
        """Tell what was set aside, and find what cannot be read."""
        async with self._database.connect() as connection:
            open_rows = select(inbox.c.update_id, inbox.c.state, inbox.c.payload).where(inbox.c.state != "done")
            for row in await connection.execute(open_rows):
                if row.state == "aside":
                    yield Finding(text=f"message {row.update_id} was set aside", broken=False)
                elif not _is_json(row.payload):
                    yield Finding(text=f"update {row.update_id} cannot be read")

    async def pictures(self) -> AsyncIterator[Finding]:
        """Every stored picture is what its name says; one that nothing names is left over."""
        named = await self.named()
        for sha256 in await self._media.names():
            try:
                await self._media.get(sha256, verify=True)
            except MediaMissing as error:
                yield Finding(text=str(error), broken=sha256 in named)
            if sha256 not in named:
                yield Finding(text=f"picture {sha256} is left over; the next sweep removes it", broken=False)

    async def named(self) -> set[str]:
        """Return the SHA-256 of every picture that anything names."""
        async with self._database.connect() as connection:
            listed = set((await connection.execute(select(media.c.sha256))).scalars())
            listed |= set((await connection.execute(select(turn_media.c.sha256))).scalars())
        return listed | await self.waiting()

    async def unnamed(self, candidates: Iterable[str], waiting: set[str] | None = None) -> set[str]:
        """Return which of these pictures nothing names. Few candidates cost little, however much is stored.

        ``waiting``: what :meth:`loose` returned, for whoever asks many times.
        """
        left = set(candidates)
        async with self._database.connect() as connection:
            for column in (media.c.sha256, turn_media.c.sha256):
                for some in batched(left):
                    left -= set((await connection.execute(select(column).where(column.in_(some)))).scalars())
        if left and waiting is None:
            waiting = await self.loose()
        return left - (waiting or set())

    async def loose(self) -> set[str]:
        """Return the pictures that no turn need name: those that wait for words, and those with a name."""
        loose = select(messages.c.picture).where(messages.c.role == Role.LOOSE.value, messages.c.picture.is_not(None))
        async with self._database.connect() as connection:
            sent = (await connection.execute(loose)).scalars()
            kept = (await connection.execute(select(names.c.picture))).scalars()
            return _pictures([*sent, *kept])

    async def waiting(self) -> set[str]:
        """Return the pictures of messages and of names, which may belong to no turn."""
        async with self._database.connect() as connection:
            sent = (
                await connection.execute(select(messages.c.picture).where(messages.c.picture.is_not(None)))
            ).scalars()
            kept = (await connection.execute(select(names.c.picture))).scalars()
            return _pictures([*sent, *kept])


def _fits(turn: Any, conversation_id: int) -> bool:
    return turn is not None and turn.answered and turn.conversation_id == conversation_id


def _lost(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.is_not(None) & column.not_in(select(turns.c.id))


def _named(turn: Turn) -> set[str]:
    parked = parked_in(json.dumps(turn.reply)) if turn.reply else set()
    return parked | {ref.sha256 for ref in (*turn.shown, *media_of(turn.pictures))}


def _pictures(written: Iterable[str]) -> set[str]:
    return {ref.sha256 for ref in media_of(read_picture(json.loads(picture)) for picture in written)}


def _is_json(written: str) -> bool:
    try:
        json.loads(written)
    except ValueError:
        return False
    return True

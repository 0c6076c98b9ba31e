"""Checks the store: every reference resolves, every hash matches.

Imports SQLAlchemy, ``books``, ``engine``, ``media``, ``records``, ``rows`` and ``schema``. It also finds out which
pictures are referenced, for sweeping. It only reads and repairs nothing.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, text

from storage.books.checking import faults_of_books
from storage.engine.database import Database
from storage.media.store import Media, MediaMissing
from storage.records import Role, Turn
from storage.rows.codec import media_of, named_in, parked_in, read_turn
from storage.rows.paging import pages
from storage.rows.statements import batched
from storage.schema import conversations, inbox, media, messages, names, steps, turn_media, turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of an audit. ``broken``: something is damaged or missing; otherwise it is only a note."""

    text: str
    broken: bool = True


class Audit:
    """The checks of one store. Each is a method that yields findings."""

    def __init__(self, database: Database, media: Media) -> None:
        self._database = database
        self._media = media

    @property
    def checks(self) -> dict[str, Callable[[], AsyncIterator[Finding]]]:
        """Every check by name, the quick ones first."""
        return {
            "database": self.database,
            "tree": self.tree,
            "books": self.books,
            "messages": self.messages,
            "references": self.references,
            "inbox": self.inbox,
            "pictures": self.pictures,
        }

    async def database(self) -> AsyncIterator[Finding]:
        """Let SQLite check its pages; PostgreSQL does so by itself."""
        if self._database.engine.dialect.name == "sqlite":
            async with self._database.connect() as connection:
                for (line,) in await connection.execute(text("PRAGMA integrity_check(20)")):
                    if line != "ok":
                        yield Finding(text=f"SQLite: {line}")

    async def tree(self) -> AsyncIterator[Finding]:
        """Check that heads, redo entries and parents are answered turns of their conversation, and parents older."""
        columns = (turns.c.id, turns.c.conversation_id, turns.c.parent_id, turns.c.reply.is_not(None).label("answered"))
        async with self._database.connect() as connection:
            known = {row.id: row for row in await connection.execute(select(*columns))}
            talks = (await connection.execute(select(conversations))).mappings().all()
        place = {talk["id"]: talk["chat_id"] for talk in talks}

        def fault(what: str, turn_id: int, conversation_id: int) -> Finding:
            other = known.get(turn_id)
            same_chat = other is not None and place.get(other.conversation_id) == place.get(conversation_id)
            if other is not None and other.answered and same_chat:
                # Versions before this one left it so. A wish that goes on there still has the whole history.
                text = f"{what} {turn_id} is in another topic of the chat, since an answer was moved from a deleted one"
                return Finding(text=text, broken=False)
            return Finding(text=f"{what} {turn_id} is no answered turn of its conversation")

        for turn in known.values():
            parent = known.get(turn.parent_id)
            if turn.conversation_id not in place:
                yield Finding(text=f"turn {turn.id}: its conversation {turn.conversation_id} is gone")
            if turn.parent_id is not None and not _fits(parent, turn.conversation_id):
                yield fault(f"turn {turn.id}: its parent", turn.parent_id, turn.conversation_id)
            elif parent is not None and parent.id >= turn.id:
                yield Finding(text=f"turn {turn.id}: its parent {parent.id} is not older")
        for talk in talks:
            for name, turn_id in [("head", talk["head_id"]), *(("redo", abs(one)) for one in json.loads(talk["redo"]))]:
                if turn_id is not None and not _fits(known.get(turn_id), talk["id"]):
                    yield fault(f"conversation {talk['id']}: {name}", turn_id, talk["id"])

    async def books(self) -> AsyncIterator[Finding]:
        """Check that sums and entries agree, and that each hold ended once, with the work that it was for."""
        async with self._database.connect() as connection:
            async for fault in faults_of_books(connection):
                yield Finding(text=fault)

    async def messages(self) -> AsyncIterator[Finding]:
        """Check that the turn of every message, step and picture exists."""
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
        """Check that every turn can be read, and that the store has each of its pictures."""
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
        for sha256 in sorted(await self.of_messages() - stored):
            yield Finding(text=f"the picture {sha256} of a message or a name is missing")

    async def inbox(self) -> AsyncIterator[Finding]:
        """Report updates that were set aside, or cannot be read."""
        async with self._database.connect() as connection:
            open_rows = select(inbox.c.update_id, inbox.c.state, inbox.c.payload).where(inbox.c.state != "done")
            for row in await connection.execute(open_rows):
                if row.state == "aside":
                    yield Finding(text=f"message {row.update_id} was set aside", broken=False)
                elif not _is_json(row.payload):
                    yield Finding(text=f"update {row.update_id} cannot be read")

    async def pictures(self) -> AsyncIterator[Finding]:
        """Check that every stored picture matches its SHA-256, and report those that nothing names."""
        named = await self.named()
        for sha256 in await self._media.names():
            try:
                await self._media.get(sha256, verify=True)
            except MediaMissing as error:
                yield Finding(text=str(error), broken=sha256 in named)
            if sha256 not in named:
                yield Finding(text=f"picture {sha256} is left over; the next sweep removes it", broken=False)

    async def named(self) -> set[str]:
        """Return the SHA-256 of every picture that a row names."""
        async with self._database.connect() as connection:
            listed = set((await connection.execute(select(media.c.sha256))).scalars())
            listed |= set((await connection.execute(select(turn_media.c.sha256))).scalars())
        return listed | await self.of_messages()

    async def unnamed(self, candidates: Iterable[str], loose: set[str] | None = None) -> set[str]:
        """Return which of these pictures no row names. The cost grows with the candidates, not with the store.

        ``loose``: the result of :meth:`loose`, if the caller asks many times.
        """
        left = set(candidates)
        async with self._database.connect() as connection:
            for column in (media.c.sha256, turn_media.c.sha256):
                for some in batched(left):
                    left -= set((await connection.execute(select(column).where(column.in_(some)))).scalars())
        if left and loose is None:
            loose = await self.loose()
        return left - (loose or set())

    async def loose(self) -> set[str]:
        """Return the pictures that may belong to no turn: those that wait for words, and those with an @name."""
        loose = select(messages.c.picture).where(messages.c.role == Role.LOOSE.value, messages.c.picture.is_not(None))
        async with self._database.connect() as connection:
            sent = (await connection.execute(loose)).scalars()
            kept = (await connection.execute(select(names.c.picture))).scalars()
            return named_in([*sent, *kept])

    async def of_messages(self) -> set[str]:
        """Return the pictures of all messages and @names."""
        async with self._database.connect() as connection:
            sent = (
                await connection.execute(select(messages.c.picture).where(messages.c.picture.is_not(None)))
            ).scalars()
            kept = (await connection.execute(select(names.c.picture))).scalars()
            return named_in([*sent, *kept])


def _fits(turn: Any, conversation_id: int) -> bool:
    return turn is not None and turn.answered and turn.conversation_id == conversation_id


def _lost(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column.is_not(None) & column.not_in(select(turns.c.id))


def _named(turn: Turn) -> set[str]:
    parked = parked_in(json.dumps(turn.reply)) if turn.reply else set()
    made = (turn.restored.picture,) if turn.restored else ()
    return parked | {ref.sha256 for ref in (*turn.painted, *media_of((*turn.pictures, *made)))}


def _is_json(written: str) -> bool:
    try:
        json.loads(written)
    except ValueError:
        return False
    return True

"""Deletes what is older than the operator keeps, or over the size that he keeps; oldest first, in small pieces.

Imports SQLAlchemy, ``belongings``, ``branches``, ``traces``, ``unused``, ``engine``, ``media``, ``records``, ``rows``,
``schema``, ``tables`` and ``waiting``. A turn goes when it and everything that goes on from it is old: what a kept turn
shows or needs, back to the first picture of its tree, stays whatever its age. A conversation with open work is left for
the next time. Pictures go last, when no row names them any more; a run that was cut short leaves them to the next one.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.care.belongings import SUMMED
from storage.care.branches import Branch, old_branches
from storage.care.traces import forget_left_updates, keep_sums
from storage.care.unused import Unused
from storage.care.waiting import size_of, still_kept, waiting_since
from storage.engine.database import Database
from storage.engine.faults import FaultKind, StorageFault
from storage.media.store import Media
from storage.records import Role
from storage.rows.ids import first_since, latest_true
from storage.rows.statements import IS_TO_DO, batched
from storage.schema import conversations, inbox, media, messages, steps, turn_media, turns
from storage.tables.inbox import OPEN

DAY_S = 24 * 3600.0

YOUNG_S = DAY_S
"""What is younger than this stays in any case."""

WINDOW, FEW = 500, 10
"""How many turns are looked at together: old ones, and those that go only until enough has gone."""

PIECE = 200
"""How many turns are deleted in one transaction at most."""

PAUSE_S = 0.02

PATIENCE = text("SET LOCAL lock_timeout = '500ms'")
"""On PostgreSQL a piece waits no longer for others, and gives way before its waiting could become a deadlock."""

NOTHING_ARRIVES = text("LOCK TABLE inbox IN SHARE MODE")
"""Until the piece is done: an update that arrives meanwhile may reply to what is being deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """What the operator keeps: turns of so many days, pictures of so many bytes; None for all."""

    days: float | None = None
    media_bytes: int | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing ever goes by itself."""
        return self.days is None and self.media_bytes is None

    @property
    def begins_at(self) -> float:
        """The time (Unix s) from which on turns are kept, where ``days`` says so; -inf where it does not."""
        return float("-inf") if self.days is None else time.time() - max(self.days * DAY_S, YOUNG_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """What went, or would go. ``media_bytes`` counts pictures that no other turn uses."""

    turns: int = 0
    pictures: int = 0
    media_bytes: int = 0

    def __add__(self, other: Gone) -> Gone:
        return Gone(
            turns=self.turns + other.turns,
            pictures=self.pictures + other.pictures,
            media_bytes=self.media_bytes + other.media_bytes,
        )


@dataclass(slots=True)
class _Tally:
    """What has gone so far."""

    gone: Gone = field(default_factory=Gone)

    def has_enough(self, window: _Window) -> bool:
        """Whether so many bytes have gone that the rest of a window may stay."""
        return self.gone.media_bytes >= window.enough_bytes


class _Window(NamedTuple):
    """A conversation with turns that were created before ``before`` (Unix s), with ids below ``until``.

    They go, ``most`` at a time, until ``enough_bytes`` have gone in all; infinite where all of them go.
    """

    conversation_id: int
    until: int
    before: float
    most: int
    enough_bytes: float


class Retention:
    """Deletes what is too old or too much. Only one process may do so at a time."""

    def __init__(self, database: Database, media_store: Media, unused: Unused) -> None:
        self._database = database
        self._media = media_store
        self._unused = unused

    async def run(self, keep: Keep) -> Gone:
        """Delete what ``keep`` does not keep; return what went. Raises: ``StorageFault``."""
        if keep.everything:
            return Gone()
        await self._unused.erase()
        tally = _Tally()
        if keep.days is not None:
            await self._date_anew()
            tally.gone += await self._drop_waiting(keep.begins_at)
            async with self._database.begin(fenced=False) as connection:
                await forget_left_updates(connection, keep.begins_at)
        async for window in self._windows(keep, tally):
            while not tally.has_enough(window) and (piece := await self._piece(window)):
                tally.gone += piece
                await asyncio.sleep(PAUSE_S)
        await self._unused.erase()
        await self._database.wipe_log()
        return tally.gone

    async def plan(self, keep: Keep) -> Gone:
        """Return what :meth:`run` would delete now, in turns with their pictures. Nothing is changed."""
        tally = _Tally()
        seen: set[int] = set()
        counted: set[str] = set()
        staying: set[str] | None = None
        if keep.days is not None:
            async with self._database.connect() as connection:
                waited = await waiting_since(connection, keep.begins_at)
            tally.gone += Gone(pictures=waited.pictures, media_bytes=waited.size_bytes)
            # Messages that would go by then keep no picture of a turn.
            staying = waited.staying
        async for window in self._windows(keep, tally):
            async with self._database.connect() as connection:
                if await _is_at_work(connection, window.conversation_id):
                    continue
                fresh = [one for one in await _old(connection, window, most=None) if one not in seen]
                while fresh and not tally.has_enough(window):
                    piece, fresh = fresh[: window.most], fresh[window.most :]
                    seen.update(piece)
                    pictures, size_bytes = await _alone(connection, piece, seen, counted, staying)
                    tally.gone += Gone(turns=len(piece), pictures=pictures, media_bytes=size_bytes)
        return tally.gone

    async def _windows(self, keep: Keep, tally: _Tally) -> AsyncIterator[_Window]:
        """Yield conversations with turns to delete, the oldest first: all that are old, then until enough has gone.

        The caller adds to ``tally`` what goes.
        """
        young_at, old_at = time.time() - YOUNG_S, keep.begins_at
        async with self._database.connect() as connection:
            young, old = [await _first_young(connection, at) for at in (young_at, old_at)]
            size = int((await connection.execute(select(func.coalesce(func.sum(media.c.size_bytes), 0)))).scalar_one())
        over = -1 if keep.media_bytes is None else size - keep.media_bytes
        parts = ((old, old_at, WINDOW, PIECE, float("inf")), (young, young_at, FEW, FEW, over))
        after = 0
        for last, before, width, most, enough_bytes in parts:
            while tally.gone.media_bytes < enough_bytes and (rows := await self._after(after, last, width)):
                after = rows[-1][0]
                for conversation_id in dict.fromkeys(of for _, of in rows):
                    yield _Window(conversation_id, after + 1, before, most, enough_bytes)
                await asyncio.sleep(PAUSE_S)

    async def _after(self, after: int, last: int, width: int) -> list[tuple[int, int]]:
        """Return the next turns below an id, each with its conversation."""
        query = select(turns.c.id, turns.c.conversation_id).where(turns.c.id > after, turns.c.id < last)
        async with self._database.connect() as connection:
            rows = (await connection.execute(query.order_by(turns.c.id).limit(width))).all()
        return [(row.id, row.conversation_id) for row in rows]

    async def _piece(self, window: _Window) -> Gone | None:
        """Delete some turns of a conversation; None if there are none, or if it is at work."""
        conversation_id = window.conversation_id
        try:
            async with self._database.begin(fenced=False) as connection:
                if connection.dialect.name == "postgresql":
                    await connection.execute(PATIENCE)
                    await connection.execute(NOTHING_ARRIVES)
                held = select(conversations.c.id).where(conversations.c.id == conversation_id)
                if (await connection.execute(held.with_for_update(skip_locked=True))).first() is None:
                    return None
                if await _is_at_work(connection, conversation_id):
                    return None
                if not (ids := await _old(connection, window, most=window.most)):
                    return None
                gone = await _delete(connection, conversation_id, ids)
        except StorageFault as fault:
            if fault.kind is FaultKind.UNREACHABLE and "lock timeout" in str(fault):
                return None
            raise
        await self._media.drop_raw_answers_of(ids)
        return gone

    async def _date_anew(self) -> None:
        """Let what a clock that ran ahead called next year grow old from now on. Turns have others around them."""
        until, now = latest_true(), time.time()
        async with self._database.begin(fenced=False) as connection:
            for table, column in ((media, "created_at"), (inbox, "received_at")):
                await connection.execute(update(table).where(table.c[column] > until).values({column: now}))

    async def _drop_waiting(self, before: float) -> Gone:
        """Delete pictures that have waited for words since before a time (Unix s); return what went."""
        async with self._database.connect() as connection:
            waited = await waiting_since(connection, before)
        for chat_id, message_id in waited.messages:
            this = (messages.c.chat_id == chat_id) & (messages.c.message_id == message_id)
            async with self._database.begin(fenced=False) as connection:
                await connection.execute(delete(messages).where(this, messages.c.role == Role.LOOSE.value))
        return Gone(pictures=waited.pictures, media_bytes=waited.size_bytes)


async def _is_at_work(connection: AsyncConnection, conversation_id: int) -> bool:
    """Return whether an update or a turn of a conversation is still to be done."""
    to_do = select(turns.c.id).where(turns.c.conversation_id == conversation_id, IS_TO_DO).limit(1)
    same = and_(inbox.c.chat_id == conversations.c.chat_id, inbox.c.topic_id == conversations.c.topic_id)
    arrived = select(inbox.c.update_id).join(conversations, same).where(conversations.c.id == conversation_id)
    waits = arrived.where(inbox.c.state.in_(OPEN)).limit(1)
    found = [(await connection.execute(query)).first() for query in (to_do, waits)]
    return any(row is not None for row in found)


async def _old(connection: AsyncConnection, window: _Window, most: int | None) -> list[int]:
    """Return old turns of a conversation, each before its parent."""
    this = turns.c.conversation_id == window.conversation_id
    query = select(turns.c.id, turns.c.parent_id, turns.c.set_id).where(this)
    rows = (await connection.execute(query.order_by(turns.c.id))).all()
    forest = [Branch(row.id, row.parent_id, row.set_id) for row in rows]
    # Versions of long ago moved an answer to another conversation, and left its parent where it was.
    child = turns.alias("child")
    elsewhere = this & (child.c.conversation_id != window.conversation_id)
    held_ids = select(turns.c.id).join(child, child.c.parent_id == turns.c.id).where(elsewhere)
    held = set((await connection.execute(held_ids)).scalars())
    while True:
        old = [one.id for one in old_branches(forest, window.until, held)][:most]
        young = await _young(connection, old, window.before)
        if not young:
            return old
        held |= young


async def _first_young(connection: AsyncConnection, at: float) -> int:
    """Return the lowest id of the turns that were created at a time (Unix s) or later, whatever their dates say.

    A turn came after those with lower ids. If one of these is young, it is young as well, though a clock that was
    behind for a time gave it an old date. Dates from a clock that ran ahead prove nothing.
    """
    until = await first_since(connection, turns, at)
    younger = select(func.min(turns.c.id)).where(turns.c.id < until, _is_since(at))
    return int((await connection.execute(younger)).scalar_one() or until)


def _is_since(at: float) -> ColumnElement[bool]:
    """Return whether a turn was created at a time (Unix s) or later, by a clock that did not run ahead.

    One from a clock that did is as old as those around it: by its own date it would stay for years.
    """
    return turns.c.created_at.between(at, latest_true())


async def _young(connection: AsyncConnection, ids: Sequence[int], before: float) -> set[int]:
    """Return turns that are young although older ids are not: a clock that was wrong for a time gave others a date."""
    found: set[int] = set()
    for some in batched(ids):
        young = select(turns.c.id).where(turns.c.id.in_(some), _is_since(before))
        found |= set((await connection.execute(young)).scalars())
    return found


async def _alone(
    connection: AsyncConnection,
    ids: Sequence[int],
    gone: Collection[int],
    counted: set[str],
    staying: set[str] | None = None,
) -> tuple[int, int]:
    """Return number and size of the pictures that only turns in ``gone`` use and ``counted`` does not have yet.

    ``staying``: the pictures that stay without a turn; None to look for them.
    """
    pictures: set[str] = set()
    for some in batched(ids):
        used = select(turn_media.c.sha256).where(turn_media.c.turn_id.in_(some))
        pictures |= set((await connection.execute(used)).scalars())
    for few in batched(pictures - counted):
        users = select(turn_media.c.sha256, turn_media.c.turn_id).where(turn_media.c.sha256.in_(few))
        pictures -= {row.sha256 for row in await connection.execute(users) if row.turn_id not in gone}
    fresh = pictures - counted - (await still_kept(connection, pictures) if staying is None else staying)
    counted |= fresh
    return len(fresh), await size_of(connection, fresh)


async def _delete(connection: AsyncConnection, conversation_id: int, ids: Sequence[int]) -> Gone:
    """Delete turns with all that belongs to them. Head and redo leave them."""
    pictures, size_bytes = await _alone(connection, ids, set(ids), set())
    for some in batched(ids):
        rows = (await connection.execute(select(*SUMMED).where(turns.c.id.in_(some)))).mappings().all()
        await keep_sums(connection, rows)
        for table in (steps, turn_media, messages):
            await connection.execute(delete(table).where(table.c.turn_id.in_(some)))
        await connection.execute(delete(turns).where(turns.c.id.in_(some)))
    this = conversations.c.id == conversation_id
    place = (await connection.execute(select(conversations.c.head_id, conversations.c.redo).where(this))).one()
    redo = [one for one in json.loads(place.redo) if abs(one) not in ids]
    head_id = None if place.head_id in ids else place.head_id
    await connection.execute(update(conversations).where(this).values(head_id=head_id, redo=json.dumps(redo)))
    return Gone(turns=len(ids), pictures=pictures, media_bytes=size_bytes)

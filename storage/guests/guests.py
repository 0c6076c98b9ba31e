"""Guests: whom an owner lets in or keeps out, and the wishes that wait for that decision.

Imports SQLAlchemy, ``values``, ``engine``, ``records``, ``rows``, ``schema`` and ``tables``. A wish that waits is its
updates in the inbox, in the state ``kept``: as Telegram sent them, with nothing downloaded. To admit a guest makes them
new again, in the transaction that decides. All decisions hold the guest's row, so the first one counts, whatever
process it comes from.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from sqlalchemy import bindparam, func, literal, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, now
from storage.engine.faults import again_after_deadlock
from storage.guests.values import Decided, Guest, Here, Question, Standing
from storage.records import Author, InboxRow, Key, Turn
from storage.rows.codec import Row, dumps, read_inbox, read_turn
from storage.rows.statements import UNANSWERED
from storage.rows.upsert import insert_or_pass
from storage.schema import UNFINISHED_SQL, Id, chats, conversations, guests, inbox, turns
from storage.tables.cancelling import cancel_batch
from storage.tables.inbox import DONE, KEPT, OPEN

MOST_KEPT = 20
"""The most updates that are kept of a guest: an album of ten, and edits."""

_OF = select(guests).where(guests.c.id.in_(bindparam("these", expanding=True)))
_HERE = select(chats.c.settings.label("of_chat"), guests).select_from(
    select(literal(1).label("one"))
    .subquery("here")
    .outerjoin(chats, chats.c.chat_id == bindparam("chat", type_=Id))
    .outerjoin(guests, guests.c.id.in_(bindparam("these", expanding=True)))
)
_ASKER = func.coalesce(turns.c.asker_id, turns.c.author_id)


class Announce(Protocol):
    """Notifies other processes, in a transaction, of turns that they must stop working on."""

    async def __call__(self, connection: AsyncConnection, turn_ids: Collection[int]) -> None: ...


class Guests:
    """Reads and changes the standing of guests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, *ids: int) -> dict[int, Guest]:
        """Return those of these people and groups about whom something is stored."""
        async with self._database.connect() as connection:
            rows = (await connection.execute(_OF, {"these": sorted(set(ids))})).mappings()
            return {row["id"]: _read(row) for row in rows}

    async def here(self, chat_id: int, author_id: int) -> Here:
        """Return what is known of a group and of somebody who speaks there, by one statement."""
        given = {"chat": chat_id, "these": sorted({chat_id, author_id})}
        async with self._database.connect() as connection:
            rows = (await connection.execute(_HERE, given)).mappings().all()
        found = {row["id"]: _read(row) for row in rows if row["id"] is not None}
        return Here(guests=found, settings=json.loads(rows[0]["of_chat"] or "{}"))

    async def ask(self, guest_id: int, name: str, language: str) -> Guest:
        """Store that an owner must decide about a guest; return the guest, as somebody may have decided already."""
        row = _row(guest_id, Standing.ASKED, name=name, language=language)
        async with self._database.begin() as connection:
            await connection.execute(insert_or_pass(guests, connection, guests.c.id), [row])
            return await _held(connection, guest_id) or _read(row)

    async def note_question(self, guest_id: int, question: Question) -> None:
        """Store which message asked an owner."""
        async with self._database.begin() as connection:
            if (guest := await _held(connection, guest_id)) is not None:
                asked = [[one.owner_id, one.message_id] for one in (*guest.questions, question)]
                await connection.execute(update(guests).where(guests.c.id == guest_id).values(questions=dumps(asked)))

    async def keep(self, guest_id: int, updates: Iterable[int]) -> bool:
        """Keep updates until an owner decides; False, changing nothing, if somebody has decided."""
        async with self._database.begin() as connection:
            guest = await _held(connection, guest_id)
            if guest is None or guest.standing is not Standing.ASKED:
                return False
            meant = inbox.c.update_id.in_(sorted(set(updates))) & (inbox.c.state == "new")
            await connection.execute(update(inbox).where(meant).values(state=KEPT))
            return True

    async def kept(self, guest_id: int) -> list[InboxRow]:
        """Return what is kept of a guest, by update."""
        async with self._database.connect() as connection:
            found = select(inbox).where(_kept_of(guest_id)).order_by(inbox.c.update_id).limit(MOST_KEPT)
            return [read_inbox(row) for row in (await connection.execute(found)).mappings()]

    async def note_told(self, guest_id: int) -> None:
        """Store that a guest was told; see ``Guest.told``."""
        async with self._database.begin() as connection:
            await connection.execute(update(guests).where(guests.c.id == guest_id).values(told=True))

    async def decide(
        self, guest_id: int, standing: Standing, by: Author, *, name: str = "", undecided: bool = False
    ) -> Decided | None:
        """Let a guest in or keep them out; with ``undecided`` only if nobody has decided yet.

        In the same transaction, what is kept of the guest becomes new, or ends. Return None, changing nothing, where
        ``undecided`` and the guest never asked.
        """
        async with self._database.begin() as connection:
            # A guest of whom nothing is stored begins as one who asks.
            row = _row(guest_id, Standing.ASKED, name=name)
            if not undecided:
                await connection.execute(insert_or_pass(guests, connection, guests.c.id), [row])
            guest = await _held(connection, guest_id)
            if guest is None:
                return None
            first = guest.standing is not standing and (guest.standing is Standing.ASKED or not undecided)
            if first:
                guest = await _decide(connection, guest, standing, by)
            keys = await _waiting(connection, guest_id) if guest.standing is Standing.ADMITTED else ()
            return Decided(guest=guest, first=first, keys=keys)

    @again_after_deadlock
    async def end_turns(self, guest_id: int, announce: Announce | None = None) -> list[int]:
        """Cancel the turns of a blocked guest that have no answer yet; return their ids.

        A repeat is a turn of the person who asked for it. Call it after the block is stored: a turn that is taken
        meanwhile finds the block when it begins. ``announce`` is called in the transaction.
        """
        theirs = or_(_ASKER.is_not_distinct_from(guest_id), turns.c.conversation_id.in_(_conversations_of(guest_id)))
        async with self._database.begin() as connection:
            found = (
                select(turns)
                .where(turns.c.state.in_(UNANSWERED), text(f"turns.{UNFINISHED_SQL}"), theirs)
                .order_by(turns.c.id)
            )
            ended: list[Turn] = [read_turn(row) for row in (await connection.execute(found)).mappings()]
            for turn in ended:
                await cancel_batch(connection, turn)
            if announce is not None and ended:
                await announce(connection, [turn.id for turn in ended])
        return [turn.id for turn in ended]


def _conversations_of(chat_id: int) -> Any:
    return select(conversations.c.id).where(conversations.c.chat_id == chat_id)


def _kept_of(guest_id: int) -> Any:
    return (inbox.c.state == KEPT) & (inbox.c.chat_id == guest_id)


async def _decide(connection: AsyncConnection, guest: Guest, standing: Standing, by: Author) -> Guest:
    decided = {"standing": standing.value, "by_id": by.id, "by_name": by.name, "told": False}
    await connection.execute(update(guests).where(guests.c.id == guest.id).values(decided))
    after = {"state": "new"} if standing is Standing.ADMITTED else DONE
    await connection.execute(update(inbox).where(_kept_of(guest.id)).values(after))
    return replace(guest, standing=standing, by=by, told=False)


async def _waiting(connection: AsyncConnection, chat_id: int) -> tuple[Key, ...]:
    found = select(inbox.c.topic_id).where(inbox.c.state.in_(OPEN), inbox.c.chat_id == chat_id).distinct()
    return tuple(Key(chat_id, topic_id) for topic_id in (await connection.execute(found)).scalars())


async def _held(connection: AsyncConnection, guest_id: int) -> Guest | None:
    """Lock the row of a guest until the transaction ends, and return it."""
    held = select(guests).where(guests.c.id == guest_id).with_for_update()
    row = (await connection.execute(held)).mappings().one_or_none()
    return _read(row) if row else None


def _row(guest_id: int, standing: Standing, *, name: str = "", language: str = "") -> Mapping[str, Any]:
    empty = {"told": False, "by_id": None, "by_name": "", "questions": "[]", "begun_at": now()}
    return {"id": guest_id, "standing": standing.value, "name": name, "language": language, **empty}


def _read(row: Row) -> Guest:
    return Guest(
        id=row["id"],
        standing=Standing(row["standing"]),
        name=row["name"],
        language=row["language"],
        told=row["told"],
        by=Author(id=row["by_id"], name=row["by_name"]) if row["by_id"] is not None else None,
        questions=tuple(Question(owner_id=one, message_id=other) for one, other in json.loads(row["questions"])),
    )

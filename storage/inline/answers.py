"""What is stored of wishes whose answers go into inline messages: where they go, and the copies that people keep.

Imports SQLAlchemy, ``engine``, ``media``, ``records``, ``rows``, ``schema``, ``inbox`` and ``media_rows``. The inline
message of an update stands in its payload, that of a turn in its options, so both go with the row. See
``bot.chat.inline`` for the whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, now
from storage.media.store import Media
from storage.records import INLINE, KEPT, InputPicture, Json, Key, MediaRef, Role, TurnState
from storage.rows.codec import Row, authors_of, dumps, media_of, picture_json
from storage.rows.lent import ELSEWHERE, take_names
from storage.rows.statements import UNFINISHED
from storage.rows.upsert import GoneMeanwhile, TurnMovedOn
from storage.schema import conversations, media, messages, turn_media, turns
from storage.schema import inbox as inbox_table
from storage.tables.inbox import KEPT as KEPT_UPDATE
from storage.tables.inbox import OPEN, finish_updates
from storage.tables.media_rows import link_media_to_turn

KEEP_LENT_S = 24 * 3600
"""How long the names of others' pictures are kept: as long as somebody may press Again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A picture that Telegram has: of the turn ``turn_id``, under its ``file_id``."""

    turn_id: int
    file_id: str


class InlineAnswers:
    """Reads and writes where the answers of inline conversations go."""

    def __init__(self, database: Database, media: Media) -> None:
        self._database = database
        self._media = media

    async def note(self, update_id: int, noted: Json, *, durable: bool = True) -> None:
        """Add members to the payload of an open update."""
        found = select(inbox_table.c.payload).where(inbox_table.c.update_id == update_id, inbox_table.c.state.in_(OPEN))
        async with self._database.begin(durable=durable) as connection:
            written = (await connection.execute(found.with_for_update())).scalar_one_or_none()
            if written is not None:
                payload = dumps({**json.loads(written), **noted})
                meant = inbox_table.c.update_id == update_id
                await connection.execute(update(inbox_table).where(meant).values(payload=payload))

    async def turn_of_update(self, update_id: int) -> int | None:
        """Return the turn that an update asked for; None where there is none, or after some days."""
        found = select(inbox_table.c.turn_id).where(inbox_table.c.update_id == update_id)
        async with self._database.connect() as connection:
            turn_id: int | None = (await connection.execute(found)).scalar_one_or_none()
        return turn_id

    async def conversation_at(self, inline_id: str) -> int | None:
        """Return the conversation whose answer goes into an inline message; None where no turn names it.

        Reads the options of all turns of inline conversations: only for a press that names a message of which its own
        turn knows nothing. A forger may press as often as they like, so it does not read the turns of all others.
        """
        named = select(turns.c.conversation_id).where(
            turns.c.conversation_id.in_(ELSEWHERE), turns.c.options.contains(f'"{inline_id}"', autoescape=True)
        )
        async with self._database.connect() as connection:
            found: int | None = (await connection.execute(named.limit(1))).scalar_one_or_none()
        return found

    async def waiting(self, person_id: int) -> tuple[list[Json], list[Json]]:
        """Return what a person waits for elsewhere: the options of turns not shown yet, and payloads of updates."""
        theirs = (conversations.c.chat_id == person_id) & (conversations.c.topic_id < 0)
        begun = (
            select(turns.c.options)
            .join(conversations, turns.c.conversation_id == conversations.c.id)
            .where(theirs, turns.c.state.in_(UNFINISHED))
        )
        called = (inbox_table.c.chat_id == person_id) & (inbox_table.c.topic_id < 0)
        stored = select(inbox_table.c.payload).where(called, inbox_table.c.state.in_((*OPEN, KEPT_UPDATE)))
        async with self._database.connect() as connection:
            options = [json.loads(one) for one in (await connection.execute(begun)).scalars()]
            return options, [json.loads(one) for one in (await connection.execute(stored)).scalars()]

    async def place(self, turn_id: int, changed: Json) -> None:
        """Change where the answer of a turn goes. Raises: ``TurnMovedOn`` for a deleted turn."""
        async with self._database.begin() as connection:
            found = select(turns.c.options).where(turns.c.id == turn_id).with_for_update()
            written = (await connection.execute(found)).scalar_one_or_none()
            if written is None:
                raise TurnMovedOn(turn_id)
            options = json.loads(written)
            placed = {**options, INLINE: {**options.get(INLINE, {}), **changed}}
            await connection.execute(update(turns).where(turns.c.id == turn_id).values(options=dumps(placed)))

    async def keep(self, turn_id: int, key: Key, pictures: Sequence[InputPicture], update_id: int, notice: Json) -> int:
        """Copy an answered turn into another conversation as a new root, where the next wish continues it.

        ``pictures``: those of its wish. A second call finds the first copy. The update that asked for it gets the
        ``notice``, with the copy as its turn. Return the copy. Raises: ``GoneMeanwhile`` for a deleted turn.
        """
        async with self._database.begin() as connection:
            row = (await connection.execute(select(turns).where(turns.c.id == turn_id))).mappings().one_or_none()
            here = select(conversations).where(
                conversations.c.chat_id == key.chat_id, conversations.c.topic_id == key.topic_id
            )
            held = (await connection.execute(here.with_for_update())).mappings().one_or_none()
            if row is None or held is None:
                raise GoneMeanwhile(f"turn {turn_id}")
            copies = select(turns.c.id).where(
                turns.c.conversation_id == held["id"], turns.c.retold_id == turn_id, turns.c.kind == KEPT
            )
            copy_id = (await connection.execute(copies.limit(1))).scalar_one_or_none()
            if copy_id is None:
                copy_id = await self._copy(connection, row, held, pictures)
            head = {"head_id": copy_id, "redo": dumps([held["head_id"]] if held["head_id"] else [])}
            await connection.execute(update(conversations).where(conversations.c.id == held["id"]).values(head))
            await finish_updates(connection, (update_id,), {**notice, "turn_id": copy_id})
            return int(copy_id)

    async def _copy(self, connection: AsyncConnection, row: Row, into: Row, pictures: Sequence[InputPicture]) -> int:
        options = {name: value for name, value in json.loads(row["options"]).items() if name != INLINE}
        new = {column.name: row[column.name] for column in turns.columns if column.name != "id"} | {
            "conversation_id": into["id"],
            "parent_id": None,
            "head_before": into["head_id"],
            "state": TurnState.DELIVERED.value,
            "kind": KEPT,
            "retold_id": row["id"],
            "set_id": None,
            "request_message_id": 0,
            "pictures": dumps([picture_json(picture) for picture in pictures]),
            "options": dumps(options),
            # What it cost stands in the turn that it copies.
            "usage": "{}",
            "cost_micro_usd": 0,
            "answered_at": None,
            "kept_back": None,
            "created_at": now(),
        }
        copy_id = int((await connection.execute(turns.insert().values(new).returning(turns.c.id))).scalar_one())
        answered = (
            select(media)
            .join(turn_media, turn_media.c.sha256 == media.c.sha256)
            .where(turn_media.c.turn_id == row["id"])
        )
        names = MediaRef.__slots__
        refs = [
            MediaRef(**{name: one[name] for name in names}) for one in (await connection.execute(answered)).mappings()
        ]
        await link_media_to_turn(connection, self._media, copy_id, [*media_of(pictures), *refs], authors_of(pictures))
        return copy_id

    async def newest_pictures(self, person_id: int, limit: int) -> list[Offered]:
        """Return the newest answers in a person's private chat whose pictures Telegram can show again by name."""
        own = (conversations.c.chat_id == person_id) & (conversations.c.topic_id >= 0)
        found = (
            select(messages.c.turn_id, messages.c.file_id, messages.c.picture)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                own,
                messages.c.role == Role.ANSWER.value,
                messages.c.file_id.is_not(None),
                messages.c.turn_id.is_not(None),
            )
            .order_by(messages.c.message_id.desc())
            .limit(2 * limit)
        )
        async with self._database.connect() as connection:
            rows = (await connection.execute(found)).all()
        # Results of inline queries cannot be hidden under a spoiler (Bot API, InlineQueryResultCachedPhoto).
        shown = [row for row in rows if row.picture and not json.loads(row.picture).get("covered")]
        each = {row.turn_id: Offered(turn_id=row.turn_id, file_id=row.file_id) for row in reversed(shown)}
        return [*reversed(each.values())][:limit]

    async def sweep(self) -> None:
        """Take the names of others' pictures from wishes that are a day old."""
        old = turns.c.created_at < now() - KEEP_LENT_S
        async with self._database.begin() as connection:
            await take_names(connection, old)

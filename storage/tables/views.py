"""Reads the tree for display: by number, as sketches without replies, a few turns at a time.

Imports SQLAlchemy, ``engine``, ``records``, ``rows`` and ``schema``. Numbers count the answered turns of a conversation
from 1, oldest first, and are the same everywhere. Each method reads a bounded amount, however long the conversation is;
of a whole path it reads only wishes and pictures.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence

from sqlalchemy import ColumnElement, Integer, bindparam, func, or_, select

from storage.engine.database import Database
from storage.records import Conversation, Sketch, Turn, TurnState
from storage.rows.codec import read_conversation, read_sketch, read_turn, read_turns
from storage.rows.spoken import COLUMNS, Spoken
from storage.rows.statements import PATH, UPWARDS, batched, path_of
from storage.schema import Id, conversations, media, turn_media, turns

PAGE = 8
"""How many whole turns are read at a time; one reply may take megabytes."""

_SKETCHED = tuple(
    turns.c[name] for name in ("id", "parent_id", "wish", "words", "pictures", "shown", "restored", "notes")
)


def _answered() -> ColumnElement[bool]:
    """Return the condition for the turns that have a number: answered, and not cancelled before that was shown."""
    stays = turns.c.reply.is_not(None) & (turns.c.state != TurnState.CANCELLED.value)
    return (turns.c.conversation_id == bindparam("conversation", type_=Id)) & stays


_COUNT = select(func.count()).where(_answered())
_NTH = select(turns).where(_answered()).order_by(turns.c.id).offset(bindparam("before", type_=Integer)).limit(1)
_NEWEST = (
    select(*_SKETCHED, func.count().over().label("total"))
    .where(_answered())
    .order_by(turns.c.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_NEXT = select(turns).where(_answered(), turns.c.id > bindparam("after", type_=Id)).order_by(turns.c.id).limit(PAGE)
_NUMBERED = (
    select(turns.c.id, func.row_number().over(order_by=turns.c.id).label("number")).where(_answered()).subquery()
)
_NUMBERS = select(_NUMBERED).where(_NUMBERED.c.id.in_(bindparam("these", expanding=True)))
_MEDIA_BYTES = select(func.coalesce(func.sum(media.c.size_bytes), 0)).where(
    media.c.sha256.in_(select(turn_media.c.sha256).join(turns, turns.c.id == turn_media.c.turn_id).where(_answered()))
)
_TEXT_LENGTH = select(
    func.coalesce(func.sum(func.length(turns.c.reply) + func.length(turns.c.wish) + func.length(turns.c.words)), 0)
).where(_answered())


_WHOLE_PATH = path_of(*(turns.c[name] for name in COLUMNS))
_SEEN = (
    select(*_SKETCHED)
    .join(UPWARDS, turns.c.id == UPWARDS.c.id)
    .where(or_(turns.c.shown != "[]", turns.c.pictures != "[]"))
)
_SEEN_LATELY = _SEEN.order_by(UPWARDS.c.depth).limit(bindparam("newest", type_=Integer))
_SEEN_FIRST = _SEEN.order_by(UPWARDS.c.depth.desc()).limit(1)


class Views:
    """Reads the tree for display."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of_chat(self, chat_id: int) -> list[Conversation]:
        """Return the conversations of a chat, one for each topic of a forum."""
        found = select(conversations).where(conversations.c.chat_id == chat_id).order_by(conversations.c.topic_id)
        async with self._database.connect() as connection:
            return [read_conversation(row) for row in (await connection.execute(found)).mappings()]

    async def head_of(self, conversation_id: int) -> int | None:
        """Return the turn that the next wish of a conversation continues; None also if it was deleted meanwhile."""
        found = select(conversations.c.head_id).where(conversations.c.id == conversation_id)
        async with self._database.connect() as connection:
            head_id: int | None = (await connection.execute(found)).scalar_one_or_none()
        return head_id

    async def was_repeated(self, turn: Turn) -> bool:
        """Return whether a turn was made once more, and that was not cancelled."""
        again = select(turns.c.id).where(
            turns.c.conversation_id == turn.conversation_id,
            turns.c.id > turn.id,
            turns.c.retold_id == turn.id,
            turns.c.kind == "again",
            turns.c.state != TurnState.CANCELLED.value,
        )
        async with self._database.connect() as connection:
            return (await connection.execute(again.limit(1))).first() is not None

    async def count(self, conversation_id: int) -> int:
        """Return the number of answered turns of a conversation."""
        async with self._database.connect() as connection:
            return int((await connection.execute(_COUNT, {"conversation": conversation_id})).scalar_one())

    async def numbered(self, conversation_id: int, number: int) -> Turn | None:
        """Return the turn with a number, or None."""
        if number < 1:
            return None
        asked = {"conversation": conversation_id, "before": number - 1}
        async with self._database.connect() as connection:
            row = (await connection.execute(_NTH, asked)).mappings().one_or_none()
        return read_turn(row) if row else None

    async def newest(self, conversation_id: int, limit: int) -> list[tuple[int, Sketch]]:
        """Return the newest answered turns of a conversation with their numbers, oldest first."""
        async with self._database.connect() as connection:
            found = await connection.execute(_NEWEST, {"conversation": conversation_id, "most": limit})
            rows = list(found.mappings())
        return [(row["total"] - back, read_sketch(row)) for back, row in reversed(list(enumerate(rows)))]

    async def numbers(self, conversation_id: int, turn_ids: Collection[int]) -> dict[int, int]:
        """Return the numbers of turns by id."""
        found: dict[int, int] = {}
        async with self._database.connect() as connection:
            for these in batched(turn_ids):
                rows = await connection.execute(_NUMBERS, {"conversation": conversation_id, "these": these})
                found.update((row.id, row.number) for row in rows)
        return found

    async def seen(self, turn_id: int | None, newest: int) -> list[Sketch]:
        """Return the turns with pictures up to ``turn_id``: the first one and the ``newest``, root first."""
        if turn_id is None:
            return []
        async with self._database.connect() as connection:
            first = (await connection.execute(_SEEN_FIRST, {"turn": turn_id})).mappings().one_or_none()
            found = await connection.execute(_SEEN_LATELY, {"turn": turn_id, "newest": newest})
            lately = [read_sketch(row) for row in found.mappings()][::-1]
        if first is None or first["id"] == lately[0].id:
            return lately
        return [read_sketch(first), *lately]

    async def whole_path(
        self, turn_id: int | None, whole: Callable[[Sequence[Spoken]], int] = lambda _: 0
    ) -> list[Turn | Spoken]:
        """Return all turns from the root to ``turn_id``, with their wishes and pictures.

        ``whole``: tells from these how many of the newest are needed with their replies.
        """
        if turn_id is None:
            return []
        # Both on one connection: to borrow one of PostgreSQL's takes as long as a small query.
        async with self._database.connect() as connection:
            # Fetching all rows at once takes a third less time than one by one, through the wrappers of asyncio.
            path = list(map(Spoken._make, (await connection.execute(_WHOLE_PATH, {"turn": turn_id})).all()))
            if not (newest := whole(path)):
                return [*path]
            found = await connection.execute(PATH, {"turn": turn_id, "most": newest})
            return [*path[:-newest], *await read_turns(found.mappings().all())]

    async def size_bytes(self, conversation_id: int) -> int:
        """Return the approximate size of a conversation's answered turns, pictures and texts, without reading them."""
        asked = {"conversation": conversation_id}
        async with self._database.connect() as connection:
            pictures = (await connection.execute(_MEDIA_BYTES, asked)).scalar_one()
            return int(pictures) + int((await connection.execute(_TEXT_LENGTH, asked)).scalar_one())

    async def pages(self, conversation_id: int, *, after: int = 0) -> AsyncIterator[list[Turn]]:
        """Yield the answered turns of a conversation after the id ``after``, oldest first, :data:`PAGE` at a time."""
        while True:
            async with self._database.connect() as connection:
                found = await connection.execute(_NEXT, {"conversation": conversation_id, "after": after})
                page = await read_turns(found.mappings().all())
            if not page:
                return
            yield page
            after = page[-1].id

"""Links Telegram messages to turns and pictures.

Imports SQLAlchemy, ``engine``, ``media``, ``records``, ``rows``, ``schema``, ``inbox`` and ``media_rows``. With a link,
a reply finds the turn and picture of any message, also after years.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy import bindparam, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, now
from storage.media.store import Media
from storage.records import Key, MessageLink, Role
from storage.rows.codec import media_of, read_link, write_link
from storage.rows.upsert import GoneMeanwhile, insert_beside
from storage.schema import conversations, inbox, messages, turns
from storage.tables.inbox import OPEN, check_updates, use_updates
from storage.tables.media_rows import enter_media

MEANING = ("conversation_id", "turn_id", "role", "picture", "file_id", "album", "author_id")

_FIND = select(messages).where(messages.c.chat_id == bindparam("chat"), messages.c.message_id == bindparam("message"))
_OF_TURN = (
    select(messages)
    .where(messages.c.turn_id == bindparam("turn"), messages.c.role == bindparam("as_role"))
    .order_by(messages.c.message_id)
)
_LATER = select(messages.c.message_id).where(
    messages.c.chat_id == bindparam("chat"),
    messages.c.message_id > bindparam("message"),
    messages.c.turn_id.is_distinct_from(bindparam("turn")),
)
_WAITING = select(inbox.c.update_id).where(
    inbox.c.chat_id == bindparam("chat"), inbox.c.topic_id == bindparam("topic"), inbox.c.state.in_(OPEN)
)
_FOLLOWED = select(literal(1)).where(or_(_LATER.exists(), _WAITING.exists()))

WAITS_S = 3600.0
"""How long a picture waits for words."""

_LOOSE = (
    select(messages)
    .where(messages.c.conversation_id == bindparam("conversation"), messages.c.role == Role.LOOSE.value)
    .order_by(messages.c.message_id)
)


async def save_links(connection: AsyncConnection, conversation_id: int, links: Iterable[MessageLink]) -> None:
    """Write links within a running transaction, replacing existing ones.

    Links whose turn was deleted meanwhile are left out. Raises: ``GoneMeanwhile`` for waiting pictures whose
    conversation was deleted.
    """
    rows = [write_link(link, conversation_id) for link in links]
    if of_turns := [row for row in rows if row["turn_id"] is not None]:
        # The turn may be in another conversation by now, because two can be merged.
        taken = {"conversation_id": turns.c.conversation_id}
        await connection.execute(insert_beside(messages, connection, turns.c.id, "turn_id", MEANING, taken), of_turns)
    for row in (row for row in rows if row["turn_id"] is None):
        waits = insert_beside(messages, connection, conversations.c.id, "conversation_id", MEANING)
        if not (await connection.execute(waits, row)).rowcount:
            raise GoneMeanwhile(f"conversation {conversation_id}")


async def save_new_links(connection: AsyncConnection, conversation_id: int, links: Iterable[MessageLink]) -> None:
    """Write links without a turn within a running transaction.

    Left out are those of messages that have a link, and all where the conversation was deleted meanwhile.
    """
    statement = insert_beside(messages, connection, conversations.c.id, "conversation_id", ())
    for link in links:
        await connection.execute(statement, write_link(link, conversation_id))


async def end_waiting(
    connection: AsyncConnection, conversation_id: int, *, before: int | None = None, author_id: int | None = None
) -> int:
    """End the waiting of pictures, within a running transaction; return how many waited.

    ``before``: only those of messages before this one. ``author_id``: only those of this person.
    """
    await hold_conversation(connection, conversation_id)
    found = await connection.execute(_LOOSE.with_for_update(), {"conversation": conversation_id})
    waiting = [
        link
        for link in map(read_link, found.mappings())
        if _waits(link, author_id) and (before is None or link.message_id < before)
    ]
    await save_links(connection, conversation_id, [replace(link, waits_until=0.0) for link in waiting])
    return sum(not link.asks for link in waiting)


async def hold_conversation(connection: AsyncConnection, conversation_id: int) -> None:
    """Lock a conversation against deletion, before media and messages are locked: see ``upsert``."""
    held = select(conversations.c.id).where(conversations.c.id == conversation_id)
    await connection.execute(held.with_for_update(read=True, key_share=True))


def sender_of(link: MessageLink) -> int | None:
    """Return for whose words a picture waits in a group: those of who sent it, though it may be somebody else's.

    None where that is not known.
    """
    return link.waits_for or (link.picture.author_id if link.picture else None)


def _waits(link: MessageLink, author_id: int | None) -> bool:
    """Return whether a picture, or the question about it, still waits for a person's words; None for anybody's."""
    return (link.waits_until or 0.0) > now() and author_id in (None, sender_of(link))


class Messages:
    """Reads and writes the links of messages."""

    def __init__(self, database: Database, media: Media) -> None:
        self._database = database
        self._media = media

    async def find(self, chat_id: int, message_id: int) -> MessageLink | None:
        """Return the link of a message, or None."""
        async with self._database.connect() as connection:
            found = await connection.execute(_FIND, {"chat": chat_id, "message": message_id})
            row = found.mappings().one_or_none()
        return read_link(row) if row else None

    async def of_turn(self, turn_id: int, role: Role) -> list[MessageLink]:
        """Return the messages of a turn in order."""
        async with self._database.connect() as connection:
            found = await connection.execute(_OF_TURN, {"turn": turn_id, "as_role": role.value})
            return [read_link(row) for row in found.mappings()]

    async def is_followed(self, key: Key, message_id: int, turn_id: int) -> bool:
        """Return whether a message of another turn, or of none, is known after this one of a turn, or waits."""
        values = {"chat": key.chat_id, "topic": key.topic_id, "message": message_id, "turn": turn_id}
        async with self._database.connect() as connection:
            return (await connection.execute(_FOLLOWED, values)).first() is not None

    async def with_pictures(self, conversation_id: int) -> list[MessageLink]:
        """Return the messages of a conversation's turns that show a picture, in order."""
        found = select(messages).where(
            messages.c.conversation_id == conversation_id,
            messages.c.turn_id.is_not(None),
            messages.c.picture.is_not(None),
        )
        async with self._database.connect() as connection:
            rows = (await connection.execute(found.order_by(messages.c.message_id))).mappings()
            return [link for link in map(read_link, rows) if link.picture]

    async def newest_sent(self, conversation_id: int, most: int) -> list[MessageLink]:
        """Return the messages by which people sent the newest pictures of a conversation, at most ``most``."""
        found = select(messages).where(
            messages.c.conversation_id == conversation_id,
            messages.c.role != Role.ANSWER.value,
            messages.c.picture.is_not(None),
        )
        async with self._database.connect() as connection:
            rows = (await connection.execute(found.order_by(messages.c.message_id.desc()).limit(most))).mappings()
            return [link for link in map(read_link, rows) if link.picture]

    async def loose(self, conversation_id: int) -> list[MessageLink]:
        """Return the pictures that no wish has used, whether they still wait or not, in order."""
        async with self._database.connect() as connection:
            found = await connection.execute(_LOOSE, {"conversation": conversation_id})
            return [read_link(row) for row in found.mappings()]

    async def waiting_pictures(self, conversation_id: int, author_id: int | None = None) -> list[MessageLink]:
        """Return the pictures that the next wish will use, and the questions about them, in order.

        ``author_id``: only those of this person.
        """
        return [link for link in await self.loose(conversation_id) if _waits(link, author_id)]

    async def end_waiting(
        self, conversation_id: int, author_id: int | None = None, *, before: int | None = None
    ) -> int:
        """End the waiting of pictures; return how many waited. A reply to one of them still uses it.

        ``author_id``: only those of this person. ``before``: only those of messages before this one.
        """
        async with self._database.begin() as connection:
            return await end_waiting(connection, conversation_id, before=before, author_id=author_id)

    async def album(self, chat_id: int, album: str) -> MessageLink | None:
        """Return the first known message of an album, or None."""
        found = select(messages).where(messages.c.chat_id == chat_id, messages.c.album == album)
        async with self._database.connect() as connection:
            row = (await connection.execute(found.order_by(messages.c.message_id).limit(1))).mappings().first()
        return read_link(row) if row else None

    async def save(
        self, conversation_id: int, links: Sequence[MessageLink], updates: Iterable[int] = (), *, of: Iterable[int] = ()
    ) -> None:
        """Write links, and mark ``updates`` as done. ``of``: the updates that bring the links, if these stay open.

        Pictures without a turn wait for :data:`WAITS_S`, unless their links say how long. Raises: ``GoneMeanwhile`` if
        the conversation or one of the updates was deleted meanwhile.
        """
        until = now() + WAITS_S
        links = [
            replace(link, waits_until=until) if link.role is Role.LOOSE and link.waits_until is None else link
            for link in links
        ]
        # The pictures of a turn are stored with it; those of waiting pictures are stored here.
        loose = [link.picture for link in links if link.picture and link.role is Role.LOOSE]
        async with self._database.begin() as connection:
            await hold_conversation(connection, conversation_id)
            await enter_media(connection, self._media, media_of(loose))
            await save_links(connection, conversation_id, links)
            await check_updates(connection, of)
            await use_updates(connection, updates)

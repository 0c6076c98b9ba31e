"""What Telegram's messages mean in the tree, and the chats themselves.

Imports its siblings and SQLAlchemy. A reply to any message finds its turn and picture here, also after years.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.codec import Row, media_of, read_link, write_link
from storage.database import Database, now
from storage.erasing import enter_media
from storage.inbox import use_updates
from storage.media import Media
from storage.records import BEFORE_MOVE, Chat, MessageLink, Role
from storage.schema import chats, conversations, inbox, messages, names, turns
from storage.settings import Change, change_settings
from storage.writing import Overtaken, insert_beside, insert_into, insert_or_pass

IDS_MOVED = "ids_moved"
"""Noted among what a group chose: its messages' ids were moved out of the way when it became a supergroup."""

MEANING = ("conversation_id", "turn_id", "role", "picture", "file_id", "album", "author_id")

_FIND = select(messages).where(messages.c.chat_id == bindparam("chat"), messages.c.message_id == bindparam("message"))
_OF_TURN = (
    select(messages)
    .where(messages.c.turn_id == bindparam("turn"), messages.c.role == bindparam("as_role"))
    .order_by(messages.c.message_id)
)
WAITS_S = 3600.0
"""How long a picture waits for words by itself."""

_LOOSE = (
    select(messages)
    .where(messages.c.conversation_id == bindparam("conversation"), messages.c.role == Role.LOOSE.value)
    .order_by(messages.c.message_id)
)


async def save_links(connection: AsyncConnection, conversation_id: int, links: Iterable[MessageLink]) -> None:
    """Write links within a running transaction; a message that is known gets its new meaning.

    One whose turn was forgotten meanwhile is left out. Raises: ``Overtaken`` for pictures that would wait in a
    conversation that was.
    """
    rows = [write_link(link, conversation_id) for link in links]
    if of_turns := [row for row in rows if row["turn_id"] is not None]:
        # A turn may be in another conversation by now, since two of them can become one.
        taken = {"conversation_id": turns.c.conversation_id}
        await connection.execute(insert_beside(messages, connection, turns.c.id, "turn_id", MEANING, taken), of_turns)
    for row in (row for row in rows if row["turn_id"] is None):
        waits = insert_beside(messages, connection, conversations.c.id, "conversation_id", MEANING)
        if not (await connection.execute(waits, row)).rowcount:
            raise Overtaken(f"conversation {conversation_id}")


async def end_waiting(
    connection: AsyncConnection, conversation_id: int, *, before: int | None = None, author_id: int | None = None
) -> int:
    """Let pictures wait for words no longer, within a running transaction; return how many did.

    ``before``: only those of messages before this one. ``author_id``: only what this person sent.
    """
    found = await connection.execute(_LOOSE.with_for_update(), {"conversation": conversation_id})
    waiting = [
        link
        for link in map(read_link, found.mappings())
        if _waits(link, author_id) and (before is None or link.message_id < before)
    ]
    await save_links(connection, conversation_id, [replace(link, waits_until=0.0) for link in waiting])
    return sum(not link.asks for link in waiting)


def _waits(link: MessageLink, author_id: int | None) -> bool:
    """Tell whether a picture, or the question about it, still waits for somebody's words; None for anybody's."""
    sender = link.picture.author_id if link.picture else None
    return (link.waits_until or 0.0) > now() and author_id in (None, sender)


class Messages:
    """Message ids to turns and pictures."""

    def __init__(self, database: Database, store: Media) -> None:
        self._database = database
        self._media = store

    async def find(self, chat_id: int, message_id: int) -> MessageLink | None:
        """Return what a message means, or None for one that means nothing here."""
        async with self._database.connect() as connection:
            found = await connection.execute(_FIND, {"chat": chat_id, "message": message_id})
            row = found.mappings().one_or_none()
        return read_link(row) if row else None

    async def of_turn(self, turn_id: int, role: Role) -> list[MessageLink]:
        """Return the messages of a turn, in their order."""
        async with self._database.connect() as connection:
            found = await connection.execute(_OF_TURN, {"turn": turn_id, "as_role": role.value})
            return [read_link(row) for row in found.mappings()]

    async def loose(self, conversation_id: int) -> list[MessageLink]:
        """Return the pictures that no wish has used, whether they still wait for one, in their order."""
        async with self._database.connect() as connection:
            found = await connection.execute(_LOOSE, {"conversation": conversation_id})
            return [read_link(row) for row in found.mappings()]

    async def waiting(self, conversation_id: int, author_id: int | None = None) -> list[MessageLink]:
        """Return the pictures that the next words will speak of, and the questions about them, in their order.

        ``author_id``: those of one person, where several write.
        """
        return [link for link in await self.loose(conversation_id) if _waits(link, author_id)]

    async def end_waiting(
        self, conversation_id: int, author_id: int | None = None, *, before: int | None = None
    ) -> int:
        """Let pictures wait for words no longer; return how many did. A reply to one of them still finds it.

        ``author_id``: only what one person sent. ``before``: only those of messages before this one.
        """
        async with self._database.begin() as connection:
            return await end_waiting(connection, conversation_id, before=before, author_id=author_id)

    async def album(self, chat_id: int, album: str) -> MessageLink | None:
        """Return the first message of an album that is known, None when none of it is."""
        found = select(messages).where(messages.c.chat_id == chat_id, messages.c.album == album)
        async with self._database.connect() as connection:
            row = (await connection.execute(found.order_by(messages.c.message_id).limit(1))).mappings().first()
        return read_link(row) if row else None

    async def save(self, conversation_id: int, links: Sequence[MessageLink], updates: Iterable[int] = ()) -> None:
        """Write links, and mark the updates from which they come as done.

        Pictures without a turn wait from now on, where the links do not say until when. Raises: ``Overtaken`` where the
        conversation was forgotten, or the updates were ended, meanwhile.
        """
        until = now() + WAITS_S
        links = [
            replace(link, waits_until=until) if link.role is Role.LOOSE and link.waits_until is None else link
            for link in links
        ]
        # A turn names its own pictures; what waits for words is named by its message alone.
        loose = [link.picture for link in links if link.picture and link.role is Role.LOOSE]
        async with self._database.begin() as connection:
            await enter_media(connection, self._media, media_of(loose))
            await save_links(connection, conversation_id, links)
            await use_updates(connection, updates)


class Chats:
    """Chats as a whole: greeted once, active or not, and where they moved."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seen(self, chat_id: int, kind: str, title: str) -> None:
        """Note a chat, or its new title."""
        row = {"chat_id": chat_id, "kind": kind, "title": title, "active": True, "settings": "{}"}
        async with self._database.begin() as connection:
            statement = insert_into(chats, connection).values(row)
            changed = {"kind": kind, "title": row["title"], "active": True}
            await connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=changed))

    async def claim_greeting(self, chat_id: int) -> bool:
        """Return True to the first who asks, whatever the order of Telegram's updates."""
        claimed = update(chats).where(chats.c.chat_id == chat_id, chats.c.greeted_at.is_(None))
        async with self._database.begin() as connection:
            return bool((await connection.execute(claimed.values(greeted_at=now()))).rowcount)

    async def find(self, chat_id: int) -> Chat | None:
        """Return a chat, or None."""
        async with self._database.connect() as connection:
            found = select(chats).where(chats.c.chat_id == chat_id)
            row = (await connection.execute(found)).mappings().one_or_none()
        return _read_chat(row) if row else None

    async def change(self, chat_id: int, change: Change) -> Mapping[str, Any]:
        """Change what a chat chose for all its conversations; return what it chose by now.

        ``change`` gets what holds at that moment, whoever changed it last, and returns what shall hold.
        """
        row = {"chat_id": chat_id, "kind": "group", "title": "", "active": True, "settings": "{}"}
        async with self._database.begin() as connection:
            await connection.execute(insert_or_pass(chats, connection), [row])
            return await change_settings(connection, chats, chats.c.chat_id == chat_id, change)

    async def choose(self, chat_id: int, name: str, value: Any) -> None:
        """Keep something that holds for all conversations of a chat, None for nothing; what else is kept stays."""

        def chosen(settings: Mapping[str, Any]) -> Mapping[str, Any]:
            return {key: one for key, one in {**settings, name: value}.items() if one is not None}

        await self.change(chat_id, chosen)

    async def set_active(self, chat_id: int, active: bool) -> None:
        """Note that the bot may, or may no longer, write in a chat."""
        async with self._database.begin() as connection:
            values = {"active": active, **({} if active else {"greeted_at": None})}
            await connection.execute(update(chats).where(chats.c.chat_id == chat_id).values(values))

    async def migrate(self, old_id: int, new_id: int) -> None:
        """Carry a group's conversations over to the supergroup that it became, in one transaction.

        Message ids start anew there, so the old ones are moved out of the way (:data:`records.BEFORE_MOVE`). May be
        called twice, in either order of Telegram's two service messages.
        """
        if old_id == new_id:
            return
        async with self._database.begin() as connection:
            await _carry_over(connection, old_id, new_id)
            await _move_ids(connection, old_id, new_id)
            for table in (conversations, inbox):
                await _rekey(connection, table, old_id, new_id)

    async def moved_to(self, chat_id: int) -> set[int]:
        """Return the groups that became a supergroup."""
        async with self._database.connect() as connection:
            found = select(chats.c.chat_id).where(chats.c.moved_to == chat_id)
            return set((await connection.execute(found)).scalars())

    async def mend_moves(self) -> None:
        """Move the ids of wishes out of the way in supergroups to which an earlier version moved a group.

        It left them as they were, so each now names a stranger's message. Done once for each move.
        """
        async with self._database.begin() as connection:
            moves = select(chats.c.chat_id, chats.c.moved_to, chats.c.settings).where(chats.c.moved_to.is_not(None))
            for move in (await connection.execute(moves.with_for_update())).all():
                settings = json.loads(move.settings)
                if not settings.get(IDS_MOVED):
                    await _mend_ids(connection, move.moved_to)
                    marked = json.dumps({**settings, IDS_MOVED: True})
                    await connection.execute(
                        update(chats).where(chats.c.chat_id == move.chat_id).values(settings=marked)
                    )


async def _carry_over(connection: AsyncConnection, old_id: int, new_id: int) -> None:
    """Close the old chat; the new one has its choices, and was greeted if the old one was."""
    # Also of a group of which nothing was noted yet it must be known what it became.
    await _settings(connection, {"chat_id": old_id, "kind": "group", "title": "", "active": False})
    old = (await connection.execute(select(chats).where(chats.c.chat_id == old_id))).mappings().one()
    chosen = {name: value for name, value in json.loads(old["settings"]).items() if name != IDS_MOVED}
    moved = {"moved_to": new_id, "active": False, "settings": json.dumps({**chosen, IDS_MOVED: True})}
    await connection.execute(update(chats).where(chats.c.chat_id == old_id).values(moved))
    new = {"chat_id": new_id, "kind": "supergroup", "active": True, "title": old["title"]}
    # What the new chat chose by itself wins.
    settings = {**chosen, **await _settings(connection, new)}
    kept = {
        "greeted_at": func.coalesce(chats.c.greeted_at, old["greeted_at"]),
        "settings": json.dumps(settings),
    }
    await connection.execute(update(chats).where(chats.c.chat_id == new_id).values(kept))


async def _settings(connection: AsyncConnection, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a chat chose, which nobody else changes before the transaction ends; make its row if need be."""
    made = insert_into(chats, connection).values({**row, "settings": "{}"})
    await connection.execute(made.on_conflict_do_nothing())
    found = select(chats.c.settings).where(chats.c.chat_id == row["chat_id"]).with_for_update()
    return dict(json.loads((await connection.execute(found)).scalar_one()))


async def _move_ids(connection: AsyncConnection, old_id: int, new_id: int) -> None:
    """Give the messages of the old chat ids that no message of the new one has."""
    moved = {"chat_id": new_id, "message_id": messages.c.message_id + BEFORE_MOVE}
    await connection.execute(update(messages).where(messages.c.chat_id == old_id).values(moved))
    of_old = turns.c.conversation_id.in_(select(conversations.c.id).where(conversations.c.chat_id == old_id))
    request = turns.c.request_message_id + BEFORE_MOVE
    await connection.execute(update(turns).where(of_old).values(request_message_id=request))


async def _mend_ids(connection: AsyncConnection, chat_id: int) -> None:
    """Move the ids of wishes that came before a supergroup's first one, and those of their repeats later on.

    A wish of the supergroup itself stands among its messages as a request; earlier versions deleted those of the group.
    """
    here = select(conversations.c.id).where(conversations.c.chat_id == chat_id)
    known = select(messages.c.message_id).where(
        messages.c.chat_id == chat_id,
        messages.c.role == Role.REQUEST.value,
        messages.c.message_id == turns.c.request_message_id,
    )
    first = (
        select(func.min(messages.c.turn_id))
        .where(messages.c.chat_id == chat_id, messages.c.role == Role.REQUEST.value, messages.c.message_id > 0)
        .scalar_subquery()
    )
    before = or_(first.is_(None), turns.c.id < first, ~known.exists())
    lost = update(turns).where(turns.c.conversation_id.in_(here), turns.c.request_message_id > 0, before)
    await connection.execute(lost.values(request_message_id=turns.c.request_message_id + BEFORE_MOVE))


async def _rekey(connection: AsyncConnection, table: Any, old_id: int, new_id: int) -> None:
    if table is conversations:
        taken = select(conversations.c.id, conversations.c.topic_id).where(conversations.c.chat_id == new_id)
        for row in (await connection.execute(taken)).all():
            older = select(conversations.c.id).where(
                conversations.c.chat_id == old_id, conversations.c.topic_id == row.topic_id
            )
            old = (await connection.execute(older)).scalar_one_or_none()
            if old is not None:
                await _merge(connection, into=old, empty=row.id)
    await connection.execute(update(table).where(table.c.chat_id == old_id).values(chat_id=new_id))


async def _merge(connection: AsyncConnection, *, into: int, empty: int) -> None:
    """Give everything of a conversation that began too early under the new id to the old one, which has the history."""
    # Of two pictures with one name the later one keeps it, as ever.
    later = select(names.c.name).where(names.c.conversation_id == empty)
    await connection.execute(delete(names).where(names.c.conversation_id == into, names.c.name.in_(later)))
    for table in (turns, messages, names):
        moved = update(table).where(table.c.conversation_id == empty).values(conversation_id=into)
        await connection.execute(moved)
    head = (await connection.execute(select(conversations.c.head_id).where(conversations.c.id == empty))).scalar_one()
    await connection.execute(delete(conversations).where(conversations.c.id == empty))
    if head is not None:
        await connection.execute(update(conversations).where(conversations.c.id == into).values(head_id=head))


def _read_chat(row: Row) -> Chat:
    return Chat(
        chat_id=row["chat_id"],
        kind=row["kind"],
        title=row["title"],
        active=row["active"],
        greeted=row["greeted_at"] is not None,
        settings=json.loads(row["settings"]),
        moved_to=row["moved_to"],
    )

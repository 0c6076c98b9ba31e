"""Chats: their settings, and the move of a group to a supergroup.

Imports SQLAlchemy, ``books``, ``engine``, ``records``, ``rows``, ``schema`` and ``inbox``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.keeping import move_group
from storage.engine.database import Database, now
from storage.engine.faults import again_after_deadlock
from storage.records import BEFORE_MOVE, Role
from storage.rows.codec import Row
from storage.rows.settings import Change, change_settings
from storage.rows.upsert import insert_into, insert_or_pass
from storage.schema import chats, conversations, guests, inbox, messages, names, turns
from storage.tables.inbox import DONE, KEPT

MOVES = 5
"""How often a move begins anew because a conversation began meanwhile in the supergroup."""

IDS_MOVED = "ids_moved"
"""A flag in the settings of a group: its message ids were changed when it became a supergroup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat with all its topics. ``greeted``: the one greeting was sent. ``active``: the bot may write there.

    ``moved_to``: the supergroup that a group became.
    """

    chat_id: int
    kind: str
    title: str
    active: bool
    greeted: bool
    settings: Mapping[str, Any] = field(default_factory=dict)
    moved_to: int | None = None


class Chats:
    """Reads and writes chats."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def seen(self, chat_id: int, kind: str, title: str) -> None:
        """Store a chat, or its new title."""
        row = {"chat_id": chat_id, "kind": kind, "title": title, "active": True, "settings": "{}"}
        async with self._database.begin() as connection:
            statement = insert_into(chats, connection).values(row)
            changed = {"kind": kind, "title": row["title"], "active": True}
            await connection.execute(statement.on_conflict_do_update(index_elements=["chat_id"], set_=changed))

    async def claim_greeting(self, chat_id: int) -> bool:
        """Return True to the first caller only, whatever the order of Telegram's updates."""
        claimed = update(chats).where(chats.c.chat_id == chat_id, chats.c.greeted_at.is_(None))
        async with self._database.begin() as connection:
            return bool((await connection.execute(claimed.values(greeted_at=now()))).rowcount)

    async def find(self, chat_id: int) -> Chat | None:
        async with self._database.connect() as connection:
            found = select(chats).where(chats.c.chat_id == chat_id)
            row = (await connection.execute(found)).mappings().one_or_none()
        return _read_chat(row) if row else None

    async def change(self, chat_id: int, change: Change) -> Mapping[str, Any]:
        """Change the settings for all conversations of a chat; return the new ones.

        ``change`` gets the current settings and returns the new ones.
        """
        row = {"chat_id": chat_id, "kind": "group", "title": "", "active": True, "settings": "{}"}
        async with self._database.begin() as connection:
            await connection.execute(insert_or_pass(chats, connection), [row])
            return await change_settings(connection, chats, chats.c.chat_id == chat_id, change)

    async def choose(self, chat_id: int, name: str, value: Any) -> None:
        """Set one setting for all conversations of a chat, or remove it by None."""

        def chosen(settings: Mapping[str, Any]) -> Mapping[str, Any]:
            return {key: one for key, one in {**settings, name: value}.items() if one is not None}

        await self.change(chat_id, chosen)

    async def set_active(self, chat_id: int, active: bool) -> None:
        """Note whether the bot may write in a chat."""
        async with self._database.begin() as connection:
            values = {"active": active, **({} if active else {"greeted_at": None})}
            await connection.execute(update(chats).where(chats.c.chat_id == chat_id).values(values))

    @again_after_deadlock
    async def migrate(self, old_id: int, new_id: int) -> None:
        """Move a group's conversations to the supergroup that it became, in one transaction.

        Message ids start again there, so the old ones are changed (:data:`records.BEFORE_MOVE`). May be called twice,
        because Telegram sends two service messages in any order.
        """
        if old_id == new_id:
            return
        for _ in range(MOVES):
            with suppress(IntegrityError):
                await self._migrate(old_id, new_id)
                return
            # News of the supergroup began a conversation there meanwhile; now it is seen.
        await self._migrate(old_id, new_id)

    async def _migrate(self, old_id: int, new_id: int) -> None:
        async with self._database.begin() as connection:
            held = await _hold(connection, old_id, new_id)
            await _move_ids(connection, old_id, new_id)
            await _merge_all(connection, old_id, new_id, held)
            await _carry_over(connection, old_id, new_id)
            await _move_guest(connection, old_id, new_id)
            await connection.execute(update(inbox).where(inbox.c.chat_id == old_id).values(chat_id=new_id))
            await move_group(connection, old_id, new_id)

    async def moved_to(self, chat_id: int) -> set[int]:
        """Return the groups that became this supergroup."""
        async with self._database.connect() as connection:
            found = select(chats.c.chat_id).where(chats.c.moved_to == chat_id)
            return set((await connection.execute(found)).scalars())

    async def mend_moves(self) -> None:
        """Change the message ids of wishes in supergroups to which an earlier version moved a group.

        That version left them unchanged, so each names an unrelated message now. Runs once for each move.
        """
        async with self._database.begin() as connection:
            moves = select(chats.c.chat_id, chats.c.moved_to, chats.c.settings).where(chats.c.moved_to.is_not(None))
            await _hold(connection, *(move.moved_to for move in (await connection.execute(moves)).all()))
            for move in (await connection.execute(moves.with_for_update())).all():
                settings = json.loads(move.settings)
                if not settings.get(IDS_MOVED):
                    await _mend_ids(connection, move.moved_to)
                    marked = json.dumps({**settings, IDS_MOVED: True})
                    await connection.execute(
                        update(chats).where(chats.c.chat_id == move.chat_id).values(settings=marked)
                    )


async def _hold(connection: AsyncConnection, *chat_ids: int) -> set[int]:
    """Lock the turns and conversations of chats until the transaction ends, in the order that ``upsert`` names.

    Return the conversations. Nothing can be added to these, but others may begin.
    """
    here = select(conversations.c.id).where(conversations.c.chat_id.in_(chat_ids)).order_by(conversations.c.id)
    meant = select(turns.c.id).where(turns.c.conversation_id.in_(here)).order_by(turns.c.id)
    await connection.execute(meant.with_for_update())
    return set((await connection.execute(here.with_for_update())).scalars())


async def _carry_over(connection: AsyncConnection, old_id: int, new_id: int) -> None:
    """Deactivate the old chat; the new one inherits its settings and greeting."""
    # The move must be stored even if the group has no row yet.
    await _settings(connection, {"chat_id": old_id, "kind": "group", "title": "", "active": False})
    old = (await connection.execute(select(chats).where(chats.c.chat_id == old_id))).mappings().one()
    chosen = {name: value for name, value in json.loads(old["settings"]).items() if name != IDS_MOVED}
    moved = {"moved_to": new_id, "active": False, "settings": json.dumps({**chosen, IDS_MOVED: True})}
    await connection.execute(update(chats).where(chats.c.chat_id == old_id).values(moved))
    new = {"chat_id": new_id, "kind": "supergroup", "active": True, "title": old["title"]}
    # The new chat's own settings take precedence.
    settings = {**chosen, **await _settings(connection, new)}
    kept = {
        "greeted_at": func.coalesce(chats.c.greeted_at, old["greeted_at"]),
        "settings": json.dumps(settings),
    }
    await connection.execute(update(chats).where(chats.c.chat_id == new_id).values(kept))


async def _settings(connection: AsyncConnection, row: Mapping[str, Any]) -> dict[str, Any]:
    """Lock a chat's row until the transaction ends, creating it if needed; return its settings."""
    made = insert_into(chats, connection).values({**row, "settings": "{}"})
    await connection.execute(made.on_conflict_do_nothing())
    found = select(chats.c.settings).where(chats.c.chat_id == row["chat_id"]).with_for_update()
    return dict(json.loads((await connection.execute(found)).scalar_one()))


async def _move_ids(connection: AsyncConnection, old_id: int, new_id: int) -> None:
    """Change the message ids of the old chat to ones that the new chat does not use."""
    moved = {"chat_id": new_id, "message_id": messages.c.message_id + BEFORE_MOVE}
    await connection.execute(update(messages).where(messages.c.chat_id == old_id).values(moved))
    of_old = turns.c.conversation_id.in_(select(conversations.c.id).where(conversations.c.chat_id == old_id))
    request = turns.c.request_message_id + BEFORE_MOVE
    await connection.execute(update(turns).where(of_old).values(request_message_id=request))


async def _move_guest(connection: AsyncConnection, old_id: int, new_id: int) -> None:
    """Let a decision about the group hold for the supergroup, whose own news may have come first."""
    if (await connection.execute(select(guests.c.id).where(guests.c.id == old_id).with_for_update())).first():
        await connection.execute(delete(guests).where(guests.c.id == new_id))
        moved = update(guests).where(guests.c.id == old_id).values(id=new_id).returning(guests.c.standing)
        standing = (await connection.execute(moved)).scalar_one()
        if standing != "asked":
            # What the supergroup kept meanwhile waits for nobody any more.
            kept = (inbox.c.chat_id == new_id) & (inbox.c.state == KEPT)
            after = {"state": "new"} if standing == "admitted" else DONE
            await connection.execute(update(inbox).where(kept).values(after))


async def _mend_ids(connection: AsyncConnection, chat_id: int) -> None:
    """Change the message ids of wishes from before a supergroup's first one, and of their later repeats.

    The supergroup's own wishes have request messages; earlier versions deleted those of the old group.
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


async def _merge_all(connection: AsyncConnection, old_id: int, new_id: int, held: set[int]) -> None:
    """Move the old chat's conversations to the new chat, together with those that began there.

    Only ``held`` ones are merged: to another one a wish may be added at this moment, which would stay without a
    conversation. Raises: ``IntegrityError`` if there is another one.
    """
    taken = select(conversations.c.id, conversations.c.topic_id).where(conversations.c.chat_id == new_id)
    for row in (await connection.execute(taken.where(conversations.c.id.in_(held)))).all():
        older = select(conversations.c.id).where(
            conversations.c.chat_id == old_id, conversations.c.topic_id == row.topic_id
        )
        old = (await connection.execute(older)).scalar_one_or_none()
        if old is not None:
            await _merge(connection, into=old, empty=row.id)
    moved = update(conversations).where(conversations.c.chat_id == old_id).values(chat_id=new_id)
    await connection.execute(moved)


async def _merge(connection: AsyncConnection, *, into: int, empty: int) -> None:
    """Merge a conversation that began too early under the new chat id into the old one, which has the history."""
    # Of two pictures with the same name, the later one keeps it.
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

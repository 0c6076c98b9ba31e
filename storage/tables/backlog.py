"""What waits in the inbox: counted, read by chat, and refused.

Imports SQLAlchemy, ``inbox``, ``messages``, ``engine``, ``records``, ``rows`` and ``schema``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Integer, bindparam, exists, func, select

from storage.engine.database import Database
from storage.records import InboxRow, Json, MessageLink, TurnState
from storage.rows.codec import read_inbox
from storage.schema import conversations, inbox, turns
from storage.tables.inbox import OPEN, finish_updates
from storage.tables.messages import save_new_links

_HELD_UP = (
    exists()
    .where(
        conversations.c.chat_id == inbox.c.chat_id,
        conversations.c.topic_id == inbox.c.topic_id,
        turns.c.conversation_id == conversations.c.id,
        turns.c.state.in_([state.value for state in TurnState if not state.finished]),
        turns.c.kept_back.is_(None),
    )
    .correlate(inbox)
)
_READY = (
    select(inbox.c.chat_id, inbox.c.topic_id)
    .where(inbox.c.state.in_(OPEN), ~_HELD_UP)
    .distinct()
    .limit(bindparam("most", type_=Integer))
)
_COUNT_NEW = (
    select(inbox.c.chat_id, func.count().label("waiting"))
    .where(inbox.c.state == "new", inbox.c.chat_id.in_(bindparam("chats", expanding=True)))
    .group_by(inbox.c.chat_id)
)
_IN_CHAT = (
    select(inbox, _HELD_UP.label("held_up"))
    .where(inbox.c.state == "new", inbox.c.chat_id == bindparam("chat_id"))
    .order_by(inbox.c.update_id)
    .limit(bindparam("most", type_=Integer))
)


class WaitingUpdates:
    """Looks at the updates that wait, over all conversations or those of one chat."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count_ready(self, most: int) -> int:
        """Return how many conversations, up to ``most``, have open updates and no unfinished turn."""
        async with self._database.connect() as connection:
            return len((await connection.execute(_READY, {"most": most})).all())

    async def count_waiting(self, chat_ids: Iterable[int]) -> dict[int, int]:
        """Return the number of updates that wait in each of these chats, in all its topics together."""
        async with self._database.connect() as connection:
            counted = await connection.execute(_COUNT_NEW, {"chats": sorted(set(chat_ids))})
            return {row.chat_id: int(row.waiting) for row in counted}

    async def waiting_in(self, chat_id: int, *, limit: int) -> list[tuple[InboxRow, bool]]:
        """Return the updates that wait in all topics of a chat, by id; not those that only have a notice to send.

        True beside an update: its conversation works on a turn, so the update cannot be about to begin.
        """
        async with self._database.connect() as connection:
            found = (await connection.execute(_IN_CHAT, {"chat_id": chat_id, "most": limit})).mappings()
            return [(read_inbox(row), bool(row["held_up"])) for row in found]

    async def refuse(
        self,
        update_ids: Sequence[int],
        notice: Json | None,
        *,
        conversation_id: int | None = None,
        links: Sequence[MessageLink] = (),
    ) -> int | None:
        """Finish those of one person's updates that nobody has begun; return the last, which has the ``notice`` now.

        None where nothing was left to refuse, or without a notice. ``links``: of the messages of the updates, written
        where these have none, in the conversation ``conversation_id``.
        """
        ids = sorted(set(update_ids))
        async with self._database.begin() as connection:
            if conversation_id is not None:
                await save_new_links(connection, conversation_id, links)
            new = inbox.c.update_id.in_(ids) & (inbox.c.state == "new")
            found = select(inbox.c.update_id).where(new).order_by(inbox.c.update_id).with_for_update()
            left = list((await connection.execute(found)).scalars())
            if not left:
                await connection.rollback()
                return None
            notified = left[-1:] if notice is not None else []
            await finish_updates(connection, left[: len(left) - len(notified)])
            await finish_updates(connection, notified, notice)
        return notified[0] if notified else None

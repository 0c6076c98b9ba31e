"""The next piece of work of a conversation, found by one statement.

Imports SQLAlchemy, ``engine``, ``records``, ``rows``, ``schema`` and ``inbox``. The worker asks before every step, so
the statement also reads what the step needs to know of the conversation.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Boolean, Column, and_, bindparam, cast, exists, func, null, select, text, union_all

from storage.engine.database import Database
from storage.records import InboxRow, Key, Turn
from storage.rows.codec import read_inbox, read_turn
from storage.rows.statements import NEXT
from storage.schema import UNANNOUNCED_SQL, Id, conversations, guests, inbox, turns
from storage.tables.inbox import FIRST_OPEN

NOTHING_CHOSEN: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class NextWork:
    """What a conversation does next: finish ``turn``, or else handle the update ``row``.

    ``row`` is read even if there is a turn: None means that no update waits. ``settings`` and ``has_unannounced``
    (there are answers that nobody in the conversation knows of) are only read together with a row, and so is
    ``undecided`` (owners decided nothing about the chat, and are not asked to). ``barred``: the turn must not begin,
    because an owner blocked the chat or the person who asked.
    """

    turn: Turn | None = None
    row: InboxRow | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    has_unannounced: bool = False
    undecided: bool = False
    barred: bool = False


def _named(column: Column[Any]) -> str:
    return f"{column.table.name}_{column.name}"


def _given(table: Any) -> list[Any]:
    return [column.label(_named(column)) for column in table.columns]


def _empty(table: Any) -> list[Any]:
    return [cast(null(), column.type).label(_named(column)) for column in table.columns]


_UNANNOUNCED = (
    exists()
    .where(turns.c.conversation_id == conversations.c.id, text(f"turns.{UNANNOUNCED_SQL}"))
    .correlate(conversations)
)
_BLOCKS = and_(
    guests.c.id.in_([func.coalesce(turns.c.asker_id, turns.c.author_id), bindparam("chat", type_=Id)]),
    guests.c.standing == "blocked",
)
_IS_TURN = (
    select(
        *_given(turns), *_empty(inbox), cast(null(), conversations.c.settings.type).label("chosen"),
        cast(null(), Boolean).label("has_unannounced"), cast(null(), Boolean).label("undecided"),
        guests.c.id.is_not(None).label("barred"),
    )
    .select_from(turns.outerjoin(guests, _BLOCKS))
    .where(turns.c.id == NEXT.with_only_columns(turns.c.id).scalar_subquery())
)  # fmt: skip
_IS_UPDATE = (
    select(
        *_empty(turns), *_given(inbox), conversations.c.settings.label("chosen"), _UNANNOUNCED.label("has_unannounced"),
        (~exists().where(guests.c.id == bindparam("chat", type_=Id))).label("undecided"),
        cast(null(), Boolean).label("barred"),
    )
    .select_from(
        inbox.outerjoin(
            conversations,
            and_(
                conversations.c.chat_id == bindparam("chat", type_=Id),
                conversations.c.topic_id == bindparam("topic", type_=Id),
            ),
        )
    )
    .where(inbox.c.update_id == FIRST_OPEN.scalar_subquery())
)  # fmt: skip
_NEXT_WORK = union_all(_IS_TURN, _IS_UPDATE)


class NextWorks:
    """Finds what conversations do next."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, key: Key) -> NextWork:
        """Return the oldest turn of a conversation that is not finished, and the update that it handles next."""
        turn, row, barred = None, None, False
        settings, has_unannounced, undecided = NOTHING_CHOSEN, False, False
        async with self._database.connect() as connection:
            named = {"chat": key.chat_id, "topic": key.topic_id}
            for found in (await connection.execute(_NEXT_WORK, named)).mappings():
                if found["turns_id"] is not None:
                    turn = read_turn({column.name: found[_named(column)] for column in turns.columns})
                    barred = bool(found["barred"])
                else:
                    row = read_inbox({column.name: found[_named(column)] for column in inbox.columns})
                    settings, has_unannounced = json.loads(found["chosen"] or "{}"), bool(found["has_unannounced"])
                    undecided = bool(found["undecided"])
        return NextWork(
            turn=turn,
            row=row,
            settings=settings,
            has_unannounced=has_unannounced,
            undecided=undecided,
            barred=barred,
        )

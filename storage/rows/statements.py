"""The statements on the tree that every turn runs. Imports SQLAlchemy, ``records``, ``upsert`` and ``schema``.

They are built once, because SQLAlchemy takes longer to build one than the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    update,
)

from storage.records import Key, Role, TurnState
from storage.rows.upsert import beside
from storage.schema import UNFINISHED_SQL, Id, conversations, messages, turns

IS_TO_DO = text(f"turns.{UNFINISHED_SQL} AND turns.kept_back IS NULL")
"""The condition for turns that a process must work on: unfinished and not kept back.
In the exact words of the partial index, so that the database uses it."""

ALL = 2**31 - 1
"""More turns than any path has."""

UNFINISHED = tuple(state.value for state in TurnState if not state.finished)

UNANSWERED = (TurnState.ACCEPTED.value, TurnState.CALLING.value)
"""The states before there is an answer or a failure."""

_HAS_LOOSE = exists().where(messages.c.conversation_id == conversations.c.id, messages.c.role == Role.LOOSE.value)
# The newest turn of thousands would have to be looked for; those that failed are few, and their index is there.
_HAS_FAILED = exists().where(
    turns.c.conversation_id == conversations.c.id,
    turns.c.state.in_((TurnState.FAILING.value, TurnState.FAILED.value)),
    turns.c.id > func.coalesce(conversations.c.head_id, 0),
)
BY_KEY = select(conversations, _HAS_LOOSE.label("has_loose"), _HAS_FAILED.label("has_failed")).where(
    conversations.c.chat_id == bindparam("chat"), conversations.c.topic_id == bindparam("topic")
)
"""The conversation of a chat and a topic; see :func:`place_of`."""
BY_ID = select(conversations).where(conversations.c.id == bindparam("conversation"))
TURN = select(turns).where(turns.c.id == bindparam("turn"))
NEXT = (
    select(turns)
    .join(conversations, turns.c.conversation_id == conversations.c.id)
    .where(
        conversations.c.chat_id == bindparam("chat"),
        conversations.c.topic_id == bindparam("topic"),
        turns.c.state.in_(UNFINISHED),
        turns.c.kept_back.is_(None),
    )
    .order_by(turns.c.id)
    .limit(1)
)
COUNT_UNFINISHED = select(func.count()).where(
    turns.c.id > select(func.max(turns.c.id)).scalar_subquery() - bindparam("newest", type_=Integer),
    turns.c.state.in_(UNFINISHED),
    turns.c.kept_back.is_(None),
)
_LATER = (
    "id",
    "reply",
    "provider",
    "maker",
    "model",
    "cost_micro_usd",
    "error",
    "answered_at",
    "kept_back",
    "notes",
    "restored",
)
_TAKEN = [column.name for column in turns.columns if column.name not in _LATER]
TAKE = (
    turns.insert()
    .from_select(_TAKEN, beside(_TAKEN, turns, conversations.c.id, "conversation_id"), include_defaults=False)
    .returning(turns)
)
BEGIN_CALL = (
    update(turns)
    # One that lost its picture has an error, and is not painted without.
    .where(turns.c.id == bindparam("turn"), turns.c.state.in_(UNANSWERED), turns.c.error.is_(None))
    .values(state=TurnState.CALLING.value, attempts=turns.c.attempts + 1)
    .returning(turns.c.attempts)
)
_ANSWERED = (
    "reply", "words", "shown", "provider", "maker", "model", "usage", "cost_micro_usd", "answered_at", "notes",
    "restored",
)  # fmt: skip
ANSWER = (
    update(turns)
    # A turn whose author had it deleted stores nothing.
    .where(turns.c.id == bindparam("turn"), or_(turns.c.state != TurnState.CANCELLED.value, turns.c.author_id != 0))
    .values({name: bindparam(f"new_{name}", type_=turns.c[name].type) for name in _ANSWERED})
    .values(
        error=None,
        state=case(
            (turns.c.state == TurnState.CANCELLED.value, TurnState.CANCELLED.value), else_=TurnState.ANSWERED.value
        ),
    )
    .returning(turns)
)
MOVE = (
    update(conversations)
    .where(
        conversations.c.id == bindparam("conversation"),
        conversations.c.head_id.is_not_distinct_from(bindparam("seen", type_=Id)),
    )
    .values(head_id=bindparam("to", type_=Id), redo=bindparam("to_redo"))
)


def place_of(key: Key) -> dict[str, int]:
    """Return the parameters of ``BY_KEY`` and ``NEXT``."""
    return {"chat": key.chat_id, "topic": key.topic_id}


def _upwards() -> CTE:
    """Return the ids from ``turn`` up to the root, ``most`` at most, with their distance from 1 on."""
    turn, most = bindparam("turn", type_=Id), bindparam("most", ALL, type_=Integer)
    path = select(turn.label("id"), literal(1).label("depth")).cte("path", recursive=True)
    above = turns.alias("above")
    return path.union_all(
        select(above.c.parent_id, path.c.depth + 1)
        .join(path, above.c.id == path.c.id)
        .where(above.c.parent_id.is_not(None), path.c.depth < most)
    )


def path_of(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return the query for the last ``most`` turns from the root to ``turn``, root first."""
    # A turn is younger than its parent, so its id is greater.
    return select(*columns).where(turns.c.id.in_(select(UPWARDS.c.id))).order_by(turns.c.id)


UPWARDS = _upwards()
PATH = path_of(*turns.c)

BATCH = 500

T = TypeVar("T", int, str)


def batched(names: Iterable[T]) -> Iterator[list[T]]:
    """Split values into sorted lists that fit into one statement; SQLite takes at most 32,766."""
    ordered = sorted(names)
    return (ordered[start : start + BATCH] for start in range(0, len(ordered), BATCH))

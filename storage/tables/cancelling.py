"""Turns that end before they are answered, and heads that move, each within a running transaction.

Imports its siblings and SQLAlchemy. A turn and those that were asked for side by side with it end together.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.records import Role, Turn, TurnState
from storage.rows import statements
from storage.rows.codec import dumps
from storage.schema import conversations, messages, steps, turns

UNANSWERED = (TurnState.ACCEPTED.value, TurnState.CALLING.value)


async def cancel_set(connection: AsyncConnection, turn: Turn) -> bool:
    """Cancel a turn and its set; return False, changing nothing, where none of it waits for an answer any more.

    What was answered already goes along, unless it is on its way to people, and head leaves it.
    """
    members = await _held(connection, turn)
    if not any(state in UNANSWERED for state in members.values()):
        return False
    begun = await connection.execute(select(steps.c.turn_id).where(steps.c.turn_id.in_(members)).limit(1))
    gone = (*UNANSWERED, *(() if begun.first() else (TurnState.ANSWERED.value,)))
    ended = [turn_id for turn_id, state in members.items() if state in gone]
    await connection.execute(update(turns).where(turns.c.id.in_(ended)).values(state=TurnState.CANCELLED.value))
    # A member that was answered may have become head; all of them found it at the same place.
    found = conversations.c.id == turn.conversation_id
    led = update(conversations).where(found, conversations.c.head_id.in_(ended))
    await connection.execute(led.values(head_id=turn.head_before))
    return True


async def give_way(connection: AsyncConnection, turn: Turn) -> bool:
    """End a turn and its set, of which no call has begun, for another one.

    False, changing nothing, if one has, or they were forgotten.
    """
    members = await _held(connection, turn)
    if not members or any(state != TurnState.ACCEPTED.value for state in members.values()):
        return False
    await connection.execute(update(turns).where(turns.c.id.in_(members)).values(state=TurnState.CANCELLED.value))
    return True


async def hand_messages_on(connection: AsyncConnection, turn: Turn, to: int) -> None:
    """Let the messages of a wish belong to the turn that takes its place."""
    asked = (messages.c.turn_id == turn.id) & (messages.c.role == Role.REQUEST.value)
    await connection.execute(update(messages).where(asked).values(turn_id=to))


async def compare_and_set(
    connection: AsyncConnection, conversation_id: int, seen: int | None, to: int | None, redo: Sequence[int]
) -> bool:
    """Move head from one turn to another; return False, changing nothing, if it is elsewhere by now."""
    values = {"conversation": conversation_id, "seen": seen, "to": to, "to_redo": dumps(list(redo))}
    return bool((await connection.execute(statements.MOVE, values)).rowcount)


async def _held(connection: AsyncConnection, turn: Turn) -> dict[int, str]:
    """Return a turn and its set with their states, which nobody changes before the transaction ends."""
    meant = turns.c.id == turn.id if turn.set_id is None else turns.c.set_id == turn.set_id
    found = select(turns.c.id, turns.c.state).where(meant).order_by(turns.c.id).with_for_update()
    return {row.id: row.state for row in await connection.execute(found)}

"""Ends turns before they are answered, and moves heads, each within a running transaction.

Imports its siblings and SQLAlchemy. All turns of a batch end together.
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
    """Cancel a turn and its batch; False, changing nothing, if none of them still waits for an answer.

    Answered members are cancelled too, unless their delivery has begun, and head moves away from them.
    """
    members = await _held(connection, turn)
    if not any(state in UNANSWERED for state in members.values()):
        return False
    begun = await connection.execute(select(steps.c.turn_id).where(steps.c.turn_id.in_(members)).limit(1))
    gone = (*UNANSWERED, *(() if begun.first() else (TurnState.ANSWERED.value,)))
    ended = [turn_id for turn_id, state in members.items() if state in gone]
    await connection.execute(update(turns).where(turns.c.id.in_(ended)).values(state=TurnState.CANCELLED.value))
    # An answered member may have become head. Head then moves back; all members have the same head_before.
    found = conversations.c.id == turn.conversation_id
    led = update(conversations).where(found, conversations.c.head_id.in_(ended))
    await connection.execute(led.values(head_id=turn.head_before))
    return True


async def give_way(connection: AsyncConnection, turn: Turn) -> bool:
    """Cancel a turn and its batch in favour of another turn.

    False, changing nothing, if a call for one of them has begun, or they were deleted.
    """
    members = await _held(connection, turn)
    if not members or any(state != TurnState.ACCEPTED.value for state in members.values()):
        return False
    await connection.execute(update(turns).where(turns.c.id.in_(members)).values(state=TurnState.CANCELLED.value))
    return True


async def hand_messages_on(connection: AsyncConnection, turn: Turn, to: int) -> None:
    """Move the messages of a wish to the turn that replaces it."""
    asked = (messages.c.turn_id == turn.id) & (messages.c.role == Role.REQUEST.value)
    await connection.execute(update(messages).where(asked).values(turn_id=to))


async def compare_and_set(
    connection: AsyncConnection, conversation_id: int, seen: int | None, to: int | None, redo: Sequence[int]
) -> bool:
    """Move head from one turn to another; False, changing nothing, if it has moved meanwhile."""
    values = {"conversation": conversation_id, "seen": seen, "to": to, "to_redo": dumps(list(redo))}
    return bool((await connection.execute(statements.MOVE, values)).rowcount)


async def _held(connection: AsyncConnection, turn: Turn) -> dict[int, str]:
    """Lock a turn and its batch until the transaction ends; return their states."""
    meant = turns.c.id == turn.id if turn.batch_id is None else turns.c.set_id == turn.batch_id
    found = select(turns.c.id, turns.c.state).where(meant).order_by(turns.c.id).with_for_update()
    return {row.id: row.state for row in await connection.execute(found)}

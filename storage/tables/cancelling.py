"""Ends turns before they are answered, and moves heads, each within a running transaction.

Imports SQLAlchemy, ``books``, ``records``, ``rows`` and ``schema``. All turns of a batch end together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.braking import Brake, allow_stop
from storage.records import InputPicture, Role, Turn, TurnState
from storage.rows import statements
from storage.rows.codec import dumps, picture_json
from storage.rows.upsert import GoneMeanwhile
from storage.schema import conversations, messages, steps, turns


async def cancel_batch(connection: AsyncConnection, turn: Turn, brake: Brake | None = None) -> bool:
    """Cancel a turn and its batch; False, changing nothing, if none of them still waits for an answer.

    Answered members are cancelled too, unless their delivery has begun, and head moves away from them. Raises:
    ``StoppedEnough``, if the ``brake`` forbids it.
    """
    members = await _held(connection, turn)
    if not any(state in statements.UNANSWERED for state in members.values()):
        return False
    if brake is not None:
        await allow_stop(connection, turn.id, brake)
    begun = await connection.execute(select(steps.c.turn_id).where(steps.c.turn_id.in_(members)).limit(1))
    gone = (*statements.UNANSWERED, *(() if begun.first() else (TurnState.ANSWERED.value,)))
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


async def uproot(
    connection: AsyncConnection, turn: Turn, conversation_id: int, pictures: Sequence[InputPicture]
) -> list[int]:
    """Make a turn and its batch roots of another conversation, with these pictures in the wish; return their ids.

    What goes on from them stays, and goes on from their parent. Where one of them was head, it is head of the other
    conversation, too, unless something is being painted there: that answer is to become head. Raises: ``GoneMeanwhile``
    if a conversation was deleted meanwhile.
    """
    members = await _held(connection, turn)
    children = turns.c.parent_id.in_(members) & turns.c.id.not_in(members)
    await connection.execute(update(turns).where(children).values(parent_id=turn.parent_id))
    waits = turns.c.state.in_(statements.UNANSWERED)
    painting = select(turns.c.id).where(turns.c.conversation_id == conversation_id, waits)
    is_busy = (await connection.execute(painting.limit(1))).first() is not None
    written = dumps([picture_json(picture) for picture in pictures])
    root = {"conversation_id": conversation_id, "parent_id": None, "head_before": None, "pictures": written}
    await connection.execute(update(turns).where(turns.c.id.in_(members)).values(root))
    both = conversations.c.id.in_((turn.conversation_id, conversation_id))
    held = await connection.execute(select(conversations).where(both).order_by(conversations.c.id).with_for_update())
    found = {row["id"]: row for row in held.mappings()}
    if len(found) < len({turn.conversation_id, conversation_id}):
        raise GoneMeanwhile(f"conversation {turn.conversation_id} or {conversation_id}")
    left = found[turn.conversation_id]
    head, redo = left["head_id"], [one for one in json.loads(left["redo"]) if abs(one) not in members]
    stays = {"head_id": turn.parent_id if head in members else head, "redo": dumps(redo)}
    await connection.execute(update(conversations).where(conversations.c.id == turn.conversation_id).values(stays))
    if head in members and not is_busy:
        there = update(conversations).where(conversations.c.id == conversation_id)
        await connection.execute(there.values(head_id=head, redo="[]"))
    return list(members)


async def lead(connection: AsyncConnection, turn: Turn) -> None:
    """Make an answered turn head, if head has not moved since its wish; nothing is left to redo then.

    Of a batch the first one with pictures leads, whichever comes first. What is left to redo stays until all of it has
    ended, because a cancel brings head back to where redo began.
    """
    if turn.batch_id is None:
        await compare_and_set(connection, turn.conversation_id, turn.head_before, turn.id, ())
        return
    here = conversations.c.id == turn.conversation_id
    later, wordy = turns.c.id > turn.id, turns.c.shown == "[]"
    behind = select(turns.c.id).where(turns.c.set_id == turn.batch_id, later | wordy if turn.shown else later & wordy)
    free = conversations.c.head_id.is_not_distinct_from(turn.head_before) | conversations.c.head_id.in_(behind)
    await connection.execute(update(conversations).where(here, free).values(head_id=turn.id))
    await end_redo(connection, turn.id)


async def end_redo(connection: AsyncConnection, turn_id: int) -> None:
    """Leave nothing to redo where head is in the batch of a turn, and all of that batch has ended."""
    mine = select(turns.c.conversation_id, turns.c.set_id).where(turns.c.id == turn_id, turns.c.set_id.is_not(None))
    if (found := (await connection.execute(mine)).one_or_none()) is None:
        return
    here = conversations.c.id == found.conversation_id
    # Of two that end at the same time, the second one sees the first. New wishes need not wait for that.
    await connection.execute(select(conversations.c.id).where(here).with_for_update(key_share=True))
    members = turns.c.set_id == found.set_id
    led = conversations.c.head_id.in_(select(turns.c.id).where(members))
    ended = ~select(turns.c.id).where(members, turns.c.state.in_(statements.UNANSWERED)).exists()
    await connection.execute(update(conversations).where(here, led, ended).values(redo="[]"))


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

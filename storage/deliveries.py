"""Which messages went out: those of an answer, and the pictures that answer an update. Imports its siblings.

A step is noted before it is sent and again when it was. One that was begun and never noted as sent has an unknown
outcome: nobody can ask Telegram whether it arrived (no idempotency key exists, telegram-bot-api issue 126).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.messages import save_links
from storage.records import MessageLink, Step, StepState, Turn, TurnState
from storage.schema import messages, steps, turns, uploads
from storage.writing import TurnOver, insert_beside, insert_into

_STEPS = select(steps.c.position, steps.c.state).where(steps.c.turn_id == bindparam("turn"))
_DELIVERED = (
    update(turns)
    .where(
        or_(turns.c.id == bindparam("turn"), turns.c.set_id == bindparam("turn")),
        turns.c.state == TurnState.ANSWERED.value,
    )
    .values(state=TurnState.DELIVERED.value)
)


class Deliveries:
    """Steps of answers by turn, uploads by update."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, turn_id: int) -> dict[int, StepState]:
        """Return the state of each step that was begun, by its position."""
        async with self._database.connect() as connection:
            found = await connection.execute(_STEPS, {"turn": turn_id})
            return {row.position: StepState(row.state) for row in found}

    async def note(self, step: Step) -> None:
        """Note that a step begins, or that its outcome is unknown. Raises: ``TurnOver`` for a forgotten turn."""
        async with self._database.begin() as connection:
            if not await _write_step(connection, step):
                raise TurnOver(step.turn_id)

    async def withdraw(self, turn_id: int, position: int) -> None:
        """Note that a step that was begun has certainly not arrived."""
        meant = (steps.c.turn_id == turn_id) & (steps.c.position == position)
        async with self._database.begin() as connection:
            await connection.execute(delete(steps).where(meant))

    async def sent(self, step: Step, conversation_id: int, links: Sequence[MessageLink], *, last: bool) -> None:
        """Note that a step was sent and what its messages mean; the last one delivers the turn and its set."""
        async with self._database.begin() as connection:
            await _write_step(connection, step)
            await save_links(connection, conversation_id, links)
            if last:
                await _delivered(connection, step.turn_id)

    async def give_up(self, turn_id: int) -> None:
        """Note that nothing more of an answer, or of the word that there is none, will be sent."""
        meant = or_(turns.c.id == turn_id, turns.c.set_id == turn_id)
        failing = update(turns).where(meant, turns.c.state == TurnState.FAILING.value)
        async with self._database.begin() as connection:
            await _delivered(connection, turn_id)
            await connection.execute(failing.values(state=TurnState.FAILED.value))

    async def move(self, turn: Turn, conversation_id: int) -> None:
        """Let the answers of a turn and of its set be a conversation's whose place there still is."""
        meant = or_(turns.c.id == turn.id, turns.c.set_id == turn.id)
        of_them = messages.c.turn_id.in_(select(turns.c.id).where(meant))
        async with self._database.begin() as connection:
            await connection.execute(update(messages).where(of_them).values(conversation_id=conversation_id))
            await connection.execute(update(turns).where(meant).values(conversation_id=conversation_id))

    async def upload_state(self, update_id: int, position: int) -> StepState | None:
        """Return how far the picture at a place in the answer to an update has come, None before it was begun."""
        found = select(uploads.c.state).where(uploads.c.update_id == update_id, uploads.c.position == position)
        async with self._database.connect() as connection:
            state = (await connection.execute(found)).scalar_one_or_none()
        return StepState(state) if state is not None else None

    async def note_upload(self, update_id: int, position: int, state: StepState) -> None:
        """Note that a picture in the answer to an update begins to be sent, was sent, or is unknown."""
        row = {"update_id": update_id, "position": position, "state": state.value}
        async with self._database.begin() as connection:
            statement = insert_into(uploads, connection).values(row)
            changed = {"state": state.value}
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["update_id", "position"], set_=changed)
            )

    async def withdraw_upload(self, update_id: int, position: int) -> None:
        """Note that an upload that was begun has certainly not arrived."""
        meant = (uploads.c.update_id == update_id) & (uploads.c.position == position)
        async with self._database.begin() as connection:
            await connection.execute(delete(uploads).where(meant))


async def _delivered(connection: AsyncConnection, turn_id: int) -> None:
    await connection.execute(_DELIVERED, {"turn": turn_id})


async def _write_step(connection: AsyncConnection, step: Step) -> bool:
    row = {"turn_id": step.turn_id, "position": step.position, "state": step.state.value}
    written = insert_beside(steps, connection, turns.c.id, "turn_id", ("state",))
    return bool((await connection.execute(written, row)).rowcount)

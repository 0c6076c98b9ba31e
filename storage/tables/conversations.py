"""The tree of turns and its heads. Imports SQLAlchemy and the other folders of ``storage``.

Every method is one transaction. A turn, its links to messages and the end of its updates are written together; so are
an answer, its media and the move of head. Head moves by compare-and-set only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.braking import Brake
from storage.books.holding import begin_attempt, hold
from storage.books.values import BegunCall, Terms
from storage.engine.database import Database, now
from storage.engine.faults import again_after_deadlock
from storage.media.store import Media
from storage.records import Conversation, InputPicture, Json, Key, MessageLink, NewTurn, Outcome, Turn, TurnState
from storage.rows import statements
from storage.rows.codec import (
    authors_of,
    dumps,
    media_of,
    picture_json,
    read_conversation,
    read_turn,
    read_turns,
    write_outcome,
    write_turn,
)
from storage.rows.settings import Change, change_settings
from storage.rows.upsert import GoneMeanwhile, TurnMovedOn, insert_or_pass
from storage.schema import conversations, messages, names, turns
from storage.tables.cancelling import cancel_batch, compare_and_set, end_redo, give_way, hand_messages_on, lead
from storage.tables.inbox import finish_updates, use_updates, withdraw_updates
from storage.tables.media_rows import enter_restored, link_media_to_turn, take_restored
from storage.tables.messages import end_waiting, save_links

PATH_LIMIT = 64
"""The most turns of a path that are read with their replies; of those before them, words and pictures are enough."""


class Conversations:
    """Reads and writes turns and heads."""

    def __init__(self, database: Database, media: Media) -> None:
        self._database = database
        self._media = media

    async def open(self, key: Key) -> Conversation:
        """Return the conversation of a chat and topic; create it on first use."""
        async with self._database.connect() as connection:
            row = (await connection.execute(statements.BY_KEY, statements.place_of(key))).mappings().one_or_none()
        if row is None:
            new = {"chat_id": key.chat_id, "topic_id": key.topic_id, "redo": "[]", "settings": "{}"}
            # Losing an empty conversation does no harm.
            async with self._database.begin(durable=False) as connection:
                made = await connection.execute(insert_or_pass(conversations, connection, *conversations.c), [new])
                if found := made.mappings().one_or_none():
                    return replace(read_conversation(found), has_loose=False, has_failed=False)
                row = (await connection.execute(statements.BY_KEY, statements.place_of(key))).mappings().one()
        return replace(read_conversation(row), has_loose=row["has_loose"], has_failed=row["has_failed"])

    async def by_id(self, conversation_id: int) -> Conversation:
        """Return a conversation that must exist."""
        async with self._database.connect() as connection:
            found = await connection.execute(statements.BY_ID, {"conversation": conversation_id})
            return read_conversation(found.mappings().one())

    async def drop_empty(self, key: Key) -> None:
        """Delete a conversation without turns, messages, names and settings."""
        nothing = (
            conversations.c.settings == "{}",
            *(~exists().where(table.c.conversation_id == conversations.c.id) for table in (turns, messages, names)),
        )
        named = (conversations.c.chat_id == key.chat_id, conversations.c.topic_id == key.topic_id)
        async with self._database.begin() as connection:
            # Whoever adds something at this moment is waited for; only the next statement sees that.
            await connection.execute(select(conversations.c.id).where(*named).with_for_update())
            await connection.execute(delete(conversations).where(*named, *nothing))

    async def settings(self, key: Key) -> Mapping[str, Any]:
        """Return the settings of a conversation, empty if it does not exist yet."""
        async with self._database.connect() as connection:
            row = (await connection.execute(statements.BY_KEY, statements.place_of(key))).mappings().one_or_none()
        return read_conversation(row).settings if row else {}

    async def change(self, conversation_id: int, change: Change) -> Mapping[str, Any]:
        """Change the settings of a conversation by a function of the current ones; return them."""
        async with self._database.begin() as connection:
            return await change_settings(connection, conversations, conversations.c.id == conversation_id, change)

    async def move_head(
        self,
        conversation: Conversation,
        to: int | None,
        *,
        redo: Sequence[int] = (),
        updates: Iterable[int] = (),
        notice: Json | None = None,
        before: int | None = None,
    ) -> bool:
        """Move head away from where ``conversation`` saw it; False, changing nothing, if it has moved meanwhile.

        The same transaction marks the updates that asked for it, with the ``notice`` to send. Waiting pictures stop
        waiting, except those of the message ``before`` and later ones; the notice says in ``left`` how many stopped.
        """
        async with self._database.begin() as connection:
            moved = await compare_and_set(connection, conversation.id, conversation.head_id, to, redo)
            if moved:
                left = await end_waiting(connection, conversation.id, before=before)
                if notice is not None and left:
                    notice = {**notice, "left": left}
                await finish_updates(connection, updates, notice)
            return moved

    @again_after_deadlock
    async def take(
        self,
        new: NewTurn,
        links: Sequence[MessageLink],
        updates: Iterable[int],
        *,
        times: int = 1,
        each: bool = False,
        anew: bool = False,
        instead_of: Turn | None = None,
    ) -> Turn:
        """Store a wish, link its messages to it, and mark its updates as done; return its first turn.

        ``times``: how many equal siblings; ``each``: one for each of its pictures. ``anew``: head becomes None at once,
        and waiting pictures stop waiting. ``instead_of``: the turn to replace; its messages move over. Raises:
        ``TurnMovedOn`` if its call has begun, ``GoneMeanwhile`` if the conversation or an update was deleted.
        """
        # A power cut may undo this; then the updates are open again. Code that acts on the turn flushes first.
        async with self._database.begin(durable=False) as connection:
            if instead_of is not None and not await give_way(connection, instead_of):
                raise TurnMovedOn(instead_of.id)
            left = new.head_before if anew else None
            if left and await compare_and_set(connection, new.conversation_id, left, None, (left,)):
                new = replace(new, head_before=None)
            first, *others = [replace(new, pictures=(one,)) for one in new.pictures] if each else [new] * times
            at = {"created_at": now(), "set_id": None}
            row = (await connection.execute(statements.TAKE, write_turn(first) | at)).mappings().one_or_none()
            if row is None:
                raise GoneMeanwhile(f"conversation {new.conversation_id}")
            turn = read_turn(row)
            await self._store_pictures(connection, turn.id, first.pictures)
            await save_links(connection, new.conversation_id, [replace(link, turn_id=turn.id) for link in links])
            if instead_of is not None:
                await hand_messages_on(connection, instead_of, turn.id)
            if anew:
                await end_waiting(connection, new.conversation_id, before=new.request_message_id)
            await use_updates(connection, updates, turn_id=turn.id)
            if others:
                turn = replace(turn, batch_id=turn.id)
                await connection.execute(update(turns).where(turns.c.id == turn.id).values(set_id=turn.id))
            for other in others:
                sibling = await connection.execute(statements.TAKE, write_turn(other) | at | {"set_id": turn.id})
                await self._store_pictures(connection, sibling.mappings().one()["id"], other.pictures)
            return turn

    async def batch_of(self, turn: Turn) -> list[Turn]:
        """Return the batch of ``turn``: the turns that were asked for together, itself included, in order."""
        if turn.batch_id is None:
            return [turn]
        found = select(turns).where(turns.c.set_id == turn.batch_id).order_by(turns.c.id)
        async with self._database.connect() as connection:
            return [read_turn(row) for row in (await connection.execute(found)).mappings()]

    async def turn(self, turn_id: int) -> Turn | None:
        """Return a turn, or None."""
        async with self._database.connect() as connection:
            row = (await connection.execute(statements.TURN, {"turn": turn_id})).mappings().one_or_none()
        return read_turn(row) if row else None

    async def next_unfinished(self, key: Key) -> Turn | None:
        """Return the oldest unfinished turn of a conversation."""
        async with self._database.connect() as connection:
            row = (await connection.execute(statements.NEXT, statements.place_of(key))).mappings().one_or_none()
        return read_turn(row) if row else None

    async def latest(self, conversation_id: int) -> Turn | None:
        """Return the newest turn of a conversation, however it ended."""
        newest = select(turns).where(turns.c.conversation_id == conversation_id).order_by(turns.c.id.desc()).limit(1)
        async with self._database.connect() as connection:
            row = (await connection.execute(newest)).mappings().one_or_none()
        return read_turn(row) if row else None

    async def unfinished_keys(self) -> list[Key]:
        """Return the conversations with unfinished turns."""
        unfinished = select(turns.c.conversation_id).where(statements.IS_TO_DO)
        found = select(conversations.c.chat_id, conversations.c.topic_id).where(conversations.c.id.in_(unfinished))
        async with self._database.connect() as connection:
            return [Key(row.chat_id, row.topic_id) for row in await connection.execute(found)]

    async def count_unfinished(self, *, newest: int = 10_000) -> int:
        """Return how many of the ``newest`` turns are unfinished; counting all would take long.

        An older turn that is unfinished does not wait: it is stuck.
        """
        async with self._database.connect() as connection:
            return int((await connection.execute(statements.COUNT_UNFINISHED, {"newest": newest})).scalar_one())

    async def path(self, turn_id: int | None, *, limit: int = PATH_LIMIT) -> list[Turn]:
        """Return the last ``limit`` turns from the root to ``turn_id``, in one recursive query."""
        if turn_id is None:
            return []
        async with self._database.connect() as connection:
            found = await connection.execute(statements.PATH, {"turn": turn_id, "most": limit})
            return await read_turns(found.mappings().all())

    @again_after_deadlock
    async def begin_call(self, *turn_ids: int, terms: Terms) -> BegunCall:
        """Note durably that a paid call for these turns begins, and hold what it and their batch may cost.

        A further attempt keeps its hold, or holds anew at another price, if the limits allow that. Raises:
        :class:`TurnMovedOn` if one of them has ended, ``OverLimit``; then nothing is changed.
        """
        async with self._database.begin() as connection:
            attempt = 0
            for turn_id in turn_ids:
                attempt = await begin_attempt(connection, turn_id, holds=turn_id == turn_ids[-1])
            return BegunCall(attempt=attempt, held=await hold(connection, turn_ids, terms))

    async def crashed(self, turn_id: int) -> int:
        """Count a crash during this turn; return how many there were."""
        return await self._count(turn_id, turns.c.crashes)

    async def interrupted(self, turn_id: int) -> int:
        """Count that a process ended during the call of this turn; return how often that happened."""
        return await self._count(turn_id, turns.c.interruptions)

    @again_after_deadlock
    async def store_answer(self, turn: Turn, outcome: Outcome) -> Turn:
        """Store an answer and make the turn head, if head has not moved since the wish; return the stored turn.

        The paid answer of a turn that was cancelled meanwhile stays in the tree, but is neither head nor delivered.
        The answer is durable after the next ``Database.flush``; drop its raw answer only then. Raises:
        :class:`TurnMovedOn` for a deleted turn.
        """
        values = {"turn": turn.id, "new_answered_at": now(), **write_outcome(outcome)}
        async with self._database.begin(durable=False) as connection:
            row = (await connection.execute(statements.ANSWER, values)).mappings().one_or_none()
            if row is None:
                raise TurnMovedOn(turn.id)
            stored = read_turn(row)
            await link_media_to_turn(connection, self._media, turn.id, outcome.media)
            if stored.restored and not await enter_restored(connection, self._media, turn.id, stored.restored):
                stored = replace(stored, restored=None, shown=stored.painted)
            if stored.state is not TurnState.CANCELLED:
                await lead(connection, stored)
            return stored

    async def take_restored(self, turn: Turn, *, taken: bool) -> Turn:
        """Take the restored picture of an answer, or the model's; one that is not stored yet is stored.

        Raises: :class:`TurnMovedOn` where there is none, or no answer or source any more.
        """
        async with self._database.begin() as connection:
            return await take_restored(connection, self._media, turn, taken=taken)

    @again_after_deadlock
    async def cancel(
        self,
        turn: Turn,
        update_id: int | None = None,
        notice: Json | None = None,
        author_id: int | None = None,
        *,
        brake: Brake | None = None,
    ) -> bool:
        """Cancel a turn and its batch if there is no answer yet; False if too late. See ``cancelling.cancel_batch``.

        The update that asked for it gets the ``notice`` to send. Waiting pictures stop waiting, only those of
        ``author_id`` if one is given. Raises: ``StoppedEnough``, changing nothing, if the ``brake`` forbids it.
        """
        async with self._database.begin() as connection:
            if not await cancel_batch(connection, turn, brake):
                return False
            if update_id is not None:
                await end_waiting(connection, turn.conversation_id, author_id=author_id)
                await finish_updates(connection, (update_id,), notice)
            return True

    async def withdraw(
        self,
        conversation_id: int,
        update_ids: Iterable[int],
        cancel_id: int,
        notice: Json,
        *,
        along: Iterable[int] = (),
        links: Sequence[MessageLink] = (),
        author_id: int | None = None,
    ) -> bool:
        """Cancel a wish that is no turn yet, by its updates; False, changing nothing, if they already had an effect.

        ``along``: further updates, which end together with them. ``links``: the new meaning of their messages.
        """
        async with self._database.begin() as connection:
            await end_waiting(connection, conversation_id, author_id=author_id)
            await save_links(connection, conversation_id, links)
            if withdrawn := await withdraw_updates(connection, update_ids, along):
                await finish_updates(connection, (cancel_id,), notice)
            else:
                await connection.rollback()
            return withdrawn

    async def join(self, turn: Turn, pictures: Sequence[InputPicture], links: Sequence[MessageLink], done: int) -> bool:
        """Add pictures to a turn whose call has not begun, and end their update ``done``; False if too late.

        Raises: ``GoneMeanwhile`` if the update was deleted meanwhile.
        """
        joined = dumps([picture_json(picture) for picture in (*turn.pictures, *pictures)])
        waiting = (turns.c.id == turn.id) & (turns.c.state == TurnState.ACCEPTED.value)
        async with self._database.begin() as connection:
            if not (await connection.execute(update(turns).where(waiting).values(pictures=joined))).rowcount:
                return False
            await self._store_pictures(connection, turn.id, pictures)
            await save_links(connection, turn.conversation_id, [replace(link, turn_id=turn.id) for link in links])
            await use_updates(connection, (done,))
            return True

    @again_after_deadlock
    async def set_state(self, turn_id: int, state: TurnState, *, error: Json | None = None) -> None:
        """Set the state of a turn, unless it was cancelled meanwhile. The first reason of a failure stays."""
        values: Json = {"state": state.value}
        if error is not None:
            values["error"] = func.coalesce(turns.c.error, dumps(error))
        async with self._database.begin() as connection:
            open_turn = (turns.c.id == turn_id) & (turns.c.state != TurnState.CANCELLED.value)
            await connection.execute(update(turns).where(open_turn).values(values))
            if state is TurnState.FAILING:
                await end_redo(connection, turn_id)

    async def _count(self, turn_id: int, what: Column[int]) -> int:
        counted = update(turns).where(turns.c.id == turn_id).values({what: what + 1}).returning(what)
        async with self._database.begin() as connection:
            return int((await connection.execute(counted)).scalar_one())

    async def _store_pictures(self, connection: AsyncConnection, turn_id: int, sent: Sequence[InputPicture]) -> None:
        await link_media_to_turn(connection, self._media, turn_id, media_of(sent), authors_of(sent))

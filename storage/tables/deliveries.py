"""Tracks what is sent: the messages of an answer, and pictures that are sent because of an update.

Imports SQLAlchemy, ``engine``, ``records``, ``rows``, ``schema``, ``messages``, ``media``, ``cancelling`` and
``media_rows``. A message is recorded before it is sent and again afterwards. If only the first record exists, the
outcome is unknown: Telegram has no idempotency key and no way to ask (telegram-bot-api issue 126).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, case, delete, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database
from storage.media.store import Media
from storage.records import InputPicture, KeptBack, Key, MessageLink, SendState, Turn, TurnState
from storage.rows.codec import authors_of, media_of
from storage.rows.upsert import TurnMovedOn, insert_beside, insert_into
from storage.schema import UNANNOUNCED_SQL, conversations, messages, steps, turns, uploads
from storage.tables.cancelling import uproot
from storage.tables.media_rows import link_media_to_turn
from storage.tables.messages import save_links

_RECORDS = select(steps.c.position, steps.c.state).where(steps.c.turn_id == bindparam("turn"))
# A message of the turn has not certainly arrived.
_DOUBTED = exists().where(steps.c.turn_id == bindparam("turn"), steps.c.state != SendState.SENT.value)
_BROUGHT = turns.c.id.in_(bindparam("brought", expanding=True))
_IS_DELIVERED = and_(_BROUGHT, ~_DOUBTED)
_SAME_BATCH = select(turns.c.set_id).where(turns.c.id == bindparam("turn")).scalar_subquery()
_END = (
    update(turns)
    .where(
        or_(_BROUGHT, turns.c.id == bindparam("turn"), turns.c.set_id == _SAME_BATCH),
        turns.c.state == TurnState.ANSWERED.value,
    )
    .values(
        state=case((_IS_DELIVERED, TurnState.DELIVERED.value), else_=turns.c.state),
        kept_back=case((_IS_DELIVERED, None), else_=KeptBack.ANNOUNCED.value),
    )
    .returning(turns.c.id, turns.c.state)
)
_UNANNOUNCED = (
    select(turns.c.id)
    .join(conversations, turns.c.conversation_id == conversations.c.id)
    .where(
        conversations.c.chat_id == bindparam("chat"),
        conversations.c.topic_id == bindparam("topic"),
        text(UNANNOUNCED_SQL),
    )
    .where(or_(turns.c.set_id.is_(None), turns.c.set_id == turns.c.id))
    .order_by(turns.c.id)
    .limit(bindparam("most"))
)

MOST_TAKEN_UP = 3
"""The most late answers that are sent at once, so that a long outage does not flood a chat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendRecord:
    """What is known of one message of an answer. ``position`` counts from 0."""

    turn_id: int
    position: int
    state: SendState


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryResult:
    """The result of a delivery: the delivered turns, and those of the same batch that were kept back."""

    delivered: frozenset[int] = frozenset()
    kept_back: frozenset[int] = frozenset()


class Deliveries:
    """The messages of answers by turn, and uploads by update."""

    def __init__(self, database: Database, media: Media) -> None:
        self._database = database
        self._media = media

    async def of(self, turn_id: int) -> dict[int, SendState]:
        """Return the states of the messages whose sending has begun, by position."""
        async with self._database.connect() as connection:
            found = await connection.execute(_RECORDS, {"turn": turn_id})
            return {row.position: SendState(row.state) for row in found}

    async def begin(self, turn_id: int) -> dict[int, SendState]:
        """Record that the first message begins, and return {}; if it began before, return the states like :meth:`of`.

        Raises: ``TurnMovedOn`` for a deleted turn.
        """
        async with self._database.begin() as connection:
            if await _begin_first(connection, turn_id):
                return {}
        if known := await self.of(turn_id):
            return known
        raise TurnMovedOn(turn_id)

    async def record(self, message: SendRecord) -> None:
        """Record that a message begins, or that its outcome is unknown. Raises: ``TurnMovedOn`` for a deleted turn."""
        async with self._database.begin() as connection:
            if not await _write_record(connection, message):
                raise TurnMovedOn(message.turn_id)

    async def withdraw(self, turn_id: int, position: int) -> None:
        """Record that a message whose sending had begun certainly did not arrive."""
        meant = (steps.c.turn_id == turn_id) & (steps.c.position == position)
        async with self._database.begin() as connection:
            await connection.execute(delete(steps).where(meant))

    async def sent(
        self, message: SendRecord, conversation_id: int, links: Sequence[MessageLink], *, brings: Collection[int] = ()
    ) -> DeliveryResult:
        """Store the outcome of a message, and the links of the messages that Telegram made of it (an album is several).

        ``brings``: with the last message, all turns that the delivery answers; this ends it, see :meth:`end`.
        """
        async with self._database.begin() as connection:
            await _write_record(connection, message)
            await save_links(connection, conversation_id, links)
            return await _end(connection, message.turn_id, brings) if brings else DeliveryResult()

    async def end(self, turn_id: int, brings: Collection[int]) -> DeliveryResult:
        """End a delivery: if every message has arrived, the turns in ``brings`` are delivered, else they are kept back.

        Other answered turns of the same batch are kept back as well. The person knows of all that is kept back.
        """
        async with self._database.begin() as connection:
            return await _end(connection, turn_id, brings)

    async def keep_back(self, turn_id: int, *, announced: bool) -> int:
        """Stop sending the answers or failure messages of a turn and its batch automatically; return how many answers.

        ``announced``: the person knows and can ask for them. Otherwise they are sent when the person writes again.
        """
        meant = or_(turns.c.id == turn_id, turns.c.set_id == turn_id)
        answered, failing = (meant & (turns.c.state == one.value) for one in (TurnState.ANSWERED, TurnState.FAILING))
        kept = {"kept_back": (KeptBack.ANNOUNCED if announced else KeptBack.UNANNOUNCED).value}
        async with self._database.begin() as connection:
            count = (await connection.execute(update(turns).where(answered).values(kept))).rowcount
            # A failure has no answer to show later, so it is over once the person knows.
            ended = {"state": TurnState.FAILED.value} if announced else kept
            await connection.execute(update(turns).where(failing).values(ended))
        return count

    async def take_up(self, key: Key) -> bool:
        """Mark the oldest answers that nobody in a conversation knows of for sending; return whether there were any."""
        named = {"chat": key.chat_id, "topic": key.topic_id, "most": MOST_TAKEN_UP}
        async with self._database.connect() as connection:
            unannounced = list((await connection.execute(_UNANNOUNCED, named)).scalars())
        if not unannounced:
            return False
        meant = or_(turns.c.id.in_(unannounced), turns.c.set_id.in_(unannounced))
        async with self._database.begin() as connection:
            again = update(turns).where(meant, turns.c.kept_back == KeptBack.UNANNOUNCED.value)
            await connection.execute(again.values(kept_back=None))
        return True

    async def shown(self, turn_ids: Collection[int]) -> None:
        """Note that answers that were kept back were delivered after all."""
        late = update(turns).where(turns.c.id.in_(turn_ids), turns.c.state == TurnState.ANSWERED.value)
        async with self._database.begin() as connection:
            await connection.execute(late.values(state=TurnState.DELIVERED.value, kept_back=None))

    async def move(self, turn: Turn, conversation_id: int, pictures: Sequence[InputPicture]) -> None:
        """Move a turn and its batch to another conversation, because their topic is gone. They become roots there.

        ``pictures``: those of the wish, with the one that it was about before. Raises: ``GoneMeanwhile`` if that
        conversation was deleted meanwhile.
        """
        moved = [turn.id] if turn.batch_id is None else select(turns.c.id).where(turns.c.set_id == turn.batch_id)
        of_them = messages.c.turn_id.in_(moved)
        async with self._database.begin() as connection:
            for turn_id in await uproot(connection, turn, conversation_id, pictures):
                await link_media_to_turn(connection, self._media, turn_id, media_of(pictures), authors_of(pictures))
            await connection.execute(update(messages).where(of_them).values(conversation_id=conversation_id))

    async def upload_state(self, update_id: int, position: int) -> SendState | None:
        """Return the state of a picture that is sent because of an update, None if its sending has not begun."""
        found = select(uploads.c.state).where(uploads.c.update_id == update_id, uploads.c.position == position)
        async with self._database.connect() as connection:
            state = (await connection.execute(found)).scalar_one_or_none()
        return SendState(state) if state is not None else None

    async def record_upload(self, update_id: int, position: int, state: SendState) -> None:
        """Set the state of a picture that is sent because of an update."""
        row = {"update_id": update_id, "position": position, "state": state.value}
        async with self._database.begin() as connection:
            statement = insert_into(uploads, connection).values(row)
            changed = {"state": state.value}
            await connection.execute(
                statement.on_conflict_do_update(index_elements=["update_id", "position"], set_=changed)
            )

    async def withdraw_upload(self, update_id: int, position: int) -> None:
        """Note that a begun upload certainly did not arrive."""
        meant = (uploads.c.update_id == update_id) & (uploads.c.position == position)
        async with self._database.begin() as connection:
            await connection.execute(delete(uploads).where(meant))


async def _end(connection: AsyncConnection, turn_id: int, brings: Collection[int]) -> DeliveryResult:
    ended = (await connection.execute(_END, {"turn": turn_id, "brought": sorted(brings)})).all()
    delivered = frozenset(row.id for row in ended if row.state == TurnState.DELIVERED.value)
    return DeliveryResult(delivered=delivered, kept_back=frozenset(row.id for row in ended) - delivered)


async def _begin_first(connection: AsyncConnection, turn_id: int) -> bool:
    """Record that the first message begins; False, changing nothing, if it began before or the turn was deleted."""
    row = {"turn_id": turn_id, "position": 0, "state": SendState.SENDING.value}
    begun = insert_beside(steps, connection, turns.c.id, "turn_id", ())
    return bool((await connection.execute(begun, row)).rowcount)


async def _write_record(connection: AsyncConnection, message: SendRecord) -> bool:
    row = {"turn_id": message.turn_id, "position": message.position, "state": message.state.value}
    written = insert_beside(steps, connection, turns.c.id, "turn_id", ("state",))
    return bool((await connection.execute(written, row)).rowcount)

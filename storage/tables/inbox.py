"""Updates as Telegram delivered them, stored before they are confirmed to Telegram.

Imports SQLAlchemy, ``books``, ``column_types``, ``engine``, ``records``, ``rows`` and ``schema``. An update stays until
its effect is stored; then only its id is kept, so that a redelivery is recognised.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Integer, and_, bindparam, case, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.books.books import book_listening
from storage.books.values import Listened
from storage.column_types import plain
from storage.engine.database import Database, now
from storage.records import InboxRow, Json, Key, Press, TurnState
from storage.rows.codec import dumps, read_inbox
from storage.rows.upsert import GoneMeanwhile, insert_or_pass
from storage.schema import Id, inbox, steps, turns, uploads

KEEP_DONE_S = 7 * 24 * 3600
"""How long the id of a finished update is kept. Telegram redelivers for 24 h at most (Bot API, getUpdates)."""

KEEP_TAP_S = 24 * 3600
"""How long the button of a press is kept, so that a second press is recognised while the first one takes effect."""

SWEPT_AT_ONCE = 5000
"""Rows that one transaction deletes, so that others need not wait long."""

NOTICE_LEFT = "told"
"""The state of an update whose effect is stored and whose notice must still be sent; the stored word is older."""

FOUND_OUT = "pentimento"
"""The field that the bot adds to a stored update; Telegram has none of this name."""

OPEN = ("new", NOTICE_LEFT)
"""The states of an update that is not done."""

KEPT = "kept"
"""The state of an update of somebody whom no owner has let in yet. See ``storage.guests``."""

_OPEN_UPDATES = (
    select(inbox)
    .where(inbox.c.state.in_(OPEN), inbox.c.chat_id == bindparam("chat_id"), inbox.c.topic_id == bindparam("topic_id"))
    .order_by(inbox.c.state.desc(), inbox.c.update_id)
    .limit(bindparam("most", type_=Integer))
)
FIRST_OPEN = (
    select(inbox.c.update_id)
    .where(inbox.c.state.in_(OPEN), inbox.c.chat_id == bindparam("chat"), inbox.c.topic_id == bindparam("topic"))
    .order_by(inbox.c.state.desc(), inbox.c.update_id)
    .limit(1)
)
"""The number of the update that a conversation handles next, as :meth:`Inbox.open_updates` orders them."""

_COUNT_OPEN = select(func.count()).select_from(inbox).where(inbox.c.state.in_(OPEN))
DONE = {"state": "done", "payload": "", "notice": None, "chat_id": 0, "topic_id": 0}
"""The values of a finished update. Its id stays and, for some hours, the button of a press."""

FORGOTTEN = {**DONE, "tap": None, "callback_id": None, "turn_id": None, "tries": -1}
"""The values of an update whose sender had it deleted. Its id stays, and it must not have any effect."""

CHANGED = 1000
"""Added to the tries of an update from which somebody else's content was deleted: who read it before stores nothing."""

_FINISH = update(inbox).where(inbox.c.update_id.in_(bindparam("these", expanding=True))).values(DONE)
_IS_AS_READ = inbox.c.tries.between(0, CHANGED - 1)
_USE = _FINISH.where(_IS_AS_READ).values(turn_id=bindparam("turn", type_=Id))
_NOT_AS_READ = select(inbox.c.update_id).where(inbox.c.update_id.in_(bindparam("these", expanding=True)), ~_IS_AS_READ)
_WITHOUT_MARK = case((inbox.c.tries >= CHANGED, inbox.c.tries - CHANGED), else_=inbox.c.tries)
_BEGUN = exists().where(steps.c.turn_id == inbox.c.turn_id).correlate(inbox)
_UNSEEN = exists().where(
    or_(turns.c.id == inbox.c.turn_id, turns.c.set_id == inbox.c.turn_id),
    or_(
        turns.c.state.in_((TurnState.ACCEPTED.value, TurnState.CALLING.value)),
        and_(turns.c.state == TurnState.ANSWERED.value, turns.c.kept_back.is_(None), ~_BEGUN),
    ),
)
"""The turn that a press asked for has not been sent yet, so nobody can have seen it."""

_UNDER_WAY = select(inbox.c.tap).where(
    inbox.c.tap.in_(bindparam("taps", expanding=True)), or_(inbox.c.state.in_(OPEN), _UNSEEN)
)


async def use_updates(connection: AsyncConnection, update_ids: Iterable[int], *, turn_id: int | None = None) -> None:
    """Mark updates as done by the effect that a running transaction stores, such as the turn ``turn_id``.

    Raises: :class:`GoneMeanwhile` if one was deleted or :data:`CHANGED` meanwhile; then none must have any effect.
    """
    ids = sorted(set(update_ids))
    if ids and (await connection.execute(_USE, {"these": ids, "turn": turn_id})).rowcount < len(ids):
        await check_updates(connection, ids)


async def check_updates(connection: AsyncConnection, update_ids: Iterable[int]) -> None:
    """Raise :class:`GoneMeanwhile` if one of these updates was deleted or changed meanwhile."""
    ids = sorted(set(update_ids))
    if ids and (await connection.execute(_NOT_AS_READ, {"these": ids})).first() is not None:
        raise GoneMeanwhile(f"updates {', '.join(map(str, ids))}")


async def finish_updates(connection: AsyncConnection, update_ids: Iterable[int], notice: Json | None = None) -> None:
    """Mark updates as done, within a running transaction. With a notice the open ones stay open until it was sent."""
    ids = sorted(set(update_ids))
    if not ids:
        return
    if notice is None:
        await connection.execute(_FINISH, {"these": ids})
        return
    # A row that was finished meanwhile does not name its conversation any more, so its notice could not be sent.
    open_ones = inbox.c.update_id.in_(ids) & inbox.c.state.in_(OPEN)
    await connection.execute(update(inbox).where(open_ones).values(state=NOTICE_LEFT, notice=dumps(notice)))


async def withdraw_updates(connection: AsyncConnection, update_ids: Iterable[int], along: Iterable[int]) -> bool:
    """End updates and those ``along``, within a running transaction; False, changing nothing, if too late."""
    if not (await connection.execute(_withdrawn(update_ids))).all():
        return False
    await connection.execute(_withdrawn(along))
    return True


def _withdrawn(update_ids: Iterable[int]) -> Any:
    """Return a statement that ends those of some updates that were not begun, and returns their ids."""
    meant = inbox.c.update_id.in_(sorted(set(update_ids))) & (inbox.c.state == "new")
    return update(inbox).where(meant).values(DONE).returning(inbox.c.update_id)


async def _pressed_meanwhile(connection: AsyncConnection, presses: Mapping[int, Press]) -> set[int]:
    """Return the presses that repeat an earlier press whose result was not sent yet.

    The earlier press was stored before, or it comes in the same batch. This is decided when presses are stored.
    Otherwise a person who saw the picture and pressed again would be taken for the repeat.
    """
    lasting = {update_id: plain(press.tap) for update_id, press in sorted(presses.items()) if press.lasting}
    if not lasting:
        return set()
    taps = set((await connection.execute(_UNDER_WAY, {"taps": sorted(set(lasting.values()))})).scalars())
    idle = {update_id for update_id, tap in lasting.items() if tap in taps}
    first: dict[str, int] = {}
    origin = {update_id: first.setdefault(tap, update_id) for update_id, tap in lasting.items()}
    repeats = {update_id: earlier for update_id, earlier in origin.items() if earlier != update_id}
    if repeats:
        # Telegram may deliver the first one again, long after its result was seen.
        stored = select(inbox.c.update_id).where(inbox.c.update_id.in_(sorted(set(repeats.values()))))
        known = set((await connection.execute(stored)).scalars())
        idle |= {update_id for update_id, earlier in repeats.items() if earlier not in known}
    return idle


class Post(Protocol):
    """Stores, in the transaction that stores updates, the jobs and notifications for other processes."""

    async def __call__(
        self, connection: AsyncConnection, stored: Iterable[tuple[Key, int]], urgent: Collection[int]
    ) -> None:
        """``stored``: new updates with their conversations; ``urgent``: those that overtake the queue."""
        ...


class Inbox:
    """The durable queue between Telegram and the conversations."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._swept_to = 0.0

    async def add(
        self,
        updates: Sequence[tuple[Key, Json]],
        presses: Mapping[int, Press] | None = None,
        urgent: Collection[int] = (),
        post: Post | None = None,
    ) -> set[int]:
        """Store updates and commit; return the ids of the new ones.

        They are durable after the next ``Database.flush``; do not confirm them to Telegram before. ``presses``: details
        of those that are pressed buttons. Telegram may deliver one press under two ids. A press that repeats one whose
        result nobody has seen yet is stored as done, so it has no effect. ``urgent``: those that overtake the
        queue. ``post`` writes jobs for the new ones in the same transaction.
        """
        if not updates:
            return set()
        presses = presses or {}
        rows = [
            {
                "update_id": payload["update_id"],
                "chat_id": key.chat_id,
                "topic_id": key.topic_id,
                "state": "new",
                "tries": 0,
                "payload": dumps(payload),
                "received_at": now(),
                "callback_id": press.callback_id if press else None,
                "tap": press.tap if press else None,
                "notice": None,
            }
            for key, payload in updates
            for press in [presses.get(payload["update_id"])]
        ]
        async with self._database.begin(durable=False) as connection:
            idle = await _pressed_meanwhile(connection, presses)
            for row in rows:
                if row["update_id"] in idle:
                    row |= DONE
            statement = insert_or_pass(inbox, connection, inbox.c.update_id)
            new = set((await connection.execute(statement, rows)).scalars())
            if post is not None:
                posted = new - idle
                stored = [(key, payload["update_id"]) for key, payload in updates if payload["update_id"] in posted]
                await post(connection, stored, urgent)
            return new

    async def row(self, update_id: int) -> InboxRow | None:
        """Return an open update, or None."""
        found = select(inbox).where(inbox.c.update_id == update_id, inbox.c.state.in_(OPEN))
        async with self._database.connect() as connection:
            row = (await connection.execute(found)).mappings().one_or_none()
        return read_inbox(row) if row else None

    async def keep_unusable(self, bodies: Iterable[str]) -> int:
        """Set aside, for the operator, request bodies that are no updates; return how many are new.

        Each gets a negative id, which Telegram never uses, made from its text, so that a redelivery is recognised.
        """
        rows = [
            {
                "update_id": -1 - (int.from_bytes(hashlib.sha256(body.encode()).digest()[:8]) >> 2),
                "chat_id": 0,
                "topic_id": 0,
                "state": "aside",
                "tries": 0,
                "payload": body,
                "received_at": now(),
            }
            for body in map(plain, bodies)
        ]
        if not rows:
            return 0
        async with self._database.begin() as connection:
            statement = insert_or_pass(inbox, connection, inbox.c.update_id)
            return len((await connection.execute(statement, rows)).all())

    async def flush(self) -> None:
        """Return once all stored updates are durable. Raises: ``StorageFault``."""
        await self._database.flush()

    async def open_updates(self, key: Key, *, limit: int = 20) -> list[InboxRow]:
        """Return the open updates of a conversation by id; those with a notice to send come first."""
        asked = {"chat_id": key.chat_id, "topic_id": key.topic_id, "most": limit}
        async with self._database.connect() as connection:
            return [read_inbox(row) for row in (await connection.execute(_OPEN_UPDATES, asked)).mappings()]

    async def keys(self) -> list[Key]:
        """Return the conversations with open updates."""
        found = select(inbox.c.chat_id, inbox.c.topic_id).where(inbox.c.state.in_(OPEN)).distinct()
        async with self._database.connect() as connection:
            return [Key(*row) for row in await connection.execute(found)]

    async def count_open(self) -> int:
        """Return the number of open updates in all conversations."""
        async with self._database.connect() as connection:
            return int((await connection.execute(_COUNT_OPEN)).scalar_one())

    async def tapped_before(self, update_id: int, within_s: float) -> bool:
        """Whether the same person pressed the same button up to ``within_s`` seconds before this press."""
        this, other = inbox.alias("this"), inbox.alias("other")
        apart_s = this.c.received_at - other.c.received_at
        found = (
            select(other.c.update_id)
            .join(this, this.c.tap == other.c.tap)
            .where(this.c.update_id == update_id, other.c.update_id < update_id, apart_s.between(0, within_s))
            .limit(1)
        )
        async with self._database.connect() as connection:
            return (await connection.execute(found)).first() is not None

    async def try_again(self, update_id: int) -> int:
        """Count a try of an update; return the number of tries."""
        counted = update(inbox).where(inbox.c.update_id == update_id).values(tries=_WITHOUT_MARK + 1)
        async with self._database.begin() as connection:
            return int((await connection.execute(counted.returning(inbox.c.tries))).scalar_one())

    async def read_anew(self, key: Key) -> None:
        """Let the open updates of a conversation have an effect again that were changed; the caller reads them anew."""
        here = (inbox.c.chat_id == key.chat_id) & (inbox.c.topic_id == key.topic_id) & inbox.c.state.in_(OPEN)
        async with self._database.begin() as connection:
            await connection.execute(update(inbox).where(here, inbox.c.tries >= CHANGED).values(tries=_WITHOUT_MARK))

    async def finish(self, update_ids: Iterable[int], notice: Json | None = None) -> None:
        """Mark updates as done. With a notice they stay open until it was sent."""
        async with self._database.begin() as connection:
            await finish_updates(connection, update_ids, notice)

    async def found_out(self, update_id: int) -> Json:
        """Return what :meth:`note` kept about an open update; nothing about another."""
        row = await self.row(update_id)
        found = row.payload.get(FOUND_OUT) if row else None
        return found if isinstance(found, dict) else {}

    async def note(self, update_id: int, name: str, value: Any, listened: Listened | None = None) -> None:
        """Keep with an open update something that was found out about it and must not be paid for or done twice.

        It is durable, and goes when the update is done. ``listened``: what it cost, which is booked along with it.
        Raises: :class:`GoneMeanwhile` if the update was deleted.
        """
        meant = (inbox.c.update_id == update_id) & inbox.c.state.in_(OPEN)
        async with self._database.begin() as connection:
            found = await connection.execute(select(inbox).where(meant).with_for_update())
            row = found.mappings().one_or_none()
            if row is None:
                raise GoneMeanwhile(f"update {update_id}")
            payload = read_inbox(row).payload
            known = payload.get(FOUND_OUT)
            noted = {**payload, FOUND_OUT: {**(known if isinstance(known, dict) else {}), name: value}}
            await connection.execute(update(inbox).where(meant).values(payload=dumps(noted)))
            if listened is not None and listened.micro_usd:
                digest = hashlib.sha256(name.encode()).hexdigest()[:32]
                await book_listening(connection, listened, f"listening to {digest} of update {update_id}")

    async def set_aside(self, update_id: int) -> None:
        """Set aside an update that cannot be handled; its text stays for the operator."""
        async with self._database.begin() as connection:
            meant = (inbox.c.update_id == update_id) & inbox.c.state.in_(OPEN)
            await connection.execute(update(inbox).where(meant).values(state="aside"))

    async def sweep(self) -> int:
        """Delete the ids of updates that Telegram no longer redelivers; return how many.

        Also delete the buttons of old presses.
        """
        done, at, swept = inbox.c.state == "done", now(), 0
        pressed = (inbox.c.received_at >= self._swept_to) & (inbox.c.received_at < at - KEEP_TAP_S)
        async with self._database.begin() as connection:
            await connection.execute(update(inbox).where(done, pressed).values(tap=None, callback_id=None))
        self._swept_to = at - KEEP_TAP_S
        old = select(inbox.c.update_id).where(done, inbox.c.received_at < at - KEEP_DONE_S).limit(SWEPT_AT_ONCE)
        while True:
            async with self._database.begin() as connection:
                gone = (await connection.execute(delete(inbox).where(inbox.c.update_id.in_(old)))).rowcount
                if not gone:
                    left = ~exists().where(inbox.c.update_id == uploads.c.update_id)
                    await connection.execute(delete(uploads).where(left))
                    return swept
            swept += int(gone)

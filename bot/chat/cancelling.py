"""Cancelling: knows the turns and updates that this process works on, and stops them.

Imports ``identity``, ``acts``, ``at_once``, ``response``, ``authorization``, ``notices``, ``events``, ``parse``,
``turns``, ``background`` and ``storage``. Work is stopped by a cancel, by an edit that replaces its turn, by
``/forget`` and ``/block``, and where the bot was removed or blocked.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bot.background import BackgroundTasks
from bot.chat.authorization import Authorization
from bot.chat.commands.notices import cancel_notice
from bot.chat.events import updates_of
from bot.chat.identity import BotIdentity
from bot.chat.receive.acts import act_of, wish_in
from bot.chat.receive.at_once import AtOnce
from bot.chat.response import ENDED_BY_BLOCK
from bot.chat.updates import parse
from bot.turns.turns import Turns
from storage.books.braking import Brake, StoppedEnough
from storage.records import InboxRow, Key, Role, Turn, TurnState
from storage.store import Store

log = logging.getLogger(__name__)

MOST_STOPPED = 200
"""Among how many waiting updates of a conversation wishes to stop are looked for."""

STOPS_A_DAY = 3
"""How many bought pictures somebody may stop in a day after their calls began: they come back, but may be billed."""

T = TypeVar("T")


class Stopped(Exception):
    """Somebody stopped the work: by a cancel, an edit, ``/forget`` or ``/block``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningTurn:
    """A turn that this process works on. ``call``: the task to cancel. ``language``: of a notice about it."""

    turn: Turn
    call: asyncio.Task[list[Turn]]
    language: str


@dataclass(slots=True, kw_only=True)
class HandledUpdate:
    """An update that this process handles.

    ``update_ids``: all updates that end with it, as far as they are known. ``wish``: whether it is a wish, since a
    cancel stops only wishes. ``work``: the task that handles it. ``cancelling``: the task of a cancel that stops it.
    """

    row: InboxRow
    update_ids: list[int]
    language: str = ""
    wish: bool = False
    work: asyncio.Task[None] | None = field(default=None)
    cancelling: asyncio.Task[None] | None = field(default=None)


class Cancelling:
    """Stops turns and updates. Knows for each conversation what this process works on."""

    def __init__(
        self, identity: BotIdentity, store: Store, turns: Turns, authorization: Authorization, at_once: AtOnce
    ) -> None:
        self._identity = identity
        self._store = store
        self._turns = turns
        self._authorization = authorization
        self._at_once = at_once
        self._background = BackgroundTasks()
        self.turns_at_work: dict[Key, RunningTurn] = {}
        self.updates_at_work: dict[Key, HandledUpdate] = {}

    @contextmanager
    def running(self, key: Key, turn: RunningTurn) -> Iterator[None]:
        """Let a turn be stopped while the block runs."""
        self.turns_at_work[key] = turn
        try:
            yield
        finally:
            del self.turns_at_work[key]

    async def handle(self, update: HandledUpdate, handling: Coroutine[Any, Any, None]) -> None:
        """Handle an update as a task, so that a cancel can stop even a long download; return when it has ended.

        Raises: what ``handling`` raises.
        """
        work = update.work = asyncio.create_task(handling, name=f"update {update.row.update_id}")
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            if update.cancelling is None:
                await _end(work)
                raise
            await asyncio.wait({update.cancelling})

    async def bar(self, turn: Turn) -> bool:
        """Cancel a turn of somebody who was blocked before its answer arrived; return whether that was done."""
        if self._authorization.may_begin(turn) or not await self._store.conversations.cancel(turn):
            return False
        await self._turns.settle_cancelled(turn)
        return True

    def stop_ended(self, turn_ids: Collection[int]) -> None:
        """Stop turns that run in this process and were forgotten, or cancelled because somebody was blocked.

        What arrives afterwards for a forgotten turn is deleted.
        """
        for running in self.turns_at_work.values():
            if running.turn.id in turn_ids:
                running.call.cancel()
                self._background.run(self._delete(running.call, turn_ids))

    async def look_for_ended(self) -> None:
        """Stop running turns that were forgotten or cancelled without a notification of this process."""
        for running in list(self.turns_at_work.values()):
            stored = await self._store.conversations.turn(running.turn.id)
            if stored is None or stored.is_forgotten or stored.state is TurnState.CANCELLED:
                self.stop_ended([running.turn.id])

    def cancel(self, row: InboxRow) -> asyncio.Task[None]:
        """Let a cancel stop what its conversation works on; returns at once, with the task that does it.

        The update stays in the queue where there is nothing to stop, or where it names another turn.
        """
        running, update = self.turns_at_work.get(row.key), self.updates_at_work.get(row.key)
        named = parse.turn_to_cancel(row.payload)
        if running is not None:
            return self._background.run(self._cancel_turn(row, running, named))
        if named is None and update is not None and update.wish and update.cancelling is None:
            update.cancelling = self._background.run(self._cancel_update(row, update))
            return update.cancelling
        return self._background.run(self._cancel_moved(row, named))

    def leave(self, row: InboxRow) -> None:
        """Stop everything in a chat where the bot may not write any more, by the update that says so."""
        self._background.run(self._leave(row))

    async def close(self) -> None:
        """Wait for cancels that have begun."""
        await self._background.finish()

    async def _cancel_turn(self, row: InboxRow, running: RunningTurn, named: int | None) -> None:
        if named not in (None, running.turn.id):
            members = await self._store.conversations.batch_of(running.turn)
            if named not in [member.id for member in members]:
                return
        event = self._identity.read(row)
        if not await self._authorization.may_stop(event, running.turn):
            return
        notice = cancel_notice(event, running.language, await self._count_waiting(row))
        sender = event.author.id if event is not None and not event.private else None
        brake = self._brake(running.turn)
        try:
            if await self._store.conversations.cancel(running.turn, row.update_id, notice, sender, brake=brake):
                running.call.cancel()
        except StoppedEnough:
            notice = {"key": "not-stopped", "turn_id": None, "language": running.language}
            await self._store.inbox.finish([row.update_id], notice)
            self._at_once.say(replace(row, notice=notice))

    def _brake(self, turn: Turn) -> Brake:
        """Return how often the payer of a turn may have bought pictures stopped today.

        A bought picture that is stopped comes back, whatever its call costs. Without an end to that, one of them could
        cost any amount.
        """
        payer, calendar = turn.asker or turn.author, self._turns.answering.policy.limits.calendar
        return Brake(person_id=payer.id, day=calendar.day(time.time()), most=STOPS_A_DAY)

    async def _cancel_update(self, row: InboxRow, update: HandledUpdate) -> None:
        """Stop the handling of an update. If it made a turn already, that turn finds the cancel when it begins."""
        event = self._identity.read(row)
        if update.work is None or not await self._authorization.may_stop(event, None):
            update.cancelling = None
            return
        update.work.cancel()
        await asyncio.wait({update.work})
        # While an act was gathered, only the inbox knew its messages.
        act = await act_of(self._store.inbox, update.row, self._identity.read)
        waiting = await self._count_waiting(row, {*update.update_ids, *updates_of(act)})
        notice = cancel_notice(event, update.language, waiting)
        sender = event.author.id if event is not None and not event.private else None
        conversation = await self._store.conversations.open(row.key)
        # Late pictures of a cancelled album are recognised by these links.
        ended = [said.link(Role.REQUEST, None) for said in act if said.album]
        withdrawn = await self._store.conversations.withdraw(
            conversation.id,
            update.update_ids,
            row.update_id,
            notice,
            along=updates_of(act),
            links=ended,
            author_id=sender,
        )
        if not withdrawn:
            await self._store.conversations.drop_empty(row.key)

    async def _count_waiting(self, row: InboxRow, stopped: Collection[int] = ()) -> int:
        """Return how many wishes wait in the conversation of a cancel. ``stopped``: the updates that end with it."""
        open_now = await self._store.inbox.open_updates(row.key, limit=MOST_STOPPED)
        behind = [one for one in open_now if one.notice is None and one.update_id not in (row.update_id, *stopped)]
        return len({wish for one in behind if (wish := wish_in(one, self._identity.read)) is not None})

    async def _cancel_moved(self, row: InboxRow, named: int | None) -> None:
        """Stop a turn that still runs under the key that a supergroup had as a group."""
        for key, running in await self._running_in(row.key.chat_id):
            if key.topic_id == row.key.topic_id and key != row.key:
                await self._cancel_turn(row, running, named)

    async def _running_in(self, chat_id: int) -> list[tuple[Key, RunningTurn]]:
        """Return the running turns of a chat, also under the key that it had before it became a supergroup."""
        moved = [parse.moved_from(row.payload) for row in await self._store.inbox.open_updates(Key(chat_id, 0))]
        chats = {chat_id, *moved, *await self._store.chats.moved_to(chat_id)}
        return [(key, running) for key, running in self.turns_at_work.items() if key.chat_id in chats]

    async def _leave(self, row: InboxRow) -> None:
        # Not by the row's key: an update of a group waits under the key of the supergroup once the move is stored.
        chat_id = parse.key_of(row.payload).chat_id
        # In this order, because the move may be stored in between.
        waiting = await self._store.inbox.open_updates(row.key, limit=MOST_STOPPED)
        chat = await self._store.chats.find(chat_id)
        moved = chat is not None and chat.moved_to is not None
        if moved or any(parse.moves_away(one.payload, chat_id) for one in waiting):
            # The chat goes on as a supergroup. Telegram cannot be asked whether it does: it says so only to a call that
            # writes in the old group (telegram-bot-api Client.cpp, check_chat_access).
            return
        log.info("chat %s: the bot was removed or blocked; what waits there ends", chat_id)
        # What waits ends first: as soon as a turn is stopped, the next wish would begin.
        ended = 0
        for key in await self._store.inbox.keys():
            if key.chat_id == chat_id:
                rows = await self._store.inbox.open_updates(key, limit=MOST_STOPPED)
                said = [one.update_id for one in rows if parse.is_said(one.payload) and one.update_id < row.update_id]
                await self._store.inbox.finish(said)
                ended += len(said)
        if chat_id > 0:
            # A person may come back. What is being painted is paid: it is kept back, and comes then.
            if ended:
                await self._store.chats.choose(chat_id, ENDED_BY_BLOCK, ended)
            return
        for _, running in await self._running_in(chat_id):
            # A bought picture that may not be stopped any more is finished, and kept back.
            with suppress(StoppedEnough):
                if await self._store.conversations.cancel(running.turn, brake=self._brake(running.turn)):
                    running.call.cancel()

    async def _delete(self, call: asyncio.Task[list[Turn]], turn_ids: Collection[int]) -> None:
        await asyncio.wait({call})
        stored = [await self._store.conversations.turn(turn_id) for turn_id in turn_ids]
        if any(turn is None or turn.is_forgotten for turn in stored):
            await self._turns.clean_up_forgotten(turn_ids)


async def stoppable(work: asyncio.Task[T]) -> T:
    """Return the result of a task that may be stopped. Raises: :class:`Stopped`, and what the task raises.

    Where the caller is cancelled instead, because the process ends, the task is cancelled, too.
    """
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        if work.cancelled():
            raise Stopped from None
        await _end(work)
        raise


async def _end(work: asyncio.Task[Any]) -> None:
    work.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await work

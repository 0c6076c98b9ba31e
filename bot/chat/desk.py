"""What one conversation does next: finish a turn, or take the next update out of the inbox.

May import everything in ``chat``, ``metrics``, ``turns`` and ``storage``. The dispatcher never runs two steps of a
conversation at once; everything here may stop at any await and be begun again by another process.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from weakref import WeakValueDictionary

from telegram import Bot

from bot.chat import intake
from bot.chat.albums import Albums
from bot.chat.delivery import Delivery, Place
from bot.chat.door import Door
from bot.chat.handlers import Handlers
from bot.chat.handover import Handover, said_of_cancel
from bot.chat.incoming import Incoming, Moved, Pressed, Said
from bot.chat.progress import Progress
from bot.chat.troubles import ChatMoved, Troubles
from bot.dispatch.base import Later, NoOthers, Others, Wake
from bot.metrics import Step
from bot.turns import Turns
from storage.records import InboxRow, Key, Turn, TurnState
from storage.store import Store

log = logging.getLogger(__name__)

DOUBLE_TAP_S = 2.0
"""A second press of the same button by the same person within this time means the same."""

OTHERS_S = 0.5
"""How long to wait for another process before looking again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    """A turn at work, which cancel stops."""

    turn: Turn
    call: asyncio.Task[list[Turn]]
    language: str


@dataclass(slots=True, kw_only=True)
class _Handling:
    """Updates in hand. A wish is ended by cancel as long as it had no effect, which ``settling`` decides."""

    update_ids: list[int]
    language: str
    work: asyncio.Task[None]
    wish: bool = False
    settling: asyncio.Task[None] | None = field(default=None)


class Desk:
    """Works through conversations, one step at a time."""

    def __init__(
        self,
        bot: Bot,
        me: intake.Me,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        handlers: Handlers,
        door: Door,
        albums: Albums,
        troubles: Troubles,
    ) -> None:
        self._bot = bot
        self._me = me
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._handlers = handlers
        self._door = door
        self._albums = albums
        self._troubles = troubles
        self._handover = Handover(store, turns, delivery, troubles)
        self._running: dict[Key, _Running] = {}
        self._handling: dict[Key, _Handling] = {}
        self._refusing: dict[int, asyncio.Task[None]] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._background: set[asyncio.Task[None]] = set()
        self.wake: Wake = lambda _: False
        self.others: Others = NoOthers()

    async def step(self, key: Key) -> bool:
        """Do the next piece of work of a conversation; return False when there is none. Raises: ``Later``."""
        try:
            return await self._step(key)
        except ChatMoved as moved:
            self.wake(Key(moved.chat_id, key.topic_id))
            return True

    async def _step(self, key: Key) -> bool:
        turn = await self._store.conversations.next_unfinished(key)
        if turn is not None:
            # A group that becomes a supergroup while it is painted for has two keys, and still one painter.
            if await self.others.busy_with(key):
                raise Later(OTHERS_S, "another process still works on what this group was")
            lock = self._locks.setdefault(turn.conversation_id, asyncio.Lock())
            taken = lock.locked()
            async with lock:
                if taken:
                    turn = await self._store.conversations.next_unfinished(key)
                if turn is not None:
                    await self._finish(turn, key)
            return True
        rows = await self._store.inbox.waiting(key, limit=1)
        if not rows:
            return False
        await self._take(rows[0], key)
        return True

    def cancel(self, row: InboxRow) -> None:
        """Stop what a conversation is working on; called beside :meth:`step`, so that it overtakes what waits.

        With nothing to stop, the update stays in the queue: a turn that begins before its time finds it there. So does
        one that names another turn than the one at work, or any while there is none yet.
        """
        running, handling = self._running.get(row.key), self._handling.get(row.key)
        named = intake.turn_to_cancel(row.payload)
        if intake.is_left(row.payload):
            self._run(self._leave(row))
        elif running is not None:
            self._run(self._cancel(row, running, named))
        elif named is None and handling is not None and handling.wish and handling.settling is None:
            handling.settling = self._run(self._drop(row, handling))
        else:
            self._run(self._cancel_moved(row, named))

    async def look_for_cancels(self) -> None:
        """Find the cancels of running turns of which nobody could tell this process."""
        for key in list(self._running):
            await self._cancel_if_asked(key)

    async def refuse(self, rows: Sequence[InboxRow], language: str, limit: int, *, silent: bool) -> None:
        """End updates for which there is no room; say so at once, beside whatever the conversation is doing."""
        first, rest = rows[0], rows[0 if silent else 1 :]
        await self._store.inbox.finish([row.update_id for row in rest])
        if silent:
            return
        language = await self._language(first.key) or language
        notice = {"key": "busy", "turn_id": None, "language": language, "values": {"limit": limit}}
        told = InboxRow(
            update_id=first.update_id, key=first.key, payload={}, tries=0, received_at=first.received_at, notice=notice
        )
        await self._store.inbox.finish([first.update_id], notice)
        task = self._refusing[first.update_id] = self._run(self._tell_refusal(told))
        task.add_done_callback(lambda _: self._refusing.pop(first.update_id, None))

    async def close(self) -> None:
        """Let what runs beside the conversations end."""
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _tell_refusal(self, row: InboxRow) -> None:
        try:
            async with self.others.claimed(row.update_id) as mine:
                if mine:
                    await self._handlers.tell(row)
        except Exception as error:
            # The notice is stored: the conversation's own worker says it, with all that it knows of failures.
            log.info("update %s: %s; it is told later", row.update_id, error)
            self.wake(row.key)

    async def _cancel(self, row: InboxRow, running: _Running, named: int | None) -> None:
        if named not in (None, running.turn.id):
            members = await self._store.conversations.set_of(running.turn)
            if named not in [member.id for member in members]:
                return
        event = self._read(row)
        if not await self._door.may_stop(event, running.turn):
            return
        notice = said_of_cancel(event, running.language)
        if await self._store.conversations.cancel(running.turn, row.update_id, notice):
            running.call.cancel()

    async def _cancel_moved(self, row: InboxRow, named: int | None) -> None:
        """Stop what a supergroup still has painted as the group that it was."""
        for key, running in await self._running_in(row.key.chat_id):
            if key.topic_id == row.key.topic_id and key != row.key:
                await self._cancel(row, running, named)

    async def _running_in(self, chat_id: int) -> list[tuple[Key, _Running]]:
        """Return the turns at work for a chat, also under the key that it had before it became a supergroup."""
        told = [intake.moved_from(row.payload) for row in await self._store.inbox.waiting(Key(chat_id, 0))]
        chats = {chat_id, *told, *await self._store.chats.moved_to(chat_id)}
        return [(key, running) for key, running in self._running.items() if key.chat_id in chats]

    async def _leave(self, row: InboxRow) -> None:
        """Stop everything in a chat where the bot may not write any more, and forget what waits there."""
        chat = await self._store.chats.find(row.key.chat_id)
        waiting = await self._store.inbox.waiting(row.key, limit=200)
        if (chat is not None and chat.moved_to is not None) or any(intake.moves_away(one.payload) for one in waiting):
            # It goes on in the supergroup. Telegram cannot be asked whether it does: of a move it tells only who wants
            # to write in the old group (telegram-bot-api Client.cpp, check_chat_access).
            return
        log.info("chat %s is left", row.key.chat_id)
        for _, running in await self._running_in(row.key.chat_id):
            if await self._store.conversations.cancel(running.turn):
                running.call.cancel()
        for key in await self._store.inbox.keys():
            if key.chat_id == row.key.chat_id:
                said = filter(lambda one: intake.is_said(one.payload), await self._store.inbox.waiting(key, limit=200))
                await self._store.inbox.finish([one.update_id for one in said if one.update_id < row.update_id])

    async def _drop(self, row: InboxRow, handling: _Handling) -> None:
        """Stop the handling of updates; if it made a turn already, that finds the wish to cancel when it begins."""
        event = self._read(row)
        if not await self._door.may_stop(event, None):
            handling.settling = None
            return
        handling.work.cancel()
        await asyncio.wait({handling.work})
        notice = said_of_cancel(event, handling.language)
        await self._store.inbox.withdraw(handling.update_ids, row.update_id, notice)

    async def _finish(self, turn: Turn, key: Key) -> None:
        place = Place.of_turn(turn, key)
        if turn.state is TurnState.ACCEPTED:
            turn = await self._albums.catch_up(turn, key, self._read)
        progress = Progress(self._bot, self._delivery, place, turn.id)
        try:
            await self._finish_shown(turn, key, place, progress)
        finally:
            # Nobody need wait for that.
            self._run(progress.take_away())

    async def _finish_shown(self, turn: Turn, key: Key, place: Place, progress: Progress) -> None:
        call = asyncio.create_task(self._turns.run_set(turn, progress), name=f"turn {turn.id}")
        self._running[key] = _Running(turn=turn, call=call, language=place.language)
        try:
            # Only now: a cancel that is stored later than this look finds the turn running.
            await self._cancel_if_asked(key)
            async with progress.shown():
                turns = await asyncio.shield(call)
        except asyncio.CancelledError:
            if not call.cancelled():
                # It is this process that ends, not the wish: the next one takes the turn up again.
                call.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await call
                raise
            await self._turns.settle_cancelled(turn)
            return
        except Exception as error:
            call.cancel()
            await asyncio.wait({call})
            await self._troubles.call_failed(turn, error)
            return
        finally:
            del self._running[key]
        if all(one.state not in (TurnState.ACCEPTED, TurnState.CALLING) for one in turns):
            await self._handover.hand_over(turns, place)

    async def _cancel_if_asked(self, key: Key) -> None:
        """Find a cancel that waits already, from before a restart or from while the wish was fetched."""
        for row in await self._store.inbox.waiting(key, limit=50):
            if row.notice is None and intake.is_cancel(row.payload, self._bot, self._me):
                self.cancel(row)

    async def _take(self, row: InboxRow, key: Key) -> None:
        if row.update_id in self._refusing:
            await asyncio.wait({self._refusing[row.update_id]})
            return
        if row.notice is not None and row.notice["key"] == "busy":
            # Another process may be saying it right now, beside what this conversation does.
            async with self.others.claimed(row.update_id) as mine:
                if not mine:
                    raise Later(OTHERS_S, "another process says it")
                if await self._store.inbox.row(row.update_id) is not None:
                    await self._work(row, key)
            return
        await self._work(row, key)

    async def _work(self, row: InboxRow, key: Key) -> None:
        """Handle an update as a task of its own, so that cancel can stop even a long download."""
        handling = _Handling(update_ids=[row.update_id], language="", work=asyncio.create_task(asyncio.sleep(0)))
        handling.work = asyncio.create_task(self._handle(row, handling), name=f"update {row.update_id}")
        self._handling[key] = handling
        try:
            await asyncio.shield(handling.work)
        except asyncio.CancelledError:
            if handling.settling is None:
                handling.work.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await handling.work
                raise
            await asyncio.wait({handling.settling})
        except ChatMoved:
            raise
        except Exception as error:
            await self._troubles.handling_failed(row, error)
        finally:
            del self._handling[key]

    async def _handle(self, row: InboxRow, handling: _Handling) -> None:
        with self._delivery.answering(row.update_id):
            if row.notice is not None:
                await self._handlers.tell(row)
                return
            event = self._read(row)
            handling.wish = isinstance(event, Said)
            if event is None or await self._is_double(event):
                await self._store.inbox.finish([row.update_id])
                return
            chosen = await self._language(event.key)
            event = replace(event, chosen_language=chosen)
            handling.language = event.language
            if isinstance(event, Said) and event.album and not event.edited:
                album = await self._albums.gather(row, event, self._read)
                messages = [replace(said, chosen_language=chosen) for said in album]
                handling.update_ids[:] = [said.update_id for said in messages]
                if not await self._albums.came_late(messages):
                    await self._handlers.handle_album(messages)
            else:
                await self._handlers.handle(event)
            self._turns.answering.meter.took(Step.HANDLED, time.time() - row.received_at)
        if isinstance(event, Moved):
            raise ChatMoved(event.new_id)

    async def _is_double(self, event: Incoming) -> bool:
        if not isinstance(event, Pressed) or event.data.startswith("set"):
            return False
        return await self._store.inbox.tapped_before(event.update_id, DOUBLE_TAP_S)

    def _read(self, row: InboxRow) -> Incoming | None:
        moved = intake.key_of(row.payload).chat_id != row.key.chat_id
        payload = intake.carried(row.payload, row.key.chat_id) if moved else row.payload
        return intake.read(payload, self._bot, self._me)

    def _run(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    async def _language(self, key: Key) -> str:
        """Return the language that a conversation chose, "" where everybody is spoken to in their own."""
        return str((await self._store.conversations.settings(key)).get("language", ""))

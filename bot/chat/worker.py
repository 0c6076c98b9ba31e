"""What one conversation does next: finish a turn, or take the next update out of the inbox.

May import everything in ``chat``, ``metrics``, ``turns`` and ``storage``. The dispatcher never runs two steps of a
conversation at once; everything here may stop at any await and be begun again by another process.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot

from bot.background import BackgroundTasks
from bot.chat.events import Incoming, Moved, Pressed, Said, updates_of
from bot.chat.failures import FailurePolicy
from bot.chat.handlers import Handlers
from bot.chat.identity import BotIdentity
from bot.chat.overtaking import Handling, InHand, Running
from bot.chat.receive.acts import Acts
from bot.chat.receive.backlog import REFUSALS
from bot.chat.report import TurnReporter
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.progress import Progress
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.edits import Edits
from bot.dispatch.base import ConversationMoved, Later, Peers
from bot.metrics import Step
from bot.turns.turns import Turns
from storage.records import InboxRow, Key, Turn, TurnState
from storage.store import Store
from storage.tables.next_work import NextWork

log = logging.getLogger(__name__)

DOUBLE_TAP_S = 2.0
"""A second press of the same button by the same person within this time means the same."""

OTHERS_S = 0.5
"""How long to wait for another process before looking again."""


class ConversationWorker:
    """Works through conversations, one step at a time."""

    def __init__(
        self,
        bot: Bot,
        identity: BotIdentity,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        handlers: Handlers,
        acts: Acts,
        albums: Albums,
        edits: Edits,
        failures: FailurePolicy,
        in_hand: InHand,
        peers: Peers,
    ) -> None:
        self._bot = bot
        self._identity = identity
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._handlers = handlers
        self._acts = acts
        self._albums = albums
        self._edits = edits
        self._failures = failures
        self._reporter = TurnReporter(store, turns, delivery, failures)
        self.in_hand = in_hand
        self._peers = peers
        self._refusing: dict[int, asyncio.Task[None]] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._background = BackgroundTasks()

    async def step(self, key: Key) -> bool:
        """Do the next piece of work of a conversation; return False when there is none.

        Raises: ``Later``, ``ConversationMoved``.
        """
        with self.in_hand.attending(key):
            return await self._step(key)

    async def _step(self, key: Key) -> bool:
        work = await self._store.next_work.of(key)
        turn = work.turn
        if turn is not None:
            # A group that becomes a supergroup while it is painted for has two keys, and still one painter.
            if await self._peers.busy_with(key):
                raise Later(OTHERS_S, "another process still works on what this group was")
            lock = self._locks.setdefault(turn.conversation_id, asyncio.Lock())
            taken = lock.locked()
            async with lock:
                if taken:
                    work = await self._store.next_work.of(key)
                    turn = work.turn
                if turn is not None:
                    if work.row is not None:
                        self.in_hand.came(key)
                    await self._finish(turn, key)
            return True
        if work.row is None:
            return False
        await self._take(work, work.row, key)
        return True

    async def look_beside(self) -> None:
        """Find what overtakes running turns, and turns that were forgotten, of which nobody could tell this process."""
        await self.in_hand.look_for_all()
        await self.in_hand.stopping.look()

    async def refuse(self, rows: Sequence[InboxRow], language: str, key: str, limit: int, *, silent: bool) -> None:
        """End updates for which there is no room; say so at once, beside whatever the conversation is doing."""
        first, rest = rows[0], rows[0 if silent else 1 :]
        await self._store.inbox.finish([row.update_id for row in rest])
        if silent:
            return
        language = _language(await self._store.conversations.settings(first.key)) or language
        notice = {"key": key, "turn_id": None, "language": language, "values": {"limit": limit}}
        row = InboxRow(
            update_id=first.update_id, key=first.key, payload={}, tries=0, received_at=first.received_at, notice=notice
        )
        await self._store.inbox.finish([first.update_id], notice)
        task = self._refusing[first.update_id] = self._background.run(self._notify_refusal(row))
        task.add_done_callback(lambda _: self._refusing.pop(first.update_id, None))

    async def close(self) -> None:
        """Let what runs beside the conversations end."""
        await asyncio.gather(self.in_hand.close(), self._background.finish())

    async def _notify_refusal(self, row: InboxRow) -> None:
        try:
            async with self._peers.claimed(row.update_id) as mine:
                if mine:
                    await self._handlers.notify(row)
        except Exception as error:
            # The notice is stored, and this conversation was woken when the update came: it looks until nothing is
            # left, so it says the notice itself, with all that it knows of failures.
            log.info("update %s: %s; its conversation says it later", row.update_id, error)

    async def _finish(self, turn: Turn, key: Key) -> None:
        recipient = Recipient.of_turn(turn, key)
        progress = Progress(self._bot, self._delivery, recipient, turn.id)
        try:
            await self._finish_shown(turn, key, recipient, progress)
        finally:
            # Nobody need wait for that.
            self._background.run(progress.take_away())

    async def _finish_shown(self, turn: Turn, key: Key, recipient: Recipient, progress: Progress) -> None:
        call = asyncio.create_task(self._answer(turn, key, progress), name=f"turn {turn.id}")
        self.in_hand.running[key] = Running(turn=turn, call=call, language=recipient.language)
        try:
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
            await self._failures.call_failed(turn, error)
            return
        finally:
            del self.in_hand.running[key]
        if turns and all(one.state not in (TurnState.ACCEPTED, TurnState.CALLING) for one in turns):
            await self._reporter.report(turns, recipient)

    async def _answer(self, turn: Turn, key: Key, progress: Progress) -> list[Turn]:
        """Have a turn and its set answered, with all that came for it meanwhile; none if another one has its place."""
        # Only now: what is stored later than this look finds the turn running.
        rows = await self.in_hand.look(key) if self.in_hand.may_wait(key) else []
        if turn.state is TurnState.ACCEPTED:
            if await self._edits.catch_up(turn, rows, self._identity.read):
                return []
            turn = await self._albums.catch_up(turn, rows, self._identity.read)
        return await self._turns.run_set(turn, progress)

    async def _take(self, work: NextWork, row: InboxRow, key: Key) -> None:
        if row.update_id in self._refusing:
            await asyncio.wait({self._refusing[row.update_id]})
            return
        if row.notice is not None and row.notice["key"] in REFUSALS:
            # Another process may be saying it right now, beside what this conversation does.
            async with self._peers.claimed(row.update_id) as mine:
                if not mine:
                    raise Later(OTHERS_S, "another process says it")
                if await self._store.inbox.row(row.update_id) is not None:
                    await self._work(work, row, key)
            return
        await self._work(work, row, key)

    async def _work(self, work: NextWork, row: InboxRow, key: Key) -> None:
        """Handle an update as a task of its own, so that cancel can stop even a long download."""
        begun = asyncio.create_task(asyncio.sleep(0))
        handling = Handling(row=row, update_ids=[row.update_id], language="", work=begun)
        handling.work = asyncio.create_task(self._handle(work, row, handling), name=f"update {row.update_id}")
        self.in_hand.handling[key] = handling
        try:
            await asyncio.shield(handling.work)
        except asyncio.CancelledError:
            if handling.settling is None:
                handling.work.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await handling.work
                raise
            await asyncio.wait({handling.settling})
        except ConversationMoved:
            raise
        except Exception as error:
            await self._failures.handling_failed(row, error)
        finally:
            del self.in_hand.handling[key]

    async def _handle(self, work: NextWork, row: InboxRow, handling: Handling) -> None:
        with self._delivery.answering(row.update_id):
            if row.notice is not None:
                await self._handlers.notify(row)
                return
            await self._identity.recognise(row.payload)
            event = self._identity.read(row)
            handling.wish = isinstance(event, Said)
            if event is None or await self._is_double(event):
                await self._store.inbox.finish([row.update_id])
                return
            chosen = _language(work.settings)
            event = replace(event, chosen_language=chosen)
            handling.language = event.language
            if isinstance(event, Said) and not event.edited:
                act = await self._acts.gather(row, event, self._identity.read)
                messages = [replace(said, chosen_language=chosen) for said in act]
                handling.update_ids[:] = updates_of(messages)
                if not await self._albums.came_late(messages):
                    await self._handlers.handle_act(messages)
            else:
                await self._handlers.handle(event)
            if work.has_untold:
                await self._reporter.retry_kept_back(event)
            self._turns.answering.meter.took(Step.HANDLED, time.time() - row.received_at)
        if isinstance(event, Moved):
            raise ConversationMoved(Key(event.new_id, event.key.topic_id))

    async def _is_double(self, event: Incoming) -> bool:
        if not isinstance(event, Pressed) or event.data.startswith("set"):
            return False
        return await self._store.inbox.tapped_before(event.update_id, DOUBLE_TAP_S)


def _language(settings: Mapping[str, Any]) -> str:
    """Return the language that a conversation chose, "" where everybody is spoken to in their own."""
    return str(settings.get("language", ""))

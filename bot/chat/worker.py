"""Works on one conversation, step by step: a step runs a turn, or takes the next update from the inbox.

May import everything in ``chat``, ``metrics``, ``turns`` and ``storage``. The dispatcher runs the steps of a
conversation one at a time. A step may end at any await, because the process may die; another process then repeats it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot

from bot.background import BackgroundTasks
from bot.chat.cancelling import HandledUpdate, RunningTurn, Stopped, stoppable
from bot.chat.events import Incoming, Moved, Pressed, Said, updates_of
from bot.chat.failures import FailurePolicy
from bot.chat.handlers import Handlers
from bot.chat.identity import BotIdentity
from bot.chat.overtaking import Overtaking
from bot.chat.receive.acts import Acts
from bot.chat.receive.backlog import REFUSALS
from bot.chat.report import TurnReporter
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.progress import Progress
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.edits import Edits
from bot.dispatch.base import ConversationMoved, Later, Peers, WorkElsewhere
from bot.metrics import Step
from bot.turns.turns import Turns
from storage.records import InboxRow, Key, Turn, TurnState
from storage.store import Store
from storage.tables.next_work import NextWork

log = logging.getLogger(__name__)

DOUBLE_TAP_S = 2.0
"""A second press of the same button by the same person within this time has no effect."""

PEERS_S = 0.5
"""How long to wait for another process before the next look."""

Decision = list[Said] | Incoming | None
"""What to handle: the messages of one act, or an event; None for nothing."""


class ConversationWorker:
    """Does the steps of all conversations."""

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
        overtaking: Overtaking,
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
        self.overtaking = overtaking
        self._cancelling = overtaking.cancelling
        self._peers = peers
        self._refusing: dict[int, asyncio.Task[None]] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._background = BackgroundTasks()

    async def step(self, key: Key) -> bool:
        """Do the next piece of work of a conversation; return False when there is none.

        Raises: ``Later``, ``WorkElsewhere``.
        """
        with self.overtaking.attending(key):
            return await self._step(key)

    async def _step(self, key: Key) -> bool:
        work = await self._store.next_work.of(key)
        turn = work.turn
        if turn is not None:
            # A group that became a supergroup during a turn has two keys, and must not run two turns at once.
            if await self._peers.busy_with(key):
                raise Later(PEERS_S, "another process still works on the group that this supergroup was before")
            lock = self._locks.setdefault(turn.conversation_id, asyncio.Lock())
            taken = lock.locked()
            async with lock:
                if taken:
                    work = await self._store.next_work.of(key)
                    turn = work.turn
                if turn is not None:
                    if work.row is not None:
                        self.overtaking.came(key)
                    if not (work.barred and await self._cancelling.bar(turn)):
                        await self._finish(turn, key)
            return True
        if work.row is None:
            return False
        await self._take(work, work.row, key)
        return True

    async def refuse(self, rows: Sequence[InboxRow], language: str, key: str, limit: int, *, silent: bool) -> None:
        """Finish updates over the limit of the backlog, and say so at once, even while the conversation is busy."""
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
        """Wait for the work in the background."""
        await asyncio.gather(self.overtaking.close(), self._background.finish())

    async def _notify_refusal(self, row: InboxRow) -> None:
        try:
            async with self._peers.claimed(row.update_id) as mine:
                if mine:
                    await self._handlers.notify(row)
        except Exception as error:
            # The notice is stored, and the conversation was woken when the update came. Its next step sends the notice,
            # and handles a failure by the rules for all updates.
            log.info("update %s: %s; its conversation says it later", row.update_id, error)

    async def _finish(self, turn: Turn, key: Key) -> None:
        recipient = Recipient.of_turn(turn, key)
        progress = Progress(self._bot, self._delivery, recipient, turn.id)
        call = asyncio.create_task(self._answer(turn, key, progress), name=f"turn {turn.id}")
        try:
            with self._cancelling.running(key, RunningTurn(turn=turn, call=call, language=recipient.language)):
                turns = await self._answered(turn, call, progress)
            if turns and all(one.state not in (TurnState.ACCEPTED, TurnState.CALLING) for one in turns):
                await self._reporter.report(turns, recipient)
        finally:
            # In the background, so that it delays nothing.
            self._background.run(progress.take_away())

    async def _answered(self, turn: Turn, call: asyncio.Task[list[Turn]], progress: Progress) -> list[Turn]:
        """Wait for the call of a turn; return the turns that ended, none where it was stopped or failed."""
        try:
            async with progress.shown():
                return await stoppable(call)
        except Stopped:
            await self._turns.settle_cancelled(turn)
        except Exception as error:
            await self._failures.call_failed(turn, error)
        return []

    async def _answer(self, turn: Turn, key: Key, progress: Progress) -> list[Turn]:
        """Run a turn and its other versions, with waiting edits and pictures; none where an edit replaced it."""
        # The turn is already noted as running here. So an update that is stored after this look finds the running turn.
        rows = await self.overtaking.look(key) if self.overtaking.may_wait(key) else []
        if turn.state is TurnState.ACCEPTED:
            if await self._edits.catch_up(turn, rows, self._identity.read):
                return []
            turn = await self._albums.catch_up(turn, rows, self._identity.read)
        return await self._turns.run_batch(turn, progress)

    async def _take(self, work: NextWork, row: InboxRow, key: Key) -> None:
        """Handle an update, unless a refusal of it is being sent: then only one process goes on with it."""
        if row.update_id in self._refusing:
            await asyncio.wait({self._refusing[row.update_id]})
            return
        if row.notice is not None and row.notice["key"] in REFUSALS:
            # Another process may be saying it at this moment.
            async with self._peers.claimed(row.update_id) as mine:
                if not mine:
                    raise Later(PEERS_S, "another process says it")
                if await self._store.inbox.row(row.update_id) is not None:
                    await self._work(work, row, key)
            return
        await self._work(work, row, key)

    async def _work(self, work: NextWork, row: InboxRow, key: Key) -> None:
        update = HandledUpdate(row=row, update_ids=[row.update_id])
        self._cancelling.updates_at_work[key] = update
        try:
            await self._cancelling.handle(update, self._handle(work, update))
        except WorkElsewhere:
            raise
        except Exception as error:
            await self._failures.handling_failed(row, error)
        finally:
            del self._cancelling.updates_at_work[key]

    async def _handle(self, work: NextWork, update: HandledUpdate) -> None:
        """Say the notice of an update, or parse it, decide, and act. Raises: ``WorkElsewhere``."""
        row = update.row
        with self._delivery.answering(row.update_id):
            if row.notice is not None:
                await self._handlers.notify(row)
                return
            event = await self._parse(update)
            decision = await self._decide(update, event, _language(work.settings)) if event is not None else None
            if event is None or decision is None:
                await self._store.inbox.finish([row.update_id])
                return
            await self._act(decision)
            if work.has_untold:
                await self._reporter.retry_kept_back(event)
            self._turns.answering.meter.took(Step.HANDLED, time.time() - row.received_at)
        if isinstance(event, Moved):
            raise ConversationMoved(Key(event.new_id, event.key.topic_id))

    async def _parse(self, update: HandledUpdate) -> Incoming | None:
        """Return the event of an update; None where it has no meaning for the bot."""
        await self._identity.recognise(update.row.payload)
        event = self._identity.read(update.row)
        update.wish = isinstance(event, Said)
        return event

    async def _decide(self, update: HandledUpdate, event: Incoming, language: str) -> Decision:
        """Return what to handle: the messages of one act, or the event; None for nothing.

        ``language``: the one that the conversation chose, "" for each person's own.
        """
        if await self._is_double(event):
            return None
        event = replace(event, chosen_language=language)
        update.language = event.language
        if not isinstance(event, Said) or event.edited:
            return event
        act = await self._acts.gather(update.row, event, self._identity.read)
        messages = [replace(said, chosen_language=language) for said in act]
        update.update_ids[:] = updates_of(messages)
        return messages

    async def _act(self, decision: list[Said] | Incoming) -> None:
        """Handle the messages of an act, or an event; the handlers finish their updates."""
        if not isinstance(decision, list):
            await self._handlers.handle(decision)
        else:
            await self._handlers.handle_act(decision)

    async def _is_double(self, event: Incoming) -> bool:
        # The buttons of the settings (``set-NAME``) make no turn, so each press counts.
        if not isinstance(event, Pressed) or event.data.startswith("set"):
            return False
        return await self._store.inbox.tapped_before(event.update_id, DOUBLE_TAP_S)


def _language(settings: Mapping[str, Any]) -> str:
    """Return the language that a conversation chose; "" for each person's own language."""
    return str(settings.get("language", ""))

"""What one conversation does next: finish a turn, or take the next update out of the inbox.

May import everything in ``chat``, ``turns`` and ``storage``. The dispatcher never runs two steps of a conversation at
once; everything here may stop at any await and be begun again by another process.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError

from bot.chat import intake, keyboards
from bot.chat.delivery import Delivery, Place
from bot.chat.handlers import Handlers
from bot.chat.incoming import Said
from bot.chat.progress import Progress
from bot.texts import say
from bot.turns import Turns
from storage.records import InboxRow, Key, Turn, TurnState
from storage.store import Store

log = logging.getLogger(__name__)

TRIES = 3
"""How often the handling of an update may fail before it is set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPolicy:
    """The operator's choices for handling. ``album_wait_s`` runs from the arrival of an album's newest picture."""

    album_wait_s: float = 0.8
    owner_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Running:
    turn: Turn
    call: asyncio.Task[list[Turn]]


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
        policy: DeskPolicy,
    ) -> None:
        self._bot = bot
        self._me = me
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._handlers = handlers
        self._policy = policy
        self._running: dict[Key, _Running] = {}
        self._busy: set[Key] = set()
        self._unwanted: dict[Key, InboxRow] = {}
        self._background: set[asyncio.Task[None]] = set()

    async def step(self, key: Key) -> bool:
        """Do the next piece of work of a conversation; return False when there is none."""
        self._busy.add(key)
        try:
            return await self._step(key)
        finally:
            self._busy.discard(key)

    async def _step(self, key: Key) -> bool:
        turn = await self._store.conversations.next_unfinished(key)
        if turn is not None:
            await self._finish(turn, key)
            return True
        rows = await self._store.inbox.waiting(key)
        if not rows:
            return False
        await self._handle(rows, key)
        return True

    def cancel(self, row: InboxRow) -> None:
        """Stop what a conversation is working on; called beside :meth:`step`, so that it overtakes what waits.

        With nothing to stop, the update stays in the queue and is answered in its order.
        """
        running = self._running.get(row.key)
        if running is not None:
            self._background.add(task := asyncio.create_task(self._cancel(row, running)))
            task.add_done_callback(self._background.discard)
        elif row.key in self._busy:
            self._unwanted[row.key] = row

    async def _cancel(self, row: InboxRow, running: _Running) -> None:
        notice = {"key": "cancelled", "turn_id": None, "language": running.turn.author.language}
        if await self._store.conversations.cancel(running.turn, row.update_id, notice):
            running.call.cancel()

    async def _finish(self, turn: Turn, key: Key) -> None:
        place = self._place(turn, key)
        progress = Progress(self._bot, self._delivery, place, turn.id)
        call = asyncio.create_task(self._turns.run_set(turn, progress), name=f"turn {turn.id}")
        self._running[key] = _Running(turn=turn, call=call)
        unwanted = self._unwanted.pop(key, None)
        if unwanted is not None:
            self.cancel(unwanted)
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
        finally:
            del self._running[key]
        await self._deliver(turns, place)

    async def _deliver(self, turns: Sequence[Turn], place: Place) -> None:
        turn = turns[0]
        try:
            if len(turns) > 1:
                await self._delivery.deliver_set(turns, place)
                return
            remarks = [say(place.language, key, **values) for key, values in self._turns.answering.remarks(turn)]
            await self._delivery.deliver(turn, place, remarks)
            if turn.state is TurnState.ANSWERED and await self._turns.answering.handed_back(turn):
                keyboard = keyboards.under_failure(place.language, turn.id, ("try-again",))
                await self._delivery.say(place, "note-unchanged", keyboard)
        except Forbidden as error:
            log.warning("chat %s: %s; its turn %s stays undelivered", place.key.chat_id, error.message, turn.id)
            await self._store.chats.set_active(place.key.chat_id, False)
            await self._store.conversations.set_state(turn.id, TurnState.DELIVERED if turn.reply else TurnState.FAILED)
        if turn.error and turn.error.get("owner_text"):
            await self._tell_owners(f"turn {turn.id}, {turn.error['key']}: {turn.error['owner_text']}")

    async def _handle(self, rows: Sequence[InboxRow], key: Key) -> None:
        row = rows[0]
        if self._unwanted.get(key) == row:
            del self._unwanted[key]
        try:
            if row.notice is not None:
                await self._handlers.tell(row)
                return
            event = intake.read(row.payload, self._bot, self._me)
            if event is None:
                await self._store.inbox.finish([row.update_id])
            elif isinstance(event, Said) and event.album:
                await self._handlers.handle_album([event, *await self._siblings(row, event, key)])
            else:
                await self._handlers.handle(event)
        except Forbidden as error:
            log.warning("chat %s: %s", key.chat_id, error.message)
            await self._store.chats.set_active(key.chat_id, False)
            await self._store.inbox.finish([row.update_id])
        except (RetryAfter, asyncio.CancelledError):
            raise
        except NetworkError as error:
            if not isinstance(error, BadRequest):
                raise
            await self._failed(row, error)
        except Exception as error:
            await self._failed(row, error)

    async def _failed(self, row: InboxRow, error: Exception) -> None:
        tries = await self._store.inbox.try_again(row.update_id)
        log.error("update %s could not be handled (try %s of %s)", row.update_id, tries, TRIES, exc_info=error)
        if tries < TRIES:
            return
        await self._store.inbox.set_aside(row.update_id)
        await self._tell_owners(f"I set aside message {row.update_id} after a {type(error).__name__}.")
        with suppress(TelegramError):
            await self._delivery.say(Place(key=row.key, language=""), "trouble")

    async def _siblings(self, row: InboxRow, first: Said, key: Key) -> list[Said]:
        """Wait until no further picture of an album has arrived for a while and return the others."""
        while True:
            rows = [row, *(other for other in await self._store.inbox.waiting(key, limit=50) if other != row)]
            events = [(one, intake.read(one.payload, self._bot, self._me)) for one in rows]
            album = [(one, said) for one, said in events if isinstance(said, Said) and said.album == first.album]
            quiet_at = max(one.received_at for one, _ in album) + self._policy.album_wait_s
            remaining_s = quiet_at - time.time()
            if remaining_s <= 0 or len(album) >= 10:
                return [said for _, said in album if said.update_id != first.update_id]
            await asyncio.sleep(remaining_s)

    async def _tell_owners(self, text: str) -> None:
        for owner_id in self._policy.owner_ids:
            with suppress(TelegramError):
                await self._delivery.write(Place(key=Key(owner_id, 0), language=""), text)

    @staticmethod
    def _place(turn: Turn, key: Key) -> Place:
        reply_to = turn.request_message_id if key.chat_id < 0 else None
        return Place(key=key, language=turn.author.language, reply_to=reply_to)

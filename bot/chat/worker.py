"""Works on one conversation, step by step: a step runs a turn, or takes the next update from the inbox.

Imports everything in ``chat``, ``logs``, ``dispatch.base`` and ``storage``. The dispatcher runs the
steps of a conversation one at a time. A step may end at any await, because the process may die; another process then
repeats it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from bot.chat.cancelling import HandledUpdate
from bot.chat.failures import FailurePolicy
from bot.chat.overtaking import Overtaking
from bot.chat.passes.first import FirstPass, chosen_language
from bot.chat.passes.second import SecondPass
from bot.chat.receive.at_once import PEERS_S, AtOnce
from bot.chat.responder import Responder
from bot.dispatch.base import Later, Peers, WorkElsewhere
from bot.logs import fields
from storage.records import InboxRow, Key, MessageLink
from storage.store import Store
from storage.tables.inbox import CHANGED
from storage.tables.next_work import NextWork

log = logging.getLogger(__name__)


class ConversationWorker:
    """Does the steps of all conversations."""

    def __init__(
        self,
        store: Store,
        first_pass: FirstPass,
        second_pass: SecondPass,
        responder: Responder,
        at_once: AtOnce,
        failures: FailurePolicy,
        overtaking: Overtaking,
        peers: Peers,
    ) -> None:
        self._store = store
        self._first_pass = first_pass
        self._second_pass = second_pass
        self._responder = responder
        self._at_once = at_once
        self._failures = failures
        self.overtaking = overtaking
        self._cancelling = overtaking.cancelling
        self._peers = peers
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def step(self, key: Key) -> bool:
        """Do the next piece of work of a conversation; return False when there is none.

        Raises: ``Later``, ``WorkElsewhere``.
        """
        with fields(conversation=f"{key.chat_id}/{key.topic_id}"), self.overtaking.watching(key):
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
                        self.overtaking.note_waiting_update(key)
                    if not (work.barred and await self._cancelling.bar(turn)):
                        await self._second_pass.run(turn, key)
                    elif key.is_inline:
                        await self._responder.end_inline(turn)
            return True
        if work.row is None:
            return False
        if work.row.tries >= CHANGED:
            await self._store.inbox.read_anew(key)
            return True
        await self._take(work, work.row, key)
        return True

    async def refuse(
        self,
        rows: Sequence[InboxRow],
        language: str,
        key: str,
        limit: int,
        *,
        links: Sequence[MessageLink],
        silent: bool,
    ) -> bool:
        """Finish updates over the limit of the backlog, and say so at once, even while the conversation is busy.

        ``links``: what their messages mean from now on. Return whether it is said: not if ``silent``, nor where all of
        them were done meanwhile.
        """
        language = chosen_language(await self._store.conversations.settings(rows[0].key)) or language
        notice = {"key": key, "turn_id": None, "language": language, "values": {"limit": limit}, "quotes": True}
        conversation = await self._store.conversations.open(rows[0].key) if links else None
        refused = await self._store.waiting.refuse(
            [row.update_id for row in rows],
            None if silent else notice,
            conversation_id=conversation.id if conversation else None,
            links=links,
        )
        for row in rows:
            if row.update_id == refused:
                self._at_once.say(replace(row, notice=notice))
        return refused is not None

    async def close(self) -> None:
        """Wait for the work in the background."""
        await asyncio.gather(self.overtaking.close(), self._second_pass.close())
        # Those may have had something to say.
        await self._at_once.close()

    async def _take(self, work: NextWork, row: InboxRow, key: Key) -> None:
        """Handle an update, unless its notice is being said: then only one process goes on with it."""
        async with self._at_once.left_to_say(row) as left:
            if left:
                await self._work(work, row, key)

    async def _work(self, work: NextWork, row: InboxRow, key: Key) -> None:
        update = HandledUpdate(row=row, update_ids=[row.update_id])
        self._cancelling.updates_at_work[key] = update
        try:
            await self._cancelling.handle(update, self._first_pass.handle(work, update))
        except WorkElsewhere:
            raise
        except Exception as error:
            await self._failures.handling_failed(row, error)
        finally:
            del self._cancelling.updates_at_work[key]

"""What a process has in hand, and what overtakes the queue to change that: cancels, and corrections of a wish.

May import PTB, ``identity``, ``acts``, ``authorization``, ``edits``, ``report``, ``stopping``, ``events``, ``parse``,
``raw``, ``turns`` and ``storage``. All of it runs beside the steps of a conversation. What finds nothing to change
stays in the queue, where a turn that begins before its time finds it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from telegram import Bot

from bot.background import BackgroundTasks
from bot.chat.authorization import Authorization
from bot.chat.events import Said, updates_of
from bot.chat.identity import BotIdentity
from bot.chat.receive.acts import act_of, glance
from bot.chat.report import cancel_notice
from bot.chat.stopping import Stopping
from bot.chat.updates import parse
from bot.chat.updates.raw import is_edit
from bot.chat.wishes.edits import Edits
from bot.turns.turns import Turns
from storage.records import InboxRow, Key, Role, Turn
from storage.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A turn at work, which cancel stops."""

    turn: Turn
    call: asyncio.Task[list[Turn]]
    language: str


@dataclass(slots=True, kw_only=True)
class Handling:
    """Updates in hand. A wish is ended by cancel as long as it had no effect, which ``settling`` decides.

    ``row``: the one that was taken. ``update_ids``: all of those that end with it, as far as they are known.
    """

    row: InboxRow
    update_ids: list[int]
    language: str
    work: asyncio.Task[None]
    wish: bool = False
    settling: asyncio.Task[None] | None = field(default=None)


class InHand:
    """The turns and updates at work, by their conversations."""

    def __init__(
        self,
        bot: Bot,
        identity: BotIdentity,
        store: Store,
        turns: Turns,
        authorization: Authorization,
        edits: Edits,
    ) -> None:
        self._bot = bot
        self._identity = identity
        self._store = store
        self._authorization = authorization
        self._edits = edits
        self._background = BackgroundTasks()
        self.running: dict[Key, Running] = {}
        self.handling: dict[Key, Handling] = {}
        self.stopping = Stopping(store, turns, self.at_work)
        self._came: dict[Key, bool] = {}

    @contextmanager
    def attending(self, key: Key) -> Iterator[None]:
        """Watch during a step of a conversation whether updates come for it that overtake."""
        self._came[key] = False
        try:
            yield
        finally:
            del self._came[key]

    def came(self, key: Key) -> None:
        """Note that an update waits in a conversation that is attended to."""
        self._came[key] = True

    def may_wait(self, key: Key) -> bool:
        """Tell whether updates may wait that the turn at work has to look for; else none came before it was running."""
        return self._came.get(key, True)

    def at_work(self) -> list[tuple[Turn, asyncio.Task[list[Turn]]]]:
        """Return the turns at work, each with its call."""
        return [(running.turn, running.call) for running in self.running.values()]

    def overtake(self, row: InboxRow) -> None:
        """Let an update stop or correct what a conversation is working on; returns at once.

        With nothing to stop, it stays in the queue. So does one that names another turn than the one at work, or any
        while there is none yet.
        """
        if row.key in self._came:
            self._came[row.key] = True
        running, handling = self.running.get(row.key), self.handling.get(row.key)
        named = parse.turn_to_cancel(row.payload)
        if parse.is_left(row.payload):
            self._background.run(self._leave(row))
        elif is_edit(row.payload):
            if running is not None:
                self._background.run(self._correct(row, running))
        elif running is not None:
            self._background.run(self._cancel(row, running, named))
        elif named is None and handling is not None and handling.wish and handling.settling is None:
            handling.settling = self._background.run(self._drop(row, handling))
        else:
            self._background.run(self._cancel_moved(row, named))

    async def look_for_all(self) -> None:
        """Find what overtakes running turns and of which nobody could tell this process."""
        # A turn that begins just now looks again for itself.
        self._came = dict.fromkeys(self._came, True)
        for key in list(self.running):
            for row in await self.look(key):
                if is_edit(row.payload):
                    self.overtake(row)

    async def look(self, key: Key) -> list[InboxRow]:
        """Return what waits in a conversation; cancels, from before a restart or while a wish was fetched, overtake."""
        rows = [row for row in await self._store.inbox.waiting(key, limit=50) if row.notice is None]
        for row in rows:
            if parse.is_cancel(row.payload, self._bot, self._identity.me):
                self.overtake(row)
        return rows

    async def close(self) -> None:
        """Let what runs beside the conversations end."""
        await asyncio.gather(self.stopping.close(), self._background.finish())

    async def _cancel(self, row: InboxRow, running: Running, named: int | None) -> None:
        if named not in (None, running.turn.id):
            members = await self._store.conversations.set_of(running.turn)
            if named not in [member.id for member in members]:
                return
        event = self._identity.read(row)
        if not await self._authorization.may_stop(event, running.turn):
            return
        notice = cancel_notice(event, running.language)
        sender = event.author.id if event is not None and not event.private else None
        if await self._store.conversations.cancel(running.turn, row.update_id, notice, sender):
            running.call.cancel()

    async def _correct(self, row: InboxRow, running: Running) -> None:
        """Let an edit change the wish that is at work, if no call for it has begun; else it stays in the queue."""
        event = glance(row, self._identity.read)
        if isinstance(event, Said) and await self._edits.correct(event, running.turn):
            running.call.cancel()

    async def _cancel_moved(self, row: InboxRow, named: int | None) -> None:
        """Stop what a supergroup still has painted as the group that it was."""
        for key, running in await self._running_in(row.key.chat_id):
            if key.topic_id == row.key.topic_id and key != row.key:
                await self._cancel(row, running, named)

    async def _running_in(self, chat_id: int) -> list[tuple[Key, Running]]:
        """Return the turns at work for a chat, also under the key that it had before it became a supergroup."""
        moved = [parse.moved_from(row.payload) for row in await self._store.inbox.waiting(Key(chat_id, 0))]
        chats = {chat_id, *moved, *await self._store.chats.moved_to(chat_id)}
        return [(key, running) for key, running in self.running.items() if key.chat_id in chats]

    async def _leave(self, row: InboxRow) -> None:
        """Stop everything in a chat where the bot may not write any more, and forget what waits there."""
        chat = await self._store.chats.find(row.key.chat_id)
        waiting = await self._store.inbox.waiting(row.key, limit=200)
        if (chat is not None and chat.moved_to is not None) or any(parse.moves_away(one.payload) for one in waiting):
            # It goes on in the supergroup. Telegram cannot be asked whether it does: of a move it tells only who wants
            # to write in the old group (telegram-bot-api Client.cpp, check_chat_access).
            return
        log.info("chat %s is left", row.key.chat_id)
        for _, running in await self._running_in(row.key.chat_id):
            if await self._store.conversations.cancel(running.turn):
                running.call.cancel()
        for key in await self._store.inbox.keys():
            if key.chat_id == row.key.chat_id:
                said = filter(lambda one: parse.is_said(one.payload), await self._store.inbox.waiting(key, limit=200))
                await self._store.inbox.finish([one.update_id for one in said if one.update_id < row.update_id])

    async def _drop(self, row: InboxRow, handling: Handling) -> None:
        """Stop the handling of updates; if it made a turn already, that finds the wish to cancel when it begins."""
        event = self._identity.read(row)
        if not await self._authorization.may_stop(event, None):
            handling.settling = None
            return
        handling.work.cancel()
        await asyncio.wait({handling.work})
        notice = cancel_notice(event, handling.language)
        # Cancelled while more of it was waited for, nobody has noted yet what came.
        act = await act_of(self._store.inbox, handling.row, self._identity.read)
        sender = event.author.id if event is not None and not event.private else None
        conversation = await self._store.conversations.open(row.key)
        # By these messages what comes late of their album is known.
        ended = [said.link(Role.REQUEST, None) for said in act if said.album]
        withdrawn = await self._store.conversations.withdraw(
            conversation.id,
            handling.update_ids,
            row.update_id,
            notice,
            along=updates_of(act),
            links=ended,
            author_id=sender,
        )
        if not withdrawn:
            await self._store.conversations.drop_empty(row.key)

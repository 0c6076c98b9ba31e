"""Limits the backlog: the wishes and other updates of one conversation, and the number of waiting conversations.

Imports ``identity``, ``acts``, ``events``, ``raw`` and ``storage``. Updates over the limit of a conversation are
refused at once, with one message for a burst, so that a flood fills neither memory nor disk and does not slow down
other chats.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Protocol

from bot.chat.command_table import MAKING_TURNS
from bot.chat.events import Commanded, Incoming, Pressed, Said
from bot.chat.identity import BotIdentity
from bot.chat.receive.acts import goes_on
from bot.chat.updates.raw import sender_of
from storage.records import InboxRow, Key
from storage.tables.inbox import Inbox

log = logging.getLogger(__name__)

MOST_OTHERS = 20
"""The number of commands and presses of one conversation that may wait, as during a slow call."""

MOST_READY = 2000
"""If this many conversations wait, no more updates are fetched. Telegram keeps updates for a day."""

MOST_READ = 200
"""How many updates of one conversation are looked at: as many as may wait and one call to Telegram brings."""

ONCE_IN_S = 10.0

WHOLE_AFTER_S = 10.0
"""After this time an album is certainly complete. ``acts`` waits far less."""

REFUSALS = ("busy", "busy-more")
"""The texts of a refusal. They are sent while the conversation works on something else."""


class _Kind(Enum):
    """The kind of a waiting update. News of a chat may always wait; updates without a meaning are dropped."""

    WISH = "wish"
    OTHER = "other"
    NEWS = "news"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A waiting update. ``wish``: the identity of the wish, the same for all messages of one act."""

    row: InboxRow
    kind: _Kind
    wish: str = ""
    language: str = ""
    event: Incoming | None = None


class Refuse(Protocol):
    """Ends refused updates."""

    async def __call__(self, rows: Sequence[InboxRow], language: str, key: str, limit: int, *, silent: bool) -> None:
        """Finish the updates; unless ``silent``, say with the text ``key`` that ``limit`` updates wait already."""
        ...


class Backlog:
    """Keeps the number of waiting updates within limits."""

    def __init__(self, identity: BotIdentity, inbox: Inbox, refuse: Refuse, limit: int) -> None:
        self._identity = identity
        self._inbox = inbox
        self._refuse = refuse
        self._limit = limit
        self._notified_at: dict[Key, float] = {}
        self._uncounted = 0

    async def full(self) -> bool:
        """Return whether too many conversations wait to fetch more updates."""
        if self._uncounted > 0:
            return False
        free = MOST_READY - await self._inbox.count_ready(MOST_READY)
        # Other processes fill the same store, so the count is repeated before the store can be full.
        self._uncounted = free // 2
        return free <= 0

    def took(self, number: int) -> None:
        """Count updates that were stored."""
        self._uncounted -= number

    async def trim(self, keys: Collection[Key]) -> None:
        """Refuse the updates over the limit of these conversations; the newest go first."""
        counted = await self._inbox.count_waiting(keys) if keys else {}
        # One more than may wait, since the first of them may be about to begin.
        for key, count in counted.items():
            if count > self._limit + 1:
                await self._trim(key)

    async def _trim(self, key: Key) -> None:
        waiting = await self._inbox.waiting(key, limit=MOST_READ)
        for row in waiting:
            # If the bot was just renamed, messages that name it would otherwise seem to be for somebody else.
            await self._identity.recognise(row.payload)
        judged = list(_by_acts([self._judge(row) for row in waiting if row.notice is None]))
        albums = {one.wish for one in judged if one.kind is _Kind.WISH}
        wishes: set[str] = set()
        others = 0
        over: list[_Waiting] = []
        idle: list[int] = []
        for one in judged:
            if one.kind is _Kind.WISH or one.wish in albums:
                if one.wish in wishes or len(wishes) <= self._limit:
                    wishes.add(one.wish)
                else:
                    over.append(one)
            elif one.kind is _Kind.OTHER:
                others += 1
                if others > MOST_OTHERS:
                    over.append(one)
            elif one.kind is _Kind.NOTHING:
                idle.append(one.row.update_id)
        await self._inbox.finish(idle)
        if over:
            await self._turn_away(key, over)

    async def _turn_away(self, key: Key, over: Sequence[_Waiting]) -> None:
        now = asyncio.get_running_loop().time()
        silent = now - self._notified_at.get(key, -ONCE_IN_S) < ONCE_IN_S
        self._notified_at = {one: at for one, at in self._notified_at.items() if now - at < ONCE_IN_S} | {key: now}
        wishes = any(one.kind is _Kind.WISH for one in over)
        said, limit = ("busy", self._limit) if wishes else ("busy-more", MOST_OTHERS)
        log.info("conversation %s/%s: %s messages over the limit are refused", *key, len(over))
        await self._refuse([one.row for one in over], over[-1].language, said, limit, silent=silent)

    def _judge(self, row: InboxRow) -> _Waiting:
        """Return the kind of a waiting update."""
        if (quick := _at_a_glance(row)) is not None:
            return quick
        try:
            event = self._identity.read(row)
        except Exception:
            # The worker meets the same error and counts it.
            return _Waiting(row, _Kind.OTHER)
        match event:
            case Said() if event.addressed:
                # All pictures that only wait for words count as one wish.
                alone = f"pictures of {event.author.id}" if event.is_bare else f"message {event.message_id}"
                return _Waiting(row, _Kind.WISH, event.album or alone, event.author.language, event)
            case Said() if event.album:
                # Whether an album is for the bot is known once it is complete.
                late = time.time() - row.received_at > WHOLE_AFTER_S
                return _Waiting(row, _Kind.NOTHING if late else _Kind.NEWS, event.album, event=event)
            case Commanded() | Pressed():
                return _Waiting(row, _Kind.OTHER, language=event.author.language)
            case None | Said():
                return _Waiting(row, _Kind.NOTHING, event=event)
            case _:
                return _Waiting(row, _Kind.NEWS)


def _by_acts(waiting: Iterable[_Waiting]) -> Iterator[_Waiting]:
    """Yield waiting updates. All messages of an act get the same wish, so that they are refused or kept together."""
    acts: dict[int | None, tuple[list[Said], _Waiting]] = {}
    for one in waiting:
        sender, event = sender_of(one.row.payload), one.event
        act = acts.get(sender)
        if not isinstance(event, Said):
            acts.pop(sender, None)
        elif act is not None and not event.edited and goes_on(act[0], event):
            act[0].append(event)
            one = replace(one, kind=act[1].kind, wish=act[1].wish)
        elif not event.edited:
            acts[sender] = ([event], one)
        yield one


def _at_a_glance(row: InboxRow) -> _Waiting | None:
    """Return the kind of a press or a bare command without a full parse: floods consist of them."""
    query, message = row.payload.get("callback_query"), row.payload.get("message")
    if isinstance(query, dict):
        wishes = str(query.get("data")).partition(":")[0] in MAKING_TURNS
        wish = f"press {query.get('id')}" if wishes else ""
        return _Waiting(row, _Kind.WISH if wishes else _Kind.OTHER, wish, _language(query))
    words = str(message.get("text")) if isinstance(message, dict) else ""
    if words.startswith("/") and not any(map(str.isspace, words)):
        return _Waiting(row, _Kind.OTHER, language=_language(message))
    return None


def _language(message: Any) -> str:
    sender = message.get("from")
    return str(sender.get("language_code") or "") if isinstance(sender, dict) else ""

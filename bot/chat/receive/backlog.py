"""How much may wait: wishes and whatever else of one conversation, and conversations altogether.

Imports ``identity``, ``acts``, ``events``, ``raw`` and ``storage``. What is over the limit of a conversation is turned
away at once with a friendly sentence, once for a burst, so that nobody's flood makes memory or disk grow, and none is
felt in another chat.
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
"""Commands, presses and the like of one conversation that may wait, behind a picture that takes its time."""

MOST_READY = 2000
"""Conversations that may wait to be worked on before Telegram is asked for no more; it keeps updates for a day."""

MOST_READ = 200
"""Updates of one conversation that are looked at: what may wait, and what one call to Telegram brings at most."""

ONCE_IN_S = 10.0

WHOLE_AFTER_S = 10.0
"""So long after one picture of an album all of them have come; the gathering of a wish waits far less."""

REFUSALS = ("busy", "busy-more")
"""Sentences that say that there is no room, which are said beside what a conversation does."""


class _Kind(Enum):
    """What a waiting update is to the bot. News of a chat always waits, what says nothing to the bot need not."""

    WISH = "wish"
    OTHER = "other"
    NEWS = "news"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A waiting update. ``wish`` tells one from others, and is the same for all messages of one act."""

    row: InboxRow
    kind: _Kind
    wish: str = ""
    language: str = ""
    event: Incoming | None = None


class Refuse(Protocol):
    """Ends updates that are turned away."""

    async def __call__(self, rows: Sequence[InboxRow], language: str, key: str, limit: int, *, silent: bool) -> None:
        """Say in a language by the sentence ``key`` that ``limit`` of them wait already, unless that was just said."""
        ...


class Backlog:
    """Keeps the number of waiting updates within bounds."""

    def __init__(self, identity: BotIdentity, inbox: Inbox, refuse: Refuse, limit: int) -> None:
        self._identity = identity
        self._inbox = inbox
        self._refuse = refuse
        self._limit = limit
        self._notified_at: dict[Key, float] = {}
        self._uncounted = 0

    async def full(self) -> bool:
        """Tell whether so much waits that no more should be fetched."""
        if self._uncounted > 0:
            return False
        free = MOST_READY - await self._inbox.count_ready(MOST_READY)
        # Other processes fill the same store, so it is counted again well before it can be full.
        self._uncounted = free // 2
        return free <= 0

    def took(self, number: int) -> None:
        """Note that so many updates came in."""
        self._uncounted -= number

    async def trim(self, keys: Collection[Key]) -> None:
        """Turn away what is over the limit of these conversations, the newest first."""
        counted = await self._inbox.count_waiting(keys) if keys else {}
        # One more than may wait, since the first of them may be about to begin.
        for key, count in counted.items():
            if count > self._limit + 1:
                await self._trim(key)

    async def _trim(self, key: Key) -> None:
        waiting = await self._inbox.waiting(key, limit=MOST_READ)
        for row in waiting:
            # Else what is said to a bot that was just renamed would mean nothing.
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
        log.info("conversation %s/%s: %s messages over the limit are turned away", *key, len(over))
        await self._refuse([one.row for one in over], over[-1].language, said, limit, silent=silent)

    def _judge(self, row: InboxRow) -> _Waiting:
        """Return what a waiting update is."""
        if (quick := _at_a_glance(row)) is not None:
            return quick
        try:
            event = self._identity.read(row)
        except Exception:
            # What cannot be read is judged when its turn comes, where failures are counted.
            return _Waiting(row, _Kind.OTHER)
        match event:
            case Said() if event.addressed:
                # Pictures that only wait for words are one wish, however many they are.
                alone = f"pictures of {event.author.id}" if event.is_bare else f"message {event.message_id}"
                return _Waiting(row, _Kind.WISH, event.album or alone, event.author.language, event)
            case Said() if event.album:
                # Which of its pictures speaks to the bot is known once all of them are there.
                late = time.time() - row.received_at > WHOLE_AFTER_S
                return _Waiting(row, _Kind.NOTHING if late else _Kind.NEWS, event.album, event=event)
            case Commanded() | Pressed():
                return _Waiting(row, _Kind.OTHER, language=event.author.language)
            case None | Said():
                return _Waiting(row, _Kind.NOTHING, event=event)
            case _:
                return _Waiting(row, _Kind.NEWS)


def _by_acts(waiting: Iterable[_Waiting]) -> Iterator[_Waiting]:
    """Yield waiting updates, with what goes on with a wish as one with it: to leave half of it would change it."""
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
    """Return what a press or a bare command is: floods are made of them, and to read each in full takes a while."""
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

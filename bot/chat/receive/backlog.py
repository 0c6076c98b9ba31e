"""Limits the backlog: the wishes and other updates of one chat, and the number of waiting conversations.

Imports ``authorization``, ``command_table``, ``identity``, ``acts``, ``events``, ``orders``, ``raw``, ``keyboards`` and
``storage``. Updates over the limit of a chat are refused at once, with one message to each person for a burst, so that
a flood fills neither memory nor disk and does not slow down other chats.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Protocol

from bot.chat.authorization import is_meant
from bot.chat.command_table import MOST_VERSIONS, PRESSED_WISHES, REPEATS
from bot.chat.events import Commanded, Incoming, Pressed, Said
from bot.chat.identity import BotIdentity
from bot.chat.receive.acts import goes_on
from bot.chat.send.keyboards import action_of
from bot.chat.updates.orders import order_of
from bot.chat.updates.raw import sender_of
from storage.records import InboxRow, Key, MessageLink, Role
from storage.store import Store

log = logging.getLogger(__name__)

MOST_OTHERS = 20
"""The number of commands and presses of one chat that may wait, as during a slow call."""

MOST_READY = 2000
"""If this many conversations wait, no more updates are fetched. Telegram keeps updates for a day."""

MOST_READ = 200
"""How many updates of one chat are looked at: as many as may wait and one call to Telegram brings."""

ONCE_IN_S = 10.0

WHOLE_AFTER_S = 10.0
"""After this time an album is certainly complete. ``acts`` waits far less."""

_BARE = re.compile(r"/[A-Za-z0-9_@]+")
"""A command alone."""


class _Kind(Enum):
    """The kind of a waiting update. News of a chat may always wait; updates without a meaning are dropped."""

    WISH = "wish"
    OTHER = "other"
    NEWS = "news"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A waiting update.

    ``wish``: the identity of the wish, the same for all messages of one act. ``versions``: the turns that it makes.
    ``held_up``: its conversation works on a turn. ``stale``: the message was edited again behind it.
    """

    row: InboxRow
    kind: _Kind
    wish: str = ""
    versions: int = 1
    language: str = ""
    event: Incoming | None = None
    held_up: bool = False
    stale: bool = False


@dataclass(slots=True)
class _Act:
    """The messages of an act so far, and the wish that they are."""

    wish: _Waiting
    messages: list[Said] = field(default_factory=list)


class Refuse(Protocol):
    """Ends refused updates."""

    async def __call__(
        self,
        rows: Sequence[InboxRow],
        language: str,
        key: str,
        limit: int,
        *,
        links: Sequence[MessageLink],
        silent: bool,
    ) -> bool:
        """Finish updates of one person; unless ``silent``, say with the text ``key`` that ``limit`` wait already.

        ``links``: what their messages mean from now on. Return whether it is said.
        """
        ...


class Backlog:
    """Keeps the number of waiting updates within limits."""

    def __init__(self, identity: BotIdentity, store: Store, refuse: Refuse, limit: int) -> None:
        self._identity = identity
        self._inbox = store.inbox
        self._waiting = store.waiting
        self._refuse = refuse
        self._limit = limit
        self._notified_at: dict[tuple[Key, int | None], float] = {}
        self._uncounted = 0

    async def full(self) -> bool:
        """Return whether too many conversations wait to fetch more updates."""
        if self._uncounted > 0:
            return False
        free = MOST_READY - await self._waiting.count_ready(MOST_READY)
        # Other processes fill the same store, so the count is repeated before the store can be full.
        self._uncounted = free // 2
        return free <= 0

    def took(self, number: int) -> None:
        """Count updates that were stored."""
        self._uncounted -= number

    async def trim(self, keys: Collection[Key]) -> None:
        """Refuse the updates over the limit of the chats of these conversations; the newest go first."""
        counted = await self._waiting.count_waiting({key.chat_id for key in keys}) if keys else {}
        for chat_id, count in counted.items():
            if count > 1 and count * MOST_VERSIONS > self._limit:
                await self._trim(chat_id)

    async def _trim(self, chat_id: int) -> None:
        waiting = await self._waiting.waiting_in(chat_id, limit=MOST_READ)
        for row, _ in waiting:
            # If the bot was just renamed, messages that name it would otherwise seem to be for somebody else.
            await self._identity.recognise(row.payload)
        judged = list(_by_acts([replace(self._judge(row), held_up=held_up) for row, held_up in waiting]))
        wishes = {one.wish for one in judged if one.kind is _Kind.WISH}
        crowded = len(judged) > self._limit + 1
        idle = [one for one in judged if one.kind is _Kind.NOTHING and one.wish not in wishes and crowded]
        stale = [one for one in judged if one.stale]
        await self._inbox.finish([one.row.update_id for one in (*idle, *stale)])
        await self._turn_away([one for one in judged if not one.stale])

    async def _turn_away(self, judged: Sequence[_Waiting]) -> None:
        over, waits = self._over(judged)
        now = asyncio.get_running_loop().time()
        self._notified_at = {one: at for one, at in self._notified_at.items() if now - at < ONCE_IN_S}
        people: dict[tuple[Key, int | None], list[_Waiting]] = {}
        for one in over:
            people.setdefault((one.row.key, sender_of(one.row.payload)), []).append(one)
        for person, refused in people.items():
            silent = person in self._notified_at
            self._notified_at[person] = now
            wishes = any(one.kind is _Kind.WISH for one in refused)
            said, limit = ("busy", waits) if wishes else ("busy-more", MOST_OTHERS)
            log.info("conversation %s/%s: %s messages over the limit are refused", *person[0], len(refused))
            rows, language = [one.row for one in refused], refused[-1].language
            is_said = False
            try:
                is_said = await self._refuse(rows, language, said, limit, links=_albums_in(refused), silent=silent)
            finally:
                # Also where the store failed, so that the next refusal is said.
                if not (is_said or silent):
                    self._notified_at.pop(person, None)

    def _over(self, judged: Sequence[_Waiting]) -> tuple[list[_Waiting], int]:
        """Return the updates over the limit, and how many turns the wishes make that may wait.

        The first wish of a conversation that works on no turn is about to begin, so it does not wait. One wish may
        always wait, even if it makes more turns than the limit.
        """
        versions: Counter[str] = Counter()
        for one in judged:
            if one.kind is _Kind.WISH:
                versions[one.wish] = max(versions[one.wish], one.versions)
        kept: dict[str, bool] = {}
        begin: set[Key] = set()
        over: list[_Waiting] = []
        waits = others = 0
        for one in judged:
            if one.wish in versions:
                if one.wish not in kept and not (one.held_up or one.row.key in begin):
                    begin.add(one.row.key)
                    kept[one.wish] = True
                elif one.wish not in kept:
                    kept[one.wish] = waits == 0 or waits + versions[one.wish] <= self._limit
                    waits += versions[one.wish] * kept[one.wish]
                if not kept[one.wish]:
                    over.append(one)
            elif one.kind is _Kind.OTHER:
                others += 1
                if others > MOST_OTHERS:
                    over.append(one)
        return over, waits

    def _judge(self, row: InboxRow) -> _Waiting:
        """Return the kind of a waiting update, by what it makes: a wish is all that may end in a paid call."""
        if (quick := _at_a_glance(row)) is not None:
            return quick
        try:
            event = self._identity.read(row)
        except Exception:
            # The worker meets the same error and counts it.
            return _Waiting(row, _Kind.OTHER)
        match event:
            case Said() if is_meant(event):
                repeats = REPEATS.get(event.command.name, 1) if event.command else 1
                wish, versions = event.album or f"message {event.message_id}", max(event.times, repeats)
                return _Waiting(row, _Kind.WISH, wish, versions, event.author.language, event)
            case Said() if event.album:
                # Whether an album is for the bot is known once it is complete.
                late = time.time() - row.received_at > WHOLE_AFTER_S
                return _Waiting(row, _Kind.NOTHING if late else _Kind.NEWS, event.album, event=event)
            case Commanded() if event.name in REPEATS:
                wish, versions = f"message {event.message_id}", REPEATS[event.name]
                return _Waiting(row, _Kind.WISH, wish, versions, event.author.language)
            case Commanded() | Pressed():
                return _Waiting(row, _Kind.OTHER, language=event.author.language)
            case None | Said():
                return _Waiting(row, _Kind.NOTHING, event=event)
            case _:
                return _Waiting(row, _Kind.NEWS)


def _by_acts(waiting: Sequence[_Waiting]) -> Iterator[_Waiting]:
    """Yield waiting updates. All messages of an act get the same wish, so that they are refused or kept together.

    All pictures of a person that only wait for words are one wish, since the words will be about all of them.
    """
    acts: dict[tuple[Key, int | None], _Act] = {}
    wordy: Counter[tuple[Key, int | None]] = Counter()
    wish_of: dict[int, str] = {}
    newest = _newest_edits(waiting)
    for one in waiting:
        person, event = (one.row.key, sender_of(one.row.payload)), one.event
        act = acts.get(person)
        if not isinstance(event, Said):
            acts.pop(person, None)
        elif event.edited:
            # An edit of a message that waits belongs to its act. Any other edit is a wish of its own.
            wish = wish_of.get(event.message_id, f"message {event.message_id}")
            one = replace(one, wish=wish, stale=newest[event.message_id] != one.row.update_id)
        else:
            if act is not None and goes_on(act.messages, event):
                # With their words the pictures are complete; the next ones are another wish.
                wordy[person] += not event.is_bare and all(said.is_bare for said in act.messages)
                one = replace(one, kind=act.wish.kind, wish=act.wish.wish)
            else:
                bare = event.is_bare and event.album is None and one.kind is _Kind.WISH
                one = replace(one, wish=f"pictures {wordy[person]} of {person}") if bare else one
                act = acts[person] = _Act(one)
            act.messages.append(event)
            wish_of[event.message_id] = one.wish
        yield one


def _albums_in(refused: Iterable[_Waiting]) -> list[MessageLink]:
    """Return links by which the late pictures of refused albums are recognised; see ``albums``."""
    said = [one.event for one in refused if isinstance(one.event, Said)]
    return [event.link(Role.REQUEST, None) for event in said if event.album and not event.edited]


def _newest_edits(waiting: Iterable[_Waiting]) -> dict[int, int]:
    """Return the last waiting edit of each message, by the message's id."""
    edits = (one for one in waiting if isinstance(one.event, Said) and one.event.edited)
    return {one.event.message_id: one.row.update_id for one in edits if isinstance(one.event, Said)}


def _at_a_glance(row: InboxRow) -> _Waiting | None:
    """Return the kind of a press or a bare command without a full parse: floods consist of them.

    None for everything that may be a wish in another way, such as a command that carries words without a space.
    """
    query, message = row.payload.get("callback_query"), row.payload.get("message")
    if isinstance(query, dict):
        versions = PRESSED_WISHES.get(action_of(str(query.get("data"))).name)
        if versions is None:
            return _Waiting(row, _Kind.OTHER, language=_language(query))
        return _Waiting(row, _Kind.WISH, f"press {query.get('id')}", versions, _language(query))
    if not isinstance(message, dict) or not _BARE.fullmatch(words := str(message.get("text"))):
        return None
    order, entities = order_of(words), message.get("entities")
    marks = {str(one.get("type")) for one in entities if isinstance(one, dict)} if isinstance(entities, list) else set()
    if order.carries or order.name in REPEATS or not marks <= {"bot_command"}:
        return None
    return _Waiting(row, _Kind.OTHER, language=_language(message))


def _language(message: Any) -> str:
    sender = message.get("from")
    return str(sender.get("language_code") or "") if isinstance(sender, dict) else ""

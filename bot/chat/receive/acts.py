"""Gathers acts. An act is one thing that a person does and Telegram delivers as several updates.

An act is an album, a comment with forwarded messages, a text that a client cut, single pictures one after another, or
edits of any of them. Telegram does not say when an act is complete (telegram-bot-api issues 339, 629), so a pause ends
it. Its updates stay in the inbox until the whole act has its effect, so nothing is lost when the process dies. Imports
``actions``, ``authorization``, ``command_table``, ``events``, ``raw``, ``dispatch.base`` and ``storage``.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.chat.actions import action_of
from bot.chat.authorization import is_meant
from bot.chat.command_table import PRESSED_WISHES, REPEATS
from bot.chat.events import Commanded, Incoming, Pressed, Said
from bot.chat.updates.raw import album_of, is_edit, is_id, message_of, sender_of
from bot.dispatch.base import Later, at_rest
from storage.records import InboxRow
from storage.tables.inbox import Inbox

log = logging.getLogger(__name__)

TOGETHER_S = 0.07
"""How long words wait for messages that are forwarded with them. Clients send both at once (tdesktop, share_box.cpp);
other bots wait as long (openclaw#19476, HKUDS/nanobot#2508). Over a slow connection both come with one poll."""

LONGEST_S = 1.0
"""How much longer an act waits at most for updates that Telegram may hold and the bot has not received."""

LOOK_EVERY_S = 0.01

CONTINUED_S = 0.5
"""How long a text that may be cut waits for its rest."""

CUT_LENGTH = 2048
"""A text longer than this may be cut: clients cut at a good place in the second half of the 4096 letters of a message
(tdesktop, text_utilities.cpp, CutPart)."""

WHOLE_LENGTH = 4096
"""A text of exactly this length was cut inside a word, because there was no good place (Telegram-iOS,
breakChatInputText)."""

APART_S = 1
"""The largest difference between the times of an act's messages; Telegram's times are whole seconds."""

LARGEST_ALBUM = 10
"""Messages in one album (Bot API, sendMediaGroup)."""

MOST_IN_AN_ACT = 100
"""Among how many waiting updates of a conversation the rest of an act is looked for."""

Read = Callable[[InboxRow], Incoming | None]


@dataclass(frozen=True, slots=True)
class _Act:
    """The messages of an act, and when the last one was received (Unix s)."""

    messages: tuple[Said, ...]
    received_at: float


class ReceiveState(Protocol):
    """Says how complete the updates from Telegram are."""

    def heard_s(self) -> float:
        """Return for how long the process has received updates, in seconds."""
        ...

    def unknown_s(self) -> float:
        """Return for how long Telegram may have held updates that are not stored yet; 0 where that is not known."""
        ...


class Acts:
    """Gathers acts. ``album_wait_s``: the pause that ends an album. ``stopping``: set when the process ends."""

    def __init__(self, inbox: Inbox, album_wait_s: float, receive_state: ReceiveState, stopping: asyncio.Event) -> None:
        self._inbox = inbox
        self._album_wait_s = album_wait_s
        self._receive_state = receive_state
        self._stopping = stopping

    async def gather(self, row: InboxRow, first: Said, read: Read) -> list[Said]:
        """Wait until an act is complete; return its messages, each as it was edited last.

        Raises: ``Later`` when the process stops meanwhile, since the next process may receive the rest.
        """
        if not (is_meant(first) or first.album):
            return [first]
        act, known = _Act((first,), row.received_at), 0
        while True:
            wait_s = 0.0 if _is_full(act.messages) else self._wait_s(act.messages)
            left_s = self._left_s(wait_s, act.received_at)
            # After a change of the clock the wait might never end, so a full wait without a new message ends it, too.
            silent = len(act.messages) == known and left_s >= wait_s and self._receive_state.heard_s() > wait_s
            if wait_s > 0 and self._stopping.is_set():
                raise Later(0.0, "the process stops before an act is complete")
            if known and (left_s <= 0 or silent):
                return list(act.messages)
            if wait_s > 0:
                with at_rest():
                    await asyncio.sleep(left_s)
                    # Never later than now, even if the clock was set back meanwhile.
                    await self._all_fetched(min(act.received_at + wait_s, time.time()))
            known = len(act.messages)
            act = _act_of(row, first, await self._inbox.open_updates(row.key, limit=MOST_IN_AN_ACT), read)

    async def newest(self, row: InboxRow, edit: Said, read: Read) -> Said:
        """Return an edit as the last waiting edit of the same message has it. All of them end together.

        The words between belong to no wish any more, so nobody pays for them.
        """
        waiting = await self._inbox.open_updates(row.key, limit=MOST_IN_AN_ACT)
        for other in waiting:
            again = other.notice is None and other.update_id > row.update_id and is_edit(other.payload)
            later = try_read(other, read) if again else None
            if isinstance(later, Said) and later.message_id == edit.message_id:
                edit = replace(_corrected(edit, later), edited=True)
        return edit

    def _wait_s(self, messages: Sequence[Said]) -> float:
        """Return how long after the last message another one may come, in seconds."""
        last = messages[-1]
        if any(message.album for message in messages) or all(message.is_bare for message in messages):
            return self._album_wait_s
        if _may_go_on(last):
            return CONTINUED_S
        # A reply has no forwarded messages with it.
        return 0.0 if messages[0].replied else TOGETHER_S

    async def _all_fetched(self, by: float) -> None:
        """Wait until everything is stored that Telegram had at a time (Unix s), for ``LONGEST_S`` at most."""
        while time.time() < by + LONGEST_S:
            # Give updates that have just arrived a moment to be stored, even on a busy machine.
            await asyncio.sleep(LOOK_EVERY_S)
            if time.time() - self._receive_state.unknown_s() >= by:
                return

    def _left_s(self, wait_s: float, received_at: float) -> float:
        """Return how much longer to wait. For older rows the wait begins when this process began to receive."""
        quiet_s = min(time.time() - received_at, self._receive_state.heard_s())
        return wait_s - min(max(quiet_s, 0.0), wait_s)


def _act_of(row: InboxRow, first: Said, rows: Sequence[InboxRow], read: Read) -> _Act:
    """Return the messages of an act among the updates that wait in its conversation."""
    messages, received_at, closed = {message_of(row.payload).get("message_id"): first}, row.received_at, False
    sender = sender_of(row.payload)
    later = (one for one in rows if one.notice is None and one.update_id > row.update_id)
    for other in (one for one in later if sender_of(one.payload) == sender):
        number, album = message_of(other.payload).get("message_id"), album_of(other.payload)
        if not is_id(number):
            closed = True
            continue
        in_album = album is not None and album in {message.album for message in messages.values()}
        # Another message ends the act; only late parts of its album and edits still belong to it.
        if closed and number not in messages and not in_album:
            continue
        event = try_read(other, read)
        if isinstance(event, Said) and event.edited:
            if number in messages:
                messages[number] = _corrected(messages[number], event)
        elif isinstance(event, Said) and (in_album or (not closed and goes_on([*messages.values()], event))):
            messages[number] = event
            received_at = max(received_at, other.received_at)
        else:
            closed = True
    return _Act(tuple(messages.values()), received_at)


async def act_of(inbox: Inbox, row: InboxRow, read: Read) -> tuple[Said, ...]:
    """Return the messages so far of the act that an update begins; none if it begins no act.

    All updates of an act must end together. A part that is left would become a separate wish, and be paid for.
    """
    first = try_read(row, read) if row.notice is None else None
    if not isinstance(first, Said) or first.edited:
        return ()
    return _act_of(row, first, await inbox.open_updates(row.key, limit=MOST_IN_AN_ACT), read).messages


def try_read(row: InboxRow, read: Read) -> Incoming | None:
    """Read an update that still waits; None where that fails. The failure counts when the worker takes the update."""
    try:
        return read(row)
    except Exception as error:
        log.info("update %s cannot be read: %s", row.update_id, error)
        return None


def wish_in(row: InboxRow, read: Read) -> str | None:
    """Return the identity of the wish that a waiting update brings, one for a whole album; None for anything else."""
    event = try_read(row, read)
    if isinstance(event, Said) and is_meant(event) and not (event.edited or event.is_bare):
        return event.album or f"message {event.message_id}"
    repeats = isinstance(event, Commanded) and event.name in REPEATS
    pressed = isinstance(event, Pressed) and action_of(event.data).name in PRESSED_WISHES
    return f"update {row.update_id}" if repeats or pressed else None


def goes_on(messages: Sequence[Said], event: Said) -> bool:
    """Return whether a message belongs to the act that its sender has begun."""
    first, last = messages[0], messages[-1]
    if event.command or not any(map(is_meant, messages)):
        return False
    if all(message.is_bare for message in messages):
        # Pictures wait for words, so the first words are about all of them.
        answers = event.is_text and event.replied is None and not event.anew and is_meant(event)
        return event.is_bare or answers
    if not 0 <= event.sent_at - last.sent_at <= APART_S:
        return False
    if _may_go_on(last) and event.is_text and event.passed_on is None:
        return True
    return first.is_text and (event.forwarded or event.is_bare)


def _corrected(message: Said, edit: Said) -> Said:
    return replace(edit, update_id=message.update_id, corrections=(*message.corrections, edit.update_id), edited=False)


def _may_go_on(message: Said) -> bool:
    return message.length > CUT_LENGTH and message.passed_on is None


def _is_full(messages: Sequence[Said]) -> bool:
    albums = {message.album for message in messages}
    return len(messages) >= LARGEST_ALBUM and len(albums) == 1 and None not in albums


def joined(pieces: Iterable[Said]) -> str:
    """Return the words of some messages; texts that a client cut are put together again."""
    words, last = "", None
    for piece in pieces:
        if last is not None:
            cut = _may_go_on(last) and piece.is_text
            words += "" if cut and last.length >= WHOLE_LENGTH else " " if cut else "\n"
        words, last = words + piece.words, piece
    return words

"""Sends pictures and files once, and words at least once, when an update is handled again after a failure.

Imports httpx, PTB, ``refusals`` and ``storage``. A send has no idempotency key (telegram-bot-api issue 126). So a
picture or file whose outcome is unknown is not sent again by itself: the outcome is stored, and the person is asked.
Words are sent again, because silence is worse than reading twice; ``failures`` decides how often.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from telegram.error import NetworkError

from bot.chat.send.refusals import is_part_of_album, is_refusal
from storage.records import MessageLink, StepState
from storage.tables.deliveries import Deliveries

T = TypeVar("T")

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
"""Transport faults after which nothing can have arrived. A proxy refuses before its tunnel is open (httpcore)."""

KEPT = 1000
"""Failed updates of which the messages that were sent are kept in memory."""


class Unconfirmed(Exception):
    """It is not known that all of a send arrived.

    ``key``: the text that says so. ``arrived``: the messages that certainly did.
    """

    def __init__(self, key: str, arrived: Sequence[MessageLink] = ()) -> None:
        super().__init__(key)
        self.key = key
        self.arrived = tuple(arrived)


class UnknownOutcome(Unconfirmed):
    """A send that may or may not have arrived."""

    def __init__(self, arrived: Sequence[MessageLink] = ()) -> None:
        super().__init__("show-unknown", arrived)


class NotAllowed(Unconfirmed):
    """The chat allows no form in which this could be sent."""


class Unanswered(NetworkError):
    """Words were sent, and Telegram did not answer. ``late``: it did not answer in time.

    Otherwise the connection broke; then the words have mostly not arrived.
    """

    def __init__(self, message: str, *, late: bool) -> None:
        super().__init__(message)
        self.late = late


def is_unknown(error: Exception) -> bool:
    """Return whether a send that failed may have arrived, as after a read timeout, a reset or a 5xx."""
    if is_part_of_album(error):
        return True
    if not isinstance(error, NetworkError) or is_refusal(error):
        return False
    return not isinstance(error.__cause__, NOT_SENT)


@contextmanager
def raising_unanswered() -> Iterator[None]:
    """Raise :class:`Unanswered` where a request of the block gets no answer."""
    try:
        yield
    except NetworkError as error:
        cause = error.__cause__
        if isinstance(cause, httpx.TransportError) and not isinstance(cause, NOT_SENT):
            raise Unanswered(error.message, late=isinstance(cause, httpx.TimeoutException)) from cause
        raise


@contextmanager
def outcome_known() -> Iterator[None]:
    """Raise :class:`UnknownOutcome` for errors of the block after which a send may have arrived."""
    try:
        yield
    except NetworkError as error:
        if is_unknown(error):
            raise UnknownOutcome from error
        raise


@dataclass(slots=True)
class _Answer:
    """What was sent in answer to one update.

    ``done``: everything that was sent, in this or an earlier try of this process. ``said``: how often this try has sent
    the same words; two pieces of a long text may be equal.
    """

    update_id: int
    done: dict[Hashable, Any]
    uploads: int = field(default=0)
    said: Counter[Hashable] = field(default_factory=Counter)


_answering: ContextVar[_Answer | None] = ContextVar("answering", default=None)
"""The update that is being answered.

A context variable and not an argument: it covers each message that a handler sends, also one that is added later. With
an argument, a new send that left it out would be repeated after a restart, and no test of today would notice.
"""


class OnceSender:
    """Numbers the pictures and files that are sent while an update is handled; each number is sent once."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._done: dict[int, dict[Hashable, Any]] = {}

    @contextmanager
    def answering(self, update_id: int) -> Iterator[None]:
        """Treat everything that the block sends as the answer to an update."""
        if len(self._done) > KEPT:
            del self._done[next(iter(self._done))]
        token = _answering.set(_Answer(update_id, self._done.setdefault(update_id, {})))
        try:
            yield
            self._done.pop(update_id, None)
        finally:
            _answering.reset(token)

    async def said(self, what: Hashable, send: Callable[[], Awaitable[T]]) -> T:
        """Send words unless an earlier try for the same update has sent them; return the result of that send."""
        answer = _answering.get()
        if answer is None:
            return await send()
        this = (what, answer.said[what])
        answer.said[what] += 1
        if this not in answer.done:
            answer.done[this] = await send()
        sent: T = answer.done[this]
        return sent

    async def once(self, send: Callable[[], Awaitable[T]]) -> T | None:
        """Send a picture or file; return None where an earlier process has sent it. Raises: :class:`UnknownOutcome`."""
        answer = _answering.get()
        if answer is None:
            with outcome_known():
                return await send()
        position, answer.uploads = answer.uploads, answer.uploads + 1
        if position not in answer.done:
            known = await self._deliveries.upload_state(answer.update_id, position)
            if known is StepState.SENT:
                return None
            if known is not None:
                raise UnknownOutcome
            answer.done[position] = await self._sent(answer.update_id, position, send)
        await self._deliveries.note_upload(answer.update_id, position, StepState.SENT)
        sent: T = answer.done[position]
        return sent

    async def _sent(self, update_id: int, position: int, send: Callable[[], Awaitable[T]]) -> T:
        await self._deliveries.note_upload(update_id, position, StepState.SENDING)
        try:
            with outcome_known():
                return await send()
        except UnknownOutcome:
            await self._deliveries.note_upload(update_id, position, StepState.UNKNOWN)
            raise
        except Exception:
            await self._deliveries.withdraw_upload(update_id, position)
            raise

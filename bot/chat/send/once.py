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
from storage.records import MessageLink, SendState
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

    Otherwise the connection broke; then the words have usually not arrived.
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
class _Sends:
    """What was sent while one update was handled.

    ``done``: everything that was sent, in this or an earlier try of this process. ``said``: how often this try has sent
    the same words; two pieces of a long text may be equal.
    """

    update_id: int
    done: dict[Hashable, Any]
    uploads: int = field(default=0)
    said: Counter[Hashable] = field(default_factory=Counter)


_current: ContextVar[_Sends | None] = ContextVar("sends", default=None)
"""What was sent for the update that is being handled; None where none is.

A context variable and not an argument: it covers each message that a handler sends, also one that is added later. With
an argument, a new send that left it out would be repeated after a restart, and no test of today would notice.
"""


class OnceSender:
    """Numbers the pictures and files that are sent while an update is handled; each number is sent once."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._done: dict[int, dict[Hashable, Any]] = {}

    @contextmanager
    def sending_once_for(self, update_id: int) -> Iterator[None]:
        """Send each picture and file of the block once for this update, also when it is handled again."""
        if len(self._done) > KEPT:
            del self._done[next(iter(self._done))]
        token = _current.set(_Sends(update_id, self._done.setdefault(update_id, {})))
        try:
            yield
            self._done.pop(update_id, None)
        finally:
            _current.reset(token)

    async def said(self, what: Hashable, send: Callable[[], Awaitable[T]]) -> T:
        """Send words unless an earlier try for the same update has sent them; return the result of that send."""
        sends = _current.get()
        if sends is None:
            return await send()
        this = (what, sends.said[what])
        sends.said[what] += 1
        if this not in sends.done:
            sends.done[this] = await send()
        sent: T = sends.done[this]
        return sent

    async def once(self, send: Callable[[], Awaitable[T]]) -> T | None:
        """Send a picture or file; return None where an earlier process has sent it. Raises: :class:`UnknownOutcome`."""
        sends = _current.get()
        if sends is None:
            with outcome_known():
                return await send()
        position, sends.uploads = sends.uploads, sends.uploads + 1
        if position not in sends.done:
            known = await self._deliveries.upload_state(sends.update_id, position)
            if known is SendState.SENT:
                return None
            if known is not None:
                raise UnknownOutcome
            sends.done[position] = await self._sent(sends.update_id, position, send)
        await self._deliveries.record_upload(sends.update_id, position, SendState.SENT)
        sent: T = sends.done[position]
        return sent

    async def _sent(self, update_id: int, position: int, send: Callable[[], Awaitable[T]]) -> T:
        await self._deliveries.record_upload(update_id, position, SendState.SENDING)
        try:
            with outcome_known():
                return await send()
        except UnknownOutcome:
            await self._deliveries.record_upload(update_id, position, SendState.UNKNOWN)
            raise
        except Exception:
            await self._deliveries.withdraw_upload(update_id, position)
            raise

"""What is sent is sent once: what is known of a send that failed, and what was said already in answer to an update.

May import PTB, ``refusals`` and ``storage``. A send has no idempotency key (telegram-bot-api issue 126). So a picture
or file whose outcome is unknown is never sent again by itself: it is recorded, and the person is asked. Words are said
again, since silence is worse than reading twice; how often, ``failures`` decides.
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
"""Transport faults after which nothing can have arrived; a proxy says no while its tunnel is opened (httpcore)."""

KEPT = 1000
"""Updates in trouble of which it is remembered what was said already."""


class Unconfirmed(Exception):
    """Something of which nobody can say that it arrived.

    ``key``: the sentence about it; ``arrived``: what certainly did, where it was several messages.
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
    """There is no form in which this may be sent to its place."""


class Unanswered(NetworkError):
    """Words went out, and nobody answered whether they arrived. ``late``: not even as late as an answer may come.

    Where the connection broke instead, they mostly have not arrived.
    """

    def __init__(self, message: str, *, late: bool) -> None:
        super().__init__(message)
        self.late = late


def is_unknown(error: Exception) -> bool:
    """Tell whether a send that failed may have arrived: read timeouts, resets and 5xx say nothing."""
    if is_part_of_album(error):
        return True
    if not isinstance(error, NetworkError) or is_refusal(error):
        return False
    return not isinstance(error.__cause__, NOT_SENT)


@contextmanager
def raising_unanswered() -> Iterator[None]:
    """Raise :class:`Unanswered` where the block makes a request to which no answer comes."""
    try:
        yield
    except NetworkError as error:
        cause = error.__cause__
        if isinstance(cause, httpx.TransportError) and not isinstance(cause, NOT_SENT):
            raise Unanswered(error.message, late=isinstance(cause, httpx.TimeoutException)) from cause
        raise


@contextmanager
def outcome_known() -> Iterator[None]:
    """Raise :class:`UnknownOutcome` for whatever the block raises that does not tell whether a send arrived."""
    try:
        yield
    except NetworkError as error:
        if is_unknown(error):
            raise UnknownOutcome from error
        raise


@dataclass(slots=True)
class _Answer:
    """``done``: what of it is known to have gone out, in this or an earlier try of this process.

    ``said``: how often this try has said the same words; pieces of a long text may be equal, and all are meant.
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
    """Counts the pictures and files that go out while an update is handled; the same place is never filled twice."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries
        self._done: dict[int, dict[Hashable, Any]] = {}

    @contextmanager
    def answering(self, update_id: int) -> Iterator[None]:
        """Hold that whatever is sent in this block answers an update."""
        if len(self._done) > KEPT:
            del self._done[next(iter(self._done))]
        token = _answering.set(_Answer(update_id, self._done.setdefault(update_id, {})))
        try:
            yield
            self._done.pop(update_id, None)
        finally:
            _answering.reset(token)

    async def said(self, what: Hashable, send: Callable[[], Awaitable[T]]) -> T:
        """Say words, unless an earlier try to answer the same update has said them; return what came of it then."""
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
        """Send, unless an earlier process did; then return None. Raises: :class:`UnknownOutcome`."""
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

"""Pictures are sent once: what is known of a send that failed, and a guard for pictures that answer an update.

May import PTB and ``storage``. A send has no idempotency key (telegram-bot-api issue 126), so one whose outcome is
unknown is never repeated by itself: it is recorded, and the person is asked.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

import httpx
from telegram.error import BadRequest, NetworkError, TelegramError

from storage.deliveries import Deliveries
from storage.records import StepState

T = TypeVar("T")

NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Transport faults after which nothing can have arrived."""


class UnknownOutcome(Exception):
    """A send that may or may not have arrived."""


def is_refusal(error: Exception) -> bool:
    """Tell whether Telegram will refuse the same again; 413 has no exception of its own in python-telegram-bot 22.8."""
    return isinstance(error, BadRequest) or (isinstance(error, NetworkError) and "too large" in error.message.lower())


BARRED = ("no write access", "not enough rights", "have no rights", "chat_write_forbidden", "topic_closed")
"""What Telegram says, in lower case, where the bot is a member but may not write."""


def is_barred(error: Exception) -> bool:
    """Tell whether the bot lacks the right to write where it wanted to; only an admin there can change that."""
    return isinstance(error, BadRequest) and any(words in error.message.lower() for words in BARRED)


def is_unknown(error: Exception) -> bool:
    """Tell whether a send that failed may have arrived: read timeouts, resets and 5xx say nothing."""
    if not isinstance(error, NetworkError) or is_refusal(error):
        return False
    return not isinstance(error.__cause__, NOT_SENT)


@dataclass(slots=True)
class _Answer:
    update_id: int
    uploads: int = 0


_answering: ContextVar[_Answer | None] = ContextVar("answering", default=None)


class Uploads:
    """Counts the pictures that go out while an update is handled; the same place is never filled twice."""

    def __init__(self, deliveries: Deliveries) -> None:
        self._deliveries = deliveries

    @contextmanager
    def answering(self, update_id: int) -> Iterator[None]:
        """Hold that whatever is sent in this block answers an update."""
        token = _answering.set(_Answer(update_id))
        try:
            yield
        finally:
            _answering.reset(token)

    async def once(self, send: Callable[[], Awaitable[T]]) -> T | None:
        """Send, unless an earlier process did; then return None. Raises: :class:`UnknownOutcome`."""
        answer = _answering.get()
        if answer is None:
            return await _named(send)
        position, answer.uploads = answer.uploads, answer.uploads + 1
        known = await self._deliveries.upload_state(answer.update_id, position)
        if known is StepState.SENT:
            return None
        if known is not None:
            raise UnknownOutcome
        await self._deliveries.note_upload(answer.update_id, position, StepState.SENDING)
        try:
            sent = await _named(send)
        except UnknownOutcome:
            await self._deliveries.note_upload(answer.update_id, position, StepState.UNKNOWN)
            raise
        except Exception:
            await self._deliveries.withdraw_upload(answer.update_id, position)
            raise
        await self._deliveries.note_upload(answer.update_id, position, StepState.SENT)
        return sent


async def _named(send: Callable[[], Awaitable[T]]) -> T:
    try:
        return await send()
    except TelegramError as error:
        if is_unknown(error):
            raise UnknownOutcome from error
        raise

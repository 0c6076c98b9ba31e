"""Whether the clock of this machine is right, by Telegram's. Imports nothing of ours.

What is old is deleted for good, and a computer without a battery for its clock, or with a wrong time server, may
believe that years have passed. So before anything is deleted, its time is compared with that of Telegram's answers.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BELIEVED_S = 3600.0
"""A clock that differs by more is wrong. Days count here, so an hour does no harm."""

LATEST = 99_999_999_999
"""What is later (Unix s) is no time of anybody's clock, and from the year 10000 on it could not be written."""

_DATE = re.compile(rb'"date":\s*(\d{9,11})\b')
"""When a message was sent (core.telegram.org/bots/api#message, ``date``). In people's words the quotes are escaped."""


class TelegramClock:
    """What time it is at Telegram, as far as this process has heard."""

    def __init__(self) -> None:
        self._heard: tuple[float, float] | None = None
        self._by_header = False

    def note_header(self, date: str | None) -> None:
        """Note the header ``Date`` of an answer that Telegram's own server gave.

        Servers with a clock send it with each answer (RFC 9110, 6.6.1). What is no date is left alone.
        """
        # A number that is too large for a date is no ValueError.
        with suppress(ValueError, OverflowError):
            if not date:
                return
            at = parsedate_to_datetime(date)
            # Python returns a time without a zone where the zone is "-0000" or missing; it is UTC all the same.
            seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
            if seconds <= LATEST:
                self._heard = seconds, time.monotonic()
                self._by_header = True

    def note_body(self, answer: bytes) -> None:
        """Note the newest message in an answer where no header counts: it is later than that, and never earlier."""
        if self._by_header:
            return
        newest = max(map(int, _DATE.findall(answer)), default=0)
        if newest > (self.now() or 0):
            self._heard = newest, time.monotonic()

    def now(self) -> float | None:
        """Return the time (Unix s) at Telegram, None while it is not known."""
        return None if self._heard is None else self._heard[0] + time.monotonic() - self._heard[1]

    def fault(self) -> tuple[str, str] | None:
        """Return the times of this machine and of Telegram, in UTC; None if they agree, or Telegram's is not known."""
        here, there = time.time(), self.now()
        if there is None or abs(here - there) <= BELIEVED_S:
            return None
        return _written(here), _written(there)

    async def is_right(self, ask: Callable[[], Awaitable[object]]) -> bool:
        """Return whether the clock of this machine is known to be right.

        ``ask`` makes some call to Telegram, and raises nothing. It is made where that does not seem so: a machine that
        slept did not count the time.
        """
        if self.now() is None or self.fault() is not None:
            await ask()
        return self.now() is not None and self.fault() is None


def _written(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")

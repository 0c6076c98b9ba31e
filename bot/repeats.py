"""Counts what comes again and again, so that a log or an owner reads once what is wrong, and then how often.

Imports the standard library only. :class:`Repeats` is used under the lock of a log handler.
"""

from __future__ import annotations

import copy
import logging
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

AGAIN_AFTER_S = 600.0
"""How long a warning is only counted after it was written."""

MOST = 200
"""How many different warnings are remembered."""

SELDOM_S = 3600.0
"""How long a message for one reason is only counted after it was sent."""

MOST_AN_HOUR = 10
"""After so many messages for different reasons within :data:`SELDOM_S`, those of one kind count as one reason."""

MOST_REASONS = 200
"""So many reasons are remembered, those that came last."""

_SAME_AS = "same_as"

_WHEN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9.]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
_HEX = r"[0-9a-fA-F]"
_ID = (
    rf"{_HEX}{{8}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{4}}-{_HEX}{{12}}"
    # With digits and letters and without the hyphens and dots that names of models have, as in req_0a1b2c3d4e5f.
    r"|(?:[A-Za-z]{1,8}[_-])?(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{12,}"
)
_NUMBER = r"(?<!HTTP )[0-9]+(?:[.,:x\u00d7][0-9]+)*(?:(?:ms|[smhd])(?:[0-9.]+(?:ms|[smh]))*)?"
_CHANGING = re.compile(rf"(?<![\w.-])(?:{_WHEN}|{_ID}|{_NUMBER})(?![\w])")
"""Times, counts, and numbers of requests differ where the reason is the same. Another status or model is another."""


def reason_of(words: str) -> str:
    """Return words without what differs each time, to compare them with others; another model is another reason."""
    return _CHANGING.sub("0", words)


def same_as(fault: str, reason: str = "") -> dict[str, tuple[str, str]]:
    """Return the ``extra`` of a line about a fault that many turns meet: it is counted, whatever its turn and level.

    ``reason``: what makes it the same, where its words differ each time.
    """
    return {_SAME_AS: (reason or fault, fault)}


class Seldom:
    """Decides which of many alike messages are sent: for each reason the first one, and then one an hour.

    What is counted in between is told with the next one. ``now``: a clock that nobody sets, in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._sent: dict[str, tuple[float, int]] = {}

    def left_out(self, kind: str, words: str) -> int | None:
        """Return how many alike were left out since the last one, if a message is to be sent; else count it: None.

        ``words``: of the kind, why. Where too many reasons come, ``kind`` is the reason.
        """
        now, reason = self._now(), f"{kind}\n{reason_of(words)}"
        if not self._is_fresh(reason, now) and sum(self._is_fresh(one, now) for one in self._sent) >= MOST_AN_HOUR:
            reason = kind
        due = not self._is_fresh(reason, now)
        sent_at, more = self._sent.pop(reason, (now, 0))
        while len(self._sent) >= MOST_REASONS:
            del self._sent[next(iter(self._sent))]
        self._sent[reason] = (now, 0) if due else (sent_at, more + 1)
        return more if due else None

    def _is_fresh(self, reason: str, now: float) -> bool:
        """Return whether a message for a reason was sent within the last hour."""
        return reason in self._sent and now - self._sent[reason][0] < SELDOM_S


@dataclass(slots=True)
class _Seen:
    written_at: float
    latest: logging.LogRecord
    words: str
    times: int = 0


class Repeats:
    """The warnings of the last minutes. ``now``: the clock, in seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: dict[tuple[str, int, str], _Seen] = {}

    def passed(self, record: logging.LogRecord) -> Iterator[logging.LogRecord]:
        """Yield what is to be written when a record comes: the counts that are due, and the record if it is new."""
        now = self._now()
        # Taken away, since each formatter would write it as a field.
        fault: tuple[str, str] | None = record.__dict__.pop(_SAME_AS, None)
        if fault is None and record.levelno >= logging.WARNING and isinstance(record.msg, str):
            fault = (words := _words(record), words)
        reason, words = fault or ("", "")
        key = (record.name, record.levelno, reason) if fault else None
        known = key in self._seen
        if key is not None and known:
            seen = self._seen[key]
            seen.times, seen.latest, seen.words = seen.times + 1, _outline(record), words
        due = [one for one, seen in self._seen.items() if now - seen.written_at >= AGAIN_AFTER_S]
        yield from self._counted(due)
        if key is not None and key not in self._seen:
            if len(self._seen) >= MOST:
                yield from self._counted([next(iter(self._seen))])
            self._seen[key] = _Seen(written_at=now, latest=_outline(record), words=words)
        if not known:
            yield record

    def rest(self) -> Iterator[logging.LogRecord]:
        """Yield the counts that nobody has read yet, at the end of the process."""
        yield from self._counted([*self._seen])

    def _counted(self, keys: list[tuple[str, int, str]]) -> Iterator[logging.LogRecord]:
        """Forget warnings; yield a line for each that came more than once."""
        for key in keys:
            seen = self._seen.pop(key)
            if seen.times:
                line = copy.copy(seen.latest)
                times = "once" if seen.times == 1 else f"{seen.times} times"
                line.msg, line.args = "%s (came %s more)", (seen.words, times)
                yield line


def _outline(record: logging.LogRecord) -> logging.LogRecord:
    """Return a record without its words, values and traceback: these may hold all that the work had in memory."""
    line = copy.copy(record)
    line.msg, line.args = "", ()
    line.exc_info = line.exc_text = line.stack_info = None
    return line


def _words(record: logging.LogRecord) -> str:
    try:
        words = record.getMessage()
    except (TypeError, ValueError):
        # The handler reports that such a line cannot be written.
        words = str(record.msg)
    error = record.exc_info[1] if record.exc_info else None
    return f"{words} ({type(error).__name__}: {error})" if error is not None else words

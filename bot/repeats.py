"""Counts warnings that come again and again, so that a log says once what is wrong, and then how often.

Imports the standard library only. It is used under the lock of a log handler.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

AGAIN_AFTER_S = 600.0
"""How long a warning is only counted after it was written."""

MOST = 200
"""How many different warnings are remembered."""

_SAME_AS = "same_as"


def same_as(fault: str) -> dict[str, str]:
    """Return the ``extra`` of a line about a fault that many turns meet: it is counted, whatever its turn and level."""
    return {_SAME_AS: fault}


@dataclass(slots=True)
class _Seen:
    written_at: float
    latest: logging.LogRecord
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
        fault: str | None = record.__dict__.pop(_SAME_AS, None)
        counts = fault is not None or (record.levelno >= logging.WARNING and isinstance(record.msg, str))
        key = (record.name, record.levelno, fault or _words(record)) if counts else None
        known = key in self._seen
        if key is not None and known:
            self._seen[key].times += 1
            self._seen[key].latest = _outline(record)
        due = [one for one, seen in self._seen.items() if now - seen.written_at >= AGAIN_AFTER_S]
        yield from self._counted(due)
        if key is not None and key not in self._seen:
            if len(self._seen) >= MOST:
                yield from self._counted([next(iter(self._seen))])
            self._seen[key] = _Seen(written_at=now, latest=_outline(record))
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
                line.msg, line.args = "%s (came %s more)", (key[2], times)
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

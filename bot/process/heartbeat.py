"""Whether the bot is alive: a file in ``DATA_DIR`` that is touched by each answered poll, and notes a clean stop.

Imports the standard library only. ``pentimento health`` reads its age from another process, and so does the container's
health check.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

STALE_AFTER_S = 120.0
"""A poll is answered every 30 s at the latest; four missed ones are a fault."""

LATELY_S = 60.0


class Heartbeat:
    """The file; and, for this process, when Telegram answered last, by a clock that does not jump."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "heartbeat"
        self._answered_at = float("-inf")
        self._first_at: float | None = None
        self._asked_at: float | None = None
        self._told_at: float | None = None
        self._known_at: float | None = None
        self._trip_s = float("inf")

    def asking(self) -> None:
        """Note that a poll begins, so all updates of the polls before it are stored."""
        self._asked_at = time.monotonic()
        self._known_at = self._told_at or self._asked_at

    def beat(self) -> None:
        """Note that Telegram has just answered a poll, or a check of the webhook."""
        self.answered()
        self._first_at = self._first_at or self._answered_at
        self._told_at = self._answered_at
        if self._asked_at is not None:
            self._trip_s = min(self._trip_s, self._told_at - self._asked_at)
            self._asked_at = None
        self.touch()

    def answered(self) -> None:
        """Note that Telegram has just answered a call other than a poll."""
        self._answered_at = time.monotonic()

    def touch(self) -> None:
        """Note that this process is alive, where another one polls, or while a start waits for Telegram."""
        with suppress(OSError):
            self._path.touch()

    def stop(self) -> None:
        """Note that the bot has stopped because it was asked to, and that no other process uses this file."""
        with suppress(OSError):
            now_s = int(time.time())
            self._path.write_text(str(now_s))
            os.utime(self._path, (now_s, now_s))

    def begin(self) -> None:
        """Note that this process receives updates from now on, by way of the other processes."""
        self._first_at = time.monotonic()

    def beats(self) -> bool:
        """Return whether Telegram answered this process in the last minute."""
        return time.monotonic() - self._answered_at < LATELY_S

    def silent_s(self) -> float:
        """Return for how long Telegram has not answered this process, infinite before the first answer."""
        return time.monotonic() - self._answered_at

    def heard_s(self) -> float:
        """Return for how many seconds this process has been receiving updates, 0 before the first answer."""
        return time.monotonic() - self._first_at if self._first_at is not None else 0.0

    def unknown_s(self) -> float:
        """Return for how many seconds Telegram may have had updates that are not stored yet.

        0 while a poll waits at Telegram; a poll counts as waiting once it took longer than the quickest one. 0 as well
        in a process that does not poll, since it cannot know.
        """
        if self._known_at is None:
            return 0.0
        now = time.monotonic()
        waits = self._asked_at is not None and now - self._asked_at >= self._trip_s
        return 0.0 if waits else now - self._known_at

    def health(self) -> tuple[bool, str]:
        """Return whether the bot gave a sign of life lately, by the file's age, and a sentence about it.

        Works in any process.
        """
        try:
            at = self._path.stat().st_mtime
            said = self._path.read_bytes()
        except FileNotFoundError:
            return False, f"There is no {self._path}: with this DATA_DIR no bot has reached Telegram yet."
        except OSError as error:
            return False, f"{self._path} cannot be read: {error.strerror}."
        # Each sign of life changes the file's time, and so takes the note of a stop away.
        if said == f"{at:.0f}".encode() and at.is_integer():
            when = datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d at %H:%M:%S")
            return False, f"The bot was stopped on {when}, as it was asked to, and has given no sign of life since."
        age_s = time.time() - at
        if age_s < -STALE_AFTER_S:
            # The clock was set back. A bot that runs touches the file again within a poll.
            when = datetime.fromtimestamp(at).astimezone().strftime("%Y-%m-%d at %H:%M:%S")
            return False, (
                f"The last sign of life of the bot is of {when}, which is still to come: the clock was set back "
                "since. A bot that runs gives another one within half a minute; ask again then."
            )
        if age_s < STALE_AFTER_S:
            return True, f"The bot is well: its last sign of life came {max(0, age_s):.0f} s ago."
        long_ago = f"{age_s:.0f} s ago, more than {STALE_AFTER_S:g} s"
        return False, f"The last sign of life of the bot came {long_ago}: it does not run, or does not reach Telegram."

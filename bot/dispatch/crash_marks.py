"""Which conversations a process works on, noted in files that remain if it crashes. Imports ``base`` and ``storage``.

A mark is a small file and is not synced. What a killed process wrote is safe in the kernel, and after a power cut no
conversation is to blame. So a mark costs microseconds, where a row in the database would cost a commit.

A process that dies was working on many conversations, and most of them are innocent. So all of them become suspects,
and the next process takes the suspects up one at a time. A crash counts against a conversation only if it was the only
suspect at work.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.dispatch.base import current_mark
from storage.records import Key

log = logging.getLogger(__name__)

ALONE = b"alone"
"""Content of the mark of a suspect at work; other marks are empty."""


class CrashMark:
    """One file. ``on_release`` is called once, when other suspects may be taken up again."""

    def __init__(self, path: Path, on_release: Callable[[], None] | None) -> None:
        self._path = path
        self._on_release = on_release
        self._is_set = False

    def resume(self) -> None:
        """Write the file."""
        self._is_set = True
        try:
            self._path.write_bytes(ALONE if self._on_release else b"")
        except OSError as error:
            # A full disk must not stop the bot from answering; only a later crash would go uncounted.
            log.warning("the crash mark %s cannot be written: %s", self._path.name, error)

    def rest(self) -> None:
        """Remove the file, and let other suspects be taken up."""
        self._is_set = False
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Let other suspects be taken up while this conversation goes on."""
        if self._on_release is not None:
            on_release, self._on_release = self._on_release, None
            if self._is_set:
                self.resume()
            on_release()


class CrashMarks:
    """The marks of one process, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self) -> dict[Key, bool]:
        """Return what an earlier process worked on when it died, and whether as the only suspect; remove the marks."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
        found = {}
        for path in sorted(self._folder.glob("*.*")):
            chat_id, _, topic_id = path.name.partition(".")
            with suppress(ValueError, OSError):
                found[Key(int(chat_id), int(topic_id))] = path.read_bytes() == ALONE
            path.unlink(missing_ok=True)
        return found

    @contextmanager
    def marked(self, key: Key, on_release: Callable[[], None] | None = None) -> Iterator[CrashMark]:
        """Mark a conversation for the length of the block. Only a crash of the process leaves the file behind."""
        mark = CrashMark(self._folder / f"{key.chat_id}.{key.topic_id}", on_release)
        token = current_mark.set(mark)
        mark.resume()
        try:
            yield mark
        finally:
            mark.rest()
            current_mark.reset(token)

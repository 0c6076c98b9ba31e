"""Which conversations a process has in hand, kept for the event that it dies. Imports ``base``.

A mark is a small file. It is not synced: what a killed process wrote stays in the kernel, and a power cut is not the
fault of what was in hand. So a mark costs microseconds where a row would cost a commit.

Much is in hand when a process dies, and most of it is innocent. So what was in hand is only suspected, and taken up one
by one by the next process; a death counts against that which was alone in hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.dispatch.base import holding
from storage.records import Key

log = logging.getLogger(__name__)

ALONE = b"alone"


class Mark:
    """One file. ``let_go`` is called once, when a conversation that was to be alone in hand need not be any more."""

    def __init__(self, path: Path, let_go: Callable[[], None] | None) -> None:
        self._path = path
        self._let_go = let_go
        self._held = False

    def resume(self) -> None:
        """Put the mark there."""
        self._held = True
        try:
            self._path.write_bytes(ALONE if self._let_go else b"")
        except OSError as error:
            # A full disk must not keep anybody from being answered; only a later crash would go uncounted.
            log.warning("%s goes unmarked: %s", self._path.name, error)

    def rest(self) -> None:
        """Take the mark away; others may be in hand from now on."""
        self._held = False
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self.share()

    def share(self) -> None:
        """Let others be in hand, too."""
        if self._let_go is not None:
            let_go, self._let_go = self._let_go, None
            if self._held:
                self.resume()
            let_go()


class Marks:
    """The marks of one process, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def left(self) -> dict[Key, bool]:
        """Return what an earlier process had in hand when it died, and whether alone; forget it."""
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
    def holding(self, key: Key, let_go: Callable[[], None] | None = None) -> Iterator[Mark]:
        """Mark a conversation while the block works, however it ends; a process that dies inside leaves the mark."""
        mark = Mark(self._folder / f"{key.chat_id}.{key.topic_id}", let_go)
        token = holding.set(mark)
        mark.resume()
        try:
            yield mark
        finally:
            mark.rest()
            holding.reset(token)

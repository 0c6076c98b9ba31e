"""Which conversations a process has in hand, kept for the event that it dies. Imports ``base``.

A mark is an empty file. It is not synced: what a killed process wrote stays in the kernel, and a power cut is not the
fault of what was in hand. So a mark costs microseconds where a row would cost a commit.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.dispatch.base import holding
from storage.records import Key

log = logging.getLogger(__name__)


class Marks:
    """The marks of one process, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def left(self) -> list[Key]:
        """Return what an earlier process had in hand when it died, and forget it."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
        found = []
        for path in sorted(self._folder.glob("*.*")):
            chat_id, _, topic_id = path.name.partition(".")
            with suppress(ValueError):
                found.append(Key(int(chat_id), int(topic_id)))
            path.unlink(missing_ok=True)
        return found

    @contextmanager
    def holding(self, key: Key) -> Iterator[None]:
        """Mark a conversation while the block works, however it ends; a process that dies inside leaves the mark."""
        mark = _Mark(self._folder / f"{key.chat_id}.{key.topic_id}")
        token = holding.set(mark)
        mark.resume()
        try:
            yield
        finally:
            mark.rest()
            holding.reset(token)


class _Mark:
    """One file. Several parts of a step may rest at once; it is marked as soon as one of them works again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def resume(self) -> None:
        try:
            self._path.touch()
        except OSError as error:
            # A full disk must not keep anybody from being answered; only a later crash would go uncounted.
            log.warning("%s goes unmarked: %s", self._path.name, error)

    def rest(self) -> None:
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

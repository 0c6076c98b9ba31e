"""Removes deleted rows from SQLite's write-ahead log. Imports nothing of ours.

SQLite overwrites deleted rows in its main file (``secure_delete``), but older copies of their pages stay in the log. A
checkpoint of the kind TRUNCATE empties the log. It cannot do so while another program reads an older state of the
database, such as a viewer that was left open (sqlite.org/wal.html, "Avoiding Excessively Large WAL Files").
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

log = logging.getLogger(__name__)

BUSY_S = 0.1
"""How long one checkpoint waits for readers. Writers wait for it meanwhile (sqlite.org/c3ref/wal_checkpoint_v2)."""

TRIES = 5
PAUSE_S = 0.1
"""How often, and how far apart, a wipe is tried at once: our own reads and writes end within milliseconds."""

AGAIN_AFTER_S = (1.0, 2.0, 5.0, 10.0, 30.0)
"""The pauses between later tries; the last one repeats."""


class LogWipe:
    """Empties the log of an SQLite file, on a connection of its own, so that no other work waits for it.

    Without a file there is nothing to do.
    """

    def __init__(self, database: Path | None) -> None:
        self._database = database
        self._asked = self._done = 0
        self._turn = asyncio.Lock()
        self._due = asyncio.Event()
        if database is not None:
            # An earlier process may have ended before it could empty the log.
            self._ask()

    @property
    def is_due(self) -> bool:
        """Whether rows that were deleted may still be in the log."""
        return self._done < self._asked

    async def __call__(self, *, tries: int = TRIES) -> None:
        """Try to remove everything from the log that is deleted by now; :meth:`keep` goes on if that fails."""
        if self._database is None:
            return
        self._ask()
        for left in reversed(range(tries)):
            if await self._tried() or not left:
                return
            await asyncio.sleep(PAUSE_S)

    async def keep(self) -> None:
        """Whenever something is left to remove, try again until it is gone; until cancelled."""
        while True:
            await self._due.wait()
            tries = 0
            while not await self._tried():
                await asyncio.sleep(AGAIN_AFTER_S[min(tries, len(AGAIN_AFTER_S) - 1)])
                tries += 1
            if tries:
                log.info("deleted words have left the database's log; another program had held it")

    def _ask(self) -> None:
        self._asked += 1
        self._due.set()

    async def _tried(self) -> bool:
        """Try once; return whether nothing is left."""
        async with self._turn:
            covered = self._asked
            if self._database and self.is_due and await asyncio.to_thread(_emptied, self._database):
                self._done = covered
            if not self.is_due:
                self._due.clear()
        return not self.is_due


def _emptied(database: Path) -> bool:
    """Checkpoint and truncate the log; return whether that was possible.

    The first column of the result is 1 if a reader or writer was in the way (sqlite.org/pragma.html, wal_checkpoint).
    """
    try:
        with closing(sqlite3.connect(f"{database.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_S)) as connection:
            ((busy, _, _),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not busy
    except sqlite3.Error as error:
        log.warning("the database's log could not be emptied, it is tried again: %s", error)
        return False

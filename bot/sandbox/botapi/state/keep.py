"""The emulated Telegram's records on disk: one SQLite table of JSON documents, or nothing at all.

The records live in memory; this is their copy, read once at start. A write takes some tens of microseconds and
survives the kill of the process (not a power cut), so it happens on the event loop. Imports the standard library only.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VERSION = 1
_TABLE = "CREATE TABLE IF NOT EXISTS docs (kind TEXT, key TEXT, body TEXT, PRIMARY KEY (kind, key)) WITHOUT ROWID"


class Keep:
    """JSON documents by kind and key. With ``None`` as path, nothing is stored."""

    def __init__(self, path: Path | None) -> None:
        """Open the file. Raises OSError if another sandbox uses it, or if it is not a sandbox's file."""
        self._db: sqlite3.Connection | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=0, check_same_thread=False)
            try:
                self._prepare(self._db)
            except sqlite3.DatabaseError as error:
                self._db.close()
                busy = isinstance(error, sqlite3.OperationalError)
                why = "is in use by another sandbox" if busy else "is not a file of the sandbox"
                raise OSError(f"{path} {why} ({error})") from None

    @staticmethod
    def _prepare(db: sqlite3.Connection) -> None:
        # The first write takes the lock, and it is held until the end.
        db.execute("PRAGMA locking_mode=EXCLUSIVE")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version not in {0, VERSION}:
            raise sqlite3.DatabaseError(f"its version is {version}, this sandbox knows {VERSION}")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version={VERSION}")
        db.commit()

    def load(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Return every document of a kind."""
        if self._db is not None:
            for key, body in self._db.execute("SELECT key, body FROM docs WHERE kind = ?", (kind,)):
                yield key, json.loads(body)

    def put(self, kind: str, key: object, body: Any) -> None:
        """Write a document. It is safe after :meth:`commit`."""
        if self._db is not None:
            row = (kind, str(key), json.dumps(body, ensure_ascii=False, separators=(",", ":")))
            self._db.execute("INSERT OR REPLACE INTO docs VALUES (?, ?, ?)", row)

    def drop(self, kind: str, key: object) -> None:
        if self._db is not None:
            self._db.execute("DELETE FROM docs WHERE kind = ? AND key = ?", (kind, str(key)))

    def commit(self) -> None:
        """Make everything since the last commit safe: all of it or nothing."""
        if self._db is not None:
            self._db.commit()

    def close(self) -> None:
        if self._db is not None:
            self._db.commit()
            self._db.close()
            self._db = None

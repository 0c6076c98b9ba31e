"""The interface of media backends, and the paths under which they store bytes.

Imports obstore and ``faults``. There are two backends, ``local`` and ``object_store``; neither interprets the bytes.
"""

from __future__ import annotations

import hashlib
import math
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore

from storage.engine.faults import faults_named


def sha256_of(data: bytes) -> str:
    """Return the name under which a picture is stored."""
    return hashlib.sha256(data).hexdigest()


def media_path(sha256: str) -> str:
    """Return the path of a picture."""
    return f"media/{sha256[:2]}/{sha256}"


def raw_answer_path(turn_id: int, attempt: int) -> str:
    """Return the path of the raw answer to an attempt."""
    return f"answers/{turn_id}-{attempt}"


class Backend(ABC):
    """Bytes under paths. Every method may raise ``StorageFault``."""

    is_local = False
    """Whether this is a folder that only this machine uses."""

    folder: Path | None = None
    """The folder, None for an object store."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @abstractmethod
    async def add(self, data: bytes) -> str:
        """Store a picture durably, unless it exists already; return its SHA-256.

        A power cut can leave a truncated file; it is written again.
        """

    @abstractmethod
    async def put(self, path: str, data: bytes) -> None:
        """Store bytes durably."""

    @abstractmethod
    async def get(self, path: str) -> bytes:
        """Return the bytes of a path. Raises: ``FileNotFoundError``."""

    @abstractmethod
    async def size_bytes(self, path: str) -> int | None:
        """Return the size of a path, None if it does not exist."""

    @abstractmethod
    async def delete(self, path: str) -> None:
        """Delete a path, if it exists."""

    async def holds(self, path: str) -> bool:
        """Whether a path exists."""
        return await self.size_bytes(path) is not None

    async def pages(self, folder: str, *, before: float) -> AsyncIterator[list[str]]:
        """Yield the names in a folder that were written before a time (Unix s), at most a thousand at a time."""
        with faults_named():
            async for page in obstore.list(self._store, folder, chunk_size=1000):
                yield [_name(item) for item in page if item["last_modified"].timestamp() < before]

    async def names(self, folder: str) -> list[str]:
        with faults_named():
            return [_name(item) for item in await obstore.list(self._store, folder).collect_async()]

    async def prove(self) -> None:
        """Check that the backend can be read and written."""
        return

    async def sweep(self, *, older_than: timedelta, since: float) -> int:
        """Delete temporary files that interrupted writes left after ``since`` (Unix s); return how many."""
        return 0

    async def names_since(self, since: float, before: float = math.inf) -> list[str]:
        """Return the SHA-256 of the pictures stored between two times (Unix s), if that is quick to find out."""
        return []

    def swept_at(self) -> tuple[float, float]:
        """Return the times (Unix s) of the last full sweep and of the last sweep of new files; 0 for never."""
        return 0.0, 0.0

    def note_sweep(self, whole: float, new: float) -> None:
        """Note the times of both sweeps. If the note gets lost, the next start only takes longer."""
        return

    def sweep_all_next(self) -> None:
        """Let the next start sweep everything, because pictures of any age may be unused now."""
        return


def _name(item: Any) -> str:
    return str(item["path"]).rsplit("/", 1)[-1]

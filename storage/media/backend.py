"""What the media store asks of the place where its bytes lie, and under which paths they lie there.

Imports obstore and ``faults``. There are two such places, ``local`` and ``object_store``; neither knows what the bytes
are.
"""

from __future__ import annotations

import hashlib
import math
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import obstore

from storage.engine.faults import faults_named


def sha256_of(data: bytes) -> str:
    """Return the name under which a picture is stored."""
    return hashlib.sha256(data).hexdigest()


def media_path(sha256: str) -> str:
    """Return where a picture lies."""
    return f"media/{sha256[:2]}/{sha256}"


def answer_path(turn_id: int, attempt: int) -> str:
    """Return where the raw answer to an attempt lies."""
    return f"answers/{turn_id}-{attempt}"


class Backend(ABC):
    """Bytes under paths. Every method may raise ``StorageFault``."""

    is_local = False
    """Whether this is a folder of this machine, which no other machine works on."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @abstractmethod
    async def add(self, data: bytes) -> str:
        """Store a picture durably, unless it is there already; return its SHA-256.

        A power cut can leave a name with fewer bytes than were written; those are written again.
        """

    @abstractmethod
    async def put(self, path: str, data: bytes) -> None:
        """Store bytes durably."""

    @abstractmethod
    async def get(self, path: str) -> bytes:
        """Return the bytes of a path. Raises: ``FileNotFoundError``."""

    @abstractmethod
    async def size_bytes(self, path: str) -> int | None:
        """Return how much lies under a path, None for nothing."""

    @abstractmethod
    async def delete(self, path: str) -> None:
        """Delete what lies under a path, if anything does."""

    async def holds(self, path: str) -> bool:
        """Tell whether anything lies under a path."""
        return await self.size_bytes(path) is not None

    async def pages(self, folder: str, *, before: float) -> AsyncIterator[list[str]]:
        """Yield the names in a folder that were written before a time (Unix s), a thousand at a time at most."""
        with faults_named():
            async for page in obstore.list(self._store, folder, chunk_size=1000):
                yield [_name(item) for item in page if item["last_modified"].timestamp() < before]

    async def names(self, folder: str) -> list[str]:
        """Return the names in a folder."""
        with faults_named():
            return [_name(item) for item in await obstore.list(self._store, folder).collect_async()]

    async def prove(self) -> None:
        """Find out whether this place can be written and read."""
        return

    async def sweep(self, *, older_than: timedelta, since: float) -> int:
        """Delete what writes cut short after ``since`` (Unix s) have left behind; return how many."""
        return 0

    async def names_since(self, since: float, before: float = math.inf) -> list[str]:
        """Return the SHA-256 of the pictures stored between two times (Unix s), where that is quick to know."""
        return []

    def swept_at(self) -> tuple[float, float]:
        """Return when everything was swept, and when what was new then (Unix s); 0 for never or not known any more."""
        return 0.0, 0.0

    def note_sweep(self, whole: float, new: float) -> None:
        """Note when everything was swept, and when what was new then. Losing the note costs time at the next start."""
        return

    def sweep_all_next(self) -> None:
        """Have the next start look at everything, because pictures of any age may have lost their names."""
        return


def _name(item: Any) -> str:
    return str(item["path"]).rsplit("/", 1)[-1]

"""Stores original bytes once under their SHA-256, and raw answers under their turn.

Imports ``object_store``, ``faults``, ``local``, ``records`` and ``backend``. Works on a folder or any object store; a
picture is durable before a row names it. It neither changes bytes nor reads what they contain.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from datetime import timedelta
from pathlib import Path

from storage.engine.faults import FaultKind, StorageFault
from storage.media.backend import Backend, media_path, raw_answer_path, sha256_of
from storage.media.local import LocalBackend
from storage.media.object_store import ObjectStore
from storage.records import MEDIA_PREFIX

REMEMBERED = 10_000
"""How many stored pictures are remembered: far more than a process stores before their rows are written."""

AGAIN_S = 2.5
"""How long a missing picture counts as just deleted; the step that stored it stores it again sooner."""

HELD_BYTES, HELD_S = 32_000_000, 30.0
"""How many bytes stay in memory after they were stored, and how long: an answer is sent right after that."""

SHARED_SWEEP = "swept-beside"


class MediaMissing(Exception):
    """The store lacks a picture that the database names."""


class MediaDamaged(MediaMissing):
    """The stored bytes have changed, so the picture counts as missing."""


def parked(sha256: str) -> str:
    """Return the text that replaces a picture inside stored JSON."""
    return MEDIA_PREFIX + sha256


def latest_attempts(names: Iterable[str]) -> dict[int, int]:
    """Return the turns in these names of raw answers, each with its latest attempt."""
    latest: dict[int, int] = {}
    for name in names:
        turn_id, _, attempt = name.partition("-")
        if turn_id.isdigit() and attempt.isdigit():
            latest[int(turn_id)] = max(int(attempt), latest.get(int(turn_id), 0))
    return latest


class Media:
    """Content-addressed pictures on one backend. Every method may raise ``StorageFault``."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        # Pictures that this process stored, each with the time when it was first found missing; None if it never was.
        self._recent: OrderedDict[str, float | None] = OrderedDict()
        self._held: dict[str, bytes] = {}

    @classmethod
    def open(cls, url: str, options: Mapping[str, str] | None = None) -> Media:
        """Open a folder (a path or ``file://`` URL) or an object store (``s3://...``).

        ``options`` are obstore's for the kind of store; obstore takes missing ones from the environment.
        Raises: ``StorageFault`` for an invalid address, ``OSError`` for a folder that cannot be made.
        """
        if "://" in url and not url.startswith("file://"):
            return cls(ObjectStore.open(url, options or {}))
        return cls(LocalBackend(Path(url.removeprefix("file://")).resolve()))

    async def prove(self) -> None:
        """Check that the store works, so that a wrong bucket or key is noticed at once."""
        await self._backend.prove()

    @property
    def is_local(self) -> bool:
        """Whether this is a folder that only this machine uses."""
        return self._backend.is_local

    @property
    def folder(self) -> Path | None:
        """The folder of the pictures, None for an object store."""
        return self._backend.folder

    async def put(self, data: bytes) -> str:
        """Store ``data`` durably, unless it exists already; return its SHA-256."""
        sha256 = await self._backend.add(data)
        self._recent[sha256] = None
        self._recent.move_to_end(sha256)
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        return sha256

    async def put_to_send(self, data: bytes) -> str:
        """Like :meth:`put`, for a picture that is read again in a moment: it also stays in memory for some seconds."""
        sha256 = await self.put(data)
        if sum(map(len, self._held.values())) + len(data) <= HELD_BYTES:
            self._held[sha256] = data
            asyncio.get_running_loop().call_later(HELD_S, self._held.pop, sha256, None)
        return sha256

    async def confirm(self, names: Iterable[str]) -> None:
        """Make sure that pictures which this process stored still exist.

        Call it after their rows were entered: from then on no process deletes them. Raises: ``StorageFault`` for a
        missing one; the step that stored it must run again. If that does not help for :data:`AGAIN_S`, the picture is
        lost, and reading it raises :class:`MediaMissing`.
        """
        for sha256 in names:
            if sha256 not in self._recent or await self._backend.holds(media_path(sha256)):
                continue
            missed_at = self._recent[sha256] = self._recent[sha256] or time.monotonic()
            if time.monotonic() - missed_at < AGAIN_S:
                raise StorageFault(FaultKind.SWEPT, sha256)
            del self._recent[sha256]

    async def get(self, sha256: str, *, size_bytes: int | None = None, verify: bool = False) -> bytes:
        """Return the bytes of a picture.

        Raises: :class:`MediaMissing`; :class:`MediaDamaged` for another size than ``size_bytes``, or with ``verify``
        for another SHA-256.
        """
        if not verify and (held := self._held.get(sha256)) is not None:
            return held
        try:
            data = await self._backend.get(media_path(sha256))
        except FileNotFoundError as error:
            raise MediaMissing(f"The picture {sha256} is not in the media store any more.") from error
        torn = size_bytes is not None and len(data) != size_bytes
        if torn or (verify and await asyncio.to_thread(sha256_of, data) != sha256):
            raise MediaDamaged(f"The stored picture {sha256} has changed on disk.")
        return data

    async def size_bytes(self, sha256: str) -> int | None:
        """Return the size of a stored picture, None if it does not exist."""
        return await self._backend.size_bytes(media_path(sha256))

    async def keep_raw_answer(self, turn_id: int, attempt: int, data: bytes) -> None:
        """Store a raw answer durably under its turn, before it is read."""
        await self._backend.put(raw_answer_path(turn_id, attempt), data)

    async def raw_answer(self, turn_id: int, attempt: int) -> bytes | None:
        """Return the raw answer that arrived for an attempt, or None."""
        try:
            return await self._backend.get(raw_answer_path(turn_id, attempt))
        except FileNotFoundError:
            return None

    async def raw_answers(self, *, before: float = math.inf) -> dict[int, int]:
        """Return the turns with raw answers from before a time (Unix s), each with its latest attempt."""
        return latest_attempts([name async for page in self.pages("answers", before=before) for name in page])

    async def drop_raw_answers(self, turn_id: int, attempts: int) -> None:
        """Delete the raw answers of a turn, once their content is stored."""
        for attempt in range(1, attempts + 1):
            await self.drop_raw_answer(turn_id, attempt)

    async def drop_raw_answers_of(self, turn_ids: Collection[int]) -> None:
        """Delete all raw answers of deleted turns."""
        left = await self.raw_answers() if turn_ids else {}
        for turn_id in left.keys() & set(turn_ids):
            await self.drop_raw_answers(turn_id, left[turn_id])

    async def drop_raw_answer(self, turn_id: int, attempt: int) -> None:
        """Delete the raw answer to an attempt, if there is one."""
        await self._backend.delete(raw_answer_path(turn_id, attempt))

    async def delete(self, sha256: str) -> None:
        """Delete the bytes of a picture; ``Erasing`` knows when that is safe."""
        self._held.pop(sha256, None)
        await self._backend.delete(media_path(sha256))

    async def names(self) -> list[str]:
        """Return the SHA-256 of every stored picture."""
        return await self._backend.names("media")

    async def sweep(self, *, older_than: timedelta = timedelta(0), since: float = 0.0) -> int:
        """Delete temporary files that interrupted writes left after ``since`` (Unix s); return how many."""
        return await self._backend.sweep(older_than=older_than, since=since)

    async def names_since(self, since: float, *, before: float = math.inf) -> list[str]:
        """Return the SHA-256 of the pictures stored between two times (Unix s); local folders only."""
        return await self._backend.names_since(since, before)

    def swept_at(self) -> tuple[float, float]:
        """Return the times (Unix s) of the last full sweep and of the last sweep of new files; 0 for never."""
        return self._backend.swept_at()

    def note_sweep(self, whole: float, new: float) -> None:
        """Note the times of both sweeps. If the note gets lost, the next start only takes longer."""
        self._backend.note_sweep(whole, new)

    def sweep_all_next(self) -> None:
        """Let the next start sweep everything, because pictures of any age may be unused now."""
        self._backend.sweep_all_next()

    def pages(self, folder: str, *, before: float) -> AsyncIterator[list[str]]:
        """Yield the names in a folder that were written before a time (Unix s), at most a thousand at a time."""
        return self._backend.pages(folder, before=before)

    async def drop_probe(self, name: str) -> None:
        """Delete a test object that a killed process left."""
        await self._backend.delete(f"probe/{name}")

    async def shared_sweep(self) -> tuple[float, float]:
        """Return when the last shared sweep began and ended (Unix s); 0 for never."""
        try:
            begun, ended = map(float, (await self._backend.get(SHARED_SWEEP)).split())
        except (FileNotFoundError, ValueError):
            return 0.0, 0.0
        return begun, ended

    async def note_shared_sweep(self, begun: float, ended: float) -> None:
        """Note, for all processes, when a shared sweep began and ended (Unix s)."""
        await self._backend.put(SHARED_SWEEP, f"{begun} {ended}".encode())

"""Original bytes, stored once under their SHA-256, and raw answers under the turn that asked for them.

Imports obstore, ``faults`` and ``records``. Works on a folder or any object store; a picture is durable before anything
names it. Never changes bytes and never looks into them.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.store import LocalStore, from_url

from storage.faults import faults_named
from storage.records import MEDIA_PREFIX

STAGING = re.compile(r"#\d+$")
"""What obstore leaves of an unfinished local write after a kill."""

PICTURE = re.compile(r"[0-9a-f]{64}")


class MediaMissing(Exception):
    """The store does not hold a picture that the database names."""


class MediaDamaged(MediaMissing):
    """Stored bytes are no longer what was stored: as good as missing."""


def sha256_of(data: bytes) -> str:
    """Return the name under which ``data`` is stored."""
    return hashlib.sha256(data).hexdigest()


def parked(sha256: str) -> str:
    """Return the text that stands for a picture inside stored JSON."""
    return MEDIA_PREFIX + sha256


class Media:
    """Content-addressed bytes in one obstore store."""

    def __init__(self, store: Any, *, root: Path | None) -> None:
        self._store = store
        self._root = root

    @classmethod
    def open(cls, url: str) -> Media:
        """Open a folder (a path or ``file://`` URL) or an object store (``s3://...``)."""
        if "://" in url and not url.startswith("file://"):
            return cls(from_url(url), root=None)
        root = Path(url.removeprefix("file://")).resolve()
        root.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(root), root=root)

    @property
    def _mark(self) -> Path:
        return (self._root or Path()) / "swept"

    @property
    def is_local(self) -> bool:
        """Whether this is a folder of this machine, which no other machine works on."""
        return self._root is not None

    async def put(self, data: bytes) -> str:
        """Store ``data`` durably, unless it is there already; return its SHA-256."""
        sha256 = await asyncio.to_thread(sha256_of, data) if len(data) > 65_536 else sha256_of(data)
        path = _media_path(sha256)
        # A power cut can leave a name with fewer bytes than were written; those are written again.
        if await self._size_bytes(path) != len(data):
            await self._write(path, data)
        return sha256

    async def get(self, sha256: str, *, size_bytes: int | None = None, verify: bool = False) -> bytes:
        """Return the bytes of a picture.

        Raises: :class:`MediaMissing`; :class:`MediaDamaged` for another size than ``size_bytes``, or with ``verify``
        for another SHA-256; ``StorageFault``.
        """
        try:
            with faults_named():
                found = await obstore.get_async(self._store, _media_path(sha256))
                data = bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise MediaMissing(f"The picture {sha256} is not in the media store any more.") from error
        torn = size_bytes is not None and len(data) != size_bytes
        if torn or (verify and await asyncio.to_thread(sha256_of, data) != sha256):
            raise MediaDamaged(f"The stored picture {sha256} has changed on disk.")
        return data

    async def keep_answer(self, turn_id: int, attempt: int, data: bytes) -> None:
        """Store a raw answer durably under its turn, before anybody looks into it."""
        await self._write(_answer_path(turn_id, attempt), data)

    async def answer(self, turn_id: int, attempt: int) -> bytes | None:
        """Return the raw answer that arrived for an attempt, or None."""
        try:
            with faults_named():
                found = await obstore.get_async(self._store, _answer_path(turn_id, attempt))
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None

    async def answers(self) -> dict[int, int]:
        """Return the turns of which raw answers are kept, each with its latest attempt."""
        latest: dict[int, int] = {}
        for name in await self._listed("answers"):
            turn_id, _, attempt = name.partition("-")
            if turn_id.isdigit() and attempt.isdigit():
                latest[int(turn_id)] = max(int(attempt), latest.get(int(turn_id), 0))
        return latest

    async def drop_answers(self, turn_id: int, attempts: int) -> None:
        """Delete the raw answers of a turn, once what they said is stored."""
        paths = [_answer_path(turn_id, attempt) for attempt in range(1, attempts + 1)]
        for path in paths:
            try:
                await obstore.delete_async(self._store, path)
            except FileNotFoundError:
                continue

    async def delete(self, sha256: str) -> None:
        """Delete the bytes of a picture that nothing names any more."""
        try:
            await obstore.delete_async(self._store, _media_path(sha256))
        except FileNotFoundError:
            return

    async def names(self) -> list[str]:
        """Return the SHA-256 of every stored picture."""
        return await self._listed("media")

    async def sweep(self, *, older_than: timedelta = timedelta(0), since: float = 0.0) -> int:
        """Delete what writes cut short after ``since`` (Unix s) have left behind in a local folder; return how many."""
        if self._root is None:
            return 0
        return await asyncio.to_thread(_sweep_staging, self._root, older_than.total_seconds(), since)

    async def names_since(self, since: float) -> list[str]:
        """Return the SHA-256 of the pictures that were stored in a local folder after ``since`` (Unix s)."""
        if self._root is None:
            return []
        return await asyncio.to_thread(_names_since, self._root, since)

    def swept_at(self) -> tuple[float, float]:
        """Return when everything was swept, and when what was new then (Unix s); 0 for never or not known any more."""
        try:
            whole, new = map(float, self._mark.read_text().split())
        except (OSError, ValueError):
            return 0.0, 0.0
        return whole, new

    def note_sweep(self, whole: float, new: float) -> None:
        """Note when everything was swept, and when what was new then. Losing the note costs time at the next start."""
        self._mark.write_text(f"{whole} {new}")

    def sweep_all_next(self) -> None:
        """Have the next start look at everything, because pictures of any age may have lost their names."""
        if self._root is not None:
            self._mark.unlink(missing_ok=True)

    async def _listed(self, folder: str) -> list[str]:
        with faults_named():
            listed = await obstore.list(self._store, folder).collect_async()
        return [str(item["path"]).rsplit("/", 1)[-1] for item in listed]

    async def _size_bytes(self, path: str) -> int | None:
        try:
            with faults_named():
                return int((await obstore.head_async(self._store, path))["size"])
        except FileNotFoundError:
            return None

    async def _write(self, path: str, data: bytes) -> None:
        with faults_named():
            if self._root is None:
                await obstore.put_async(self._store, path, data)
                return
            target = self._root / path
            await obstore.put_async(self._store, path, data)
            # obstore renames into place without fsync: after a power cut the name could point to nothing. Flushes that
            # are asked for together take about as long as one.
            await asyncio.gather(*(asyncio.to_thread(_fsync, one) for one in (target, *target.parents[:2])))


def _media_path(sha256: str) -> str:
    return f"media/{sha256[:2]}/{sha256}"


def _answer_path(turn_id: int, attempt: int) -> str:
    return f"answers/{turn_id}-{attempt}"


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written_since(root: Path, since: float) -> Iterator[os.DirEntry[str]]:
    """Yield the files that were written after a time; a folder's own time tells whether it has any."""
    folders = [root, root / "media", root / "answers"]
    with suppress(FileNotFoundError):
        folders += [Path(entry.path) for entry in os.scandir(root / "media") if entry.is_dir()]
    for folder in folders:
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime >= since:
                yield from (one for one in os.scandir(folder) if one.is_file() and one.stat().st_mtime >= since)


def _names_since(root: Path, since: float) -> list[str]:
    return [entry.name for entry in _written_since(root, since) if PICTURE.fullmatch(entry.name)]


def _sweep_staging(root: Path, older_than_s: float, since: float) -> int:
    swept = 0
    for entry in _written_since(root, since):
        if STAGING.search(entry.name) and time.time() - entry.stat().st_mtime >= older_than_s:
            Path(entry.path).unlink(missing_ok=True)
            swept += 1
    return swept

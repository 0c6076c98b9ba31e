"""A media backend in a folder of this machine. Imports obstore, ``faults`` and ``backend``.

A call to another thread takes longer than a file operation, so each method makes only one.
"""

from __future__ import annotations

import asyncio
import math
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

import obstore
from obstore.store import LocalStore

from storage.engine.faults import faults_named
from storage.media.backend import Backend, media_path, sha256_of

STAGING = re.compile(r"#\d+$")
"""The name of a temporary file of obstore, left by a write that was killed."""

PICTURE = re.compile(r"[0-9a-f]{64}")

P = ParamSpec("P")
T = TypeVar("T")


class LocalBackend(Backend):
    """Files in a folder. A file is complete as soon as it has its name, and on the disk once ``put`` returns."""

    is_local = True

    def __init__(self, root: Path) -> None:
        """Make the folder, if it is not there. Raises: ``OSError``."""
        # An existing folder keeps its rights; it may be shared on purpose.
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        super().__init__(LocalStore(root))
        self._root = root
        self.folder = root
        self._mark = root / "swept"

    async def add(self, data: bytes) -> str:
        return await _trip(self._add, data)

    async def put(self, path: str, data: bytes) -> None:
        await _trip(self._put, path, data)

    async def get(self, path: str) -> bytes:
        return await _trip((self._root / path).read_bytes)

    async def size_bytes(self, path: str) -> int | None:
        return await _trip(self._size_bytes, path)

    async def holds(self, path: str) -> bool:
        # Runs within a transaction: a call to another thread takes a hundred times as long as the check.
        return (self._root / path).is_file()

    async def delete(self, path: str) -> None:
        # Mostly there is no such file, and the check is far quicker than a call to another thread.
        if (self._root / path).exists():
            await _trip((self._root / path).unlink, missing_ok=True)

    async def sweep(self, *, older_than: timedelta, since: float) -> int:
        return await _trip(_sweep_staging, self._root, older_than.total_seconds(), since)

    async def names_since(self, since: float, before: float = math.inf) -> list[str]:
        return await _trip(_names_since, self._root, since, before)

    def swept_at(self) -> tuple[float, float]:
        try:
            whole, new = map(float, self._mark.read_text().split())
        except (OSError, ValueError):
            return 0.0, 0.0
        return whole, new

    def note_sweep(self, whole: float, new: float) -> None:
        self._mark.write_text(f"{whole} {new}")

    def sweep_all_next(self) -> None:
        self._mark.unlink(missing_ok=True)

    def _add(self, data: bytes) -> str:
        sha256 = sha256_of(data)
        if self._size_bytes(path := media_path(sha256)) != len(data):
            self._put(path, data)
        return sha256

    def _put(self, path: str, data: bytes) -> None:
        obstore.put(self._store, path, data)
        # obstore renames into place without fsync: after a power cut the name could point to nothing.
        target = self._root / path
        with suppress(FileNotFoundError):
            for one in (target, *target.parents[:2]):
                fsync(one)
        # A file that is missing was already deleted by a process that shares the folder; ``Media.confirm`` finds out.

    def _size_bytes(self, path: str) -> int | None:
        try:
            return (self._root / path).stat().st_size
        except FileNotFoundError:
            return None


def make_private(folder: Path) -> bool:
    """Make a folder private; return whether an existing folder was readable by other users before.

    A folder of another owner stays as it is. Raises: ``OSError``.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = folder.stat()
    if found.st_uid != os.geteuid() or not found.st_mode & 0o077:
        return False
    # Some file systems have no rights.
    with suppress(PermissionError):
        folder.chmod(0o700)
    return not folder.stat().st_mode & 0o077


async def _trip(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    with faults_named():
        return await asyncio.to_thread(work, *args, **kwargs)


def fsync(path: Path) -> None:
    """Bring a file or a folder's entries to the disk. Raises: ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _written_since(root: Path, since: float) -> Iterator[os.DirEntry[str]]:
    """Yield the files that were written after a time (Unix s); a folder's own time tells whether it has any."""
    folders = [root, root / "media", root / "answers"]
    with suppress(FileNotFoundError):
        folders += [Path(entry.path) for entry in os.scandir(root / "media") if entry.is_dir()]
    for folder in folders:
        with suppress(FileNotFoundError):
            if folder.stat().st_mtime >= since:
                yield from (one for one in os.scandir(folder) if one.is_file() and one.stat().st_mtime >= since)


def _names_since(root: Path, since: float, before: float) -> list[str]:
    pictures = [entry for entry in _written_since(root, since) if PICTURE.fullmatch(entry.name)]
    return [entry.name for entry in pictures if entry.stat().st_mtime < before]


def _sweep_staging(root: Path, older_than_s: float, since: float) -> int:
    swept = 0
    for entry in _written_since(root, since):
        if STAGING.search(entry.name) and time.time() - entry.stat().st_mtime >= older_than_s:
            Path(entry.path).unlink(missing_ok=True)
            swept += 1
    return swept

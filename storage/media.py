"""Original bytes, stored once under their SHA-256, and raw answers under the turn that asked for them.

Imports obstore, ``faults``, ``folder`` and ``records``. Works on a folder or any object store; a picture is durable
before anything names it. Never changes bytes and never looks into them.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from storage.faults import FaultKind, StorageFault, faults_named
from storage.folder import fsync, is_file, names_since, sweep_staging
from storage.records import MEDIA_PREFIX

CLIENT = {"connect_timeout": "5s", "timeout": "60s"}
"""Of one request. The largest picture is 20 MB, and a store so slow that it takes a minute is as good as gone."""

RETRIES: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
"""Some seconds, for what passes at once; whoever asked tries again later by itself, and tells the owner meanwhile."""

REMEMBERED = 10_000
"""Pictures remembered as put. Far more than any process has between ``put`` and the row."""


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


def latest_attempts(names: Iterable[str]) -> dict[int, int]:
    """Return the turns that raw answers are named after, each with its latest attempt."""
    latest: dict[int, int] = {}
    for name in names:
        turn_id, _, attempt = name.partition("-")
        if turn_id.isdigit() and attempt.isdigit():
            latest[int(turn_id)] = max(int(attempt), latest.get(int(turn_id), 0))
    return latest


class Media:
    """Content-addressed bytes in one obstore store."""

    def __init__(self, store: Any, *, root: Path | None, eraser: Any = None) -> None:
        self._store = store
        # A delete that is tried again could reach the store after somebody has stored the same bytes anew.
        self._eraser = eraser or store
        self._root = root
        self._recent: OrderedDict[str, None] = OrderedDict()

    @classmethod
    def open(cls, url: str, options: Mapping[str, str] | None = None) -> Media:
        """Open a folder (a path or ``file://`` URL) or an object store (``s3://...``).

        ``options`` are obstore's for the kind of store; what they leave out obstore takes from the environment.
        Raises: ``StorageFault`` for an address that names no store, ``OSError`` for a folder that cannot be made.
        """
        if "://" in url and not url.startswith("file://"):
            return _open_remote(url, dict(options or {}))
        root = Path(url.removeprefix("file://")).resolve()
        root.mkdir(parents=True, exist_ok=True)
        return cls(LocalStore(root), root=root)

    async def prove(self) -> None:
        """Write, list and delete a tiny object: a wrong bucket or key shows at once. Raises: ``StorageFault``."""
        if self._root is not None:
            return
        path = f"probe/{uuid.uuid4().hex}"
        await self._write(path, b"?")
        with faults_named():
            async for _ in obstore.list(self._store, "probe", chunk_size=1):
                break
        await self._delete(path)

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
        self._recent[sha256] = None
        self._recent.move_to_end(sha256)
        if len(self._recent) > REMEMBERED:
            self._recent.popitem(last=False)
        return sha256

    async def confirm(self, names: Iterable[str]) -> None:
        """Make sure that pictures which this process put are still there.

        To be called by whoever names them, with their rows entered: from then on nobody deletes them.
        Raises: ``StorageFault`` for one that is gone; the work that put it there is to be done once more.
        """
        for sha256 in names:
            if sha256 in self._recent and not await self._holds(_media_path(sha256)):
                raise StorageFault(FaultKind.SWEPT, sha256)

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
            _refuse_missing_bucket(error)
            raise MediaMissing(f"The picture {sha256} is not in the media store any more.") from error
        torn = size_bytes is not None and len(data) != size_bytes
        if torn or (verify and await asyncio.to_thread(sha256_of, data) != sha256):
            raise MediaDamaged(f"The stored picture {sha256} has changed on disk.")
        return data

    async def size_bytes(self, sha256: str) -> int | None:
        """Return how large a stored picture is, None for one that is not there. Raises: ``StorageFault``."""
        return await self._size_bytes(_media_path(sha256))

    async def keep_answer(self, turn_id: int, attempt: int, data: bytes) -> None:
        """Store a raw answer durably under its turn, before anybody looks into it."""
        await self._write(_answer_path(turn_id, attempt), data)

    async def answer(self, turn_id: int, attempt: int) -> bytes | None:
        """Return the raw answer that arrived for an attempt, or None."""
        try:
            with faults_named():
                found = await obstore.get_async(self._store, _answer_path(turn_id, attempt))
                return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            _refuse_missing_bucket(error)
            return None

    async def answers(self, *, before: float = math.inf) -> dict[int, int]:
        """Return the turns of which raw answers are kept since before a time (Unix s), each with its latest attempt."""
        return latest_attempts([name async for page in self.pages("answers", before=before) for name in page])

    async def drop_answers(self, turn_id: int, attempts: int) -> None:
        """Delete the raw answers of a turn, once what they said is stored."""
        for attempt in range(1, attempts + 1):
            await self._delete(_answer_path(turn_id, attempt))

    async def delete(self, sha256: str) -> None:
        """Delete the bytes of a picture that nothing names any more; ``Erasing`` knows when that is safe."""
        await self._delete(_media_path(sha256))

    async def names(self) -> list[str]:
        """Return the SHA-256 of every stored picture."""
        return await self._listed("media")

    async def sweep(self, *, older_than: timedelta = timedelta(0), since: float = 0.0) -> int:
        """Delete what writes cut short after ``since`` (Unix s) have left behind in a local folder; return how many."""
        if self._root is None:
            return 0
        return await asyncio.to_thread(sweep_staging, self._root, older_than.total_seconds(), since)

    async def names_since(self, since: float) -> list[str]:
        """Return the SHA-256 of the pictures that were stored in a local folder after ``since`` (Unix s)."""
        if self._root is None:
            return []
        return await asyncio.to_thread(names_since, self._root, since)

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

    async def pages(self, folder: str, *, before: float) -> AsyncIterator[list[str]]:
        """Yield the names in a folder that were written before a time (Unix s), a thousand at a time at most."""
        with faults_named():
            async for page in obstore.list(self._store, folder, chunk_size=1000):
                yield [_name(item) for item in page if item["last_modified"].timestamp() < before]

    async def drop_probe(self, name: str) -> None:
        """Delete what a process that was killed left of :meth:`prove`."""
        await self._delete(f"probe/{name}")

    async def noted(self) -> tuple[float, float]:
        """Return when the last sweep beside running work began and ended (Unix s); 0 for never."""
        try:
            with faults_named():
                found = await obstore.get_async(self._store, NOTE)
                begun, ended = map(float, bytes(await found.bytes_async()).split())
        except (FileNotFoundError, ValueError):
            return 0.0, 0.0
        return begun, ended

    async def note(self, begun: float, ended: float) -> None:
        """Note when a sweep beside running work began and ended (Unix s), for all who share the store."""
        await self._write(NOTE, f"{begun} {ended}".encode())

    async def _listed(self, folder: str) -> list[str]:
        with faults_named():
            listed = await obstore.list(self._store, folder).collect_async()
        return [_name(item) for item in listed]

    async def _delete(self, path: str) -> None:
        try:
            with faults_named():
                await obstore.delete_async(self._eraser, path)
        except FileNotFoundError as error:
            _refuse_missing_bucket(error)

    async def _holds(self, path: str) -> bool:
        if self._root is None:
            return await self._size_bytes(path) is not None
        # Within a transaction: a trip to another thread takes a hundred times as long as the look itself.
        return is_file(self._root, path)

    async def _size_bytes(self, path: str) -> int | None:
        try:
            with faults_named():
                return int((await obstore.head_async(self._store, path))["size"])
        except FileNotFoundError:
            return None

    async def _write(self, path: str, data: bytes) -> None:
        with faults_named():
            try:
                await obstore.put_async(self._store, path, data)
            except FileNotFoundError as error:
                if self._root is not None:
                    raise
                # A write has nothing to find but the bucket.
                raise StorageFault(FaultKind.REFUSED, "there is no such bucket") from error
            if self._root is None:
                return
            target = self._root / path
            # obstore renames into place without fsync: after a power cut the name could point to nothing. Flushes that
            # are asked for together take about as long as one.
            flushes = (asyncio.to_thread(fsync, one) for one in (target, *target.parents[:2]))
            try:
                await asyncio.gather(*flushes)
            except FileNotFoundError:
                # Somebody who shares the folder has deleted it already; whoever is about to name it finds that out.
                return


NOTE = "swept-beside"


def _open_remote(url: str, options: dict[str, str]) -> Media:
    client: Any = (
        {**CLIENT, "allow_http": True} if options.get("aws_endpoint_url", "").startswith("http://") else CLIENT
    )
    # Deleting one object by the request for many is something that not every store of this kind knows.
    config: Any = {**options, "aws_disable_bulk_delete": "true"} if url.startswith("s3") else None
    once: Any = {**RETRIES, "max_retries": 0}
    try:
        store = from_url(url, config=config, client_options=client, retry_config=RETRIES)
        eraser = from_url(url, config=config, client_options=client, retry_config=once)
    except (BaseError, ValueError) as error:
        raise StorageFault(FaultKind.REFUSED, str(error).partition("\n")[0]) from error
    return Media(store, root=None, eraser=eraser)


def _refuse_missing_bucket(error: FileNotFoundError) -> None:
    """Tell a missing bucket from a missing object; taken for the latter, every picture would look lost."""
    if "NoSuchBucket" in str(error):
        raise StorageFault(FaultKind.REFUSED, "there is no such bucket") from error


def _name(item: Any) -> str:
    return str(item["path"]).rsplit("/", 1)[-1]


def _media_path(sha256: str) -> str:
    return f"media/{sha256[:2]}/{sha256}"


def _answer_path(turn_id: int, attempt: int) -> str:
    return f"answers/{turn_id}-{attempt}"

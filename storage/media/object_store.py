"""A media backend in an object store, shared by all machines. Imports obstore, ``faults`` and ``backend``."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from storage.engine.faults import FaultKind, StorageFault, faults_named
from storage.media.backend import Backend, media_path, sha256_of

CLIENT = {"connect_timeout": "5s", "timeout": "60s"}
"""Of one request. The largest picture is 20 MB, and a store so slow that it takes a minute is as good as gone."""

RETRIES: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
"""Some seconds, for what passes at once; whoever asked tries again later by itself, and tells the owner meanwhile."""

QUICK_BYTES = 65_536
"""A sum over so little takes less time than a trip to another thread."""


class ObjectStore(Backend):
    """Every object is durable once the store has said so."""

    def __init__(self, store: Any, eraser: Any) -> None:
        super().__init__(store)
        # A delete that is tried again could reach the store after somebody has stored the same bytes anew.
        self._eraser = eraser

    @classmethod
    def open(cls, url: str, options: Mapping[str, str]) -> ObjectStore:
        """Make ready to talk to the store. Raises: ``StorageFault`` for an address that names none."""
        plain = options.get("aws_endpoint_url", "").startswith("http://")
        client: Any = {**CLIENT, "allow_http": True} if plain else CLIENT
        # Deleting one object by the request for many is something that not every store of this kind knows.
        config: Any = {**options, "aws_disable_bulk_delete": "true"} if url.startswith("s3") else None
        once: Any = {**RETRIES, "max_retries": 0}
        try:
            store = from_url(url, config=config, client_options=client, retry_config=RETRIES)
            eraser = from_url(url, config=config, client_options=client, retry_config=once)
        except (BaseError, ValueError) as error:
            raise StorageFault(FaultKind.REFUSED, str(error).partition("\n")[0]) from error
        return cls(store, eraser)

    async def prove(self) -> None:
        """Write, list and delete a tiny object: a wrong bucket or key shows at once."""
        path = f"probe/{uuid.uuid4().hex}"
        await self.put(path, b"?")
        with faults_named():
            async for _ in obstore.list(self._store, "probe", chunk_size=1):
                break
        await self.delete(path)

    async def add(self, data: bytes) -> str:
        sha256 = await asyncio.to_thread(sha256_of, data) if len(data) > QUICK_BYTES else sha256_of(data)
        if await self.size_bytes(path := media_path(sha256)) != len(data):
            await self.put(path, data)
        return sha256

    async def put(self, path: str, data: bytes) -> None:
        with faults_named():
            try:
                await obstore.put_async(self._store, path, data)
            except FileNotFoundError as error:
                # A write has nothing to find but the bucket.
                raise StorageFault(FaultKind.REFUSED, "there is no such bucket") from error

    async def get(self, path: str) -> bytes:
        try:
            with faults_named():
                found = await obstore.get_async(self._store, path)
                return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            _refuse_missing_bucket(error)
            raise

    async def size_bytes(self, path: str) -> int | None:
        try:
            with faults_named():
                return int((await obstore.head_async(self._store, path))["size"])
        except FileNotFoundError:
            return None

    async def delete(self, path: str) -> None:
        try:
            with faults_named():
                await obstore.delete_async(self._eraser, path)
        except FileNotFoundError as error:
            _refuse_missing_bucket(error)


def _refuse_missing_bucket(error: FileNotFoundError) -> None:
    """Tell a missing bucket from a missing object; taken for the latter, every picture would look lost."""
    if "NoSuchBucket" in str(error):
        raise StorageFault(FaultKind.REFUSED, "there is no such bucket") from error

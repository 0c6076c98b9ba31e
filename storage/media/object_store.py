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
"""Limits of one request. The largest picture is 20 MB; a store that needs a minute for it counts as down."""

RETRIES: Any = {"max_retries": 5, "retry_timeout": timedelta(seconds=20)}
"""A few seconds, for short outages. After longer ones the callers retry by themselves and alert the owner."""

QUICK_BYTES = 65_536
"""Hashing so few bytes takes less time than a call to another thread."""


class ObjectStore(Backend):
    """Objects in a bucket; each is durable once the store has confirmed it."""

    def __init__(self, store: Any, eraser: Any) -> None:
        super().__init__(store)
        # Without retries: a repeated delete could arrive after the same bytes were stored again.
        self._eraser = eraser

    @classmethod
    def open(cls, url: str, options: Mapping[str, str]) -> ObjectStore:
        """Create the client. Raises: ``StorageFault`` for an invalid address."""
        plain = options.get("aws_endpoint_url", "").startswith("http://")
        client: Any = {**CLIENT, "allow_http": True} if plain else CLIENT
        # Not every S3-compatible store supports bulk deletes.
        config: Any = {**options, "aws_disable_bulk_delete": "true"} if url.startswith("s3") else None
        once: Any = {**RETRIES, "max_retries": 0}
        try:
            store = from_url(url, config=config, client_options=client, retry_config=RETRIES)
            eraser = from_url(url, config=config, client_options=client, retry_config=once)
        except (BaseError, ValueError) as error:
            raise StorageFault(FaultKind.REFUSED, str(error).partition("\n")[0]) from error
        return cls(store, eraser)

    async def prove(self) -> None:
        """Write, list and delete a tiny object, so that a wrong bucket or key is noticed at once."""
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
                # For a write, only the bucket can be missing.
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
    """Distinguish a missing bucket from a missing object; otherwise every picture would look lost."""
    if "NoSuchBucket" in str(error):
        raise StorageFault(FaultKind.REFUSED, "there is no such bucket") from error

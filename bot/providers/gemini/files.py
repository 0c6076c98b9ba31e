"""Google's Files API: a picture is uploaded once and named by its URI for the 48 hours that Google keeps it.

Imports ``base``, ``config``, ``errors``, ``error_mapping``, ``parts``, ``wire`` and ``storage``. Never fails a turn: a
picture that cannot be uploaded is sent inline. A model's signed picture is always sent inline: no document says whether
its signature is valid for a file, and a refusal would cost the whole history.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.providers.base import Answer, Content
from bot.providers.config import KnownFiles
from bot.providers.errors import ProviderError
from bot.providers.shared.error_mapping import fault_of, parse_json
from bot.providers.shared.parts import pick
from bot.providers.wire import Redactor, Wire, related_body
from bot.providers.wire.body import Read
from storage.records import MediaRef

log = logging.getLogger(__name__)

HOST = "generativelanguage.googleapis.com"
"""The host of the Files API. Relays have none."""

MIN_BYTES = 100_000
"""Smaller pictures are sent inline. At 10 Mbit/s and a round trip of 50 ms, the upload of this size pays off after two
requests, of half the size after three, of a quarter after nine (``tests/bench/uplink.py``).
"""

KEPT_S = 48 * 3600.0
MARGIN_S = 3600.0
"""A picture that expires sooner is uploaded again: a call with all its repeats takes ten minutes."""

UPLOAD_S = 60.0
FORGET_S = 10.0
AT_ONCE = 4

REST_S = 600.0
"""How long everything is sent inline after a failed or refused upload, so that a fault does not slow each turn."""

_URI = re.compile(r"https?://[^/?#]+/v1beta/(files/[a-z0-9-]{1,64})")
# "You do not have permission to access the File x or it may not exist.", "The File x is not in an ACTIVE state ...",
# "Cannot fetch content from the provided URL.", "Request contains an invalid argument."
_REFUSED = re.compile(r"\bfiles?\b|file_?uri|fetch content|invalid argument")


class _NotUploaded(Exception):
    """An upload failed; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """URIs by SHA-256. ``fresh``: all of them were uploaded for this request."""

    uris: Mapping[str, str]
    fresh: bool


class Files:
    """The files of one account. Without ``known`` nothing is uploaded, but earlier uploads can be deleted."""

    def __init__(
        self,
        wire: Wire,
        base_url: str,
        headers: Callable[[], Awaitable[dict[str, str]]],
        *,
        account: str,
        known: KnownFiles | None,
        redactor: Redactor,
        upload_s: float = UPLOAD_S,
        forget_s: float = FORGET_S,
    ) -> None:
        """``upload_s``: how long a request waits for its uploads, and an upload for its answer; ``forget_s``: how long
        all deletions together may take.
        """
        self._wire = wire
        self._base_url = base_url
        self._headers = headers
        self.account = account
        """The owner of the files; see :func:`~bot.providers.shared.http_provider.account_of`."""
        self._known = known
        self._redactor = redactor
        self._upload_s = upload_s
        self._forget_s = forget_s
        self._running: dict[str, asyncio.Task[str]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._rests_until = 0.0

    async def named(self, contents: Sequence[Content], read: Read) -> Named:
        """Return the URIs of the pictures that may be named; upload those that are not there yet."""
        pictures = {picture.sha256: picture for content in contents for picture in _nameable(content)}
        if self._known is None or not pictures or time.monotonic() < self._rests_until:
            return Named(uris={}, fresh=False)
        try:
            there = await self._known.alive(self.account, pictures, for_s=MARGIN_S)
        except Exception as error:
            # Without the store the pictures are sent inline.
            log.warning("pictures are sent inline, because the list of uploads cannot be read: %s", error)
            return Named(uris={}, fresh=False)
        uploads = {name: self._upload(picture, read) for name, picture in pictures.items() if name not in there}
        if uploads:
            await asyncio.wait(uploads.values(), timeout=self._upload_s)
        new = {name: task.result() for name, task in uploads.items() if task.done() and not task.cancelled()}
        return Named(uris={**there, **{name: uri for name, uri in new.items() if uri}}, fresh=not there)

    def refuses(self, answer: Answer) -> bool:
        """Return whether an answer refuses a file; such a request is not billed."""
        return answer.status in (400, 403, 404) and bool(_REFUSED.search(fault_of(answer, self._redactor).text))

    async def refused(self, named: Named) -> None:
        """Have refused files uploaded again; after a refusal of fresh uploads, pause uploading."""
        if named.fresh:
            self._rest("files that were just uploaded are refused")
            return
        try:
            if self._known is not None:
                await self._known.drop(self.account, named.uris.items())
        except Exception as error:
            # If the row stays, the file is refused once more.
            log.warning("a refused file could not be forgotten: %s", error)

    async def forget(self, files: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Delete files of this account at Google, with a time limit; return those that are gone.

        Google deletes the others itself after 48 hours.
        """
        names = {uri: found[1] for account, uri in files if account == self.account and (found := _URI.fullmatch(uri))}
        if not names:
            return []
        slots = asyncio.Semaphore(AT_ONCE)
        deleted: list[str] = []
        try:
            async with asyncio.timeout(self._forget_s):
                await asyncio.gather(*(self._delete(name, slots, deleted) for name in names.values()))
        except TimeoutError:
            pass
        log.info("%s of %s uploaded pictures deleted at the provider", len(deleted), len(names))
        return [(self.account, uri) for uri, name in names.items() if name in deleted]

    async def aclose(self) -> None:
        """Cancel the remaining uploads."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _upload(self, picture: MediaRef, read: Read) -> asyncio.Task[str]:
        """Return the URI of an uploaded picture, "" on failure; concurrent callers share one upload."""
        task = self._running.get(picture.sha256)
        if task is None:
            task = self._running[picture.sha256] = asyncio.create_task(self._try(picture, read), name="upload")
            task.add_done_callback(lambda _: self._running.pop(picture.sha256, None))
        return task

    async def _try(self, picture: MediaRef, read: Read) -> str:
        try:
            async with self._slots:
                return await self._send(picture, read)
        except Exception as error:
            # The picture is sent inline instead; a fault that matters shows again there.
            said = error.owner_text or error.key if isinstance(error, ProviderError) else str(error)
            self._rest(f"an upload failed: {self._redactor.excerpt(said)}")
            return ""

    async def _send(self, picture: MediaRef, read: Read) -> str:
        url = f"{self._base_url}/upload/v1beta/files"
        headers = {**await self._headers(), "x-goog-upload-protocol": "multipart"}
        body = related_body({"file": {"mimeType": picture.mime}}, picture, read)
        answer = await self._wire.post(url, headers, body, total_s=self._upload_s, free=True)
        if not 200 <= answer.status < 300:
            raise _NotUploaded(f"HTTP {answer.status}: {fault_of(answer, self._redactor).message}")
        file = pick(parse_json(answer, self._redactor), "file")
        uri, state = pick(file, "uri"), pick(file, "state") or "ACTIVE"
        if not isinstance(uri, str) or not _URI.fullmatch(uri) or state not in ("ACTIVE", "PROCESSING"):
            raise _NotUploaded(f"no usable file, state {state}")
        if self._known is not None:
            expires_at = min(time.time() + KEPT_S, _time(pick(file, "expirationTime")))
            await self._known.keep(self.account, picture.sha256, uri, expires_at=expires_at)
        # A file that is still being processed can be named next time.
        return uri if state == "ACTIVE" else ""

    async def _delete(self, name: str, slots: asyncio.Semaphore, deleted: list[str]) -> None:
        try:
            async with slots:
                answer = await self._wire.delete(f"{self._base_url}/v1beta/{name}", await self._headers())
        except ProviderError as error:
            log.info("an uploaded picture could not be deleted: %s", error.owner_text or error.key)
            return
        # 403 may mean that the file is gone or that the key has lost its rights, so it is asked again until it expires.
        if 200 <= answer.status < 300 or answer.status == 404:
            deleted.append(name)

    def _rest(self, why: str) -> None:
        log.warning("pictures are sent inline for %g minutes: %s", REST_S / 60, why)
        self._rests_until = time.monotonic() + REST_S


def by_name(document: dict[str, Any], uris: Mapping[str, str]) -> dict[str, Any]:
    """Return a copy of a request that names the pictures in ``uris``."""

    def one(part: dict[str, Any]) -> dict[str, Any]:
        picture = _picture(part)
        if picture is None or picture.sha256 not in uris:
            return part
        rest = {name: value for name, value in part.items() if name != "inlineData"}
        return {"fileData": {"mimeType": picture.mime, "fileUri": uris[picture.sha256]}, **rest}

    contents = [{**content, "parts": [one(part) for part in content["parts"]]} for content in document["contents"]]
    return {**document, "contents": contents}


def _nameable(content: Content) -> Iterator[MediaRef]:
    for part in content["parts"]:
        picture = _picture(part)
        if picture is not None and picture.size_bytes >= MIN_BYTES:
            yield picture


def _picture(part: dict[str, Any]) -> MediaRef | None:
    inline = part.get("inlineData")
    data = inline.get("data") if isinstance(inline, dict) and "thoughtSignature" not in part else None
    return data if isinstance(data, MediaRef) else None


def _time(value: object) -> float:
    """Return the Unix time of an RFC 3339 text, infinity if it has none."""
    try:
        return datetime.fromisoformat(str(value)).timestamp()
    except ValueError:
        return float("inf")

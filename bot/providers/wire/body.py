"""Request bodies with pictures that are read and encoded while they are sent.

Imports pybase64, ``base``, ``errors`` and ``storage``. The exact length is known before the first byte, from
``MediaRef.size_bytes``, so no chunked encoding is needed, which some servers and proxies refuse.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pybase64

from bot.providers.base import base64_bytes
from bot.providers.errors import PictureUnreadable
from storage.records import MediaRef

Read = Callable[[MediaRef], Awaitable[bytes]]

# A multiple of 3, so that chunks join without padding; about the size of one socket write.
_CHUNK_BYTES = 3 * 64 * 1024


@dataclass(frozen=True, slots=True)
class DataUri:
    """The place of a picture in a JSON document that becomes a ``data:`` URI."""

    picture: MediaRef


@dataclass(frozen=True, slots=True)
class _Raw:
    """A picture that is sent unencoded, as a multipart file."""

    picture: MediaRef


Piece = bytes | MediaRef | _Raw


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: its media type, its exact length and its pieces."""

    content_type: str
    length_bytes: int
    pieces: tuple[Piece, ...]
    read: Read

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the body in chunks, reading one picture at a time. Raises: ``PictureUnreadable``."""
        for piece in self.pieces:
            if isinstance(piece, bytes):
                yield piece
                continue
            encoded = isinstance(piece, MediaRef)
            picture = piece if isinstance(piece, MediaRef) else piece.picture
            view = memoryview(await _bytes_of(picture, self.read))
            for start in range(0, len(view), _CHUNK_BYTES):
                chunk = view[start : start + _CHUNK_BYTES]
                yield pybase64.b64encode(chunk) if encoded else bytes(chunk)


async def _bytes_of(picture: MediaRef, read: Read) -> bytes:
    try:
        data = await read(picture)
    except Exception as error:
        # Any fault becomes one sentence for the person; the cause stays chained for the log.
        raise PictureUnreadable(owner_text=f"{picture.sha256[:12]}: {type(error).__name__}") from error
    if len(data) != picture.size_bytes:
        raise PictureUnreadable(owner_text=f"{picture.sha256[:12]}: {len(data)} of {picture.size_bytes} bytes")
    return data


def _length(piece: Piece) -> int:
    if isinstance(piece, bytes):
        return len(piece)
    if isinstance(piece, MediaRef):
        return base64_bytes(piece.size_bytes)
    return piece.picture.size_bytes


def _body(content_type: str, pieces: list[Piece], read: Read) -> Body:
    kept = tuple(piece for piece in pieces if piece != b"")
    return Body(content_type, sum(map(_length, kept)), kept, read)


def json_body(document: Any, read: Read) -> Body:
    """Return ``document`` as JSON; each ``MediaRef`` in it becomes base64, each ``DataUri`` a ``data:`` URI."""
    token = secrets.token_hex(12)
    pictures: list[MediaRef] = []

    def mark(value: object) -> str:
        if isinstance(value, MediaRef):
            pictures.append(value)
            return token
        if isinstance(value, DataUri):
            pictures.append(value.picture)
            return f"data:{value.picture.mime};base64,{token}"
        raise TypeError(f"{type(value).__name__} has no JSON form")

    text = json.dumps(document, default=mark, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate, as a cut emoji leaves it, has no UTF-8 form.
    head, *rest = text.encode("utf-8", "replace").split(token.encode())
    pieces: list[Piece] = [head]
    for picture, after in zip(pictures, rest, strict=True):
        pieces += [picture, after]
    return _body("application/json", pieces, read)


def multipart_body(
    files: Sequence[tuple[str, MediaRef]], read: Read, fields: Mapping[str, object] = MappingProxyType({})
) -> Body:
    """Return a form of ``fields`` and then ``files``, in order; a name may occur several times."""
    boundary = secrets.token_hex(16)
    pieces: list[Piece] = [
        # A lone surrogate has no UTF-8 form.
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode("utf-8", "replace")
        for name, value in fields.items()
    ]
    for name, picture in files:
        ending = picture.mime.partition("/")[2].replace("jpeg", "jpg") or "bin"
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="picture.{ending}"\r\n'
            f"Content-Type: {picture.mime}\r\n\r\n"
        )
        pieces += [head.encode(), _Raw(picture), b"\r\n"]
    pieces.append(f"--{boundary}--\r\n".encode())
    return _body(f"multipart/form-data; boundary={boundary}", pieces, read)


def related_body(document: Any, picture: MediaRef, read: Read) -> Body:
    """Return ``document`` as JSON and ``picture`` as two related parts (RFC 2387)."""
    boundary = secrets.token_hex(16)
    head = (
        f"--{boundary}\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{json.dumps(document)}\r\n"
        f"--{boundary}\r\nContent-Type: {picture.mime}\r\n\r\n"
    )
    pieces: list[Piece] = [head.encode(), _Raw(picture), f"\r\n--{boundary}--\r\n".encode()]
    return _body(f"multipart/related; boundary={boundary}", pieces, read)

"""The structure of a PNG file: its size, whether it is whole, and a copy without metadata, byte for byte.

Imports ``errors`` and ``layout`` beside it. Never inflates. Structure: W3C PNG specification, third edition.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from bot.pictures.errors import DamagedPictureError, TruncatedPictureError
from bot.pictures.layout import Layout, orientation_of

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
# What pixels and colours need. Texts, times, EXIF, provenance and the other frames of an animation are not among it.
_KEPT = _CRITICAL | {
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP", b"mDCV", b"cLLI", b"hIST",
}  # fmt: skip
_ALPHA_COLOUR_TYPES = frozenset({4, 6})


class Chunk(NamedTuple):
    """One chunk, ``data[start:end]`` with its length and checksum."""

    kind: bytes
    start: int
    end: int


def layout(data: bytes) -> Layout:
    """Return what the file says of its picture. Raises: ``TruncatedPictureError``, ``DamagedPictureError``."""
    chunks = list(_chunks(data))
    kinds = {chunk.kind for chunk in chunks}
    if chunks[0].kind != b"IHDR" or chunks[0].end - chunks[0].start != 25 or b"IDAT" not in kinds:
        raise DamagedPictureError("a PNG without a picture")
    exif = next((_body(data, chunk) for chunk in chunks if chunk.kind == b"eXIf"), None)
    animation = next((_body(data, chunk) for chunk in chunks if chunk.kind == b"acTL"), b"")
    return Layout(
        width_px=int.from_bytes(data[16:20], "big"),
        height_px=int.from_bytes(data[20:24], "big"),
        orientation=orientation_of(exif),
        frames=max(1, int.from_bytes(animation[:4], "big")),
        alpha=data[25] in _ALPHA_COLOUR_TYPES or b"tRNS" in kinds,
        has_metadata=not kinds <= _KEPT or chunks[-1].end != len(data),
    )


def without_metadata(data: bytes) -> bytes:
    """Return the file with only the chunks that its pixels and colours need, each the same bytes as before."""
    kept = (data[chunk.start : chunk.end] for chunk in _chunks(data) if chunk.kind in _KEPT)
    return b"".join([_SIGNATURE, *kept])


def _body(data: bytes, chunk: Chunk) -> bytes:
    return data[chunk.start + 8 : chunk.end - 4]


def _chunks(data: bytes) -> Iterator[Chunk]:
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data) or len(kind) < 4:
            raise TruncatedPictureError("the PNG ends before its picture does")
        whole = zlib.crc32(memoryview(data)[at + 4 : end - 4]) == int.from_bytes(data[end - 4 : end], "big")
        if not whole and kind in _CRITICAL:
            raise DamagedPictureError("a part of the PNG does not match its checksum")
        if whole:
            yield Chunk(kind, at, end)
        at = end

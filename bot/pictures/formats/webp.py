"""The structure of a WebP file: its size, whether it is whole, and a copy without metadata, byte for byte.

Imports ``directories``, ``errors`` and ``structure``. Never decodes. Structure: RFC 9649.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.pictures.errors import DamagedPictureError, TruncatedPictureError
from bot.pictures.formats.directories import orientation_of
from bot.pictures.formats.structure import Layout, bounded

_KEPT = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP"})
_ANIMATION_KEPT = _KEPT | {b"ANIM", b"ANMF"}
_HAS_ALPHA, _HAS_EXIF, _HAS_XMP = 0x10, 0x08, 0x04
_VP8L_HAS_ALPHA = 1 << 28
# Pillow reads every WebP as an animation: two RGBA canvases and a copy of one as bytes.
_CANVASES = 3


class Chunk(NamedTuple):
    """One chunk: its payload is ``data[start:end]``, without header and padding."""

    kind: bytes
    start: int
    end: int


def layout(data: bytes) -> Layout:
    """Return the structure of the file.

    Raises: ``TruncatedPictureError``, ``DamagedPictureError``, ``TooManyPartsError``.
    """
    kinds, frames, exif, first = set(), 0, None, None
    for chunk in _chunks(data):
        first = first or chunk
        kinds.add(chunk.kind)
        frames += chunk.kind == b"ANMF"
        if chunk.kind == b"EXIF" and exif is None:
            exif = data[chunk.start : chunk.end]
    if first is None or not {b"VP8 ", b"VP8L", b"ANMF"}.intersection(kinds):
        raise DamagedPictureError("a WebP without a picture")
    width, height, alpha = _size(data, first)
    return Layout(
        width_px=width,
        height_px=height,
        orientation=orientation_of(exif),
        frames=max(1, frames),
        alpha=alpha,
        has_metadata=not _ANIMATION_KEPT.issuperset(kinds) or _riff_end(data) != len(data),
        decoder_bytes=_CANVASES * 4 * width * height,
    )


def without_metadata(data: bytes) -> bytes:
    """Return a still WebP with only the chunks that its pixels and colours need, byte for byte."""
    return _joined(data, (chunk for chunk in _chunks(data) if chunk.kind in _KEPT))


def first_frame(data: bytes) -> bytes:
    """Return the file without metadata; of an animation only the first frame."""
    return _joined(data, _until_first_frame(data))


def _until_first_frame(data: bytes) -> Iterator[Chunk]:
    for chunk in _chunks(data):
        if chunk.kind in _ANIMATION_KEPT:
            yield chunk
        if chunk.kind == b"ANMF":
            return


def _joined(data: bytes, chunks: Iterable[Chunk]) -> bytes:
    pieces = [b"WEBP"]
    for chunk in chunks:
        payload = data[chunk.start : chunk.end]
        if chunk.kind == b"VP8X":
            payload = bytes([payload[0] & ~(_HAS_EXIF | _HAS_XMP)]) + payload[1:]
        pieces += [chunk.kind, len(payload).to_bytes(4, "little"), payload, bytes(len(payload) % 2)]
    body = b"".join(pieces)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _size(data: bytes, chunk: Chunk) -> tuple[int, int, bool]:
    """Read width, height and possible transparency from the first chunk."""
    head = data[chunk.start : chunk.start + 10]
    if chunk.kind == b"VP8X" and len(head) == 10:
        width, height = (int.from_bytes(head[at : at + 3], "little") + 1 for at in (4, 7))
        return width, height, bool(head[0] & _HAS_ALPHA)
    if chunk.kind == b"VP8L" and head[:1] == b"\x2f":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits & _VP8L_HAS_ALPHA)
    if chunk.kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(head[at : at + 2], "little") & 0x3FFF for at in (6, 8))
        return width, height, False
    raise DamagedPictureError("the WebP does not say how large it is")


def _riff_end(data: bytes) -> int:
    size = int.from_bytes(data[4:8], "little")
    return 8 + size + size % 2


def _chunks(data: bytes) -> Iterator[Chunk]:
    return bounded(_all_chunks(data))


def _all_chunks(data: bytes) -> Iterator[Chunk]:
    at, stop = 12, 8 + int.from_bytes(data[4:8], "little")
    if stop > len(data):
        raise TruncatedPictureError("the WebP ends before its picture does")
    if stop < 20:
        raise DamagedPictureError("a WebP without a picture")
    while at + 8 <= stop:
        start = at + 8
        end = start + int.from_bytes(data[at + 4 : at + 8], "little")
        if end > stop:
            raise DamagedPictureError("a part of the WebP is longer than the file")
        yield Chunk(data[at : at + 4], start, end)
        at = end + (end - start) % 2

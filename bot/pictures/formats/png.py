"""The structure of a PNG file: its size, whether it is whole, and a copy without metadata, byte for byte.

Imports ``directories``, ``errors`` and ``structure``. Never inflates pixels. Structure: W3C PNG specification, third
edition. A chunk with a wrong checksum that pixels do not need is no damage; it counts as absent.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from bot.pictures.errors import DamagedPictureError, TruncatedPictureError
from bot.pictures.formats.directories import orientation_of
from bot.pictures.formats.structure import Layout, bounded

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
# The chunks that pixels and colours need, without texts, times, EXIF, provenance and further frames.
_KEPT = _CRITICAL | {
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"cICP", b"mDCV", b"cLLI", b"hIST",
}  # fmt: skip
# 16 bits a sample: twice the bytes to unpack. The second limit lets 4096 x 4096 pass, which needs no scaling.
_MEGAPIXELS_DEEP, _MEGAPIXELS_DEEP_WITH_ALPHA = 30, 17
_ALPHA_COLOUR_TYPES = frozenset({4, 6})
_GREY, _PALETTE = 0, 3
# Large enough for any printer's profile. A larger one is a bomb, and Pillow would call the picture damaged.
_MOST_PROFILE_BYTES = 1024 * 1024


class Chunk(NamedTuple):
    """One chunk, ``data[start:end]`` with its length and checksum."""

    kind: bytes
    start: int
    end: int


def layout(data: bytes) -> Layout:
    """Return the structure of the file.

    Raises: ``TruncatedPictureError``, ``DamagedPictureError``, ``TooManyPartsError``.
    """
    kinds: set[bytes] = set()
    exif, animation, first, end, clean = None, b"", None, 0, True
    for chunk, usable in bounded(_all_chunks(data)):
        first, end = first or chunk, chunk.end
        clean &= usable and chunk.kind in _KEPT
        if not usable:
            continue
        kinds.add(chunk.kind)
        if chunk.kind == b"eXIf" and exif is None:
            exif = _body(data, chunk)
        elif chunk.kind == b"acTL" and not animation:
            animation = _body(data, chunk)
    if first is None or first.kind != b"IHDR" or first.end - first.start != 25 or b"IDAT" not in kinds:
        raise DamagedPictureError("a PNG without a picture")
    bits, colour = data[24], data[25]
    alpha = colour in _ALPHA_COLOUR_TYPES or b"tRNS" in kinds
    deep = bits == 16 and colour != _GREY
    return Layout(
        width_px=int.from_bytes(data[16:20], "big"),
        height_px=int.from_bytes(data[20:24], "big"),
        orientation=orientation_of(exif),
        frames=max(1, int.from_bytes(animation[:4], "big")),
        alpha=alpha,
        has_metadata=not clean or end != len(data),
        pixel_bytes=4 if colour not in (_GREY, _PALETTE) else 2 if bits == 16 else 1,
        most_megapixels=(_MEGAPIXELS_DEEP_WITH_ALPHA if alpha else _MEGAPIXELS_DEEP) if deep else None,
    )


def without_metadata(data: bytes) -> bytes:
    """Return the file with only the chunks that its pixels and colours need, byte for byte."""
    kept = (data[chunk.start : chunk.end] for chunk in _chunks(data) if chunk.kind in _KEPT)
    return b"".join([_SIGNATURE, *kept])


def mended(data: bytes) -> bytes:
    """Return the file without unneeded chunks with a wrong checksum, which stricter readers refuse."""
    chunks = [(chunk, usable) for chunk, usable in bounded(_all_chunks(data))]
    if all(usable for _, usable in chunks):
        return data
    return b"".join([_SIGNATURE, *(data[chunk.start : chunk.end] for chunk, usable in chunks if usable)])


def _body(data: bytes, chunk: Chunk) -> bytes:
    return data[chunk.start + 8 : chunk.end - 4]


def _chunks(data: bytes) -> Iterator[Chunk]:
    return (chunk for chunk, usable in bounded(_all_chunks(data)) if usable)


def _all_chunks(data: bytes) -> Iterator[tuple[Chunk, bool]]:
    """Yield each chunk, and whether it counts: its checksum is right; a profile must be the first and no bomb."""
    at, kind, profiles = len(_SIGNATURE), b"", 0
    while kind != b"IEND":
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if end > len(data) or len(kind) < 4:
            raise TruncatedPictureError("the PNG ends before its picture does")
        usable = zlib.crc32(memoryview(data)[at + 4 : end - 4]) == int.from_bytes(data[end - 4 : end], "big")
        if not usable and kind in _CRITICAL:
            raise DamagedPictureError("a part of the PNG does not match its checksum")
        if usable and kind == b"iCCP":
            profiles += 1
            usable = profiles == 1 and not _is_bomb(data[at + 8 : end - 4])
        yield Chunk(kind, at, end), usable
        at = end


def _is_bomb(profile: bytes) -> bool:
    """Return whether a profile (name, zero, method, zlib stream) unfolds to more than any profile has."""
    packed = profile.partition(b"\0")[2][1:]
    try:
        return len(zlib.decompressobj().decompress(packed, _MOST_PROFILE_BYTES)) == _MOST_PROFILE_BYTES
    except zlib.error:
        return True

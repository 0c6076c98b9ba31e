"""The box structure of HEIC, HEIF and AVIF files: whether one is whole, and a copy whose metadata is blanked out.

Imports ``errors`` and ``structure``. Never decodes. A HEIC refers to its parts by offset, so nothing is moved: metadata
is overwritten in place. Structure: ISO/IEC 14496-12 (boxes, ``iloc``, ``iinf``) and 23008-12 (items).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.pictures.errors import DamagedPictureError, TooManyPartsError, TruncatedPictureError
from bot.pictures.formats.structure import MOST_PARTS, bounded

_CODED = frozenset({b"hvc1", b"hvc2", b"av01", b"av02", b"avc1", b"jpeg", b"grid", b"iden", b"iovl", b"tmap"})
_METADATA = frozenset({b"Exif", b"mime", b"uri "})
# Properties that may hold texts, locations or times.
_TELLING = frozenset({b"udes", b"crtt", b"mdft", b"altt", b"uuid", b"cmin", b"cmex"})
_STILL = frozenset({b"ftyp", b"meta", b"mdat", b"free"})
# Items may share bytes; that must not multiply the copied bytes.
_MOST_SHARED = 4
# The smallest EXIF item: offset 0, a little-endian TIFF head, a directory without entries.
_EMPTY_EXIF = b"\x00\x00\x00\x00II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"


class Box(NamedTuple):
    """One box; its payload is ``data[start:end]``."""

    kind: bytes
    start: int
    end: int


class _Unusual(Exception):
    """A legal but rare structure; the file is re-encoded instead."""


def check_whole(data: bytes) -> tuple[Box, ...]:
    """Return the boxes of the file.

    Raises: ``TruncatedPictureError`` when one is longer than the file; ``DamagedPictureError``; ``TooManyPartsError``.
    """
    try:
        boxes = tuple(_boxes(data, 0, len(data)))
    except _Unusual as error:
        raise TruncatedPictureError("the picture file ends before its picture does") from error
    kinds = {box.kind for box in boxes}
    if b"mdat" not in kinds and b"idat" not in data:
        raise TruncatedPictureError("the picture file ends before its picture does")
    if not kinds & {b"meta", b"moov"}:
        raise DamagedPictureError("the picture file has no directory")
    return boxes


def check_items(data: bytes) -> None:
    """Check that the metadata is not larger than the file: readers copy every item, and items may share bytes.

    Raises: like ``check_whole``.
    """
    meta = next((box for box in check_whole(data) if box.kind == b"meta"), None)
    if meta is None:
        return
    try:
        inner = {box.kind: box for box in _boxes(data, meta.start + 4, meta.end)}
        kinds = _item_kinds(data, inner[b"iinf"]) if b"iinf" in inner else {}
    except (_Unusual, IndexError) as error:
        raise DamagedPictureError("the directory of the picture file makes no sense") from error
    beside = [item for item, kind in kinds.items() if kind in _METADATA]
    try:
        ranges = dict(_item_ranges(data, inner[b"iloc"], inner.get(b"idat"))) if b"iloc" in inner else {}
        copied = sum(end - start for item in beside for start, end in ranges.get(item, []))
    except (_Unusual, IndexError):
        copied = len(data) * len(beside)
    if copied > len(data):
        raise TooManyPartsError(f"{len(beside)} items of metadata")


def is_sequence(data: bytes) -> bool:
    """Return whether the file is a moving picture."""
    return any(box.kind == b"moov" for box in check_whole(data))


def is_deep(data: bytes) -> bool:
    """Return whether an AVIF may have samples of more than a byte (AV1-ISOBMFF, 2.3.3: high_bitdepth in ``av1C``)."""
    meta = next((box for box in check_whole(data) if box.kind == b"meta"), None)
    try:
        inner = {box.kind: box for box in _boxes(data, meta.start + 4, meta.end)} if meta else {}
        return any(data[box.start + 2] & 0x40 for box in _properties(data, inner) if box.kind == b"av1C")
    except (_Unusual, IndexError):
        return True


def without_metadata(data: bytes) -> bytes | None:
    """Return the file with all bytes blanked that no coded picture uses, None for a too unusual structure."""
    boxes = check_whole(data)
    try:
        meta = next(box for box in boxes if box.kind == b"meta")
        return _blanked(data, boxes, meta)
    except (_Unusual, StopIteration, IndexError):
        return None


def _blanked(data: bytes, boxes: tuple[Box, ...], meta: Box) -> bytes:
    if any(box.kind == b"moov" for box in boxes):
        raise _Unusual
    inner = {box.kind: box for box in _boxes(data, meta.start + 4, meta.end)}
    if _TELLING & {box.kind for box in _properties(data, inner)}:
        raise _Unusual
    kinds = _item_kinds(data, inner[b"iinf"]) if b"iinf" in inner else {}
    idat = inner.get(b"idat")
    ranges = dict(_item_ranges(data, inner[b"iloc"], idat)) if b"iloc" in inner else {}
    if sum(end - start for parts in ranges.values() for start, end in parts) > _MOST_SHARED * len(data):
        raise _Unusual
    out = bytearray(data)
    for box in boxes:
        if box.kind not in _STILL:
            out[box.start - 4 : box.start] = b"free" if box.kind != b"uuid" else b"uuid"
        if box.kind not in (b"ftyp", b"meta"):
            out[box.start : box.end] = bytes(box.end - box.start)
    if idat:
        out[idat.start : idat.end] = bytes(idat.end - idat.start)
    for item, parts in ranges.items():
        for start, end in parts:
            if kinds.get(item) in _CODED:
                out[start:end] = data[start:end]
            elif kinds.get(item) == b"Exif" and end - start >= len(_EMPTY_EXIF) and len(parts) == 1:
                out[start : start + len(_EMPTY_EXIF)] = _EMPTY_EXIF
    return bytes(out)


def _properties(data: bytes, inner: dict[bytes, Box]) -> Iterator[Box]:
    if iprp := inner.get(b"iprp"):
        for box in _boxes(data, iprp.start, iprp.end):
            if box.kind == b"ipco":
                yield from _boxes(data, box.start, box.end)


def _item_kinds(data: bytes, iinf: Box) -> dict[int, bytes]:
    first = iinf.start + (6 if data[iinf.start] == 0 else 8)
    kinds = {}
    for box in _boxes(data, first, iinf.end):
        version = data[box.start]
        if box.kind != b"infe" or version not in (2, 3):
            raise _Unusual
        width = 2 if version == 2 else 4
        at = box.start + 4 + width + 2
        kinds[_number(data, box.start + 4, width)] = data[at : at + 4]
    return kinds


def _item_ranges(data: bytes, iloc: Box, idat: Box | None) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield each item's id and the ranges of its bytes in the file."""
    version = data[iloc.start]
    if version > 2:
        raise _Unusual
    offset_size, length_size, base_size = (
        data[iloc.start + 4] >> 4,
        data[iloc.start + 4] & 15,
        data[iloc.start + 5] >> 4,
    )
    index_size = data[iloc.start + 5] & 15 if version else 0
    wide = 4 if version == 2 else 2
    count, at, read = _number(data, iloc.start + 6, wide), iloc.start + 6 + wide, 0
    for _ in bounded(range(count)):
        item, at = _number(data, at, wide), at + wide
        method = 0
        if version:
            method, at = data[at + 1] & 15, at + 2
        reference, base = _number(data, at, 2), _number(data, at + 2, base_size)
        extents, at = _number(data, at + 2 + base_size, 2), at + 4 + base_size
        if method > 1 or reference or (method == 1 and idat is None):
            raise _Unusual
        origin = idat.start if method == 1 and idat else 0
        read += extents
        if read > MOST_PARTS:
            raise _Unusual
        parts = []
        for _ in range(extents):
            at += index_size
            start = origin + base + _number(data, at, offset_size)
            length = _number(data, at + offset_size, length_size)
            at += offset_size + length_size
            if not length or start + length > len(data):
                raise _Unusual
            parts.append((start, start + length))
        yield item, parts


def _number(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise _Unusual
    return int.from_bytes(data[at : at + size], "big")


def _boxes(data: bytes, at: int, stop: int) -> Iterator[Box]:
    return bounded(_all_boxes(data, at, stop))


def _all_boxes(data: bytes, at: int, stop: int) -> Iterator[Box]:
    while at + 8 <= stop:
        size, start = _number(data, at, 4), at + 8
        if size == 1:
            size, start = _number(data, start, 8), at + 16
        elif size == 0:
            size = stop - at
        if at + size > stop or start > at + size:
            raise _Unusual
        yield Box(data[at + 4 : at + 8], start, at + size)
        at += size

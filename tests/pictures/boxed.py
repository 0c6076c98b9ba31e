"""HEIC and AVIF files put together box by box, so that a file can say what its coded pictures are not.

Imports the standard library, Pillow and ``made``. Structure: ISO/IEC 14496-12 and 23008-12 (``grid``, ``ispe``).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from PIL import Image

from tests.pictures.made import made


@dataclass(frozen=True)
class Coded:
    """One coded picture: its bytes, the box that configures its decoder, and what its item is called."""

    kind: bytes
    brand: bytes
    configuration: bytes
    data: bytes
    width: int
    height: int


def coded(kind: str, width: int = 64, height: int = 64, *, picture: Image.Image | None = None) -> Coded:
    """Return what an encoder makes of a picture, or of one colour; ``kind`` is ``HEIC`` or ``AVIF``."""
    picture = picture or Image.new("RGB", (width, height), (90, 120, 150))
    width, height = picture.size
    data = made(kind, picture, secrets=False)
    config = b"hvcC" if kind == "HEIC" else b"av1C"
    at = data.index(config) - 4
    mdat = data.index(b"mdat") + 4
    size = struct.unpack_from(">I", data, mdat - 8)[0]
    return Coded(
        kind=b"hvc1" if kind == "HEIC" else b"av01",
        brand=b"heic" if kind == "HEIC" else b"avif",
        configuration=data[at : at + struct.unpack_from(">I", data, at)[0]],
        data=data[mdat : mdat - 8 + size],
        width=width,
        height=height,
    )


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def full(kind: bytes, version: int, flags: int, *parts: bytes) -> bytes:
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def still(picture: Coded, size: tuple[int, int] | None = None) -> bytes:
    """Return a file with one picture that says it is of ``size``."""
    return _file(picture, {1: picture.kind}, size or (picture.width, picture.height), b"", tiles=0)


def grid(picture: Coded, columns: int, rows: int, size: tuple[int, int] | None = None, *, tiles: int = 0) -> bytes:
    """Return a file that shows one coded picture ``columns`` by ``rows`` times, and says that this is of ``size``.

    ``tiles``: as many are there, all by default.
    """
    tiles = tiles or columns * rows
    size = size or (columns * picture.width, rows * picture.height)
    items = {1: b"grid"} | {2 + number: picture.kind for number in range(tiles)}
    laid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, *size)
    return _file(picture, items, size, laid, tiles=tiles)


def of_metadata(picture: Coded, count: int, size_bytes: int) -> bytes:
    """Return a file with ``count`` items of EXIF that share ``size_bytes``."""
    items = {1: picture.kind} | {2 + number: b"Exif" for number in range(count)}
    return _file(picture, items, (picture.width, picture.height), bytes(size_bytes), tiles=0)


def _file(picture: Coded, items: dict[int, bytes], size: tuple[int, int], laid: bytes, tiles: int) -> bytes:
    def meta(data_at: int) -> bytes:
        places = []
        for item, kind in items.items():
            start, length = (
                (data_at, len(laid)) if kind in (b"grid", b"Exif") else (data_at + len(laid), len(picture.data))
            )
            places.append(struct.pack(">HHHII", item, 0, 1, start, length))
        entries = b"".join(
            full(b"infe", 2, 0, struct.pack(">HH", item, 0), kind, b"\0") for item, kind in items.items()
        )
        sizes = [
            full(b"ispe", 0, 0, struct.pack(">II", *size)),
            full(b"ispe", 0, 0, struct.pack(">II", picture.width, picture.height)),
        ]
        depths = full(b"pixi", 0, 0, bytes([3, 8, 8, 8]))
        owned = b"".join(
            struct.pack(">HB", item, 2 if kind == b"grid" else 3)
            + (b"\x01\x04" if kind == b"grid" else b"\x83" + (b"\x02" if tiles else b"\x01") + b"\x04")
            for item, kind in items.items()
        )
        parts = [
            full(b"hdlr", 0, 0, bytes(4), b"pict", bytes(13)),
            full(b"pitm", 0, 0, struct.pack(">H", 1)),
            full(b"iinf", 0, 0, struct.pack(">H", len(items)), entries),
            box(
                b"iprp",
                box(b"ipco", *sizes, picture.configuration, depths),
                full(b"ipma", 0, 0, struct.pack(">I", len(items)), owned),
            ),
            full(b"iloc", 0, 0, b"\x44\x00", struct.pack(">H", len(items)), *places),
        ]
        if tiles:
            to = b"".join(struct.pack(">H", item) for item in items if item > 1)
            parts.append(full(b"iref", 0, 0, box(b"dimg", struct.pack(">HH", 1, tiles), to)))
        return full(b"meta", 0, 0, *parts)

    head = box(b"ftyp", picture.brand, bytes(4), b"mif1", picture.brand, b"miaf")
    data_at = len(head) + len(meta(0)) + 8
    return head + meta(data_at) + box(b"mdat", laid, picture.data)

"""TIFF files written entry by entry: pages, subpages, pictures inside, and files that lie about themselves.

Imports the standard library alone. Structure: TIFF 6.0; contents of camera raws: DNG 1.7.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field

BYTE, ASCII, SHORT, LONG = 1, 2, 3, 4
_SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4}
SUBFILE, WIDTH, HEIGHT, BITS, PACKED, PHOTOMETRIC, MAKE, STRIPS, TURN, SAMPLES, ROWS, LENGTHS = (
    254, 256, 257, 258, 259, 262, 271, 273, 274, 277, 278, 279,
)  # fmt: skip
TILE_WIDTH, TILE_HEIGHT, TILES, TILE_LENGTHS, SUBPAGES, JPEG_AT, JPEG_LENGTH, DNG_VERSION = (
    322, 323, 324, 325, 330, 513, 514, 50706,
)  # fmt: skip


@dataclass
class Page:
    """One directory: numbers by tag, a coded picture, subpages.

    ``picture`` becomes one strip, or a thumbnail as JPEGInterchangeFormat where ``interchanged``. ``raw`` holds entries
    of 12 bytes as they are.
    """

    numbers: dict[int, int | list[int] | str] = field(default_factory=dict)
    picture: bytes = b""
    interchanged: bool = False
    subpages: list[Page] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)


def picture_page(
    width: int, height: int, picture: bytes, packed: int = 1, bits: int = 8, samples: int = 1, **more: int
) -> Page:
    """Return a page with one strip. ``packed``: 1 plain, 5 LZW, 7 JPEG, 8 Deflate, 4 CCITT G4."""
    numbers: dict[int, int | list[int] | str] = {
        WIDTH: width,
        HEIGHT: height,
        BITS: [bits] * samples,
        PACKED: packed,
        PHOTOMETRIC: (6 if packed == 7 else 2) if samples == 3 else 1,
        SAMPLES: samples,
        ROWS: height,
    }
    return Page(numbers=numbers | {int(tag[1:]): number for tag, number in more.items()}, picture=picture)


def tiff(*pages: Page, magic: bytes = b"II*\x00", room: bytes = b"") -> bytes:
    """Return a file of ``pages``, one after the other; ``room`` comes after the header (``CR\x02\x00`` there)."""
    out = bytearray(magic + bytes(4) + room)
    following = 0
    for page in reversed(pages):
        following = _write(out, page, following)
    out[4:8] = struct.pack("<I", following)
    return bytes(out)


def _write(out: bytearray, page: Page, following: int) -> int:
    numbers = dict(page.numbers)
    if page.picture:
        at, length = (JPEG_AT, JPEG_LENGTH) if page.interchanged else (STRIPS, LENGTHS)
        numbers |= {at: len(out), length: len(page.picture)}
        out += page.picture + bytes(len(page.picture) % 2)
    if page.subpages:
        numbers[SUBPAGES] = [_write(out, each, 0) for each in page.subpages]
    entries = [*page.raw]
    for tag, value in numbers.items():
        entries.append(_entry(out, tag, value))
    start = len(out)
    out += struct.pack("<H", len(entries))
    for entry in sorted(entries, key=lambda one: struct.unpack_from("<H", one)):
        out += entry
    out += struct.pack("<I", following)
    return start


def _entry(out: bytearray, tag: int, value: int | list[int] | str) -> bytes:
    if isinstance(value, str):
        kind, body = ASCII, value.encode() + b"\0"
    else:
        values = value if isinstance(value, list) else [value]
        kind = SHORT if tag in (BITS, PACKED, PHOTOMETRIC, TURN, SAMPLES) else BYTE if tag == DNG_VERSION else LONG
        body = struct.pack(f"<{len(values)}{ {BYTE: 'B', SHORT: 'H', LONG: 'I'}[kind] }", *values)
    if len(body) > 4:
        at = len(out)
        out += body + bytes(len(body) % 2)
        place = struct.pack("<I", at)
    else:
        place = body.ljust(4, b"\0")
    return struct.pack("<HHI", tag, kind, len(body) // _SIZES[kind]) + place


def tiff_of_loop() -> bytes:
    """Return a file whose page is followed by itself."""
    data = bytearray(tiff(picture_page(64, 64, bytes(4096))))
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    data[at + 2 + 12 * count : at + 6 + 12 * count] = struct.pack("<I", at)
    return bytes(data)


def tiff_of_large_entries(count: int, each: int) -> bytes:
    """Return a page with ``count`` entries of ``each`` bytes, all at the same place."""
    page = picture_page(64, 64, bytes(4096))
    page.raw = [struct.pack("<HHII", 40_000 + number, 1, each, 8) for number in range(count)]
    return tiff(page, room=bytes(each))


def tiff_of_strips(count: int) -> bytes:
    """Return a page that names ``count`` strips."""
    page = picture_page(64, 64, b"")
    page.numbers |= {ROWS: 1}
    page.raw = [struct.pack("<HHII", tag, LONG, count, 8) for tag in (STRIPS, LENGTHS)]
    return tiff(page, room=struct.pack("<I", 1) * count)


def tiff_of_tiles(side: int, tile: int) -> bytes:
    """Return a page of as many small tiles as fit in, all the same bytes."""
    page = picture_page(side, side, b"", packed=8)
    count = (side // tile) ** 2
    room = zlib.compress(bytes(tile * tile), 9)
    places = struct.pack("<I", 8) * count + struct.pack("<I", len(room)) * count
    at = 8 + len(room) + len(room) % 2
    page.numbers |= {TILE_WIDTH: tile, TILE_HEIGHT: tile}
    page.raw = [
        struct.pack("<HHII", TILES, LONG, count, at),
        struct.pack("<HHII", TILE_LENGTHS, LONG, count, at + 4 * count),
    ]
    del page.numbers[ROWS]
    return tiff(page, room=room + bytes(len(room) % 2) + places)


def tiff_of_pages(count: int) -> bytes:
    """Return a file of many pages that are all the same."""
    whole = bytearray(tiff(picture_page(64, 64, bytes(4096))))
    whole += bytes(len(whole) % 2)
    (at,) = struct.unpack_from("<I", whole, 4)
    (entries,) = struct.unpack_from("<H", whole, at)
    page, start = bytes(whole[at : at + 2 + 12 * entries]), len(whole)
    whole[at + len(page) : at + len(page) + 4] = struct.pack("<I", start)
    size = len(page) + 4
    return bytes(whole) + b"".join(
        page + struct.pack("<I", start + size * (number + 1) if number < count - 1 else 0) for number in range(count)
    )


def big_tiff() -> bytes:
    """Return a BigTIFF whose counts have no end."""
    count = 1 << 61
    entry = struct.pack("<HHQQ", 256, 4, count, 8)
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, count) + entry * 64


def raw_of_previews(size_bytes: int) -> bytes:
    """Return a camera raw with sixty previews at the same place."""
    fill = b"\xff\xd8\xff" + b"\xff" * size_bytes
    page = Page(numbers={DNG_VERSION: [1, 4, 0, 0]})
    page.subpages = [Page(numbers={JPEG_AT: 8, JPEG_LENGTH: len(fill) - number}) for number in range(60)]
    return tiff(page, room=fill)

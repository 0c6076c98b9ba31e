"""The corpus: what a stranger may send to keep the bot busy or to fill its memory, and what ordinary people send.

``HOSTILE`` and ``ORDINARY`` hold makers by name. Imports what stands beside it; never the code under test.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageFilter

from tests.pictures.boxed import coded, grid, still
from tests.pictures.hostile import (
    FULL_BYTES,
    SOF_LOSSLESS,
    SOF_PROGRESSIVE,
    flat_gif,
    flat_jpeg,
    flat_png,
    flat_webp,
    jpeg_segment,
    riff_chunk,
    zeros_zipped,
)
from tests.pictures.made import made, photo, png_chunk
from tests.pictures.tiffs import (
    DNG_VERSION,
    JPEG_AT,
    JPEG_LENGTH,
    LENGTHS,
    LONG,
    ROWS,
    STRIPS,
    TILE_HEIGHT,
    TILE_LENGTHS,
    TILE_WIDTH,
    TILES,
    Page,
    picture_page,
    tiff,
)

Make = Callable[[], bytes]


def _filled(piece: bytes, before: bytes, after: bytes) -> bytes:
    """Repeat ``piece`` until the file is as large as Telegram hands out."""
    return before + piece * ((FULL_BYTES - len(before) - len(after)) // len(piece)) + after


def _jpeg_of(piece: bytes) -> bytes:
    whole = flat_jpeg(64, 64)
    return _filled(piece, whole[:2], whole[2:])


def _png_of(piece: bytes, *, at: int = 33) -> bytes:
    whole = flat_png(64, 64)
    return _filled(piece, whole[:at], whole[at:])


def _webp_of(piece: bytes) -> bytes:
    empty = len(flat_webp(64, 64, extra=piece)) - len(piece)
    return flat_webp(64, 64, extra=piece * ((FULL_BYTES - empty) // len(piece)))


def _exif_of_many(count: int) -> bytes:
    entries = struct.pack("<HHII", 0x010F, 2, 60_000, 8) * count
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + bytes(4)


def _apng(frames: int, said: int) -> bytes:
    control = png_chunk(b"acTL", struct.pack(">II", said, 0))
    frame = png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 10, 0, 0)) + png_chunk(b"fdAT", bytes(8))
    whole = flat_png(64, 64, extra=control)
    return whole[:-12] + frame * frames + whole[-12:]


def _bmp(width: int, height: int, bits: int, packed: int, coded: bytes = b"") -> bytes:
    palette = bytes(4 << bits) if bits <= 8 else b""
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packed, len(coded), 0, 0, 0, 0)
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<III", start + len(coded), 0, start) + head + palette + coded


def _rle_bmp(width: int, height: int) -> bytes:
    row = b"\xff\x01" * (width // 255) + bytes([width % 255 or 1, 1]) + b"\x00\x00"
    return _bmp(width, height, 8, 1, row * height + b"\x00\x01")


def _tiff_of_loop() -> bytes:
    data = bytearray(tiff(picture_page(64, 64, bytes(4096))))
    (at,) = struct.unpack_from("<I", data, 4)
    (count,) = struct.unpack_from("<H", data, at)
    data[at + 2 + 12 * count : at + 6 + 12 * count] = struct.pack("<I", at)
    return bytes(data)


def _tiff_of_large_entries(count: int, each: int) -> bytes:
    page = picture_page(64, 64, bytes(4096))
    page.raw = [struct.pack("<HHII", 40_000 + number, 1, each, 8) for number in range(count)]
    return tiff(page, room=bytes(each))


def _tiff_of_strips(count: int) -> bytes:
    page = picture_page(64, 64, b"")
    page.numbers |= {ROWS: 1}
    page.raw = [struct.pack("<HHII", tag, LONG, count, 8) for tag in (STRIPS, LENGTHS)]
    return tiff(page, room=struct.pack("<I", 1) * count)


def _tiff_of_tiles(side: int, tile: int) -> bytes:
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


def _pages(count: int) -> bytes:
    # Each page has two entries, so that as many as can be fit in.
    one = struct.pack("<H", 2) + struct.pack("<HHIIHHII", 256, 3, 1, 64, 257, 3, 1, 64)
    whole = bytearray(tiff(picture_page(64, 64, bytes(4096))))
    whole += bytes(len(whole) % 2)
    (at,) = struct.unpack_from("<I", whole, 4)
    (entries,) = struct.unpack_from("<H", whole, at)
    start = len(whole)
    whole[at + 2 + 12 * entries : at + 6 + 12 * entries] = struct.pack("<I", start)
    size = len(one) + 4
    return (
        bytes(whole) + b"".join(one + struct.pack("<I", start + size * (n + 1)) for n in range(count)) + one + bytes(4)
    )


def _cut(whole: bytes, part: float) -> bytes:
    return whole[: int(len(whole) * part)]


def _big_tiff() -> bytes:
    count = 1 << 61
    entry = struct.pack("<HHQQ", 256, 4, count, 8)
    return b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, count) + entry * 64


def _saved(kind: str, picture: Image.Image, **how: object) -> bytes:
    picture.save(out := io.BytesIO(), kind, **how)
    return out.getvalue()


SEGMENTS: dict[str, Make] = {
    "jpeg: 5 million empty comments": lambda: _jpeg_of(b"\xff\xfe\x00\x02"),
    "jpeg: empty profile segments": lambda: _jpeg_of(jpeg_segment(0xE2, b"ICC_PROFILE\0\x01\x01")),
    "jpeg: 20 MB of fill bytes": lambda: _jpeg_of(b"\xff"),
    "jpeg: 20 MB of nothing between segments": lambda: _jpeg_of(b"\x00"),
    "jpeg: 20 MB of stuffed bytes between segments": lambda: _jpeg_of(b"\xff\x00"),
    "jpeg: 20 MB of restart marks in the scan": lambda: _filled(b"\xff\xd0", flat_jpeg(64, 64, end=b""), b"\xff\xd9"),
    "jpeg: 20 MB of empty tables": lambda: _jpeg_of(jpeg_segment(0xC4, b"")),
    "jpeg: EXIF of 5000 entries that overlap": lambda: flat_jpeg(64, 64, extra=jpeg_segment(0xE1, _exif_of_many(5000))),
    "png: empty texts": lambda: _png_of(png_chunk(b"tEXt", b"")),
    "png: empty pieces of pixels": lambda: _png_of(png_chunk(b"IDAT", b"")),
    "png: texts with wrong sums": lambda: _png_of(bytes(4) + b"tEXt" + bytes(4)),
    "png: EXIF of 5000 entries that overlap": lambda: flat_png(
        64, 64, extra=png_chunk(b"eXIf", _exif_of_many(5000)[6:])
    ),
    "webp: empty chunks": lambda: _webp_of(riff_chunk(b"ABCD", b"")),
    "gif: comments": lambda: flat_gif(64, 64, extra=b"\x21\xfe\x01a\x00" * (FULL_BYTES // 5)),
    "gif: comment blocks of one byte": lambda: flat_gif(
        64, 64, extra=b"\x21\xfe" + b"\x01a" * (FULL_BYTES // 2) + b"\0"
    ),
    "gif: pixel blocks of one byte": lambda: _gif_of_blocks(),
    "heic: empty boxes": lambda: _filled(b"\x00\x00\x00\x08free", still(coded("HEIC")), b""),
    "avif: empty boxes": lambda: _filled(b"\x00\x00\x00\x08free", still(coded("AVIF")), b""),
    "tiff: entries of 20 MB that overlap": lambda: _tiff_of_large_entries(2000, FULL_BYTES - 100_000),
    "tiff: 65,000 entries": lambda: _tiff_of_large_entries(25_000, 60_000),
    "tiff: 2.5 million strips": lambda: _tiff_of_strips(5_000_000),
    "tiff: a million tiles": lambda: _tiff_of_tiles(10_240, 16),
    "tiff: counts without end": _big_tiff,
}
FRAMES: dict[str, Make] = {
    "png: two thousand million frames, it says": lambda: _apng(1, 2**31 - 1),
    "png: 200,000 frames": lambda: _apng(200_000, 200_000),
    "webp: 200,000 frames": lambda: flat_webp(64, 64, frames=200_000),
    "gif: 300,000 frames": lambda: flat_gif(1, 1, frames=900_000),
    "gif: frames of 110 megapixels": lambda: flat_gif(12_000, 9_000, frames=100),
    "tiff: 50,000 pages": lambda: _pages(50_000),
    "tiff: 650,000 pages": lambda: _pages(650_000),
    "tiff: pages in a circle": _tiff_of_loop,
    "webp: moving, 110 megapixels": lambda: flat_webp(16_383, 6_700, frames=3),
    "avif: a moving picture": lambda: _saved(
        "AVIF",
        Image.new("RGB", (64, 64)),
        save_all=True,
        append_images=[Image.new("RGB", (64, 64), "red")] * 500,
        speed=10,
    ),
}
SIZES: dict[str, Make] = {
    "jpeg: 108 megapixels": lambda: flat_jpeg(12_000, 9_000),
    "jpeg: 108 megapixels, progressive": lambda: flat_jpeg(12_000, 9_000, frame=SOF_PROGRESSIVE, scans=4),
    "jpeg: 48 megapixels, progressive": lambda: flat_jpeg(8_000, 6_000, frame=SOF_PROGRESSIVE, scans=4),
    "jpeg: 108 megapixels for print": lambda: flat_jpeg(12_000, 9_000, components=4),
    "jpeg: 16 megapixels in 5000 scans": lambda: flat_jpeg(4_096, 4_096, frame=SOF_PROGRESSIVE, scans=5_000),
    "jpeg: 16 megapixels in 60 scans": lambda: flat_jpeg(4_096, 4_096, frame=SOF_PROGRESSIVE, scans=60),
    "jpeg: 108 megapixels, one colour after the other": lambda: flat_jpeg(12_000, 9_000, apart=True),
    "jpeg: 36 megapixels, one colour after the other": lambda: flat_jpeg(7_200, 5_000, apart=True),
    "jpeg: 108 megapixels without an end": lambda: flat_jpeg(12_000, 9_000, end=b""),
    "jpeg: 108 megapixels without loss": lambda: flat_jpeg(12_000, 9_000, frame=SOF_LOSSLESS),
    "jpeg: a strip of 65,500 x 1,600": lambda: flat_jpeg(65_500, 1_600),
    "jpeg: a strip of 4 x 65,500": lambda: flat_jpeg(4, 65_500),
    "png: 108 megapixels": lambda: flat_png(12_000, 9_000),
    "png: 108 megapixels with alpha": lambda: flat_png(12_000, 9_000, "rgba"),
    "png: 108 megapixels, grey": lambda: flat_png(12_000, 9_000, "grey"),
    "png: 108 megapixels, grey, 16 bits": lambda: flat_png(12_000, 9_000, "grey", bits=16),
    "png: 108 megapixels, 1 bit": lambda: flat_png(12_000, 9_000, "grey", bits=1),
    "png: 108 megapixels, palette": lambda: flat_png(12_000, 9_000, "palette"),
    "png: 49 megapixels": lambda: flat_png(7_000, 7_000),
    "png: 49 megapixels with alpha": lambda: flat_png(7_000, 7_000, "rgba"),
    "png: 49 megapixels, 16 bits with alpha": lambda: flat_png(7_000, 7_000, "rgba", bits=16),
    "png: 40 megapixels": lambda: flat_png(8_000, 5_000),
    "png: 21 megapixels with alpha": lambda: flat_png(5_250, 4_000, "rgba"),
    "png: 16 megapixels, 16 bits with alpha": lambda: flat_png(4_096, 4_096, "rgba", bits=16),
    "png: 36 megapixels": lambda: flat_png(7_200, 5_000),
    "png: 36 megapixels, grey, 16 bits": lambda: flat_png(7_200, 5_000, "grey", bits=16),
    "png: 36 megapixels, palette": lambda: flat_png(7_200, 5_000, "palette"),
    "png: a strip of 65,500 x 540": lambda: flat_png(65_500, 540),
    "png: a strip of 65,500 x 600": lambda: flat_png(65_500, 600),
    "png: a strip of 600 x 65,500": lambda: flat_png(600, 65_500),
    "png: a strip of 1 x 65,500": lambda: flat_png(1, 65_500),
    "webp: 110 megapixels": lambda: flat_webp(16_383, 6_700),
    "webp: 24 megapixels": lambda: flat_webp(6_000, 4_000),
    "webp: 16 megapixels": lambda: flat_webp(4_096, 4_096),
    "gif: 108 megapixels": lambda: flat_gif(12_000, 9_000),
    "gif: 24 megapixels": lambda: flat_gif(6_000, 4_000),
    "bmp: 108 megapixels in runs": lambda: _rle_bmp(12_000, 9_000),
    "bmp: 16 megapixels in runs": lambda: _rle_bmp(4_096, 4_096),
    "bmp: 108 megapixels, 1 bit": lambda: _bmp(12_000, 9_000, 1, 0, bytes(1504 * 9_000)),
    "tiff: 108 megapixels": lambda: tiff(picture_page(12_000, 9_000, zeros_zipped(324_000_000), 8, samples=3)),
    "tiff: 48 megapixels": lambda: tiff(picture_page(8_000, 6_000, zeros_zipped(144_000_000), 8, samples=3)),
    "tiff: 36 megapixels": lambda: tiff(picture_page(7_200, 5_000, zeros_zipped(108_000_000), 8, samples=3)),
    "tiff: 24 megapixels": lambda: tiff(picture_page(6_000, 4_000, zeros_zipped(72_000_000), 8, samples=3)),
    "tiff: 48 megapixels, 16 bits": lambda: tiff(picture_page(8_000, 6_000, zeros_zipped(96_000_000), 8, bits=16)),
    "tiff: 108 megapixels, 1 bit": lambda: tiff(picture_page(12_000, 9_000, zeros_zipped(13_500_000), 8, bits=1)),
    "tiff: 108 megapixels in runs": lambda: tiff(
        picture_page(12_000, 9_000, (b"\x81\x00" * (12_000 // 128 + 1)) * 9_000, 32_773)
    ),
    "tiff: 200 samples a pixel": lambda: tiff(picture_page(2_000, 2_000, zeros_zipped(800_000_000), 8, samples=200)),
    "tiff: 1 x 65,500": lambda: tiff(picture_page(1, 65_500, bytes(65_500))),
    "heic: 100 megapixels in tiles": lambda: grid(coded("HEIC", 512, 512), 20, 20),
    "heic: 60,000 tiles": lambda: grid(coded("HEIC"), 240, 250),
    "avif: 24 megapixels in tiles": lambda: grid(coded("AVIF", 512, 512), 10, 9),
    "avif: 100 megapixels in tiles": lambda: grid(coded("AVIF", 512, 512), 20, 20),
}
LIES: dict[str, Make] = {
    "png: profile of 1 GB": lambda: flat_png(64, 64, extra=png_chunk(b"iCCP", b"a\0\0" + zeros_zipped(1 << 30))),
    "png: text of 1 GB": lambda: flat_png(64, 64, extra=png_chunk(b"zTXt", b"a\0\0" + zeros_zipped(1 << 30))),
    "png: international text of 1 GB": lambda: flat_png(
        64, 64, extra=png_chunk(b"iTXt", b"a\0\1\0\0\0" + zeros_zipped(1 << 30))
    ),
    "png: a hundred texts of 1 MB": lambda: flat_png(
        64, 64, extra=png_chunk(b"zTXt", b"a\0\0" + zeros_zipped(1 << 20)) * 100
    ),
    "png: 16 GB of pixels behind 64 x 64": lambda: _png_with_too_much(),
    "png: 40 megapixels said, ten rows there": lambda: flat_png(8_000, 5_000, rows=10),
    "png: 2**31 - 1 squared": lambda: flat_png(2**31 - 1, 2**31 - 1, rows=1 << 10 >> 10, colour="grey", bits=1),
    "jpeg: 108 megapixels said, nothing there": lambda: _jpeg_without_pixels(12_000, 9_000),
    "jpeg: 16 megapixels said, nothing there": lambda: _jpeg_without_pixels(4_096, 4_096),
    "webp: 16,384 squared around a small one": lambda: _webp_around(),
    "gif: a frame larger than its screen": lambda: _gif_beyond(),
    "heic: 110 megapixels said, one tile there": lambda: still(coded("HEIC"), (12_000, 9_000)),
    "heic: 16 megapixels said, one tile there": lambda: still(coded("HEIC"), (4_096, 4_096)),
    "heic: a small one said, 1,024 squared there": lambda: still(coded("HEIC", 1_024, 1_024), (64, 64)),
    "heic: a grid of 100 tiles of which one is there": lambda: grid(coded("HEIC", 512, 512), 10, 10, tiles=1),
    "heic: a small grid said, 100 tiles there": lambda: grid(coded("HEIC", 512, 512), 20, 20, (64, 64)),
    "avif: 100 megapixels said, one tile there": lambda: still(coded("AVIF"), (12_000, 9_000)),
    "avif: a small one said, 1,024 squared there": lambda: still(coded("AVIF", 1_024, 1_024), (64, 64)),
    "avif: a small grid said, 400 tiles there": lambda: grid(coded("AVIF", 512, 512), 20, 20, (64, 64)),
    "tiff: 100 megapixels said, nothing there": lambda: tiff(picture_page(12_000, 9_000, bytes(100))),
    "tiff: 16 megapixels zipped, nothing there": lambda: tiff(
        picture_page(4_096, 4_096, zeros_zipped(100), 8, samples=3)
    ),
    "bmp: a megapixel in runs of one": lambda: _bmp(1_024, 1_024, 8, 1, b"\x01\x00" * (1 << 20)),
    "bmp: a quarter of a megapixel in runs of one": lambda: _bmp(512, 480, 8, 1, b"\x01\x00" * (512 * 480)),
    "dng: sixty previews of 20 MB that overlap": lambda: _raw_of_previews(),
    "bmp: 16 megapixels in no runs": lambda: _bmp(4_096, 4_096, 8, 1, b"\x00\x01"),
}
CUT: dict[str, Make] = {
    f"{kind.lower()}: cut": lambda kind=kind: _cut(made(kind, photo(600, 400), secrets=False), 0.7)  # type: ignore[misc]
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIC", "AVIF")
}


def _gif_of_blocks() -> bytes:
    small = flat_gif(64, 64)
    # The data of the frame, then ten million blocks that say nothing.
    return small[:-2] + b"\x01\x00" * ((FULL_BYTES - len(small)) // 2) + b"\x00\x3b"


def _png_with_too_much() -> bytes:
    whole = flat_png(64, 64)
    head, end = whole[:33], whole[-12:]
    return head + png_chunk(b"IDAT", zeros_zipped(16 << 30)) + end


def _jpeg_without_pixels(width: int, height: int) -> bytes:
    whole = flat_jpeg(width, height)
    return whole[: whole.index(b"\xff\xda") + 20] + b"\xff\xd9"


def _webp_around() -> bytes:
    small = flat_webp(64, 64)[12:]
    canvas = riff_chunk(b"VP8X", bytes([0x10, 0, 0, 0]) + (16_383).to_bytes(3, "little") * 2)
    return b"RIFF" + struct.pack("<I", 4 + len(canvas) + len(small)) + b"WEBP" + canvas + small


def _gif_beyond() -> bytes:
    whole = bytearray(flat_gif(6_000, 4_000))
    whole[6:10] = struct.pack("<HH", 64, 64)
    return bytes(whole)


def _raw_of_previews() -> bytes:
    fill = b"\xff\xd8\xff" + b"\xff" * (FULL_BYTES - 20_000)
    page = Page(numbers={DNG_VERSION: [1, 4, 0, 0]})
    page.subpages = [Page(numbers={JPEG_AT: 8, JPEG_LENGTH: len(fill) - number}) for number in range(60)]
    return tiff(page, room=fill)


def _phone_jpeg(width: int, bands: int) -> bytes:
    """Return what a phone makes: the same 128 rows over and over, each beginning anew (T.81, restart intervals)."""
    tile, band = photo(1_000, 128), Image.new("RGB", (width, 128))
    for left in range(0, width, 1_000):
        band.paste(tile, (left, 0))
    data = bytearray(_saved("JPEG", band, quality=80, restart_marker_rows=1))
    frame = data.index(b"\xff\xc0") + 5
    data[frame : frame + 2] = (128 * bands).to_bytes(2, "big")
    scan = data.index(b"\xff\xda")
    start = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    return bytes(data[:start]) + b"\xff\xd7".join([bytes(data[start:-2])] * bands) + b"\xff\xd9"


ORDINARY: dict[str, Make] = {
    "a phone's JPEG of 12 megapixels": lambda: _phone_jpeg(4_000, 23),
    "a phone's JPEG of 48 megapixels": lambda: _phone_jpeg(8_000, 47),
    "a phone's JPEG of 108 megapixels": lambda: _phone_jpeg(12_000, 70),
    "a phone's HEIC of 48 megapixels": lambda: grid(
        coded("HEIC", picture=photo(512, 512).filter(ImageFilter.GaussianBlur(2))), 16, 12, (8_064, 6_048)
    ),
    "a page scanned at 600 dots an inch": lambda: flat_png(4_960, 7_016),
}
HOSTILE: dict[str, Make] = SEGMENTS | FRAMES | SIZES | LIES | CUT

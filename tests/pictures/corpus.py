"""The corpus: files of strangers who want to keep the bot busy or fill its memory, and files of ordinary people.

``HOSTILE`` and ``ORDINARY`` hold makers by name. Imports the modules beside it; never the code under test.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageFilter

from tests.pictures.boxed import coded, grid, of_metadata, still
from tests.pictures.hostile import (
    FULL_BYTES,
    SOF_LOSSLESS,
    SOF_PROGRESSIVE,
    apng,
    bmp,
    exif_of_many,
    flat_gif,
    flat_jpeg,
    flat_png,
    flat_webp,
    gif_beyond,
    gif_of_blocks,
    jpeg_segment,
    jpeg_without_pixels,
    png_with_too_much,
    riff_chunk,
    rle_bmp,
    webp_around,
    zeros_zipped,
)
from tests.pictures.made import made, photo, png_chunk
from tests.pictures.tiffs import (
    big_tiff,
    picture_page,
    raw_of_previews,
    tiff,
    tiff_of_large_entries,
    tiff_of_loop,
    tiff_of_pages,
    tiff_of_strips,
    tiff_of_tiles,
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


def _cut(whole: bytes, part: float) -> bytes:
    return whole[: int(len(whole) * part)]


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
    "jpeg: EXIF of 5000 entries that overlap": lambda: flat_jpeg(64, 64, extra=jpeg_segment(0xE1, exif_of_many(5000))),
    "png: empty texts": lambda: _png_of(png_chunk(b"tEXt", b"")),
    "png: empty pieces of pixels": lambda: _png_of(png_chunk(b"IDAT", b"")),
    "png: texts with wrong sums": lambda: _png_of(bytes(4) + b"tEXt" + bytes(4)),
    "png: EXIF of 5000 entries that overlap": lambda: flat_png(
        64, 64, extra=png_chunk(b"eXIf", exif_of_many(5000)[6:])
    ),
    "webp: empty chunks": lambda: _webp_of(riff_chunk(b"ABCD", b"")),
    "gif: comments": lambda: flat_gif(64, 64, extra=b"\x21\xfe\x01a\x00" * (FULL_BYTES // 5)),
    "gif: comment blocks of one byte": lambda: flat_gif(
        64, 64, extra=b"\x21\xfe" + b"\x01a" * (FULL_BYTES // 2) + b"\0"
    ),
    "gif: pixel blocks of one byte": gif_of_blocks,
    "heic: empty boxes": lambda: _filled(b"\x00\x00\x00\x08free", still(coded("HEIC")), b""),
    "avif: empty boxes": lambda: _filled(b"\x00\x00\x00\x08free", still(coded("AVIF")), b""),
    "tiff: entries of 20 MB that overlap": lambda: tiff_of_large_entries(2000, FULL_BYTES - 100_000),
    "tiff: 65,000 entries": lambda: tiff_of_large_entries(25_000, 60_000),
    "tiff: 2.5 million strips": lambda: tiff_of_strips(5_000_000),
    "tiff: a million tiles": lambda: tiff_of_tiles(10_240, 16),
    "tiff: counts without end": big_tiff,
}
FRAMES: dict[str, Make] = {
    "png: two thousand million frames, it says": lambda: apng(1, 2**31 - 1),
    "png: 200,000 frames": lambda: apng(200_000, 200_000),
    "webp: 200,000 frames": lambda: flat_webp(64, 64, frames=200_000),
    "gif: 300,000 frames": lambda: flat_gif(1, 1, frames=900_000),
    "gif: frames of 110 megapixels": lambda: flat_gif(12_000, 9_000, frames=100),
    "tiff: 36,000 pages": lambda: tiff_of_pages(36_000),
    "tiff: 180,000 pages": lambda: tiff_of_pages(180_000),
    "tiff: pages in a circle": tiff_of_loop,
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
    "jpeg: 36 megapixels for print": lambda: flat_jpeg(6_000, 6_000, components=4),
    "jpeg: 59 megapixels for print": lambda: flat_jpeg(7_780, 7_700, components=4),
    "jpeg: 25 megapixels of noise, progressive": lambda: _saved(
        "JPEG", Image.effect_noise((5_000, 5_000), 90).convert("RGB"), progressive=True, quality=60
    ),
    "jpeg: 16 megapixels in 5000 scans": lambda: flat_jpeg(4_096, 4_096, frame=SOF_PROGRESSIVE, scans=5_000),
    "jpeg: 16 megapixels in 60 scans": lambda: flat_jpeg(4_096, 4_096, frame=SOF_PROGRESSIVE, scans=60),
    "jpeg: 108 megapixels, one colour after the other": lambda: flat_jpeg(12_000, 9_000, apart=True),
    "jpeg: 36 megapixels, one colour after the other": lambda: flat_jpeg(7_200, 5_000, apart=True),
    "jpeg: 4,000 megapixels without an end": lambda: flat_jpeg(65_500, 65_500, end=b"", components=1)[:FULL_BYTES],
    "jpeg: 4,000 megapixels, progressive, without an end": lambda: flat_jpeg(
        65_500, 65_500, end=b"", components=1, frame=SOF_PROGRESSIVE
    )[:FULL_BYTES],
    "jpeg: 32 megapixels, progressive, without an end": lambda: flat_jpeg(
        8_000, 4_000, sampling=0x22, end=b"", frame=SOF_PROGRESSIVE, scans=4
    ),
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
    "png: 20 megapixels, 16 bits with alpha": lambda: flat_png(4_500, 4_500, "rgba", bits=16),
    "png: 30 megapixels, 16 bits": lambda: flat_png(6_000, 5_000, "rgb", bits=16),
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
    "bmp: 108 megapixels in runs": lambda: rle_bmp(12_000, 9_000),
    "bmp: 16 megapixels in runs": lambda: rle_bmp(4_096, 4_096),
    "bmp: 108 megapixels, 1 bit": lambda: bmp(12_000, 9_000, 1, 0, bytes(1504 * 9_000)),
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
    "png: ten thousand profiles of 1 MB": lambda: flat_png(
        64, 64, extra=png_chunk(b"iCCP", b"a\0\0" + zeros_zipped(1 << 20)) * 10_000
    ),
    "heic: 900 times the same 20 MB of EXIF": lambda: of_metadata(coded("HEIC"), 900, FULL_BYTES - 50_000),
    "avif: 900 times the same 20 MB of EXIF": lambda: of_metadata(coded("AVIF"), 900, FULL_BYTES - 50_000),
    "heic: 20 MB of EXIF": lambda: of_metadata(coded("HEIC"), 1, FULL_BYTES - 50_000),
    "png: a hundred texts of 1 MB": lambda: flat_png(
        64, 64, extra=png_chunk(b"zTXt", b"a\0\0" + zeros_zipped(1 << 20)) * 100
    ),
    "png: 16 GB of pixels behind 64 x 64": png_with_too_much,
    "png: 40 megapixels said, ten rows there": lambda: flat_png(8_000, 5_000, rows=10),
    "png: 2**31 - 1 squared": lambda: flat_png(2**31 - 1, 2**31 - 1, rows=1, colour="grey", bits=1),
    "jpeg: 108 megapixels said, nothing there": lambda: jpeg_without_pixels(12_000, 9_000),
    "jpeg: 16 megapixels said, nothing there": lambda: jpeg_without_pixels(4_096, 4_096),
    "webp: 16,384 squared around a small one": webp_around,
    "gif: a frame larger than its screen": gif_beyond,
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
    "bmp: a megapixel in runs of one": lambda: bmp(1_024, 1_024, 8, 1, b"\x01\x00" * (1 << 20)),
    "bmp: a quarter of a megapixel in runs of one": lambda: bmp(512, 480, 8, 1, b"\x01\x00" * (512 * 480)),
    "dng: sixty previews of 20 MB that overlap": lambda: raw_of_previews(FULL_BYTES - 20_000),
    "bmp: 16 megapixels in no runs": lambda: bmp(4_096, 4_096, 8, 1, b"\x00\x01"),
}
CUT: dict[str, Make] = {
    f"{kind.lower()}: cut": lambda kind=kind: _cut(made(kind, photo(600, 400), secrets=False), 0.7)  # type: ignore[misc]
    for kind in ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIC", "AVIF")
}


def _phone_jpeg(width: int, bands: int) -> bytes:
    """Return a JPEG as phones write it: the same 128 rows again and again, each after a restart mark (T.81)."""
    tile, band = photo(1_000, 128), Image.new("RGB", (width, 128))
    for left in range(0, width, 1_000):
        band.paste(tile, (left, 0))
    data = bytearray(_saved("JPEG", band, quality=80, restart_marker_rows=1))
    frame = data.index(b"\xff\xc0") + 5
    data[frame : frame + 2] = (128 * bands).to_bytes(2, "big")
    scan = data.index(b"\xff\xda")
    start = scan + 2 + int.from_bytes(data[scan + 2 : scan + 4], "big")
    return bytes(data[:start]) + b"\xff\xd7".join([bytes(data[start:-2])] * bands) + b"\xff\xd9"


def _phone_heic(across: int, down: int, size_px: tuple[int, int]) -> bytes:
    """Return a HEIC as phones write it, in tiles of 512 pixels."""
    return grid(coded("HEIC", picture=photo(512, 512).filter(ImageFilter.GaussianBlur(2))), across, down, size_px)


ORDINARY: dict[str, Make] = {
    "a phone's JPEG of 12 megapixels": lambda: _phone_jpeg(4_000, 23),
    "a phone's JPEG of 48 megapixels": lambda: _phone_jpeg(8_000, 47),
    "a phone's JPEG of 108 megapixels": lambda: _phone_jpeg(12_000, 70),
    "a phone's HEIC of 12 megapixels": lambda: _phone_heic(8, 6, (4_032, 3_024)),
    "a phone's HEIC of 48 megapixels": lambda: _phone_heic(16, 12, (8_064, 6_048)),
    "a page scanned at 600 dots an inch": lambda: flat_png(4_960, 7_016),
}
HOSTILE: dict[str, Make] = SEGMENTS | FRAMES | SIZES | LIES | CUT

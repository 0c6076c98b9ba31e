"""Files that try to keep a reader busy or to fill its memory, made by code: every kind, each with a name.

Imports the standard library, Pillow and ``made``; never the code under test. Flat pictures are written byte by byte,
so one of 110 megapixels is made at once. Structures: ITU-T T.81; W3C PNG, third edition; RFC 9649; GIF89a.
"""

from __future__ import annotations

import struct
import zlib

from tests.pictures.made import png_chunk

FULL_BYTES = 20 * 1024 * 1024
"""The largest file that getFile serves (Bot API, getFile)."""

PNG_COLOURS = {"grey": (0, 1), "rgb": (2, 3), "palette": (3, 1), "grey and alpha": (4, 2), "rgba": (6, 4)}
SOF_BASELINE, SOF_PROGRESSIVE, SOF_LOSSLESS = 0xC0, 0xC2, 0xC3


def jpeg_segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def flat_jpeg(
    width: int,
    height: int,
    *,
    components: int = 3,
    sampling: int = 0x11,
    frame: int = SOF_BASELINE,
    scans: int = 1,
    apart: bool = False,
    extra: bytes = b"",
    end: bytes = b"\xff\xd9",
) -> bytes:
    """Return a grey JPEG whose coded data is zeros: the one code of each table, ``0``, means "no change".

    ``scans`` counts the scans that refine a progressive picture. ``apart``: each component has a scan of its own.
    ``extra`` comes before the frame.
    """
    tables = b"".join(jpeg_segment(0xC4, bytes([kind, 1]) + bytes(15) + b"\x00") for kind in (0x00, 0x10))
    parts = bytes([8]) + struct.pack(">HHB", height, width, components)
    parts += b"".join(bytes([one + 1, sampling if one == 0 else 0x11, 0]) for one in range(components))
    whole = bytes([components]) + b"".join(bytes([one + 1, 0]) for one in range(components))
    blocks = -(-width // 8) * -(-height // 8) * components * 3
    progressive = frame == SOF_PROGRESSIVE
    coded = [jpeg_segment(0xDA, whole + bytes([0, 0 if progressive else 63, 0])) + bytes(blocks // 8 + 64)]
    if progressive:
        coded += [
            jpeg_segment(0xDA, bytes([1, one % components + 1, 0, 1, 63, 0])) + bytes(8) for one in range(scans - 1)
        ]
    if apart:
        alone = [jpeg_segment(0xDA, bytes([1, one + 1, 0, 0, 63, 0])) for one in range(components)]
        coded = [scan + bytes(blocks // 8 + 64) for scan in alone]
    quantisation = jpeg_segment(0xDB, bytes([0]) + bytes([16]) * 64)
    return b"".join([b"\xff\xd8", extra, quantisation, jpeg_segment(frame, parts), tables, *coded, end])


def flat_png(
    width: int, height: int, colour: str = "rgb", *, bits: int = 8, extra: bytes = b"", rows: int = 0
) -> bytes:
    """Return a PNG of one colour with ``rows`` of its ``height`` (default: all). ``extra`` comes before them."""
    kind, channels = PNG_COLOURS[colour]
    row_bytes = 1 + -(-width * channels * bits // 8)
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0)
    palette = png_chunk(b"PLTE", bytes(range(240))) if colour == "palette" else b""
    coded = zeros_zipped(row_bytes * (rows or height))
    chunks = [png_chunk(b"IHDR", head), extra, palette, png_chunk(b"IDAT", coded), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def zeros_zipped(count: int) -> bytes:
    """Return ``count`` zeros as a zlib stream, quickly: the same compressed block again and again."""
    block = 1 << 20
    packer = zlib.compressobj(9)
    first = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(block)) + packer.flush(zlib.Z_FULL_FLUSH)
    rest = packer.compress(bytes(count % block)) + packer.flush()
    blocks = count // block
    body = first + again * (blocks - 1) if blocks else first[:2]
    # The sum of zeros is what it was at the beginning, 1, and their number (RFC 1950).
    return body + rest[:-4] + struct.pack(">HH", count % 65_521, 1)


def flat_webp(width: int, height: int, *, extra: bytes = b"", frames: int = 0) -> bytes:
    """Return a lossless WebP of one colour, 20 bytes of it coded: one symbol a channel takes no bits a pixel."""
    bits = (width - 1) | (height - 1) << 14 | 1 << 28
    # No transform, no colour cache, no groups; then five codes of one symbol each.
    coded = 0
    for number in range(5):
        coded |= 0b0001 << (3 + 4 * number)
    still = riff_chunk(b"VP8L", b"\x2f" + struct.pack("<I", bits) + struct.pack("<I", coded) + bytes(4))
    head = b""
    if extra or frames:
        flags = (0x02 if frames else 0) | 0x10
        sides = b"".join((side - 1).to_bytes(3, "little") for side in (width, height))
        head = riff_chunk(b"VP8X", bytes([flags, 0, 0, 0]) + sides)
        if frames:
            place = bytes(6) + sides + (100).to_bytes(3, "little") + b"\x00"
            head += riff_chunk(b"ANIM", bytes(6))
            still = riff_chunk(b"ANMF", place + still) * frames
    body = b"WEBP" + head + extra + still
    return b"RIFF" + struct.pack("<I", len(body)) + body


def riff_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def flat_gif(width: int, height: int, *, extra: bytes = b"", frames: int = 1, blocks_of: int = 255) -> bytes:
    """Return a GIF of one colour. ``blocks_of`` is the length of its data blocks."""
    screen = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    coded = _lzw_zeros(width * height)
    blocks = b"".join(
        bytes([len(coded[at : at + blocks_of])]) + coded[at : at + blocks_of] for at in range(0, len(coded), blocks_of)
    )
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02" + blocks + b"\x00"
    return screen + extra + frame * frames + b"\x3b"


def _lzw_zeros(count: int) -> bytes:
    """Return ``count`` zeros in LZW with codes of three bits and more, as GIF wants them."""
    out, held, held_bits = bytearray(), 0, 0
    period: list[tuple[int, int]] = []
    covered, following, width, length = 0, 6, 3, 1
    # One round from clearing to a full table; then the same again.
    period.append((4, width))
    period.append((0, width))
    covered, length = 1, 1
    while following < 4095:
        length += 1
        period.append((following, width))
        covered += length
        following += 1
        if following == 1 << width and width < 12:
            width += 1
    codes = (period * -(-count // covered))[: 2 + count if count < covered else None]
    for code, bits in [*codes, (5, codes[-1][1])]:
        held |= code << held_bits
        held_bits += bits
        while held_bits >= 8:
            out.append(held & 0xFF)
            held >>= 8
            held_bits -= 8
    out.append(held & 0xFF)
    return bytes(out)


def exif_of_many(count: int) -> bytes:
    """Return an EXIF block of ``count`` entries that share their bytes."""
    entries = struct.pack("<HHII", 0x010F, 2, 60_000, 8) * count
    return b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", count) + entries + bytes(4)


def apng(frames: int, said: int) -> bytes:
    """Return a PNG that says how many frames it has, and has others."""
    control = png_chunk(b"acTL", struct.pack(">II", said, 0))
    frame = png_chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 10, 0, 0)) + png_chunk(b"fdAT", bytes(8))
    whole = flat_png(64, 64, extra=control)
    return whole[:-12] + frame * frames + whole[-12:]


def bmp(width: int, height: int, bits: int, packed: int, coded: bytes = b"") -> bytes:
    """Return a BMP. ``packed``: 0 plain, 1 runs."""
    palette = bytes(4 << bits) if bits <= 8 else b""
    head = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, packed, len(coded), 0, 0, 0, 0)
    start = 14 + len(head) + len(palette)
    return b"BM" + struct.pack("<III", start + len(coded), 0, start) + head + palette + coded


def rle_bmp(width: int, height: int) -> bytes:
    """Return a BMP of one colour, packed as runs."""
    row = b"\xff\x01" * (width // 255) + bytes([width % 255 or 1, 1]) + b"\x00\x00"
    return bmp(width, height, 8, 1, row * height + b"\x00\x01")


def gif_of_blocks() -> bytes:
    """Return a GIF whose first frame ends in ten million blocks of one byte."""
    small = flat_gif(64, 64)
    # The data of the frame, then ten million blocks that say nothing.
    return small[:-2] + b"\x01\x00" * ((FULL_BYTES - len(small)) // 2) + b"\x00\x3b"


def png_with_too_much() -> bytes:
    """Return a PNG that is larger than it says, by 16 GB."""
    whole = flat_png(64, 64)
    head, end = whole[:33], whole[-12:]
    return head + png_chunk(b"IDAT", zeros_zipped(16 << 30)) + end


def jpeg_without_pixels(width: int, height: int) -> bytes:
    """Return a JPEG that is over when its scan has begun."""
    whole = flat_jpeg(width, height)
    return whole[: whole.index(b"\xff\xda") + 20] + b"\xff\xd9"


def webp_around() -> bytes:
    """Return a WebP whose canvas is larger than its picture."""
    small = flat_webp(64, 64)[12:]
    canvas = riff_chunk(b"VP8X", bytes([0x10, 0, 0, 0]) + (16_383).to_bytes(3, "little") * 2)
    return b"RIFF" + struct.pack("<I", 4 + len(canvas) + len(small)) + b"WEBP" + canvas + small


def gif_beyond() -> bytes:
    """Return a GIF whose frame is larger than its screen."""
    whole = bytearray(flat_gif(6_000, 4_000))
    whole[6:10] = struct.pack("<HH", 64, 64)
    return bytes(whole)

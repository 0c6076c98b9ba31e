"""What bytes really are: picture type and size from the header, damage by decoding.

May import: Pillow, ``base``, ``bulk`` and ``errors``. Never decodes a picture before its header has shown that its
pixels fit the limit, and never trusts a declared type.
"""

from __future__ import annotations

import asyncio
import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from urllib.parse import unquote_to_bytes

from bot.providers.base import Blob
from bot.providers.bulk import beside, decode_base64
from bot.providers.errors import DamagedPicture, NotAPicture, PictureTooLarge

# The largest picture of any known model, 4K at 8:1, has 19 million pixels; twice that is 160 MB while decoded.
MAX_PIXELS = 40_000_000

_FORMATS = {
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
    "image/avif": "AVIF",
}
# Looking through as much takes a millisecond.
_LONG_BYTES = 3_000_000
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Inside coded data FF 00 is a stuffed byte and FF D0..D7 a restart; any other pair ends the scan.
_END_OF_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


def sniff(data: bytes) -> str | None:
    """Return the MIME type that the magic bytes of a picture say, or None."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if data[4:8] == b"ftyp":
        brands = {data[8:12], *(data[at : at + 4] for at in range(16, min(len(data), 64), 4))}
        if brands & {b"avif", b"avis"}:
            return "image/avif"
        if brands & {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}:
            return "image/heic"
    if data[:4] in (b"II*\0", b"MM\0*"):
        return "image/tiff"
    if data[:2] == b"BM" and len(data) > 26:
        return "image/bmp"
    return None


def measure(data: bytes) -> tuple[int, int] | None:
    """Return (width_px, height_px) from the header of a PNG, JPEG, WebP, GIF or BMP; None if there is none."""
    readers: dict[str, Callable[[bytes], tuple[int, int] | None]] = {
        "image/png": _png_size,
        "image/jpeg": _jpeg_size,
        "image/webp": _webp_size,
        "image/gif": lambda head: _pair("<HH", head, 6),
        "image/bmp": lambda head: _pair("<ii", head, 18),
    }
    reader = readers.get(sniff(data) or "")
    try:
        size = reader(data) if reader else None
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def _pair(form: str, data: bytes, at: int) -> tuple[int, int]:
    width, height = struct.unpack_from(form, data, at)
    # A BMP stored from the top down has a negative height.
    return abs(width), abs(height)


def _png_size(data: bytes) -> tuple[int, int] | None:
    return _pair(">II", data, 16) if data[12:16] == b"IHDR" else None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 < len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return width, height
        # Fill bytes and markers without a length stand alone.
        alone = marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8
        at += 1 if marker == 0xFF else 2 if alone else 2 + struct.unpack_from(">H", data, at + 2)[0]
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    kind = data[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if kind == b"VP8L":
        bits = struct.unpack_from("<I", data, 21)[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


async def blob_of(data: bytes, max_pixels: int = MAX_PIXELS) -> Blob:
    """Return ``data`` with its real type, after going through its structure, or decoding it where that shows little.

    Raises: ``NotAPicture``, ``DamagedPicture``, ``PictureTooLarge``.
    """
    mime = sniff(data)
    if mime not in _FORMATS:
        raise NotAPicture(owner_text=f"{len(data)} bytes that are no picture")
    size = measure(data)
    if size is None and mime not in ("image/tiff", "image/avif"):
        raise DamagedPicture(owner_text=f"a {mime} without a readable header")
    if size is not None and size[0] * size[1] > max_pixels:
        raise PictureTooLarge(owner_text=f"{size[0]}x{size[1]} pixels")
    whole = _WHOLE.get(mime)
    if whole is not None:
        if not (whole(data) if len(data) < _LONG_BYTES else await asyncio.to_thread(whole, data)):
            raise DamagedPicture(owner_text=f"{mime}: cut off or changed on the way")
    else:
        await asyncio.to_thread(_decode, data, mime, max_pixels)
    return Blob(mime=mime, data=data)


def _whole_png(data: bytes) -> bool:
    """Tell whether every chunk up to the end matches its checksum, and there are pixels among them."""
    view, at, kind, pixels = memoryview(data), 8, b"", False
    while kind != b"IEND":
        kind = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if len(kind) < 4 or end > len(data):
            return False
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            return False
        pixels = pixels or kind == b"IDAT"
        at = end
    return pixels


def _whole_jpeg(data: bytes) -> bool:
    """Tell whether segments and coded data follow one another up to the end mark, and there are pixels among them."""
    at, pixels = 2, False
    while at + 1 < len(data):
        marker = data[at + 1]
        if data[at] != 0xFF:
            return False
        if marker == 0xD9:
            return pixels
        # Fill bytes and markers without a length stand alone.
        alone = marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8
        at += 1 if marker == 0xFF else 2 if alone else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            end = _END_OF_SCAN.search(data, at)
            if end is None:
                return False
            pixels, at = True, end.start()
    return False


# What models send. Decoding a megabyte takes 10 ms of a core, and finds no more in these than their structure shows.
_WHOLE: dict[str, Callable[[bytes], bool]] = {"image/png": _whole_png, "image/jpeg": _whole_jpeg}


def _decode(data: bytes, mime: str, max_pixels: int) -> None:
    # In the thread that decodes: Pillow takes 7 MB of memory, and what models send is seldom of these kinds.
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=(_FORMATS[mime],)) as picture:
            if picture.width * picture.height > max_pixels:
                raise PictureTooLarge(owner_text=f"{picture.width}x{picture.height} pixels")
            picture.load()
    except PictureTooLarge:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureTooLarge(owner_text="a decompression bomb") from None
    except Exception as error:
        # Decoders fail in many ways on damaged bytes; all of them mean the same to the person.
        raise DamagedPicture(owner_text=f"{mime}: {type(error).__name__}") from error


async def blob_of_base64(text: object, max_pixels: int = MAX_PIXELS) -> Blob:
    """Return the picture that ``text`` holds as base64. Raises: like :func:`blob_of`."""
    if not isinstance(text, str) or not text:
        raise DamagedPicture(owner_text="no base64 where a picture should be")
    return await blob_of(await beside(len(text), decode_base64, text), max_pixels)


async def blob_of_data_uri(uri: str, max_pixels: int = MAX_PIXELS) -> Blob:
    """Return the picture of a ``data:`` URI. Raises: like :func:`blob_of`."""
    head, _, payload = uri.partition(",")
    if head[-7:].lower() == ";base64":
        return await blob_of(await beside(len(payload), _unquoted, payload), max_pixels)
    return await blob_of(unquote_to_bytes(payload), max_pixels)


def _unquoted(payload: str) -> bytes:
    return decode_base64(unquote_to_bytes(payload).decode("latin-1"))

"""Pixels to bytes: PNG, JPEG or WebP without any metadata but the colour profile.

Imports Pillow, ``sniff``, ``modes`` and ``openers``.
"""

from __future__ import annotations

import io
from contextlib import suppress
from typing import Any

from PIL import Image, JpegImagePlugin

from bot.pictures.convert.modes import ALPHA, is_opaque
from bot.pictures.formats import sniff
from bot.pictures.formats.openers import faults_named

JPEG_QUALITY = 95
_FEW_COLOURS, _FEW_GREYS = 4096, 64
_BLOCK_PX = 16
# Half the time of zlib's usual 6 for photographs, at 1 to 3 % more bytes.
_PNG_LEVEL = 4
# Above this number of pixels files are compressed less hard: the full search takes a third (PNG) to two thirds (JPEG)
# of the time and mostly saves 3 to 5 % of the bytes.
_LARGE_PX, _PNG_LEVEL_LARGE = 8_000_000, 3
_WHITE = {"LA": (255, 255), "RGBA": (255, 255, 255, 255)}


def encode(picture: Image.Image, mime: str) -> bytes:
    """Return ``picture`` as PNG, JPEG (quality 95, colours in full resolution) or lossless WebP."""
    out = io.BytesIO()
    profile = picture.info.get("icc_profile")
    large = picture.width * picture.height > _LARGE_PX
    if mime == sniff.PNG:
        picture.save(out, "PNG", compress_level=_PNG_LEVEL_LARGE if large else _PNG_LEVEL, icc_profile=profile)
    elif mime == sniff.WEBP:
        picture.save(out, "WEBP", lossless=True, exact=True, icc_profile=profile or b"")
    else:
        return jpeg(picture, quality=JPEG_QUALITY, subsampling=0, optimize=not large, icc_profile=profile)
    return out.getvalue()


def jpeg(picture: Image.Image, *, optimize: bool, **how: Any) -> bytes:
    """Return ``picture`` as JPEG. ``optimize``: with tables of its own, which save bytes; ``how``: Pillow's options.

    For those tables Pillow gives libjpeg a buffer of one byte a pixel, two at a quality of 95 (JpegImagePlugin, _save).
    Grain or gravel can take more; such pictures are written with the usual tables.
    """
    if optimize:
        with suppress(OSError):
            return _jpeg(picture, optimize=True, **how)
    return _jpeg(picture, **how)


def _jpeg(picture: Image.Image, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **how)
    return out.getvalue()


def turned_jpeg(original: bytes, upright: Image.Image, orientation: int) -> bytes | None:
    """Return the upright pixels of a turned JPEG with the original's own tables, None if that is not possible.

    ``original`` has no metadata. If width and height are multiples of the block size, the turned blocks quantise to
    almost the same numbers: no visible loss and no growth at any quality.
    """
    with faults_named():
        source = JpegImagePlugin.JpegImageFile(io.BytesIO(original))
        sampling = JpegImagePlugin.get_sampling(source)
        tables = {key: list(table) for key, table in source.quantization.items()}
    sideways = orientation >= 5
    if upright.width % _BLOCK_PX or upright.height % _BLOCK_PX or (sampling not in (0, 2) and upright.mode != "L"):
        return None
    if any(value > 255 for table in tables.values() for value in table) or sorted(tables) != list(range(len(tables))):
        return None
    if sideways:
        tables = {
            key: [table[column * 8 + row] for row in range(8) for column in range(8)] for key, table in tables.items()
        }
    colour = {} if upright.mode == "L" else {"subsampling": sampling}
    return jpeg(upright, qtables=tables, optimize=True, icc_profile=upright.info.get("icc_profile"), **colour)


def opaque_if_it_is(picture: Image.Image) -> Image.Image:
    """Return ``picture`` without an alpha channel that is opaque everywhere."""
    if picture.mode in ALPHA and is_opaque(picture):
        return _without_alpha(picture)
    return picture


def on_white(picture: Image.Image) -> Image.Image:
    """Return ``picture`` on a white background."""
    if picture.mode not in _WHITE:
        return picture
    ground = Image.new(picture.mode, picture.size, _WHITE[picture.mode])
    ground.alpha_composite(picture) if picture.mode == "RGBA" else ground.paste(picture, mask=picture.getchannel("A"))
    ground.info = picture.info
    return _without_alpha(ground)


def is_graphic(picture: Image.Image) -> bool:
    """Return whether the picture is a drawing rather than a photo: it has few colours."""
    return picture.getcolors(_FEW_GREYS if picture.mode in ("L", "LA") else _FEW_COLOURS) is not None


def _without_alpha(picture: Image.Image) -> Image.Image:
    plain = picture.convert(picture.mode[:-1])
    plain.info = picture.info
    return plain

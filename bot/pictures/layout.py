"""What a file's structure says about its picture, before any pixel is decoded.

One value for all formats, filled by ``jpeg``, ``png``, ``webp``, ``gif`` and ``others``. Imports the standard library,
and Pillow's EXIF reader once there is something for it to read.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAX_PIXELS = 110_000_000
"""Pictures above this are refused unread. Phones with 108 megapixels (12000 x 9000) pass; decoding takes 0.4 GB."""

MAX_SIDE_PX = 65_500
"""The longest side that a JPEG can have; a picture must be able to become one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``width_px`` and ``height_px`` as stored, before ``orientation`` (EXIF, 1 to 8) is applied."""

    width_px: int
    height_px: int
    orientation: int = 1
    frames: int = 1
    alpha: bool = False
    has_metadata: bool = False


def orientation_of(exif: bytes | None) -> int:
    """Return the orientation in an EXIF block, 1 where there is none or it makes no sense."""
    if not exif:
        return 1
    from PIL import ExifTags, Image

    block = Image.Exif()
    try:
        block.load(exif)
        value = block.get(ExifTags.Base.Orientation, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, OSError, struct.error):
        # A broken EXIF block says nothing; the picture itself is untouched by it.
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1

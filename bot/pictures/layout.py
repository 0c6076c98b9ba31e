"""What a file's structure says about its picture, before any pixel is decoded.

One value for all formats, filled by ``jpeg``, ``png``, ``webp``, ``gif`` and ``others``. Imports Pillow's EXIF reader
and the standard library.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from PIL import ExifTags, Image


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
    block = Image.Exif()
    try:
        block.load(exif)
        value = block.get(ExifTags.Base.Orientation, 1)
    except (SyntaxError, ValueError, TypeError, KeyError, IndexError, OSError, struct.error):
        # A broken EXIF block says nothing; the picture itself is untouched by it.
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1

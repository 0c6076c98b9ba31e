"""The value for a file's structure, read before any pixel is decoded, and the bounds of reading.

One value for all formats, filled by ``jpeg``, ``png``, ``webp``, ``gif``, ``tiff`` and ``by_pillow``. Imports
``errors`` and the standard library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.pictures.errors import TooManyPartsError

MAX_SIDE_PX = 65_500
"""The longest side that a JPEG can have; a picture must be able to become one."""

MOST_PARTS = 30_000
"""The most segments, chunks, boxes or entries. Encoders cut pixels into 8 KB (libpng): 8,000 pieces for 64 MB."""

MOST_FRAMES = 1_000
"""Frames and pages are counted up to this; only the first is used, so the exact number does not matter."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``width_px`` and ``height_px`` as stored, before ``orientation`` (EXIF, 1 to 8) is applied.

    Decoding takes ``pixel_bytes`` of memory for each pixel, and ``decoder_bytes`` in addition. ``preview``: offset and
    end of the JPEG in a camera's raw file. ``ended``: the end mark is present, for kinds that may lack it.
    ``most_megapixels``: the limit for this file, if decoding it takes longer than usual for its kind.
    ``halved_above_px``: a JPEG with more pixels is halved while it is decoded, for the same reason.
    """

    width_px: int
    height_px: int
    orientation: int = 1
    frames: int = 1
    alpha: bool = False
    has_metadata: bool = False
    pixel_bytes: int = 4
    decoder_bytes: int = 0
    preview: tuple[int, int] | None = None
    ended: bool = True
    most_megapixels: int | None = None
    halved_above_px: int | None = None


def bounded(parts: Iterable[T], most: int = MOST_PARTS) -> Iterator[T]:
    """Yield the parts of a file one by one. Raises: ``TooManyPartsError`` when there are more than ``most``."""
    for number, part in enumerate(parts):
        if number >= most:
            raise TooManyPartsError(f"more than {most} parts")
        yield part

"""What a file's structure says about its picture, before any pixel is decoded, and how much of it is ever read.

One value for all formats, filled by ``jpeg``, ``png``, ``webp``, ``gif``, ``tiff`` and ``by_pillow``. Imports
``errors`` beside it and the standard library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.pictures.errors import TooManyPartsError

MAX_SIDE_PX = 65_500
"""The longest side that a JPEG can have; a picture must be able to become one."""

MOST_PARTS = 30_000
"""Segments, chunks, boxes or entries of a file. Encoders cut pixels into pieces of 8 KB (libpng): 64 MB are 8,000."""

MOST_FRAMES = 1_000
"""As far as frames and pages are counted: only the first is used, so that it has fellows is all that matters."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``width_px`` and ``height_px`` as stored, before ``orientation`` (EXIF, 1 to 8) is applied.

    What decoding takes in memory: ``pixel_bytes`` for each pixel of the decoded picture, and ``decoder_bytes`` in all
    that its decoder holds beside it. ``preview`` is the place of the JPEG that stands for a camera's raw file.
    ``ended``: the mark is there that ends the picture, where its kind has one that may be missing.
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


def bounded(parts: Iterable[T], most: int = MOST_PARTS) -> Iterator[T]:
    """Yield the parts of a file one by one. Raises: ``TooManyPartsError`` when there are more than ``most``."""
    for number, part in enumerate(parts):
        if number >= most:
            raise TooManyPartsError(f"more than {most} parts")
        yield part

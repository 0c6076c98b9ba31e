"""Builds a picture from strips, scaled down if wanted, without a second copy in full size.

Imports Pillow.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

# Up to this factor the best filter is used; above it, a filter at a third of the cost shows no visible difference.
_ONE_GO_PX = 12_000_000
# 4 MB: small enough for the heap, which reuses it for the next strip.
_STRIP_PX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Strips:
    """A decoded picture: ``cut(top, bottom)`` returns rows in a plain mode, ``whole`` all rows without a copy."""

    size: tuple[int, int]
    cut: Callable[[int, int], Image.Image]
    profile: bytes | None = None
    whole: Image.Image | None = None


def size_within(size: tuple[int, int], longest_px: int | None) -> tuple[int, int]:
    """Return a size of the same shape whose longer side is at most ``longest_px``."""
    scale = 1.0 if longest_px is None else min(1.0, longest_px / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def shrunk(picture: Image.Image, longest_px: int) -> Image.Image:
    """Return the picture, its longer side at most ``longest_px``; its ``info`` stays."""

    def cut(top: int, bottom: int) -> Image.Image:
        return picture.crop((0, top, picture.width, bottom))

    result = scaled(Strips(size=picture.size, cut=cut, whole=picture), longest_px)
    result.info = picture.info
    return result


def scaled(strips: Strips, longest_px: int | None) -> Image.Image:
    """Return the picture built from strips, its longer side at most ``longest_px``."""
    size = size_within(strips.size, longest_px)
    if strips.whole is not None and size == strips.size:
        return strips.whole
    if strips.size[0] * strips.size[1] <= _ONE_GO_PX:
        picture = strips.whole or strips.cut(0, strips.size[1])
        return picture if size == strips.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _joined(strips, size)


def _joined(strips: Strips, size: tuple[int, int]) -> Image.Image:
    width, height = strips.size
    by = height / size[1]
    result: Image.Image | None = None
    rows = max(1, int(_STRIP_PX / (width * by)))
    for top in range(0, size[1], rows):
        bottom = min(size[1], top + rows)
        if size == strips.size:
            piece = strips.cut(top, bottom)
        else:
            piece = _rows_of(strips, top * by, min(height, bottom * by), by, (size[0], bottom - top))
        # Every row is pasted, so it needs no background.
        result = result or Image.new(piece.mode, size, None)
        result.paste(piece, (0, top))
    assert result is not None  # noqa: S101 - a picture has rows
    return result


def _rows_of(strips: Strips, begin: float, end: float, by: float, size: tuple[int, int]) -> Image.Image:
    """Return the rows from ``begin`` to ``end`` of the picture, reduced by ``by``."""
    width, height = strips.size
    if strips.whole is not None and strips.whole.mode in ("L", "RGB"):
        # Only these rows are read: with alpha, Pillow would first convert the whole picture.
        return strips.whole.resize(size, Image.Resampling.HAMMING, box=(0, begin, width, end))
    # The filter reads one row of the result beyond its own on either side.
    first, last = max(0, math.floor(begin - by) - 1), min(height, math.ceil(end + by) + 1)
    box = (0, begin - first, width, end - first)
    return strips.cut(first, last).resize(size, Image.Resampling.HAMMING, box=box)

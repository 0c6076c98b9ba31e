"""Checks a result: its shape, its size, and whether it is a copy of the picture to edit.

Imports Pillow and ``bot.pictures``. Pure, but for decoding; takes verified pictures. The caller runs fingerprints in a
thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from bot.pictures.errors import PictureError

# The models' own sizes are up to 2.9 % off their ratio (896x1152 for 4:5); the nearest other ratio is 6.5 % away.
_RATIO_TOLERANCE = 0.033
# 8:1 comes as 2928x352 and 1456x176, 3.9 % off, or as 3072x384 (seen at the live API, pydantic-ai
# images/_google_geometry.py; Google's table says the latter). Nothing else is near: 4:1 is twice as far from square.
_LONG, _LONG_TOLERANCE = 5.0, 0.06
_SCALES = {"512": 0.5, "1K": 1.0, "2K": 2.0, "4K": 4.0}

_SIDE = 64
# Of 255. Recompression at JPEG quality 30 moves a cell by up to 8, half size and back by up to 16; an edit that covers
# one part in 500 of the picture moves its cells by 25 and more.
_CELL_CHANGED = 24
_CELLS_CHANGED = 5
# A change of the whole, such as warmer light or more contrast, moves the mean difference of a channel by 4 and more.
_MEAN_CHANGED = 3.0
# The fine detail of a copy, as a share of the picture's. Compressed anew it is 0.80 to 1.10, at half size and back 0.44
# and more; sharpened a little it is 1.22 and more, blurred a little 0.27 at most (the samples of the sandbox, with its
# own edits and Pillow's).
_DETAIL_LEFT, _DETAIL_MOST = 0.35, 1.17
# Less than this is none: a JPEG makes that much of a flat picture.
_DETAIL_NONE = 0.5


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A picture as 64x64 mean colours, over white where it is transparent, and how much fine detail it has."""

    cells: bytes
    detail: float


def ratio_ignored(wanted: str | None, width_px: int, height_px: int) -> bool:
    """Return whether a picture has another ratio than the chosen one, such as ``"16:9"``."""
    try:
        across, down = map(float, (wanted or "").split(":"))
        tolerance = _LONG_TOLERANCE if max(across / down, down / across) > _LONG else _RATIO_TOLERANCE
        return abs(math.log(width_px * down / (height_px * across))) > tolerance
    except (ValueError, ZeroDivisionError):
        return False


def size_ignored(wanted: str | None, width_px: int, height_px: int) -> bool:
    """Return whether a picture is clearly smaller or larger than the chosen size, such as ``"2K"``."""
    scale = _SCALES.get(wanted or "")
    if scale is None:
        return False
    return not 0.75 < math.sqrt(width_px * height_px) / (1024 * scale) < 1.4


def fingerprint(data: bytes) -> Fingerprint:
    """Return what a picture is compared by, 12 KB.

    Raises: ``PictureError`` when ``data`` is no readable picture.
    """
    # Imported here: Pillow takes 7 MB of memory, which is not needed until pictures are compared.
    from PIL import Image, ImageChops, ImageFilter, ImageStat

    from bot.pictures.convert.reencode import small

    # A JPEG decoder can take the means of blocks while it decodes, in half the time or less.
    picture = small(data, _SIDE * 8).convert("RGB")
    grey = picture.convert("L").resize((_SIDE * 8, _SIDE * 8), Image.Resampling.BOX)
    detail = ImageStat.Stat(ImageChops.difference(grey, grey.filter(ImageFilter.BoxBlur(1)))).mean[0]
    return Fingerprint(picture.resize((_SIDE, _SIDE), Image.Resampling.BOX).tobytes(), detail)


def same_picture(before: Fingerprint, after: Fingerprint) -> bool:
    """Return whether two fingerprints show the same picture, though it may be scaled or compressed anew.

    In doubt they differ: a shift by some pixels counts as a difference, since a small edit looks alike.
    """
    from PIL import Image, ImageChops

    detailed = max(before.detail, after.detail) > _DETAIL_NONE
    if detailed and not before.detail * _DETAIL_LEFT <= after.detail <= before.detail * _DETAIL_MOST:
        # Sharpened or blurred, which the mean colours do not show.
        return False
    cells = (Image.frombytes("RGB", (_SIDE, _SIDE), one.cells) for one in (before, after))
    difference = ImageChops.difference(*cells)
    red, green, blue = difference.split()
    largest = ImageChops.lighter(ImageChops.lighter(red, green), blue).histogram()
    if sum(largest[_CELL_CHANGED + 1 :]) > _CELLS_CHANGED:
        return False
    sums = (sum(step * count for step, count in enumerate(one.histogram())) for one in (red, green, blue))
    return all(total <= _MEAN_CHANGED * _SIDE * _SIDE for total in sums)


def is_copy(before: bytes, after: bytes) -> bool:
    """Return whether two files show the same picture; False if one of them cannot be read."""
    try:
        return before == after or same_picture(fingerprint(before), fingerprint(after))
    except PictureError:
        return False

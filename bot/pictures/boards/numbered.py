"""A picture with a number in its corner, so that people can say which of several they mean.

Imports ``values``, ``canvas``, ``encode`` and ``reencode``. Only the copy that is sent has the number.
"""

from __future__ import annotations

from bot.pictures.boards import canvas
from bot.pictures.boards.canvas import Canvas
from bot.pictures.boards.values import WIDEST_PX
from bot.pictures.convert.encode import jpeg
from bot.pictures.convert.reencode import small

_LETTERS = 0.09
"""The size of the number, as a share of the shorter side."""

_LEAST_PX, _QUALITY = 6, 93


def numbered(data: bytes, number: int) -> bytes:
    """Implement :func:`bot.pictures.boards.draw.numbered`."""
    picture = small(data, WIDEST_PX).convert("RGB")
    px = max(_LEAST_PX, round(min(picture.size) * _LETTERS))
    sheet = Canvas(*picture.size)
    sheet.image.paste(picture)
    sheet.badge(str(number), (round(px * 0.6), round(px * 0.6)), px, canvas.INK, 0.78)
    return jpeg(sheet.image, quality=_QUALITY, subsampling=0, optimize=False)

"""Two pictures side by side, before and after.

Imports ``values``, ``canvas``, ``lettering``, ``encode``, ``reencode`` and Pillow.
"""

from __future__ import annotations

import math

from PIL import Image

from bot.pictures.boards import canvas
from bot.pictures.boards.canvas import Canvas
from bot.pictures.boards.lettering import lettering, wrapped
from bot.pictures.boards.values import WIDEST_PX, Outlines
from bot.pictures.convert.encode import jpeg
from bot.pictures.convert.reencode import small

_HEIGHT_PX, _LEAST_HEIGHT_PX = 1440, 200
_GAP_PX, _FLATTEST = 10, 18
_LINE, _LINE_PX = 0.004, 2
_LETTERS, _OF_HEIGHT = 0.034, 0.3
"""The size of the labels, as a share of the width: a phone shows a photo about 390 px wide, so letters of 13 px. A flat
board has less: at most this share of its height."""


def side_by_side(before: bytes, after: bytes, labels: tuple[str, str], outlines: Outlines) -> bytes:
    """Implement :func:`bot.pictures.boards.draw.compare`."""
    pictures = [small(data, WIDEST_PX) for data in (before, after)]
    height = min(_HEIGHT_PX, max(_LEAST_HEIGHT_PX, *(picture.height for picture in pictures)))
    width = sum(picture.width / picture.height * height for picture in pictures)
    scale = min(1.0, (WIDEST_PX - _GAP_PX) / width)
    height = max(1, round(height * scale))
    scaled = [
        picture.convert("RGB").resize(
            (max(1, round(picture.width / picture.height * height)), height), Image.Resampling.LANCZOS
        )
        for picture in pictures
    ]
    width = sum(picture.width for picture in scaled) + _GAP_PX
    # Two panoramas side by side would be too flat for Telegram; they get a white rim above and below.
    sheet = Canvas(width, max(height, math.ceil(width / _FLATTEST)), canvas.WHITE)
    left, top = 0, (sheet.image.height - height) // 2
    px = max(16, round(min(width * _LETTERS, height * _OF_HEIGHT)))
    most_lines = 2 if height >= 8 * px else 1
    for picture, label in zip(scaled, labels, strict=True):
        sheet.image.paste(picture, (left, top))
        _outline(sheet, outlines, (left, top), picture.size)
        shown, face = lettering(label, px, bold=True)
        bottom = top + height - round(0.6 * px)
        for line in reversed(wrapped(shown, face, picture.width - round(2.2 * px), most_lines)):
            bottom -= round(1.5 * px)
            sheet.badge(line, (left + round(0.6 * px), bottom), px, canvas.INK, 0.72, face)
        left += picture.width + _GAP_PX
    return jpeg(sheet.image, quality=93, subsampling=0, optimize=True)


def _outline(sheet: Canvas, outlines: Outlines, at: tuple[int, int], size: tuple[int, int]) -> None:
    """Draw closed lines on a picture of the sheet, light on dark, so that they show on any ground."""
    paths = [[(at[0] + x * size[0], at[1] + y * size[1]) for x, y in [*line, line[0]]] for line in outlines if line]
    width = max(_LINE_PX, round(max(size) * _LINE))
    if paths:
        sheet.lines(paths, width + 2 * max(1, width // 3), canvas.INK, 0)
        sheet.lines(paths, width, canvas.WHITE, 0)

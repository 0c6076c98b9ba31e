"""The sheet of a board: cards with soft shadows, smooth lines, badges, captions.

Imports ``lettering`` and Pillow. Shapes are drawn larger and scaled down, because Pillow draws hard edges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.pictures.boards.lettering import balanced, font, lettering, wrapped

Box = tuple[int, int, int, int]
Point = tuple[float, float]
Colour = tuple[int, int, int]

PAPER: Colour = (245, 241, 235)
CARD: Colour = (254, 252, 249)
VOID: Colour = (236, 230, 221)
INK: Colour = (43, 38, 34)
SOFT_INK: Colour = (112, 102, 92)
LINE: Colour = (190, 179, 166)
ACCENT: Colour = (200, 78, 48)
WHITE: Colour = (255, 255, 255)
_SMOOTH = 2


class Canvas:
    """A picture in the making; coordinates are pixels of the result."""

    def __init__(self, width_px: int, height_px: int, ground: Colour = PAPER) -> None:
        self.image = Image.new("RGB", (width_px, height_px), ground)

    def shadows(self, boxes: Iterable[Box], radius_px: int, depth_px: int) -> None:
        """Draw soft shadows of cards."""
        mask = Image.new("L", self.image.size)
        draw = ImageDraw.Draw(mask)
        for left, top, right, bottom in boxes:
            draw.rounded_rectangle((left, top + depth_px // 2, right - 1, bottom + depth_px // 2), radius_px, 70)
        self.image.paste((70, 52, 36), mask=mask.filter(ImageFilter.GaussianBlur(depth_px)))

    def lines(self, paths: Iterable[Sequence[Point]], width_px: float, colour: Colour, corner_px: float) -> None:
        """Draw lines along right-angled paths with round corners and ends."""
        mask = Image.new("L", (self.image.width * _SMOOTH, self.image.height * _SMOOTH))
        draw = ImageDraw.Draw(mask)
        for path in paths:
            points = [(x * _SMOOTH, y * _SMOOTH) for x, y in _rounded(path, corner_px)]
            draw.line(points, 255, round(width_px * _SMOOTH), joint="curve")
            reach = width_px * _SMOOTH / 2 - 0.5
            for x, y in (points[0], points[-1]):
                draw.ellipse((x - reach, y - reach, x + reach, y + reach), 255)
        self.image.paste(colour, mask=mask.reduce(_SMOOTH))

    def card(self, box: Box, radius_px: int, fill: Colour) -> None:
        """Draw an empty card."""
        left, top, right, bottom = box
        self.image.paste(fill, box, _rounded_mask(right - left, bottom - top, radius_px))

    def frame(self, box: Box, radius_px: int, width_px: int, colour: Colour) -> None:
        """Draw a frame around ``box``, outside of it."""
        left, top, right, bottom = box
        outer = (left - width_px, top - width_px, right + width_px, bottom + width_px)
        mask = _rounded_mask(outer[2] - outer[0], outer[3] - outer[1], radius_px + width_px).copy()
        mask.paste(0, (width_px, width_px), _rounded_mask(right - left, bottom - top, radius_px))
        self.image.paste(colour, outer, mask)

    def picture(self, picture: Image.Image, box: Box, radius_px: int) -> None:
        """Draw a picture of the size of ``box`` with round corners."""
        self.image.paste(picture, box, _rounded_mask(picture.width, picture.height, radius_px))

    def badge(
        self,
        text: str,
        at: tuple[int, int],
        px: int,
        fill: Colour,
        strength: float,
        face: ImageFont.FreeTypeFont | None = None,
    ) -> Box:
        """Draw a pill with ``text``, its left top corner at ``at``; return the box that it fills."""
        face = face or font(px, bold=True)
        height = round(px * 1.5)
        width = max(height, round(face.getlength(text) + px * 0.9))
        box = (at[0], at[1], at[0] + width, at[1] + height)
        mask = _rounded_mask(width, height, height // 2).point(lambda value: int(value * strength))
        self.image.paste(fill, box, mask)
        draw = ImageDraw.Draw(self.image)
        draw.text((at[0] + width / 2, at[1] + height / 2), text, WHITE, face, anchor="mm")
        return box

    def text(
        self,
        text: str,
        at: tuple[float, float],
        width_px: int,
        px: int,
        *,
        lines: int,
        colour: Colour,
        centred: bool = False,
        covering: bool = False,
    ) -> None:
        """Write up to ``lines`` lines from ``at`` downwards; ``covering`` hides lines of the tree under them."""
        shown, face = lettering(text, px)
        draw = ImageDraw.Draw(self.image)
        for number, line in enumerate((balanced if centred else wrapped)(shown, face, width_px, lines)):
            length = face.getlength(line)
            x, y = at[0] + (width_px - length) / 2 if centred else at[0], at[1] + number * line_height(px)
            if covering:
                draw.rectangle((x - px * 0.3, y, x + length + px * 0.3, y + line_height(px)), PAPER)
            draw.text((x, y), line, colour, face)


def line_height(px: int) -> int:
    """Return the distance of two lines of text of ``px``."""
    return round(px * 1.32)


def big_letter(letter: str, px: int, colour: Colour, ground: Colour) -> Image.Image:
    """Return one letter as a picture of its own, cut to its edges."""
    face: ImageFont.FreeTypeFont = font(px, bold=True)
    left, top, right, bottom = (int(side) for side in face.getbbox(letter))
    image = Image.new("RGB", (right - left, bottom - top), ground)
    ImageDraw.Draw(image).text((-left, -top), letter, colour, face)
    return image


@lru_cache(maxsize=64)
def _rounded_mask(width: int, height: int, radius: int) -> Image.Image:
    scale = 3
    mask = Image.new("L", (width * scale, height * scale))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * scale - 1, height * scale - 1), radius * scale, 255)
    return mask.reduce(scale)


def _rounded(path: Sequence[Point], corner: float) -> list[Point]:
    """Replace each corner of a path by a quarter of a curve."""
    points = [path[0]]
    for before, at, after in zip(path, path[1:], path[2:], strict=False):
        start, end = _towards(at, before, corner), _towards(at, after, corner)
        for step in range(9):
            t = step / 8
            points.append(
                (
                    (1 - t) ** 2 * start[0] + 2 * t * (1 - t) * at[0] + t**2 * end[0],
                    (1 - t) ** 2 * start[1] + 2 * t * (1 - t) * at[1] + t**2 * end[1],
                )
            )
    return [*points, path[-1]]


def _towards(at: Point, other: Point, distance: float) -> Point:
    length = max(abs(other[0] - at[0]), abs(other[1] - at[1]), 1e-6)
    share = min(distance, length / 2) / length
    return at[0] + (other[0] - at[0]) * share, at[1] + (other[1] - at[1]) * share

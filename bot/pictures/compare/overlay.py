"""Aligns two pictures: finds the part of the first that the second shows, or that they differ.

Imports Pillow. Finds cropped edges and other sizes, but no rotations: a rotated picture counts as a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageStat

Box = tuple[float, float, float, float]

_MOST_CUT = 0.1
_SHAPES_DIFFER = 0.12
# Differences are capped here, so that strokes do not distort the alignment.
_CAP = 40
_ALIKE, _HOPELESS = 8.5, 20.0
_STAGES = ((64, (0.03, 0.015, 0.008)), (160, (0.006, 0.003)), (400, (0.0015, 0.0008)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The shown part of the first picture and the second one, of one size.

    ``box``: that part as shares of the first picture: left, top, right, bottom.
    """

    before: Image.Image
    after: Image.Image
    box: Box


def lay_over(first: Image.Image, second: Image.Image, side_px: int) -> Overlay | None:
    """Fit ``second`` onto ``first``; None when they are not the same picture. Both are RGB."""
    shapes = (first.width / first.height) / (second.width / second.height)
    if not 1 - _SHAPES_DIFFER < shapes < 1 + _SHAPES_DIFFER:
        return None
    box: Box = (0.0, 0.0, 1.0, 1.0)
    cost = 255.0
    grey = (first.convert("L"), second.convert("L"))
    for side, steps in _STAGES:
        source, target = _resized(grey[0], 2 * side), _resized(grey[1], side)
        cost = _cost(source, target, box)
        for step in steps:
            box, cost = _descend(source, target, box, cost, step)
        if cost > _HOPELESS:
            return None
    if cost > _ALIKE:
        return None
    after = _resized(second, side_px)
    before = first.resize(after.size, Image.Resampling.BICUBIC, box=_pixels(box, first))
    return Overlay(before=before, after=after, box=box)


def _descend(first: Image.Image, target: Image.Image, box: Box, cost: float, step: float) -> tuple[Box, float]:
    """Move edges by ``step`` as long as that helps."""
    while True:
        tried = [(_cost(first, target, moved), moved) for moved in _moves(box, step)]
        best_cost, best = min(tried, default=(cost, box))
        if best_cost >= cost:
            return box, cost
        box, cost = best, best_cost


def _moves(box: Box, step: float) -> Iterator[Box]:
    """Yield the box with one edge moved, with two opposite edges moved alike, and grown or shrunk."""
    for pattern in (
        (1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1),
        (1, 0, 1, 0), (0, 1, 0, 1), (1, 0, -1, 0), (0, 1, 0, -1), (1, 1, -1, -1),
    ):  # fmt: skip
        for way in (step, -step):
            left, top, right, bottom = (side + way * part for side, part in zip(box, pattern, strict=True))
            moved = (max(0.0, left), max(0.0, top), min(1.0, right), min(1.0, bottom))
            if max(moved[0], moved[1], 1 - moved[2], 1 - moved[3]) <= _MOST_CUT and moved != box:
                yield moved


def _cost(first: Image.Image, target: Image.Image, box: Box) -> float:
    shown = first.resize(target.size, Image.Resampling.BOX, box=_pixels(box, first))
    difference = ImageChops.difference(shown, target)
    return ImageStat.Stat(difference.point(lambda value: min(value, _CAP))).mean[0]


def _pixels(box: Box, picture: Image.Image) -> Box:
    return box[0] * picture.width, box[1] * picture.height, box[2] * picture.width, box[3] * picture.height


def _resized(picture: Image.Image, side_px: int) -> Image.Image:
    scale = side_px / max(picture.size)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC)

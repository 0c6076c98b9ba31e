"""Closed lines around the parts of a mask, for pictures that show what changed.

Imports numpy and ``grids``.
"""

from __future__ import annotations

import numpy as np

from bot.pictures.restore.grids import Mask, closed, dilated, parts

_STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
_SMOOTH_OVER, _KEPT_EVERY = 7, 3


def outlines(mask: Mask) -> list[list[tuple[float, float]]]:
    """Return a closed line around each part, as shares of width and height; holes have none."""
    mask = closed(dilated(mask, 3), 4)
    height, width = mask.shape
    labels, count = parts(mask)
    lines = []
    for number in range(1, count + 1):
        corners = np.array(_around(np.pad(labels == number, 1)), dtype=np.float64) - 1
        # Steps of whole pixels become a smooth line.
        reach = min(_SMOOTH_OVER, len(corners) // 2)
        smooth = sum(np.roll(corners, step, axis=0) for step in range(-reach, reach + 1)) / (2 * reach + 1)
        lines.append([(float(x / width), float(y / height)) for x, y in np.asarray(smooth)[::_KEPT_EVERY]])
    return lines


def _around(mask: Mask) -> list[tuple[int, int]]:
    """Return the corners of pixels along the outer edge of one part, walked with the part on the right hand."""
    row = int(mask.any(axis=1).argmax())
    column = int(mask[row].argmax())
    start = (column, row)
    x, y, way = column, row, 0
    walked = [start]
    while True:
        dx, dy = _STEPS[way]
        x, y = x + dx, y + dy
        if (x, y) == start:
            return walked
        walked.append((x, y))
        # Of the two pixels ahead: left of the way and right of it.
        ahead_left, ahead_right = _ahead(mask, x, y, way)
        if ahead_left:
            way = (way + 3) % 4
        elif not ahead_right:
            way = (way + 1) % 4


def _ahead(mask: Mask, x: int, y: int, way: int) -> tuple[bool, bool]:
    pixels = {
        0: ((y - 1, x), (y, x)),
        1: ((y, x), (y, x - 1)),
        2: ((y, x - 1), (y - 1, x - 1)),
        3: ((y - 1, x - 1), (y - 1, x)),
    }[way]
    left, right = pixels
    return bool(mask[left]), bool(mask[right])

"""Aligns an answer with its source: an affine map, then a wavy rest, both to a fraction of a pixel.

Imports numpy, Pillow, ``grids``, ``maps`` and ``blocks``. Works on luminance that is normalised in its neighbourhood,
so gain, light and most recolouring do not count. A block where something was changed looks unlike, or wants to move
apart from its neighbours; it drops out by its weight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from bot.pictures.restore.align.blocks import Blocks, fitted, measured, smoothed, wide_blocks
from bot.pictures.restore.align.maps import NODE_PX, Map, Six, Size, after, nodes_for, warped
from bot.pictures.restore.grids import Array, box_mean, resized

_COARSE_PX = 128
_LEVELS = ((256, 16, 4), (512, 16, 4), (768, 32, 3))
# Longer side, side of a block, and the sigma in pixels of the work size: wide waves first; then shorter ones.
_WAVY = ((128, 8, 80.0), (256, 12, 60.0), (512, 16, 50.0), (768, 24, 40.0), (768, 24, 36.0))
_ZOOMS = (1.0, 0.96, 1.04, 0.92, 1.08)
_FARTHEST = 1 / 8
_MOST_PX = 6.0
_FLAT_LEVELS, _LEAST_TEXTURED = 3.5, 12
_SHAPES_AGREE = 0.004


@dataclass(frozen=True, slots=True)
class Registered:
    """``chart``: source to answer, both at work size. ``placing``: the plain placing it is nearest to.

    ``blocks``: how well they fit in the end. ``flat``: there is too little to align by.
    """

    chart: Map
    placing: Six
    blocks: Blocks = field(repr=False)
    flat: bool


def placings(source: Size, answer: Size) -> list[Six]:
    """Return the plain ways to place a source into an answer: stretched, cropped, with bars."""
    across, down = answer[0] / source[0], answer[1] / source[1]
    found: list[Six] = [(across, 0.0, 0.0, 0.0, down, 0.0)]
    if abs(math.log(across / down)) > _SHAPES_AGREE:
        for scale in (max(across, down), min(across, down)):
            shift_x, shift_y = (answer[0] - scale * source[0]) / 2, (answer[1] - scale * source[1]) / 2
            found.append((scale, 0.0, shift_x, 0.0, scale, shift_y))
    return found


def register(source: Array, answer: Array) -> Registered:
    """Align two luminances (height, width), each at its work size."""
    sizes = (_size(source), _size(answer))
    choices = placings(*sizes)
    textured = wide_blocks(source)
    if int((textured > _FLAT_LEVELS).sum()) < _LEAST_TEXTURED:
        best = min(choices, key=lambda six: _apart(source, answer, six))
        blocks = measured(normalised(source), warped(normalised(answer), Map(best), sizes[0]), Map(best), sizes[1], 32)
        return Registered(Map(best), best, blocks, flat=True)
    levels = _Levels(source, answer)
    tried = [(*levels.coarse(_about(six, zoom, sizes[0])), six) for six in choices for zoom in _ZOOMS]
    tried = sorted(tried, key=lambda each: -each[0])[:4]
    refined = [(*levels.fit(six, _COARSE_PX, 8, 4), placing) for _, six, placing in tried]
    refined = sorted(refined, key=lambda each: -each[0])[:2]
    refined = [(*levels.fit(six, *_LEVELS[0]), placing) for _, six, placing in refined]
    _, six, placing = max(refined, key=lambda each: each[0])
    for level in _LEVELS[1:]:
        if level[0] <= max(sizes[0]) or level is _LEVELS[1]:
            _, six = levels.fit(six, *level)
    chart, blocks = levels.wavy(Map(six))
    placing = min(choices, key=lambda plain: _far(six, plain, sizes[0]))
    return Registered(chart, placing, blocks, flat=False)


def normalised(grey: Array) -> Array:
    """Return luminance less its neighbourhood's mean, over its deviation."""
    radius = max(3, round(max(grey.shape) / 64))
    rest = grey - box_mean(grey, radius)
    deviation = np.sqrt(np.maximum(box_mean(rest * rest, radius), 0))
    plain: Array = rest / (deviation + np.float32(5))
    return plain


def _size(grey: Array) -> Size:
    return grey.shape[1], grey.shape[0]


def _about(six: Six, zoom: float, size: Size) -> Six:
    """Return a map zoomed about the middle of the source."""
    rest = 1 - zoom
    return after(six, (zoom, 0.0, rest * size[0] / 2, 0.0, zoom, rest * size[1] / 2))


def _far(six: Six, other: Six, size: Size) -> float:
    """Return by how many pixels two maps differ at the corners."""
    first, second = Map(six), Map(other)
    x, y = np.array([0, size[0], 0, size[0]], np.float32), np.array([0, 0, size[1], size[1]], np.float32)
    return float(np.hypot(*(one - two for one, two in zip(first.at(x, y), second.at(x, y), strict=True))).mean())


def _apart(source: Array, answer: Array, six: Six) -> float:
    """Return the median difference after gain and offset, where the answer shows the source."""
    size = _size(source)
    there = warped(np.ones_like(answer), Map(six), size, Image.Resampling.BILINEAR) > 0.99
    if there.mean() < 0.3:
        return math.inf
    one, two = source[there], warped(answer, Map(six), size, Image.Resampling.BILINEAR)[there]
    gain = min(2.0, max(0.5, float(one.std() + 1) / float(two.std() + 1)))
    rest = one - gain * two
    return float(np.median(np.abs(rest - np.median(rest)))) + 0.05 * (1 - float(there.mean()))


class _Levels:
    """Both pictures, normalised, in the sizes that were asked for so far."""

    def __init__(self, source: Array, answer: Array) -> None:
        self._pictures = (source, answer)
        self._sizes = (_size(source), _size(answer))
        self._made: dict[int, tuple[Array, Array, tuple[float, float], tuple[float, float]]] = {}

    def _at(self, side: int) -> tuple[Array, Array, tuple[float, float], tuple[float, float]]:
        """Return both pictures with a longer side of ``side`` (never larger), and their factors across and down."""
        if side not in self._made:
            pictures, factors = [], []
            for picture, size in zip(self._pictures, self._sizes, strict=True):
                scale = min(1.0, side / max(size))
                small = (max(8, round(size[0] * scale)), max(8, round(size[1] * scale)))
                pictures.append(normalised(resized(picture, small, Image.Resampling.LANCZOS)))
                factors.append((small[0] / size[0], small[1] / size[1]))
            self._made[side] = (pictures[0], pictures[1], factors[0], factors[1])
        return self._made[side]

    def coarse(self, six: Six) -> tuple[float, Six]:
        """Return a score and the map with the shift that phase correlation finds."""
        source, answer, by_source, by_answer = self._at(_COARSE_PX)
        chart = Map(six).scaled(by_source, by_answer)
        size = _size(source)
        seen = warped(answer, chart, size, Image.Resampling.BILINEAR)
        x, y = _shift(source, seen)
        moved = after(chart.six, (1.0, 0.0, x, 0.0, 1.0, y))
        blocks = measured(
            source, warped(answer, Map(moved), size, Image.Resampling.BILINEAR), Map(moved), _size(answer), 8
        )
        return blocks.score, _unscaled(moved, by_source, by_answer)

    def fit(self, six: Six, side: int, block: int, rounds: int) -> tuple[float, Six]:
        """Return a score and the map after some rounds at one level."""
        source, answer, by_source, by_answer = self._at(side)
        chart = Map(six).scaled(by_source, by_answer)
        sharp = Image.Resampling.BICUBIC if side > 512 else Image.Resampling.BILINEAR
        score = 0.0
        for _ in range(rounds):
            blocks = measured(source, warped(answer, chart, _size(source), sharp), chart, _size(answer), block)
            step = fitted(blocks)
            score = blocks.score
            if step is None:
                break
            chart = Map(after(chart.six, step))
            if _far(step, (1.0, 0.0, 0.0, 0.0, 1.0, 0.0), _size(source)) < 0.01:
                break
        return score, _unscaled(chart.six, by_source, by_answer)

    def wavy(self, chart: Map) -> tuple[Map, Blocks]:
        """Return the map with a wavy rest, and how the blocks fit in the end."""
        size = self._sizes[0]
        nodes = nodes_for(size)
        for side, block, sigma_px in _WAVY:
            source, answer, by_source, by_answer = self._at(side)
            level = chart.scaled(by_source, by_answer)
            blocks = measured(source, warped(answer, level, _size(source)), level, _size(answer), block)
            rest = smoothed(blocks, nodes, NODE_PX * by_source[0], sigma_px * by_source[0]) / np.float32(by_source[0])
            chart = replace(chart, rest=np.clip(rest if chart.rest is None else chart.rest + rest, -_MOST_PX, _MOST_PX))
        source, answer, _, _ = self._at(max(max(each) for each in self._sizes))
        return chart, measured(source, warped(answer, chart, size), chart, self._sizes[1], 32)


def _unscaled(six: Six, by_source: tuple[float, float], by_answer: tuple[float, float]) -> Six:
    return Map(six).scaled((1 / by_source[0], 1 / by_source[1]), (1 / by_answer[0], 1 / by_answer[1])).six


def _shift(source: Array, seen: Array) -> tuple[float, float]:
    """Return by how much to move the place looked at in ``seen``, by phase correlation, in whole pixels."""
    height, width = source.shape
    window = np.sqrt(np.outer(np.hanning(height), np.hanning(width))).astype(np.float32)
    one, two = (np.fft.rfft2(each * window) for each in (source, seen))
    cross = np.conj(one) * two
    found = np.fft.irfft2(cross / (np.abs(cross) ** 0.7 + 1e-6), s=(height, width))
    reach_y, reach_x = max(1, int(height * _FARTHEST)), max(1, int(width * _FARTHEST))
    rows, columns = np.r_[-reach_y : reach_y + 1], np.r_[-reach_x : reach_x + 1]
    near = found[np.ix_(rows, columns)]
    row, column = np.unravel_index(int(near.argmax()), near.shape)
    return float(columns[column]), float(rows[row])

"""Puts a region of the answer into the source at its full size, in strips.

Imports numpy, Pillow, ``analysis``, ``grids``, ``marks`` and ``align``. Where alpha is 0 the source's bytes are kept,
not computed anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from bot.pictures.restore.align.maps import Map, warped_image
from bot.pictures.restore.analysis import Analysis
from bot.pictures.restore.grids import Array, Ints, Mask, as_image, box_mean, counted, dilated, gauss, grey, parts
from bot.pictures.restore.marks import Mark, left_behind

GUARD_PX, FEATHER_PX = 3, 5
REACH_PX = GUARD_PX + 2 * FEATHER_PX + 1
"""Beyond a region by so many pixels of the work size nothing changes: what alpha covers, and one to enlarge it."""

_STRIP_ROWS = 256
_PADDED_SHARE = 0.07
_LARGEST_STEP = 1.25
_FINE_PX, _FINE_RADIUS, _WORTH_SCALE = 2.5, 4, 1.25

Box = tuple[int, int, int, int]


def alpha_of(region: Mask) -> Array:
    """Return how much of the answer is taken, 0..1: 1 in the region and ``GUARD_PX`` around it, 0 from ``REACH_PX``."""
    soft = box_mean(dilated(region, GUARD_PX + FEATHER_PX).astype(np.float32), FEATHER_PX)
    soft = np.clip(soft, 0, 1)
    smooth = soft * soft * (3 - 2 * soft)
    # Running sums leave traces of rounding.
    smooth[~dilated(region, GUARD_PX + 2 * FEATHER_PX)] = 0
    smooth[dilated(region, GUARD_PX)] = 1
    return np.where(smooth < 1 / 255, 0, smooth).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layers:
    """What the strips are cut from. ``scale``: full size over work size, across and down."""

    answer: Image.Image = field(repr=False)
    chart: Map
    scale: tuple[float, float]
    alpha: Image.Image = field(repr=False)
    light: tuple[Image.Image, ...] = field(repr=False)
    detail: Image.Image | None = field(repr=False)
    work: Image.Image = field(repr=False)
    analysis: Analysis = field(repr=False)


def stitch(source: Image.Image, answer: Image.Image, analysis: Analysis, mark: Mark | None = None) -> list[Box]:
    """Put the region into ``source``, an RGB picture in full size, in place; returns the boxes that were touched."""
    alpha = alpha_of(analysis.region)
    if mark is not None:
        # In alpha rather than the region: the feather is wider than a line.
        alpha = alpha * (1 - np.clip(left_behind(mark, analysis.pair.source, analysis.pair.matched), 0, 1))
        alpha = np.where(alpha < 1 / 255, 0, alpha)
    layers = _layers(source.size, answer, analysis, alpha)
    boxes = list(_boxes(alpha > 0, layers.scale, source.size))
    for left, top, right, bottom in boxes:
        for begin in range(top, bottom, _STRIP_ROWS):
            box = (left, begin, right, min(bottom, begin + _STRIP_ROWS))
            source.paste(_strip(source.crop(box), box, layers), (left, begin))
    return boxes


def _layers(full: tuple[int, int], answer: Image.Image, analysis: Analysis, alpha: Array) -> _Layers:
    height, width = alpha.shape
    scale = (full[0] / width, full[1] / height)
    chart, padded = _painted(full, answer, analysis)
    light = analysis.tones.light
    worth = max(scale) > _WORTH_SCALE
    return _Layers(
        answer=padded,
        chart=chart,
        scale=scale,
        alpha=as_image(alpha),
        light=tuple(as_image(light[..., band]) for band in range(3)),
        detail=as_image(_kept_detail(analysis)) if worth else None,
        work=Image.fromarray(analysis.pair.source.astype(np.uint8)),
        analysis=analysis,
    )


def _painted(full: tuple[int, int], answer: Image.Image, analysis: Analysis) -> tuple[Map, Image.Image]:
    """Return the answer, mirrored beyond its edges, and the map from the source's own pixels to it."""
    height, width = analysis.pair.answer.shape[:2]
    work_height, work_width = analysis.region.shape
    a, b, _, d, e, _ = analysis.chart.six
    # Several pixels of an answer may make one of a small source: reduced first, none is skipped.
    steps = (
        float(np.hypot(a, d)) * work_width / full[0] * answer.width / width,
        float(np.hypot(b, e)) * work_height / full[1] * answer.height / height,
    )
    if max(steps) > _LARGEST_STEP:
        size = (max(1, round(answer.width / max(1.0, steps[0]))), max(1, round(answer.height / max(1.0, steps[1]))))
        answer = answer.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    chart = analysis.chart.scaled(
        (full[0] / work_width, full[1] / work_height), (answer.width / width, answer.height / height)
    )
    pad_x, pad_y = (min(side - 1, round(_PADDED_SHARE * side)) for side in answer.size)
    padded = np.pad(np.asarray(answer), ((pad_y, pad_y), (pad_x, pad_x), (0, 0)), mode="symmetric")
    a, b, c, d, e, f = chart.six
    return Map((a, b, c + pad_x, d, e, f + pad_y), chart.rest, chart.node_px), Image.fromarray(padded)


def _kept_detail(analysis: Analysis) -> Array:
    """Return how much of the source's own finest detail, which no answer has, fits on the answer, 0..1.3.

    Where the answer shows the same structure it is all; on new things there is none.
    """
    bands = []
    for picture in (analysis.pair.source, analysis.pair.matched):
        light = grey(picture)
        bands.append(light - gauss(light, _FINE_PX))
    first, second = (box_mean(each * each, _FINE_RADIUS) for each in bands)
    both = box_mean(bands[0] * bands[1], _FINE_RADIUS)
    alike = both / (np.sqrt(np.maximum(first * second, 0)) + 1)
    gain = np.clip(both / (first + 1), 0, 1.3)
    weight: Array = np.clip((alike - 0.55) / 0.3, 0, 1) * gain
    return weight


def _boxes(mask: Mask, scale: tuple[float, float], full: tuple[int, int]) -> Iterator[Box]:
    """Yield the boxes, in full size, around the connected parts of a mask at work size; overlapping ones as one."""
    labels, count = parts(mask)
    for left, top, right, bottom in _merged(_edges(labels, count)):
        yield (
            max(0, int((left - 1) * scale[0])),
            max(0, int((top - 1) * scale[1])),
            min(full[0], int((right + 1) * scale[0]) + 1),
            min(full[1], int((bottom + 1) * scale[1]) + 1),
        )


def _edges(labels: Ints, count: int) -> list[Box]:
    if not count:
        return []
    rows, columns = np.nonzero(labels)
    names = labels[rows, columns]
    low = np.full((2, count + 1), labels.size, dtype=np.int64)
    high = np.zeros((2, count + 1), dtype=np.int64)
    for axis, values in enumerate((columns, rows)):
        np.minimum.at(low[axis], names, values)
        np.maximum.at(high[axis], names, values + 1)
    present = np.flatnonzero(counted(labels, count))[1:] if labels.min() == 0 else np.arange(1, count + 1)
    return [(int(low[0, n]), int(low[1, n]), int(high[0, n]), int(high[1, n])) for n in present]


def _merged(boxes: list[Box]) -> list[Box]:
    left = sorted(boxes)
    merged: list[Box] = []
    while left:
        box = left.pop(0)
        near = [each for each in left if _touch(box, each)]
        if near:
            left = [each for each in left if not _touch(box, each)]
            all_of = [box, *near]
            left.insert(
                0,
                (
                    min(each[0] for each in all_of),
                    min(each[1] for each in all_of),
                    max(each[2] for each in all_of),
                    max(each[3] for each in all_of),
                ),
            )
        else:
            merged.append(box)
    return merged


def _touch(one: Box, two: Box) -> bool:
    # A pixel more on each side is touched, too.
    return one[0] - 3 < two[2] and two[0] - 3 < one[2] and one[1] - 3 < two[3] and two[1] - 3 < one[3]


def _strip(piece: Image.Image, box: Box, layers: _Layers) -> Image.Image:
    """Return some rows of the source with the answer mixed in."""
    alpha = _cut(layers.alpha, box, layers.scale, Image.Resampling.BILINEAR)
    painted = warped_image(layers.answer, layers.chart, box, Image.Resampling.BICUBIC)
    new = layers.analysis.tones.applied(np.asarray(painted, dtype=np.float32))
    width, height = layers.work.size
    light = layers.light[0]
    by_light = (layers.scale[0] * width / light.width, layers.scale[1] * height / light.height)
    for band, of_band in enumerate(layers.light):
        new[..., band] += _cut(of_band, box, by_light, Image.Resampling.BILINEAR)
    old = np.asarray(piece)
    if layers.detail is not None:
        weight = _cut(layers.detail, box, layers.scale, Image.Resampling.BILINEAR)
        coarse = layers.work.resize(piece.size, Image.Resampling.BICUBIC, box=_part(layers.work, box, layers.scale))
        new += (old.astype(np.float32) - np.asarray(coarse, dtype=np.float32)) * weight[..., None]
    mixed = old + (np.clip(new, 0, 255) - old) * alpha[..., None]
    whole = np.where(alpha[..., None] > 0, (mixed + np.float32(0.5)).astype(np.uint8), old)
    return Image.fromarray(whole)


def _cut(layer: Image.Image, box: Box, scale: tuple[float, float], filter_: Image.Resampling) -> Array:
    """Return the part of a small layer that lies under ``box``, enlarged to it."""
    size = (box[2] - box[0], box[3] - box[1])
    return np.asarray(layer.resize(size, filter_, box=_part(layer, box, scale)), dtype=np.float32)


def _part(layer: Image.Image, box: Box, scale: tuple[float, float]) -> tuple[float, float, float, float]:
    left, top, right, bottom = box
    return (
        max(0.0, left / scale[0]),
        max(0.0, top / scale[1]),
        min(float(layer.width), right / scale[0]),
        min(float(layer.height), bottom / scale[1]),
    )

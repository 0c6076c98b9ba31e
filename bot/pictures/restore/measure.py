"""The numbers by which ``verdict`` decides, from the pictures, the map and the region.

Imports numpy, ``changes``, ``explained``, ``grids``, ``maps``, ``regions``, ``register`` and ``verdict``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bot.pictures.restore.align.maps import Map, Size, centres, inverse
from bot.pictures.restore.align.register import Registered
from bot.pictures.restore.changed.changes import Evidence
from bot.pictures.restore.changed.regions import UNMARKED, share, weak_share
from bot.pictures.restore.explained import explanation, is_pale, is_softer
from bot.pictures.restore.grids import Array, Mask, dilated, gauss, grey
from bot.pictures.restore.verdict import Numbers

_GREY_CHROMA, _FLOOR_CHROMA = 9.0, 6.0
_CELL_PX, _TOUCHED, _FULL = 48, 0.02, 0.85
_PLAIN_LEVELS = 5.0
_ALIGNED_ALIKE, _ALIGNED_PX = 0.5, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Source and answer on the source's grid, (height, width, 3): ``seen`` as painted, ``matched`` in its colours.

    ``answer``: the answer at its own work size.
    """

    source: Array = field(repr=False)
    answer: Array = field(repr=False)
    seen: Array = field(repr=False)
    matched: Array = field(repr=False)
    valid: Mask = field(repr=False)
    aligned: Registered = field(repr=False)


def geometry(aligned: Registered, answer: Array, source: Size) -> Numbers:
    """Measure what the map alone shows; the rest of the numbers is that of an answer that changed nothing.

    ``answer``: (height, width, 3) at work size, ``source``: width and height at work size.
    """
    zoom, skew = _shape(aligned)
    textured = (aligned.blocks.texture > 0.5) & aligned.blocks.seen
    return Numbers(
        visible=_visible(aligned.chart, source, _size(answer)),
        zoom=zoom,
        skew=skew,
        beyond=_beyond(aligned.chart, answer, source),
        aligned=_part(_fits(aligned), textured),
        flat=aligned.flat,
    )


def numbers(first: Numbers, pair: Pair, evidence: Evidence, region: Mask, strip_px: float) -> Numbers:
    """Measure everything else. ``region``: the changed mask, ``strip_px``: see ``regions.continued``."""
    near = dilated(region, 8)
    untouched = pair.valid & ~near
    if untouched.sum() < 0.02 * untouched.size:
        untouched = pair.valid & ~region
    outside, textured = _aligned(pair, near)
    explained, strain = explanation(pair.source, pair.seen, region, untouched)
    alike, gain = _detail(pair, untouched)
    return replace(
        first,
        aligned_outside=outside,
        textured_outside=textured,
        detail_alike=alike,
        detail_gain=gain,
        share=share(region),
        weak=weak_share(evidence.score, UNMARKED.grow, region, pair.valid),
        strip=strip_px / min(region.shape),
        pale=is_pale(pair, region),
        explained=explained,
        strain=strain,
        softer=is_softer(pair, region),
        scattered=_scattered(region),
        strength=_of(np.abs(evidence.apart).max(axis=2), region, 80, 99.0),
        kept=_of(evidence.alike, region, 50, 0.0),
        **_colours(pair, untouched),
    )


def _size(array: Array) -> Size:
    return array.shape[1], array.shape[0]


def _visible(chart: Map, source: Size, answer: Size) -> float:
    x, y = chart.at(*(each[2::4, 2::4] for each in centres(source)))
    return float(((x > 0) & (x < answer[0]) & (y > 0) & (y < answer[1])).mean())


def _shape(aligned: Registered) -> tuple[float, float]:
    """Return by which share the map is larger or smaller than the nearest plain placing, and how far it turns."""
    a, _, _, _, e, _ = aligned.placing
    (p, q), (s, t) = (aligned.chart.linear / np.array([[a], [e]], dtype=np.float32)).tolist()
    return max(abs(p - 1), abs(t - 1)), max(abs(q), abs(s))


def _beyond(chart: Map, answer: Array, source: Size) -> float:
    """Return which share of the answer lies beyond the source and is no plain bar."""
    try:
        back = Map(inverse(chart.six))
    except ZeroDivisionError:
        return 1.0
    width, height = source
    x, y = back.at(*centres(_size(answer)))
    light = grey(answer)
    share_beyond = 0.0
    for outside, axis in ((x < -2, 1), (x > width + 2, 1), (y < -2, 0), (y > height + 2, 0)):
        if (amount := float(outside.mean())) > 0.005:
            step = np.abs(np.diff(light, axis=axis))[outside[1:] if axis == 0 else outside[:, 1:]]
            # A bar is of one colour, or goes on like the edge: outwards it does not change.
            if len(step) and float(np.percentile(step, 90)) > _PLAIN_LEVELS:
                share_beyond += amount
    return share_beyond


def _fits(aligned: Registered) -> Mask:
    """Return which blocks of the two pictures show the same at the same place."""
    moves = aligned.blocks.moves
    fits: Mask = (aligned.blocks.alike > _ALIGNED_ALIKE) & (np.hypot(moves[..., 0], moves[..., 1]) < _ALIGNED_PX)
    return fits


def _aligned(pair: Pair, near: Mask) -> tuple[float, int]:
    """Return which share of textured blocks outside the region fits, and how many of these there are."""
    blocks = pair.aligned.blocks
    textured = (blocks.texture > 0.5) & blocks.seen
    side = blocks.side
    rows, columns = blocks.alike.shape
    inside = near[: rows * side, : columns * side].reshape(rows, side, columns, side).mean(axis=(1, 3)) > 0.15
    outside = textured & ~inside
    return _part(_fits(pair.aligned), outside), int(outside.sum())


def _part(fits: Mask, chosen: Mask) -> float:
    return float(fits[chosen].mean()) if chosen.any() else 1.0


def _colours(pair: Pair, untouched: Mask) -> dict[str, Any]:
    """Return what happened to the colours of untouched places."""
    if not untouched.any():
        names = ("moved_median", "moved_most", "balance", "uneven")
        return dict.fromkeys(names, 0.0) | {"contrast": 1.0, "chroma": 1.0}
    moved = (gauss(pair.seen - pair.source, 2.0))[untouched]
    most = np.abs(moved).max(axis=1)
    shifts = np.median(moved, axis=0)
    light = [grey(each)[untouched] for each in (pair.source, pair.seen)]
    chromas = [_chroma(each)[untouched] for each in (pair.source, pair.seen)]
    rms1, rms2 = (float(np.sqrt((each * each).mean())) for each in chromas)
    coloured = max(rms1, rms2) > _GREY_CHROMA
    rest = np.abs(gauss(pair.matched - pair.source, 6.0)).max(axis=2)[untouched]
    return {
        "moved_median": float(np.median(most)),
        "moved_most": float(np.percentile(most, 90)),
        "contrast": (float(light[0].std()) + 3) / (float(light[1].std()) + 3),
        "balance": float(np.abs(shifts - shifts.mean()).max()),
        "chroma": (rms1 + _FLOOR_CHROMA) / (rms2 + _FLOOR_CHROMA) if coloured else 1.0,
        "uneven": float(np.percentile(rest, 90)),
    }


def _chroma(colours: Array) -> Array:
    return colours - grey(colours)[..., None]


def _detail(pair: Pair, untouched: Mask) -> tuple[float, float]:
    """Return correlation and gain (answer over source) of middle detail, 1.2 to 6 px."""
    bands = []
    for picture in (pair.source, pair.matched):
        light = grey(picture)
        bands.append((gauss(light, 1.2) - gauss(light, 6.0))[untouched])
    first, second = (float((each * each).mean()) if len(each) else 0.0 for each in bands)
    if first < 0.5 and second < 0.5:
        return 1.0, 1.0
    both = float((bands[0] * bands[1]).mean())
    # Below half a level there is no detail, only the noise of rounding.
    return (both + 0.3) / (float(np.sqrt(first * second)) + 0.3), float(np.sqrt((second + 0.3) / (first + 0.3)))


def _of(values: Array, region: Mask, percentile: float, default: float) -> float:
    return float(np.percentile(values[region], percentile)) if region.any() else default


def _scattered(region: Mask) -> float:
    """Return in which share of the frame's cells a part is changed and a part is not.

    One thing touches them along its outline; snow, or a picture painted anew in places, does nearly everywhere.
    """
    rows, columns = region.shape[0] // _CELL_PX, region.shape[1] // _CELL_PX
    if not rows or not columns:
        return 0.0
    cells = region[: rows * _CELL_PX, : columns * _CELL_PX].reshape(rows, _CELL_PX, columns, _CELL_PX)
    shares = cells.mean(axis=(1, 3))
    return float(((shares > _TOUCHED) & (shares < _FULL)).mean())

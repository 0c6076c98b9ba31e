"""Everything about one answer at work size: aligned, colours matched, region found, numbers taken, decided.

Imports numpy, Pillow, ``align``, ``changed``, ``grids``, ``marks``, ``measure`` and ``verdict``. Its time and memory do
not depend on the size of the pictures. Lengths are pixels of the source at work size, at most ``WORK_PX`` long.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from bot.pictures.restore.align.maps import Map, Size, centres, warped_image
from bot.pictures.restore.align.register import register
from bot.pictures.restore.changed.changes import Evidence, evidence
from bot.pictures.restore.changed.regions import MARKED, UNMARKED, Finding, continued, found
from bot.pictures.restore.changed.tones import Tones, fit, matched
from bot.pictures.restore.grids import Array, Mask, closed, dilated, grey, resized
from bot.pictures.restore.marks import Mark, grown, limited
from bot.pictures.restore.measure import Pair, geometry, numbers
from bot.pictures.restore.verdict import Decision, Numbers, decide, decide_marked, misplaced

WORK_PX, LEAST_WORK_PX = 768, 64

_RIM_PX, _RIM_SHARE, _INNER_PX = 3, 0.005, 2.0
_CHANGED_WEIGHT, _MARKED_WEIGHT = 0.02, 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What was found. ``region``: the mask to take from the answer, carried on to the frame's edge.

    ``evidence``: None when the map alone decided. ``spread``: the parts that belong to a mark, however far they reach;
    without a mark all parts.
    """

    pair: Pair = field(repr=False)
    tones: Tones = field(repr=False)
    evidence: Evidence | None = field(repr=False)
    region: Mask = field(repr=False)
    spread: Mask = field(repr=False)
    numbers: Numbers
    decision: Decision

    @property
    def chart(self) -> Map:
        """Source to answer, both at work size."""
        return self.pair.aligned.chart


def at_work_size(picture: Image.Image) -> Array:
    """Return an RGB picture, its longer side at most ``WORK_PX``, as (height, width, 3)."""
    scale = min(1.0, WORK_PX / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    small = picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(small, dtype=np.float32)


def analyse(source: Array, answer: Array, mark: Mark | None = None) -> Analysis:
    """Find what an answer changed. Both (height, width, 3) at work size, no side below ``LEAST_WORK_PX``."""
    aligned = register(grey(source), grey(answer))
    size: Size = (source.shape[1], source.shape[0])
    place = geometry(aligned, answer, size)
    image = Image.fromarray(answer.astype(np.uint8))
    seen = np.asarray(warped_image(image, aligned.chart, (0, 0, *size), Image.Resampling.BICUBIC), dtype=np.float32)
    valid = shown(aligned.chart, size, (answer.shape[1], answer.shape[0]))
    seen = np.where(valid[..., None], seen, source)
    if early := misplaced(place, marked=mark is not None):
        pair = Pair(source=source, answer=answer, seen=seen, matched=seen, valid=valid, aligned=aligned)
        nothing = np.zeros_like(valid)
        return Analysis(
            pair=pair, tones=Tones.none(), evidence=None, region=nothing, spread=nothing, numbers=place, decision=early
        )
    finding = UNMARKED if mark is None else MARKED
    # The mark's own place is likely to change, so it says little of the rest.
    weight = np.ones(valid.shape, dtype=np.float32)
    if mark is not None:
        weight[grown(mark)] = _MARKED_WEIGHT
    first = _filled(fit(source, seen, valid, weight), source, seen, valid)
    weight = weight * np.where(_roughly(source, first, valid, finding), np.float32(_CHANGED_WEIGHT), np.float32(1))
    tones = fit(source, seen, valid, weight)
    pair = Pair(
        source=source,
        answer=answer,
        seen=seen,
        matched=_filled(tones, source, seen, valid),
        valid=valid,
        aligned=aligned,
    )
    evident = evidence(source, pair.matched, valid)
    region = spread = found(evident, finding)
    beside = 0.0
    if mark is not None:
        taken, spread = limited(region, mark)
        beside = float((region & ~taken & ~grown(mark)).mean())
        region = taken
    region, strip_px = continued(region, valid)
    if mark is not None:
        region &= grown(mark, beyond=True)
    measured = numbers(place, pair, evident, region, strip_px)
    decision = decide(measured) if mark is None else decide_marked(measured, beside)
    return Analysis(
        pair=pair, tones=tones, evidence=evident, region=region, spread=spread, numbers=measured, decision=decision
    )


def shown(chart: Map, size: Size, answer: Size) -> Mask:
    """Return where the answer shows the source, less a rim.

    A bar beside the picture bleeds into its outermost pixels, and so does what a model makes up there.
    """
    x, y = chart.at(*centres(size))
    inside = (x > _INNER_PX) & (x < answer[0] - _INNER_PX) & (y > _INNER_PX) & (y < answer[1] - _INNER_PX)
    rim = max(_RIM_PX, round(_RIM_SHARE * max(size)))
    result: Mask = np.zeros_like(inside)
    result[rim:-rim, rim:-rim] = inside[rim:-rim, rim:-rim]
    return result


def _filled(tones: Tones, source: Array, seen: Array, valid: Mask) -> Array:
    """Return the answer in the source's colours; the source where the answer shows nothing.

    Else every mean over a square would light up along the border.
    """
    return np.where(valid[..., None], matched(tones, source, seen), source)


def _roughly(source: Array, first: Array, valid: Mask, finding: Finding) -> Mask:
    """Return about what was changed, found at half the size."""
    size: Size = (source.shape[1], source.shape[0])
    half = (max(8, size[0] // 2), max(8, size[1] // 2))
    one, two = (resized(each, half, Image.Resampling.BOX) for each in (source, first))
    there = resized(valid.astype(np.float32), half, Image.Resampling.BOX) > 0.99
    two = np.where(there[..., None], two, one)
    mask = closed(found(evidence(one, two, there), finding), 4)
    return resized(dilated(mask, 4).astype(np.float32), size) > 0.25

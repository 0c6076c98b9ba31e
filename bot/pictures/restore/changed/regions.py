"""From scores to regions: what was changed, as a mask.

Imports numpy, ``grids`` and ``changes``. Lengths in pixels of the work size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.pictures.restore.changed.changes import Evidence
from bot.pictures.restore.grids import Array, Mask, closed, counted, dilated, eroded, parts, without_holes


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """From which score on a place belongs to a region (``grow``), and from which one it is sure (``seed``).

    The others are shares: of sure pixels in a part, of the frame for sure pixels and for a part, of very sure ones
    (above ``strong``) in a part, and of the frame for a hole.
    """

    seed: float = 1.0
    grow: float = 0.45
    strong: float = 1.5
    seeds_of_part: float = 0.12
    seeds_of_frame: float = 0.00003
    part_of_frame: float = 0.00006
    strong_of_part: float = 0.04
    many_seeds_of_part: float = 0.6
    many_seeds_of_frame: float = 0.0006
    hole_of_frame: float = 0.02
    near_px: int = 2
    gap_px: int = 4


# Detection is blunt at the edge of what is shown: a change that comes within some pixels of it touches it.
_TOUCHES_PX = 3
_WAVY_PX = 8

UNMARKED = Finding()
MARKED = Finding(seed=0.75, grow=0.35, strong=1.0)


def found(seen: Evidence, finding: Finding = UNMARKED) -> Mask:
    """Return the changed region: parts with enough sure pixels, tight around what differs, holes filled."""
    weak = seen.score > finding.grow
    opened = dilated(eroded(weak, 1), 1) | (seen.score > finding.seed)
    labels, count = parts(opened & weak)
    if not count:
        return np.zeros_like(weak)
    pixels = seen.score.size
    area = counted(labels, count)
    seeds = counted(labels, count, seen.score > finding.seed)
    strong = counted(labels, count, seen.score > finding.strong)
    kept = (seeds >= finding.seeds_of_part * area) & (seeds >= max(3, finding.seeds_of_frame * pixels))
    kept &= area >= finding.part_of_frame * pixels
    # A badly matched wall is weakly sure all over; something that was changed is very sure somewhere.
    many = (seeds >= finding.many_seeds_of_part * area) & (seeds >= finding.many_seeds_of_frame * pixels)
    kept &= (strong >= finding.strong_of_part * area) | many
    kept[0] = False
    mask = kept[labels] & dilated(seen.tight, finding.near_px)
    mask = closed(mask, finding.gap_px)
    return without_holes(mask, round(finding.hole_of_frame * pixels))


def continued(mask: Mask, valid: Mask) -> tuple[Mask, float]:
    """Return the mask carried on to the frame's edge where it reaches the edge of what the answer shows.

    Real models crop 2 to 3 %; a strip of the old picture would stay. Also returns how wide the widest such strip is, in
    pixels.
    """
    across, wide = _outwards(mask, valid)
    down, high = _outwards(mask.T, valid.T)
    both = across | down.T
    rows, columns = np.flatnonzero(valid.any(axis=1)), np.flatnonzero(valid.any(axis=0))
    if len(rows):
        # A corner belongs to neither: it is filled when both sides next to it are.
        top, bottom, left, right = rows[0], rows[-1], columns[0], columns[-1]
        for row, column, corner in (
            (top, left, np.s_[:top, :left]),
            (top, right, np.s_[:top, right + 1 :]),
            (bottom, left, np.s_[bottom + 1 :, :left]),
            (bottom, right, np.s_[bottom + 1 :, right + 1 :]),
        ):
            if across[row, -1 if column == right else 0] and down[column, -1 if row == bottom else 0]:
                both[corner] = True
    return both, max(wide, high)


def _outwards(mask: Mask, valid: Mask) -> tuple[Mask, float]:
    """Carry the mask on along rows, from the first and the last valid pixel of each; and the width of the strips."""
    height, width = mask.shape
    rows, columns = np.arange(height), np.arange(width)
    counts = valid.sum(axis=1)
    # Of the outermost rows a slanted or wavy picture shows only a piece; columns carry these on.
    has = counts > 0.5 * max(1, int(counts.max()))
    result, widest = mask.copy(), 0.0
    for flip in (False, True):
        seen = valid[:, ::-1] if flip else valid
        at = np.minimum(seen.argmax(axis=1), width - 1)
        place = mask[:, ::-1] if flip else mask
        touches = np.zeros(height, dtype=bool)
        for step in range(_TOUCHES_PX):
            touches |= place[rows, np.minimum(at + step, width - 1)]
        # The edge is nearly straight. Where it runs far inside, it is the end of a wavy side, which columns carry on.
        touches &= has & (at <= (np.median(at[has]) if has.any() else 0) + _WAVY_PX)
        strip = touches[:, None] & (columns <= at[:, None] + _TOUCHES_PX - 1)
        result |= strip[:, ::-1] if flip else strip
        if touches.any():
            widest = max(widest, float(np.percentile(at[touches], 75)))
    return result, widest


def share(mask: Mask) -> float:
    """Return which share of the frame is set."""
    return float(mask.mean())


def weak_share(score: Array, grow: float, mask: Mask, valid: Mask) -> float:
    """Return which share of the rest of the frame differs weakly."""
    rest = valid & ~dilated(mask, 12)
    return float((score[rest] > grow).mean()) if rest.any() else 0.0

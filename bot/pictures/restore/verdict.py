"""Whether an answer is an edit in place, from numbers alone: every limit, and the reason in a few words.

Imports the standard library. A wrong paste is worse than none: in doubt the answer stays as painted, or the region is
only offered. The limits were found on emulated answers; ``docs/restoring.md`` has the figures.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Verdict(enum.Enum):
    """What an answer is: an edit in place, a change of the whole, or something in between."""

    LOCAL = "local"
    GLOBAL = "global"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What was measured of an answer. "Untouched" is what lies outside the region. Levels are of 255.

    ``visible``: share of the source that the answer shows. ``zoom``, ``skew``: how far the map is from the nearest
    plain placing. ``beyond``: share of the answer that shows more than the source and a plain bar. ``aligned``,
    ``aligned_outside``: share of textured blocks that fit, of all and of untouched ones. ``textured_outside``: how many
    untouched textured blocks there are. ``moved_median``, ``moved_most``: levels by which the model moved untouched
    colours. ``contrast``, ``chroma``: source over answer. ``balance``: levels by which one channel moved more than the
    others. ``detail_alike``, ``detail_gain``: middle detail of untouched places. ``uneven``: levels that no map of
    colours explains. ``weak``: share of untouched places that differ a little. ``strip``: share of a side that the
    answer does not show though the change goes on there. ``pale``: the change is only more or less of the same colours.
    ``explained``: share of the change that one map of colours for the whole picture explains; ``strain``: levels by
    which untouched places then fit worse. ``softer``: the region has only lost or won detail. ``scattered``: share of
    the frame's cells that are changed in part.
    """

    visible: float
    zoom: float
    skew: float
    beyond: float
    aligned: float
    flat: bool
    aligned_outside: float = 1.0
    textured_outside: int = 0
    moved_median: float = 0.0
    moved_most: float = 0.0
    contrast: float = 1.0
    balance: float = 0.0
    chroma: float = 1.0
    detail_alike: float = 1.0
    detail_gain: float = 1.0
    uneven: float = 0.0
    share: float = 0.0
    weak: float = 0.0
    strip: float = 0.0
    pale: bool = False
    explained: float = 0.0
    strain: float = 0.0
    softer: bool = False
    scattered: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that ``decide`` uses, in the units of ``Numbers``."""

    visible: float = 0.80
    zoom: float = 0.085
    skew: float = 0.02
    beyond: float = 0.13
    aligned: float = 0.35
    aligned_outside: float = 0.85
    moved_median: float = 19.0
    moved_most: float = 42.0
    contrast: tuple[float, float] = (0.75, 1.5)
    balance: float = 12.0
    chroma: tuple[float, float] = (0.80, 1.28)
    detail_alike: float = 0.93
    detail_gain: tuple[float, float] = (0.72, 1.4)
    uneven: float = 5.0
    share: float = 0.45
    weak: float = 0.10
    strip: float = 0.05
    explained: float = 0.5
    strain: float = 3.0
    scattered: float = 0.45
    marked_aligned: float = 0.5
    marked_moved: float = 25.0
    marked_detail: float = 0.75
    marked_beside: float = 0.5


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict and why."""

    verdict: Verdict
    reason: str


def decide(numbers: Numbers, limits: Limits = LIMITS) -> Decision:
    """Return whether an answer without a pen mark is an edit in place."""
    found = misplaced(numbers, limits) or _whole(numbers, limits) or _doubts(numbers, limits)
    return found or Decision(Verdict.LOCAL, "local")


def decide_marked(numbers: Numbers, beside: float, limits: Limits = LIMITS) -> Decision:
    """Return the same for a place that a pen marks: what the person wants is certain there.

    ``beside``: share of the frame that changed outside the place.
    """
    if found := misplaced(numbers, limits, marked=True):
        return found
    if not numbers.flat and numbers.textured_outside and numbers.aligned_outside < limits.marked_aligned:
        return Decision(Verdict.GLOBAL, "not aligned")
    if numbers.moved_median > limits.marked_moved:
        return Decision(Verdict.GLOBAL, "other colours")
    if numbers.detail_alike < limits.marked_detail:
        return Decision(Verdict.GLOBAL, "other detail")
    if beside > limits.marked_beside:
        return Decision(Verdict.GLOBAL, "changed everywhere")
    if numbers.share <= 0:
        return Decision(Verdict.UNSURE, "nothing found")
    if numbers.strip > limits.strip:
        return Decision(Verdict.UNSURE, "cut at the edge")
    return Decision(Verdict.LOCAL, "local, marked")


def misplaced(numbers: Numbers, limits: Limits = LIMITS, *, marked: bool = False) -> Decision | None:
    """Return why an answer is another view of things; its geometry alone says so."""
    faults = (
        (numbers.visible < limits.visible, "shows less"),
        (numbers.zoom > limits.zoom, "other size"),
        (numbers.skew > limits.skew, "turned"),
        (numbers.beyond > limits.beyond, "shows more"),
        (not marked and not numbers.flat and numbers.aligned < limits.aligned, "not aligned"),
    )
    return next((Decision(Verdict.GLOBAL, why) for is_so, why in faults if is_so), None)


def _whole(numbers: Numbers, limits: Limits) -> Decision | None:
    """Return why the change is one of the whole."""
    few = numbers.flat or numbers.textured_outside == 0
    faults = (
        (not few and numbers.aligned_outside < limits.aligned_outside, "not aligned outside"),
        (numbers.moved_median > limits.moved_median or numbers.moved_most > limits.moved_most, "other colours"),
        (_outside(numbers.contrast, limits.contrast), "other contrast"),
        (numbers.balance > limits.balance, "other white"),
        (_outside(numbers.chroma, limits.chroma), "other saturation"),
        (numbers.detail_alike < limits.detail_alike, "other detail"),
        (_outside(numbers.detail_gain, limits.detail_gain), "other sharpness"),
        (numbers.uneven > limits.uneven, "uneven colour"),
        (numbers.share > limits.share, "changed everywhere"),
    )
    return next((Decision(Verdict.GLOBAL, why) for is_so, why in faults if is_so), None)


def _doubts(numbers: Numbers, limits: Limits) -> Decision | None:
    """Return why a region is only offered."""
    explained = numbers.explained > limits.explained and numbers.strain < limits.strain
    faults = (
        (numbers.share <= 0, "nothing found"),
        (numbers.pale, "more or less of the same colours"),
        (explained, "one map of colours explains it"),
        (numbers.softer, "only softer or sharper"),
        (numbers.scattered > limits.scattered, "all over the place"),
        (numbers.weak > limits.weak, "restless everywhere"),
        (numbers.strip > limits.strip, "cut at the edge"),
    )
    return next((Decision(Verdict.UNSURE, why) for is_so, why in faults if is_so), None)


def _outside(value: float, limits: tuple[float, float]) -> bool:
    return not limits[0] <= value <= limits[1]

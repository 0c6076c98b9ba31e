"""Whether an answer is an edit in place, from numbers alone: every limit, and the reason in a few words.

Imports the standard library. A wrong paste is worse than none: in doubt the answer stays as painted, or the region is
only offered. The limits were found on emulated answers; ``docs/restoring.md`` has the figures.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

NOTHING = "nothing found"
"""The reason where the answer shows what was sent."""


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
    the frame's cells that are changed in part. ``strength``: levels by which the region differs. ``kept``: how much of
    its structure it kept, 0..1.
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
    strength: float = 99.0
    kept: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How far a model may stray from the source in untouched places; see ``Numbers``."""

    moved_median: float
    moved_most: float
    contrast: tuple[float, float]
    balance: float
    chroma: tuple[float, float]
    detail_alike: float
    detail_gain: tuple[float, float]
    uneven: float

    def fault(self, numbers: Numbers) -> str | None:
        """Return what strays farther, or None."""
        faults = (
            (numbers.moved_median > self.moved_median or numbers.moved_most > self.moved_most, "other colours"),
            (_outside(numbers.contrast, self.contrast), "other contrast"),
            (numbers.balance > self.balance, "other white"),
            (_outside(numbers.chroma, self.chroma), "other saturation"),
            (numbers.detail_alike < self.detail_alike, "other detail"),
            (_outside(numbers.detail_gain, self.detail_gain), "other sharpness"),
            (numbers.uneven > self.uneven, "uneven colour"),
        )
        return next((why for is_so, why in faults if is_so), None)


# Farther than this is a change of the whole.
FAR = Drift(
    moved_median=19,
    moved_most=42,
    contrast=(0.75, 1.5),
    balance=12,
    chroma=(0.80, 1.28),
    detail_alike=0.93,
    detail_gain=(0.72, 1.4),
    uneven=5,
)
# As models usually stray; what lies between is only offered.
USUAL = Drift(
    moved_median=14.5,
    moved_most=24,
    contrast=(0.88, 1.2),
    balance=8.5,
    chroma=(0.86, 1.16),
    detail_alike=0.95,
    detail_gain=(0.85, 1.2),
    uneven=3.6,
)
# For a region that kept its structure: a new look of the whole that shows most at one place is like that.
LITTLE = Drift(
    moved_median=12,
    moved_most=20,
    contrast=(0.92, 1.13),
    balance=6.5,
    chroma=(0.90, 1.11),
    detail_alike=0.95,
    detail_gain=(0.85, 1.2),
    uneven=3,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that ``decide`` uses, in the units of ``Numbers``."""

    visible: float = 0.80
    zoom: float = 0.085
    skew: float = 0.02
    beyond: float = 0.13
    aligned: float = 0.35
    aligned_outside: float = 0.85
    sure_aligned_outside: float = 0.92
    far: Drift = FAR
    usual: Drift = USUAL
    little: Drift = LITTLE
    kept: float = 0.8
    faint: tuple[float, float] = (12.0, 0.6)
    share: float = 0.45
    most_share: float = 0.6
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
        return Decision(Verdict.UNSURE, NOTHING)
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
        ((far := limits.far.fault(numbers)) is not None, far or ""),
        (numbers.share > limits.most_share, "changed everywhere"),
    )
    return next((Decision(Verdict.GLOBAL, why) for is_so, why in faults if is_so), None)


def _doubts(numbers: Numbers, limits: Limits) -> Decision | None:
    """Return why a region is only offered."""
    explained = numbers.explained > limits.explained and numbers.strain < limits.strain
    usual = limits.little if numbers.kept > limits.kept else limits.usual
    strays = usual.fault(numbers)
    faints = numbers.strength < limits.faint[0] + limits.faint[1] * numbers.moved_median
    few = numbers.flat or numbers.textured_outside == 0
    faults = (
        (numbers.share <= 0, NOTHING),
        (not few and numbers.aligned_outside < limits.sure_aligned_outside, "hardly aligned outside"),
        (strays is not None, f"perhaps {strays}"),
        (faints, "faint"),
        (numbers.share > limits.share, "most of it changed"),
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

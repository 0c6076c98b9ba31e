"""What a restoration returns, and a crop that is sent instead of the frame.

Imports ``verdict``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.pictures.restore.verdict import Verdict

EITHER = (Verdict.LOCAL, Verdict.UNSURE)
"""The verdicts for which there can be a restored picture."""

STROKE, PLACE = 255, 128
"""The levels of ``CropPlan.mask``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The source with the changed region of the answer in it; all other pixels are the source's.

    ``png`` has the source's size, upright, with the source's colour profile. ``share`` is the changed share of the
    frame, ``box`` the pixels around it (left, top, right, bottom; the source's). ``transform`` maps a place of the
    source to one of the answer, both in their own pixels: ``x' = a x + b y + c``, ``y' = d x + e y + f``.
    ``verdict``: LOCAL when sure, UNSURE when a region was found that should only be offered. ``marked``: the change is
    limited to a pen mark; False, too, where none was found on the marked copy.
    """

    png: bytes = field(repr=False)
    width_px: int
    height_px: int
    verdict: Verdict
    reason: str
    share: float
    box: tuple[int, int, int, int]
    transform: tuple[float, float, float, float, float, float]
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AsPainted:
    """The answer is shown as the model painted it. ``reason``: English words for logs.

    ``offers``: a region was found, but its verdict is not one for which a picture was wanted.
    """

    verdict: Verdict
    reason: str
    offers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CropPlan:
    """A crop for the model: ``data`` without and ``marked`` with the strokes, of type ``mime`` and of one size.

    ``box`` is its place in the upright source: left, top, right, bottom in pixels. ``mask``: the mark on the crop as a
    small grey PNG, ``STROKE`` where the pen went, ``PLACE`` where it only goes around. The same source and marked
    picture always give the same plan, so it need not be kept.
    """

    data: bytes = field(repr=False)
    marked: bytes = field(repr=False)
    mask: bytes = field(repr=False)
    mime: str
    box: tuple[int, int, int, int]

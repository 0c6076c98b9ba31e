"""A small marked place of a large picture is sent to the model as a crop in full resolution, and put back.

Imports ``result``; whatever needs Pillow inside functions. A model that gets the whole frame paints it at one
megapixel; of a crop it paints each pixel.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.pictures.restore.result import AsPainted, Restored


@dataclass(frozen=True, slots=True, kw_only=True)
class CropPlan:
    """A crop for the model: ``data`` without and ``marked`` with the strokes, both of type ``mime`` and the crop's size.

    ``box`` is its place in the upright source: left, top, right, bottom in pixels.
    """

    data: bytes = field(repr=False)
    marked: bytes = field(repr=False)
    mime: str
    box: tuple[int, int, int, int]


def crop_for_mark(source: bytes, marked: bytes) -> CropPlan | None:
    """Return the crop around a small pen mark; None when the mark is large, is not found or the source is small."""
    return None


def put_back(source: bytes, plan: CropPlan, answer: bytes) -> Restored | AsPainted:
    """Restore the crop from the model's answer, and put it into the source.

    AsPainted, too, when the change reaches the crop's edge: then the whole frame has to be asked for again. Never
    raises for pictures that ``inspect`` takes.
    """
    from bot.pictures.restore.verdict import Verdict

    return AsPainted(verdict=Verdict.UNSURE, reason="not built yet")

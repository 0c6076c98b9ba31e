"""A small marked place of a large picture is sent to the model as a crop in full resolution, and put back.

Imports ``values`` and ``verdict``; whatever needs numpy or Pillow inside functions. A model that gets the whole frame
paints it at one megapixel; of a crop it paints each pixel. Both functions block and take memory like
``result.restore``.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.pictures.restore.values import AsPainted, Restored


@dataclass(frozen=True, slots=True, kw_only=True)
class CropPlan:
    """A crop for the model: ``data`` without and ``marked`` with the strokes, of type ``mime`` and of one size.

    ``box`` is its place in the upright source: left, top, right, bottom in pixels. The same source and marked picture
    always give the same plan, so it need not be kept.
    """

    data: bytes = field(repr=False)
    marked: bytes = field(repr=False)
    mime: str
    box: tuple[int, int, int, int]


def crop_for_mark(source: bytes, marked: bytes) -> CropPlan | None:
    """Return the crop around a small pen mark; None when the mark is large, is not found or the source is small.

    Never raises for pictures that ``inspect`` takes.
    """
    from bot.pictures.restore import cropping

    return cropping.plan(source, marked)


def put_back(source: bytes, plan: CropPlan, answer: bytes) -> Restored | AsPainted:
    """Restore the crop from the model's answer, and put it into the source; ``box`` and ``transform`` are the frame's.

    AsPainted, too, when the change reaches the crop's edge: then the whole frame has to be asked for again. Never
    raises for pictures that ``inspect`` takes.
    """
    from bot.pictures.restore import cropping

    return cropping.put_back(source, plan, answer)

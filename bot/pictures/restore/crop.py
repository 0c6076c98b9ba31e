"""A small marked place of a large picture is sent to the model as a crop in full resolution, and put back.

Imports ``values``, and ``cropping``, which needs numpy and Pillow, inside functions. A model that gets the whole frame
paints it at one megapixel; of a crop it paints each pixel. Both functions block and take memory like
``result.restore``.
"""

from __future__ import annotations

from bot.pictures.restore.values import AsPainted, CropPlan, Restored

__all__ = ["CropPlan", "crop_for_mark", "put_back"]


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

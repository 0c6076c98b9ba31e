"""What a model gets for a pen mark: of a small marked place a crop in full resolution, and the place as a mask.

Imports ``values``, and ``cropping``, which needs numpy and Pillow, inside functions. A model that gets the whole frame
paints it at one megapixel; of a crop it paints each pixel, and the crop is put back. All functions block and take
memory like ``result.restore``.
"""

from __future__ import annotations

from bot.pictures.restore.values import AsPainted, CropPlan, Restored

__all__ = ["CropPlan", "crop_for_mark", "mask_for_mark", "put_back"]


def crop_for_mark(source: bytes, marked: bytes) -> CropPlan | None:
    """Return the crop around a small pen mark; None when the mark is large, is not found or the source is small.

    Never raises for pictures that ``inspect`` takes.
    """
    from bot.pictures.restore import cropping

    return cropping.plan(source, marked)


def mask_for_mark(source: bytes, marked: bytes, *, alpha: bool) -> bytes | None:
    """Return where ``restore`` takes a change from, as a PNG of the source's size; None when there is no mark.

    ``alpha``: RGBA, transparent where the picture may change; otherwise greyscale. Both are white there, else black.
    None, too, for what is not restored. Never raises for pictures that ``inspect`` takes.
    """
    from bot.pictures.restore import cropping

    return cropping.mask(source, marked, alpha=alpha)


def put_back(source: bytes, plan: CropPlan, answer: bytes) -> Restored | AsPainted:
    """Restore the crop from the model's answer, and put it into the source; ``box`` and ``transform`` are the frame's.

    AsPainted, too, when the change reaches the crop's edge: then the whole frame has to be asked for again. Never
    raises for pictures that ``inspect`` takes.
    """
    from bot.pictures.restore import cropping

    return cropping.put_back(source, plan, answer)

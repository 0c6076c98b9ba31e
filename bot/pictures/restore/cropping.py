"""How ``crop`` chooses and puts back a crop, and draws a mask.

Imports numpy, Pillow, ``analysis``, ``decode``, ``door``, ``encode``, ``formats``, ``grids``, ``marks``, ``values`` and
``verdict``.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from bot.pictures.convert import decode
from bot.pictures.convert.encode import encode, on_white
from bot.pictures.formats import sniff
from bot.pictures.formats.inspect import inspect
from bot.pictures.restore.analysis import WORK_PX, at_work_size
from bot.pictures.restore.door import opened, put_into, unfit_size, work_size
from bot.pictures.restore.grids import box_of, dilated
from bot.pictures.restore.marks import Mark, grown, mark_of
from bot.pictures.restore.values import PLACE, STROKE, AsPainted, CropPlan, Restored
from bot.pictures.restore.verdict import Verdict

_LEAST_SOURCE_PX, _MOST_OF_SIDE = 2_000_000, 0.25
_ROOM, _LEAST_PX, _MOST_PX, _MOST_RATIO = 2.5, 768, 1536, 1.5
_INK_PX = 4

Box = tuple[int, int, int, int]


def plan(source: bytes, marked: bytes) -> CropPlan | None:
    """See ``crop.crop_for_mark``."""
    info = inspect(source)
    found = None if info.width_px * info.height_px <= _LEAST_SOURCE_PX else _marked_in(source, marked)
    place = None if found is None else box_of(found[1].place)
    if found is None or place is None:
        return None
    picture, mark = found
    height, width = mark.place.shape
    if max((place[2] - place[0]) / width, (place[3] - place[1]) / height) >= _MOST_OF_SIDE:
        return None
    scale = (picture.width / width, picture.height / height)
    full = (place[0] * scale[0], place[1] * scale[1], place[2] * scale[0], place[3] * scale[1])
    box = around(full, picture.size)
    piece = picture.crop(box)
    piece.info = picture.info
    with_strokes = _drawn_on(piece, box, mark, scale)
    with_strokes.info = picture.info
    return CropPlan(
        data=encode(piece, sniff.PNG),
        marked=encode(with_strokes, sniff.PNG),
        mask=encode(_mask(piece.size, box, mark, scale), sniff.PNG),
        mime=sniff.PNG,
        box=box,
    )


def around(place: tuple[float, float, float, float], size: tuple[int, int]) -> Box:
    """Return the box of a crop around a place, both in pixels of a picture of ``size``, inside the picture."""
    wide, high = _ROOM * (place[2] - place[0]), _ROOM * (place[3] - place[1])
    most = max(_MOST_PX, 1.5 * max(wide, high) / _ROOM)
    wide, high = (min(most, max(_LEAST_PX, side)) for side in (wide, high))
    wide, high = max(wide, high / _MOST_RATIO), max(high, wide / _MOST_RATIO)
    width, height = min(size[0], round(wide)), min(size[1], round(high))
    left = round((place[0] + place[2] - width) / 2)
    top = round((place[1] + place[3] - height) / 2)
    left, top = min(max(0, left), size[0] - width), min(max(0, top), size[1] - height)
    return left, top, left + width, top + height


def _drawn_on(piece: Image.Image, box: Box, mark: Mark, scale: tuple[float, float]) -> Image.Image:
    """Return the crop with the strokes on it: theirs are enlarged, the rest stays sharp."""
    part = _part(box, scale)
    drawn = Image.fromarray(mark.drawn.astype(np.uint8)).resize(piece.size, Image.Resampling.BICUBIC, box=part)
    lines = Image.fromarray(mark.strokes.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))
    return Image.composite(drawn, piece, lines.resize(piece.size, Image.Resampling.BILINEAR, box=part))


def mask(source: bytes, marked: bytes, *, alpha: bool) -> bytes | None:
    """See ``crop.mask_for_mark``."""
    found = _marked_in(source, marked)
    if found is None:
        return None
    picture, mark = found
    grey = Image.fromarray(grown(mark).astype(np.uint8) * 255).resize(picture.size, Image.Resampling.BILINEAR)
    white = grey.point(lambda level: 255 if level > 127 else 0)
    if not alpha:
        return encode(white, sniff.PNG)
    return encode(Image.merge("RGBA", (white, white, white, ImageOps.invert(white))), sniff.PNG)


def _marked_in(source: bytes, marked: bytes) -> tuple[Image.Image, Mark] | None:
    """Return a picture and the mark on it; None where it cannot be restored or nothing is marked."""
    info = inspect(source)
    if info.animated or unfit_size(info.width_px, info.height_px):
        return None
    picture = opened(source)
    if picture is None:
        return None
    drawn = on_white(decode.decode(marked, inspect(marked), 2 * WORK_PX)).convert("RGB")
    mark = mark_of(picture, drawn, work_size(picture.size))
    return None if mark is None else (picture, mark)


def _mask(size: tuple[int, int], box: Box, mark: Mark, scale: tuple[float, float]) -> Image.Image:
    """Return the mark on a crop of ``size`` at work size. It is known from the whole, so it is not looked for again."""
    levels = np.where(mark.strokes, STROKE, np.where(mark.place, PLACE, 0)).astype(np.uint8)
    return Image.fromarray(levels).resize(work_size(size), Image.Resampling.NEAREST, box=_part(box, scale))


def _mark_on(piece: Image.Image, plan: CropPlan) -> Mark:
    """Return the mark of a plan on its crop, at work size."""
    levels = np.asarray(decode.decode(plan.mask, inspect(plan.mask)).convert("L"))
    drawn = at_work_size(on_white(decode.decode(plan.marked, inspect(plan.marked))).convert("RGB"))
    strokes = levels == STROKE
    near = dilated(strokes, _INK_PX)[..., None]
    return Mark(strokes=strokes, place=levels >= PLACE, drawn=np.where(near, drawn, at_work_size(piece)))


def _part(box: Box, scale: tuple[float, float]) -> tuple[float, float, float, float]:
    """Return a box in full size as one at work size."""
    return box[0] / scale[0], box[1] / scale[1], box[2] / scale[0], box[3] / scale[1]


def put_back(source: bytes, plan: CropPlan, answer: bytes) -> Restored | AsPainted:
    """See ``crop.put_back``."""
    info = inspect(source)
    whole = None if unfit_size(info.width_px, info.height_px) else opened(source)
    if whole is None or not (
        0 <= plan.box[0] < plan.box[2] <= whole.width and 0 <= plan.box[1] < plan.box[3] <= whole.height
    ):
        return AsPainted(verdict=Verdict.UNSURE, reason="not the picture of the crop")
    piece = whole.crop(plan.box)
    painted = on_white(decode.decode(answer, inspect(answer), 4096)).convert("RGB")
    inner = (plan.box[0] > 0, plan.box[1] > 0, plan.box[2] < whole.width, plan.box[3] < whole.height)
    result = put_into(piece, painted, _mark_on(piece, plan), inner)
    if isinstance(result, AsPainted):
        return result
    if result.verdict is not Verdict.LOCAL:
        return AsPainted(verdict=result.verdict, reason=result.reason)
    left, top = plan.box[:2]
    whole.paste(piece, (left, top))
    a, b, c, d, e, f = result.transform
    x0, y0, x1, y1 = result.box
    return Restored(
        png=encode(whole, sniff.PNG),
        width_px=whole.width,
        height_px=whole.height,
        verdict=result.verdict,
        reason=result.reason,
        share=result.share * piece.width * piece.height / (whole.width * whole.height),
        box=(x0 + left, y0 + top, x1 + left, y1 + top),
        transform=(a, b, c - a * left - b * top, d, e, f - d * left - e * top),
        marked=result.marked,
    )

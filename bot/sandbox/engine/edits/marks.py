"""Changes only the marked place of a picture: the place that strokes of a pen enclose. Imports Pillow only."""

from __future__ import annotations

from PIL import Image, ImageChops, ImageDraw, ImageFilter

_WORK_PX = 512
_STROKE_LEVELS = 56
_ENCLOSED = 1.6
"""A stroke that encloses less than this multiple of its own area is no ring; then the place is all around it."""


def only_there(before: Image.Image, after: Image.Image, marked: Image.Image) -> Image.Image | None:
    """Return ``before`` with ``after`` in the place that ``marked``, a copy of ``before``, has strokes around.

    None where the sizes differ, or where no stroke is found.
    """
    place = _place(before, marked) if before.size == after.size else None
    if place is None:
        return None
    soft = place.resize(before.size, Image.Resampling.BILINEAR).filter(ImageFilter.GaussianBlur(max(before.size) / 150))
    return Image.composite(after, before, soft)


def _place(before: Image.Image, marked: Image.Image) -> Image.Image | None:
    """Return the marked place as a mask of work size, None without strokes."""
    work = before.copy()
    work.thumbnail((_WORK_PX, _WORK_PX))
    # The app's JPEG moves colours by a pixel or two along edges; a little blur evens that out, and leaves strokes.
    soft = ImageFilter.GaussianBlur(1.5)
    work, copy = work.filter(soft), marked.resize(work.size).filter(soft)
    bands = ImageChops.difference(work, copy).split()
    deepest = ImageChops.lighter(ImageChops.lighter(bands[0], bands[1]), bands[2])
    strokes = deepest.point(lambda level: 255 if level > _STROKE_LEVELS else 0).filter(ImageFilter.MedianFilter(3))
    box = strokes.getbbox()
    if box is None:
        return None
    # Closes small gaps, then fills from outside: what stays empty is enclosed.
    closed = strokes.filter(ImageFilter.MaxFilter(7))
    ground = Image.new("L", (work.width + 2, work.height + 2))
    ground.paste(closed, (1, 1))
    ImageDraw.floodfill(ground, (0, 0), 128)
    inside = ground.crop((1, 1, work.width + 1, work.height + 1)).point(lambda level: 0 if level == 128 else 255)
    if sum(inside.histogram()[1:]) >= _ENCLOSED * sum(closed.histogram()[1:]):
        return inside
    around = Image.new("L", work.size)
    ImageDraw.Draw(around).ellipse(box, fill=255)
    return ImageChops.lighter(around, closed)

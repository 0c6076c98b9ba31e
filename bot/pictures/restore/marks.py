"""A pen mark: what it limits, and the strokes that a model leaves behind.

Imports numpy, Pillow, ``bot.pictures.compare`` and ``grids``. Lengths in pixels of the source at work
size.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image, ImageDraw

from bot.pictures.compare.overlay import lay_over
from bot.pictures.compare.scribbles import WORK_SIDE_PX
from bot.pictures.compare.strokes import find_strokes
from bot.pictures.restore.grids import Array, Mask, box_of, counted, dilated, gauss, parts

_GROWN_SHARE, _GROWN_BY_MARK, _MOST_GROWN_SHARE = 0.04, 0.35, 0.08
_WHOLE_INSIDE, _COVERS_MARK, _BEYOND_SHARE = 0.25, 0.30, 0.20
_LIKE_STROKE, _STROKE_LEVELS = 0.7, 18.0


@dataclass(frozen=True, slots=True)
class Mark:
    """``strokes``: where the pen went. ``place``: the strokes and what they go around. ``drawn``: the marked picture.

    All on the source's grid at work size: (height, width), ``drawn`` (height, width, 3) in levels.
    """

    strokes: Mask = field(repr=False)
    place: Mask = field(repr=False)
    drawn: Array = field(repr=False)


def mark_of(source: Image.Image, marked: Image.Image, size: tuple[int, int]) -> Mark | None:
    """Return the mark on a grid of ``size`` (width, height); None when no strokes are found. Both are RGB."""
    first, second = (_within(picture) for picture in (source, marked))
    overlay = lay_over(first, second, WORK_SIDE_PX)
    strokes = (
        [stroke for stroke in find_strokes(overlay.before, overlay.after) or [] if stroke.is_drawn] if overlay else []
    )
    if overlay is None or not strokes:
        return None
    lines, place = Image.new("L", overlay.after.size), Image.new("L", overlay.after.size)
    for stroke in strokes:
        lines.paste(255, stroke.at, stroke.mask)
        corners = _hull(stroke.mask)
        ImageDraw.Draw(place).polygon([(x + stroke.at[0], y + stroke.at[1]) for x, y in corners], fill=255, outline=255)
    place.paste(255, (0, 0), lines)
    left, top, right, bottom = overlay.box
    across, down = size[0] * (right - left) / place.width, size[1] * (bottom - top) / place.height
    # From the source's grid back to the pictures compared, which may show a part of it.
    six = (1 / across, 0.0, -left * size[0] / across, 0.0, 1 / down, -top * size[1] / down)

    def on_grid(picture: Image.Image) -> Image.Image:
        return picture.transform(size, Image.Transform.AFFINE, six, Image.Resampling.BILINEAR)

    masks = [np.asarray(on_grid(each)) > 100 for each in (lines, place)]
    if not masks[0].any():
        return None
    drawn = np.asarray(on_grid(overlay.after), dtype=np.float32)
    ground = np.asarray(source.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0), dtype=np.float32)
    return Mark(masks[0], masks[1] | masks[0], np.where(dilated(masks[0], 4)[..., None], drawn, ground))


def _within(picture: Image.Image) -> Image.Image:
    scale = min(1.0, WORK_SIDE_PX / max(picture.size))
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _hull(mask: Image.Image) -> list[tuple[int, int]]:
    """Return the corners of the smallest convex shape around a mask's pixels (Andrew's monotone chain)."""
    pixels = np.asarray(mask) > 0
    points: list[tuple[int, int]] = []
    for row in np.flatnonzero(pixels.any(axis=1)).tolist():
        columns = np.flatnonzero(pixels[row])
        points += [(int(columns[0]), row), (int(columns[-1]), row)]
    points = sorted(set(points))
    if len(points) < 3:
        return points * (3 if len(points) == 1 else 2)
    return [*_half_hull(points), *_half_hull(points[::-1])]


def _half_hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for x, y in points:
        while len(kept) >= 2:
            (ax, ay), (bx, by) = kept[-2:]
            if (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0:
                break
            kept.pop()
        kept.append((x, y))
    return kept[:-1]


def grown(mark: Mark, *, beyond: bool = False) -> Mask:
    """Return the marked place with its margin; ``beyond``: as far as a thing may reach that stands in the place."""
    box = box_of(mark.place)
    side = max(mark.place.shape)
    if box is None:
        return mark.place
    narrow = min(box[2] - box[0], box[3] - box[1])
    margin = max(_GROWN_SHARE * side, min(_GROWN_BY_MARK * narrow, _MOST_GROWN_SHARE * side))
    return dilated(mark.place, round(_BEYOND_SHARE * side if beyond else margin))


def limited(region: Mask, mark: Mark) -> tuple[Mask, Mask]:
    """Return what of a region belongs to the mark, and the parts that do, however far they reach.

    A part that mostly lies in the place, or fills it, is taken whole within limits: a hat is taller than its mark. Of
    others only what lies inside.
    """
    labels, count = parts(region)
    if not count:
        return region, region
    near, far = grown(mark), grown(mark, beyond=True)
    sizes, inside = counted(labels, count), counted(labels, count, near)
    covers = counted(labels, count, mark.place) >= _COVERS_MARK * max(1, int(mark.place.sum()))
    whole = (inside > _WHOLE_INSIDE * sizes) | covers
    whole[0] = False
    return (whole[labels] & far) | (region & near), whole[labels]


def left_behind(mark: Mark, source: Array, matched: Array) -> Array:
    """Return where the answer shows the pen's strokes, 0..1: there nothing is taken from it.

    A model that got the picture with the strokes on it may paint them, too.
    """
    near = dilated(mark.strokes, 3)
    to_line = np.sqrt((gauss(matched - mark.drawn, 0.7) ** 2).mean(axis=2))
    to_source = np.sqrt((gauss(matched - source, 0.7) ** 2).mean(axis=2))
    ink = np.sqrt(((mark.drawn - source) ** 2).mean(axis=2)) > _STROKE_LEVELS
    left = near & ink & (to_line < _LIKE_STROKE * to_source)
    # A line that was left is left in one piece; single pixels are chance.
    solid = gauss(left.astype(np.float32), 1.5) > 0.3
    return gauss(dilated(solid & near, 2).astype(np.float32), 0.8) if solid.any() else np.zeros_like(to_line)

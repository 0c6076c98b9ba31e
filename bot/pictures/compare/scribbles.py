"""Whether a picture is a known one with pen strokes on it, and which place they mark.

Imports ``overlay``, ``reencode`` and ``strokes`` beside it and Pillow. People draw in Telegram's photo editor, which
saves at another size and quality and may cut the edges a little: so the two are laid over each other first, and what
differs must be few lines of even colour while everything else stays the same. When in doubt the answer is no.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.pictures.compare.overlay import Overlay, lay_over
from bot.pictures.compare.strokes import Stroke, find_strokes, looks_written
from bot.pictures.convert.reencode import small
from bot.pictures.formats.inspect import inspect

WORK_SIDE_PX = 800
_MOST_STROKES, _COARSE, _NEAR_EDGE_SHARE = 24, 4, 0.012
_LEAST_SHARE, _MOST_SHARE = 0.0004, 0.16


@dataclass(frozen=True, slots=True, kw_only=True)
class Scribble:
    """The marked place of the original, as displayed.

    ``box`` is (left, top, right, bottom) in pixels of the original; ``mask`` a greyscale PNG in the original's shape,
    white where it is marked (what a closed line surrounds counts); ``share`` how much of the picture that is, 0 to 1.
    """

    box: tuple[int, int, int, int]
    mask: bytes = field(repr=False)
    share: float


def find_scribble(original: bytes, marked: bytes) -> Scribble | None:
    """Return what pen strokes on ``marked`` mark, or None when it is not ``original`` with pen strokes.

    Raises: ``PictureError``.
    """
    first, second = (small(data, WORK_SIDE_PX).convert("RGB") for data in (original, marked))
    overlay = lay_over(first, second, WORK_SIDE_PX)
    if overlay is None:
        return None
    strokes = find_strokes(overlay.before, overlay.after)
    if strokes is None or not _is_scribble(strokes, overlay.before.size):
        return None
    place = _place(strokes, overlay.before.size)
    whole = _in_original(place, overlay, first.size)
    box = whole.getbbox()
    if box is None:
        return None
    scale = _full_width(original) / first.width
    out = io.BytesIO()
    whole.save(out, "PNG")
    left, top, right, bottom = (round(side * scale) for side in box)
    return Scribble(box=(left, top, right, bottom), mask=out.getvalue(), share=_share(whole))


def _is_scribble(strokes: list[Stroke], size: tuple[int, int]) -> bool:
    drawn = [stroke for stroke in strokes if stroke.is_drawn]
    area, drawn_area = sum(stroke.area for stroke in strokes), sum(stroke.area for stroke in drawn)
    share = drawn_area / (size[0] * size[1])
    return (
        0 < len(drawn) <= _MOST_STROKES
        and _LEAST_SHARE <= share <= _MOST_SHARE
        and drawn_area >= 0.85 * area
        and max(drawn, key=lambda stroke: stroke.area).is_long
        and not looks_written(drawn, max(size))
        and not _is_rim(drawn, size)
    )


def _is_rim(drawn: list[Stroke], size: tuple[int, int]) -> bool:
    """Return whether the strokes run along three or four edges: a frame that an editor put around the picture."""
    near = max(size) * _NEAR_EDGE_SHARE
    touched = (
        min(stroke.at[0] for stroke in drawn) <= near,
        min(stroke.at[1] for stroke in drawn) <= near,
        max(stroke.at[0] + stroke.size[0] for stroke in drawn) >= size[0] - near,
        max(stroke.at[1] + stroke.size[1] for stroke in drawn) >= size[1] - near,
    )
    return sum(touched) >= 3


def _place(strokes: list[Stroke], size: tuple[int, int]) -> Image.Image:
    """Return a mask of the drawn strokes and of what they enclose."""
    lines = Image.new("L", size)
    for stroke in strokes:
        if stroke.is_drawn:
            lines.paste(255, stroke.at, stroke.mask)
    # Coarsely, with thickened lines: Pillow fills pixel by pixel, and small gaps in a ring still mean a ring.
    coarse = (max(1, size[0] // _COARSE), max(1, size[1] // _COARSE))
    thick = lines.filter(ImageFilter.BoxBlur(_COARSE - 1)).point(lambda value: 255 if value else 0)
    outside = Image.new("L", (coarse[0] + 2, coarse[1] + 2))
    outside.paste(thick.resize(coarse, Image.Resampling.NEAREST), (1, 1))
    ImageDraw.floodfill(outside, (0, 0), 128)
    enclosed = outside.crop((1, 1, coarse[0] + 1, coarse[1] + 1)).point(lambda value: 255 if value == 0 else 0)
    return ImageChops.lighter(lines, enclosed.resize(size).point(lambda value: 255 if value > 127 else 0))


def _in_original(place: Image.Image, overlay: Overlay, size: tuple[int, int]) -> Image.Image:
    """Return the mask in the shape of the whole original, of which the marked picture may show a part."""
    left, top, right, bottom = overlay.box
    whole = Image.new("L", size)
    part = place.resize((max(1, round(right - left)), max(1, round(bottom - top))))
    whole.paste(part.point(lambda value: 255 if value > 127 else 0), (round(left), round(top)))
    return whole


def _share(mask: Image.Image) -> float:
    return mask.histogram()[255] / (mask.width * mask.height)


def _full_width(original: bytes) -> int:
    return inspect(original).width_px

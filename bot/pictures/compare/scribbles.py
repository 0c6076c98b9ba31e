"""Whether a picture is a known one with pen strokes on it.

Imports Pillow, ``overlay``, ``reencode`` and ``strokes``. People draw in Telegram's photo editor, which saves at
another size and quality and may crop the edges a little. So the two pictures are aligned first; then the differences
must be few lines of even colour, and everything else the same. In doubt the answer is no.
"""

from __future__ import annotations

from PIL import Image

from bot.pictures.compare.overlay import lay_over
from bot.pictures.compare.strokes import Stroke, find_strokes, looks_written
from bot.pictures.convert.reencode import small

WORK_SIDE_PX = 800
_MOST_STROKES, _COARSE, _NEAR_EDGE_SHARE = 24, 4, 0.012
_LEAST_SHARE, _MOST_SHARE = 0.0004, 0.16


def reduced(data: bytes) -> Image.Image:
    """Return a picture as small as it is compared. A large one takes a second. Raises: ``PictureError``."""
    return small(data, WORK_SIDE_PX).convert("RGB")


def is_scribbled(original: Image.Image, marked: Image.Image) -> bool:
    """Return whether ``marked`` is ``original`` with pen strokes on it; both are ``reduced``."""
    overlay = lay_over(original, marked, WORK_SIDE_PX)
    strokes = find_strokes(overlay.before, overlay.after) if overlay else None
    return bool(overlay and strokes and _is_scribble(strokes, overlay.before.size))


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

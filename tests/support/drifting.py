"""Photos, edits in place, and answers of a model that repaints the whole picture.

Imports Pillow, the engine's drift, ``painter`` and ``pictures``. The edit itself is drawn here; what a model does to
the rest is the engine's mode "Drifts".
"""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from bot.sandbox.engine.edits import drift
from bot.sandbox.engine.models import MODELS
from tests.support.painter import Json, picture_part
from tests.support.pictures import encoded, opened

SAMPLES = Path(__file__).parents[2] / "bot" / "sandbox" / "page" / "static" / "samples"

Place = tuple[float, float, float, float]

PLACE = (0.42, 0.42, 0.6, 0.62)
"""Where the edits are, as shares of width and height."""

FAR = (0.72, 0.04, 0.98, 0.96)
"""A part of the picture far from there."""


def photo(width_px: int = 600) -> Image.Image:
    """Return a photo of a cup of coffee, three to two."""
    picture = Image.open(SAMPLES / "coffee.jpg").convert("RGB")
    return picture.resize((width_px, width_px * 2 // 3), Image.Resampling.LANCZOS)


def jpeg(picture: Image.Image) -> bytes:
    """Return a picture as a camera stores it."""
    return encoded(picture, "JPEG", quality=92)


def ringed(picture: Image.Image, place: Place = PLACE) -> bytes:
    """Return a copy with a ring of a red pen around a place, as the photo editor saves it."""
    drawn, side = picture.copy(), max(picture.size)
    left, top, right, bottom = _box(picture, place)
    around = (left - side // 40, top - side // 40, right + side // 40, bottom + side // 40)
    ImageDraw.Draw(drawn).ellipse(around, outline=(255, 59, 48), width=max(4, side // 90))
    return encoded(drawn, "JPEG", quality=87)


def with_hat(picture: Image.Image, colour: str = "crimson", place: Place = PLACE) -> Image.Image:
    """Return a picture with something red put into a place."""
    changed = picture.copy()
    ImageDraw.Draw(changed).ellipse(_box(picture, place), fill=colour)
    return changed


def repainted(picture: Image.Image, seed: int = 1) -> bytes:
    """Return a picture as a model paints it: another size, shifted, recoloured."""
    return encoded(drift.repainted(picture, MODELS["gemini-2.5-flash-image"], seed), "PNG")


def signed(picture: bytes, words: str = "Here it is.") -> list[Json]:
    """Return an answer with a picture as a model that signs gives it."""
    return [{"text": words}, picture_part(picture, thoughtSignature="c2lnbmVk")]


def part(picture: bytes | Image.Image, place: Place = FAR) -> Image.Image:
    """Return a part of a picture."""
    whole = opened(picture).convert("RGB") if isinstance(picture, bytes) else picture
    return whole.crop(_box(whole, place))


def is_equal(one: Image.Image, other: Image.Image) -> bool:
    """Return whether two pictures are equal to the bit."""
    return one.size == other.size and ImageChops.difference(one, other).getbbox() is None


def redness(picture: bytes) -> float:
    """Return how much redder than green the middle of the edited place is, in levels."""
    left, top, right, bottom = PLACE
    across, down = (left + right) / 2, (top + bottom) / 2
    middle = part(picture, (across - 0.02, down - 0.02, across + 0.02, down + 0.02))
    small = middle.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(small, tuple)
    return float(small[0] - small[1])


def size_of(picture: bytes) -> tuple[int, int]:
    """Return width and height."""
    return Image.open(io.BytesIO(picture)).size


def _box(picture: Image.Image, place: Place) -> tuple[int, int, int, int]:
    across, down = picture.size
    left, top, right, bottom = place
    return round(left * across), round(top * down), round(right * across), round(bottom * down)

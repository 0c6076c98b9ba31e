"""Text on pictures. Imports Pillow, ``shapes`` and ``steps``. The font (Inter, OFL) has Latin, Greek and Cyrillic.

Characters without a glyph in it (emoji, Chinese ...) are left out, and :func:`unwritable` names them.
"""

from __future__ import annotations

import functools
import textwrap
import unicodedata
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFont

from bot.sandbox.engine.edits.shapes import COLOURS
from bot.sandbox.engine.steps import Step

FONT = Path(__file__).parent / "fonts" / "Inter-Bold.ttf"
_SIZES = {"small": 0.55, "large": 1.45}


@functools.lru_cache(maxsize=64)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Return the font at ``size_px``."""
    return ImageFont.truetype(str(FONT), max(4, size_px))


@functools.lru_cache(maxsize=512)
def _has(sign: str) -> bool:
    # A font draws the same box for every character that it lacks.
    drawn = font(24).getmask(sign)
    return sign.isspace() or drawn.getbbox() is None or bytes(drawn) != bytes(font(24).getmask("\U0010fffe"))


def unwritable(text: str) -> str:
    """Return the characters of ``text`` that the font cannot draw, each once."""
    ignorable = {"Cf", "Mn", "Zs", "Cc"}
    return "".join(dict.fromkeys(s for s in text if unicodedata.category(s) not in ignorable and not _has(s)))


def fitted(text: str, width_px: float, height_px: float, size_px: float) -> tuple[str, ImageFont.FreeTypeFont]:
    """Wrap ``text`` and choose the largest size up to ``size_px`` that fits the box."""
    size, probe = size_px, ImageDraw.Draw(Image.new("L", (1, 1)))
    plain = " ".join(text.split()) or " "
    while True:
        face = font(int(size))
        in_a_line = max(1, int(width_px * len(plain) / face.getlength(plain)))
        wrapped = "\n".join(textwrap.fill(paragraph, in_a_line) for paragraph in text.splitlines())
        box = probe.multiline_textbbox((0, 0), wrapped, face, spacing=size * 0.2)
        if (box[2] - box[0] <= width_px and box[3] - box[1] <= height_px) or size < 7:
            return wrapped, face
        size *= 0.88


def text(image: Image.Image, step: Step) -> Image.Image:
    """Write ``text`` at ``place`` (default: bottom) in ``colour``, with an outline that makes it legible anywhere."""
    place = step.get("place", "bottom")
    words = "".join(sign for sign in step.get("text") if _has(sign))
    if not words.strip() or min(image.size) < 8:
        return image
    margin, short = min(image.size) * 0.05, min(image.width, image.height * 1.5)
    room = image.width * (0.5 if "-" in place else 1) - 2 * margin
    most = image.height * (0.85 if place == "centre" else 0.4)
    wrapped, face = fitted(words, room, most, short * 0.075 * _SIZES.get(step.get("size"), 1))
    spots_x = {"left": (margin, "l"), "right": (image.width - margin, "r")}
    spots_y = {"top": (margin, "a"), "bottom": (image.height - margin, "d")}
    x, side = next((spot for name, spot in spots_x.items() if name in place), (image.width / 2, "m"))
    y, edge = next((spot for name, spot in spots_y.items() if name in place), (image.height / 2, "m"))
    align = {"l": "left", "r": "right", "m": "center"}[side]
    fill = COLOURS.get(step.get("colour"), "#ffffff")
    around = "#1a1a1a" if sum(ImageColor.getrgb(fill)) > 330 else "#ffffff"
    canvas = image.copy()
    pen, outline = ImageDraw.Draw(canvas), max(1, round(face.size / 18))
    pen.multiline_text(
        (x, y), wrapped, fill, face, side + edge, face.size * 0.2, align, stroke_width=outline, stroke_fill=around
    )
    return canvas

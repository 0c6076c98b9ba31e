"""Text on pictures. Imports Pillow, ``shapes`` and ``steps``. The font (Inter, OFL) has Latin, Greek and Cyrillic.

Characters without a glyph in it (emoji, Chinese ...) are left out, and :func:`unwritable` names them.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont

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
    size = size_px
    probe = ImageDraw.Draw(Image.new("L", (1, 1)))
    while True:
        face = font(int(size))
        lines: list[str] = []
        for paragraph in text.splitlines() or [""]:
            line = ""
            for word in paragraph.split():
                longer = f"{line} {word}".strip()
                if line and face.getlength(longer) > width_px:
                    lines.append(line)
                    longer = word
                line = longer
            lines.append(line)
        wrapped = "\n".join(lines)
        box = probe.multiline_textbbox((0, 0), wrapped, face, spacing=size * 0.2)
        if (box[2] - box[0] <= width_px and box[3] - box[1] <= height_px) or size < 7:
            return wrapped, face
        size *= 0.88


def text(image: Image.Image, step: Step) -> Image.Image:
    """Write ``text`` at ``place`` (default: bottom) in ``colour``, legible on any ground."""
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

    def write(canvas: Image.Image, fill: str | int, stroke_px: int = 0) -> None:
        pen = ImageDraw.Draw(canvas)
        spacing, anchor = face.size * 0.2, side + edge
        pen.multiline_text((x, y), wrapped, fill, face, anchor, spacing, align, stroke_width=stroke_px)

    # A soft halo around the letters lets them be read on a busy ground.
    halo = Image.new("L", image.size)
    write(halo, 255, max(1, round(face.size / 12)))
    ground = image.crop(halo.getbbox()).convert("L").resize((1, 1), Image.Resampling.BOX).tobytes()[0]
    fill = COLOURS.get(step.get("colour")) or ("#1a1a1a" if ground > 185 else "#ffffff")
    pale = sum(ImageColor.getrgb(fill)) > 330
    halo = halo.filter(ImageFilter.GaussianBlur(face.size / 10)).point(lambda v: v * 0.62)
    canvas = image.copy()
    canvas.paste("#000000" if pale else "#ffffff", (0, 0, *image.size), halo)
    write(canvas, fill)
    return canvas

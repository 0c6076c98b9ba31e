"""Words on pictures. May import: geometry, steps, Pillow. The font (Inter, OFL) covers Latin, Greek and Cyrillic.

Signs that it has no glyph for (emoji, Chinese ...) are left out, and :func:`unwritable` names them.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from .geometry import COLOURS
from .steps import Step

FONT = Path(__file__).parent / "fonts" / "Inter-Bold.ttf"
_SIZES = {"small": 0.55, "large": 1.45}


@functools.lru_cache(maxsize=64)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Return the font at ``size_px``."""
    return ImageFont.truetype(str(FONT), max(4, size_px))


@functools.lru_cache(maxsize=512)
def _has(sign: str) -> bool:
    # A font draws one and the same box for every sign that it lacks.
    face = font(24)
    return (
        sign.isspace()
        or face.getmask(sign).getbbox() is None
        or bytes(face.getmask(sign)) != bytes(face.getmask("\U0010fffe"))
    )


def unwritable(text: str) -> str:
    """Return the signs of ``text`` that the font cannot draw, each once."""
    return "".join(dict.fromkeys(sign for sign in text if not _ignorable(sign) and not _has(sign)))


def _ignorable(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cf", "Mn", "Zs", "Cc"}


def _clean(text: str) -> str:
    return " ".join("".join(sign for sign in text if _has(sign) or sign.isspace()).split(" "))


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
    return _write(image, step.get("text"), step.get("place", "bottom"), step.get("colour"), step.get("size"))


def meme(image: Image.Image, step: Step) -> Image.Image:
    """Write capitals with a black edge at ``top`` and ``bottom``."""
    for place in ("top", "bottom"):
        if step.get(place):
            image = _write(image, step.get(place).upper(), place, "white", "large", outline=True)
    return image


def _write(image: Image.Image, words: str, place: str, colour: str, size: str, *, outline: bool = False) -> Image.Image:
    words = _clean(words)
    if not words.strip() or min(image.size) < 8:
        return image
    short = min(image.width, image.height * 1.5)
    margin = min(image.size) * 0.05
    room = image.width * (0.5 if "-" in place else 1) - 2 * margin
    share = 0.85 if place == "centre" else 0.4
    wrapped, face = fitted(words, room, image.height * share, short * 0.075 * _SIZES.get(size, 1))
    spacing = face.size * 0.2
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = draw.multiline_textbbox((0, 0), wrapped, face, spacing=spacing)
    wide, high = right - left, bottom - top
    spots_x = {"left": margin, "right": image.width - margin - wide}
    spots_y = {"top": margin, "bottom": image.height - margin - high}
    x = next((at for side, at in spots_x.items() if side in place), (image.width - wide) / 2) - left
    y = next((at for side, at in spots_y.items() if side in place), (image.height - high) / 2) - top
    align = "left" if "left" in place else "right" if "right" in place else "center"
    box = (max(0, int(x + left)), max(0, int(y + top)), int(x + right) + 1, int(y + bottom) + 1)
    fill = COLOURS.get(colour) or _legible(image, box)
    canvas = image.copy()
    shade = _shadow(image.size, (x, y), wrapped, face, spacing, align, strong=outline)
    dark = sum(int(fill[i : i + 2], 16) for i in (1, 3, 5)) > 330
    canvas.paste("#000000" if dark else "#ffffff", (0, 0, *image.size), shade)
    stroke = max(1, round(face.size / 14)) if outline else 0
    ImageDraw.Draw(canvas).multiline_text(
        (x, y), wrapped, fill, face, spacing=spacing, align=align, stroke_width=stroke, stroke_fill="#000000"
    )
    return canvas


def _legible(image: Image.Image, box: tuple[int, int, int, int]) -> str:
    ground = image.crop(box).convert("L").resize((1, 1), Image.Resampling.BOX)
    return "#1a1a1a" if ground.tobytes()[0] > 185 else "#ffffff"


def _shadow(
    size: tuple[int, int],
    at: tuple[float, float],
    wrapped: str,
    face: ImageFont.FreeTypeFont,
    spacing: float,
    align: str,
    *,
    strong: bool,
) -> Image.Image:
    """Return a soft halo around the letters, so that they read on a busy ground."""
    mask = Image.new("L", size)
    width = max(1, round(face.size / 12))
    ImageDraw.Draw(mask).multiline_text(at, wrapped, 255, face, spacing=spacing, align=align, stroke_width=width)
    return mask.filter(ImageFilter.GaussianBlur(face.size / 10)).point(lambda v: v * (0.9 if strong else 0.62))

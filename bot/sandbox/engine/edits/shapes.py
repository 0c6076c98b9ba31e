"""Edits of place and shape: crop, turn, resize, blur, sharpen, frame, text, side by side.

Imports Pillow, numpy, ``raster`` and ``steps``. Functions take an RGB picture and a step and return a picture;
``side_by_side`` takes several. Quarter turns and cropping move pixels and change none. The font (Inter, OFL) has Latin,
Greek and Cyrillic; characters without a glyph in it (emoji, Chinese ...) are left out, and ``unwritable`` names them.
"""

from __future__ import annotations

import functools
import math
import textwrap
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFilter, ImageFont, ImageOps

from bot.sandbox.engine.edits.raster import MAX_SIDE_PX, floats, grid, mix, picture, smoothstep
from bot.sandbox.engine.steps import Step

COLOURS = {
    "black": "#101010", "white": "#ffffff", "grey": "#808080", "silver": "#c4c8cc", "red": "#d7263d",
    "orange": "#f28c28", "yellow": "#f7d046", "gold": "#c59b2d", "green": "#2e9e4f", "teal": "#159a9c",
    "turquoise": "#30c5c0", "cyan": "#22c3e6", "blue": "#2767d8", "navy": "#14285a", "purple": "#7b3fb5",
    "violet": "#8a52d6", "magenta": "#d62fa6", "pink": "#f48fb6", "brown": "#7a4a2a", "beige": "#e6d3b3",
    "cream": "#fbf3e0", "lime": "#9ade3a",
}  # fmt: skip
FONT = Path(__file__).parent / "fonts" / "Inter-Bold.ttf"
_TEXT_SIZES = {"small": 0.55, "large": 1.45}


def crop(image: Image.Image, step: Step) -> Image.Image:
    """Cut to ``ratio`` around the middle, slightly above it for upright pictures, where faces are."""
    across, down = (max(1, int(side)) for side in step.get("ratio", "1:1").split(":"))
    ratio = across / down
    width = max(1, min(image.width, round(image.height * ratio)))
    height = max(1, min(image.height, round(image.width / ratio)))
    left, top = (image.width - width) // 2, int((image.height - height) * 0.42)
    return image.crop((left, top, left + width, top + height))


def rotate(image: Image.Image, step: Step) -> Image.Image:
    """Turn clockwise by ``degrees``. Other angles than quarters lose the edges."""
    degrees = float(step.get("degrees", "90"))
    if degrees % 90 == 0:
        return image.rotate(-degrees, expand=True)
    # The largest piece of the same shape that a turned picture fills to its corners.
    sin, cos = abs(math.sin(math.radians(degrees))), abs(math.cos(math.radians(degrees)))
    spare = cos + sin * max(image.width / image.height, image.height / image.width)
    left, top = (image.width - image.width / spare) / 2 + 1, (image.height - image.height / spare) / 2 + 1
    turned = image.rotate(-degrees, Image.Resampling.BICUBIC)
    right, bottom = max(left + 1, image.width - left), max(top + 1, image.height - top)
    return turned.crop((int(left), int(top), int(right), int(bottom)))


def resize(image: Image.Image, step: Step) -> Image.Image:
    """Scale by ``scale``, to ``width`` px, or to fill ``size`` = WxH exactly (cut, never squeezed)."""
    if step.get("size"):
        width, height = (min(MAX_SIDE_PX, max(1, int(side))) for side in step.get("size").split("x"))
        return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS, centering=(0.5, 0.42))
    scale = float(step.get("width") or 0) / image.width or float(step.get("scale", "0.5"))
    scale = min(scale, MAX_SIDE_PX / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def blur(image: Image.Image, step: Step) -> Image.Image:
    """Blur; strength 1 is a hundredth of the longer side."""
    return image.filter(ImageFilter.GaussianBlur(max(0.8, max(image.size) / 110 * step.amount)))


def background_blur(image: Image.Image, step: Step) -> Image.Image:
    """Keep an ellipse sharp and blur the rest, more with the distance.

    The ellipse lies where most of the detail is; detail near the middle counts more. It knows nothing of subjects.
    """
    level = floats(image.convert("L").resize((64, 64), Image.Resampling.BOX))
    x, y = grid((64, 64))
    detail = np.abs(np.diff(level, axis=0, prepend=level[:1])) + np.abs(np.diff(level, axis=1, prepend=level[:, :1]))
    weight = (detail + 0.01) * np.exp(-(((x - 0.5) / 0.34) ** 2 + ((y - 0.52) / 0.34) ** 2))
    weight /= weight.sum()
    far: Any = 0.0
    for at, axis in zip((x, y), grid(image.size), strict=True):
        middle = float((weight * at).sum())
        wide = float(np.clip(2.1 * np.sqrt((weight * (at - middle) ** 2).sum()), 0.24, 0.42))
        far = np.hypot(far, (axis - middle) / wide)
    reach = max(1.0, max(image.size) / 70 * step.amount)
    soft = floats(image.filter(ImageFilter.GaussianBlur(reach)))
    return picture(mix(floats(image), soft, smoothstep(far, 0.95, 1.6)))


def sharpen(image: Image.Image, step: Step) -> Image.Image:
    """Unsharp mask on edges, leaving flat areas alone."""
    radius = max(0.8, max(image.size) / 700)
    return image.filter(ImageFilter.UnsharpMask(radius, int(min(400, 110 * step.amount)), 2))


def frame(image: Image.Image, step: Step) -> Image.Image:
    """Put a border around; a gold, silver or brown one goes around a pale mount."""
    name = step.get("colour", "white")
    tone, width = COLOURS.get(name, "#ffffff"), min(image.size) * 0.045 * step.amount
    mount = [(0.125, "#5b5247"), (1, "#f4efe4")] if name in {"gold", "silver", "brown"} else []
    for share, colour in (*mount, (1, tone)):
        image = ImageOps.expand(image, max(1, round(width * share)), colour)
    return image


def side_by_side(pictures: Sequence[Image.Image], step: Step) -> Image.Image:
    """Scale all to one height and set them in a row with a thin white gap."""
    height = min(1024, max(image.height for image in pictures))
    gap = max(2, height // 90)
    ratios = [image.width / image.height for image in pictures]
    height = max(1, min(height, int((MAX_SIDE_PX - gap * (len(ratios) - 1)) / sum(ratios))))
    widths = [max(1, int(height * ratio)) for ratio in ratios]
    sheet = Image.new("RGB", (sum(widths) + gap * (len(widths) - 1), height), "white")
    for at, (image, width) in enumerate(zip(pictures, widths, strict=True)):
        sheet.paste(image.resize((width, height), Image.Resampling.LANCZOS), (sum(widths[:at]) + gap * at, 0))
    return sheet


@functools.lru_cache(maxsize=64)
def font(size_px: int) -> ImageFont.FreeTypeFont:
    """Return the font at ``size_px``."""
    return ImageFont.truetype(str(FONT), max(4, size_px))


@functools.lru_cache(maxsize=512)
def _has(sign: str) -> bool:
    if sign.isspace():
        # Pillow measures no line end.
        return True
    # A font draws the same box for every character that it lacks.
    drawn = font(24).getmask(sign)
    return drawn.getbbox() is None or bytes(drawn) != bytes(font(24).getmask("\U0010fffe"))


def unwritable(text: str) -> str:
    """Return the characters of ``text`` that the font cannot draw, each once."""
    ignorable = {"Cf", "Mn", "Zs", "Cc"}
    return "".join(dict.fromkeys(s for s in text if unicodedata.category(s) not in ignorable and not _has(s)))


def writable(text: str) -> str:
    """Return a text without the characters that the font cannot draw."""
    return "".join(sign for sign in text if _has(sign))


def fitted(text: str, width_px: float, height_px: float, size_px: float) -> tuple[str, ImageFont.FreeTypeFont]:
    """Wrap ``text`` and choose the largest size up to ``size_px`` that fits the box."""
    size, probe = size_px, ImageDraw.Draw(Image.new("L", (1, 1)))
    plain = " ".join(text.split()) or " "
    while True:
        face = font(int(size))
        # Signs that steer others, such as one for the direction of writing, have no width.
        in_a_line = max(1, int(width_px * len(plain) / max(1.0, face.getlength(plain))))
        wrapped = "\n".join(textwrap.fill(paragraph, in_a_line) for paragraph in text.splitlines())
        box = probe.multiline_textbbox((0, 0), wrapped, face, spacing=size * 0.2)
        if (box[2] - box[0] <= width_px and box[3] - box[1] <= height_px) or size < 7:
            return wrapped, face
        size *= 0.88


def text(image: Image.Image, step: Step) -> Image.Image:
    """Write ``text`` at ``place`` (default: bottom) in ``colour``, with an outline that makes it legible anywhere."""
    place = step.get("place", "bottom")
    words = writable(step.get("text"))
    if not words.strip() or min(image.size) < 8:
        return image
    margin, short = min(image.size) * 0.05, min(image.width, image.height * 1.5)
    room = image.width * (0.5 if "-" in place else 1) - 2 * margin
    most = image.height * (0.85 if place == "centre" else 0.4)
    wrapped, face = fitted(words, room, most, short * 0.075 * _TEXT_SIZES.get(step.get("size"), 1))
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

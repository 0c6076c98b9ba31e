"""Place and shape: crop, turn, mirror, resize, frames.

May import: raster and steps beside it, Pillow, numpy. Functions take an RGB picture and a step and return a picture.
Turning by quarters, mirroring and cropping move pixels and change none.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from .raster import MAX_SIDE_PX, floats, mix, noise, picture
from .steps import Step

COLOURS = {
    "black": "#101010", "white": "#ffffff", "grey": "#808080", "silver": "#c4c8cc", "red": "#d7263d",
    "orange": "#f28c28", "yellow": "#f7d046", "gold": "#c59b2d", "green": "#2e9e4f", "teal": "#159a9c",
    "turquoise": "#30c5c0", "cyan": "#22c3e6", "blue": "#2767d8", "navy": "#14285a", "purple": "#7b3fb5",
    "violet": "#8a52d6", "magenta": "#d62fa6", "pink": "#f48fb6", "brown": "#7a4a2a", "beige": "#e6d3b3",
    "cream": "#fbf3e0", "lime": "#9ade3a",
}  # fmt: skip


def crop(image: Image.Image, step: Step) -> Image.Image:
    """Cut to the ratio around the middle, slightly above it for upright pictures, where faces are."""
    width, height = (max(1, int(side)) for side in step.get("ratio", "1:1").split(":"))
    return to_ratio(image, width / height)


def to_ratio(image: Image.Image, ratio: float) -> Image.Image:
    """Cut the largest piece with width / height = ``ratio``."""
    width = max(1, min(image.width, round(image.height * ratio)))
    height = max(1, min(image.height, round(image.width / ratio)))
    left, top = (image.width - width) // 2, int((image.height - height) * 0.42)
    return image.crop((left, top, left + width, top + height))


def circle(image: Image.Image, step: Step) -> Image.Image:
    """Cut a disc; what lies around it becomes white, since model pictures carry no transparency."""
    square = to_ratio(image, 1)
    return _on_white(square, square.width / 2)


def rounded(image: Image.Image, step: Step) -> Image.Image:
    """Round the corners, white outside."""
    return _on_white(image, min(image.size) * min(0.5, 0.08 * step.amount))


def _on_white(image: Image.Image, radius_px: float) -> Image.Image:
    mask = Image.new("L", (image.width * 3, image.height * 3))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius_px * 3, fill=255)
    return Image.composite(image, Image.new("RGB", image.size, "white"), mask.resize(image.size, Image.Resampling.BOX))


def rotate(image: Image.Image, step: Step) -> Image.Image:
    """Turn clockwise by ``degrees``. Other angles than quarters are cut to the largest upright piece."""
    degrees = float(step.get("degrees", "90")) % 360
    quarters = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    if degrees == 0:
        return image
    if degrees in quarters:
        return image.transpose(quarters[int(degrees)])
    turned = image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True)
    width, height = _inner(image.width, image.height, np.deg2rad(degrees))
    left, top = (turned.width - width) // 2, (turned.height - height) // 2
    return turned.crop((left, top, left + width, top + height))


def _inner(width: int, height: int, angle: float) -> tuple[int, int]:
    """Return the largest upright rectangle inside a turned one."""
    sin, cos = abs(np.sin(angle)), abs(np.cos(angle))
    long, short = max(width, height), min(width, height)
    if short <= 2 * sin * cos * long or abs(sin - cos) < 1e-9:
        half = short / 2
        inner = (half / sin, half / cos) if width >= height else (half / cos, half / sin)
    else:
        double = cos * cos - sin * sin
        inner = ((width * cos - height * sin) / double, (height * cos - width * sin) / double)
    return max(1, int(inner[0]) - 2), max(1, int(inner[1]) - 2)


def mirror(image: Image.Image, step: Step) -> Image.Image:
    """Swap left and right."""
    return ImageOps.mirror(image)


def flip(image: Image.Image, step: Step) -> Image.Image:
    """Swap top and bottom."""
    return ImageOps.flip(image)


def resize(image: Image.Image, step: Step) -> Image.Image:
    """Scale by ``scale``, to ``width`` px, or to fill ``size`` = WxH exactly (cut, never squeezed)."""
    if step.get("size"):
        width, height = (min(MAX_SIDE_PX, max(1, int(side))) for side in step.get("size").split("x"))
        return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS, centering=(0.5, 0.42))
    scale = float(step.get("width") or 0) / image.width or float(step.get("scale", "0.5"))
    scale = min(scale, MAX_SIDE_PX / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS)


def zoom(image: Image.Image, step: Step) -> Image.Image:
    """Enlarge the middle at the same picture size."""
    factor = 1 + 0.5 * step.amount
    width, height = max(1, round(image.width / factor)), max(1, round(image.height / factor))
    left, top = (image.width - width) // 2, (image.height - height) // 2
    return image.resize(image.size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))


def frame(image: Image.Image, step: Step) -> Image.Image:
    """Put a plain border around; gold, silver and brown become a bevelled moulding with a passe-partout."""
    name = step.get("colour", "white")
    border = max(1, round(min(image.size) * 0.045 * step.amount))
    if name not in {"gold", "silver", "brown"} or min(image.size) < 32:
        return ImageOps.expand(image, border, COLOURS.get(name, "#ffffff"))
    mount = ImageOps.expand(image, max(2, border // 6), "#5b5247")
    mount = ImageOps.expand(mount, border, "#f4efe4")
    return _moulding(mount, max(4, round(border * 1.1)), COLOURS[name])


def _moulding(image: Image.Image, width_px: int, base: str) -> Image.Image:
    outer = ImageOps.expand(image, width_px, base)
    x = np.minimum(np.arange(outer.width), np.arange(outer.width)[::-1])[None, :]
    y = np.minimum(np.arange(outer.height), np.arange(outer.height)[::-1])[:, None]
    depth = np.clip(np.minimum(x, y) / width_px, 0, 1)
    ridges = 0.82 + 0.3 * np.sin(depth * np.pi) + 0.10 * np.sin(depth * np.pi * 5)
    # Light falls from the upper left: each side of the moulding gets its own brightness.
    sides = np.where(x < y, np.where(np.arange(outer.width)[None, :] < outer.width / 2, 1.04, 0.82), 0)
    upper = np.where(np.arange(outer.height)[:, None] < outer.height / 2, 1.12, 0.74)
    light = (ridges * np.where(sides > 0, sides, upper)).astype(np.float32)
    wood = 0.94 + 0.12 * noise(outer.size, 6, 5, octaves=2, stretch=6)
    inside = ((np.minimum(x, y) >= width_px) * np.ones_like(light)).astype(np.float32)
    return picture(mix(floats(outer) * (light * wood)[..., None], floats(outer), inside))


def polaroid(image: Image.Image, step: Step) -> Image.Image:
    """Put the picture, cut square, on an instant print lying on a table of soft grey."""
    square = to_ratio(image, 1)
    side = square.width
    edge, foot, room = max(1, side // 16), max(1, side // 5), max(2, side // 10)
    card = Image.new("RGB", (side + 2 * edge, side + edge + foot), "#fbf9f4")
    card.paste(square, (edge, edge))
    width, height = card.width + 2 * room, card.height + 2 * room
    mask = Image.new("L", (width, height))
    mask.paste(255, (room, room, room + card.width, room + card.height))
    shadow = mask.transform(mask.size, Image.Transform.AFFINE, (1, 0, -side / 90, 0, 1, -side / 50))
    shadow = shadow.filter(ImageFilter.GaussianBlur(side / 45))
    table = Image.composite(Image.new("RGB", mask.size, "#77736c"), Image.new("RGB", mask.size, "#d9d4ca"), shadow)
    sheet = Image.new("RGB", mask.size)
    sheet.paste(card, (room, room))
    return Image.composite(sheet, table, mask)

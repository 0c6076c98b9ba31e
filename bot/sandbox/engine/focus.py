"""Sharp, soft and by colour: operations that look at a neighbourhood or at one colour of the picture.

May import: geometry, raster, steps, tone beside it, Pillow, numpy. Functions take an RGB picture and a step.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from . import tone
from .geometry import COLOURS
from .raster import Array, colour, floats, grey, highest, lowest, mean, mix, picture, smoothstep, soften
from .steps import Step

_HUES = {
    "red": 0, "orange": 28, "gold": 42, "yellow": 54, "lime": 85, "green": 120, "teal": 178, "turquoise": 176,
    "cyan": 190, "blue": 220, "navy": 225, "purple": 275, "violet": 270, "magenta": 310, "pink": 338, "brown": 22,
    "beige": 38, "cream": 42,
}  # fmt: skip


_NARROW = frozenset({"orange", "yellow", "gold", "brown", "pink"})


def blur(image: Image.Image, step: Step) -> Image.Image:
    """Blur; strength 1 is a hundredth of the longer side."""
    return image.filter(ImageFilter.GaussianBlur(max(0.8, max(image.size) / 110 * step.amount)))


def sharpen(image: Image.Image, step: Step) -> Image.Image:
    """Unsharp mask on edges, leaving flat areas alone."""
    radius = max(0.8, max(image.size) / 700)
    return image.filter(ImageFilter.UnsharpMask(radius, int(min(400, 110 * step.amount)), 2))


def denoise(image: Image.Image, step: Step) -> Image.Image:
    """Smooth with a guided filter, which keeps edges."""
    a = floats(image)
    radius, floor = max(1, round(max(image.size) / 300)), np.float32(0.0016 * step.amount * (1 + step.amount))
    guide = grey(a)
    average = mean(guide, radius)
    variance = np.maximum(mean(guide * guide, radius) - average * average, 0)
    slope = (variance / (variance + floor))[..., None]
    local = mean(a, radius)
    return picture(local + slope * (a - local))


def hue_mask(a: Array, name: str) -> Array:
    """Return where a picture shows the named colour, softly, 0..1."""
    high = highest(a)
    spread = high - lowest(a)
    saturation = spread / np.maximum(high, 1e-3)
    if name in {"white", "black", "grey", "silver"}:
        plain = smoothstep(saturation, 0.35, 0.15)
        bright = {"white": smoothstep(high, 0.6, 0.85), "black": smoothstep(high, 0.35, 0.15)}
        return plain * bright.get(name, smoothstep(high, 0.2, 0.35) * smoothstep(high, 0.85, 0.7))
    hue = _hue(a, high, spread)
    off = np.abs((hue - _HUES[name] + 180) % 360 - 180)
    # Skin lies close to red and orange, so these are taken narrowly and only where they are strong.
    wide = 14 if name == "red" else 24 if name in _NARROW else 38
    near = smoothstep(off, wide + 12, wide - 8)
    pale, strong = (0.34, 0.58) if name in {"red", "orange"} else (0.16, 0.36)
    return soften(near * smoothstep(saturation, pale, strong) * smoothstep(high, 0.06, 0.2), 1.2)


def _hue(a: Array, high: Array, spread: Array) -> Array:
    safe = np.maximum(spread, 1e-4)
    red, green, blue = a[..., 0], a[..., 1], a[..., 2]
    hue = (red - green) / safe + 4
    np.copyto(hue, (blue - red) / safe + 2, where=high == green)
    np.copyto(hue, (green - blue) / safe, where=high == red)
    # Between magenta and red: the angle is negative, which whoever measures a distance on the circle takes as well.
    return np.asarray(hue * 60, dtype=np.float32)


def sky_mask(a: Array) -> Array:
    """Return the sky: from the top edge down each column while tone stays like the top's and smooth."""
    height, width = a.shape[:2]
    thumb = np.asarray(picture(a).resize((96, 96), Image.Resampling.BOX), dtype=np.float32) / 255
    top = np.median(thumb[:6].reshape(-1, 3), axis=0)
    level = grey(thumb)
    rough = np.abs(np.diff(level, axis=0, prepend=level[:1])) + np.abs(np.diff(level, axis=1, prepend=level[:, :1]))
    far = np.sqrt(((thumb - top) ** 2).sum(axis=2))
    blue = (thumb[..., 2] > thumb[..., 0] + 0.03) & (level > 0.25)
    alike = ((far < 0.30) | (blue & (far < 0.55)) | ((level > 0.82) & (level[:6].mean() > 0.5))) & (rough < 0.13)
    reach = np.logical_and.accumulate(alike, axis=0).astype(np.uint8) * 255
    mask = Image.fromarray(reach).filter(ImageFilter.MedianFilter(5)).resize((width, height), Image.Resampling.BICUBIC)
    return smoothstep(np.asarray(mask, dtype=np.float32) / 255, 0.25, 0.75)


def area_mask(a: Array, area: str) -> Array:
    """Return the mask of ``sky`` or of a colour's name."""
    return sky_mask(a) if area == "sky" else hue_mask(a, area)


def recolour(image: Image.Image, step: Step) -> Image.Image:
    """Paint what shows the colour ``source`` in ``colour``, keeping light and shade."""
    a = floats(image)
    mask = hue_mask(a, step.get("source"))
    target = colour(COLOURS[step.get("colour")])
    bright = highest(a)[..., None]
    if step.get("colour") in {"white", "black", "grey", "silver"}:
        painted = (0.05 + 0.9 * bright) * (0.25 + target * 0.75)
    else:
        painted = bright * (target / target.max() * np.float32(0.9))
        painted += 0.1 * grey(a)[..., None]
    return picture(mix(a, painted, mask))


def keep_colour(image: Image.Image, step: Step) -> Image.Image:
    """Black and white, except what shows ``colour``."""
    a = floats(image)
    return picture(mix(tone.black_and_white(a, 1), a, hue_mask(a, step.get("colour"))))


def tint(image: Image.Image, step: Step) -> Image.Image:
    """Wash the picture with ``colour``."""
    return picture(tone.tint(floats(image), step.amount, COLOURS[step.get("colour", "blue")]))

"""Snow, rain and fog over any picture, photo or scene. May import: raster, tone beside it, Pillow, numpy.

Functions take colour floats and a strength and return colour floats of the same size.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from . import tone
from .raster import Array, colour, colour_map, grey, grid, mix, noise, smoothstep, soften


def snow(a: Array, k: float) -> Array:
    """Falling snow in a colder, paler air."""
    air = mix(tone.cooler(tone.muted(a, 0.5), 0.35), colour("#dfe6ee")[None, None], np.float32(min(0.4, 0.10 * k)))
    return flakes(air, k)


def flakes(a: Array, k: float) -> Array:
    """Add flakes in three depths, the near ones large and soft."""
    height, width = a.shape[:2]
    side = max(height, width)
    air = a
    random = np.random.default_rng(101)
    for size, count, share, soft in ((0.0013, 900, 0.75, 0.4), (0.0028, 330, 0.85, 1.0), (0.0065, 60, 0.7, 3.2)):
        layer = Image.new("L", (width, height))
        pen = ImageDraw.Draw(layer)
        number = max(1, int(count * k * width * height / 1e6))
        for x, y, r in zip(
            random.uniform(0, width, number),
            random.uniform(0, height, number),
            random.uniform(0.6, 1.4, number),
            strict=True,
        ):
            radius = max(0.6, r * size * side)
            pen.ellipse((x - radius * 0.85, y - radius, x + radius * 0.85, y + radius), fill=int(150 + 75 * r))
        blurred = layer.filter(ImageFilter.GaussianBlur(max(0.4, soft * side / 1000)))
        air = mix(air, colour("#ffffff")[None, None], np.asarray(blurred, dtype=np.float32) / 255 * np.float32(share))
    return air


def rain(a: Array, k: float) -> Array:
    """Falling rain, a grey veil, darker ground."""
    wet = tone.muted(tone.darker(np.clip(a, 0, 1), 0.35), 0.6)
    veil = mix(wet, colour("#8f9aa6")[None, None], np.float32(min(0.35, 0.14 * k)))
    return streaks(veil, k)


def streaks(a: Array, k: float) -> Array:
    """Add slanting streaks in two depths."""
    height, width = a.shape[:2]
    side = max(height, width)
    veil = a
    random = np.random.default_rng(111)
    for length, count, share, broad in ((0.030, 1500, 0.22, 1), (0.062, 420, 0.34, 2)):
        layer = Image.new("L", (width, height))
        pen = ImageDraw.Draw(layer)
        number = max(1, int(count * k * width * height / 1e6))
        for x, y, r in zip(
            random.uniform(-0.1 * width, width * 1.1, number),
            random.uniform(-0.05 * height, height, number),
            random.uniform(0.6, 1.4, number),
            strict=True,
        ):
            reach = r * length * side
            pen.line(
                (x, y, x - reach * 0.20, y + reach), fill=int(120 + 95 * r), width=max(1, round(broad * side / 1300))
            )
        soft = layer.filter(ImageFilter.GaussianBlur(0.7 * side / 1000))
        veil = 1 - (1 - np.clip(veil, 0, 1)) * (
            1 - (np.asarray(soft, dtype=np.float32) / 255 * np.float32(share))[..., None] * colour("#e3eaf2")
        )
    return np.asarray(veil, dtype=np.float32)


def fog(a: Array, k: float) -> Array:
    """Mist that gathers towards the top of the picture, where the distance is, and drifts in banks."""
    height, width = a.shape[:2]
    _, y = grid((width, height))
    banks = noise((width, height), max(height, width) / 4, 121, 5, stretch=2.6)
    level = grey(a)
    # What is pale and smooth counts as far.
    far = 0.45 * smoothstep(level, 0.2, 0.8) + 0.65 * (1 - y) ** np.float32(0.8)
    thick = np.clip((0.30 + 0.75 * far) * (0.55 + 0.9 * banks) * np.float32(0.72 * k), 0, 0.94)
    hazy = mix(
        tone.muted(a, 0.8),
        np.stack([soften(np.ascontiguousarray(a[..., i]), max(1.0, max(a.shape) / 220)) for i in range(3)], axis=2),
        np.float32(0.5),
    )
    return mix(hazy, colour("#dfe3e6")[None, None] * np.ones_like(a), thick.astype(np.float32))


def winter(a: Array, k: float) -> Array:
    """Cold light, frost on what was green or bright, and a few flakes."""
    level = grey(a)
    green = np.clip((a[..., 1] - a[..., 2]) * 3, 0, 1) * smoothstep(a[..., 1] - a[..., 0], -0.15, 0.05)
    cold = tone.cooler(tone.muted(a, 1.0), 0.9)
    frost = colour_map(level ** np.float32(0.7), [(0, "#16202c"), (0.4, "#8ba0b5"), (0.75, "#e6eef6"), (1, "#ffffff")])
    frosted = mix(cold, frost, np.clip(green * 0.85 + 0.25 * smoothstep(level, 0.4, 0.9), 0, 1))
    return snow(frosted, 0.6)

"""Light and colour: operations that change every pixel's tone and no pixel's place.

May import: raster beside it, numpy. Each function takes colour floats and a strength (1 = a plain wish) and returns
colour floats, which may lie outside 0..1.
"""

from __future__ import annotations

import numpy as np

from .raster import Array, colour, colour_map, grey, grid, highest, lowest, mix, noise, smoothstep, soften


def brighter(a: Array, k: float) -> Array:
    """Lift the middle tones; black stays black and white stays white."""
    return np.asarray(1 - (1 - a) ** np.float32(1 + 0.55 * k))


def darker(a: Array, k: float) -> Array:
    """Lower the middle tones; black stays black and white stays white."""
    return np.asarray(a ** np.float32(1 + 0.6 * k))


def contrast(a: Array, k: float) -> Array:
    """Push light and dark apart around the picture's own middle."""
    middle = np.float32(np.clip(grey(a).mean(), 0.3, 0.7))
    return middle + (a - middle) * np.float32(1 + 0.4 * k)


def flatter(a: Array, k: float) -> Array:
    """Pull light and dark together."""
    middle = np.float32(grey(a).mean())
    return middle + (a - middle) * np.float32(1 / (1 + 0.5 * k))


def warmer(a: Array, k: float) -> Array:
    """Shift white towards candle light, keeping the brightness."""
    return _balance(a, (1 + 0.10 * k, 1 + 0.015 * k, max(0.1, 1 - 0.17 * k)))


def cooler(a: Array, k: float) -> Array:
    """Shift white towards shade light, keeping the brightness."""
    return _balance(a, (max(0.1, 1 - 0.13 * k), 1 + 0.0 * k, 1 + 0.17 * k))


def _balance(a: Array, gains: tuple[float, float, float]) -> Array:
    before = grey(a)
    out = a * np.array(gains, dtype=np.float32)
    return out * (before / np.maximum(grey(out), 1e-4))[..., None]


def saturated(a: Array, k: float) -> Array:
    """Strengthen colours, pale ones most, so that skin stays skin."""
    level = grey(a)[..., None]
    spread = (highest(a) - lowest(a))[..., None]
    return level + (a - level) * (1 + np.float32(0.65 * k) * (1 - 0.55 * spread))


def muted(a: Array, k: float) -> Array:
    """Weaken colours."""
    return mix(np.repeat(grey(a)[..., None], 3, axis=2), a, np.float32(max(0.0, 1 - 0.5 * k)))


def black_and_white(a: Array, k: float) -> Array:
    """Take the colour out; skies and foliage part a little more than plain luminance would have it."""
    level = a @ np.array([0.36, 0.52, 0.12], dtype=np.float32)
    return np.repeat((level + 0.08 * (smoothstep(level, 0.1, 0.9) - level))[..., None], 3, axis=2)


def sepia(a: Array, k: float) -> Array:
    """Brown print on cream paper."""
    return colour_map(grey(a), [(0, "#1f130b"), (0.35, "#6a4a2e"), (0.7, "#c29f73"), (1, "#fdf1d9")])


def vintage(a: Array, k: float) -> Array:
    """Faded colour print of the seventies: lifted blacks, yellow lights, weak blue."""
    out = muted(a, 0.55)
    low = np.array([0.12, 0.085, 0.11], dtype=np.float32)
    high = np.array([1.0, 0.93, 0.77], dtype=np.float32)
    out = low + smoothstep(out, -0.15, 1.15) * (high - low)
    return grain(vignette(out, 0.7), 0.5)


def noir(a: Array, k: float) -> Array:
    """Hard black and white with deep corners."""
    level = smoothstep(black_and_white(a, 1)[..., 0], 0.08, 0.85)
    out = np.repeat((level ** np.float32(1.15))[..., None], 3, axis=2)
    return grain(vignette(out, 1.4), 0.9)


def golden_hour(a: Array, k: float) -> Array:
    """Low sun: gold in the lights from one side, mauve in the shade."""
    level = grey(a)
    height, width = level.shape
    x, y = grid((width, height))
    sun = np.exp(-(((x - 0.85) / 0.55) ** 2 + ((y - 0.2) / 0.5) ** 2)).astype(np.float32)
    # In place where it can be: this runs on large photos.
    shade = (0.55 * (1 - smoothstep(level, 0.0, 0.55)))[..., None] * (colour("#b48fae") - 1) + 1
    out: Array = a * shade
    out *= np.array([1.16, 0.98, 0.70], dtype=np.float32)
    np.clip(out, 0, 1, out=out)
    light = ((0.10 + 0.42 * sun) * (0.35 + 0.65 * level))[..., None] * colour("#ff9d3c")
    np.subtract(1, light, out=light)
    light *= 1 - out
    return np.asarray(np.subtract(1, light, out=light))


def night(a: Array, k: float) -> Array:
    """Day for night: dim and blue, while what was brightest and warm still glows."""
    level = grey(a)
    bright = max(0.35, float(np.percentile(level[::4, ::4], 98)))
    stops = [(0, "#02040c"), (0.30, "#122348"), (0.62, "#40619a"), (1, "#c3d3ea")]
    dim = colour_map((level / bright) ** np.float32(1.4) * np.float32(0.74), stops)
    warmth = np.clip(a[..., 0] - a[..., 2], 0, 1) * smoothstep(level, 0.6, 0.95)
    lamps = soften(warmth, max(1.0, min(level.shape) / 60))
    out = mix(dim, saturated(a, 0.5) * np.float32(0.42 / bright), np.float32(0.28))
    return vignette(out + (warmth * 0.5 + lamps * 0.7)[..., None] * colour("#ffb45a"), 0.8)


def invert(a: Array, k: float) -> Array:
    """Negative."""
    return 1 - a


def vignette(a: Array, k: float) -> Array:
    """Darken the corners."""
    height, width = a.shape[:2]
    x, y = grid((width, height))
    distance = np.sqrt(((x - 0.5) / 0.5) ** 2 + ((y - 0.5) / 0.5) ** 2) / np.float32(2**0.5)
    return a * (1 - np.float32(min(0.95, 0.62 * k)) * smoothstep(distance, 0.42, 1.05))[..., None]


def grain(a: Array, k: float) -> Array:
    """Film grain: strongest in the middle tones."""
    height, width = a.shape[:2]
    random = np.random.default_rng(width * 7919 + height)
    speckle = random.standard_normal((height, width), dtype=np.float32)
    coarse = noise((width, height), max(2.0, max(width, height) / 500), 11, octaves=1) - 0.5
    level = grey(a)
    amount: Array = np.float32(0.055 * k) * (1.2 - np.abs(level - 0.5))
    film: Array = (speckle + coarse * 2.2) * amount
    return a + film[..., None]


def cinematic(a: Array, k: float) -> Array:
    """Teal shadows, orange lights."""
    level = smoothstep(grey(a), 0.15, 0.85)[..., None]
    tinted = a * mix(colour("#a8d4e0"), colour("#ffe0bc"), level) * np.float32(1.06)
    return vignette(contrast(tinted, 0.5), 0.4)


def dreamy(a: Array, k: float) -> Array:
    """Soft glow around the lights."""
    radius = max(1.0, max(a.shape[:2]) / 70)
    blurred = np.stack([soften(np.ascontiguousarray(a[..., i]), radius) for i in range(3)], axis=2)
    glow = 1 - (1 - np.clip(a, 0, 1)) * (1 - np.clip(blurred, 0, 1) ** np.float32(1.4) * np.float32(0.75))
    return flatter(glow, 0.15) * np.array([1.0, 0.985, 0.99], dtype=np.float32)


def dramatic(a: Array, k: float) -> Array:
    """Strengthen local contrast, as a tone-mapped photograph does."""
    level = grey(a)
    wide = soften(level, max(2.0, max(level.shape) / 22))
    near = soften(level, max(1.0, max(level.shape) / 160))
    target = np.clip(wide * 0.88 + (level - wide) * (1 + 0.55 * k) + (level - near) * 0.7 * k, 0.01, 1)
    ratio = target / np.maximum(level, 0.02)
    return vignette(muted(a * np.clip(ratio, 0.3, 2.2)[..., None], 0.25), 0.45)


def enhance(a: Array, k: float) -> Array:
    """Stretch tones to the full range, take out half of a colour cast, wake the colours."""
    thumb = a[:: max(1, a.shape[0] // 256), :: max(1, a.shape[1] // 256)]
    low, high = np.percentile(grey(thumb), (0.7, 99.3)).astype(np.float32)
    out = (a - low) / max(high - low, np.float32(0.25)) if high > low else a
    cast = thumb.reshape(-1, 3).mean(axis=0)
    out = out * (1 + 0.35 * (cast.mean() / np.maximum(cast, 0.05) - 1)).astype(np.float32)
    middle = float(np.clip(grey(np.clip(out, 0, 1)).mean(), 0.2, 0.8))
    lifted = np.clip(out, 0, 1) ** np.float32(np.log(0.5 + 0.55 * (middle - 0.5)) / np.log(middle))
    return saturated(lifted, 0.45)


def matte(a: Array, k: float) -> Array:
    """Faded blacks, soft lights."""
    return np.float32(0.09) + muted(a, 0.35) * np.float32(0.84)


def tint(a: Array, k: float, to: str) -> Array:
    """Wash the picture with the colour ``to`` (``#rrggbb``)."""
    target = colour(to)
    level = grey(a)[..., None]
    # Below mid-grey black runs into the colour, above it the colour runs into white.
    pivot = float(np.clip(grey(target[None, None])[0, 0], 0.12, 0.85))
    wash = np.where(level < pivot, target * (level / pivot), 1 - (1 - target) * (1 - level) / (1 - pivot))
    return mix(a, wash.astype(np.float32), np.float32(min(0.9, 0.5 * k)))


def autumn(a: Array, k: float) -> Array:
    """Turn foliage to rust and gold."""
    green = np.clip((a[..., 1] - a[..., 2]) * 3.2, 0, 1) * smoothstep(a[..., 1] - a[..., 0], -0.22, 0.02)
    gold = colour_map(grey(a) * 1.15, [(0, "#1d0d05"), (0.3, "#8a3a10"), (0.6, "#dd8a1f"), (1, "#ffe39a")])
    return warmer(mix(a, gold, soften(green, 1.5) * 0.9), 0.5)

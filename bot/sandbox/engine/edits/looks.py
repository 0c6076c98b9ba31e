"""Edits of light, colour and style: they change how a picture looks and keep its size.

Imports numpy and ``raster``. Each function takes colour floats and a strength (1 = a plain wish; for the four tones
-1 = a plain wish for the opposite) and returns colour floats, which may lie outside 0..1. Radii follow the picture's
size, so that a look is the same at every size.
"""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, colour_map, gauss, grey, noise, smoothstep, soften


def brighter(a: Array, k: float) -> Array:
    """Lift the middle tones, or lower them; black stays black and white stays white."""
    return np.asarray(1 - (1 - a) ** (1 + 0.55 * k) if k > 0 else a ** (1 - 0.6 * k))


def contrast(a: Array, k: float) -> Array:
    """Push light and dark apart around the picture's own middle, or pull them together."""
    middle = np.float32(np.clip(grey(a).mean(), 0.3, 0.7))
    return middle + (a - middle) * (1 + 0.4 * k if k > 0 else 1 / (1 - 0.5 * k))


def warmer(a: Array, k: float) -> Array:
    """Shift white towards candle light, or towards the light of shade, keeping the brightness."""
    out = a * np.maximum(0.1, 1 + k * np.array((0.115, 0.01, -0.17), dtype=np.float32))
    return np.asarray(out * (grey(a) / np.maximum(grey(out), 1e-4))[..., None])


def saturated(a: Array, k: float) -> Array:
    """Strengthen colours, pale ones most, so that skin stays skin; or weaken them."""
    level = grey(a)[..., None]
    spread: Array = np.ptp(a, axis=2)[..., None]
    return np.asarray(level + (a - level) * np.maximum(0, 1 + 0.65 * k * (1 - 0.55 * spread)))


def black_and_white(a: Array, k: float) -> Array:
    """Take the colour out; skies and foliage differ a little more than in plain luminance."""
    return np.repeat((a @ np.array([0.36, 0.52, 0.12], dtype=np.float32))[..., None], 3, axis=2)


def sepia(a: Array, k: float) -> Array:
    """Brown print on cream paper."""
    return colour_map(grey(a), [(0, "#1f130b"), (0.35, "#6a4a2e"), (0.7, "#c29f73"), (1, "#fdf1d9")])


def pencil(a: Array, k: float) -> Array:
    """Graphite: the picture divided by its own blur, hatched in the shadows, on toothed paper."""
    level, side, size = grey(a), max(a.shape[:2]), (a.shape[1], a.shape[0])
    line = np.clip(level / np.maximum(soften(level, max(2.0, side / 75)), 0.03), 0, 1) ** (1.5 + 0.5 * k)
    fine = np.clip(level / np.maximum(gauss(level, max(0.8, side / 420)), 0.03), 0, 1) ** 2.4
    hatch = noise(size, max(2.0, side / 300), 21, 2, stretch=7)
    shade = np.clip(1 - (1 - smoothstep(level, -0.25, 0.62)) * (0.35 + 0.75 * hatch), 0, 1)
    cell = max(2.0, side / 420)
    tooth = 1 + 0.10 * ((noise(size, cell, 3, 2) - 0.5) * 1.7 + (noise(size, cell * 14, 4, 3) - 0.5) * 0.4)
    drawn = np.clip(line * fine * shade * tooth, 0, 1)
    return colour_map(0.06 + 0.94 * drawn, [(0, "#2b2a2c"), (0.5, "#86847f"), (1, "#fbf9f3")])


def oil(a: Array, k: float) -> Array:
    """Short-brushed oil: flattened tones, bristle marks, and thick paint lit from the upper left."""
    side, size = max(a.shape[:2]), (a.shape[1], a.shape[0])
    flat = kuwahara(saturated(a, 0.45), max(3, round(side / 150 * min(k, 2))))
    flat = kuwahara(flat, max(2, round(side / 220)))
    bristle = noise(size, max(2.0, side / 330), 41, 2, stretch=5) - 0.5
    paint = contrast(flat, 0.2) * (1 + 0.10 * bristle)[..., None]
    thickness = grey(paint) + 0.16 * noise(size, max(2.0, side / 260), 42, 2, stretch=3)
    height = gauss(thickness, 0.8)
    rise = np.diff(height, axis=0, prepend=height[:1]) + np.diff(height, axis=1, prepend=height[:, :1])
    lit: Array = np.clip(1 - rise * (2.6 * side / 1000), 0.6, 1.45)
    return paint * lit[..., None]


def cartoon(a: Array, k: float) -> Array:
    """Flat tones in few steps, strong colour, dark contours."""
    side = max(a.shape[:2])
    flat = brighter(np.clip(a, 0, 1), 0.45)
    for radius in (side / 190, side / 260):
        flat = kuwahara(flat, max(2, round(radius)))
    level = grey(flat)
    whole = np.floor(level * 6)
    steps = (whole + smoothstep(level * 6 - whole, 0.35, 0.65)) / 6
    flat = flat * (np.clip(steps, 0.03, 1) / np.maximum(level, 0.03))[..., None]
    # Large light and shade are taken out first, so that contours in the dark are found as well.
    even = gauss(level, 0.8)
    even = (even - soften(even, side / 25)) * 0.9 + 0.66
    sigma = max(0.9, side / 560)
    edge = 16 * gauss(even, sigma) - 15 * gauss(even, 1.6 * sigma)
    contour = np.clip(np.where(edge >= 0.44, 1.0, 1 + np.tanh(9 * (edge - 0.44))), 0, 1)
    return saturated(flat, 0.75) * (0.12 + 0.88 * contour)[..., None]


def kuwahara(a: Array, radius_px: int) -> Array:
    """Flatten texture and keep edges: each pixel takes the calmest of the four neighbourhoods that touch it."""
    half = max(1, radius_px // 2)
    level = grey(a)
    sigma = 0.6 * half + 0.2
    average, square, tones = gauss(level, sigma), gauss(level * level, sigma), gauss(a, sigma)
    spread = np.pad(square - average * average, half, mode="edge")
    tones = np.pad(tones, ((half, half), (half, half), (0, 0)), mode="edge")
    # Two comparisons find the calmest of four: first above or below, then left or right.
    for _ in range(2):
        first, second = spread[: -2 * half], spread[2 * half :]
        tones = np.where((second < first)[..., None], tones[2 * half :], tones[: -2 * half]).swapaxes(0, 1)
        spread = np.minimum(first, second).T
    return tones

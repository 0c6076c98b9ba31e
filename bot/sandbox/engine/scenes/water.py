"""Water that mirrors what lies above it, and a sailing boat on it.

Imports numpy, ``raster``, ``canvas`` and ``sky``.
"""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour, mix, noise, smoothstep
from bot.sandbox.engine.scenes.canvas import Canvas
from bot.sandbox.engine.scenes.sky import Light

# Outlines around the mast's foot, in the boat's height, y downwards.
_MAIN = ((-0.02, -1), (-0.14, -0.76), (-0.26, -0.52), (-0.35, -0.30), (-0.39, -0.14), (-0.02, -0.14))
_JIB = ((0.01, -0.93), (0.13, -0.71), (0.25, -0.47), (0.34, -0.28), (0.38, -0.15), (0.03, -0.17))
_MAST = ((-0.008, -1.05), (0.006, -1.05), (0.008, -0.08), (-0.010, -0.08))
_HULL = ((-0.34, -0.075), (0.40, -0.095), (0.33, -0.04), (0.26, 0.02), (-0.24, 0.02), (-0.30, -0.01))


def water(canvas: Canvas, light: Light, horizon: float, *, calm: float = 0.5, deep: str = "#12304a") -> None:
    """Fill everything below ``horizon``. ``calm``: 1 is a lake at dawn, 0 a rough sea."""
    top = int(horizon * canvas.height)
    rows = canvas.height - top
    if rows < 4:
        return
    depth = (canvas.rows[:rows] + 0.5) / rows
    waves = _waves(canvas, depth, calm)
    lift = canvas.rows[:rows] * 0.92 + waves * (0.01 + 0.10 * depth) * canvas.height
    source_y = np.clip(top - 1 - lift, 0, top - 1).astype(np.int32)
    shift = waves * (0.004 + 0.035 * depth) * canvas.unit * (1.4 - calm)
    source_x = np.clip(np.arange(canvas.width)[None, :] + shift, 0, canvas.width - 1).astype(np.int32)
    mirror = canvas.pixels[source_y, source_x]
    seen = np.clip(0.82 - 0.50 * depth**0.8 + 0.14 * calm + waves * 0.45, 0.05, 1)
    body = colour(deep) * (0.35 + 0.65 * light.ambient)
    canvas.pixels[top:] = mix(body, mirror * colour("#e9eef2"), seen)
    _glitter(canvas, light, top, depth, waves)


def _waves(canvas: Canvas, depth: Array, calm: float) -> Array:
    """Return wave heights around 0; waves are small and dense at the horizon, large in front."""
    size = (canvas.width, len(depth))
    height: Array = np.zeros(size[::-1], dtype=np.float32)
    for salt, (cell, low, high) in enumerate(((0.004, 0.0, 0.18), (0.010, 0.05, 0.5), (0.022, 0.25, 1.2))):
        layer = noise(size, max(1.6, canvas.unit * cell), canvas.seed + 300 + salt, 3, stretch=6.5) - 0.5
        height += layer * np.exp(-(((depth - (low + high) / 2) / (0.6 * (high - low))) ** 2))
    return height * (1.9 - 1.35 * calm)


def _glitter(canvas: Canvas, light: Light, top: int, depth: Array, waves: Array) -> None:
    """Paint the sun's reflection: broken bands that widen towards the viewer, and crests that mirror the sky."""
    off = np.abs(canvas.x - light.sun_x) * canvas.width / ((0.03 + 0.20 * depth) * canvas.unit)
    crest = smoothstep(waves, 0.02, 0.30)
    path = np.exp(-(off**1.6)) * (0.25 * (1 - depth) ** 2 + crest * (1.05 - 0.45 * depth))
    strength = min(1.0, 0.35 + 0.75 * light.glow) if light.glow > 0.2 else 0.12
    glow = np.clip(path * strength, 0, 1)[..., None] * colour("#cfdcf5" if light.moon else light.sun)
    lit = 1 - (1 - np.clip(canvas.pixels[top:], 0, 1)) * (1 - glow)
    crests = smoothstep(waves, 0.22, 0.5) * (0.16 + 0.10 * light.ambient)
    canvas.pixels[top:] = mix(lit, colour(light.sky[-1][1]), crests)


def sailboat(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    """Set a boat with its reflection at (x, y), shares of the canvas; ``size`` in units."""
    px, py, s = x * canvas.width, y * canvas.height, size * canvas.unit
    cloth = blend("#fdf6e6", light.lit, 0.40, 0.30 + 0.70 * max(light.ambient, 0.75 * light.glow))
    across = (canvas.x * canvas.width - px) / s * (-1.0 if light.sun_x < x else 1.0)
    bright = np.clip(0.72 + 0.8 * across, 0.30, 1.05) * np.ones_like(canvas.y)
    sail = mix(blend(light.shade, light.sky[1][1], 0.5), cloth, bright)
    wood, red = blend("#3a2a20", light.shade, 0.4), blend("#8e2f2a", light.shade, 0.55 - 0.4 * light.ambient)
    ripple = smoothstep(noise(canvas.size, max(2.0, canvas.unit * 0.010), canvas.seed + 520, 2, stretch=7), 0.30, 0.56)
    reflection = ripple * smoothstep(canvas.y, y + s / canvas.height * 1.1, y) * 0.7
    for up, share in ((-1, reflection), (1, np.ones_like(ripple))):
        for outline, paint in ((_JIB, sail * 0.94), (_MAIN, sail), (_MAST, wood), (_HULL, red)):
            canvas.fill(canvas.drawn([[(px + dx * s, py + up * dy * s) for dx, dy in outline]]) * share, paint)

"""Water that mirrors what lies above it, and a sailing boat on it.

Imports numpy, ``raster``, ``canvas`` and ``light``.
"""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour, mix, noise, smoothstep
from bot.sandbox.engine.scenes.canvas import Canvas, Point
from bot.sandbox.engine.scenes.light import Light

_T = [float(t) for t in np.linspace(0, 1, 14)]
_BULGE = [float(np.sin(t * np.pi)) for t in _T]
# Outlines around the mast's foot, in the boat's height, y downwards.
_HULL = [(-0.34, -0.075), (0.40, -0.095), *((0.40 - 0.14 * t, -0.095 + 0.115 * t**0.7) for t in _T)]
_HULL += [(0.26 - 0.50 * t, 0.02) for t in _T] + [(-0.24 - 0.10 * t, 0.02 - 0.095 * t**1.3) for t in _T]
_MAIN = [(-0.02, -1.0), *((-0.02 - 0.30 * t - 0.10 * b, 0.86 * t - 1) for t, b in zip(_T, _BULGE, strict=True))]
_MAIN += [(-0.02, -0.14)]
_JIB = [(0.01, -0.93), *((0.01 + 0.36 * t + 0.045 * b, 0.80 * t - 0.93) for t, b in zip(_T, _BULGE, strict=True))]
_JIB += [(0.03, -0.17)]
_MAST = [(-0.008, -1.05), (0.006, -1.05), (0.008, -0.08), (-0.010, -0.08)]


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

    def put(points: list[Point], *, mirrored: bool = False) -> list[Point]:
        return [(px + dx * s, py + (0.04 - dy if mirrored else dy) * s) for dx, dy in points]

    ripple = smoothstep(noise(canvas.size, max(2.0, canvas.unit * 0.010), canvas.seed + 520, 2, stretch=7), 0.36, 0.56)
    fade = smoothstep(canvas.y, y + s / canvas.height * 1.1, y)
    cloth = blend("#f6ecd8", light.lit, 0.4, 0.3 + 0.6 * max(light.ambient, 0.7 * light.glow))
    sails = canvas.polygons([put(_MAIN, mirrored=True), put(_JIB, mirrored=True)], 1.5)
    canvas.fill(sails * ripple * fade, cloth, 0.8)
    below = canvas.polygon(put(_HULL, mirrored=True), 1.5) * (0.4 + 0.6 * ripple)
    canvas.fill(below, blend("#5a1f20", light.shade, 0.6), 0.75)
    across = (canvas.x * canvas.width - px) / s * (-1.0 if light.sun_x < x else 1.0)
    bright = np.clip(0.72 + 0.8 * across, 0.30, 1.05) * np.ones_like(canvas.y)
    cloth = blend("#fdf6e6", light.lit, 0.40, 0.30 + 0.70 * max(light.ambient, 0.75 * light.glow))
    sail = mix(blend(light.shade, light.sky[1][1], 0.5), cloth, bright)
    canvas.fill(canvas.polygon(put(_JIB)), sail * 0.94)
    canvas.fill(canvas.polygon(put(_MAIN)), sail)
    canvas.fill(canvas.polygon(put(_MAST)), blend("#3a2a20", light.shade, 0.4))
    canvas.fill(canvas.polygon(put(_HULL)), blend("#8e2f2a", light.shade, 0.55 - 0.4 * light.ambient))

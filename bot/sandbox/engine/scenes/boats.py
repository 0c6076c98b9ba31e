"""A sailing boat with its reflection. May import: canvas, light, raster, numpy."""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import blend, mix, noise, smoothstep
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


def sailboat(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    """Set a boat with its reflection at (x, y), shares of the canvas; ``size`` in units."""
    px, py, s = x * canvas.width, y * canvas.height, size * canvas.unit

    def put(points: list[Point]) -> list[Point]:
        return [(px + dx * s, py + dy * s) for dx, dy in points]

    def mirrored(points: list[Point]) -> list[Point]:
        return put([(dx, 0.04 - dy) for dx, dy in points])

    ripple = smoothstep(noise(canvas.size, max(2.0, canvas.unit * 0.010), canvas.seed + 520, 2, stretch=7), 0.36, 0.56)
    fade = smoothstep(canvas.y, y + s / canvas.height * 1.1, y)
    cloth = blend("#f6ecd8", light.lit, 0.4, 0.3 + 0.6 * max(light.ambient, 0.7 * light.glow))
    canvas.fill(canvas.polygons([mirrored(_MAIN), mirrored(_JIB)], 1.5) * ripple * fade, cloth, 0.8)
    below = canvas.polygon(mirrored(_HULL), 1.5) * (0.4 + 0.6 * ripple)
    canvas.fill(below, blend("#5a1f20", light.shade, 0.6), 0.75)
    across = (canvas.x * canvas.width - px) / s * (-1.0 if light.sun_x < x else 1.0)
    bright = np.clip(0.72 + 0.8 * across, 0.30, 1.05) * np.ones_like(canvas.y)
    cloth = blend("#fdf6e6", light.lit, 0.40, 0.30 + 0.70 * max(light.ambient, 0.75 * light.glow))
    dark = blend(light.shade, light.sky[1][1], 0.5)
    sail = mix(dark[None, None], cloth[None, None], bright.astype(np.float32))
    canvas.fill(canvas.polygon(put(_JIB)), sail * np.float32(0.94))
    canvas.fill(canvas.polygon(put(_MAIN)), sail)
    canvas.fill(canvas.polygon(put(_MAST)), blend("#3a2a20", light.shade, 0.4))
    canvas.fill(canvas.polygon(put(_HULL)), blend("#8e2f2a", light.shade, 0.55 - 0.4 * light.ambient))

"""Sailing boats, with or without their reflection. May import: canvas, light, raster, numpy."""

from __future__ import annotations

import numpy as np

from ..raster import colour, mix, noise, smoothstep
from .canvas import Canvas, Point
from .light import Light


def sailboat(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    """Set a boat with its reflection at (x, y), shares of the canvas; ``size`` in units."""
    _reflected(canvas, light, x, y, size)
    sails(canvas, light, x, y, size)


def _parts(
    canvas: Canvas, x: float, y: float, size: float
) -> tuple[list[Point], list[Point], list[Point], list[Point]]:
    px, py, s = x * canvas.width, y * canvas.height, size * canvas.unit
    curve = np.linspace(0, 1, 14)
    hull = [(px - 0.34 * s, py - 0.075 * s), (px + 0.40 * s, py - 0.095 * s)]
    hull += [(px + (0.40 - 0.14 * t) * s, py + (-0.095 + 0.115 * t**0.7) * s) for t in curve]
    hull += [(px + (0.26 - 0.50 * t) * s, py + 0.02 * s) for t in curve]
    hull += [(px + (-0.24 - 0.10 * t) * s, py + (0.02 - 0.095 * t**1.3) * s) for t in curve]
    main = [(px - 0.02 * s, py - 1.0 * s)]
    main += [(px - (0.02 + 0.30 * t + 0.10 * np.sin(t * np.pi)) * s, py - (1.0 - 0.86 * t) * s) for t in curve]
    main += [(px - 0.02 * s, py - 0.14 * s)]
    jib = [(px + 0.01 * s, py - 0.93 * s)]
    jib += [(px + (0.01 + 0.36 * t + 0.045 * np.sin(t * np.pi)) * s, py - (0.93 - 0.80 * t) * s) for t in curve]
    jib += [(px + 0.03 * s, py - 0.17 * s)]
    mast = [
        (px - 0.008 * s, py - 1.05 * s),
        (px + 0.006 * s, py - 1.05 * s),
        (px + 0.008 * s, py - 0.08 * s),
        (px - 0.010 * s, py - 0.08 * s),
    ]
    return hull, main, jib, mast


def sails(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    """Draw hull and sails at (x, y), shares of the canvas; ``size`` in units."""
    hull, main, jib, mast = _parts(canvas, x, y, size)
    px = x * canvas.width
    across = (canvas.x * canvas.width - px) / (size * canvas.unit)
    sun = -1.0 if light.sun_x < x else 1.0
    bright = np.clip(0.72 + 0.8 * across * sun, 0.30, 1.05) * np.ones_like(canvas.y)
    cloth = mix(colour("#fdf6e6"), colour(light.lit), 0.40) * np.float32(
        0.30 + 0.70 * max(light.ambient, 0.75 * light.glow)
    )
    shadow = mix(colour(light.shade), colour(light.sky[1][1]), 0.5)
    sail = mix(shadow[None, None], cloth[None, None], bright.astype(np.float32))
    canvas.fill(canvas.polygon(jib), sail * np.float32(0.94))
    canvas.fill(canvas.polygon(main), sail)
    canvas.fill(canvas.polygon(mast), mix(colour("#3a2a20"), colour(light.shade), 0.4)[None, None])
    red = mix(colour("#8e2f2a"), colour(light.shade), 0.55 - 0.4 * light.ambient)
    canvas.fill(canvas.polygon(hull), red[None, None])


def _reflected(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    """Lay a broken, darkened mirror image under a boat."""

    def mirror(points: list[Point]) -> list[Point]:
        return [(px, 2 * (y * canvas.height + 0.02 * size * canvas.unit) - py) for px, py in points]

    hull, main, jib, _ = _parts(canvas, x, y, size)
    ripple = smoothstep(noise(canvas.size, max(2.0, canvas.unit * 0.010), canvas.seed + 520, 2, stretch=7), 0.36, 0.56)
    fade = smoothstep(canvas.y, y + size * canvas.unit / canvas.height * 1.1, y)
    cloth = mix(colour("#f6ecd8"), colour(light.lit), 0.4) * np.float32(
        0.3 + 0.6 * max(light.ambient, 0.7 * light.glow)
    )
    canvas.fill(canvas.polygons([mirror(main), mirror(jib)], 1.5) * ripple * fade, cloth[None, None], 0.8)
    canvas.fill(
        canvas.polygon(mirror(hull), 1.5) * (0.4 + 0.6 * ripple),
        mix(colour("#5a1f20"), colour(light.shade), 0.6)[None, None],
        0.75,
    )

"""The sea, beaches and sailing. May import: boats, canvas, light, sky, water, raster, numpy."""

from __future__ import annotations

import numpy as np

from ..raster import colour, mix, smoothstep
from .boats import sailboat, sails
from .canvas import Canvas
from .light import Light
from .sky import birds, lightning, sky
from .water import water


def sea(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """Open water under a large sky; with palms and sand where the prompt names a beach."""
    horizon = 0.56
    sky(canvas, light, horizon, extras)
    if weather == "storm":
        lightning(canvas, 0.68, horizon)
    island = canvas.ridge(horizon - 0.004, 0.022, 0.3, 501)
    low = smoothstep(np.abs(canvas.x[0] - 0.78), 0.10, 0.26) * 0.05 * canvas.height
    canvas.fill(
        canvas.below(np.minimum(island + low, horizon * canvas.height + 1).astype(np.float32)),
        mix(colour(light.haze), colour(light.shade), 0.45)[None, None],
    )
    turquoise = "#0f7f96" if "palms" in extras and light.ambient > 0.6 else "#12354f"
    water(canvas, light, horizon, calm=0.05 if weather == "storm" else 0.45, deep=turquoise)
    if "boat" in extras:
        sailboat(canvas, light, 0.34, 0.64, 0.16)
    if "palms" in extras:
        _beach(canvas, light)
    if weather not in {"storm", "rain"} and not light.moon:
        birds(canvas, 0.62, 0.28, 6, light.shade)


def boat(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """A sailing boat on calm water, hills behind."""
    horizon = 0.60
    sky(canvas, light, horizon, extras)
    if weather == "storm":
        lightning(canvas, 0.8, horizon)
    for index, (base, far) in enumerate(((0.585, 0.62), (0.598, 0.38))):
        hill = canvas.ridge(base, 0.045 - 0.012 * index, 0.4, 511 + index)
        canvas.fill(
            canvas.below(np.minimum(hill, horizon * canvas.height + 1).astype(np.float32)),
            mix(mix(colour(light.shade), colour("#3a5a50"), 0.4 * light.ambient), colour(light.haze), far)[None, None],
        )
    sails(canvas, light, 0.78, horizon + 0.012, 0.085)
    water(canvas, light, horizon, calm=0.2 if weather == "storm" else 0.8)
    sailboat(canvas, light, 0.50, 0.70, 0.36)
    if not light.moon and weather not in {"storm", "rain"}:
        birds(canvas, 0.25, 0.24, 5, light.shade)


def _beach(canvas: Canvas, light: Light) -> None:
    """Sand in front with the last wave's edge, and two leaning palms."""
    x = canvas.x[0]
    line = ((0.86 + 0.05 * np.sin(x * 3.2 + 0.6) + 0.012 * np.sin(x * 17)) * canvas.height).astype(np.float32)
    near = canvas.below(line)
    share = np.float32(0.30 + 0.70 * max(light.ambient, 0.6 * light.glow))
    grain = canvas.noise(max(2.0, canvas.unit * 0.004), 531, 2) - 0.5
    sand = mix(colour("#e9cf9f"), colour(light.lit), 0.30) * share
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    wet = np.exp(-np.clip(rows - line[None, :], 0, None) / (0.030 * canvas.height))
    tone = sand[None, None] * (1 + 0.20 * grain - 0.38 * wet)[..., None]
    canvas.fill(near, tone.astype(np.float32))
    foam = np.exp(-(((rows - line[None, :]) / (0.006 * canvas.height)) ** 2)) * smoothstep(
        canvas.noise(canvas.unit * 0.02, 532, 3, 2), 0.3, 0.6
    )
    canvas.fill(foam.astype(np.float32), (np.ones(3, dtype=np.float32) * share)[None, None], 0.85)
    dark = mix(colour(light.shade), colour("#20341f"), 0.5 * light.ambient)
    for foot, lean, tall in ((0.86, -0.17, 0.62), (0.95, -0.05, 0.50)):
        _palm(canvas, dark[None, None], foot, lean, tall)


def _palm(canvas: Canvas, tone: np.ndarray, foot: float, lean: float, tall: float) -> None:
    random = np.random.default_rng(canvas.seed + int(foot * 100))
    px, py, s = foot * canvas.width, 0.94 * canvas.height, tall * canvas.unit
    t = np.linspace(0, 1, 24)
    spine = [(px + lean * s * v**1.7, py - s * v) for v in t]
    wide = [s * (0.020 - 0.009 * v) for v in t]
    trunk = [(a - w, b) for (a, b), w in zip(spine, wide, strict=True)] + [
        (a + w, b) for (a, b), w in zip(spine, wide, strict=True)
    ][::-1]
    shapes = [trunk]
    cx, cy = spine[-1]
    for angle in np.linspace(-2.9, 0.35, 9) + random.normal(0, 0.10, 9):
        reach = s * random.uniform(0.30, 0.38)
        rib = [
            (cx + np.cos(angle) * reach * v, cy + np.sin(angle) * reach * v + reach * 0.62 * v**2.2)
            for v in np.linspace(0, 1, 18)
        ]
        for index in range(1, 18):
            (ax, ay), (bx, by) = rib[index - 1], rib[index]
            span = reach * 0.24 * np.sin(np.pi * (index / 18) ** 0.7) + 1
            shapes.append(
                [(ax, ay), (bx, by), (bx + (bx - cx) * 0.06, by + span), (ax + (ax - cx) * 0.02, ay + span * 0.2)]
            )
            shapes.append([(ax, ay), (bx, by), (bx + (bx - cx) * 0.10, by - span * 0.22)])
    canvas.fill(canvas.polygons(shapes), tone)

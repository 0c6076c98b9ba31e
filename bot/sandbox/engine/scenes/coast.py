"""The sea, beaches and boats. May import: canvas, light, sky, water, raster, numpy."""

from __future__ import annotations

import numpy as np

from ..raster import colour, mix, noise, smoothstep
from .canvas import Canvas, Point
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
    _sails(canvas, light, 0.78, horizon + 0.012, 0.085)
    water(canvas, light, horizon, calm=0.2 if weather == "storm" else 0.8)
    sailboat(canvas, light, 0.50, 0.70, 0.36)
    if not light.moon and weather not in {"storm", "rain"}:
        birds(canvas, 0.25, 0.24, 5, light.shade)


def sailboat(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    """Set a boat with its reflection at (x, y), shares of the canvas; ``size`` in units."""
    _reflected(canvas, light, x, y, size)
    _sails(canvas, light, x, y, size)


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


def _sails(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
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

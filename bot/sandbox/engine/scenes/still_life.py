"""Fruit on a table by a window. Imports numpy, ``raster`` and ``canvas``.

Fruits and bowl are solids of revolution: a profile of half-widths from top to bottom, lit from the left.
"""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour_map, noise, soften
from bot.sandbox.engine.scenes.canvas import Canvas

# Half-widths at places from the top (-1) to the bottom (1).
_V = np.linspace(-1, 1, 241)
_ROUND = np.sqrt(1 - _V**2)
_APPLE = _ROUND**0.8 * (0.98 - 0.10 * _V)
_PEAR = _ROUND**0.8 * (0.60 + 0.32 * np.tanh(3 * _V - 0.3))
_BOWL = np.maximum(np.sqrt(1 - ((_V + 1) / 2.02) ** 2), 0.40)
_SUN = "#fff6dc"
_FROM = (-0.62, -0.55, 0.56)
# The three colours of a skin: in the shade, in the light, and at the brightest place.
_RED, _GREEN = ("#6f1015", "#c8262b", "#f2764f"), ("#5d7d1c", "#a9c23d", "#e6e98a")
_ORANGE, _LEMON = ("#a6480b", "#f08a1d", "#ffc66b"), ("#b07408", "#f3bf2c", "#ffe98f")
_PLUM, _YELLOW = ("#1d1030", "#4d2f6b", "#9a83b8"), ("#6d6a17", "#c9b83b", "#f4eb9c")
_CHINA = ("#27506e", "#7fa3b8", "#ffffff")


def still_life(canvas: Canvas) -> None:
    """A bowl of oranges and apples, with a pear, an apple and plums before it."""
    u, random = 1.1 * canvas.unit, np.random.default_rng(canvas.seed + 700)
    table, x = 0.56 * canvas.height, 0.5 * canvas.width + float(random.uniform(-0.03, 0.03)) * u
    _room(canvas, table)
    foot = table + 0.20 * u
    rim = foot - 0.185 * u
    mouth = canvas.ellipse(x, rim, 0.262 * u, 0.048 * u)
    _shadow(canvas, x + 0.05 * u, foot, 0.24 * u)
    canvas.fill(mouth, "#20303a")
    skins = ((_ROUND, _ORANGE), (_APPLE, _RED), (_APPLE, _GREEN), (_ROUND, _LEMON))
    order = random.permutation(4)
    for at, (dx, dy) in zip(order, ((0.03, -0.105), (-0.15, -0.04), (0.155, -0.045), (0.005, -0.03)), strict=True):
        r = float(random.uniform(0.088, 0.1)) * u
        _solid(canvas, x + dx * u, rim + dy * u, r, r * 0.95, *skins[at])
    # The viewer looks into the bowl from above, so the front wall leaves its mouth free.
    _solid(canvas, x, rim + 0.092 * u, 0.262 * u, 0.094 * u, _BOWL, _CHINA, shown=1 - mouth)
    canvas.fill(np.clip(canvas.ellipse(x, rim + 0.005 * u, 0.264 * u, 0.050 * u) - mouth, 0, 1), "#dcdcd4")
    for dx, dy, r, tall, profile, skin in (
        (0.30, 0.015, 0.115, 0.165, _PEAR, _YELLOW), (-0.29, 0.045, 0.086, 0.084, _APPLE, _RED),
        (-0.13, 0.085, 0.056, 0.054, _ROUND, _PLUM), (-0.02, 0.108, 0.054, 0.052, _ROUND, _PLUM),
    ):  # fmt: skip
        _shadow(canvas, x + (dx + 0.03) * u, foot + dy * u, r * u * 0.95)
        _solid(canvas, x + dx * u, foot + (dy - tall) * u, r * u, tall * u, profile, skin)


def _room(canvas: Canvas, table: float) -> None:
    """Paint the wall with the window's light on it, and the wooden table."""
    w, h, u = canvas.width, canvas.height, canvas.unit
    falling = 1.12 - 0.55 * canvas.x - 0.18 * canvas.y + 0.10 * (canvas.noise(u * 0.3, 701, 4) - 0.5)
    canvas.pixels = blend("#cbbd9f", "#25384a", 0.30) * (falling * 1.16)[..., None]
    corners = ((0, 0), (0.13, 0.02), (0.186, 0.2075), (0.056, 0.1875))
    places = [(0.14 * w + x * u, 0.08 * h + y * u) for x in (0, 0.15) for y in (0, 0.19)]
    panes = [[(left + x * u, top + y * u) for x, y in corners] for left, top in places]
    canvas.shine(soften(canvas.drawn(panes), 0.012 * u), _SUN, 0.22)
    down = np.clip((canvas.y * h - table) / (h - table), 0, 1)
    grain = canvas.noise(u * 0.03, 702, 4, 14) - 0.5 + 0.5 * (canvas.noise(u * 0.35, 703, 2, 3) - 0.5)
    wood = colour_map(0.55 + 0.25 * down + 0.55 * grain, [(0, "#3a2113"), (0.5, "#7d4f2c"), (1, "#c1905a")])
    canvas.fill(canvas.box(-1, table, w + 2, h), wood * (1.0 - 0.44 * canvas.x)[..., None])


def _shadow(canvas: Canvas, x: float, y: float, wide: float) -> None:
    """Paint the shadow of a thing that stands at (x, y) px, away from the light."""
    for reach, share in ((0.42, 0.62), (1.0, 0.40)):
        blot = canvas.ellipse(x + wide * reach * 0.55, y, wide * (0.92 + reach * 0.35), wide * 0.26)
        canvas.fill(soften(blot, wide * 0.16), "#120b0a", share)


def _solid(
    canvas: Canvas, x: float, y: float, half: float, tall: float, profile: Array, skin: tuple[str, str, str],
    shown: Array | float = 1.0,
) -> None:  # fmt: skip
    """Paint the solid that ``profile`` makes when it turns around the upright axis through (x, y) px.

    It reaches ``half`` px to each side and ``tall`` px up and down. ``shown``: a mask of what is not hidden.
    """
    v = (canvas.y * canvas.height - y) / tall
    width, slope = np.interp(v, _V, profile), np.interp(v, _V, np.gradient(profile, _V)) * half / tall
    off = canvas.x * canvas.width - x
    across = np.clip(off / np.maximum(half * width, 1e-3), -1, 1)
    depth, length = np.sqrt(1 - across**2), np.sqrt(1 + slope**2)
    facing = (across * _FROM[0] - slope * _FROM[1] + depth * _FROM[2]) / length
    # The highlight lies where the surface faces halfway between the light and the viewer.
    shine = np.clip((across * _FROM[0] * 0.7 - slope * _FROM[1] * 0.7 + depth * 0.88) / length, 0, 1) ** 42
    grain = (noise(canvas.size, max(2.0, half * 0.06), canvas.seed + int(x), 3) - 0.5) * 0.10
    level = np.clip(0.10 + 0.78 * np.clip(facing, -0.1, 1) + grain + 0.10 * np.clip(v, 0, 1), 0, 1)
    paint = colour_map(level, list(zip((0, 0.55, 1), skin, strict=True))) * (0.52 + 0.47 * level)[..., None]
    body = np.clip(half * width - np.abs(off) + 0.5, 0, 1) * np.clip((1 - np.abs(v)) * tall + 0.5, 0, 1) * shown
    canvas.fill(body, paint)
    canvas.shine(shine * body, "#fffdf4", 0.45)
    if profile is _APPLE or profile is _PEAR:
        top = y - tall * 0.97
        stem = [(x, top), (x + half * 0.06, top - tall * 0.16), (x + half * 0.16, top - tall * 0.24)]
        canvas.fill(canvas.drawn([stem], max(1.0, half * 0.07)), "#3b2816")

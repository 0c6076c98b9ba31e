"""Fruit on a table by a window. Imports numpy, ``raster`` and ``canvas``.

Fruits and bowl are solids of revolution: a profile of half-widths from top to bottom, lit from the left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour_map, noise
from bot.sandbox.engine.scenes.canvas import Canvas

_APPLE = (0.12, 0.74, 0.92, 0.99, 1.0, 0.98, 0.92, 0.80, 0.58, 0.22)
_PEAR = (0.0, 0.25, 0.31, 0.36, 0.44, 0.56, 0.69, 0.77, 0.77, 0.64, 0.24)
_ROUND = tuple(float(np.sqrt(1 - at**2)) for at in np.linspace(-1, 1, 41))
_BOWL = (1.0, 0.985, 0.95, 0.90, 0.82, 0.71, 0.57, 0.42, 0.36, 0.37)
_SUN = "#fff6dc"
_FROM = (-0.62, -0.55, 0.56)
_PLACES = np.linspace(-1, 1, 241)
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
    canvas.fill(mouth, _lit("#35546b", 0.45))
    skins = ((_ROUND, _ORANGE), (_APPLE, _RED), (_APPLE, _GREEN), (_ROUND, _LEMON))
    order = random.permutation(4)
    for at, (dx, dy) in zip(order, ((0.03, -0.105), (-0.15, -0.04), (0.155, -0.045), (0.005, -0.03)), strict=True):
        r = float(random.uniform(0.088, 0.1)) * u
        _solid(canvas, x + dx * u, rim + dy * u, r, r * 0.95, *skins[at])
    # The viewer looks into the bowl from above, so the front wall leaves its mouth free.
    _solid(canvas, x, rim + 0.092 * u, 0.262 * u, 0.094 * u, _BOWL, _CHINA, gloss=0.8, hidden=mouth)
    lip = np.clip(canvas.ellipse(x, rim + 0.005 * u, 0.264 * u, 0.050 * u) - mouth, 0, 1)
    canvas.fill(lip, _lit("#eef4f7", 1.0))
    for dx, dy, r, tall, profile, skin in (
        (0.30, 0.015, 0.115, 0.165, _PEAR, _YELLOW), (-0.29, 0.045, 0.086, 0.084, _APPLE, _RED),
        (-0.13, 0.085, 0.056, 0.054, _ROUND, _PLUM), (-0.02, 0.108, 0.054, 0.052, _ROUND, _PLUM),
    ):  # fmt: skip
        left = x + (dx + float(random.uniform(-0.015, 0.015))) * u
        _shadow(canvas, left + 0.03 * u, foot + dy * u, r * u * 0.95)
        _solid(canvas, left, foot + (dy - tall) * u, r * u, tall * u, profile, skin)


def _room(canvas: Canvas, table: float) -> None:
    """Paint the wall with the window's light on it, and the wooden table."""
    w, h, u = canvas.width, canvas.height, canvas.unit
    falling = 1.12 - 0.55 * canvas.x - 0.18 * canvas.y + 0.10 * (canvas.noise(u * 0.3, 701, 4) - 0.5)
    canvas.pixels = blend("#cbbd9f", "#25384a", 0.30) * (falling * 1.16)[..., None]
    corners = ((0, 0), (0.13, 0.02), (0.186, 0.2075), (0.056, 0.1875))
    places = [(0.14 * w + x * u, 0.08 * h + y * u) for x in (0, 0.15) for y in (0, 0.19)]
    panes = [[(left + x * u, top + y * u) for x, y in corners] for left, top in places]
    canvas.shine(canvas.polygons(panes, 0.012 * u), _SUN, 0.22)
    down = np.clip((canvas.y * h - table) / (h - table), 0, 1)
    grain = canvas.noise(u * 0.03, 702, 4, 14) - 0.5 + 0.5 * (canvas.noise(u * 0.35, 703, 2, 3) - 0.5)
    wood = colour_map(0.55 + 0.25 * down + 0.55 * grain, [(0, "#3a2113"), (0.5, "#7d4f2c"), (1, "#c1905a")])
    lit = blend("#ffffff", _SUN, 0.5, 0.895)
    side = (1.15 - 0.5 * canvas.x)[..., None] * np.ones_like(canvas.y)[..., None]
    canvas.fill(canvas.below(np.full(w, table, dtype=np.float32)), wood * lit * side)
    edge = np.exp(-(((canvas.y * h - table - 0.004 * u) / (0.004 * u)) ** 2)) * (1.1 - canvas.x)
    canvas.shine(edge, _SUN, 0.35)


def _lit(tone: str, share: float) -> Array:
    """Return a colour as it looks in this light."""
    return blend(tone, _SUN, 0.18, share * 0.90)


def _shadow(canvas: Canvas, x: float, y: float, wide: float) -> None:
    """Paint the shadow of a thing that stands at (x, y) px, away from the light."""
    for reach, share in ((0.42, 0.62), (1.0, 0.40)):
        blot = canvas.ellipse(x + wide * reach * 0.55, y, wide * (0.92 + reach * 0.35), wide * 0.26, wide * 0.16)
        canvas.fill(blot, "#120b0a", share)


def _solid(
    canvas: Canvas, x: float, y: float, half: float, tall: float, profile: Sequence[float],
    skin: tuple[str, str, str], gloss: float = 0.45, hidden: Array | None = None,
) -> None:  # fmt: skip
    """Paint the solid that ``profile`` makes when it turns around the upright axis through (x, y) px.

    It reaches ``half`` px to each side and ``tall`` px up and down. ``hidden``: the mask of what is not painted.
    """
    v = (canvas.y * canvas.height - y) / tall
    smooth = _smooth(profile)
    width, slope = np.interp(v, _PLACES, smooth), np.interp(v, _PLACES, np.gradient(smooth, _PLACES)) * half / tall
    off = canvas.x * canvas.width - x
    across = np.clip(off / np.maximum(half * width, 1e-3), -1, 1)
    depth, length = np.sqrt(1 - across**2), np.sqrt(1 + slope**2)
    facing = (across * _FROM[0] - slope * _FROM[1] + depth * _FROM[2]) / length
    # The highlight lies where the surface faces halfway between the light and the viewer.
    shine = np.clip((across * _FROM[0] * 0.7 - slope * _FROM[1] * 0.7 + depth * 0.88) / length, 0, 1) ** 42
    grain = (noise(canvas.size, max(2.0, half * 0.06), canvas.seed + int(x), 3) - 0.5) * 0.10
    level = np.clip(0.10 + 0.78 * np.clip(facing, -0.1, 1) + grain + 0.10 * np.clip(v, 0, 1), 0, 1)
    paint = colour_map(level, list(zip((0, 0.55, 1), skin, strict=True))) * (0.55 + 0.5 * level)[..., None]
    body = np.clip(half * width - np.abs(off) + 0.5, 0, 1) * np.clip((1 - np.abs(v)) * tall + 0.5, 0, 1)
    body = body if hidden is None else body * (1 - hidden)
    canvas.fill(body, paint * _lit("#ffffff", 1.05))
    canvas.shine(shine * body, "#fffdf4", gloss * 0.88)
    if profile in (_APPLE, _PEAR):
        top = y - tall * 0.97
        canvas.fill(canvas.ellipse(x, top + tall * 0.03, half * 0.2, tall * 0.05, half * 0.05), "#2a1c0c", 0.6)
        stem = [(x, top), (x + half * 0.06, top - tall * 0.16), (x + half * 0.16, top - tall * 0.24)]
        canvas.fill(canvas.lines([(stem, max(1.0, half * 0.07))]), "#3b2816")


def _smooth(profile: Sequence[float]) -> Array:
    """Return the half-widths of ``profile`` at ``_PLACES``. Their squares are smooth up to the poles of a sphere."""
    squares = np.interp(_PLACES, np.linspace(-1, 1, len(profile)), np.square(profile))
    weights = np.hanning(27)[1:-1] / np.hanning(27).sum()
    padded = np.pad(squares, 12, mode="reflect", reflect_type="odd").clip(0)
    return np.sqrt(np.convolve(padded, weights, mode="valid"))

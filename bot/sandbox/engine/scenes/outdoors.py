"""What the two scenes outdoors share: light at each hour and in each weather, sky, water, a boat, fog, rain and snow.

Imports numpy, ``raster`` and ``canvas``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour, colour_map, mix, noise, smoothstep, soften
from bot.sandbox.engine.scenes.canvas import Canvas

Stops = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One light. ``sky``: colours from the zenith (0) to the horizon (1). ``sun_y``: share of the sky's height."""

    sky: Stops
    sun: str
    sun_x: float
    sun_y: float
    cloud_lit: str
    cloud_shade: str
    haze: str
    shade: str
    lit: str
    ambient: float
    glow: float
    stars: float = 0.0
    moon: bool = False
    clouds: float = 0.45


_TIMES = {
    "dusk": Light(
        sky=((0, "#1c2450"), (0.35, "#4a3f7d"), (0.6, "#a45688"), (0.8, "#ee8268"), (0.93, "#ffb974"), (1, "#ffd99a")),
        sun="#ffdf9e", sun_x=0.24, sun_y=0.96, cloud_lit="#ff9c74", cloud_shade="#5a3f78", haze="#d98a86",
        shade="#1a1836", lit="#ffb07a", ambient=0.46, glow=1.0, stars=0.10, clouds=0.5,
    ),
    "dawn": Light(
        sky=((0, "#5f8fc4"), (0.4, "#9db9dc"), (0.68, "#e3c9d6"), (0.88, "#ffd9b0"), (1, "#fff0cf")),
        sun="#fff3cd", sun_x=0.72, sun_y=0.86, cloud_lit="#fff0e0", cloud_shade="#b79bb8", haze="#efd0c4",
        shade="#2f3757", lit="#ffe0b0", ambient=0.64, glow=0.9, clouds=0.42,
    ),
    "day": Light(
        sky=((0, "#2a6fc0"), (0.5, "#5fa3dd"), (0.85, "#b4d9f0"), (1, "#e2f1f7")),
        sun="#fffdf0", sun_x=0.80, sun_y=0.16, cloud_lit="#ffffff", cloud_shade="#a9bccf", haze="#c3dbe8",
        shade="#25384a", lit="#fff6dc", ambient=0.86, glow=0.35, clouds=0.45,
    ),
    "night": Light(
        sky=((0, "#050a1e"), (0.5, "#0d1a3d"), (0.82, "#1c3160"), (1, "#34507f")),
        sun="#f4f1dd", sun_x=0.27, sun_y=0.27, cloud_lit="#52688f", cloud_shade="#111c3a", haze="#2a4270",
        shade="#060a18", lit="#8fa9d4", ambient=0.24, glow=0.45, stars=1.0, moon=True, clouds=0.32,
    ),
}  # fmt: skip
# For each weather: the grey that it mixes into the light by day and by night, its share, the clouds, and the factors of
# glow and ambient.
_WEATHERS = {
    "fog": ("#c8cfd4", "#26303f", 0.75, 0.2, 0.3, 0.9),
    "rain": ("#5d6b7a", "#141c2b", 0.6, 0.8, 0.3, 0.85),
    "snow": ("#c9d3de", "#1e2a44", 0.5, 0.6, 0.5, 1.05),
}
# Layers from far to near: length, width and blur of a flake or drop as shares of the longer side, their number in a
# megapixel, and their strength.
_FALLING = {
    "snow": ((0.0026, 0.0026, 0.0004, 720, 0.75), (0.0056, 0.0056, 0.001, 264, 0.85), (0.013, 0.013, 0.003, 48, 0.7)),
    "rain": ((0.030, 0.00077, 0, 1500, 0.26), (0.062, 0.0014, 0, 420, 0.40)),
}
# Outlines around the mast's foot, in the boat's height, y downwards.
_MAIN = ((-0.02, -1), (-0.14, -0.76), (-0.26, -0.52), (-0.35, -0.30), (-0.39, -0.14), (-0.02, -0.14))
_JIB = ((0.01, -0.93), (0.13, -0.71), (0.25, -0.47), (0.34, -0.28), (0.38, -0.15), (0.03, -0.17))
_MAST = ((-0.008, -1.05), (0.006, -1.05), (0.008, -0.08), (-0.010, -0.08))
_HULL = ((-0.34, -0.075), (0.40, -0.095), (0.33, -0.04), (0.26, 0.02), (-0.24, 0.02), (-0.30, -0.01))


def light_of(time: str, weather: str) -> Light:
    """Return the light of a time of day under a weather ("" is clear)."""
    light = _TIMES[time]
    if weather not in _WEATHERS:
        return light
    by_day, by_night, share, clouds, glow, ambient = _WEATHERS[weather]

    def greyed(value: str, much: float = share * 0.9) -> str:
        return "#" + "".join(f"{round(float(part) * 255):02x}" for part in blend(value, towards, much))

    towards = by_night if light.moon else by_day
    new: dict[str, Any] = {name: greyed(getattr(light, name)) for name in ("lit", "cloud_lit", "cloud_shade", "haze")}
    new["sky"] = tuple((place, greyed(value, share)) for place, value in light.sky)
    new |= {"glow": light.glow * glow, "ambient": light.ambient * ambient, "stars": light.stars * 0.25}
    return replace(light, clouds=clouds, **new)


def sky(canvas: Canvas, light: Light, horizon: float) -> None:
    """Paint the sky down to ``horizon`` (share of the height), and on below it as a ground for haze."""
    height = np.clip(canvas.y / horizon, 0, 1) * np.ones_like(canvas.x)
    wobble = (canvas.noise(canvas.unit * 0.5, 1, 2, 2.5) - 0.5) * 0.07
    canvas.pixels = colour_map(height + wobble, light.sky)
    count = int(900 * light.stars * canvas.width * canvas.height / 1e6)
    stars = np.zeros((canvas.height, canvas.width), dtype=np.float32)
    ys = (canvas.random.random(count) ** 1.25 * horizon * canvas.height * 0.97).astype(int)
    xs = (canvas.random.random(count) * canvas.width).astype(int)
    stars[ys, xs] = canvas.random.random(count) ** 3 * 0.9 + 0.12
    canvas.shine(soften(stars, 1) * 7, "#e8efff", min(1.0, light.stars + 0.2))
    sun_x, sun_y = light.sun_x * canvas.width, light.sun_y * horizon * canvas.height
    far = np.hypot(canvas.x * canvas.width - sun_x, canvas.y * canvas.height - sun_y) / canvas.unit
    if light.moon:
        canvas.shine(np.exp(-((far / 0.30) ** 1.1)), "#9db4e0", 0.5 * light.glow + 0.15)
        seas = smoothstep(noise(canvas.size, canvas.unit * 0.035, 7, 3), 0.46, 0.62)
        surface = mix(colour("#fbf6e2"), colour("#d3cfbe"), seas * 0.75)
        canvas.fill(smoothstep(far, 0.0436, 0.0404), surface)
    else:
        canvas.shine(np.exp(-((far / 0.55) ** 1.2)), light.lit, 0.55 * light.glow)
        canvas.shine(np.exp(-((far / 0.16) ** 1.3)), light.sun, 0.75 * light.glow)
        disc = smoothstep(far, 0.040, 0.034) if light.glow > 0.5 else np.exp(-((far / 0.06) ** 2))
        canvas.shine(disc, light.sun, min(1.0, 2 * light.glow))
    _clouds(canvas, light, height, far)


def _clouds(canvas: Canvas, light: Light, deep: Array, far: Array) -> None:
    """Paint clouds that flatten towards the horizon, lit where they face the sun."""
    plane = canvas.noise(canvas.unit * 0.20, 11, 6, 2.4)
    far_plane = canvas.noise(canvas.unit * 0.05, 12, 5, 6.0)
    field = plane * (1 - deep**2) + far_plane * deep**2
    edge = 0.72 - 0.36 * light.clouds
    body = smoothstep(field, edge, edge + 0.20)
    # The same field a little nearer to the sun: where it is thinner, light comes through.
    shift = max(1, int(canvas.unit * 0.018))
    rows = np.clip(np.arange(canvas.height) + (shift if light.sun_y < 0.5 else -shift), 0, canvas.height - 1)
    near_sun = np.exp(-(far / 0.7))
    face = np.clip(0.45 - (field[rows] - field) * 5.0 + near_sun * 0.55 - (body - 0.5) * 0.35, 0, 1)
    paint = mix(colour(light.cloud_shade), colour(light.cloud_lit), face)
    fade = smoothstep(deep, 1.0, 0.86) if light.clouds < 0.7 else 1.0
    canvas.fill(body * fade * 0.80, paint)


def falling(canvas: Canvas, weather: str) -> None:
    """Let it snow or rain before what is painted so far, or fog lie on it; the light is already that weather's."""
    side, random = max(canvas.size), np.random.default_rng(101)
    if weather == "fog":
        banks = smoothstep(canvas.noise(canvas.unit * 0.3, 401, 4, 4.0), 0.25, 0.75)
        low = np.exp(-(((canvas.y - 0.62) / 0.24) ** 2))
        # As bright as the sky, which is the upper part.
        air = canvas.pixels[: canvas.height // 2].mean(axis=(0, 1))
        canvas.fill(0.38 + 0.5 * low * (0.5 + 0.5 * banks), air)
    for length, wide, blur, per_megapixel, share in _FALLING.get(weather, ()):
        count = max(1, int(per_megapixel * canvas.width * canvas.height / 1e6))
        # Some begin just outside of the picture.
        spots = random.uniform((-0.1, -0.05, 0.6), (1.1, 1, 1.4), (count, 3)) * (canvas.width, canvas.height, 1)
        paths = [[(x, y), (x - 0.2 * r * length * side, y + r * length * side)] for x, y, r in spots.tolist()]
        mask = canvas.drawn(paths, wide * side)
        canvas.shine(soften(mask, blur * side) if blur else mask, "#f4f7fb", share)


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
    # The sun's reflection: broken bands that widen towards the viewer, and crests that mirror the sky.
    off = np.abs(canvas.x - light.sun_x) * canvas.width / ((0.03 + 0.20 * depth) * canvas.unit)
    path = np.exp(-(off**1.6)) * (0.25 * (1 - depth) ** 2 + smoothstep(waves, 0.02, 0.30) * (1.05 - 0.45 * depth))
    strength = min(1.0, 0.35 + 0.75 * light.glow) if light.glow > 0.2 else 0.12
    glow = np.clip(path * strength, 0, 1)[..., None] * colour("#cfdcf5" if light.moon else light.sun)
    lit = 1 - (1 - np.clip(canvas.pixels[top:], 0, 1)) * (1 - glow)
    crests = smoothstep(waves, 0.22, 0.5) * (0.16 + 0.10 * light.ambient)
    canvas.pixels[top:] = mix(lit, colour(light.sky[-1][1]), crests)


def _waves(canvas: Canvas, depth: Array, calm: float) -> Array:
    """Return wave heights around 0; waves are small and dense at the horizon, large in front."""
    size = (canvas.width, len(depth))
    height: Array = np.zeros(size[::-1], dtype=np.float32)
    for salt, (cell, low, high) in enumerate(((0.004, 0.0, 0.18), (0.010, 0.05, 0.5), (0.022, 0.25, 1.2))):
        layer = noise(size, max(1.6, canvas.unit * cell), canvas.seed + 300 + salt, 3, stretch=6.5) - 0.5
        height += layer * np.exp(-(((depth - (low + high) / 2) / (0.6 * (high - low))) ** 2))
    return height * (1.9 - 1.35 * calm)


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

"""Skies: gradient, sun or moon, stars, clouds, birds, and the rain or snow that falls before a scene.

Imports numpy, ``raster``, ``canvas`` and ``light``.
"""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, colour, colour_map, mix, noise, smoothstep, soften
from bot.sandbox.engine.scenes.canvas import Canvas, ring
from bot.sandbox.engine.scenes.light import Light


def sky(canvas: Canvas, light: Light, horizon: float) -> None:
    """Paint the sky down to ``horizon`` (share of the height), and on below it as a ground for haze."""
    height = np.clip(canvas.y / horizon, 0, 1) * np.ones_like(canvas.x)
    wobble = (canvas.noise(canvas.unit * 0.5, 1, 2, 2.5) - 0.5) * 0.07
    canvas.pixels = colour_map(height + wobble, light.sky)
    if light.stars > 0.05:
        _stars(canvas, light.stars, horizon)
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
        low = light.glow > 0.5
        disc = smoothstep(far, 0.040, 0.034) if low else np.exp(-((far / 0.06) ** 2))
        canvas.shine(disc, light.sun, min(1.0, (1.4 if low else 2.4) * light.glow))
    _clouds(canvas, light, height, far)


def _stars(canvas: Canvas, density: float, horizon: float) -> None:
    count = int(900 * density * canvas.width * canvas.height / 1e6)
    layer = np.zeros((canvas.height, canvas.width), dtype=np.float32)
    ys = (canvas.random.random(count) ** 1.25 * horizon * canvas.height * 0.97).astype(int)
    xs = (canvas.random.random(count) * canvas.width).astype(int)
    layer[ys, xs] = canvas.random.random(count) ** 3 * 0.9 + 0.12
    big = layer * (layer > 0.62)
    canvas.shine(soften(layer, 1) * 5.5 + soften(big, 2) * 11, "#e8efff", min(1.0, density + 0.2))


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
    rim = np.clip(smoothstep(field, edge - 0.02, edge + 0.06) - smoothstep(field, edge + 0.06, edge + 0.16), 0, 1)
    canvas.shine(rim * near_sun * fade, light.sun, 0.55 * light.glow)


def birds(canvas: Canvas, x: float, y: float, count: int, tone: str) -> None:
    """Draw a loose flock around (x, y), shares of the canvas."""
    spots = canvas.random.normal(size=(count, 2)) * (0.075, 0.03) + (x, y)
    spans = canvas.random.uniform(0.007, 0.015, count)
    lifts = canvas.random.uniform(0.25, 0.6, count)
    wings = []
    for (bx, by), span, lift in zip(spots, spans, lifts, strict=True):
        px, py, w = bx * canvas.width, by * canvas.height, span * canvas.unit
        for side in (-1, 1):
            path = [(px + side * w * t, py - w * lift * np.sin(t * 2.4) - w * 0.12 * t) for t in np.linspace(0, 1, 9)]
            wings.append((path, max(0.7, w * 0.17)))
    canvas.fill(canvas.lines(wings), tone, 0.9)


def falling(canvas: Canvas, weather: str) -> None:
    """Let it snow or rain before what is painted so far; the light of the scene is already that weather's."""
    side, random = max(canvas.size), np.random.default_rng(101)
    megapixels = canvas.width * canvas.height / 1e6
    if weather == "snow":
        # Three depths: a flake's size and blur in thousandths of the side, number in a megapixel, strength.
        for size, blur, count, share in ((1.3, 0.4, 720, 0.75), (2.8, 1.0, 264, 0.85), (6.5, 3.0, 48, 0.7)):
            spots = _spots(canvas, random, max(1, int(count * megapixels)))
            flakes = [ring(x, y, r * size * side / 1000, r * size * side / 1000, 12) for x, y, r in spots]
            canvas.fill(canvas.polygons(flakes, blur * side / 1000), "#ffffff", share)
    elif weather == "rain":
        for length, broad, count, share in ((0.030, 1.0, 1500, 0.26), (0.062, 1.8, 420, 0.40)):
            spots = _spots(canvas, random, max(1, int(count * megapixels)))
            lines = [[(x, y), (x - 0.2 * r * length * side, y + r * length * side)] for x, y, r in spots]
            canvas.shine(canvas.lines([(line, broad * side / 1300) for line in lines]), "#e3eaf2", share)


def _spots(canvas: Canvas, random: np.random.Generator, count: int) -> list[tuple[float, float, float]]:
    """Scatter ``count`` spots, some just outside: x and y in px, and a size around 1."""
    spots = random.uniform((-0.1, -0.05, 0.6), (1.1, 1, 1.4), (count, 3)) * (canvas.width, canvas.height, 1)
    return [(float(x), float(y), float(size)) for x, y, size in spots]

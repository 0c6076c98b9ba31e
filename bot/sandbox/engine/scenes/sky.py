"""Skies: gradient, sun and moon, clouds, stars, birds. May import: canvas, light, raster, numpy."""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, colour, colour_map, mix, noise, smoothstep, soften
from bot.sandbox.engine.scenes.canvas import Canvas
from bot.sandbox.engine.scenes.light import Light


def sky(canvas: Canvas, light: Light, horizon: float, extras: frozenset[str] = frozenset()) -> None:
    """Paint the sky down to ``horizon`` (share of the height), and on below it as a ground for haze."""
    height = np.clip(canvas.y / horizon, 0, 1) * np.ones_like(canvas.x)
    wobble = (canvas.noise(canvas.unit * 0.5, 1, 2, 2.5) - 0.5) * 0.07
    canvas.pixels = colour_map(np.clip(height + wobble, 0, 1), light.sky)
    stars = max(light.stars, 0.5 if "stars" in extras else 0)
    if stars > 0.05:
        _stars(canvas, stars, horizon, milky="stars" in extras and light.stars > 0.5)
    sun_x, sun_y = light.sun_x * canvas.width, light.sun_y * horizon * canvas.height
    far = np.hypot((canvas.x * canvas.width - sun_x), (canvas.y * canvas.height - sun_y)) / canvas.unit
    if light.moon and ("moon" in extras or "stars" not in extras):
        _moon(canvas, light, far, sun_x, sun_y)
    elif not light.moon:
        canvas.shine(np.exp(-((far / 0.55) ** 1.2)), light.lit, 0.55 * light.glow)
        canvas.shine(np.exp(-((far / 0.16) ** 1.3)), light.sun, 0.75 * light.glow)
        if light.glow > 0.5:
            canvas.shine(smoothstep(far, 0.040, 0.034), light.sun, min(1.0, 1.4 * light.glow))
        else:
            canvas.shine(np.exp(-((far / 0.06) ** 2)), light.sun, min(1.0, 2.4 * light.glow))
    if "moon" in extras and not light.moon:
        moon_x, moon_y = (1 - light.sun_x) * canvas.width, 0.2 * horizon * canvas.height
        away = np.hypot(canvas.x * canvas.width - moon_x, canvas.y * canvas.height - moon_y) / canvas.unit
        _moon(canvas, light, away, moon_x, moon_y)
    _clouds(canvas, light, horizon, far)
    if "birds" in extras:
        birds(canvas, 0.56, 0.20, 9, light.shade if not light.moon else light.cloud_lit)


def _moon(canvas: Canvas, light: Light, far: Array, x: float, y: float) -> None:
    radius = 0.042
    canvas.shine(np.exp(-((far / 0.30) ** 1.1)), "#9db4e0", 0.5 * light.glow + 0.15)
    disc = smoothstep(far, radius + 0.0016, radius - 0.0016)
    seas = smoothstep(noise(canvas.size, canvas.unit * 0.035, 7, 3), 0.46, 0.62)
    surface = mix(colour("#fbf6e2"), colour("#d3cfbe"), seas[..., None] * np.float32(0.75))
    canvas.fill(disc, np.asarray(surface, dtype=np.float32))


def _stars(canvas: Canvas, density: float, horizon: float, *, milky: bool) -> None:
    count = int(900 * density * canvas.width * canvas.height / 1e6)
    layer = np.zeros((canvas.height, canvas.width), dtype=np.float32)
    ys = (canvas.random.random(count) ** 1.25 * horizon * canvas.height * 0.97).astype(int)
    xs = (canvas.random.random(count) * canvas.width).astype(int)
    layer[ys, xs] = canvas.random.random(count).astype(np.float32) ** 3 * 0.9 + 0.12
    big = layer * (layer > 0.62)
    canvas.shine(soften(layer, 1) * 5.5 + soften(big, 2) * 11, "#e8efff", min(1.0, density + 0.2))
    if milky:
        band = np.exp(-(((canvas.y - 0.75 * horizon + 0.62 * (canvas.x - 0.1)) / 0.16) ** 2))
        cloud = band * smoothstep(canvas.noise(canvas.unit * 0.16, 3, 6), 0.3, 0.75)
        dust = smoothstep(canvas.noise(canvas.unit * 0.10, 4, 5), 0.48, 0.66) * np.exp(-((band - 1) ** 2) / 0.2)
        canvas.shine(cloud * (1 - 0.75 * dust), "#8c93c9", 0.55)
        canvas.shine(cloud**2 * (1 - dust), "#ffe2c4", 0.30)
        sparks = (canvas.random.random(layer.shape, dtype=np.float32) > 0.9972 - 0.006 * cloud) * cloud
        canvas.shine(sparks.astype(np.float32), "#ffffff", 0.55)


def _clouds(canvas: Canvas, light: Light, horizon: float, far: Array) -> None:
    """Lay clouds that flatten towards the horizon, lit where they face the sun."""
    deep = np.clip(canvas.y / horizon, 0, 1) * np.ones_like(canvas.x)
    plane = canvas.noise(canvas.unit * 0.20, 11, 6, 2.4)
    far_plane = canvas.noise(canvas.unit * 0.05, 12, 5, 6.0)
    field = plane * (1 - deep**2) + far_plane * deep**2
    edge = 0.72 - 0.36 * light.clouds
    body = smoothstep(field, edge, edge + 0.20)
    # The same field a little nearer to the sun: where it is thinner, light comes through.
    shift = max(1, int(canvas.unit * 0.018))
    rows = np.clip(np.arange(canvas.height) + (shift if light.sun_y < 0.5 else -shift), 0, canvas.height - 1)
    lit = field[rows] - field
    near_sun = np.exp(-(far / 0.7))
    face = np.clip(0.45 - lit * 5.0 + near_sun * 0.55 - (body - 0.5) * 0.35, 0, 1)
    paint = mix(colour(light.cloud_shade), colour(light.cloud_lit), face[..., None].astype(np.float32))
    fade = smoothstep(deep, 1.0, 0.86) if light.clouds < 0.7 else np.ones_like(deep)
    canvas.fill(body * fade * np.float32(0.80), np.asarray(paint, dtype=np.float32))
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

"""Water: a mirrored, rippled, darkened copy of what lies above, with a glitter path.

May import: canvas, light, raster.
"""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, colour, mix, noise, smoothstep
from bot.sandbox.engine.scenes.canvas import Canvas
from bot.sandbox.engine.scenes.light import Light


def water(canvas: Canvas, light: Light, horizon: float, *, calm: float = 0.5, deep: str = "#12304a") -> None:
    """Fill everything below ``horizon``. ``calm``: 1 is a lake at dawn, 0 a rough sea."""
    top = int(horizon * canvas.height)
    rows = canvas.height - top
    if rows < 4:
        return
    depth = (np.arange(rows, dtype=np.float32) + 0.5) / rows
    waves = _waves(canvas, rows, depth, calm)
    flat = np.arange(rows, dtype=np.float32)[:, None] * np.float32(0.92)
    lift = flat + waves * (0.01 + 0.10 * depth[:, None]) * canvas.height
    source_y = np.clip(top - 1 - lift, 0, top - 1).astype(np.int32)
    shift = waves * (0.004 + 0.035 * depth[:, None]) * canvas.unit * (1.4 - calm)
    source_x = np.clip(np.arange(canvas.width)[None, :] + shift, 0, canvas.width - 1).astype(np.int32)
    mirror = canvas.pixels[source_y, source_x]
    fresnel = (0.82 - 0.50 * depth ** np.float32(0.8))[:, None, None] + np.float32(0.14 * calm)
    body = colour(deep) * np.float32(0.35 + 0.65 * light.ambient)
    seen = np.clip(fresnel + waves[..., None] * 0.45, 0.05, 1)
    canvas.pixels[top:] = mix(np.broadcast_to(body, mirror.shape), mirror * colour("#e9eef2"), seen)
    _glitter(canvas, light, top, depth, waves)


def _waves(canvas: Canvas, rows: int, depth: Array, calm: float) -> Array:
    """Return wave heights around 0; waves are small and dense at the horizon, large in front."""
    size = (canvas.width, rows)
    height = np.zeros((rows, canvas.width), dtype=np.float32)
    for salt, (cell, low, high) in enumerate(((0.004, 0.0, 0.18), (0.010, 0.05, 0.5), (0.022, 0.25, 1.2))):
        layer = noise(size, max(1.6, canvas.unit * cell), canvas.seed + 300 + salt, 3, stretch=6.5) - 0.5
        centre = (low + high) / 2
        weight = np.exp(-(((depth - centre) / (0.6 * (high - low))) ** 2))[:, None]
        height += layer * weight
    return height * np.float32(1.9 - 1.35 * calm)


def _glitter(canvas: Canvas, light: Light, top: int, depth: Array, waves: Array) -> None:
    """Lay the light's path: broken bands that widen towards the viewer."""
    wide = (0.03 + 0.20 * depth)[:, None] * canvas.unit
    off = np.abs(np.arange(canvas.width, dtype=np.float32)[None, :] - light.sun_x * canvas.width) / wide
    crest = smoothstep(waves, 0.02, 0.30)
    path = np.exp(-(off**1.6)) * (0.25 * (1 - depth[:, None]) ** 2 + crest * (1.05 - 0.45 * depth[:, None]))
    ink = colour(light.sun if not light.moon else "#cfdcf5")
    strength = np.float32(min(1.0, 0.35 + 0.75 * light.glow)) if light.glow > 0.2 else np.float32(0.12)
    glow = np.clip(path * strength, 0, 1)[..., None] * ink
    canvas.pixels[top:] = 1 - (1 - np.clip(canvas.pixels[top:], 0, 1)) * (1 - glow)
    crests = smoothstep(waves, 0.22, 0.5) * np.float32(0.16 + 0.10 * light.ambient)
    canvas.pixels[top:] = mix(canvas.pixels[top:], colour(light.sky[-1][1]), crests)


def foam(canvas: Canvas, line: Array, tone: str, salt: int, strength: float = 0.8) -> None:
    """Break waves along a shore ``line`` (y in px per column, NaN where there is none)."""
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    off = (rows - line[None, :]) / (canvas.unit * 0.012)
    lace = smoothstep(canvas.noise(canvas.unit * 0.012, salt, 4, 2.2), 0.42, 0.62)
    near = np.exp(-(off**2)) + 0.55 * np.exp(-(((off - 2.2) / 1.4) ** 2)) * lace
    canvas.fill(np.nan_to_num(near * (0.35 + 0.65 * lace)).astype(np.float32), tone, strength)

"""The lighthouse. Imports numpy, ``raster``, ``canvas`` and ``outdoors``."""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour, mix, smoothstep
from bot.sandbox.engine.scenes.canvas import Canvas
from bot.sandbox.engine.scenes.outdoors import Light, falling, sailboat, sky, water


def lighthouse(canvas: Canvas, light: Light, weather: str, *, boat: bool) -> None:
    """A tower on a rocky headland, its lamp lit, over a sea that mirrors the sky."""
    horizon = 0.635
    sky(canvas, light, horizon)
    water(canvas, light, horizon, calm=0.55)
    if boat:
        sailboat(canvas, light, 0.30, 0.73, 0.16)
    _headland(canvas, light, weather)
    x, ground, tall = 0.67 * canvas.width, 0.615 * canvas.height, 0.40 * canvas.unit
    _house(canvas, light, x + 0.248 * tall, ground, tall * 0.17)
    _tower(canvas, light, x, ground, tall)
    _lantern(canvas, light, x, ground - tall, tall)
    falling(canvas, weather)


def _headland(canvas: Canvas, light: Light, weather: str) -> None:
    """Rocks from the right edge into the sea, lit from the sun's side, with foam at their feet."""
    x = canvas.x[0]
    rise = smoothstep(x, 0.36, 0.60)
    crown = 0.85 - 0.24 * rise + canvas.rough(0.16, 31) * 0.10 * (0.5 + 0.5 * rise)
    # The plateau under the tower is level.
    flat = np.exp(-(((x - 0.70) / 0.085) ** 4))
    crown = (crown * (1 - flat) + 0.617 * flat) * canvas.height
    foot = 0.70 + 0.14 * smoothstep(x, 0.36, 0.50) + 0.15 * smoothstep(x, 0.48, 1.05)
    foot = (foot + canvas.rough(0.12, 32, 6) * 0.06) * canvas.height
    # Rock is a rough surface, lit from above and from the sun's side.
    rough = canvas.noise(canvas.unit * 0.11, 33, 6)
    side = -1.0 if light.sun_x < 0.6 else 1.0
    slope = side * np.diff(rough, axis=1, prepend=rough[:, :1]) + np.diff(rough, axis=0, prepend=rough[:1])
    relief = np.clip(1 + 0.12 * canvas.unit * slope, 0.25, 2.2)
    depth = np.clip((canvas.rows - crown) / (0.2 * canvas.height), 0, 1)
    rock = blend(light.shade, "#8d7a70", 0.34 + 0.30 * light.ambient, 0.5 + 0.5 * light.ambient)
    tone: Array = rock * (relief * (1.15 - 0.75 * depth))[..., None]
    if weather == "snow":
        cover, white = smoothstep(relief * (1.1 - depth), 0.75, 1.05), colour("#e9eff6")
        tone = mix(tone, white * (0.35 + 0.65 * light.ambient), cover)
    else:
        grass = np.exp(-depth * 14) * smoothstep(canvas.noise(canvas.unit * 0.03, 36), 0.3, 0.6)
        tone = mix(tone, blend("#3f4f2a", light.lit, 0.18, 0.3 + 0.7 * light.ambient), grass * 0.8)
    canvas.fill(canvas.below(crown) * (1 - canvas.below(foot)), tone)
    lace = smoothstep(canvas.noise(canvas.unit * 0.012, 37, 4, 2.2), 0.42, 0.62)
    foam = np.exp(-(((canvas.rows - foot) / (canvas.unit * 0.014)) ** 2)) * (0.35 + 0.65 * lace) * (foot > crown)
    canvas.fill(foam, blend("#ffffff", light.cloud_lit, 0.35, 0.4 + 0.6 * light.ambient), 0.6)


def _tower(canvas: Canvas, light: Light, x: float, ground: float, tall: float) -> None:
    """Build the tower: a cylinder that narrows upwards, in red and white bands."""
    top = ground - tall
    down = np.clip((canvas.rows - top) / tall, 0, 1)
    half, off = tall * (0.0713 + 0.0414 * down**1.25), canvas.x * canvas.width - x
    across = np.clip(off / half, -1, 1)
    depth = np.sqrt(1 - across**2)
    direct = np.clip(across * (-0.85 if light.sun_x < 0.6 else 0.85) + depth * 0.45, 0, 1)
    ambient = blend(light.shade, light.sky[1][1], 0.45, 0.55) + 0.32 * light.ambient
    shading = ambient + direct[..., None] * colour(light.lit) * (0.35 + 0.55 * max(light.glow, light.ambient))
    body = np.clip(half - np.abs(off) + 0.5, 0, 1) * canvas.box(-1, top, canvas.width + 2, tall)
    bands = mix(colour("#f3ece0"), colour("#b3312c"), np.floor(down * 5.0 + 0.02 * depth) % 2)
    canvas.fill(body, bands * shading)
    for at in (0.30, 0.55, 0.80):
        window = canvas.box(x - 0.009 * tall, top + at * tall, 0.018 * tall, 0.036 * tall)
        canvas.fill(window, "#ffcf7d" if light.ambient < 0.7 else "#2b2f3a")
    canvas.fill(canvas.box(x - 0.022 * tall, ground - 0.085 * tall, 0.044 * tall, 0.085 * tall), "#2a1d1a")


def _lantern(canvas: Canvas, light: Light, x: float, top: float, tall: float) -> None:
    """Set the gallery, the glowing room and its dome on the tower, and light the lamp; it shines more in the dark."""
    half, floor, rail = 0.0713 * tall, top - 0.016 * tall, top - 0.05 * tall
    room_half, roof, thin = half * 0.62, floor - 0.085 * tall, max(0.4, 0.006 * tall)
    canvas.fill(canvas.box(x - room_half, roof, room_half * 2, 0.085 * tall), "#fff2c4")
    lines = [[(x + t * room_half, roof), (x + t * room_half, top - 0.01 * tall)] for t in np.linspace(-1, 1, 5)]
    lines += [[(x + t * half, rail), (x + t * half, top)] for t in np.linspace(-1.4, 1.4, 9)]
    lines += [[(x - half * 1.42, rail), (x + half * 1.42, rail)], [(x, roof - 0.05 * tall), (x, roof - 0.10 * tall)]]
    arch = np.linspace(0, np.pi, 24)
    dome = [(x - room_half * 1.25 * np.cos(t), roof - 0.055 * tall * np.sin(t)) for t in arch]
    deck = canvas.box(x - half * 1.45, floor, half * 2.9, 0.022 * tall)
    for mask in (deck, canvas.drawn(lines, thin), canvas.drawn([dome])):
        canvas.fill(mask, blend(light.shade, "#303540", 0.5))
    dx, dy = canvas.x * canvas.width - x, canvas.y * canvas.height - (floor + roof) / 2
    far, angle = np.hypot(dx, dy) / canvas.unit, np.arctan2(dy, dx)
    share = min(0.9, max(0.18, 1.15 - light.ambient))
    for direction, reach in ((np.pi + 0.10, 0.85), (-0.16, 0.6)):
        off = np.abs((angle - direction + np.pi) % (2 * np.pi) - np.pi)
        beam = np.exp(-((off / 0.050) ** 2)) * np.exp(-far / reach) * smoothstep(far, 0.0, 0.03)
        canvas.shine(beam, "#ffeec2", 0.95 * share)
    canvas.shine(np.exp(-((far / 0.10) ** 1.1)), "#ffd98a", 0.85 * share)
    canvas.shine(np.exp(-((far / 0.022) ** 2)), "#fffbe8", min(1.0, share + 0.35))


def _house(canvas: Canvas, light: Light, x: float, ground: float, size: float) -> None:
    """Set the keeper's house beside the tower."""
    wall = canvas.box(x, ground - size * 0.62, size * 1.7, size * 0.66)
    canvas.fill(wall, blend(light.shade, "#efe6d8", 0.30 + 0.55 * light.ambient))
    eaves, ridge = ground - size * 0.60, ground - size * 1.12
    chimney = canvas.box(x + size * 1.1, ground - size * 1.34, size * 0.16, size * 0.3)
    roof = [(x - size * 0.1, eaves), (x + size * 0.32, ridge), (x + size * 1.38, ridge), (x + size * 1.8, eaves)]
    for mask in (chimney, canvas.drawn([roof])):
        canvas.fill(mask, blend(light.shade, "#8c3b33", 0.25 + 0.5 * light.ambient))
    for at in (0.25, 0.75, 1.25):
        glass = canvas.box(x + size * at, ground - size * 0.45, size * 0.2, size * 0.24)
        canvas.fill(glass, "#ffc669" if light.ambient < 0.7 else "#33404f")

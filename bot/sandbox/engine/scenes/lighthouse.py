"""The lighthouse. May import: boats, canvas, light, sky, water, weather, raster."""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour, mix, noise, smoothstep, soften
from bot.sandbox.engine.scenes.boats import sailboat
from bot.sandbox.engine.scenes.canvas import Canvas, box
from bot.sandbox.engine.scenes.light import Light
from bot.sandbox.engine.scenes.sky import birds, sky
from bot.sandbox.engine.scenes.water import foam, water
from bot.sandbox.engine.scenes.weather import lightning


def lighthouse(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """A tower on a rocky headland, its lamp lit, over a sea that mirrors the sky."""
    horizon = 0.635
    sky(canvas, light, horizon, extras)
    if weather == "storm":
        lightning(canvas, 0.2, horizon)
    far = canvas.ridge(horizon - 0.012, 0.020, 0.35, 5)
    fall = (smoothstep(canvas.x[0], 0.55, 0.1) * 0.06 * canvas.height).astype(np.float32)
    coast = canvas.below(np.minimum(far + fall, horizon * canvas.height + 1))
    canvas.fill(coast, blend(light.haze, light.shade, 0.35))
    water(canvas, light, horizon, calm=0.1 if weather == "storm" else 0.55)
    if "boat" in extras:
        sailboat(canvas, light, 0.30, 0.73, 0.16)
    _headland(canvas, light, weather)
    x = 0.67 * canvas.width
    _beams(canvas, light, x, _tower(canvas, light, x, 0.615 * canvas.height, 0.40 * canvas.unit))
    if weather not in {"storm", "rain"} and not light.moon:
        birds(canvas, 0.40, 0.30, 7, light.shade)


def _headland(canvas: Canvas, light: Light, weather: str) -> None:
    """Rocks from the right edge into the sea, lit from the sun's side, with foam at their feet."""
    x = canvas.x[0]
    rough = noise((canvas.width, 8), canvas.unit * 0.16, canvas.seed + 31, 7)[4] - 0.5
    rise = smoothstep(x, 0.36, 0.60)
    crown = 0.85 - 0.24 * rise + rough * 0.10 * (0.5 + 0.5 * rise)
    # The plateau under the tower is level.
    flat = np.exp(-(((x - 0.70) / 0.085) ** 4))
    crown = crown * (1 - flat) + 0.617 * flat
    foot_wave = noise((canvas.width, 8), canvas.unit * 0.12, canvas.seed + 32, 6)[4] - 0.5
    foot = 0.70 + 0.14 * smoothstep(x, 0.36, 0.50) + 0.15 * smoothstep(x, 0.48, 1.05) + foot_wave * 0.06
    crown, foot = crown * canvas.height, foot * canvas.height
    body = canvas.below(crown.astype(np.float32)) * (1 - canvas.below(foot.astype(np.float32)))
    side = -1.0 if light.sun_x < 0.6 else 1.0
    relief = canvas.relief(canvas.unit * 0.11, 33, side, 0.34)
    fine = canvas.relief(canvas.unit * 0.03, 34, side, 0.16)
    rock = blend(light.shade, "#8d7a70", 0.34 + 0.30 * light.ambient, 0.5 + 0.5 * light.ambient)
    tone: Array = rock[None, None] * (relief * fine)[..., None]
    depth = np.clip((np.arange(canvas.height)[:, None] - crown[None, :]) / (0.2 * canvas.height), 0, 1)
    tone = tone * (1.15 - 0.75 * depth)[..., None]
    if weather == "snow":
        snow = smoothstep(relief * (1.1 - depth), 0.75, 1.05)
        tone = mix(tone, colour("#e9eff6") * np.float32(0.35 + 0.65 * light.ambient), snow)
    else:
        grass = np.exp(-depth * 14) * smoothstep(canvas.noise(canvas.unit * 0.03, 36), 0.3, 0.6)
        tone = mix(tone, blend("#3f4f2a", light.lit, 0.18, 0.3 + 0.7 * light.ambient), grass * 0.8)
    canvas.fill(body, tone.astype(np.float32))
    rim = np.clip(1 - np.abs(np.arange(canvas.height)[:, None] - crown[None, :] - 1.5) / 2.2, 0, 1)
    canvas.shine((rim * body * smoothstep(x, 1.0, 0.4)[None, :]).astype(np.float32), light.lit, 0.45 * light.glow)
    shore = np.where(foot > crown, foot, np.nan).astype(np.float32)
    white = blend("#ffffff", light.cloud_lit, 0.35, 0.4 + 0.6 * light.ambient)
    tint = "#" + "".join(f"{int(part * 255):02x}" for part in np.clip(white, 0, 1))
    foam(canvas, shore, tint, 37, 0.9 if weather == "storm" else 0.6)


def _tower(canvas: Canvas, light: Light, x: float, ground: float, tall: float) -> float:
    """Build the tower and the keeper's house; return the lamp's y in px."""
    top = ground - tall
    foot_half, top_half = 0.098 * tall * 1.15, 0.062 * tall * 1.15
    _house(canvas, light, x + foot_half * 2.2, ground, tall * 0.17)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    cols = np.arange(canvas.width, dtype=np.float32)[None, :]
    down = np.clip((rows - top) / tall, 0, 1)
    half = top_half + (foot_half - top_half) * down**1.25
    across = (cols - x) / half
    shading = _round(light, across)
    points_y = np.linspace(0, 1, 24)
    halves = top_half + (foot_half - top_half) * points_y**1.25
    left = [(x - h, top + t * tall) for h, t in zip(halves, points_y, strict=True)]
    right = [(x + h, top + t * tall) for h, t in zip(halves, points_y, strict=True)]
    body = canvas.polygon(left + right[::-1])
    band = (np.floor(down * 5.0 + 0.02 * np.sqrt(np.clip(1 - across**2, 0, 1))) % 2)[..., None]
    paint = np.where(band > 0.5, colour("#b3312c"), colour("#f3ece0")).astype(np.float32)
    weathered = 0.93 + 0.14 * canvas.noise(canvas.unit * 0.02, 41, 3)
    canvas.fill(body, (paint * shading * weathered[..., None]).astype(np.float32))
    for at, size in ((0.30, 0.011), (0.55, 0.012), (0.80, 0.013)):
        window = canvas.polygon(box(x - size * tall * 0.8, top + at * tall, size * tall * 1.5, size * tall * 3))
        canvas.fill(window, "#ffcf7d" if light.ambient < 0.7 else "#2b2f3a")
    door = canvas.polygon(box(x - 0.022 * tall, ground - 0.085 * tall, 0.044 * tall, 0.085 * tall))
    canvas.fill(door, "#2a1d1a")
    return _lantern(canvas, light, x, top, tall, top_half)


def _round(light: Light, across: Array) -> Array:
    """Return the colour that falls on a cylinder at -1..1 across it."""
    u = np.clip(across, -1, 1)
    normal = np.sqrt(np.clip(1 - u * u, 0, 1))
    towards = -0.85 if light.sun_x < 0.6 else 0.85
    direct = np.clip(u * towards + normal * 0.45, 0, 1)
    ambient = blend(light.shade, light.sky[1][1], 0.45, 0.55) + np.float32(0.32 * light.ambient)
    warm = colour(light.lit) * np.float32(0.35 + 0.55 * max(light.glow, light.ambient))
    return (ambient + direct[..., None] * warm).astype(np.float32)


def _lantern(canvas: Canvas, light: Light, x: float, top: float, tall: float, half: float) -> float:
    """Set the gallery, the glowing room and its dome on the tower; return the lamp's y."""
    dark = blend(light.shade, "#303540", 0.5)
    room_high, room_half, thin = 0.085 * tall, half * 0.62, max(0.4, 0.006 * tall)
    floor, rail = top - 0.016 * tall, top - 0.05 * tall
    roof = floor - room_high
    deck = canvas.polygon(box(x - half * 1.45, floor, half * 2.9, 0.022 * tall))
    canvas.fill(canvas.polygon(box(x - room_half, roof, room_half * 2, room_high)), "#fff2c4")
    lines = [[(x + t * room_half, roof), (x + t * room_half, top - 0.01 * tall)] for t in np.linspace(-1, 1, 5)]
    lines += [[(x + t * half, rail), (x + t * half, top)] for t in np.linspace(-1.4, 1.4, 9)]
    lines += [[(x - half * 1.42, rail), (x + half * 1.42, rail)], [(x, roof - 0.05 * tall), (x, roof - 0.10 * tall)]]
    arch = np.linspace(0, np.pi, 24)
    dome = [(x - room_half * 1.25 * np.cos(t), roof - 0.055 * tall * np.sin(t)) for t in arch]
    for mask in (deck, canvas.lines([(line, thin) for line in lines]), canvas.polygon(dome)):
        canvas.fill(mask, dark)
    return floor - room_high / 2


def _house(canvas: Canvas, light: Light, x: float, ground: float, size: float) -> None:
    """Set the keeper's house beside the tower."""
    lit = light.ambient < 0.7
    wall = canvas.polygon(box(x, ground - size * 0.62, size * 1.7, size * 0.66))
    canvas.fill(wall, blend(light.shade, "#efe6d8", 0.30 + 0.55 * light.ambient))
    eaves, ridge = ground - size * 0.60, ground - size * 1.12
    roof = [(x - size * 0.1, eaves), (x + size * 0.32, ridge), (x + size * 1.38, ridge), (x + size * 1.8, eaves)]
    canvas.fill(canvas.polygon(roof), blend(light.shade, "#8c3b33", 0.25 + 0.5 * light.ambient))
    chimney = canvas.polygon(box(x + size * 1.1, ground - size * 1.34, size * 0.16, size * 0.3))
    canvas.fill(chimney, blend(light.shade, "#6d5a52", 0.5))
    for at in (0.25, 0.75, 1.25):
        glass = canvas.polygon(box(x + size * at, ground - size * 0.45, size * 0.2, size * 0.24))
        canvas.fill(glass, "#ffc669" if lit else "#33404f")
        if lit:
            canvas.shine(soften(glass, size * 0.25), "#ffb347", 0.8)


def _beams(canvas: Canvas, light: Light, x: float, y: float) -> None:
    """Throw two soft beams and a halo from the lamp; stronger the darker it is."""
    dx = canvas.x * canvas.width - x
    dy = canvas.y * canvas.height - y
    far = np.hypot(dx, dy) / canvas.unit
    share = float(np.clip(1.15 - light.ambient, 0.18, 0.9))
    angle = np.arctan2(dy, dx)
    dust = 0.75 + 0.5 * canvas.noise(canvas.unit * 0.12, 51, 4, 2.0)
    for direction, reach in ((np.pi + 0.10, 0.85), (-0.16, 0.6)):
        off = np.abs((angle - direction + np.pi) % (2 * np.pi) - np.pi)
        beam = np.exp(-((off / 0.050) ** 2)) * np.exp(-far / reach) * smoothstep(far, 0.0, 0.03)
        canvas.shine((beam * dust).astype(np.float32), "#ffeec2", 0.95 * share)
    canvas.shine(np.exp(-((far / 0.10) ** 1.1)).astype(np.float32), "#ffd98a", 0.85 * share)
    canvas.shine(np.exp(-((far / 0.022) ** 2)).astype(np.float32), "#fffbe8", min(1.0, share + 0.35))

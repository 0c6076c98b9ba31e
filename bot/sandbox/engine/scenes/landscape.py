"""Mountains over a lake. May import: boats, canvas, light, sky, water, raster, numpy."""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour, mix, noise, smoothstep, soften
from bot.sandbox.engine.scenes.boats import sailboat
from bot.sandbox.engine.scenes.canvas import Canvas, Point
from bot.sandbox.engine.scenes.light import Light
from bot.sandbox.engine.scenes.sky import birds, sky
from bot.sandbox.engine.scenes.water import water


def landscape(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """Peaks over a lake that mirrors them, spruces on the near shore."""
    shore = 0.70
    sky(canvas, light, 0.72, extras)
    _peaks(canvas, light, 0.60, 0.27, 201, far=0.62, snow_line=0.95)
    _peaks(canvas, light, 0.68, 0.36, 202, far=0.22, snow_line=0.42 if weather != "snow" else 1.2)
    for index, (base, height, share) in enumerate(((0.665, 0.035, 0.45), (0.69, 0.025, 0.16))):
        line = canvas.ridge(base, height, 0.22, 210 + index)
        spikes = noise((canvas.width, 8), canvas.unit * 0.008, canvas.seed + 220 + index, 2)[4]
        hill = canvas.below((line - spikes * canvas.height * 0.022).astype(np.float32))
        green = blend("#20392d", light.shade, 0.45)
        tone = mix(green, colour(light.haze), share)
        canvas.fill(hill, tone)
    _mist(canvas, light, 0.685)
    water(canvas, light, shore, calm=0.92, deep="#16324a")
    _mist(canvas, light, shore + 0.005, 0.35)
    if weather == "fog":
        thick = 0.72 + 0.5 * (canvas.noise(canvas.unit * 0.3, 251, 4, 4) - 0.5)
        canvas.fill(smoothstep(np.abs(canvas.y - 0.64), 0.5, 0.02) * thick, light.haze, 0.95)
    if "boat" in extras:
        sailboat(canvas, light, 0.46, 0.79, 0.12)
    bank = canvas.ridge(0.965, 0.05, 0.4, 230)
    edge = smoothstep(np.abs(canvas.x[0] - 0.5), 0.30, 0.5) * 0.11 * canvas.height
    line = (bank - edge).astype(np.float32)
    dark = blend(light.shade, "#1d2a22", 0.35, 0.55 + 0.3 * light.ambient)
    white = colour("#dfe8f2") * np.float32(0.25 + 0.7 * light.ambient)
    canvas.fill(canvas.below(line), (white if weather == "snow" else dark))
    stand = _pines(canvas, line)
    canvas.fill(stand, dark)
    if weather == "snow":
        powder = stand * smoothstep(canvas.noise(canvas.unit * 0.012, 232, 3, 1.8), 0.52, 0.64)
        canvas.fill(powder, white, 0.7)
    if not light.moon and not weather:
        birds(canvas, 0.55, 0.22, 6, light.shade)


def _peaks(
    canvas: Canvas, light: Light, base: float, height: float, salt: int, *, far: float, snow_line: float
) -> None:
    """Raise a range: lit and shaded faces, snow above, haze below."""
    line = _massif(canvas, base, height, salt)
    body = canvas.below(line)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    depth = np.clip((rows - line[None, :]) / (height * 1.35 * canvas.height), 0, 1.3)
    # Ribs run down from the crest to both sides: noise that is long downwards and leans away from the summits.
    side = -1.0 if light.sun_x < 0.5 else 1.0
    crest = np.gradient(soften(np.broadcast_to(line, (4, canvas.width)).copy(), canvas.unit * 0.03)[0])
    tall = noise((canvas.height, canvas.width), canvas.unit * 0.09, canvas.seed + salt, 6, stretch=2.2).T
    lean = np.tanh(crest * 1.6)[None, :] * (rows - line[None, :]) * 0.5
    ribs = tall[rows.astype(int), np.clip(np.arange(canvas.width)[None, :] - lean, 0, canvas.width - 1).astype(int)]
    across = np.gradient(soften(ribs, 1.0), axis=1) * canvas.unit * 0.10
    facing = smoothstep(0.5 - side * (crest[None, :] * 0.45 * np.exp(-depth * 1.2) + across * 1.1), 0.18, 0.82)
    stone = blend(light.shade, "#6f6a70", 0.40, 0.5 + 0.55 * light.ambient)
    sunlit = blend("#8b7f78", light.lit, 0.45, 0.35 + 0.65 * light.ambient)
    rock = mix(stone[None, None], sunlit[None, None], facing * np.float32(0.8))
    cold = blend("#9db2d0", light.sky[1][1], 0.30, 0.30 + 0.60 * light.ambient)
    warm = blend("#ffffff", light.lit, 0.40, 0.42 + 0.58 * max(light.ambient, light.glow * 0.8))
    snow = mix(cold[None, None], warm[None, None], facing)
    cover = smoothstep(snow_line - depth + (ribs - 0.5) * 0.9, -0.10, 0.12)
    face = mix(rock, snow, cover)
    haze = np.clip(far + (1 - far) * 0.85 * smoothstep(depth, 0.35, 1.25), 0, 0.97)
    canvas.fill(body, mix(face, colour(light.haze)[None, None], haze).astype(np.float32))


def _massif(canvas: Canvas, base: float, height: float, salt: int) -> Array:
    """Return a skyline of pointed mountains: the upper edge of tents of several sizes, roughened."""
    random = np.random.default_rng(canvas.seed * 3 + salt)
    x = canvas.x[0] * canvas.width / canvas.unit
    wide = canvas.width / canvas.unit
    top = np.full(canvas.width, base + 0.02, dtype=np.float32)
    for size, count in ((1.0, 3), (0.66, 5), (0.40, 9)):
        spots = (np.arange(count) + random.uniform(0.15, 0.85, count)) * wide / count
        for spot in spots:
            tall = height * size * random.uniform(0.75, 1.15)
            left, right = random.uniform(0.55, 1.0, 2)
            slope = np.where(x < spot, left, right)
            off = np.abs(x - spot)
            top = np.minimum(top, base - tall + slope * (off + 0.10 * np.sin(off * 9 + spot * 7) * off))
    rough = noise((canvas.width, 8), canvas.unit * 0.05, canvas.seed + salt, 5)[4] - 0.5
    return np.asarray((top + rough * 0.035) * canvas.height, dtype=np.float32)


def _mist(canvas: Canvas, light: Light, y: float, share: float = 0.6) -> None:
    bank = np.exp(-(((canvas.y - y) / 0.022) ** 2)) * smoothstep(canvas.noise(canvas.unit * 0.18, 250, 4, 5), 0.3, 0.75)
    canvas.fill(bank.astype(np.float32), blend(light.haze, "#ffffff", 0.25 * light.ambient), share)


def _pines(canvas: Canvas, base: Array) -> Array:
    """Return the mask of spruces along the line ``base`` (y px per column), with the middle left clear."""
    random = np.random.default_rng(canvas.seed * 7 + 231)
    low, high = canvas.unit * 0.14, canvas.unit * 0.34
    shapes = []
    for x in np.sort(random.uniform(-0.03, 1.03, 26)) * canvas.width:
        if 0.24 < x / canvas.width < 0.72:
            continue
        foot = float(base[int(np.clip(x, 0, canvas.width - 1))])
        shapes.append(_pine(random, float(x), foot + low * 0.1, float(random.uniform(low, high))))
    return canvas.polygons(shapes)


def _pine(random: np.random.Generator, x: float, y: float, tall: float) -> list[Point]:
    """Return a spruce's ragged outline, its foot at (x, y)."""
    sides: dict[int, list[Point]] = {-1: [], 1: []}
    for tier in range(9):
        share = (tier + 1) / 9
        half = tall * 0.20 * share**0.9 * random.uniform(0.82, 1.15)
        low = y - tall * (1 - share) + tall * 0.02
        for side, points in sides.items():
            reach = half * random.uniform(0.88, 1.12)
            points.append((x + side * reach, low + tall * random.uniform(0.0, 0.018)))
            points.append((x + side * reach * 0.48, low - tall * 0.02))
    w = tall * 0.014
    trunk = [(x + w, y + tall * 0.02), (x + w, y + tall * 0.06), (x - w, y + tall * 0.06), (x - w, y + tall * 0.02)]
    return [(x, y - tall), *sides[1], *trunk, *sides[-1][::-1]]

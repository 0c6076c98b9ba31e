"""Mountains over a lake. Imports numpy, ``raster``, ``canvas`` and ``outdoors``."""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits.raster import Array, blend, colour, mix, noise, smoothstep, soften
from bot.sandbox.engine.scenes.canvas import Canvas, Point
from bot.sandbox.engine.scenes.outdoors import Light, falling, sailboat, sky, water


def landscape(canvas: Canvas, light: Light, weather: str, *, boat: bool) -> None:
    """Peaks over a lake that mirrors them, spruces on the near shore."""
    sky(canvas, light, 0.72)
    _peaks(canvas, light, 0.60, 0.27, 201, far=0.62, snow_line=0.95)
    _peaks(canvas, light, 0.68, 0.36, 202, far=0.22, snow_line=1.2 if weather == "snow" else 0.42)
    for salt, base, height, share in ((210, 0.665, 0.035, 0.45), (211, 0.69, 0.025, 0.16)):
        trees = canvas.ridge(base, height, 0.22, salt) - canvas.rough(0.008, salt + 10, 2) * canvas.height * 0.022
        canvas.fill(canvas.below(trees), mix(blend("#20392d", light.shade, 0.45), colour(light.haze), share))
    mist = np.exp(-(((canvas.y - 0.685) / 0.022) ** 2))
    mist = mist * smoothstep(canvas.noise(canvas.unit * 0.18, 250, 4, 5), 0.3, 0.75)
    canvas.fill(mist, blend(light.haze, "#ffffff", 0.25 * light.ambient), 0.6)
    water(canvas, light, 0.70, calm=0.92, deep="#16324a")
    if boat:
        sailboat(canvas, light, 0.46, 0.79, 0.12)
    edge = smoothstep(np.abs(canvas.x[0] - 0.5), 0.30, 0.5) * 0.11 * canvas.height
    bank = canvas.ridge(0.965, 0.05, 0.4, 230) - edge
    dark = blend(light.shade, "#1d2a22", 0.35, 0.55 + 0.3 * light.ambient)
    white = colour("#dfe8f2") * (0.25 + 0.7 * light.ambient)
    canvas.fill(canvas.below(bank), white if weather == "snow" else dark)
    spruces = _spruces(canvas, bank)
    canvas.fill(spruces, dark)
    if weather == "snow":
        powder = smoothstep(canvas.noise(canvas.unit * 0.012, 232, 3, 1.8), 0.52, 0.64)
        canvas.fill(spruces * powder, white, 0.7)
    falling(canvas, weather)


def _peaks(
    canvas: Canvas, light: Light, base: float, height: float, salt: int, *, far: float, snow_line: float
) -> None:
    """Raise a range: lit and shaded faces, snow above, haze below."""
    line = _massif(canvas, base, height, salt)
    depth = np.clip((canvas.rows - line) / (height * 1.35 * canvas.height), 0, 1.3)
    # Ribs run down from the crest to both sides: noise that is stretched downwards and leans away from the summits.
    crest = np.gradient(soften(np.broadcast_to(line, (4, canvas.width)).copy(), canvas.unit * 0.03)[0])
    tall = noise((canvas.height, canvas.width), canvas.unit * 0.09, canvas.seed + salt, 6, stretch=2.2).T
    lean = np.tanh(crest * 1.6) * (canvas.rows - line) * 0.5
    columns = np.clip(np.arange(canvas.width) - lean, 0, canvas.width - 1).astype(int)
    ribs = tall[canvas.rows.astype(int), columns]
    across = np.gradient(soften(ribs, 1.0), axis=1) * canvas.unit * 0.10
    side = -1.0 if light.sun_x < 0.5 else 1.0
    facing = smoothstep(0.5 - side * (crest * 0.45 * np.exp(-depth * 1.2) + across * 1.1), 0.18, 0.82)
    stone = blend(light.shade, "#6f6a70", 0.40, 0.5 + 0.55 * light.ambient)
    sunlit = blend("#8b7f78", light.lit, 0.45, 0.35 + 0.65 * light.ambient)
    cold = blend("#9db2d0", light.sky[1][1], 0.30, 0.30 + 0.60 * light.ambient)
    warm = blend("#ffffff", light.lit, 0.40, 0.42 + 0.58 * max(light.ambient, light.glow * 0.8))
    cover = smoothstep(snow_line - depth + (ribs - 0.5) * 0.9, -0.10, 0.12)
    face = mix(mix(stone, sunlit, facing * 0.8), mix(cold, warm, facing), cover)
    haze = np.clip(far + (1 - far) * 0.85 * smoothstep(depth, 0.35, 1.25), 0, 0.97)
    canvas.fill(canvas.below(line), mix(face, colour(light.haze), haze))


def _massif(canvas: Canvas, base: float, height: float, salt: int) -> Array:
    """Return a skyline of pointed mountains: the upper edge of tents of several sizes, roughened."""
    random = np.random.default_rng(canvas.seed * 3 + salt)
    wide = canvas.width / canvas.unit
    x = canvas.x[0] * wide
    top = np.full(canvas.width, base + 0.02, dtype=np.float32)
    for size, count in ((1.0, 3), (0.66, 5), (0.40, 9)):
        for spot in ((np.arange(count) + random.uniform(0.15, 0.85, count)) * wide / count).tolist():
            tall = height * size * float(random.uniform(0.75, 1.15))
            left, right = random.uniform(0.55, 1.0, 2).tolist()
            off = np.abs(x - spot)
            slope = np.where(x < spot, left, right) * (off + 0.10 * np.sin(off * 9 + spot * 7) * off)
            top = np.minimum(top, base - tall + slope)
    return (top + canvas.rough(0.05, salt, 5) * 0.035) * canvas.height


def _spruces(canvas: Canvas, base: Array) -> Array:
    """Return the mask of spruces along the line ``base`` (y px per column), with the middle left clear."""
    random = np.random.default_rng(canvas.seed * 7 + 231)
    outlines: list[list[Point]] = []
    for x, tall in (random.uniform((-0.03, 0.14), (1.03, 0.34), (26, 2)) * (canvas.width, canvas.unit)).tolist():
        if 0.24 < x / canvas.width < 0.72:
            continue
        foot = float(base[int(np.clip(x, 0, canvas.width - 1))]) + canvas.unit * 0.02
        # Each tier of branches is a triangle, wider than the one above it.
        for share, wide in zip(np.linspace(0.2, 1, 8), random.uniform(0.17, 0.24, 8), strict=True):
            reach, low = tall * wide * share**0.9, foot - tall * (1 - share)
            outlines.append([(x - reach, low), (x, low - tall * 0.3 * share - tall * 0.1), (x + reach, low)])
    return canvas.drawn(outlines)

"""Open country: mountains, desert, flowers. May import: canvas, light, sky, water, trees, raster."""

from __future__ import annotations

import numpy as np

from ..raster import Array, colour, colour_map, mix, noise, smoothstep, soften
from .boats import sailboat
from .canvas import Canvas
from .light import Light
from .sky import birds, sky
from .trees import dabs, pines
from .water import water


def mountains(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """Peaks over a lake that mirrors them, spruces on the near shore."""
    shore = 0.70
    sky(canvas, light, 0.72, extras)
    if "volcano" in extras:
        _volcano(canvas, light)
    else:
        _peaks(canvas, light, 0.60, 0.27, 201, far=0.62, snow_line=0.95)
        _peaks(canvas, light, 0.68, 0.36, 202, far=0.22, snow_line=0.42 if weather != "snow" else 1.2)
    for index, (base, height, share) in enumerate(((0.665, 0.035, 0.45), (0.69, 0.025, 0.16))):
        line = canvas.ridge(base, height, 0.22, 210 + index)
        spikes = noise((canvas.width, 8), canvas.unit * 0.008, canvas.seed + 220 + index, 2)[4]
        hill = canvas.below((line - spikes * canvas.height * 0.022).astype(np.float32))
        green = mix(colour("#20392d"), colour(light.shade), 0.45)
        tone = mix(green, colour(light.haze), share)
        canvas.fill(hill, tone[None, None])
    _mist(canvas, light, 0.685)
    water(canvas, light, shore, calm=0.92, deep="#16324a")
    _mist(canvas, light, shore + 0.005, 0.35)
    if "boat" in extras:
        sailboat(canvas, light, 0.46, 0.79, 0.12)
    bank = canvas.ridge(0.965, 0.05, 0.4, 230)
    edge = smoothstep(np.abs(canvas.x[0] - 0.5), 0.30, 0.5) * 0.11 * canvas.height
    line = (bank - edge).astype(np.float32)
    dark = mix(colour(light.shade), colour("#1d2a22"), 0.35) * np.float32(0.55 + 0.3 * light.ambient)
    white = colour("#dfe8f2") * np.float32(0.25 + 0.7 * light.ambient)
    canvas.fill(canvas.below(line), (white if weather == "snow" else dark)[None, None])
    stand = pines(canvas, line, (canvas.unit * 0.14, canvas.unit * 0.34), 26, 231, keep_clear=(0.24, 0.72))
    canvas.fill(stand, dark[None, None])
    if weather == "snow":
        powder = stand * smoothstep(canvas.noise(canvas.unit * 0.012, 232, 3, 1.8), 0.52, 0.64)
        canvas.fill(powder, white[None, None], 0.7)
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
    # Ribs run down from the crest: noise sampled along the slope, and each rib has a side to the sun.
    ribs = noise((canvas.width, canvas.height), canvas.unit * 0.10, canvas.seed + salt, 6)
    slope_y, slope_x = np.gradient(soften(ribs, 1.0) * canvas.unit * 0.10)
    side = -1.0 if light.sun_x < 0.5 else 1.0
    crest = np.gradient(soften(np.broadcast_to(line, (4, canvas.width)).copy(), canvas.unit * 0.012)[0])
    facing = np.clip(0.5 + side * (-crest[None, :] * 0.55 * np.exp(-depth * 2.2) - slope_x * 1.9) - slope_y * 0.6, 0, 1)
    facing = smoothstep(facing, 0.30, 0.72)
    stone = mix(colour(light.shade), colour("#6f6a70"), 0.40) * np.float32(0.5 + 0.55 * light.ambient)
    sunlit = mix(colour("#8b7f78"), colour(light.lit), 0.45) * np.float32(0.35 + 0.65 * light.ambient)
    rock = mix(stone[None, None], sunlit[None, None], facing * np.float32(0.8))
    cold = mix(colour("#9db2d0"), colour(light.sky[1][1]), 0.30) * np.float32(0.30 + 0.60 * light.ambient)
    warm = mix(colour("#ffffff"), colour(light.lit), 0.40) * np.float32(
        0.42 + 0.58 * max(light.ambient, light.glow * 0.8)
    )
    snow = mix(cold[None, None], warm[None, None], facing)
    cover = smoothstep(snow_line - depth + (ribs - 0.5) * 0.9, -0.06, 0.06)
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


def _volcano(canvas: Canvas, light: Light) -> None:
    x = canvas.x[0] - 0.5
    cone = 0.24 + 0.95 * np.abs(x) ** 0.86 + 0.012 * np.cos(x * 60) * np.exp(-((x / 0.06) ** 2))
    line = (np.maximum(cone, 0.265) * canvas.height).astype(np.float32)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    depth = np.clip((rows / canvas.height - 0.26) / 0.42, 0, 1)
    streaks = noise(canvas.size, canvas.unit * 0.05, canvas.seed + 240, 5) - 0.5
    cover = smoothstep(0.36 - depth + streaks * 0.5, -0.05, 0.05)
    side = smoothstep(canvas.x, 0.62, 0.42) if light.sun_x < 0.5 else smoothstep(canvas.x, 0.38, 0.58)
    base = mix(colour(light.shade), colour("#5d6b8c"), 0.45) * np.float32(0.5 + 0.5 * light.ambient)
    lit = mix(colour("#8d8698"), colour(light.lit), 0.35) * np.float32(0.4 + 0.6 * light.ambient)
    rock = mix(base[None, None], lit[None, None], side * np.ones_like(rows) * np.float32(0.6))
    white = mix(
        colour("#a9b9d4")[None, None] * np.float32(0.4 + 0.6 * light.ambient),
        mix(colour("#ffffff"), colour(light.lit), 0.3)[None, None],
        side * np.ones_like(rows),
    )
    haze = smoothstep(depth, 0.45, 1.15) * np.float32(0.9)
    canvas.fill(
        canvas.below(line), mix(mix(rock, white, cover), colour(light.haze)[None, None], haze).astype(np.float32)
    )


def _mist(canvas: Canvas, light: Light, y: float, share: float = 0.6) -> None:
    bank = np.exp(-(((canvas.y - y) / 0.022) ** 2)) * smoothstep(canvas.noise(canvas.unit * 0.18, 250, 4, 5), 0.3, 0.75)
    canvas.fill(
        bank.astype(np.float32), mix(colour(light.haze), colour("#ffffff"), 0.25 * light.ambient)[None, None], share
    )


def desert(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """Dunes with sharp crests, one side in the sun, one in shade."""
    sky(canvas, light, 0.58, extras)
    canvas.fill(
        canvas.below(canvas.ridge(0.575, 0.025, 0.6, 301)),
        mix(colour(light.haze), colour(light.shade), 0.18)[None, None],
    )
    side = 1.0 if light.sun_x < 0.5 else -1.0
    for index, (base, height, far) in enumerate(
        ((0.61, 0.045, 0.55), (0.69, 0.075, 0.28), (0.81, 0.10, 0.08), (0.98, 0.13, 0.0))
    ):
        _dune(canvas, light, base, height, far, 310 + index, side)
    if not light.moon:
        birds(canvas, 0.6, 0.25, 4, light.shade)


def _dune(canvas: Canvas, light: Light, base: float, height: float, far: float, salt: int, side: float) -> None:
    random = np.random.default_rng(canvas.seed * 5 + salt)
    x = canvas.x[0] * canvas.width / canvas.unit
    wave = sum(
        np.sin(x * f + p) * w
        for f, p, w in zip((3.1, 5.3, 8.7), random.uniform(0, 6.3, 3), (0.6, 0.3, 0.12), strict=True)
    )
    # A dune's crest is pointed: the wave is folded and skewed.
    line = ((base - height * (1 - np.abs(np.asarray(wave)) ** 0.85)) * canvas.height).astype(np.float32)
    body = canvas.below(line)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    depth = (rows - line[None, :]) / (height * 2.4 * canvas.height)
    # The slip face begins at each crest and runs down to one side.
    bend = np.sin(depth * 5 + random.uniform(0, 6)) * 0.05
    crests = [i for i in range(2, canvas.width - 2) if line[i] <= line[i - 1] and line[i] < line[i + 1]]
    shade = np.zeros_like(depth)
    for crest in crests:
        along = (np.arange(canvas.width)[None, :] - crest) / canvas.unit * side
        edge = bend + depth * 0.10
        shade = np.maximum(
            shade,
            smoothstep(along - edge, -0.004, 0.006)
            * smoothstep(along - edge, 0.36 + 0.2 * depth, 0.10)
            * smoothstep(depth, 1.1, 0.3),
        )
    ripples = noise(canvas.size, max(2.0, canvas.unit * 0.006), canvas.seed + salt, 2, stretch=9) - 0.5
    sand = colour_map(
        np.clip(0.62 - 0.30 * depth + ripples * 0.10, 0, 1), [(0, "#7c4a2c"), (0.5, "#d08f56"), (1, "#f7cf92")]
    )
    lit = (
        sand
        * mix(colour("#ffffff"), colour(light.lit), 0.6)
        * np.float32(0.28 + 0.75 * max(light.ambient, 0.6 * light.glow))
    )
    dark = sand * mix(colour(light.shade), colour(light.sky[1][1]), 0.45) * np.float32(0.55 + 0.45 * light.ambient)
    face = mix(lit, dark, np.clip(shade * 0.92, 0, 1))
    canvas.fill(body, mix(face, colour(light.haze)[None, None], np.float32(far)).astype(np.float32))
    rim = np.clip(1 - np.abs(rows - line[None, :] - 1) / 1.6, 0, 1) * body
    canvas.shine(rim.astype(np.float32), light.lit, 0.30 * (0.3 + light.glow))


_BLOOMS = {
    "": ("#e8414f", "#f2a33c", "#f6d743", "#ffffff", "#b06ad0", "#ee6fa3"),
    "lavender": ("#7a5cc4", "#9a7be0", "#6a4bb0", "#b59af0"),
    "sunflowers": ("#f6b81d", "#ffd23f", "#f2a20d"),
    "tulips": ("#e23b4e", "#f59f2e", "#f7d84a", "#ee5d92", "#ffffff"),
}


def flowers(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """A meadow in bloom running to hills; rows where the flowers are grown in fields."""
    horizon = 0.46
    sky(canvas, light, horizon, extras)
    for index, (base, far) in enumerate(((0.44, 0.6), (0.465, 0.35))):
        hill = canvas.below(canvas.ridge(base, 0.035, 0.5, 401 + index))
        canvas.fill(hill, mix(mix(colour("#3f6b4a"), colour(light.shade), 0.25), colour(light.haze), far)[None, None])
    kind = next((name for name in ("lavender", "sunflowers", "tulips") if name in extras), "")
    ground = canvas.below(np.full(canvas.width, horizon * canvas.height, dtype=np.float32))
    near = np.clip((canvas.y - horizon) / (1 - horizon), 0, 1) * np.ones_like(canvas.x)
    blades = canvas.noise(canvas.unit * 0.02, 404, 4)
    light_share = np.float32(0.30 + 0.70 * max(light.ambient, 0.55 * light.glow))
    meadow = colour_map(
        np.clip(0.62 - 0.35 * near + (blades - 0.5) * 0.55, 0, 1), [(0, "#17301c"), (0.5, "#3d7038"), (1, "#9cbf5a")]
    )
    tinted = meadow * mix(colour("#ffffff"), colour(light.lit), 0.35) * light_share
    canvas.fill(
        ground,
        mix(tinted, colour(light.haze)[None, None], smoothstep(near, 0.22, 0.0) * np.float32(0.5)).astype(np.float32),
    )
    _blooms(canvas, light, horizon, kind, light_share)


def _blooms(canvas: Canvas, light: Light, horizon: float, kind: str, light_share: np.float32) -> None:
    random = np.random.default_rng(canvas.seed + 410)
    count = int((5200 if not kind else 7600) * max(0.6, canvas.width / canvas.height))
    near = np.sort(random.random(count) ** 1.5)
    across = random.random(count)
    if kind:
        # Rows meet at a point on the horizon.
        rows = np.round((across - 0.5) * 2.6 / (0.06 + near) * 4) / 4 * (0.06 + near) / 2.6 + 0.5
        across = rows + random.normal(0, 0.010, count) * (0.2 + near)
    patch = noise((256, 256), 48, canvas.seed + 411, 3)
    here = patch[(near * 255).astype(int), np.clip(across * 255, 0, 255).astype(int)]
    palette: Array = np.stack([colour(value) for value in _BLOOMS[kind]])
    pick = np.clip((here * 1.8 - 0.4) * len(palette) + random.normal(0, 0.9, count), 0, len(palette) - 1).astype(int)
    grown = np.ones(count, dtype=bool) if kind else random.random(count) < smoothstep(here, 0.30, 0.55) * 0.75 + 0.25
    xs, ys = across * canvas.width, (horizon + (1.03 - horizon) * near**1.25 + 0.004) * canvas.height
    radii = canvas.unit * (0.0011 + 0.0125 * near**1.7) * random.uniform(0.7, 1.25, count)
    tones: Array = (
        palette[pick]
        * (random.normal(1, 0.10, (count, 1)))
        * light_share
        * mix(colour("#ffffff"), colour(light.lit), 0.35)
    )
    tones = mix(
        tones.astype(np.float32), colour(light.haze)[None], smoothstep(near, 0.20, 0.0)[:, None] * np.float32(0.45)
    )
    petals = _petals(
        random,
        xs[grown],
        ys[grown],
        radii[grown],
        tones[grown],
        light_share,
        eye="#4a2c14" if kind == "sunflowers" else "#f4d35e",
    )
    dabs(canvas, *petals, squash=0.82)


def _petals(
    random: np.random.Generator, xs: Array, ys: Array, radii: Array, tones: Array, light_share: np.float32, eye: str
) -> tuple[Array, Array, Array, Array]:
    """Turn near flowers into five petals, a shadow under them and an eye; far ones stay dots."""
    big = radii > 3.2
    turn = random.uniform(0, 6.28, len(xs))
    parts: list[tuple[Array, Array, Array, Array]] = []
    parts.append((xs + radii * 0.25, ys + radii * 0.7, radii * 1.15, tones * 0.42))
    for petal in range(5):
        angle = turn + petal * 1.2566
        reach = np.where(big, radii * 0.75, 0)
        parts.append(
            (
                xs + np.cos(angle) * reach,
                ys + np.sin(angle) * reach * 0.8,
                np.where(big, radii * 0.62, radii),
                tones * (0.92 + 0.05 * petal),
            )
        )
    centre = np.where(big, radii * 0.42, 0.01)
    parts.append((xs, ys, centre, np.broadcast_to(colour(eye) * light_share, tones.shape)))
    # Interleave by flower, so that near flowers cover far ones.
    stacked = [np.stack([part[index] for part in parts], axis=1) for index in range(4)]
    return stacked[0].ravel(), stacked[1].ravel(), stacked[2].ravel(), stacked[3].reshape(-1, 3)

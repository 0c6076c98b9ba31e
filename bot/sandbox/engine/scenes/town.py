"""Built places: a city by the water and a castle on its hill. May import: canvas, light, sky, water, trees, raster."""

from __future__ import annotations

import numpy as np

from ..raster import Array, colour, mix, smoothstep, soften
from .boats import sailboat
from .canvas import Canvas, Point, box
from .light import Light
from .sky import birds, lightning, sky
from .trees import pines
from .water import water

_LAMPS = ("#ffd68a", "#ffc46b", "#fff0c9", "#ffe0a3", "#bcd8ff")
_NEON = ("#ff4fc3", "#36e7ff", "#a56bff", "#ffcf5a", "#5affb0")


def city(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """Towers in three depths over a river, windows lit when it is dark enough."""
    shore = 0.74
    sky(canvas, light, 0.76, extras)
    if weather == "storm":
        lightning(canvas, 0.3, 0.6)
    random = np.random.default_rng(canvas.seed + 801)
    dark = light.ambient < 0.6
    for index, (low, high, far) in enumerate(((0.16, 0.40, 0.72), (0.14, 0.50, 0.40), (0.08, 0.34, 0.08))):
        towers = _towers(canvas, random, shore, low, high, (0.030, 0.075) if index < 2 else (0.05, 0.11))
        body = canvas.polygons([shape for tower in towers for shape in tower])
        wall = mix(mix(colour(light.shade), colour("#66707c"), 0.55 * light.ambient), colour(light.haze), far)
        height = smoothstep(canvas.y, 0.2, shore)
        shade = mix(wall[None, None], mix(wall, colour(light.haze), 0.45)[None, None], height * np.ones_like(canvas.x))
        canvas.fill(body, shade)
        _windows(canvas, light, random, towers, body, far, neon="neon" in extras, dark=dark)
    if dark:
        glow = np.exp(-(((canvas.y - shore) / 0.10) ** 2)) * np.ones_like(canvas.x)
        canvas.shine(glow.astype(np.float32), "#ff9fd0" if "neon" in extras else "#ffb56b", 0.22)
    water(
        canvas,
        light,
        shore,
        calm=0.72 if weather not in {"rain", "storm"} else 0.45,
        deep="#0d1a2c" if dark else "#2c5068",
    )
    if "boat" in extras:
        sailboat(canvas, light, 0.30, 0.82, 0.10)
    quay = np.exp(-(((canvas.y - shore) / 0.004) ** 2)) * np.ones_like(canvas.x)
    canvas.fill(quay.astype(np.float32), light.shade, 0.85)
    if not dark:
        birds(canvas, 0.3, 0.2, 6, light.shade)


def _towers(
    canvas: Canvas, random: np.random.Generator, shore: float, low: float, high: float, widths: tuple[float, float]
) -> list[list[list[Point]]]:
    towers, x = [], -0.02 * canvas.width
    foot = shore * canvas.height + 2
    while x < canvas.width * 1.02:
        wide = random.uniform(*widths) * canvas.unit
        centre = np.exp(-(((x + wide / 2) / canvas.width - 0.52) ** 2) / 0.07)
        tall = (low + (high - low) * (0.25 + 0.75 * centre) * random.uniform(0.35, 1.0)) * canvas.unit
        shapes = [box(x, foot - tall, wide, tall)]
        crown = random.random()
        if crown < 0.22:
            shapes.append(box(x + wide * 0.22, foot - tall * 1.09, wide * 0.56, tall * 0.1))
            shapes.append(box(x + wide * 0.47, foot - tall * 1.22, wide * 0.06, tall * 0.15))
        elif crown < 0.36:
            shapes.append([(x, foot - tall), (x + wide, foot - tall), (x + wide, foot - tall * 1.10)])
        elif crown < 0.44:
            shapes.append([(x, foot - tall), (x + wide, foot - tall), (x + wide * 0.5, foot - tall * 1.25)])
        towers.append(shapes)
        x += wide * random.uniform(0.92, 1.25)
    return towers


def _windows(
    canvas: Canvas,
    light: Light,
    random: np.random.Generator,
    towers: list[list[list[Point]]],
    body: Array,
    far: float,
    *,
    neon: bool,
    dark: bool,
) -> None:
    palette = _NEON if neon else _LAMPS
    panes: dict[str, list[list[Point]]] = {tone: [] for tone in palette}
    size = canvas.unit * (0.0042 if far > 0.3 else 0.0062)
    for shapes in towers:
        (left, top), (right, _), (_, foot), _ = shapes[0]
        lit = random.uniform(0.15, 0.55) if dark else 0.0
        favourite = palette[int(random.integers(0, len(palette)))]
        for y in np.arange(top + size * 2, foot - size * 3, size * 2.5):
            for x in np.arange(left + size * 1.2, right - size * 1.6, size * 2.1):
                if random.random() < lit:
                    tone = favourite if random.random() < 0.7 else palette[int(random.integers(0, len(palette)))]
                    panes[tone].append(box(float(x), float(y), size, size * 1.3))
                elif not dark and random.random() < 0.9:
                    panes[palette[0]].append(box(float(x), float(y), size, size * 1.3))
    for tone, shapes_ in panes.items():
        if not shapes_:
            continue
        mask = canvas.polygons(shapes_)
        if dark:
            canvas.fill(mask, tone, 0.92 * (1 - far * 0.6))
            canvas.shine(soften(mask, size * 1.6), tone, (0.8 if neon else 0.45) * (1 - far * 0.7))
        else:
            canvas.fill(
                mask, mix(colour(light.sky[1][1]), colour(light.shade), 0.45)[None, None], 0.40 * (1 - far * 0.6)
            )


def castle(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """Towers with pointed roofs on a wooded rock, mist below, a few windows lit."""
    sky(canvas, light, 0.78, extras)
    if weather == "storm":
        lightning(canvas, 0.22, 0.7)
    for index, (base, height, far) in enumerate(((0.70, 0.10, 0.70), (0.76, 0.07, 0.45))):
        hill = canvas.below(canvas.ridge(base, height, 0.55, 821 + index))
        canvas.fill(hill, mix(mix(colour(light.shade), colour("#3d5c4c"), 0.35), colour(light.haze), far)[None, None])
    x = canvas.x[0]
    mound = 0.93 - 0.32 * np.exp(-(np.abs((x - 0.52) * canvas.width / canvas.unit / 0.40) ** 4))
    rough = canvas.ridge(0, 0.012, 0.08, 823)
    line = (mound * canvas.height + rough).astype(np.float32)
    _rock(canvas, light, line, weather)
    _walls(canvas, light, 0.52 * canvas.width, 0.60 * canvas.height, 0.40 * canvas.unit, weather)
    front = canvas.ridge(0.93, 0.05, 0.5, 824)
    tone = mix(colour(light.shade), colour("#1f3326"), 0.45) * np.float32(0.6 + 0.4 * light.ambient)
    stand = pines(canvas, front, (canvas.unit * 0.06, canvas.unit * 0.15), 46, 825)
    canvas.fill(np.maximum(stand, canvas.below(front)), tone[None, None])
    if weather == "snow":
        white = colour("#e6edf6") * np.float32(0.3 + 0.65 * light.ambient)
        canvas.fill(
            stand * smoothstep(canvas.noise(canvas.unit * 0.010, 826, 3, 1.8), 0.5, 0.6), white[None, None], 0.8
        )
    bank = np.exp(-(((canvas.y - 0.83) / 0.045) ** 2)) * smoothstep(
        canvas.noise(canvas.unit * 0.22, 827, 4, 4), 0.28, 0.7
    )
    canvas.fill(
        bank.astype(np.float32), mix(colour(light.haze), colour("#ffffff"), 0.2 * light.ambient)[None, None], 0.6
    )
    if not light.moon:
        birds(canvas, 0.25, 0.3, 7, light.shade)


def _rock(canvas: Canvas, light: Light, line: Array, weather: str) -> None:
    side = -1.0 if light.sun_x < 0.5 else 1.0
    relief = canvas.relief(canvas.unit * 0.09, 831, side, 0.32)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    depth = np.clip((rows - line[None, :]) / (0.3 * canvas.height), 0, 1)
    stone = mix(colour(light.shade), colour("#77706c"), 0.30 + 0.35 * light.ambient) * np.float32(
        0.55 + 0.45 * light.ambient
    )
    green = mix(colour("#33502f"), colour(light.shade), 0.40) * np.float32(0.5 + 0.5 * light.ambient)
    cover = smoothstep(canvas.noise(canvas.unit * 0.07, 832, 5) - 0.25 + 0.45 * depth, 0.35, 0.6)
    tone = mix((stone[None, None] * relief[..., None]), green[None, None] * (0.7 + 0.3 * relief)[..., None], cover)
    if weather == "snow":
        tone = mix(
            tone,
            (colour("#e6edf6") * np.float32(0.3 + 0.65 * light.ambient))[None, None],
            smoothstep(relief - depth * 0.3, 0.72, 1.05),
        )
    canvas.fill(
        canvas.below(line),
        mix(tone, colour(light.haze)[None, None], smoothstep(depth, 0.5, 1.0) * np.float32(0.5)).astype(np.float32),
    )


def _walls(canvas: Canvas, light: Light, x: float, y: float, s: float, weather: str) -> None:
    # (offset, foot, half width, height, roof height): far towers first.
    towers = (
        (-0.10, 0.0, 0.085, 0.74, 0.26), (0.16, 0.0, 0.070, 0.60, 0.24), (-0.32, 0.06, 0.075, 0.46, 0.22),
        (0.36, 0.06, 0.080, 0.50, 0.22), (0.03, 0.06, 0.12, 0.50, 0.20), (-0.50, 0.13, 0.070, 0.36, 0.18),
        (0.54, 0.13, 0.065, 0.34, 0.18),
    )  # fmt: skip
    side = -1.0 if light.sun_x < 0.5 else 1.0
    for index, (dx, dy, half, tall, roof) in enumerate(towers):
        if index == 4:
            _curtain(canvas, light, x, y, s, side)
        cx, foot, w, top = x + dx * s, y + (0.4 * dy + 0.08) * s, half * s, y + (dy - tall) * s
        across = np.clip((canvas.x * canvas.width - cx) / w, -1, 1)
        canvas.fill(canvas.polygon(box(cx - w, top, 2 * w, foot - top)), _stone(canvas, light, across, side))
        teeth = [box(cx - w * 1.16, top - w * 0.10, w * 2.32, w * 0.42)]
        canvas.fill(canvas.polygons(teeth), _stone(canvas, light, across, side) * np.float32(0.92))
        cone = [(cx - w * 1.28, top - w * 0.06), (cx + w * 1.28, top - w * 0.06), (cx, top - roof * s)]
        tile = mix(colour("#3d5a80"), colour(light.shade), 0.35 - 0.2 * light.ambient)
        tile = colour("#dfe8f2") if weather == "snow" else tile
        shading = (0.62 + 0.42 * np.clip(across * side + 0.35, -0.4, 1)) * np.float32(
            0.45 + 0.55 * max(light.ambient, 0.6 * light.glow)
        )
        canvas.fill(
            canvas.polygon(cone),
            (tile[None, None] * shading[..., None] * np.ones((canvas.height, 1, 1))).astype(np.float32),
        )
        _flag(canvas, light, cx, top - roof * s, s * 0.05)
        slits = [
            box(cx - w * 0.13, top + w * (0.9 + 1.7 * n), w * 0.26, w * 0.62) for n in range(2 if tall > 0.4 else 1)
        ]
        glass = canvas.polygons(slits)
        canvas.fill(glass, "#ffcf78" if light.ambient < 0.7 else "#2d3440")
        if light.ambient < 0.7:
            canvas.shine(soften(glass, w * 0.5), "#ffb24d", 0.9)


def _curtain(canvas: Canvas, light: Light, x: float, y: float, s: float, side: float) -> None:
    across = np.clip((canvas.x * canvas.width - x) / s, -1, 1)
    wall = [box(x - 0.52 * s, y - 0.12 * s, 1.08 * s, 0.34 * s)]
    wall += [box(x + (-0.52 + 0.06 * n) * s, y - 0.155 * s, 0.034 * s, 0.05 * s) for n in range(18)]
    canvas.fill(canvas.polygons(wall), _stone(canvas, light, across * 0.5, side) * np.float32(0.90))


def _stone(canvas: Canvas, light: Light, across: Array, side: float) -> Array:
    warm = mix(colour("#cdbfae"), colour(light.lit), 0.35) * np.float32(
        0.30 + 0.68 * max(light.ambient, 0.65 * light.glow)
    )
    cool = mix(colour(light.shade), colour(light.sky[1][1]), 0.45) * np.float32(0.75 + 0.25 * light.ambient)
    lit = np.clip(0.48 + 0.62 * across * side, 0, 1) * np.ones((canvas.height, 1), dtype=np.float32)
    block = 0.90 + 0.20 * canvas.noise(canvas.unit * 0.018, 841, 3, 1.8)
    return np.asarray(mix(cool[None, None], warm[None, None], lit) * block[..., None], dtype=np.float32)


def _flag(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    canvas.fill(canvas.lines([([(x, y + size * 0.1), (x, y - size * 0.9)], size * 0.07)]), light.shade)
    cloth = [
        (x, y - size * 0.9),
        (x + size * 0.8, y - size * 0.72),
        (x + size * 0.62, y - size * 0.62),
        (x + size * 0.8, y - size * 0.48),
        (x, y - size * 0.42),
    ]
    canvas.fill(
        canvas.polygon(cloth), mix(colour("#c8323a"), colour(light.shade), 0.5 - 0.4 * light.ambient)[None, None]
    )

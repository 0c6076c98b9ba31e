"""Woods: spruces in mist, birches in leaf, and a cabin with lit windows.

May import: canvas, light, sky, trees, raster.
"""

from __future__ import annotations

import numpy as np

from ..raster import colour, mix, noise, smoothstep, soften
from .canvas import Canvas, box
from .light import Light
from .sky import sky
from .trees import dabs, grass, pines


def forest(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """Spruces by default; birches in autumn and spring colours."""
    if extras & {"autumn", "spring"}:
        _birches(canvas, light, autumn="autumn" in extras)
    else:
        _spruces(canvas, light, weather, extras)


def _spruces(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    sky(canvas, light, 0.62, extras)
    air = mix(colour(light.haze), colour("#ffffff"), 0.15 * light.ambient)
    green = mix(colour("#1d3a2c"), colour(light.shade), 0.50 - 0.25 * light.ambient) * np.float32(
        0.55 + 0.45 * light.ambient
    )
    layers = (
        (0.50, 0.10, 60, 0.80),
        (0.57, 0.14, 44, 0.60),
        (0.66, 0.20, 30, 0.40),
        (0.78, 0.30, 20, 0.20),
        (0.97, 0.50, 12, 0.0),
    )
    white = colour("#e8eff7") * np.float32(0.25 + 0.70 * light.ambient)
    for index, (base, tall, count, far) in enumerate(layers):
        line = canvas.ridge(base, 0.03, 0.35, 601 + index)
        clear = (0.30, 0.66) if index == 4 else None
        stand = pines(
            canvas,
            line,
            (tall * 0.55 * canvas.unit, tall * canvas.unit),
            int(count * max(1, canvas.width / canvas.height)),
            610 + index,
            keep_clear=clear,
        )
        ground = canvas.below(line)
        tone = mix(green, air, far)
        canvas.fill(np.maximum(stand, ground), tone[None, None])
        if weather == "snow":
            powder = stand * smoothstep(
                canvas.noise(canvas.unit * 0.010 * (1 + index * 0.4), 620 + index, 3, 1.8), 0.50, 0.60
            )
            canvas.fill(powder, mix(white, air, far * 0.9)[None, None], 0.85)
            canvas.fill(ground, mix(white, air, far * 0.8)[None, None], 0.9)
        if index < 4:
            bank = np.exp(-(((canvas.y - base - 0.035) / 0.055) ** 2)) * (
                0.35 + 0.9 * smoothstep(canvas.noise(canvas.unit * 0.2, 630 + index, 4, 4), 0.3, 0.75)
            )
            canvas.fill(np.clip(bank, 0, 1).astype(np.float32), air[None, None], 0.62)
    if not light.moon and weather in {"", "fog"}:
        _rays(canvas, light)


def _rays(canvas: Canvas, light: Light) -> None:
    """Let sunbeams fall through the trees."""
    x0, y0 = light.sun_x * canvas.width, -0.1 * canvas.height
    angle = np.arctan2(canvas.x * canvas.width - x0, canvas.y * canvas.height - y0)
    stripes = noise((2048, 8), 46, canvas.seed + 640, 3)[4]
    beam = smoothstep(stripes[np.clip((angle + 1.6) / 3.2 * 2047, 0, 2047).astype(int)], 0.52, 0.78)
    fade = smoothstep(canvas.y, 1.0, 0.25) * np.exp(-np.abs(angle) * 0.6)
    canvas.shine(soften((beam * fade).astype(np.float32), 2), light.lit, 0.11 * (0.5 + light.glow))


def _birches(canvas: Canvas, light: Light, *, autumn: bool) -> None:
    """White trunks, a floor of leaves, crowns as thousands of dabs."""
    random = np.random.default_rng(canvas.seed + 650)
    glow = mix(colour("#f6c667" if autumn else "#cfe59a"), colour(light.haze), 0.35) * np.float32(
        0.35 + 0.65 * light.ambient
    )
    base = mix(colour("#b9622a" if autumn else "#7fae55"), colour(light.shade), 0.30) * np.float32(
        0.4 + 0.6 * light.ambient
    )
    height = smoothstep(np.abs(canvas.y - 0.55), 0.0, 0.5) * np.ones_like(canvas.x)
    canvas.pixels = mix(
        glow[None, None] * np.ones((canvas.height, canvas.width, 3), dtype=np.float32), base[None, None], height
    )
    palette = (
        ("#f2a51f", "#e2711d", "#c8401f", "#f7cf4b", "#9c2f1b")
        if autumn
        else ("#9ccc4f", "#6fae3a", "#c6e07a", "#4f8f37", "#e8f2b0")
    )
    tones = np.stack([colour(value) for value in palette]) * np.float32(
        0.30 + 0.70 * max(light.ambient, 0.5 * light.glow)
    )
    for depth, (count, wide, far) in enumerate(((26, 0.010, 0.62), (15, 0.020, 0.32), (7, 0.042, 0.0))):
        foot = (0.66, 0.76, 0.97)[depth]
        _trunks(canvas, light, random, count, wide, far, foot, glow)
        number = (3000, 3400, 2200)[depth]
        xs = random.random(number) * canvas.width
        ragged = 0.55 + 0.95 * noise((canvas.width, 8), canvas.unit * 0.16, canvas.seed + 652 + depth, 4)[4]
        ys = (
            random.random(number) ** 1.35
            * ragged[np.minimum(xs.astype(int), canvas.width - 1)]
            * (0.52, 0.46, 0.34)[depth]
        ) * canvas.height
        radii = canvas.unit * (0.0040, 0.0058, 0.0085)[depth] * random.uniform(0.6, 1.4, number)
        tint = mix(
            tones[random.integers(0, len(tones), number)] * random.normal(1, 0.10, (number, 1)),
            glow[None],
            np.float32(far * 0.8),
        )
        dabs(canvas, xs, ys, radii, tint.astype(np.float32), squash=0.8)
    number = 5200
    near = np.sort(random.random(number))
    ys = (0.68 + 0.36 * near**1.3) * canvas.height
    radii = canvas.unit * (0.002 + 0.010 * near) * random.uniform(0.6, 1.3, number)
    if autumn:
        floor = tones[random.integers(0, len(tones), number)] * random.uniform(0.45, 0.95, (number, 1))
        dabs(canvas, random.random(number) * canvas.width, ys, radii, floor, squash=0.45)
    else:
        grass(canvas, 0.68, "#3f7030", "#8fbf4f", 655, 2600)
    canvas.shine(
        np.exp(-(((canvas.x - light.sun_x) / 0.35) ** 2 + ((canvas.y - 0.42) / 0.30) ** 2)).astype(np.float32),
        light.lit,
        0.32,
    )


def _trunks(
    canvas: Canvas,
    light: Light,
    random: np.random.Generator,
    count: int,
    wide: float,
    far: float,
    foot: float,
    glow: np.ndarray,
) -> None:
    shapes, marks = [], []
    for x in (np.arange(count) + random.uniform(0.1, 0.9, count)) / count * canvas.width:
        w = wide * canvas.unit * random.uniform(0.7, 1.25)
        lean = random.normal(0, 0.03) * canvas.height
        low = (foot + random.uniform(-0.03, 0.03)) * canvas.height
        shapes.append([(x - w / 2, low), (x + w / 2, low), (x + w * 0.36 + lean, -5), (x - w * 0.36 + lean, -5)])
        for y in random.uniform(0, low, int(low / canvas.height * 26)):
            at = x + lean * (1 - y / low)
            side, reach = random.choice((-1, 1)), random.uniform(0.2, 0.7) * w
            edge = at + side * w * 0.42
            marks.append(([(edge, y), (edge - side * reach, y + w * 0.06)], max(0.6, w * random.uniform(0.06, 0.16))))
    bark = mix(colour("#f3efe6"), colour(light.lit), 0.20) * np.float32(0.32 + 0.68 * light.ambient)
    trunk = canvas.polygons(shapes)
    shading = 0.78 + 0.44 * noise(canvas.size, max(2.0, canvas.unit * wide * 0.7), canvas.seed + 660, 2)
    canvas.fill(trunk, (mix(bark, glow, far * 0.85)[None, None] * shading[..., None]).astype(np.float32))
    canvas.fill(canvas.lines(marks) * trunk, mix(colour("#2a2421"), glow, far)[None, None], 0.85)


def cabin(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """A small house with lit windows at the edge of a wood, smoke rising."""
    sky(canvas, light, 0.60, extras)
    snow = weather == "snow"
    share = np.float32(0.28 + 0.70 * max(light.ambient, 0.4 * light.glow))
    green = mix(colour("#21402f"), colour(light.shade), 0.45) * np.float32(0.55 + 0.45 * light.ambient)
    for index, (base, tall, count, far) in enumerate(((0.60, 0.16, 46, 0.55), (0.655, 0.25, 26, 0.22))):
        line = canvas.ridge(base, 0.03, 0.4, 701 + index)
        stand = pines(
            canvas,
            line,
            (tall * 0.5 * canvas.unit, tall * canvas.unit),
            count,
            710 + index,
            keep_clear=(0.40, 0.62) if index else None,
        )
        canvas.fill(np.maximum(stand, canvas.below(line)), mix(green, colour(light.haze), far)[None, None])
        if snow:
            powder = stand * smoothstep(canvas.noise(canvas.unit * 0.012, 720 + index, 3, 1.8), 0.50, 0.60)
            canvas.fill(powder, (colour("#e4ecf6") * share)[None, None], 0.75)
    line = canvas.ridge(0.685, 0.02, 0.6, 730)
    rows = np.arange(canvas.height, dtype=np.float32)[:, None]
    roll = canvas.noise(canvas.unit * 0.35, 731, 3, 3)
    if snow:
        field = mix(
            (colour("#c3d3ea") * share)[None, None],
            (mix(colour("#ffffff"), colour(light.lit), 0.2) * share)[None, None],
            smoothstep(roll, 0.3, 0.7),
        )
    else:
        field = mix(
            (colour("#3d6134") * share)[None, None],
            (mix(colour("#8bab55"), colour(light.lit), 0.25) * share)[None, None],
            smoothstep(roll + (canvas.noise(canvas.unit * 0.012, 732, 3) - 0.5) * 0.6, 0.3, 0.75),
        )
    canvas.fill(
        canvas.below(line),
        field * (1.05 - 0.35 * np.clip((rows - line[None, :]) / canvas.height / 0.4, 0, 1))[..., None],
    )
    _house(canvas, light, 0.50 * canvas.width, 0.735 * canvas.height, 0.25 * canvas.unit, snow=snow)
    if not snow:
        grass(canvas, 0.80, "#26401f", "#7d9a4c", 733, 1500)


def _house(canvas: Canvas, light: Light, x: float, y: float, s: float, *, snow: bool) -> None:
    share = np.float32(0.30 + 0.70 * light.ambient)
    logs = canvas.polygon(box(x - s * 0.62, y - s * 0.52, s * 1.24, s * 0.54))
    seams = 0.80 + 0.20 * np.abs(np.sin((canvas.y * canvas.height - y) / s * 22)) * np.ones_like(canvas.x)
    canvas.fill(
        logs,
        (mix(colour("#6d4428"), colour(light.lit), 0.12) * share)[None, None] * seams[..., None].astype(np.float32),
    )
    gable = canvas.polygon([(x - s * 0.62, y - s * 0.50), (x + s * 0.02, y - s * 0.50), (x - s * 0.30, y - s * 1.0)])
    canvas.fill(gable, (colour("#5b3822") * share)[None, None] * seams[..., None].astype(np.float32))
    roof = [
        (x - s * 0.34, y - s * 1.06),
        (x + s * 0.50, y - s * 1.06),
        (x + s * 0.78, y - s * 0.44),
        (x - s * 0.02, y - s * 0.44),
    ]
    eave = [
        (x - s * 0.34, y - s * 1.06),
        (x - s * 0.26, y - s * 1.06),
        (x - s * 0.60, y - s * 0.42),
        (x - s * 0.74, y - s * 0.42),
    ]
    chimney = canvas.polygon(box(x + s * 0.30, y - s * 1.24, s * 0.12, s * 0.30))
    canvas.fill(chimney, (colour("#7d6a60") * share)[None, None])
    tile = colour("#eef4fb") if snow else colour("#8a3f30")
    canvas.fill(
        canvas.polygons([roof, eave]),
        (mix(tile, colour(light.lit), 0.10) * np.float32(0.34 + 0.62 * light.ambient))[None, None],
    )
    glass = canvas.polygons(
        [box(x - s * 0.42, y - s * 0.38, s * 0.22, s * 0.20), box(x + s * 0.28, y - s * 0.36, s * 0.22, s * 0.20)]
    )
    door = canvas.polygon(box(x - s * 0.06, y - s * 0.36, s * 0.18, s * 0.38))
    canvas.fill(door, (colour("#3a2418") * share)[None, None])
    canvas.fill(glass, "#ffcf76" if light.ambient < 0.75 else "#5d7688")
    frames = [
        ([(x - s * 0.31, y - s * 0.38), (x - s * 0.31, y - s * 0.18)], s * 0.014),
        ([(x + s * 0.39, y - s * 0.36), (x + s * 0.39, y - s * 0.16)], s * 0.014),
    ]
    canvas.fill(canvas.lines(frames), "#3a2418")
    if light.ambient < 0.75:
        canvas.shine(soften(glass, s * 0.12), "#ffb450", 1.0)
        pool = np.exp(
            -(
                ((canvas.x * canvas.width - x) / (s * 0.85)) ** 2
                + ((canvas.y * canvas.height - y - s * 0.10) / (s * 0.14)) ** 2
            )
        )
        canvas.shine(pool.astype(np.float32), "#ffb85c", 0.42)
    rise = np.clip((y - s * 1.22 - canvas.y * canvas.height) / (s * 1.5), 0, 1)
    drift = (
        x + s * (0.36 + 0.35 * rise**1.4) + (noise(canvas.size, s * 0.35, canvas.seed + 740, 3) - 0.5) * s * 0.5 * rise
    )
    plume = (
        np.exp(-(((canvas.x * canvas.width - drift) / (s * (0.04 + 0.16 * rise))) ** 2))
        * smoothstep(rise, 0.0, 0.05)
        * (1 - rise)
    )
    canvas.fill(plume.astype(np.float32), mix(colour("#ffffff"), colour(light.haze), 0.5)[None, None], 0.50)

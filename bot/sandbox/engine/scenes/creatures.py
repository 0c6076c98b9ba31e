"""A fox and a cat, drawn from a few curves, in a place of their own.

May import: canvas, light, sky, trees, woods, raster.
"""

from __future__ import annotations

import numpy as np

from ..raster import Array, colour, mix, smoothstep, soften
from .canvas import Canvas, Point, box
from .light import Light
from .sky import falling, sky
from .trees import grass, pines


def curve(points: list[Point], smooth: int = 12) -> list[Point]:
    """Return a closed smooth outline (Catmull-Rom) through ``points``."""
    ring = np.array(points, dtype=np.float64)
    before, after, later = np.roll(ring, 1, 0), np.roll(ring, -1, 0), np.roll(ring, -2, 0)
    t = np.linspace(0, 1, smooth, endpoint=False)[:, None, None]
    path = 0.5 * (
        2 * ring
        + (after - before) * t
        + (2 * before - 5 * ring + 4 * after - later) * t**2
        + (3 * ring - before - 3 * after + later) * t**3
    )
    return [(float(x), float(y)) for x, y in path.transpose(1, 0, 2).reshape(-1, 2)]


class Figure:
    """A figure around (x, y) px at scale ``s``: shapes in its own units, y upwards, filled with soft shading."""

    def __init__(self, canvas: Canvas, light: Light, x: float, y: float, s: float) -> None:
        """Place the figure's foot."""
        self.canvas, self.light, self.x, self.y, self.s = canvas, light, x, y, s
        self.share = np.float32(0.32 + 0.68 * max(light.ambient, 0.6 * light.glow))

    def at(self, points: list[Point]) -> list[Point]:
        """Return px of points in the figure's units."""
        return [(self.x + px * self.s, self.y - py * self.s) for px, py in points]

    def paint(
        self,
        points: list[Point],
        tone: str,
        *,
        round_: bool = True,
        soft: float = 0.0,
        fur: float = 0.0,
        shade: float = 0.35,
    ) -> Array:
        """Fill a shape with ``tone``, darker below and on the side away from the light."""
        shape = curve(self.at(points)) if round_ else self.at(points)
        if fur:
            shape = _furry(shape, fur * self.s, self.canvas.seed)
        mask = self.canvas.polygon(shape, soft * self.s)
        xs, ys = [px for px, _ in shape], [py for _, py in shape]
        across = (self.canvas.x * self.canvas.width - min(xs)) / max(1e-3, max(xs) - min(xs))
        down = (self.canvas.y * self.canvas.height - min(ys)) / max(1e-3, max(ys) - min(ys))
        side = across if self.light.sun_x < 0.5 else 1 - across
        level = 1.10 - shade * (0.55 * np.clip(side, 0, 1) + 0.60 * np.clip(down, 0, 1))
        ink = mix(colour(tone), colour(self.light.lit), 0.12) * self.share
        cool = mix(ink, colour(self.light.shade), 0.5)
        self.canvas.fill(mask, mix(cool[None, None], ink[None, None], np.clip(level, 0, 1.1).astype(np.float32)))
        return mask


def _furry(shape: list[Point], size: float, seed: int) -> list[Point]:
    random = np.random.default_rng(seed + len(shape))
    ring = np.array(shape)
    middle = ring.mean(axis=0)
    out = ring - middle
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)
    return [(float(x), float(y)) for x, y in ring + out * (random.random(len(ring)) ** 2 * size)[:, None]]


def _mirrored(points: list[Point], middle: float = 0.0) -> list[Point]:
    return [(2 * middle - x, y) for x, y in points]


def fox(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """A fox sitting in a clearing, spruces behind."""
    snow = weather == "snow"
    sky(canvas, light, 0.60, extras)
    share = np.float32(0.30 + 0.70 * max(light.ambient, 0.5 * light.glow))
    green = mix(colour("#24463a"), colour(light.shade), 0.40) * np.float32(0.55 + 0.45 * light.ambient)
    for index, (base, tall, count, far) in enumerate(((0.58, 0.24, 40, 0.72), (0.64, 0.36, 20, 0.42))):
        line = canvas.ridge(base, 0.02, 0.4, 851 + index)
        clear = (0.30, 0.70) if index else None
        stand = pines(
            canvas, line, (tall * 0.5 * canvas.unit, tall * canvas.unit), count, 855 + index, keep_clear=clear
        )
        canvas.fill(np.maximum(stand, canvas.below(line)), mix(green, colour(light.haze), far)[None, None])
        if snow:
            powder = stand * smoothstep(canvas.noise(canvas.unit * 0.012, 860 + index, 3, 1.8), 0.48, 0.60)
            canvas.fill(powder, mix(colour("#f0f5fb") * share, colour(light.haze), far * 0.7)[None, None], 0.85)
    line = canvas.ridge(0.70, 0.02, 0.7, 863)
    roll = canvas.noise(canvas.unit * 0.4, 864, 3, 3)
    if snow:
        field = mix(
            (colour("#c9d8ec") * share)[None, None],
            (colour("#ffffff") * share)[None, None],
            smoothstep(roll, 0.3, 0.65),
        )
    else:
        field = mix(
            (colour("#3a5a30") * share)[None, None],
            (mix(colour("#93ad58"), colour(light.lit), 0.25) * share)[None, None],
            smoothstep(roll, 0.3, 0.7),
        )
    canvas.fill(canvas.below(line), field)
    x, y, s = 0.5 * canvas.width, 0.915 * canvas.height, 0.56 * canvas.unit
    dark = np.exp(
        -(((canvas.x * canvas.width - x) / (s * 0.46)) ** 2 + ((canvas.y * canvas.height - y) / (s * 0.06)) ** 2)
    )
    canvas.fill(
        dark.astype(np.float32),
        mix(colour("#5d7396") if snow else colour("#1b2c17"), colour(light.shade), 0.4)[None, None],
        0.55,
    )
    _fox(Figure(canvas, light, x, y, s))
    if not snow:
        grass(canvas, 0.88, "#2c4a22", "#88a84e", 866, 700)


def _fox(f: Figure) -> None:
    red, pale, dark = "#d9682a", "#f7efe4", "#3b2620"
    f.paint(
        [
            (0.16, 0.02),
            (0.42, 0.03),
            (0.56, 0.18),
            (0.52, 0.36),
            (0.40, 0.44),
            (0.36, 0.30),
            (0.30, 0.18),
            (0.18, 0.12),
        ],
        red,
        fur=0.022,
    )
    f.paint([(0.40, 0.44), (0.54, 0.34), (0.55, 0.47), (0.43, 0.56), (0.36, 0.50)], pale, fur=0.018, shade=0.2)
    f.paint(
        [
            (-0.20, 0.0),
            (0.20, 0.0),
            (0.27, 0.16),
            (0.20, 0.40),
            (0.11, 0.56),
            (-0.11, 0.56),
            (-0.20, 0.40),
            (-0.27, 0.16),
        ],
        red,
        fur=0.014,
    )
    f.paint(
        [(-0.07, 0.20), (0.07, 0.20), (0.12, 0.38), (0.10, 0.54), (-0.10, 0.54), (-0.12, 0.38)],
        pale,
        fur=0.020,
        shade=0.25,
    )
    for leg in ([(-0.115, 0.0), (-0.02, 0.0), (-0.015, 0.12), (-0.03, 0.26), (-0.10, 0.26), (-0.115, 0.12)],):
        for points in (leg, _mirrored(leg)):
            f.paint(points, "#c65a22", shade=0.5)
            f.paint([(px, py * 0.42) for px, py in points], dark, shade=0.2)
    ear: list[Point] = [(-0.235, 0.78), (-0.245, 1.06), (-0.19, 1.04), (-0.055, 0.86)]
    inner: list[Point] = [(-0.205, 0.82), (-0.220, 0.99), (-0.185, 0.98), (-0.10, 0.86)]
    for side in (ear, _mirrored(ear)):
        f.paint(side, red, shade=0.3)
    for side in (inner, _mirrored(inner)):
        f.paint(side, dark, shade=0.2)
    f.paint(
        [
            (0.0, 0.47),
            (0.10, 0.54),
            (0.27, 0.66),
            (0.22, 0.80),
            (0.10, 0.90),
            (-0.10, 0.90),
            (-0.22, 0.80),
            (-0.27, 0.66),
            (-0.10, 0.54),
        ],
        red,
        fur=0.012,
        shade=0.28,
    )
    cheek: list[Point] = [(0.0, 0.485), (0.09, 0.535), (0.255, 0.655), (0.17, 0.70), (0.085, 0.665), (0.035, 0.60)]
    for side in (cheek, _mirrored(cheek)):
        f.paint(side, pale, fur=0.010, shade=0.22)
    f.paint([(-0.036, 0.520), (0.0, 0.490), (0.036, 0.520), (0.028, 0.545), (-0.028, 0.545)], "#211715", shade=0.1)
    for eye in (-0.105, 0.105):
        f.paint([(eye - 0.034, 0.700), (eye, 0.682), (eye + 0.034, 0.704), (eye, 0.733)], "#22150f", shade=0.0)
        f.paint(
            [(eye - 0.020, 0.712), (eye - 0.010, 0.706), (eye - 0.003, 0.714), (eye - 0.011, 0.722)],
            "#fff7ea",
            shade=0.0,
        )


def cat(canvas: Canvas, light: Light, weather: str, extras: frozenset[str]) -> None:
    """A cat on a windowsill, seen from behind, looking at the evening."""
    sky(canvas, light, 0.80, extras)
    for index, (base, far) in enumerate(((0.62, 0.6), (0.66, 0.3))):
        canvas.fill(
            canvas.below(canvas.ridge(base, 0.06, 0.4, 871 + index)),
            mix(colour(light.shade), colour(light.haze), far)[None, None],
        )
    _roofs(canvas, light)
    falling(canvas, weather)
    _frame(canvas, light)
    f = Figure(canvas, light, 0.46 * canvas.width, 0.835 * canvas.height, 0.48 * canvas.unit)
    _cat(f)


def _roofs(canvas: Canvas, light: Light) -> None:
    random = np.random.default_rng(canvas.seed + 875)
    x = 0.0
    lamps: list[list[Point]] = []
    while x < canvas.width:
        w, h = random.uniform(0.08, 0.16) * canvas.unit, random.uniform(0.05, 0.15) * canvas.unit
        foot = 0.84 * canvas.height
        tone = mix(colour(light.shade), colour("#9a6a5a"), float(random.uniform(0.10, 0.35)) * (0.4 + light.ambient))
        canvas.fill(canvas.polygon([*box(x, foot - h, w, h)]), tone[None, None])
        roof = [(x - w * 0.06, foot - h), (x + w * 0.5, foot - h - w * 0.42), (x + w * 1.06, foot - h)]
        canvas.fill(canvas.polygon(roof), mix(tone, colour(light.shade), 0.45)[None, None])
        lamps += [
            box(x + w * float(at), foot - h * 0.75, w * 0.13, w * 0.17)
            for at in (0.18, 0.45, 0.70)
            if random.random() < 0.6
        ]
        x += w * 0.98
    if light.ambient < 0.75 and lamps:
        glass = canvas.polygons(lamps)
        canvas.fill(glass, "#ffd07e")
        canvas.shine(soften(glass, canvas.unit * 0.012), "#ffb04d", 0.8)


def _frame(canvas: Canvas, light: Light) -> None:
    """Set the window around the view: dark room, painted wood, a sill with a plant, curtains."""
    w, h, u = canvas.width, canvas.height, canvas.unit
    room = mix(colour(light.shade), colour("#5a4638"), 0.45) * np.float32(0.40 + 0.35 * light.ambient)
    left, right, top, sill = 0.13 * w, 0.87 * w, 0.07 * h, 0.835 * h
    hole = canvas.polygon(box(left, top, right - left, sill - top))
    wall = room[None, None] * (0.8 + 0.4 * canvas.noise(u * 0.5, 881, 2))[..., None]
    canvas.fill(1 - hole, wall.astype(np.float32))
    wood = mix(colour("#d9c9b2"), colour(light.lit), 0.25) * np.float32(0.26 + 0.45 * light.ambient)
    t = 0.022 * u
    bars = [
        box(left - t, top - t, right - left + 2 * t, t),
        box(left - t, top, t, sill - top),
        box(right, top, t, sill - top),
        box(w * 0.5 - t * 0.4, top, t * 0.8, sill - top),
        box(left, top + (sill - top) * 0.36, right - left, t * 0.7),
    ]
    canvas.fill(canvas.polygons(bars), wood[None, None])
    board = canvas.polygon(box(left - 0.05 * u, sill, right - left + 0.10 * u, 0.045 * u))
    canvas.fill(board, (wood * np.float32(1.15))[None, None])
    canvas.fill(
        canvas.polygon(box(left - 0.05 * u, sill + 0.045 * u, right - left + 0.10 * u, 0.012 * u)),
        (wood * np.float32(0.55))[None, None],
    )
    folds = 0.72 + 0.28 * np.sin(canvas.x * w / u * 95 + np.sin(canvas.y * 4) * 0.8)
    cloth = mix(colour("#b5544a"), colour(light.shade), 0.35) * np.float32(0.55 + 0.35 * light.ambient)
    for side in (0, 1):
        edge = [
            (0.0, 0.0),
            (0.20 * w, 0.0),
            (0.15 * w, 0.35 * h),
            (0.105 * w, 0.62 * h),
            (0.09 * w, 0.95 * h),
            (0.0, 0.95 * h),
        ]
        shape = [(px if side == 0 else w - px, py) for px, py in edge]
        canvas.fill(
            canvas.polygon(shape), (cloth[None, None] * (folds * np.ones_like(canvas.y))[..., None]).astype(np.float32)
        )
    pot = canvas.polygon(
        [
            (0.70 * w, sill - 0.10 * u),
            (0.70 * w + 0.11 * u, sill - 0.10 * u),
            (0.70 * w + 0.095 * u, sill),
            (0.70 * w + 0.015 * u, sill),
        ]
    )
    canvas.fill(
        pot, (mix(colour("#b8633c"), colour(light.shade), 0.25) * np.float32(0.45 + 0.5 * light.ambient))[None, None]
    )
    random = np.random.default_rng(882)
    base_x, base_y = 0.70 * w + 0.055 * u, sill - 0.10 * u
    leaves = []
    for angle in np.linspace(-2.75, -0.4, 11) + random.normal(0, 0.1, 11):
        reach = u * random.uniform(0.08, 0.16)
        tip = (base_x + np.cos(angle) * reach, base_y + np.sin(angle) * reach)
        mid = (base_x + np.cos(angle) * reach * 0.55, base_y + np.sin(angle) * reach * 0.55)
        off = (np.sin(angle) * reach * 0.16, -np.cos(angle) * reach * 0.16)
        leaves.append([(base_x, base_y), (mid[0] + off[0], mid[1] + off[1]), tip, (mid[0] - off[0], mid[1] - off[1])])
    canvas.fill(
        canvas.polygons(leaves),
        (mix(colour("#4f7f4a"), colour(light.shade), 0.35) * np.float32(0.5 + 0.5 * light.ambient))[None, None],
    )


def _cat(f: Figure) -> None:
    coat = "#3a3036"
    tail = f.at([(0.20, 0.03), (0.34, 0.02), (0.46, -0.06), (0.50, -0.20), (0.44, -0.32), (0.36, -0.33)])
    f.canvas.fill(
        f.canvas.lines([(curve(tail)[: 12 * 5], 0.062 * f.s)]),
        mix(colour(coat) * f.share, colour(f.light.shade), 0.35)[None, None],
    )
    body = f.paint(
        [
            (-0.22, 0.0),
            (0.22, 0.0),
            (0.27, 0.14),
            (0.23, 0.34),
            (0.13, 0.52),
            (0.0, 0.57),
            (-0.13, 0.52),
            (-0.23, 0.34),
            (-0.27, 0.14),
        ],
        coat,
        fur=0.010,
        shade=0.5,
    )
    head = f.paint(
        [
            (0.0, 0.50),
            (0.14, 0.54),
            (0.185, 0.66),
            (0.12, 0.76),
            (0.0, 0.79),
            (-0.12, 0.76),
            (-0.185, 0.66),
            (-0.14, 0.54),
        ],
        coat,
        fur=0.008,
        shade=0.4,
    )
    ear: list[Point] = [(-0.175, 0.68), (-0.165, 0.90), (-0.135, 0.88), (-0.03, 0.775)]
    ears = [f.paint(side, coat, shade=0.3) for side in (ear, _mirrored(ear))]
    # The evening light catches the fur's edge.
    whole = np.maximum(np.maximum(body, head), np.maximum(*ears))
    rim = np.clip(whole - soften(whole, max(1.5, 0.022 * f.s)), 0, 1) * 1.6
    f.canvas.shine(rim.astype(np.float32), f.light.lit, 0.55)

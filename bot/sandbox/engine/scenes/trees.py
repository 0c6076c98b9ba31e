"""Trees and small growth, as masks and dabs of colour. May import: canvas, raster, numpy, Pillow."""

from __future__ import annotations

import numpy as np

from ..raster import Array, colour, mix
from .canvas import Canvas, Point


def pine(random: np.random.Generator, x: float, y: float, tall: float) -> list[Point]:
    """Return a spruce's ragged outline, its foot at (x, y)."""
    tiers = 9
    left: list[Point] = []
    right: list[Point] = []
    for tier in range(tiers):
        share = (tier + 1) / tiers
        half = tall * 0.20 * share**0.9 * random.uniform(0.82, 1.15)
        low = y - tall * (1 - share) + tall * 0.02
        high = low - tall * 0.075
        for side, points in ((-1, left), (1, right)):
            reach = half * random.uniform(0.88, 1.12)
            points.append((x + side * reach, low + tall * random.uniform(0.0, 0.018)))
            points.append((x + side * reach * 0.48, high + tall * 0.055))
    trunk = [
        (x + tall * 0.014, y + tall * 0.02),
        (x + tall * 0.014, y + tall * 0.06),
        (x - tall * 0.014, y + tall * 0.06),
        (x - tall * 0.014, y + tall * 0.02),
    ]
    return [(x, y - tall), *right, *trunk, *left[::-1]]


def pines(
    canvas: Canvas,
    base: Array,
    tall: tuple[float, float],
    count: int,
    salt: int,
    *,
    keep_clear: tuple[float, float] | None = None,
) -> Array:
    """Return the mask of a stand of spruces along the line ``base`` (y px per column); heights in px."""
    random = np.random.default_rng(canvas.seed * 7 + salt)
    shapes = []
    for x in np.sort(random.uniform(-0.03, 1.03, count)) * canvas.width:
        if keep_clear and keep_clear[0] < x / canvas.width < keep_clear[1]:
            continue
        foot = float(base[int(np.clip(x, 0, canvas.width - 1))])
        shapes.append(pine(random, float(x), foot + tall[0] * 0.1, float(random.uniform(*tall))))
    return canvas.polygons(shapes)


def dabs(canvas: Canvas, xs: Array, ys: Array, radii: Array, tones: Array, *, squash: float = 1.0) -> None:
    """Lay many small soft-edged ellipses of colour, far ones first; sizes in px."""
    from PIL import Image, ImageDraw

    over = 2
    sheet = Image.fromarray((np.clip(canvas.pixels, 0, 1) * 255).astype(np.uint8)).resize(
        (canvas.width * over, canvas.height * over), Image.Resampling.BILINEAR
    )
    pen = ImageDraw.Draw(sheet)
    inks = (np.clip(tones, 0, 1) * 255).astype(int).tolist()
    for x, y, r, tint in zip((xs * over).tolist(), (ys * over).tolist(), (radii * over).tolist(), inks, strict=True):
        pen.ellipse((x - r, y - r * squash, x + r, y + r * squash), fill=tuple(tint))
    small = sheet.resize(canvas.size, Image.Resampling.BOX)
    canvas.pixels = np.asarray(small, dtype=np.float32) / 255


def grass(canvas: Canvas, base: float, tone: str, lit: str, salt: int, count: int = 1400, tall: float = 0.05) -> None:
    """Draw blades from ``base`` (share of the height) down to the lower edge, larger in front."""
    random = np.random.default_rng(canvas.seed * 11 + salt)
    depth = np.sort(random.random(count))
    for low, high, share in ((0.0, 0.5, 0.25), (0.5, 1.01, 0.6)):
        chosen = depth[(depth >= low) & (depth < high)]
        paths = []
        for near in chosen:
            x, y = random.random() * canvas.width, (base + (1.06 - base) * near) * canvas.height
            size = tall * canvas.unit * (0.25 + near) * random.uniform(0.6, 1.2)
            lean = random.normal(0, 0.25) * size
            paths.append(([(x, y), (x + lean * 0.3, y - size * 0.6), (x + lean, y - size)], max(0.6, size * 0.045)))
        canvas.fill(canvas.lines(paths), mix(colour(tone), colour(lit), share)[None, None], 0.85)

"""Painted looks: oil, watercolour, brush strokes, woodblock, stained glass, mosaic.

May import: drawing, raster, tone beside it, Pillow, numpy. Functions take colour floats and a strength (1 or more) and
return colour floats of the same size. Brush strokes are painted at a bounded size and scaled, to stay under a second.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from . import tone
from .drawing import even, gauss, ink, kuwahara, paper, stepped
from .raster import BAND_PX, Array, colour, colour_map, floats, grey, mix, noise, picture, slopes, smoothstep, soften

_PAINT_SIDE = 900


def _bounded(a: Array, side_px: int) -> Array:
    height, width = a.shape[:2]
    scale = min(1.0, side_px / max(height, width))
    if scale == 1.0:
        return a
    return floats(
        picture(a).resize((max(1, round(width * scale)), max(1, round(height * scale))), Image.Resampling.LANCZOS)
    )


def _back(painted: Array, like: Array) -> Array:
    size = (like.shape[1], like.shape[0])
    return painted if painted.shape == like.shape else floats(picture(painted).resize(size, Image.Resampling.LANCZOS))


def _impasto(a: Array, strength: float, seed: int) -> Array:
    """Light the paint's own thickness from the upper left."""
    side = max(a.shape[:2])
    thickness = grey(a) + 0.16 * noise((a.shape[1], a.shape[0]), max(2.0, side / 260), seed, 2, stretch=3)
    slope_y, slope_x = slopes(gauss(thickness, 0.8))
    lit: Array = np.clip(1 - (slope_x + slope_y) * np.float32(strength * side / 1000), 0.6, 1.45)
    return a * lit[..., None]


def oil(a: Array, k: float) -> Array:
    """Short-brushed oil: flattened tones, bristle marks, thick light."""
    work = _bounded(a, 1024)
    side = max(work.shape[:2])
    flat = kuwahara(tone.saturated(work, 0.45), max(3, round(side / 150 * min(k, 2))))
    flat = kuwahara(flat, max(2, round(side / 220)))
    bristle = noise((work.shape[1], work.shape[0]), max(2.0, side / 330), 41, 2, stretch=5) - 0.5
    return _back(_impasto(tone.contrast(flat, 0.2) * (1 + 0.10 * bristle)[..., None], 2.6, 42), a)


def watercolour(a: Array, k: float) -> Array:
    """Washes that bleed and dry darker at their edges, on white paper that shows at the rim."""
    work = _bounded(a, 1024)
    height, width = work.shape[:2]
    side = max(height, width)
    size = (width, height)
    rows, cols = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)[None, :]
    drift = [(noise(size, side / 40, seed, 3) - 0.5) * side / 95 for seed in (51, 52)]
    from_row = np.clip(rows + drift[0], 0, height - 1).astype(np.intp)
    from_col = np.clip(cols + drift[1], 0, width - 1).astype(np.intp)
    bled = np.take(work.reshape(-1, 3), from_row * width + from_col, axis=0)
    wash = kuwahara(kuwahara(bled, max(3, round(side / 90))), max(2, round(side / 160)))
    wash = tone.saturated(np.clip(tone.brighter(np.clip(wash, 0, 1), 0.75), 0, 1), 0.5)
    level = grey(wash)
    edge = np.clip(soften(level, max(1.5, side / 160)) - level, 0, 1) + np.abs(level - gauss(level, max(1, side / 500)))
    pigment = noise(size, side / 12, 53, 5) - 0.5
    granules = paper(size, 0.16, 54)
    dark = np.clip(1 - 1.5 * edge + 0.30 * pigment, 0.5, 1.25)
    painted = 1 - (1 - wash) * (0.62 + 0.32 * granules)[..., None] * (2 - dark)[..., None] * np.float32(0.92)
    pen = 0.72 + 0.28 * ink(gauss(grey(bled), 1.0), max(1.0, side / 600), threshold=0.38, sharp=6, edge=12)
    x = np.minimum(cols, width - 1 - cols) / side
    y = np.minimum(rows, height - 1 - rows) / side
    rim = smoothstep(np.minimum(x, y) + (noise(size, side / 10, 55, 5) - 0.5) * 0.09, 0.004, 0.020)
    sheet = colour("#fdfbf5") * (0.94 + 0.06 * granules)[..., None]
    return _back(mix(np.asarray(sheet, dtype=np.float32), painted * pen[..., None], rim), a)


def van_gogh(a: Array, k: float) -> Array:
    """Long, swirling, thick strokes along the forms."""
    vivid = tone.contrast(tone.saturated(_bounded(a, _PAINT_SIDE), 1.0), 0.25)
    return _back(_strokes(vivid, sizes=(0.017, 0.0095, 0.006), reach=7.0, jitter=0.085, swirl=0.9), a)


def impressionist(a: Array, k: float) -> Array:
    """Short dabs of broken colour."""
    vivid = tone.brighter(np.clip(tone.saturated(_bounded(a, _PAINT_SIDE), 0.9), 0, 1), 0.25)
    return _back(_strokes(vivid, sizes=(0.013, 0.0080, 0.006), reach=2.6, jitter=0.125, swirl=0.5), a)


def _strokes(a: Array, *, sizes: tuple[float, ...], reach: float, jitter: float, swirl: float) -> Array:
    """Paint layers of strokes, wide ones first; finer layers only where there is detail."""
    work = np.clip(a, 0, 1)
    height, width = work.shape[:2]
    side = max(height, width)
    random = np.random.default_rng(61)
    angle = _flow(work, side, swirl)
    over = 1.5
    # Strokes leave little of the ground to see, so that half the size is enough for it.
    ground = picture(kuwahara(_bounded(work, side // 2), max(3, round(side / 120))))
    sheet = ground.resize((round(width * over), round(height * over)))
    pen = ImageDraw.Draw(sheet)
    detail = _detail(work, side)
    for number, share in enumerate(sizes):
        spacing = max(2.0, side * share)
        ys, xs = _spots(random, width, height, spacing)
        keep = (detail[ys, xs] > (0.0, 0.16, 0.34)[min(number, 2)]) | (
            random.random(len(xs)) < (1, 0.35, 0.08)[min(number, 2)]
        )
        ys, xs = ys[keep], xs[keep]
        # A short dab shows no bend, so it gets fewer pieces to draw.
        bends = min(3, max(1, round(share * reach / 0.027)))
        paths = _paths(angle, xs, ys, spacing * reach, bends)
        tones = work[ys, xs] * (1 + random.normal(0, jitter, (len(xs), 1))) + random.normal(
            0, jitter * 0.45, (len(xs), 3)
        )
        inks = (np.clip(tones, 0, 1) * 255).astype(int)
        wide = np.maximum(1, (spacing * over * random.uniform(0.55, 0.95, len(xs))).astype(int))
        flat = (paths * over).reshape(len(xs), 2 * paths.shape[1])
        for path, tint, broad in zip(flat.tolist(), inks.tolist(), wide.tolist(), strict=True):
            pen.line(path, fill=tuple(tint), width=broad)
    painted = floats(sheet.resize((width, height), Image.Resampling.LANCZOS))
    return _impasto(painted, 3.2, 62)


def _flow(a: Array, side: int, swirl: float) -> Array:
    """Return stroke directions: along the forms, and in a slow swirl where the picture is flat."""
    height, width = a.shape[:2]
    slope_y, slope_x = slopes(gauss(grey(a), 1.5))
    wide = max(2.0, side / 70)
    xx, yy, xy = (soften(np.asarray(v, dtype=np.float32), wide) for v in (slope_x**2, slope_y**2, slope_x * slope_y))
    along = 0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2
    sure = smoothstep(np.sqrt((xx - yy) ** 2 + 4 * xy**2) * side**2 / 1e3, 0.02, 0.25)
    turn = (noise((width, height), side / 3.2, 63, 2) - 0.5) * np.pi * 3.2 * swirl
    return np.asarray(np.arctan2(
        sure * np.sin(2 * along) + (1 - sure) * np.sin(2 * turn),
        sure * np.cos(2 * along) + (1 - sure) * np.cos(2 * turn),
    ) / 2, dtype=np.float32)  # fmt: skip


def _detail(a: Array, side: int) -> Array:
    level = grey(a)
    rough = np.abs(level - soften(level, max(1.5, side / 120)))
    wide = soften(rough, max(2.0, side / 130))
    return np.asarray(wide / max(float(np.percentile(wide[::3, ::3], 97)), 0.01), dtype=np.float32)


def _spots(random: np.random.Generator, width: int, height: int, spacing: float) -> tuple[np.ndarray, np.ndarray]:
    ys, xs = np.mgrid[0:height:spacing, 0:width:spacing]
    count = ys.size
    ys = np.clip(ys.ravel() + random.uniform(-0.6, 0.6, count) * spacing, 0, height - 1).astype(int)
    xs = np.clip(xs.ravel() + random.uniform(-0.6, 0.6, count) * spacing, 0, width - 1).astype(int)
    order = random.permutation(count)
    return ys[order], xs[order]


def _paths(angle: Array, xs: np.ndarray, ys: np.ndarray, length_px: float, steps: int) -> np.ndarray:
    """Follow the flow ``steps`` steps both ways from each spot; return (strokes, points, 2) in px."""
    height, width = angle.shape
    step = length_px / (2 * steps)
    halves = []
    for sign in (-1.0, 1.0):
        x, y = xs.astype(np.float32), ys.astype(np.float32)
        direction = angle[ys, xs] + (np.pi if sign < 0 else 0)
        points = []
        for _ in range(steps):
            x, y = x + np.cos(direction) * step, y + np.sin(direction) * step
            points.append(np.stack([x, y], axis=1))
            here = angle[np.clip(y, 0, height - 1).astype(int), np.clip(x, 0, width - 1).astype(int)]
            # A direction has no sign; keep going the way one came.
            back = np.cos(here - direction) < 0
            direction = np.where(back, here + np.pi, here)
        halves.append(points)
    start = np.stack([xs, ys], axis=1).astype(np.float32)
    return np.stack([*halves[0][::-1], start, *halves[1]], axis=1)


_WOOD = [(0, "#1d2a44"), (0.22, "#2f4b6e"), (0.42, "#7c8f91"), (0.6, "#c9a77c"), (0.8, "#ead9b5"), (1, "#f7efdc")]


def woodblock(a: Array, k: float) -> Array:
    """Japanese print: few flat inks, indigo keyline, the wood's grain in the colour."""
    work = _bounded(a, 1024)
    side, size = max(work.shape[:2]), (work.shape[1], work.shape[0])
    flat = kuwahara(kuwahara(work, max(3, round(side / 110))), max(2, round(side / 170)))
    level = smoothstep(grey(tone.brighter(np.clip(flat, 0, 1), 0.35)), 0.02, 0.92)
    flat_inks = colour_map(stepped(level, 5, 0.42, 0.58), _WOOD)
    inks = mix(flat_inks, tone.saturated(flat, 0.5) * colour("#f3e4c6"), np.float32(0.48))
    grain = noise(size, max(2.0, side / 300), 71, 3, stretch=26) - 0.5
    line = ink(even(gauss(level, 0.9), 0.62), max(1.0, side / 520), threshold=0.40, sharp=14, edge=15)
    printed = inks * (1 + 0.16 * grain)[..., None] * paper(size, 0.05, 72)[..., None]
    return _back(mix(colour("#1f2c48")[None, None] * np.ones_like(printed), printed, line), a)


def stained_glass(a: Array, k: float) -> Array:
    """Panes of glowing glass in lead, with the forms' contours painted on the glass."""
    work = _bounded(a, 1000)
    side, size = max(work.shape[:2]), (work.shape[1], work.shape[0])
    nearest, gap, seeds = _cells(work, count=int(1000 / max(1.0, k)), spread=0.46)
    bright = tone.saturated(np.clip(tone.brighter(np.clip(tone.contrast(work, 0.3), 0, 1), 0.6), 0, 1), 1.0)
    drawn = kuwahara(bright, max(3, round(side / 110)))
    panes = mix(_cell_means(bright, nearest, seeds), drawn, np.float32(0.45))
    glass = panes * (0.84 + 0.36 * noise(size, side / 30, 81, 4))[..., None]
    contour = ink(grey(drawn), max(1.0, side / 400), threshold=0.34, sharp=8, edge=12)
    glow = np.clip(0.84 + gap / (side / 16), 0, 1.2) * (0.30 + 0.70 * contour)
    lead = smoothstep(gap, side / 900, side / 380)
    return _back(mix(colour("#17140f")[None, None] * np.ones_like(glass), glass * glow[..., None], lead), a)


def mosaic(a: Array, k: float) -> Array:
    """Small stones set in grout."""
    work = _bounded(a, 1000)
    side = max(work.shape[:2])
    nearest, gap, seeds = _cells(work, count=int(6500 / max(1.0, k)), spread=0.22)
    tones = _cell_means(tone.contrast(tone.saturated(work, 0.8), 0.4), nearest, seeds)
    random = np.random.default_rng(91)
    uneven = (1 + random.normal(0, 0.08, (seeds, 1))).astype(np.float32)
    stone = tones * uneven[nearest]
    grout = smoothstep(gap, side / 3000, side / 800)
    bevel = 0.90 + 0.20 * smoothstep(gap, side / 1200, side / 200)
    bed = mix(colour("#6f685e")[None, None], tones, np.float32(0.25))
    return _back(mix(bed, stone * bevel[..., None], grout), a)


def _cells(a: Array, count: int, spread: float) -> tuple[np.ndarray, Array, int]:
    """Cut the picture into Voronoi cells of a jittered grid: each pixel's cell, distance to the border, count."""
    height, width = a.shape[:2]
    pitch = max(3.0, (height * width / count) ** 0.5)
    rows, cols = int(height / pitch) + 3, int(width / pitch) + 3
    random = np.random.default_rng(95)
    offsets = random.uniform(-spread, spread, (rows, cols, 2)).astype(np.float32) - np.float32(0.5)
    seed_y = np.arange(rows, dtype=np.float32)[:, None] + offsets[..., 0]
    seed_x = np.arange(cols, dtype=np.float32)[None, :] + offsets[..., 1]
    x = np.arange(width, dtype=np.float32)[None, :] / np.float32(pitch)
    cell, gap = np.empty((height, width), dtype=np.intp), np.empty((height, width), dtype=np.float32)
    for top in range(0, height, BAND_PX):
        y = np.arange(top, min(height, top + BAND_PX), dtype=np.float32)[:, None] / np.float32(pitch)
        home = (y.astype(np.intp) + 1) * cols + x.astype(np.intp) + 1
        first = np.full(home.shape, np.inf, dtype=np.float32)
        second, nearest = first.copy(), home.copy()
        for step in (down * cols + right for down in (-1, 0, 1) for right in (-1, 0, 1)):
            seed = home + step
            far = (seed_y.take(seed) - y) ** 2 + (seed_x.take(seed) - x) ** 2
            np.copyto(nearest, seed, where=far < first)
            np.minimum(second, np.maximum(first, far), out=second)
            np.minimum(first, far, out=first)
        cell[top : top + BAND_PX] = nearest
        gap[top : top + BAND_PX] = np.sqrt(second) - np.sqrt(first)
    return cell, gap * np.float32(pitch / 2), rows * cols


def _cell_means(a: Array, cell: np.ndarray, count: int) -> Array:
    flat = cell.ravel()
    sizes = np.maximum(1, np.bincount(flat, minlength=count))
    means = [np.bincount(flat, a[..., channel].ravel(), minlength=count) / sizes for channel in range(3)]
    mean_of: Array = np.stack(means, axis=1).astype(np.float32)
    return np.take(mean_of, cell, axis=0)

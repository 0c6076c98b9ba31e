"""What falls from the sky of a scene: snow, rain, lightning. May import: canvas, raster, numpy, Pillow."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bot.sandbox.engine.edits.raster import Array, soften
from bot.sandbox.engine.scenes.canvas import Canvas, Point


def falling(canvas: Canvas, weather: str) -> None:
    """Let it snow or rain in front of what is painted so far; its light is already that weather's."""
    if weather == "snow":
        _snow(canvas)
    elif weather in {"rain", "storm"}:
        _rain(canvas, 1.5 if weather == "storm" else 1.0)


def _snow(canvas: Canvas) -> None:
    """Add flakes in three depths, the near ones large and soft."""
    side, random = max(canvas.size), np.random.default_rng(101)
    for size, count, share, blur in ((0.0013, 720, 0.75, 0.4), (0.0028, 264, 0.85, 1.0), (0.0065, 48, 0.7, 3.2)):
        layer = Image.new("L", canvas.size)
        pen = ImageDraw.Draw(layer)
        for x, y, r in _spots(canvas, random, count, (0, 1), (0, 1)):
            radius = max(0.6, r * size * side)
            pen.ellipse((x - radius * 0.85, y - radius, x + radius * 0.85, y + radius), fill=int(150 + 75 * r))
        canvas.fill(_blurred(layer, max(0.4, blur * side / 1000)), "#ffffff", share)


def _rain(canvas: Canvas, thick: float) -> None:
    """Add slanting streaks in two depths."""
    side, random = max(canvas.size), np.random.default_rng(111)
    for length, count, share, broad in ((0.030, 1500, 0.22, 1), (0.062, 420, 0.34, 2)):
        layer = Image.new("L", canvas.size)
        pen, width = ImageDraw.Draw(layer), max(1, round(broad * side / 1300))
        for x, y, r in _spots(canvas, random, count * thick, (-0.1, 1.1), (-0.05, 1)):
            reach = r * length * side
            pen.line((x, y, x - reach * 0.20, y + reach), fill=int(120 + 95 * r), width=width)
        canvas.shine(_blurred(layer, 0.7 * side / 1000), "#e3eaf2", share)


def _spots(
    canvas: Canvas, random: np.random.Generator, count: float, xs: tuple[float, float], ys: tuple[float, float]
) -> Iterator[tuple[float, float, float]]:
    """Scatter so many spots per megapixel: x, y in px between shares of the canvas, and a size around 1."""
    number = max(1, int(count * canvas.width * canvas.height / 1e6))
    return zip(
        random.uniform(xs[0] * canvas.width, xs[1] * canvas.width, number),
        random.uniform(ys[0] * canvas.height, ys[1] * canvas.height, number),
        random.uniform(0.6, 1.4, number),
        strict=True,
    )


def _blurred(layer: Image.Image, radius_px: float) -> Array:
    return np.asarray(layer.filter(ImageFilter.GaussianBlur(radius_px)), dtype=np.float32) / 255


def lightning(canvas: Canvas, x: float, horizon: float) -> None:
    """Strike from the clouds to the horizon at ``x`` (share of the width)."""
    random = np.random.default_rng(canvas.seed + 5)
    main = _bolt(random, x * canvas.width, 0.02 * canvas.height, horizon * canvas.height, canvas.unit * 0.02)
    forks = []
    for start in random.integers(4, len(main) - 6, 3):
        px, py = main[start]
        forks.append(_bolt(random, px, py, py + 0.16 * canvas.height, canvas.unit * 0.012)[:18])

    paths = [(main, canvas.unit * 0.0042), *((fork, canvas.unit * 0.002) for fork in forks)]
    bolt = canvas.lines(paths)
    canvas.shine(soften(bolt, canvas.unit * 0.05) * 6, "#8fa6ff", 0.55)
    canvas.shine(soften(bolt, canvas.unit * 0.008) * 2, "#c3d0ff", 0.8)
    canvas.shine(bolt, "#ffffff")


def _bolt(random: np.random.Generator, x: float, top: float, bottom: float, sway: float) -> list[Point]:
    steps = np.linspace(top, bottom, 26)
    walk = np.cumsum(random.normal(0, sway * 0.55, 26)) + random.normal(0, sway * 0.3, 26)
    return [(x + float(dx), float(y)) for dx, y in zip(walk, steps, strict=True)]

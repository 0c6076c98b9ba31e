"""A canvas to paint scenes on: soft masks, layers, ridges, grain. May import: raster, Pillow, numpy.

Coordinates of shapes are in px of the finished picture; shapes are drawn three times as large and scaled down, so that
edges are smooth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PIL import Image, ImageDraw

from bot.sandbox.engine.edits.raster import Array, colour, grid, mix, noise, picture, slopes, smoothstep, soften

OVER = 3
Point = tuple[float, float]
Pen = ImageDraw.ImageDraw
Draw = Callable[[Pen, int, list[Point]], None]


class Canvas:
    """Pixels being painted, with helpers that know their size. ``unit`` is the px length of 1 for objects."""

    def __init__(self, size: tuple[int, int], seed: int) -> None:
        """Start with black."""
        self.width, self.height = size
        self.size = size
        self.seed = seed
        self.random = np.random.default_rng(seed)
        self.unit = min(self.height, self.width * 1.25)
        self.x, self.y = grid(size)
        self.pixels: Array = np.zeros((self.height, self.width, 3), dtype=np.float32)

    def polygon(self, points: Sequence[Point], blur_px: float = 0) -> Array:
        """Return the mask of a polygon given in px."""
        return self.polygons([points], blur_px)

    def polygons(self, shapes: Sequence[Sequence[Point]], blur_px: float = 0) -> Array:
        """Return the mask of many polygons."""
        return self._mask(shapes, 0, lambda pen, at, points: pen.polygon(points, fill=255), blur_px)

    def lines(self, paths: Sequence[tuple[Sequence[Point], float]]) -> Array:
        """Return the mask of many polylines, each with its width in px."""

        def draw(pen: Pen, at: int, points: list[Point]) -> None:
            pen.line(points, fill=255, width=max(1, round(paths[at][1] * OVER)), joint="curve")

        return self._mask([points for points, _ in paths], max((width for _, width in paths), default=0), draw)

    def _mask(self, shapes: Sequence[Sequence[Point]], reach: float, draw: Draw, blur_px: float = 0) -> Array:
        """Return a soft mask of what ``draw`` draws of each shape; only their surroundings are rendered."""
        mask = np.zeros((self.height, self.width), dtype=np.float32)
        xs, ys = zip(*(point for points in shapes for point in points), strict=True) if shapes else ((-9,), (-9,))
        left, top = max(0, int(min(xs) - reach) - 1), max(0, int(min(ys) - reach) - 1)
        right, bottom = min(self.width, int(max(xs) + reach) + 2), min(self.height, int(max(ys) + reach) + 2)
        if right <= left or bottom <= top:
            return mask
        image = Image.new("L", ((right - left) * OVER, (bottom - top) * OVER))
        for at, points in enumerate(shapes):
            draw(ImageDraw.Draw(image), at, [((x - left) * OVER, (y - top) * OVER) for x, y in points])
        small = image.resize((right - left, bottom - top), Image.Resampling.BOX)
        mask[top:bottom, left:right] = np.asarray(small, dtype=np.float32) / 255
        return soften(mask, blur_px) if blur_px >= 1 else mask

    def ellipse(self, x: float, y: float, rx: float, ry: float, blur_px: float = 0) -> Array:
        """Return the mask of an ellipse given in px."""
        turns = np.linspace(0, 2 * np.pi, 96)
        return self.polygon([(x + rx * float(np.cos(t)), y + ry * float(np.sin(t))) for t in turns], blur_px)

    def fill(self, mask: Array, paint: Array | str, share: float = 1.0) -> None:
        """Lay a colour, or an array of colours, where the mask is."""
        ink = colour(paint) if isinstance(paint, str) else paint
        rows, cols = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows):
            return
        part = (slice(rows[0], rows[-1] + 1), slice(cols[0], cols[-1] + 1))
        ink = ink[part] if ink.ndim == 3 and ink.shape[:2] == mask.shape else ink
        self.pixels[part] = mix(self.pixels[part], ink, mask[part] * np.float32(share))

    def shine(self, amount: Array, paint: str, share: float = 1.0) -> None:
        """Add light (screen), so that it never clips hard."""
        light = np.clip(amount * np.float32(share), 0, 1)[..., None] * colour(paint)
        self.pixels = 1 - (1 - np.clip(self.pixels, 0, 1)) * (1 - light)

    def noise(self, cell_px: float, salt: int, octaves: int = 4, stretch: float = 1.0) -> Array:
        """Return noise of the canvas' size, its own for each ``salt``."""
        return noise(self.size, cell_px, self.seed * 131 + salt, octaves, stretch)

    def below(self, line: Array) -> Array:
        """Return the mask of everything under a line of one y (in px) per column."""
        rows = np.arange(self.height, dtype=np.float32)[:, None]
        return np.clip(rows - line[None, :] + 0.5, 0, 1).astype(np.float32)

    def ridge(self, base: float, height: float, cell: float, salt: int) -> Array:
        """Return a skyline: y in px per column; ``base`` and ``height`` are shares of the canvas' height."""
        wave = noise((self.width, 8), self.unit * cell, self.seed * 17 + salt, 7)[4]
        wave = (wave - wave.mean()) / max(1e-3, float(np.abs(wave - wave.mean()).max()))
        return np.asarray(self.height * (base - height * wave), dtype=np.float32)

    def relief(self, cell_px: float, salt: int, light_from: float, strength: float = 1.0) -> Array:
        """Return rock-like shading around 1: a noise surface lit from the side ``light_from`` (-1 left .. 1 right)."""
        down, right = slopes(self.noise(cell_px, salt, 6))
        lit = (right * light_from + down * 0.9) * cell_px * 0.9
        return np.asarray(np.clip(1 + strength * lit * 3.2, 0.25, 2.2))

    def finish(self, grain: float = 0.016, vignette: float = 0.16) -> Image.Image:
        """Return the picture, with the breath of film grain and slightly darker corners."""
        random = np.random.default_rng(self.seed + 99)
        speckle = random.standard_normal((self.height, self.width), dtype=np.float32)
        distance = np.sqrt((self.x * 2 - 1) ** 2 + (self.y * 2 - 1) ** 2) / np.float32(2**0.5)
        shaded = self.pixels * (1 - vignette * smoothstep(distance, 0.5, 1.1))[..., None]
        return picture(shaded + (speckle * grain)[..., None])


def box(x: float, y: float, width: float, height: float) -> list[Point]:
    """Return the corners of an upright rectangle."""
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]

"""A canvas to paint scenes on: soft masks, layers, ridges, grain. Imports Pillow, numpy and ``raster``.

Coordinates of shapes are in px of the finished picture; shapes are drawn three times as large and scaled down, so that
edges are smooth.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from bot.sandbox.engine.edits.raster import Array, colour, grid, mix, noise, picture, smoothstep

_OVER = 3
Point = tuple[float, float]


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
        self.rows = np.arange(self.height, dtype=np.float32)[:, None]
        self.pixels: Array = np.zeros((self.height, self.width, 3), dtype=np.float32)

    def drawn(self, paths: Sequence[Sequence[Point]], width_px: float = 0) -> Array:
        """Return the mask of polygons, or of lines if they have a width; points are in px."""
        image = Image.new("L", (self.width * _OVER, self.height * _OVER))
        pen = ImageDraw.Draw(image)
        for path in paths:
            points = [(x * _OVER, y * _OVER) for x, y in path]
            if width_px:
                pen.line(points, 255, max(1, round(width_px * _OVER)), joint="curve")
            else:
                pen.polygon(points, fill=255)
        return np.asarray(image.reduce(_OVER), dtype=np.float32) / 255

    def ellipse(self, x: float, y: float, rx: float, ry: float) -> Array:
        """Return the mask of an ellipse given in px."""
        far = np.hypot((self.x * self.width - x) / rx, (self.y * self.height - y) / ry)
        return np.asarray(np.clip((1 - far) * min(rx, ry) + 0.5, 0, 1))

    def box(self, x: float, y: float, width: float, height: float) -> Array:
        """Return the mask of an upright rectangle given in px."""
        across, down = self.x * self.width - x, self.y * self.height - y
        inside = np.minimum(np.minimum(across, width - across), np.minimum(down, height - down))
        return np.asarray(np.clip(inside + 0.5, 0, 1))

    def below(self, line: Array) -> Array:
        """Return the mask of everything under a line of one y (in px) per column."""
        return np.clip(self.rows - line[None, :] + 0.5, 0, 1)

    def fill(self, mask: Array, paint: Array | str, share: float = 1.0) -> None:
        """Paint a colour, or an array of colours, where the mask is."""
        ink = colour(paint) if isinstance(paint, str) else paint
        # Most shapes are small: only their surroundings are painted.
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if len(rows):
            part = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
            ink = ink[part] if ink.ndim == 3 and ink.shape[:2] == mask.shape else ink
            self.pixels[part] = mix(self.pixels[part], ink, mask[part] * share)

    def shine(self, amount: Array, paint: str, share: float = 1.0) -> None:
        """Add light (screen), so that it never clips hard."""
        light = np.clip(amount * share, 0, 1)[..., None] * colour(paint)
        self.pixels = 1 - (1 - np.clip(self.pixels, 0, 1)) * (1 - light)

    def noise(self, cell_px: float, salt: int, octaves: int = 4, stretch: float = 1.0) -> Array:
        """Return noise of the canvas' size, its own for each ``salt``."""
        return noise(self.size, cell_px, self.seed * 131 + salt, octaves, stretch)

    def rough(self, cell: float, salt: int, octaves: int = 7) -> Array:
        """Return noise around 0 for each column; ``cell`` is in units."""
        return np.asarray(noise((self.width, 8), self.unit * cell, self.seed * 17 + salt, octaves)[4] - 0.5)

    def ridge(self, base: float, height: float, cell: float, salt: int) -> Array:
        """Return a skyline: y in px per column; ``base`` and ``height`` are shares of the canvas' height."""
        wave = self.rough(cell, salt)
        wave = wave - wave.mean()
        return np.asarray(self.height * (base - height * wave / max(1e-3, float(np.abs(wave).max()))))

    def finish(self) -> Image.Image:
        """Return the picture, with a little film grain and slightly darker corners."""
        random = np.random.default_rng(self.seed + 99)
        speckle = random.standard_normal((self.height, self.width), dtype=np.float32)
        distance = np.hypot(self.x * 2 - 1, self.y * 2 - 1) / 2**0.5
        shaded = self.pixels * (1 - 0.16 * smoothstep(distance, 0.5, 1.1))[..., None]
        return picture(shaded + (speckle * 0.016)[..., None])

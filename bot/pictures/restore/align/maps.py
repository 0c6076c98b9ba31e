"""Where each place of the source lies in the answer: an affine map and a wavy rest, and pictures warped by them.

Imports numpy, Pillow and ``grids``. Coordinates are continuous: pixel ``i`` covers ``i`` to ``i + 1``. Pillow's
``transform`` uses the same ones (Image.transform; src/libImaging/Geometry.c: centres at + 0.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from bot.pictures.restore.grids import Array, as_image

Six = tuple[float, float, float, float, float, float]
Size = tuple[int, int]

NODE_PX = 48
"""The distance of the nodes of the wavy rest, in pixels of the source."""


@dataclass(frozen=True, slots=True)
class Map:
    """``six``: x' = a x + b y + c, y' = d x + e y + f, applied to the place moved by the wavy rest.

    ``rest``: (rows, columns, 2) displacements in pixels of the source at nodes ``node_px`` apart, linear between them.
    """

    six: Six
    rest: Array | None = field(default=None, repr=False)
    node_px: float = NODE_PX

    def at(self, x: Array, y: Array) -> tuple[Array, Array]:
        """Return the places in the answer of places (any one shape) in the source."""
        if self.rest is not None:
            moved_x, moved_y = _between(self.rest, x / self.node_px, y / self.node_px)
            x, y = x + moved_x, y + moved_y
        a, b, c, d, e, f = self.six
        return a * x + b * y + c, d * x + e * y + f

    def scaled(self, source: tuple[float, float], answer: tuple[float, float]) -> Map:
        """Return the map for pictures resized by these factors (x, y), a wavy rest by that of x."""
        a, b, c, d, e, f = self.six
        (sx, sy), (ax, ay) = source, answer
        six = (a * ax / sx, b * ax / sy, c * ax, d * ay / sx, e * ay / sy, f * ay)
        rest = None if self.rest is None else (self.rest * np.array([sx, sy], np.float32)).astype(np.float32)
        return Map(six, rest, self.node_px * sx)

    def moved(self, x: float, y: float) -> Map:
        """Return the map for a source of which only the part right of ``x`` and below ``y`` is there; no wavy rest."""
        a, b, c, d, e, f = self.six
        return Map((a, b, c + a * x + b * y, d, e, f + d * x + e * y))

    @property
    def linear(self) -> Array:
        """The four numbers without the shift, (2, 2)."""
        a, b, _, d, e, _ = self.six
        return np.array([[a, b], [d, e]], dtype=np.float32)


def after(six: Six, small: Six) -> Six:
    """Return the map that applies ``small``, then ``six``."""
    a, b, c, d, e, f = six
    p, q, r, s, t, u = small
    return (
        a * p + b * s,
        a * q + b * t,
        a * r + b * u + c,
        d * p + e * s,
        d * q + e * t,
        d * r + e * u + f,
    )


def inverse(six: Six) -> Six:
    """Return the way back. Raises: ZeroDivisionError when there is none."""
    a, b, c, d, e, f = six
    whole = a * e - b * d
    p, q, s, t = e / whole, -b / whole, -d / whole, a / whole
    return p, q, -(p * c + q * f), s, t, -(s * c + t * f)


def _between(nodes: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """Return values between nodes, linear in both directions; beyond the outermost nodes they go on."""
    rows, columns = nodes.shape[:2]
    x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
    left, top = np.minimum(x.astype(np.int32), columns - 2), np.minimum(y.astype(np.int32), rows - 2)
    over, down = (x - left)[..., None], (y - top)[..., None]
    upper = nodes[top, left] * (1 - over) + nodes[top, left + 1] * over
    lower = nodes[top + 1, left] * (1 - over) + nodes[top + 1, left + 1] * over
    moved = upper * (1 - down) + lower * down
    return moved[..., 0], moved[..., 1]


def nodes_for(size: Size, node_px: float = NODE_PX) -> tuple[int, int]:
    """Return how many rows and columns of nodes cover a picture, at least two."""
    return max(2, int(np.ceil(size[1] / node_px)) + 1), max(2, int(np.ceil(size[0] / node_px)) + 1)


def centres(size: Size) -> tuple[Array, Array]:
    """Return x and y of all pixel centres, each (height, width)."""
    x = np.arange(size[0], dtype=np.float32) + np.float32(0.5)
    y = np.arange(size[1], dtype=np.float32) + np.float32(0.5)
    return np.broadcast_to(x, (size[1], size[0])), np.broadcast_to(y[:, None], (size[1], size[0]))


def warped_image(
    answer: Image.Image, chart: Map, box: tuple[int, int, int, int], filter_: Image.Resampling
) -> Image.Image:
    """Return the answer as the source's pixels of ``box`` (left, top, right, bottom) see it; black beyond it."""
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    if chart.rest is None:
        return answer.transform(size, Image.Transform.AFFINE, chart.moved(left, top).six, filter_)
    return answer.transform(size, Image.Transform.MESH, list(_quads(chart, box)), filter_)


def _quads(chart: Map, box: tuple[int, int, int, int]) -> Iterator[tuple[tuple[int, int, int, int], list[float]]]:
    """Yield pieces of the box, each within one cell of nodes, with the corners of their places in the answer."""
    left, top, right, bottom = box
    columns, rows = _cuts(left, right, chart.node_px), _cuts(top, bottom, chart.node_px)
    grid_x, grid_y = np.meshgrid(np.array(columns, np.float32), np.array(rows, np.float32))
    to_x, to_y = (each.tolist() for each in chart.at(grid_x, grid_y))
    for row in range(len(rows) - 1):
        for column in range(len(columns) - 1):
            piece = (columns[column] - left, rows[row] - top, columns[column + 1] - left, rows[row + 1] - top)
            # North-west, south-west, south-east, north-east.
            corners = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
            yield piece, [value for at, across in corners for value in (to_x[at][across], to_y[at][across])]


def _cuts(begin: int, end: int, node_px: float) -> list[int]:
    """Return where whole pixels are cut at nodes, with both ends."""
    nodes = np.arange(np.floor(begin / node_px), np.ceil(end / node_px) + 1) * node_px
    return sorted({begin, end, *(round(at) for at in nodes.tolist() if begin < round(at) < end)})


def warped(array: Array, chart: Map, size: Size, filter_: Image.Resampling = Image.Resampling.BICUBIC) -> Array:
    """Return a (height, width) or (height, width, 3) array of the answer on the source's grid of ``size``."""
    if array.ndim == 3:
        return np.stack([warped(array[..., band], chart, size, filter_) for band in range(3)], axis=2)
    return np.asarray(warped_image(as_image(array), chart, (0, 0, *size), filter_), dtype=np.float32)

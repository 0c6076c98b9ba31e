"""Two pictures compared block by block: how alike, and by how much the second should move.

Imports numpy, ``grids`` and ``maps``. Both are normalised luminances on the source's grid. The displacement of a block
solves its 2x2 structure tensor (Lucas and Kanade 1981).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bot.pictures.restore.align.maps import Map, Six, Size
from bot.pictures.restore.grids import Array, Mask

_STRAYS_PX, _KNOWN_LEAST = 0.5, 0.4
_LEAST_TAU_PX = 0.15


@dataclass(frozen=True, slots=True)
class Blocks:
    """Of each block, (rows, columns): ``alike`` -1..1, ``moves`` (.., 2) px, ``tensor`` (.., 3) xx, xy, yy.

    ``seen``: the answer shows it wholly. ``texture``: how much there is to align by, 0..1. ``side`` in pixels.
    """

    side: int
    alike: Array = field(repr=False)
    moves: Array = field(repr=False)
    tensor: Array = field(repr=False)
    texture: Array = field(repr=False)
    seen: Mask = field(repr=False)

    @property
    def score(self) -> float:
        """How well two pictures fit, 0..1: a picture half of which is seen scores half."""
        weight = self.texture
        total = float(weight.sum())
        good = float((weight * self.seen * np.clip(self.alike, 0, 1) ** 2).sum())
        return good / total if total > 0 else 0.0

    def middles(self) -> tuple[Array, Array]:
        """Return x and y of the middle of each block, (rows, columns)."""
        rows, columns = self.alike.shape
        x = (np.arange(columns, dtype=np.float32) + np.float32(0.5)) * self.side
        y = (np.arange(rows, dtype=np.float32) + np.float32(0.5)) * self.side
        return np.broadcast_to(x, (rows, columns)), np.broadcast_to(y[:, None], (rows, columns))


def wide_blocks(grey: Array, side: int = 32) -> Array:
    """Return the deviation of luminance in each block, in levels; smaller blocks for a small picture."""
    side = max(4, min(side, min(grey.shape) // 6))
    values = _cut(grey, side)
    deviation: Array = values.std(axis=(1, 3))
    return deviation


def measured(source: Array, seen: Array, chart: Map, answer: Size, side: int) -> Blocks:
    """Compare the source with the answer as it is seen through ``chart``; ``answer`` is the answer's own size."""
    side = max(4, min(side, min(source.shape) // 4))
    across, down = (_gradient(source, axis) + _gradient(seen, axis) for axis in (1, 0))
    across, down = across * np.float32(0.5), down * np.float32(0.5)
    apart = source - seen
    xx, xy, yy = _sum(across * across, side), _sum(across * down, side), _sum(down * down, side)
    bx, by = _sum(across * apart, side), _sum(down * apart, side)
    # A little more on the diagonal: along a straight edge nothing is known, so nothing moves.
    more = 0.02 * (xx + yy) + 1e-3
    whole = (xx + more) * (yy + more) - xy * xy
    moves = np.stack([(yy + more) * bx - xy * by, (xx + more) * by - xy * bx], axis=-1) / whole[..., None]
    alike, texture = _alike(source, seen, side)
    x, y = (np.arange(count + 1, dtype=np.float32) * side for count in alike.shape[::-1])
    grid_x, grid_y = chart.at(*np.meshgrid(x, y))
    inside = (grid_x > 1) & (grid_x < answer[0] - 1) & (grid_y > 1) & (grid_y < answer[1] - 1)
    shown = inside[:-1, :-1] & inside[1:, :-1] & inside[:-1, 1:] & inside[1:, 1:]
    return Blocks(
        side=side,
        alike=alike,
        moves=moves.astype(np.float32),
        tensor=np.stack([xx, xy, yy], axis=-1).astype(np.float32),
        texture=texture,
        seen=shown,
    )


def _alike(source: Array, seen: Array, side: int) -> tuple[Array, Array]:
    one, two = _cut(source, side), _cut(seen, side)
    one = one - one.mean(axis=(1, 3), keepdims=True)
    two = two - two.mean(axis=(1, 3), keepdims=True)
    first, second = (one * one).mean(axis=(1, 3)), (two * two).mean(axis=(1, 3))
    alike = (one * two).mean(axis=(1, 3)) / (np.sqrt(first * second) + np.float32(0.02))
    return alike, np.clip(np.sqrt(first) / np.float32(0.6), 0, 1)


def _cut(array: Array, side: int) -> Array:
    rows, columns = array.shape[0] // side, array.shape[1] // side
    return array[: rows * side, : columns * side].reshape(rows, side, columns, side)


def _sum(array: Array, side: int) -> Array:
    sums: Array = _cut(array, side).sum(axis=(1, 3))
    return sums


def _gradient(array: Array, axis: int) -> Array:
    result = np.zeros_like(array)
    if axis:
        result[:, 1:-1] = (array[:, 2:] - array[:, :-2]) * np.float32(0.5)
    else:
        result[1:-1] = (array[2:] - array[:-2]) * np.float32(0.5)
    return result


def fitted(blocks: Blocks) -> Six | None:
    """Return the small affine map that most blocks agree on; None when too few can be compared."""
    weight = np.clip((blocks.alike - 0.15) / 0.6, 0, 1) ** 2 * blocks.seen
    weight = weight / (1 + (np.hypot(*np.moveaxis(blocks.moves, -1, 0)) / 3) ** 4)
    if int((weight > 0.05).sum()) < 4:
        return None
    x, y = (each.ravel().astype(np.float64) for each in blocks.middles())
    # Around the middle and in units of the picture, so that the six unknowns are of one size.
    unit = float(max(x.max(), y.max()))
    mid_x, mid_y = float(x.mean()), float(y.mean())
    base = np.stack([(x - mid_x) / unit, (y - mid_y) / unit, np.ones_like(x)], axis=1)
    tensor = blocks.tensor.reshape(-1, 3).astype(np.float64)
    moves = blocks.moves.reshape(-1, 2).astype(np.float64)
    trace = tensor[:, 0] + tensor[:, 2] + 1e-9
    plain, robust = weight.ravel().astype(np.float64), np.ones(len(x))
    found = np.zeros(6)
    for _ in range(5):
        found = _solved(base, tensor * (plain * robust)[:, None], moves)
        left = moves - np.stack([base @ found[:3], base @ found[3:]], axis=1)
        # Along an edge a block knows nothing, so only what its tensor sees of the rest counts.
        square = tensor[:, 0] * left[:, 0] ** 2 + 2 * tensor[:, 1] * left[:, 0] * left[:, 1]
        away = np.sqrt(np.maximum(square + tensor[:, 2] * left[:, 1] ** 2, 0) * 2 / trace)
        tau = max(_LEAST_TAU_PX, 2 * float(np.median(away[plain > 0.05])))
        robust = 1 / (1 + (away / tau) ** 2) ** 2
    ax, bx, cx, ay, by, cy = found.tolist()
    ax, bx, ay, by = ax / unit, bx / unit, ay / unit, by / unit
    six = (1 + ax, bx, cx - ax * mid_x - bx * mid_y, ay, 1 + by, cy - ay * mid_x - by * mid_y)
    return six if all(np.isfinite(six)) and max(abs(ax), abs(bx), abs(ay), abs(by)) < 0.5 else None


def _solved(base: np.ndarray, tensor: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Return the six numbers with the least weighted rest."""
    xx, xy, yy = tensor.T
    pairs = base[:, :, None] * base[:, None, :]
    blocks = [np.einsum("n,nij->ij", part, pairs) for part in (xx, xy, yy)]
    left = np.block([[blocks[0], blocks[1]], [blocks[1], blocks[2]]])
    right = np.concatenate(
        [
            np.einsum("n,ni->i", xx * moves[:, 0] + xy * moves[:, 1], base),
            np.einsum("n,ni->i", xy * moves[:, 0] + yy * moves[:, 1], base),
        ]
    )
    left += np.eye(6) * (1e-6 * np.trace(left) + 1e-9)
    return np.linalg.solve(left, right)


def smoothed(blocks: Blocks, nodes: tuple[int, int], node_px: float, sigma_px: float) -> Array:
    """Return displacements at ``nodes`` (rows, columns), ``node_px`` apart: smooth, and 0 where nothing is known."""
    moves = blocks.moves.reshape(-1, 2)
    length = np.hypot(moves[:, 0], moves[:, 1])
    known = (blocks.alike.ravel() > 0.45) & (length < 3) & blocks.seen.ravel()
    trace = blocks.tensor[..., 0].ravel() + blocks.tensor[..., 2].ravel()
    usual = float(np.median(trace[known])) if known.any() else 1.0
    weight = np.where(known, np.clip(trace / (usual + 1e-6), 0, 1), 0).astype(np.float32)
    weight *= np.clip((blocks.alike.ravel() - 0.45) / 0.3, 0.1, 1)
    tensor = blocks.tensor.reshape(-1, 3) / (trace[:, None] + np.float32(1e-6)) * 2
    x, y = (each.ravel() for each in blocks.middles())
    first = _spread(x, y, weight, tensor, moves, x, y, sigma_px)
    strays = np.hypot(*(moves - first).T) > _STRAYS_PX
    rows, columns = nodes
    node_y, node_x = np.mgrid[0:rows, 0:columns].astype(np.float32) * np.float32(node_px)
    rest = _spread(x, y, np.where(strays, 0, weight), tensor, moves, node_x.ravel(), node_y.ravel(), sigma_px)
    return rest.reshape(rows, columns, 2).astype(np.float32)


def _spread(
    x: Array, y: Array, weight: Array, tensor: Array, moves: Array, to_x: Array, to_y: Array, sigma_px: float
) -> Array:
    """Return the mean displacement around places, each block weighted by how near it is and which way it knows."""
    # (places, blocks) is a few hundred by a few hundred.
    near = np.exp(-((to_x[:, None] - x) ** 2 + (to_y[:, None] - y) ** 2) / np.float32(2 * sigma_px**2)) * weight
    xx, xy, yy = (np.einsum("nb,b->n", near, tensor[:, at]) for at in range(3))
    vx = np.einsum("nb,b->n", near, tensor[:, 0] * moves[:, 0] + tensor[:, 1] * moves[:, 1])
    vy = np.einsum("nb,b->n", near, tensor[:, 1] * moves[:, 0] + tensor[:, 2] * moves[:, 1])
    xx, yy = xx + _KNOWN_LEAST, yy + _KNOWN_LEAST
    whole = xx * yy - xy * xy
    return np.stack([(yy * vx - xy * vy) / whole, (xx * vy - xy * vx) / whole], axis=1)

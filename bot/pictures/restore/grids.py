"""Filters on arrays of pixels: blurs, ranges, masks and their connected parts.

Imports numpy and Pillow. Arrays are float32 of (height, width), or (height, width, 3), in levels of 255; masks are
bools of (height, width). At the edges of a picture its outermost pixels go on. Sums over blocks use ``einsum`` rather
than a matrix product, whose order, and so its last bits, depends on the number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Array = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]

_GREY = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def grey(colours: Array) -> Array:
    """Return the luminance (Rec. 601) of (height, width, 3)."""
    light: Array = np.einsum("yxc,c->yx", colours, _GREY)
    return light


def resized(array: Array, size: tuple[int, int], filter_: Image.Resampling = Image.Resampling.BILINEAR) -> Array:
    """Return an array in another ``size`` (width, height)."""
    if array.shape[1::-1] == size:
        return array
    if array.ndim == 3:
        return np.stack([resized(array[..., band], size, filter_) for band in range(array.shape[2])], axis=2)
    return np.asarray(as_image(array).resize(size, filter_), dtype=np.float32)


def as_image(array: Array) -> Image.Image:
    """Return a (height, width) array as a picture of mode F."""
    return Image.fromarray(np.ascontiguousarray(array, dtype=np.float32))


def box_mean(array: Array, radius_px: int) -> Array:
    """Return the mean over squares of ``2 radius + 1`` pixels."""
    if radius_px <= 0:
        return array
    # Running sums of float32 are exact enough only around zero.
    middle = np.float32(array.mean(dtype=np.float64))
    for axis in (0, 1):
        array = _running_mean(array - middle if axis == 0 else array, radius_px, axis)
    return array + middle


def _running_mean(array: Array, radius: int, axis: int) -> Array:
    reach = [(0, 0)] * array.ndim
    reach[axis] = (radius + 1, radius)
    sums = np.cumsum(np.pad(array, reach, mode="edge"), axis=axis, dtype=np.float32)
    length = array.shape[axis]
    width = 2 * radius + 1
    ends = _along(sums, axis, width, width + length)
    means: Array = (ends - _along(sums, axis, 0, length)) * np.float32(1 / width)
    return means


def _along(array: NDArray[Any], axis: int, begin: int, end: int) -> NDArray[Any]:
    return array[begin:end] if axis == 0 else array[:, begin:end]


def gauss(array: Array, sigma_px: float) -> Array:
    """Return an array blurred by a Gaussian; wide ones by three boxes."""
    if sigma_px > 3.5:
        for radius in _boxes(sigma_px):
            array = box_mean(array, radius)
        return array
    reach = max(1, int(3 * sigma_px + 0.5))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_px) ** 2)
    weights = (kernel / kernel.sum()).astype(np.float32).tolist()
    for axis in (0, 1):
        around = [(0, 0)] * array.ndim
        around[axis] = (reach, reach)
        padded, length = np.pad(array, around, mode="edge"), array.shape[axis]
        total = _along(padded, axis, reach, reach + length) * np.float32(weights[reach])
        for at in range(reach):
            pair = _along(padded, axis, at, at + length) + _along(padded, axis, 2 * reach - at, 2 * reach - at + length)
            pair *= np.float32(weights[at])
            total += pair
        array = total
    return array


def _boxes(sigma: float) -> list[int]:
    """Return three radii whose boxes together have the variance of a Gaussian."""
    ideal = ((12 * sigma * sigma / 3 + 1) ** 0.5 - 1) / 2
    low = int(ideal)
    # Two radii next to each other, so many of the smaller one that the variance fits.
    wanted, small, large = 12 * sigma * sigma, (2 * low + 1) ** 2 - 1, (2 * low + 3) ** 2 - 1
    larger = min(3, max(0, round((wanted - 3 * small) / (large - small))))
    return [low] * (3 - larger) + [low + 1] * larger


def lowest(array: Array) -> Array:
    """Return the minimum over 3x3."""
    return _extreme(array, np.minimum)


def highest(array: Array) -> Array:
    """Return the maximum over 3x3."""
    return _extreme(array, np.maximum)


def _extreme(array: Array, chosen: np.ufunc) -> Array:
    for axis in (0, 1):
        result = array.copy()
        inner, length = _along(result, axis, 1, array.shape[axis]), array.shape[axis]
        chosen(inner, _along(array, axis, 0, length - 1), out=inner)
        inner = _along(result, axis, 0, length - 1)
        chosen(inner, _along(array, axis, 1, length), out=inner)
        array = result
    return array


def dilated(mask: Mask, radius_px: int) -> Mask:
    """Return a mask grown by ``radius_px`` in all eight directions."""
    if radius_px <= 0:
        return mask
    for axis in (0, 1):
        around = [(0, 0), (0, 0)]
        around[axis] = (radius_px, radius_px)
        grown, wanted, covered = np.pad(mask, around), 2 * radius_px + 1, 1
        while covered < wanted:
            step = min(covered, wanted - covered)
            length = grown.shape[axis]
            grown = _along(grown, axis, 0, length - step) | _along(grown, axis, step, length)
            covered += step
        mask = grown
    return mask


def eroded(mask: Mask, radius_px: int) -> Mask:
    """Return a mask shrunk by ``radius_px``; the edge of the picture does not shrink it."""
    return ~dilated(~mask, radius_px)


def closed(mask: Mask, radius_px: int) -> Mask:
    """Return a mask whose gaps of up to twice ``radius_px`` are filled."""
    return eroded(dilated(mask, radius_px), radius_px)


def parts(mask: Mask) -> tuple[Ints, int]:
    """Return the connected parts (eight directions) of a mask: (height, width) of 0 and 1 to count, and their count."""
    height, width = mask.shape
    # Runs of set pixels, all rows in one line with a gap between rows.
    line = np.zeros((height, width + 2), dtype=np.int8)
    line[:, 1:-1] = mask
    steps = np.diff(line.ravel(), prepend=0)
    begins, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    # Two runs of neighbouring rows touch when one, moved by a row, overlaps the other or its neighbour.
    first = np.searchsorted(ends, begins + width + 2, side="left")
    last = np.searchsorted(begins, ends + width + 2, side="right")
    counts = np.maximum(last - first, 0)
    above = np.repeat(np.arange(len(begins)), counts)
    offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    below = np.repeat(first, counts) + offsets
    names = _joined(len(begins), above.tolist(), below.tolist())
    labels = np.zeros(line.size + 1, dtype=np.int64)
    np.add.at(labels, begins, names)
    np.subtract.at(labels, ends, names)
    count = int(names.max()) if len(names) else 0
    return np.cumsum(labels[:-1]).reshape(line.shape)[:, 1:-1], count


def _joined(count: int, firsts: list[int], seconds: list[int]) -> Ints:
    """Return a number from 1 on for each of ``count`` runs; runs that touch get the same one."""
    parent = list(range(count))
    for first, second in zip(firsts, seconds, strict=True):
        while parent[first] != first:
            parent[first] = parent[parent[first]]
            first = parent[first]
        while parent[second] != second:
            parent[second] = parent[parent[second]]
            second = parent[second]
        if first != second:
            parent[max(first, second)] = min(first, second)
    for each in range(count):
        parent[each] = parent[parent[each]]
    _, names = np.unique(np.array(parent, dtype=np.int64), return_inverse=True)
    return names.astype(np.int64) + 1


def counted(labels: Ints, count: int, mask: Mask | None = None) -> Ints:
    """Return how many pixels each part has (index 0: the ground), only those in ``mask`` if given."""
    chosen = labels if mask is None else labels[mask]
    return np.bincount(chosen.ravel(), minlength=count + 1).astype(np.int64)


def without_holes(mask: Mask, most_px: int) -> Mask:
    """Return a mask whose holes of up to ``most_px`` pixels are filled; what reaches the edge is no hole."""
    labels, count = parts(~mask)
    if not count:
        return mask
    sizes = counted(labels, count)
    fill = sizes <= most_px
    fill[0] = False
    for rim in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        fill[rim] = False
    return mask | fill[labels]


def box_of(mask: Mask) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom of the set pixels; None if there are none."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def likeness(first: Array, second: Array, radius_px: int, floor: float = 0.0) -> tuple[Array, Array, Array]:
    """Return the correlation of two arrays over squares, and both deviations in levels.

    ``floor``: deviations (levels) below which two places count as alike, since neither shows anything.
    """
    mean1, mean2 = box_mean(first, radius_px), box_mean(second, radius_px)
    one, two = first - mean1, second - mean2
    var1 = np.maximum(box_mean(one * one, radius_px), 0)
    var2 = np.maximum(box_mean(two * two, radius_px), 0)
    both = box_mean(one * two, radius_px)
    least = np.float32(floor * floor + 1e-3)
    correlation = (both + np.float32(floor * floor)) / (np.sqrt(var1 * var2) + least)
    return np.clip(correlation, -1, 1), np.sqrt(var1), np.sqrt(var2)

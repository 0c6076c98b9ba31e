"""Whether the change in a region could be one of the whole picture that shows only there.

Imports numpy and ``grids``. Make a grey street black and white, and only the one yellow taxi changes; blur a picture
that is blurred but for a flower, and only the flower changes. Such an answer looks like an edit in place.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PIL import Image

from bot.pictures.restore.grids import Array, Mask, gauss, grey, resized

_LEAST_PALE_SHARE = 0.008
_STRUCTURE, _STRUCTURE_GAIN, _LIGHT_LEVELS = 0.85, (0.7, 1.4), 16.0
_PARALLEL, _MORE_OR_LESS, _MUCH = 0.85, (0.78, 1.28), (0.4, 2.5)
_LEAST_CHANGE_LEVELS = 4.0
_SOFTER_LEVELS, _SOFTER_GAIN = 7.0, (0.6, 1.7)
_BLURS_PX, _BLUR_EXPLAINS = (3.0, 5.0, 8.0, 12.0), 0.4


class PairOfPictures(Protocol):
    """Source and answer on one grid, (height, width, 3)."""

    @property
    def source(self) -> Array: ...
    @property
    def seen(self) -> Array: ...
    @property
    def matched(self) -> Array: ...


def explanation(source: Array, seen: Array, region: Mask, untouched: Mask) -> tuple[float, float]:
    """Return which share of the change one map of colours explains, and what that costs untouched places in levels.

    The map goes from the source's colours to the answer's, and is fitted twice: to untouched places alone, and to these
    and the region alike. If the second one fits nearly everything, the picture was only recoloured as a whole.
    """
    size = (max(8, source.shape[1] // 4), max(8, source.shape[0] // 4))
    was, now = (resized(gauss(each, 1.0), size, Image.Resampling.BOX).reshape(-1, 3) for each in (source, seen))
    inside = resized(region.astype(np.float32), size, Image.Resampling.BOX).ravel() > 0.6
    outside = resized(untouched.astype(np.float32), size, Image.Resampling.BOX).ravel() > 0.95
    if inside.sum() < 12 or outside.sum() < 50:
        return 0.0, 0.0
    features = _features(was)
    alone = _predicted(features, now, outside.astype(np.float32))
    balance = outside.astype(np.float32) + inside * np.float32(outside.sum() / inside.sum())
    together = _predicted(features, now, balance)
    before, after = _error(now, alone), _error(now, together)
    change, left = float(np.sqrt((before[inside] ** 2).mean())), float(np.sqrt((after[inside] ** 2).mean()))
    if change < _LEAST_CHANGE_LEVELS:
        return 0.0, 0.0
    strain = float(np.sqrt((after[outside] ** 2).mean())) - float(np.sqrt((before[outside] ** 2).mean()))
    return 1 - left / change, strain


def _features(colours: Array) -> Array:
    shares = colours * np.float32(1 / 255)
    light = (shares.mean(axis=1, keepdims=True)) ** 2
    return np.concatenate([shares, np.ones_like(light), shares * shares, np.sqrt(np.clip(shares, 0, 1)), light], axis=1)


def _predicted(features: Array, now: Array, weight: Array) -> Array:
    weighted = features * weight[:, None]
    left = np.einsum("ni,nj->ij", weighted, features).astype(np.float64)
    left += np.eye(len(left)) * (1e-4 * float(weight.sum()))
    right = np.einsum("ni,nc->ic", weighted, now).astype(np.float64)
    predicted: Array = np.einsum("ni,ic->nc", features, np.linalg.solve(left, right).astype(np.float32))
    return predicted


def _error(now: Array, predicted: Array) -> Array:
    error: Array = np.sqrt(((now - np.clip(predicted, 0, 255)) ** 2).mean(axis=1))
    return error


def is_pale(pair: PairOfPictures, region: Mask) -> bool:
    """Return whether a region has only more or less of the colours it had, with its structure and light kept."""
    if region.mean() < _LEAST_PALE_SHARE:
        return False
    light1, light2 = (gauss(grey(each), 1.0)[region] for each in (pair.source, pair.matched))
    detail = [gauss(grey(each), 1.0) - gauss(grey(each), 8.0) for each in (pair.source, pair.matched)]
    one, two = (each[region] for each in detail)
    first, second = float((one * one).mean()), float((two * two).mean())
    alike = float((one * two).mean()) / (float(np.sqrt(first * second)) + 0.5)
    gain = float(np.sqrt((second + 0.5) / (first + 0.5)))
    if alike < _STRUCTURE or not _STRUCTURE_GAIN[0] < gain < _STRUCTURE_GAIN[1]:
        return False
    if float(np.median(np.abs(light1 - light2))) > _LIGHT_LEVELS:
        return False
    chroma1, chroma2 = (
        (gauss(each, 1.5) - grey(gauss(each, 1.5))[..., None])[region] for each in (pair.source, pair.matched)
    )
    rms1, rms2 = (float(np.sqrt((each * each).mean())) + 2 for each in (chroma1, chroma2))
    if not _MUCH[0] < rms2 / rms1 < _MUCH[1]:
        return True
    parallel = float((chroma1 * chroma2).mean()) / (rms1 * rms2)
    factor = float((chroma1 * chroma2).sum() / max(1.0, float((chroma1 * chroma1).sum())))
    return parallel > _PARALLEL and not _MORE_OR_LESS[0] < factor < _MORE_OR_LESS[1]


def is_softer(pair: PairOfPictures, region: Mask) -> bool:
    """Return whether a region only lost or won detail: it is like the source blurred, or its colours are the same."""
    if not region.any():
        return False
    light1, light2 = grey(pair.source), gauss(grey(pair.matched), 1.0)

    def away(sigma_px: float) -> float:
        return float(np.sqrt(((gauss(light1, sigma_px) - light2)[region] ** 2).mean()))

    if min(map(away, _BLURS_PX)) < _BLUR_EXPLAINS * away(1.0):
        return True
    wide = np.abs(gauss(pair.matched - pair.source, 4.0)).max(axis=2)[region]
    if float(np.percentile(wide, 75)) > _SOFTER_LEVELS:
        return False
    first, second = (
        float(np.sqrt(((grey(each) - gauss(grey(each), 3.0))[region] ** 2).mean())) + 0.5
        for each in (pair.source, pair.matched)
    )
    return not _SOFTER_GAIN[0] < second / first < _SOFTER_GAIN[1]

"""What a model did to the colours of the whole: a map from the answer's colours to the source's, and slow light.

Imports numpy and ``grids``. All colours in levels of 255. Fitted on copies of a quarter of the size, so that fine
texture and small shifts do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from bot.pictures.restore.grids import Array, Mask, box_mean, gauss, grey, likeness, resized

_TERMS = 6
_CANDIDATE_PLACES, _CANDIDATES, _AGREES_LEVELS = 24, 120, 9.0
_ROUNDS, _TUKEY, _LEAST_SIGMA, _MOST_SIGMA = 6, 3.2, 2.5, 12.0
_PRIOR = 0.003
_MOST_LIGHT = 8.0
_BURNT, _WAS_BURNT, _BLACK, _WAS_BLACK = 250, 228, 5, 24


@dataclass(frozen=True, slots=True)
class Tones:
    """``terms``: (6, 3) weights of r, g, b, 1, c squared, root of c, in shares of 1. ``light``: levels to add, at a
    quarter of the work size, (height, width, 3).
    """

    terms: Array
    light: Array = field(repr=False)

    @staticmethod
    def none() -> Tones:
        """Return tones that change nothing."""
        return Tones(identity(), np.zeros((8, 8, 3), dtype=np.float32))

    def applied(self, answer: Array) -> Array:
        """Return (.., 3) colours of the answer as the source would have them, without slow light."""
        return _applied(self.terms, answer)

    def light_at(self, size: tuple[int, int]) -> Array:
        """Return the slow light for a picture of ``size`` (width, height), (height, width, 3)."""
        return resized(self.light, size)


def matched(tones: Tones, source: Array, answer: Array) -> Array:
    """Return the answer's (height, width, 3) colours mapped to the source's.

    Where the answer is burnt out or black, and the source nearly is, nothing can be mapped back: it counts as equal.
    """
    mapped = tones.applied(answer) + tones.light_at(answer.shape[1::-1])
    lost = (answer >= _BURNT) & (source >= _WAS_BURNT) | (answer <= _BLACK) & (source <= _WAS_BLACK)
    return np.where(lost, source, np.clip(mapped, 0, 255)).astype(np.float32)


def fit(source: Array, answer: Array, valid: Mask, weight: Array | None = None) -> Tones:
    """Fit the map between two (height, width, 3) pictures on one grid, where ``valid``.

    ``weight``: (height, width), how much a place counts, such as nothing inside the change. A place counts less where
    the two do not look alike, and drops out where its colour does not follow the others.
    """
    size = (max(8, answer.shape[1] // 4), max(8, answer.shape[0] // 4))
    small = [gauss(resized(each, size, Image.Resampling.BOX), 1.5) for each in (source, answer)]
    counts = resized(valid.astype(np.float32) * (1 if weight is None else weight), size, Image.Resampling.BOX)
    alike, _, _ = likeness(grey(small[0]), grey(small[1]), 3, floor=3.0)
    counts = np.where(counts > 0.02, counts, 0) * np.clip((alike - 0.3) / 0.5, 0.02, 1)
    # Burnt out and black places say little about the map.
    dim = (small[1] >= 248).any(axis=2) | (small[1] <= 6).all(axis=2)
    counts = (counts * np.where(dim, 0.25, 1)).ravel().astype(np.float32)
    was, now = (each.reshape(-1, 3) for each in small)
    terms, robust = _robust(was, now, counts)
    light = _light((was - _applied(terms, now)).reshape(small[0].shape), (counts * robust).reshape(size[::-1]))
    return Tones(terms, light)


def _features(colours: Array) -> Array:
    """Return (.., 3, 6): for each channel c its six terms."""
    shares = np.clip(colours * np.float32(1 / 255), 0, 1)
    own = np.stack([shares * shares, np.sqrt(shares)], axis=-1)
    common = np.concatenate([shares, np.ones_like(shares[..., :1])], axis=-1)
    return np.concatenate([np.broadcast_to(common[..., None, :], (*shares.shape, 4)), own], axis=-1)


def _applied(terms: Array, colours: Array) -> Array:
    shares = np.clip(colours * np.float32(1 / 255), 0, 1)
    mapped = np.empty_like(shares)
    for band in range(3):
        own, by = shares[..., band], [np.float32(term) for term in terms[:, band]]
        total = by[3] + by[4] * own * own + by[5] * np.sqrt(own)
        for other in range(3):
            total += by[other] * shares[..., other]
        mapped[..., band] = total
    levels: Array = mapped * np.float32(255)
    return levels


def identity() -> Array:
    """Return the terms that change nothing."""
    terms = np.zeros((_TERMS, 3), dtype=np.float32)
    terms[0, 0] = terms[1, 1] = terms[2, 2] = 1
    return terms


def _robust(was: Array, now: Array, counts: Array) -> tuple[Array, Array]:
    """Return the terms and how far each place follows them, 0..1."""
    start = _start(was, now, counts)
    terms, features = start, _features(now)
    total = float(counts.sum()) + 1e-6
    robust = np.ones(len(was), dtype=np.float32)
    for _ in range(_ROUNDS):
        rest = np.abs(was - _applied(terms, now)).max(axis=1)
        sigma = min(_MOST_SIGMA, max(_LEAST_SIGMA, 1.5 * _weighted_median(rest, counts)))
        robust = (np.clip(1 - (rest / (_TUKEY * sigma)) ** 2, 0, 1) ** 2).astype(np.float32)
        weight = counts * robust
        found = np.empty_like(terms)
        for band in range(3):
            own = features[:, band, :]
            weighted = own * weight[:, None]
            left = np.einsum("ni,nj->ij", weighted, own).astype(np.float64) + np.eye(_TERMS) * _PRIOR * total
            right = np.einsum("ni,n->i", weighted, was[:, band] / 255) + start[:, band] * _PRIOR * total
            found[:, band] = np.linalg.solve(left, right)
        terms = found
    return terms, robust


def _start(was: Array, now: Array, counts: Array) -> Array:
    """Return gains and offsets that most places agree on.

    Fitted from the identity alone, the map would follow a recoloured region of a third of the picture.
    """
    if float(counts.sum()) <= 0:
        return identity()
    chance = np.random.default_rng(1)
    share = (counts / counts.sum()).astype(np.float64)
    share /= share.sum()
    sample = chance.choice(len(was), size=min(1200, len(was)), p=share)
    one, two = was[sample], now[sample]
    best, most = identity(), _agreeing(identity(), one, two)
    for number in range(_CANDIDATES):
        at = chance.choice(len(sample), size=_CANDIDATE_PLACES)
        terms = _from_places(one[at], two[at], only_offset=number % 4 == 0)
        agree = _agreeing(terms, one, two)
        # The identity is kept unless another is clearly better.
        if agree > most + 0.01:
            best, most = terms, agree
    return best


def _from_places(was: Array, now: Array, *, only_offset: bool) -> Array:
    """Return gain and offset of each channel through some places, some of which may be changed ones."""
    terms = identity()
    for band in range(3):
        one, two = was[:, band], now[:, band]
        half = len(one) // 2 if only_offset else len(one)
        gain = 1.0
        if not only_offset and float(two.std()) > 8:
            # A line through the medians of the darker and the brighter third.
            order = np.argsort(two)
            low, high = order[: half // 3], order[-(half // 3) :]
            rise = float(np.median(two[high]) - np.median(two[low]))
            if rise > 8:
                gain = min(1.6, max(0.6, float(np.median(one[high]) - np.median(one[low])) / rise))
        terms[band, band] = gain
        terms[3, band] = float(np.median(one[:half] - gain * two[:half])) / 255
    return terms


def _agreeing(terms: Array, was: Array, now: Array) -> float:
    return float((np.abs(was - _applied(terms, now)).max(axis=1) < _AGREES_LEVELS).mean())


def _weighted_median(values: Array, counts: Array) -> float:
    order = np.argsort(values)
    sums = np.cumsum(counts[order])
    return float(values[order[min(len(order) - 1, int(np.searchsorted(sums, sums[-1] / 2)))]])


def _light(rest: Array, weight: Array) -> Array:
    """Return the slowly varying part of what the map leaves, from the places that follow it."""
    sigma = max(rest.shape) / 11
    total = _wide(weight, sigma) + np.float32(0.02)
    bands = [_wide(rest[..., band] * weight, sigma) / total for band in range(3)]
    light: Array = np.clip(np.stack(bands, axis=2), -_MOST_LIGHT, _MOST_LIGHT).astype(np.float32)
    return light


def _wide(array: Array, sigma: float) -> Array:
    radius = max(1, round(sigma))
    for _ in range(3):
        array = box_mean(array, radius)
    return array

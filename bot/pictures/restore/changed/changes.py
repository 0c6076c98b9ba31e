"""How surely each place was changed, from 0 on; 1 is sure.

Imports numpy and ``grids``. Three kinds of evidence: colours that leave their surroundings' range (things, lines), the
mean over a square (recolouring, shadows), and texture that was replaced. How much places differ that nobody changed
is learned from the very pair: textured places more than plain ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bot.pictures.restore.grids import Array, Mask, box_mean, eroded, gauss, grey, highest, likeness, lowest

_BINS = 12
_FINE_PX, _SOFTEN_PX, _FINE_PERCENTILE = 1.2, (0.5, 0.8, 1.1, 1.5, 2.0), 85


@dataclass(frozen=True, slots=True)
class Evidence:
    """``score``: (height, width). ``tight``: where the change is, to the pixel; squares reach beyond it.

    ``apart``: the blurred difference of colours in levels, signed, (height, width, 3). ``alike``: the correlation of
    structure over 11 pixels, 1 where there is none. ``noise``: levels by which places differ that nobody changed.
    """

    score: Array = field(repr=False)
    tight: Mask = field(repr=False)
    apart: Array = field(repr=False)
    alike: Array = field(repr=False)
    noise: Array = field(repr=False)


def evidence(source: Array, matched: Array, valid: Mask, keen: float = 1.0) -> Evidence:
    """Compare two (height, width, 3) pictures on one grid; places that are not ``valid`` must be equal in both.

    ``keen``: below 1 for a marked place, where texture that changed counts even where the model invents some.
    """
    source, matched = gauss(source, 0.8), gauss(matched, 0.8)
    source, matched = _as_sharp(source, matched, valid)
    grey1, grey2 = grey(source), grey(matched)
    apart = matched - source
    size = np.abs(apart).max(axis=2)
    restless = gauss(np.maximum(highest(grey1) - lowest(grey1), highest(grey2) - lowest(grey2)), 2.0)
    tolerant = _tolerant(source, matched)
    usual, usual_tolerant = _learned(restless, valid, (size, 50), (tolerant, 70))
    fine = tolerant / (11 + 2.6 * usual + 1.5 * usual_tolerant)
    wide = _wide(apart, usual, valid)
    alike, deviation1, deviation2 = likeness(grey1, grey2, 5, floor=2.0)
    deviation = np.maximum(deviation1, deviation2)
    textured = valid & (deviation > 6)
    usually = float(np.percentile(alike[textured], 35)) if textured.sum() > 200 else 0.9
    replaced = (usually - 0.12 * keen - alike) / max(0.25, 0.55 * usually)
    replaced = np.clip(replaced * np.clip(deviation / 12 - 0.4, 0, 1), 0, 1.6)
    score = np.where(valid, np.maximum(np.maximum(fine, wide), replaced), 0).astype(np.float32)
    near = gauss(apart, 1.5)
    tight = (fine > 0.35) | (np.abs(near).max(axis=2) > 0.5 * (7 + 1.7 * usual))
    tight |= eroded(replaced > 0.5, 3)
    return Evidence(score=score, tight=tight & valid, apart=near, alike=alike, noise=usual)


def _as_sharp(source: Array, matched: Array, valid: Mask) -> tuple[Array, Array]:
    """Blur the sharper one until both have as much fine detail."""

    def detail(picture: Array) -> float:
        light = grey(picture)
        return float(np.percentile(np.abs(light - gauss(light, _FINE_PX))[valid], _FINE_PERCENTILE))

    if not valid.any():
        return source, matched
    first, second = detail(source), detail(matched)
    if abs(first - second) < 0.08 * max(first, second):
        return source, matched
    sharper, wanted = (source, second) if first > second else (matched, first)
    best = sharper
    for sigma in _SOFTEN_PX:
        softer = gauss(sharper, sigma)
        if (now := detail(softer)) < wanted:
            # Too soft is as wrong as too sharp.
            best = softer if wanted - now < detail(best) - wanted else best
            break
        best = softer
    return (best, matched) if first > second else (source, best)


def _tolerant(source: Array, matched: Array) -> Array:
    """Return by how much either leaves the range that the other has within one pixel: edges may move that far."""
    low1, high1, low2, high2 = lowest(source), highest(source), lowest(matched), highest(matched)
    found = np.maximum(matched - high1, low1 - matched)
    found = np.maximum(found, np.maximum(source - high2, low2 - source))
    most: Array = np.maximum(found.max(axis=2), 0)
    return most


def _learned(restless: Array, valid: Mask, *measures: tuple[Array, float]) -> list[Array]:
    """Return, for each measure, its percentile among the places that are as restless, rising with restlessness."""
    known = restless[valid]
    if len(known) < 50 * _BINS:
        return [np.full_like(restless, np.percentile(values, part)) for values, part in measures]
    edges = np.percentile(known, np.linspace(0, 100, _BINS + 1))
    bins = np.clip(np.searchsorted(edges, known, side="right") - 1, 0, _BINS - 1)
    middles = (edges[1:] + edges[:-1]) / 2
    order = np.argsort(bins, kind="stable")
    ends = np.searchsorted(bins[order], np.arange(_BINS + 1))
    learned = []
    for values, part in measures:
        sorted_values = values[valid][order]
        levels, last = [], 0.0
        for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
            last = max(last, float(np.percentile(sorted_values[begin:end], part))) if end > begin else last
            levels.append(last)
        learned.append(np.interp(restless, middles, levels).astype(np.float32))
    return learned


def _wide(apart: Array, usual: Array, valid: Mask) -> Array:
    """Return the evidence of means over squares."""
    best = np.zeros(usual.shape, dtype=np.float32)
    for radius, least, by in ((4, 7.5, 0.77), (10, 6.0, 0.56)):
        mean = np.abs(box_mean(apart, radius)).max(axis=2)
        middle = float(np.median(mean[valid])) if valid.any() else 0.0
        best = np.maximum(best, mean / (least + 1.2 * middle + by * box_mean(usual, radius)))
    return best

"""Whether one ink explains how pixels changed: opaque like a pen, or see-through like a marker.

Standard library only. A pixel under ink became ``share x ground + colour`` with one share and one colour for the whole
stroke; at a stroke's rim, and after JPEG, it is somewhere on the line between the colours of ground and ink.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

Colour = Sequence[int]
Pair = tuple[Colour, Colour]

# Limits found on synthetic cases, in levels of 255: the first for half of the pixels, the second for nearly all.
_STRAYING, _MOST_STRAYING = 18, 48
_ASIDE, _MOST_ASIDE = 16, 48
# A change with more of the ground in it is one of light, not ink.
_MOST_SEE_THROUGH = 0.75
_PLAIN_GROUND_VARIANCE = 60


def is_ink(deep: Sequence[Pair], pairs: Sequence[Pair]) -> bool:
    """Return whether one ink explains pixels, given as (before, after): ``deep`` the inside, ``pairs`` more of it."""
    share = min(max(_slope(deep), 0.0), 1.0)
    if share > _MOST_SEE_THROUGH:
        return False
    rests = [[now[band] - share * was[band] for was, now in deep] for band in range(3)]
    colour = [median(rest) for rest in rests]
    straying = sorted(max(abs(rest[at] - colour[band]) for band, rest in enumerate(rests)) for at in range(len(deep)))
    if straying[len(straying) // 2] > _STRAYING or straying[len(straying) * 3 // 4] > _MOST_STRAYING:
        return False
    ink = [part / (1 - share) for part in colour]
    aside = sorted(_aside(was, now, ink) for was, now in pairs)
    return aside[len(aside) // 2] <= _ASIDE and aside[len(aside) * 9 // 10] <= _MOST_ASIDE


def _aside(was: Colour, now: Colour, ink: Sequence[float]) -> float:
    """Return the distance of a colour from the line between ground and ink."""
    way = [end - start for start, end in zip(was, ink, strict=True)]
    gone = [here - start for start, here in zip(was, now, strict=True)]
    length = sum(each * each for each in way)
    t = min(1.0, max(0.0, sum(a * b for a, b in zip(way, gone, strict=True)) / length)) if length else 0.0
    return max(abs(b - t * a) for a, b in zip(way, gone, strict=True))


def _slope(pairs: Sequence[Pair]) -> float:
    """Return how much of the old colours shows through the new ones, by least squares over the three bands."""
    covariance = variance = 0.0
    for band in range(3):
        olds = [was[band] for was, _ in pairs]
        news = [now[band] for _, now in pairs]
        mean_old, mean_new = sum(olds) / len(olds), sum(news) / len(news)
        covariance += sum((was - mean_old) * (now - mean_new) for was, now in zip(olds, news, strict=True))
        variance += sum((was - mean_old) ** 2 for was in olds)
    # Over a ground of one colour its share cannot be measured; then the ink counts as opaque.
    return covariance / variance if variance > _PLAIN_GROUND_VARIANCE * len(pairs) else 0.0

"""Sizes in pixels, for APIs that take neither a shape nor a tier but ``WIDTHxHEIGHT``.

Imports nothing of ours. Pure.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

AREAS_PX = {"512": 512**2, "1K": 1024**2, "2K": 2048**2}
"""Pixels of a picture by the tier that people choose."""

_SLACK = 0.07
"""How much longer or shorter a side may become, so that the shape fits better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Canvas:
    """The sizes that a model paints.

    ``fixed``: the only ones; empty: any whose sides are multiples of ``step_px``, with an area between ``least_px`` and
    ``most_px``, a side of at most ``longest_px``, and at most ``steepest`` times as long as wide or the other way.
    """

    fixed: tuple[tuple[int, int], ...] = ()
    step_px: int = 16
    least_px: int = 0
    most_px: int = 10**9
    longest_px: int = 10**6
    steepest: float = 3.0

    def size(self, ratio: float, tier: str = "1K") -> str:
        """Return the size nearest to a ratio of width to height, in the area of ``tier``: ``"1152x864"``."""
        sizes = self.fixed or self._near(ratio, tier)
        width, height = min(sizes, key=lambda one: abs(math.log(one[0] / one[1] / ratio)))
        return f"{width}x{height}"

    def _near(self, ratio: float, tier: str) -> list[tuple[int, int]]:
        """Return sizes around the wished one, the one nearest in area first."""
        ratio = min(max(ratio, 1 / self.steepest), self.steepest)
        height = math.sqrt(AREAS_PX[tier] / ratio)
        rows = range(math.ceil(height * (1 - _SLACK) / self.step_px), int(height * (1 + _SLACK) / self.step_px) + 1)
        sizes = [(round(row * ratio) * self.step_px, row * self.step_px) for row in rows]
        return sorted(filter(self._takes, sizes), key=lambda one: abs(one[1] - height))

    def _takes(self, size: tuple[int, int]) -> bool:
        short, long = sorted(size)
        fits = short > 0 and long <= min(self.longest_px, self.steepest * short)
        return fits and self.least_px <= short * long <= self.most_px

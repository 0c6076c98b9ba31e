"""Cases: a source, what was wanted, what a model painted; and what the code under test made of them, in figures.

Imports numpy, Pillow, ``bases``, ``edits``, ``looks``, ``model`` and the code under test.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bot.pictures.restore.align.maps import centres
from bot.pictures.restore.analysis import Analysis, analyse, at_work_size
from bot.pictures.restore.grids import dilated
from bot.pictures.restore.stitch import REACH_PX, alpha_of, stitch
from bot.pictures.restore.verdict import Verdict
from tests.pictures.restore.bases import MADE, Picture, made, photo
from tests.pictures.restore.edits import LOCAL
from tests.pictures.restore.looks import GLOBAL
from tests.pictures.restore.model import Drift, Painted, painted


@dataclass(frozen=True)
class Case:
    """One edit: ``kind`` of ``LOCAL`` or ``GLOBAL``, on ``base``."""

    kind: str
    base: str
    seed: int
    source: Picture
    wanted: Picture
    answer: Painted


@dataclass(frozen=True)
class Found:
    """What came of a case. Shares of 1; ``error_px`` and ``error_most_px`` at work size; ``captured`` of the energy."""

    kind: str
    base: str
    seed: int
    verdict: str
    reason: str
    seconds: float
    share: float = 0.0
    captured: float = 0.0
    overlap: float = 0.0
    beside: float = 0.0
    wanted_share: float = 0.0
    outside: int = 0
    error_px: float = 0.0
    error_most_px: float = 0.0
    seam: float = 0.0
    visible_seam: float = 0.0


class Bases:
    """Names of pictures, made ones and photos, in a fixed order; a seed picks one."""

    def __init__(
        self, folders: Sequence[Path] = (), *, names: Sequence[str] = tuple(MADE), pixels: int = 800_000
    ) -> None:
        self._photos = sorted(path for folder in folders for path in folder.iterdir() if path.is_file())
        self._names = list(names)
        self._pixels = pixels

    def pick(self, seed: int, turn: int) -> tuple[str, Picture]:
        """Return a picture; ``turn`` goes through all of them."""
        count = len(self._names) + len(self._photos)
        at = turn % count
        if at < len(self._photos):
            path = self._photos[at]
            return path.stem, photo(path, self._pixels)
        name = self._names[at - len(self._photos)]
        wide = (self._pixels * 1.4) ** 0.5
        size = (round(wide), round(wide / 1.4)) if seed % 3 else (round(wide / 1.4), round(wide))
        return name, made(name, size, seed)


def case(kind: str, bases: Bases, seed: int, drift: Drift | None = None, *, pixels: float = 1.0) -> Case:
    """Return the case of a kind and a seed; the same ones always give the same case."""
    chance = np.random.default_rng(seed)
    base, source = bases.pick(seed, int(chance.integers(1 << 30)))
    _, other = bases.pick(seed + 1, int(chance.integers(1 << 30)))
    wanted = (LOCAL | GLOBAL)[kind](source, other, chance)
    return Case(kind, base, seed, source, wanted, painted(wanted, chance, drift, pixels=pixels))


def judged(each: Case) -> tuple[Found, Analysis, Picture]:
    """Run the code under test on a case; also returns the analysis and the source with the region in it."""
    begin = time.process_time()
    image = Image.fromarray(each.source)
    answer = Image.fromarray(each.answer.picture)
    analysis = analyse(at_work_size(image), at_work_size(answer))
    seconds = time.process_time() - begin
    decision = analysis.decision
    whole = each.source
    if decision.verdict is not Verdict.GLOBAL and analysis.region.any():
        stitch(image, answer, analysis)
        whole = np.asarray(image)
    seconds = time.process_time() - begin
    found = Found(
        kind=each.kind,
        base=each.base,
        seed=each.seed,
        verdict=decision.verdict.value,
        reason=decision.reason,
        seconds=seconds,
        share=float(analysis.region.mean()),
        **(_figures(each, analysis, whole) if each.wanted.shape == each.source.shape else {}),
    )
    return found, analysis, whole


def _figures(each: Case, analysis: Analysis, whole: Picture) -> dict[str, float]:
    height, width = analysis.region.shape
    full = (each.source.shape[1], each.source.shape[0])
    size = (width, height)

    def small(picture: Picture) -> np.ndarray:
        return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX), dtype=np.float32)

    difference = np.abs(small(each.wanted) - small(each.source)).max(axis=2)
    edit = difference > 6
    energy = np.where(edit, difference**2, 0)
    alpha = alpha_of(analysis.region)
    union = edit | analysis.region
    reach = Image.fromarray(dilated(analysis.region, REACH_PX)).resize(full, Image.Resampling.NEAREST)
    # One pixel of the work size for the rounding of the enlarged mask.
    outside = (whole != each.source).any(axis=2) & ~np.asarray(reach)
    error, most = _error(each, analysis, full)
    seam, visible = _seam(each, analysis, alpha, size)
    return {
        "captured": float(energy[alpha > 0.5].sum() / energy.sum()) if energy.sum() else 1.0,
        "overlap": float((edit & analysis.region).sum() / union.sum()) if union.any() else 0.0,
        "beside": float(((alpha > 0.5) & ~dilated(edit, 3)).mean()),
        "wanted_share": float(edit.mean()),
        "outside": int(outside.sum()),
        "error_px": error,
        "error_most_px": most,
        "seam": seam,
        "visible_seam": visible,
    }


def _error(each: Case, analysis: Analysis, full: tuple[int, int]) -> tuple[float, float]:
    """Return median and 95th percentile of the error of the map, in pixels at work size, where it is seen."""
    height, width = analysis.region.shape
    answer_height, answer_width = analysis.pair.answer.shape[:2]
    x, y = (part[4::8, 4::8] for part in centres((width, height)))
    seen_x, seen_y = analysis.chart.at(x, y)
    by_x, by_y = each.answer.picture.shape[1] / answer_width, each.answer.picture.shape[0] / answer_height
    back_x, back_y = each.answer.geometry.back(seen_x.astype(float) * by_x, seen_y.astype(float) * by_y)
    away = np.hypot(back_x * width / full[0] - x, back_y * height / full[1] - y)
    away = away[analysis.pair.valid[4::8, 4::8]]
    return (float(np.median(away)), float(np.percentile(away, 95))) if len(away) else (99.0, 99.0)


def _seam(each: Case, analysis: Analysis, alpha: np.ndarray, size: tuple[int, int]) -> tuple[float, float]:
    """Return how the mixing shows: the step it makes over what steps there already, its 95th percentile and share."""
    grey = np.array([0.299, 0.587, 0.114])
    source, matched = analysis.pair.source @ grey, analysis.pair.matched @ grey
    edge = np.hypot(*np.gradient(alpha))
    ring = (edge > 0.02) & analysis.pair.valid & ~dilated(analysis.region, 2)
    if ring.sum() < 20:
        return 0.0, 0.0
    step = np.abs(source - matched) * edge
    own = np.hypot(*np.gradient(source))
    return float(np.percentile((step / (own + 1))[ring], 95)), float((step > own + 1.5)[ring].mean())

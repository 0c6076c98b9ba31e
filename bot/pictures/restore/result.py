"""The door: what a restoration returns, and ``restore``.

Imports ``verdict``; whatever needs numpy or Pillow inside functions. Blocks for one to some seconds, so the caller runs
it in a picture thread (``threads.off_loop``) and first holds room for ``memory_bytes`` (``threads.room_for``).
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.pictures.restore.verdict import Verdict

BY_ITSELF = False
"""Whether an edit without a pen mark may be restored without asking. False until a sealed set has shown that no global
edit is taken for a local one; until then ``Verdict.LOCAL`` without a mark is offered by a button, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The source with the changed region of the answer in it; all other pixels are the source's.

    ``png`` has the source's size, upright, with the source's colour profile. ``share`` is the changed share of the
    frame, ``box`` the pixels around it (left, top, right, bottom; the source's). ``transform`` maps a place of the
    source to one of the answer, both in their own pixels: ``x' = a x + b y + c``, ``y' = d x + e y + f``.
    ``verdict``: LOCAL when sure, UNSURE when a region was found that should only be offered.
    """

    png: bytes = field(repr=False)
    width_px: int
    height_px: int
    verdict: Verdict
    reason: str
    share: float
    box: tuple[int, int, int, int]
    transform: tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsPainted:
    """There is nothing to restore: the answer is shown as the model painted it. ``reason``: English words for logs."""

    verdict: Verdict
    reason: str


def memory_bytes(source_px: tuple[int, int], answer_px: tuple[int, int]) -> int:
    """Return how much memory ``restore`` takes at most, for a source and an answer of these widths and heights."""
    source, answer = source_px[0] * source_px[1], answer_px[0] * answer_px[1]
    # A decoded picture, its decoder's buffer and the result; the answer and its padded copy; the work size.
    return 14 * source + 10 * answer + 150_000_000


def restore(source: bytes, answer: bytes, marked: bytes | None = None) -> Restored | AsPainted:
    """Put what ``answer`` changed into ``source``, and nothing else.

    ``marked``: the person's copy of the source with pen strokes on it; then the change is limited to that place.
    Never raises for a picture that ``inspect`` takes; the same bytes always give the same result.
    """
    return AsPainted(verdict=Verdict.UNSURE, reason="not built yet")

"""The door: ``restore``, and what it returns.

Imports ``values`` and ``verdict``, and ``door``, which needs numpy and Pillow, inside functions. Blocks for one to
some seconds, so the caller runs it in a picture thread (``threads.off_loop``) and first holds room for ``memory_bytes``
(``threads.room_for``).
"""

from __future__ import annotations

from collections.abc import Collection

from bot.pictures.restore.values import EITHER, AsPainted, Restored
from bot.pictures.restore.verdict import Verdict

__all__ = ["AsPainted", "Restored", "Verdict", "changed_outline", "memory_bytes", "restore"]


def memory_bytes(source_px: tuple[int, int], answer_px: tuple[int, int]) -> int:
    """Return how much memory ``restore`` takes at most, for a source and an answer of these widths and heights."""
    source, answer = source_px[0] * source_px[1], answer_px[0] * answer_px[1]
    # A decoded picture, its decoder's buffer and the file made of it; the answer, padded, and as floats in strips; and
    # what the analysis takes at work size.
    return 13 * source + 16 * answer + 160_000_000


def restore(
    source: bytes, answer: bytes, marked: bytes | None = None, wanted: Collection[Verdict] = EITHER
) -> Restored | AsPainted:
    """Put what ``answer`` changed into ``source``, and nothing else.

    ``marked``: the person's copy of the source with pen strokes on it; then the change is limited to that place. If no
    strokes are found on it, it counts for nothing. ``wanted``: the verdicts for which the picture is made; for others
    it is only said whether there could be one, which takes about half the time. Never raises for a picture that
    ``inspect`` takes; the same bytes always give the same result.
    """
    from bot.pictures.restore import door

    return door.restored(source, answer, marked, wanted)


def changed_outline(source: bytes, answer: bytes) -> list[list[tuple[float, float]]]:
    """Return closed lines around what ``answer`` changed, as shares of the source's width and height.

    Empty when nothing was found, or when the change is one of the whole.
    """
    from bot.pictures.restore import door

    return door.outline(source, answer)

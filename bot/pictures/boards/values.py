"""The plain values that boards are drawn from, and the bounds of boards. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_NODES = 160
LARGEST_CELL_PX = 560
WIDEST_PX = 2560

Outlines = Sequence[Sequence[tuple[float, float]]]
"""Closed lines on a picture; the points are shares of its width and height."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """One turn: its number, the number of its parent, its picture, the wish, and the words where no picture came.

    A photo that somebody sent has a negative number, which is not shown.
    """

    number: int
    parent: int | None
    picture: bytes | None = field(default=None, repr=False)
    label: str = ""
    words: str = ""
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One step: a picture of any kind and the words to show with it."""

    data: bytes = field(repr=False)
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Animation:
    """An animation file for ``sendAnimation``."""

    data: bytes = field(repr=False)
    mime: str
    name: str
    width_px: int
    height_px: int
    duration_s: float

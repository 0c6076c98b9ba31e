"""Pictures about pictures: the tree of a conversation, before and after side by side, the way as an animation.

The door to ``tree_board``, ``side_by_side`` and ``timelapse``, which are imported when they are called, and the plain
values that go through it. Costs nothing, knows neither storage nor Telegram.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_NODES = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeNode:
    """One turn: its number, the number of its parent, its picture, the wish, and the words where no picture came."""

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


def tree_board(nodes: Sequence[TreeNode], head: int | None) -> bytes:
    """Draw the tree as a JPEG within Telegram's limits for photos; ``nodes`` in order of age, ``head`` by number.

    Of more than ``MOST_NODES`` the newest are drawn. Raises: ``ValueError`` when there are none.
    """
    from bot.pictures.tree_board import tree_board as draw

    return draw(nodes, head)


def compare(before: bytes, after: bytes, labels: tuple[str, str]) -> bytes:
    """Draw two pictures side by side at one height as a JPEG, each with its label in the corner.

    Raises: ``PictureError``.
    """
    from bot.pictures.side_by_side import side_by_side

    return side_by_side(before, after, labels)


def timelapse(frames: Sequence[Frame]) -> Animation:
    """Make an MP4 (H.264, without sound) where a video encoder is installed, else a GIF; at most about a minute.

    Raises: ``PictureError``; ``ValueError`` when there are no frames.
    """
    from bot.pictures.timelapse import timelapse as animate

    return animate(frames)

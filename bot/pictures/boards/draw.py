"""Pictures about pictures: the tree of a conversation, before and after side by side, the way as an animation.

The door to ``tree``, ``side_by_side`` and ``timelapse``, which are imported when they are called. The plain
values that go through it are in ``values``. Costs nothing, knows neither storage nor Telegram. Pictures come one at a
time, made small before the next is read: a board needs ``LARGEST_CELL_PX`` of each, a pair ``WIDEST_PX``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.pictures.boards.values import Animation, Frame, TreeNode


def tree_board(nodes: Sequence[TreeNode], head: int | None) -> bytes:
    """Draw the tree as a JPEG within Telegram's limits for photos; ``nodes`` in order of age, ``head`` by number.

    Of more than ``MOST_NODES`` the newest are drawn. Raises: ``ValueError`` when there are none.
    """
    from bot.pictures.boards.tree import tree_board as draw

    return draw(nodes, head)


def compare(before: bytes, after: bytes, labels: tuple[str, str]) -> bytes:
    """Draw two pictures side by side at one height as a JPEG, each with its label in the corner.

    Raises: ``PictureError``.
    """
    from bot.pictures.boards.side_by_side import side_by_side

    return side_by_side(before, after, labels)


class Film(Protocol):
    """An animation that is made step by step, so that other pictures have their turn in between. Blocks."""

    def add(self, frame: Frame) -> None:
        """Add the next step. Raises: ``PictureError``, after which the film goes on without it."""
        ...

    def end(self) -> Animation:
        """Return the whole of it. Raises: ``ValueError`` when there are no steps."""
        ...

    def close(self) -> None:
        """Remove what it needed; to be called however it ended."""
        ...


def timelapse(steps: int, width_px: int, height_px: int) -> Film:
    """Begin an MP4 (H.264, without sound) where a video encoder is installed, else a GIF; at most about a minute.

    ``steps``: how many there will be, at most. The sides are those of the last picture.
    """
    from bot.pictures.boards.timelapse import Timelapse

    return Timelapse(steps, (width_px, height_px))


def thumbnail(data: bytes, side_px: int) -> bytes:
    """Return a small JPEG of a picture of any kind, its longer side at most ``side_px``. Raises: ``PictureError``."""
    from bot.pictures.convert.reencode import thumbnail as shrink

    return shrink(data, side_px)

"""Draws boards: the tree of a conversation, two pictures side by side, the steps as an animation.

Imports ``numbered``, ``side_by_side``, ``timelapse``, ``tree``, ``values`` and ``reencode``. The entry point to
``tree``, ``side_by_side``, ``timelapse`` and ``numbered``, which are imported inside functions. The plain values are in
``values``. Makes no calls and knows neither storage nor Telegram. The caller shrinks each picture before it reads the
next: a board needs ``LARGEST_CELL_PX`` of each, a pair ``WIDEST_PX``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.pictures.boards.values import Animation, Frame, Outlines, TreeNode


def tree_board(nodes: Sequence[TreeNode], head: int | None) -> bytes:
    """Draw the tree as a JPEG within Telegram's limits for photos; ``nodes`` in order of age, ``head`` by number.

    Of more than ``MOST_NODES`` the newest are drawn. Raises: ``ValueError`` without nodes.
    """
    from bot.pictures.boards.tree import tree_board as draw

    return draw(nodes, head)


def compare(before: bytes, after: bytes, labels: tuple[str, str], outlines: Outlines = ()) -> bytes:
    """Draw two pictures side by side at one height as a JPEG, each with its label in the corner.

    ``outlines``: closed lines to draw on both, around what differs. Raises: ``PictureError``.
    """
    from bot.pictures.boards.side_by_side import side_by_side

    return side_by_side(before, after, labels, outlines)


def numbered(data: bytes, number: int) -> bytes:
    """Return a picture as a JPEG with a number in its corner. Raises: ``PictureError``."""
    from bot.pictures.boards.numbered import numbered as draw

    return draw(data, number)


class FilmMaker(Protocol):
    """An animation, made step by step, so that other picture work can run in between. Its methods block."""

    def add(self, frame: Frame) -> None:
        """Add the next step. Raises: ``PictureError``; the film can go on without this step."""
        ...

    def end(self) -> Animation:
        """Return the animation. Raises: ``ValueError`` without steps."""
        ...

    def close(self) -> None:
        """Remove temporary files; call it in any case."""
        ...


def timelapse(steps: int, width_px: int, height_px: int) -> FilmMaker:
    """Begin an MP4 (H.264, no sound) if a video encoder is installed, else a GIF; at most about a minute.

    ``steps``: the most steps to come. The size is that of the last picture.
    """
    from bot.pictures.boards.timelapse import Timelapse

    return Timelapse(steps, (width_px, height_px))


def thumbnail(data: bytes, side_px: int) -> bytes:
    """Return a small JPEG of a picture of any kind, its longer side at most ``side_px``. Raises: ``PictureError``."""
    from bot.pictures.convert.reencode import thumbnail as shrink

    return shrink(data, side_px)

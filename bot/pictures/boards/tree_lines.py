"""The paths of lines on a tree board: right-angled, between the pictures, with a lane for each parent.

Imports ``tree_layout`` and ``canvas``. Draws nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.pictures.boards.canvas import Box, Point
from bot.pictures.boards.tree_layout import Arrangement, Link, Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Spaces:
    """Where lines may run: ``below`` each row (top, bottom), ``beside`` each column (left, right), and stubs."""

    below: tuple[tuple[float, float], ...]
    beside: tuple[tuple[float, float], ...]
    stub: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lanes:
    """The parents whose lines share a space, by space."""

    rows: Mapping[int, list[int]] = field(default_factory=dict)
    columns: Mapping[int, list[int]] = field(default_factory=dict)


def routes(arrangement: Arrangement, boxes: Mapping[int, Box], spaces: Spaces) -> Iterator[tuple[Link, list[Point]]]:
    """Yield each link with the points of its line; a link to a new row yields two stubs."""
    lanes = _lanes(arrangement)
    for link in arrangement.links:
        parent, child = boxes[link.parent], boxes[link.child]
        middles = ((parent[1] + parent[3]) / 2, (child[1] + child[3]) / 2)
        if link.tie is Tie.NEXT:
            yield link, [(parent[2], middles[0]), (child[0], middles[1])]
        elif link.tie is Tie.ONWARD:
            yield link, [(parent[2], middles[0]), (parent[2] + spaces.stub, middles[0])]
            yield link, [(child[0] - spaces.stub, middles[1]), (child[0], middles[1])]
        else:
            yield link, _branch(link, arrangement, boxes, spaces, lanes)


def is_straight(link: Link, arrangement: Arrangement) -> bool:
    """Return whether a branch is directly below its parent."""
    (parent_row, parent_column), (row, column) = arrangement.cells[link.parent], arrangement.cells[link.child]
    return parent_column == column and row == parent_row + 1


def _branch(
    link: Link, arrangement: Arrangement, boxes: Mapping[int, Box], spaces: Spaces, lanes: Lanes
) -> list[Point]:
    parent, child = boxes[link.parent], boxes[link.child]
    parent_row, (row, column) = arrangement.cells[link.parent][0], arrangement.cells[link.child]
    start, end = ((parent[0] + parent[2]) / 2, parent[3]), ((child[0] + child[2]) / 2, child[1])
    if is_straight(link, arrangement):
        return [start, end]
    first = _share(spaces.below[parent_row], lanes.rows[parent_row], link.parent)
    if row == parent_row + 1:
        return [start, (start[0], first), (end[0], first), end]
    gutter = _share(spaces.beside[column], lanes.columns[column], link.parent)
    last = _share(spaces.below[row - 1], lanes.rows[row - 1], link.parent)
    return [start, (start[0], first), (gutter, first), (gutter, last), (end[0], last), end]


def _lanes(arrangement: Arrangement) -> Lanes:
    rows: dict[int, set[int]] = {}
    columns: dict[int, set[int]] = {}
    for link in arrangement.links:
        if link.tie is not Tie.BRANCH or is_straight(link, arrangement):
            continue
        (parent_row, _), (row, column) = arrangement.cells[link.parent], arrangement.cells[link.child]
        rows.setdefault(parent_row, set()).add(link.parent)
        rows.setdefault(row - 1, set()).add(link.parent)
        if row > parent_row + 1:
            columns.setdefault(column, set()).add(link.parent)

    def in_order(parents: set[int]) -> list[int]:
        return sorted(parents, key=lambda key: (-arrangement.cells[key][1], arrangement.cells[key][0]))

    return Lanes(
        rows={row: in_order(parents) for row, parents in rows.items()},
        columns={column: in_order(parents) for column, parents in columns.items()},
    )


def _share(space: tuple[float, float], users: list[int], user: int) -> float:
    """Return the position of one user where several share a space evenly."""
    return space[0] + (space[1] - space[0]) * (users.index(user) + 1) / (len(users) + 1)

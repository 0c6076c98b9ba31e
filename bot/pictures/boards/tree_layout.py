"""The layout of a tree on a board: rows of pictures that read like a page, branches below their parents.

Standard library only; knows cells, no pixels. A line of turns runs to the right and continues in the next row, so that
eighty turns in a line are as readable as twelve.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

_ROW_COST, _COLUMN_COST = 3, 1


class Tie(Enum):
    """How a turn follows its parent: ``NEXT`` to it, ``ONWARD`` at the start of a new row, ``BRANCH`` below it."""

    NEXT = "next"
    ONWARD = "onward"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A line from a parent to a child, by their keys."""

    parent: int
    child: int
    tie: Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangement:
    """``cells``: (row, column) of each key, both from 0."""

    cells: Mapping[int, tuple[int, int]]
    links: tuple[Link, ...]
    rows: int
    columns: int


def ancestors(parents: Mapping[int, int | None], key: int | None) -> frozenset[int]:
    """Return ``key`` and its ancestors."""
    path: set[int] = set()
    while key is not None and key in parents and key not in path:
        path.add(key)
        key = parents[key]
    return frozenset(path)


def arrange(parents: Mapping[int, int | None], head: int | None, columns: int) -> Arrangement:
    """Lay out a forest, given as key -> parent in order of age, at most ``columns`` wide.

    The line that leads to ``head`` runs straight; an unknown parent counts as none.
    """
    work = _Work(parents, head, columns)
    row, column = 0, 0
    for key in work.roots:
        length = work.plain_length(key)
        if length and column and column + length <= columns:
            # Short trees without branches share a row.
            work.place_line(key, row - 1, column)
            column += length
        else:
            row = work.place_line(key, row, 0)
            column = length
    return Arrangement(
        cells=work.cells,
        links=tuple(work.links),
        rows=1 + max((at for at, _ in work.cells.values()), default=0),
        columns=1 + max((at for _, at in work.cells.values()), default=0),
    )


class _Work:
    """A layout while it is built."""

    def __init__(self, parents: Mapping[int, int | None], head: int | None, columns: int) -> None:
        self.columns = columns
        self.cells: dict[int, tuple[int, int]] = {}
        self.links: list[Link] = []
        self._taken: set[tuple[int, int]] = set()
        self._path = ancestors(parents, head)
        self._children: dict[int, list[int]] = {key: [] for key in parents}
        self.roots = [key for key, parent in parents.items() if parent is None or parent not in parents]
        for key, parent in parents.items():
            if parent is not None and parent in parents:
                self._children[parent].append(key)
        self._heights: dict[int, int] = {}
        for key in reversed(list(parents)):
            self._heights[key] = 1 + max((self._heights.get(child, 0) for child in self._children[key]), default=0)

    def place_line(self, first: int, row: int, column: int) -> int:
        """Place the line that begins with ``first`` and its branches; return the first row below."""
        line = self._line(first)
        column = max(0, min(column, self.columns - len(line)))
        row, column = self._free(row, column, min(len(line), self.columns))
        below = row
        for start in range(0, len(line), self.columns):
            part = line[start : start + self.columns]
            if start:
                row, column = self._free(below, 0, len(part))
                self.links.append(Link(parent=line[start - 1], child=part[0], tie=Tie.ONWARD))
            for offset, key in enumerate(part):
                self.cells[key] = (row, column + offset)
                self._taken.add((row, column + offset))
                if offset:
                    self.links.append(Link(parent=part[offset - 1], child=key, tie=Tie.NEXT))
            below = row + 1
            for key in part:
                below = max(below, self._place_branches(key))
        return below

    def plain_length(self, root: int) -> int:
        """Return the length of a tree that is one line within one row, else 0."""
        line = self._line(root)
        plain = len(line) <= self.columns and not any(self._branches(key) for key in line)
        return len(line) if plain else 0

    def _place_branches(self, key: int) -> int:
        row, column = self.cells[key]
        below = row + 1
        for child in self._branches(key):
            self.links.append(Link(parent=key, child=child, tie=Tie.BRANCH))
            below = max(below, self.place_line(child, row + 1, column))
        return below

    def _line(self, key: int) -> list[int]:
        line = [key]
        while (following := self._onward(line[-1])) is not None:
            line.append(following)
        return line

    def _onward(self, key: int) -> int | None:
        """Return the child that continues the line: towards the head, else to the longest line."""
        children = self._children[key]
        for child in children:
            if child in self._path:
                return child
        return max(children, key=self._heights.__getitem__, default=None)

    def _branches(self, key: int) -> Sequence[int]:
        onward = self._onward(key)
        return [child for child in self._children[key] if child != onward]

    def _free(self, row: int, column: int, length: int) -> tuple[int, int]:
        """Return the nearest free run of ``length`` cells at or below ``row``."""
        best: tuple[int, int, int] | None = None
        at = row
        while best is None or (at - row) * _ROW_COST < best[0]:
            for start in range(self.columns - length + 1):
                if not any((at, start + offset) in self._taken for offset in range(length)):
                    cost = (at - row) * _ROW_COST + abs(start - column) * _COLUMN_COST
                    best = min(best or (cost, at, start), (cost, at, start))
            at += 1
        return best[1], best[2]

"""The tree of a conversation as one picture: which turn was made from which, and the current one.

Imports Pillow, ``tree_layout``, ``values``, ``tree_lines``, ``canvas``, ``encode``, ``reencode``, ``errors`` and
``inspect``. Draws from plain values; knows no storage. Sized so that Telegram's scaling to 1280 pixels leaves the
numbers readable.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from PIL import Image, ImageOps

from bot.pictures.boards import canvas
from bot.pictures.boards.canvas import Box, Canvas, Point
from bot.pictures.boards.tree_layout import Arrangement, Tie, ancestors, arrange
from bot.pictures.boards.tree_lines import Spaces, is_straight, routes
from bot.pictures.boards.values import LARGEST_CELL_PX, MOST_NODES, TreeNode
from bot.pictures.convert.encode import jpeg
from bot.pictures.convert.reencode import small
from bot.pictures.errors import PictureError
from bot.pictures.formats.inspect import inspect

_LONGEST_PX, _LARGE_ENOUGH_PX = 2400, 400
_CAPTION_FROM_PX = 225
_QUALITY = 92


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measures:
    """All distances of a board in pixels, from the width of one cell."""

    cell: int
    height: int
    caption: int

    @property
    def gap(self) -> int:
        return max(18, round(self.cell * 0.16))

    @property
    def drop(self) -> int:
        return max(24, round(self.cell * 0.2))

    @property
    def margin(self) -> int:
        return max(36, round(self.cell * 0.22))

    @property
    def radius(self) -> int:
        return max(8, round(self.cell * 0.05))

    @property
    def line(self) -> int:
        return max(3, round(self.cell * 0.018))

    @property
    def letters(self) -> int:
        return max(22, round(self.cell * 0.075))

    @property
    def badge(self) -> int:
        return max(25, round(self.cell * 0.1))

    def size(self, columns: int, rows: int) -> tuple[int, int]:
        width = 2 * self.margin + columns * self.cell + (columns - 1) * self.gap
        height = 2 * self.margin + rows * (self.height + self.caption) + (rows - 1) * self.drop
        return width, height

    def below(self, row: int) -> tuple[float, float]:
        top = self.box((row, 0))[3] + self.caption
        return top, top + self.drop

    def beside(self, column: int) -> tuple[float, float]:
        left = self.box((0, column))[0]
        return left - self.gap, left

    def box(self, cell: tuple[int, int]) -> Box:
        row, column = cell
        left = self.margin + column * (self.cell + self.gap)
        top = self.margin + row * (self.height + self.caption + self.drop)
        return left, top, left + self.cell, top + self.height


def tree_board(nodes: Sequence[TreeNode], head: int | None) -> bytes:
    """Implement :func:`bot.pictures.boards.draw.tree_board`."""
    if not nodes:
        raise ValueError("a tree without turns cannot be drawn")
    shown = {node.number: node for node in nodes[-MOST_NODES:]}
    parents = {node.number: node.parent for node in shown.values()}
    shapes = {number: _shape(node) for number, node in shown.items()}
    measures, arrangement = _best(parents, head, _aspect(shapes.values()))
    sheet = Canvas(*measures.size(arrangement.columns, arrangement.rows))
    boxes = {number: _inset(measures.box(cell), shapes[number]) for number, cell in arrangement.cells.items()}
    _draw_links(sheet, measures, arrangement, boxes, ancestors(parents, head))
    sheet.shadows(boxes.values(), measures.radius, max(5, measures.cell // 40))
    branches = [link for link in arrangement.links if link.tie is Tie.BRANCH]
    far = {link.child: link.parent for link in branches if not is_straight(link, arrangement)}
    for number, node in shown.items():
        mark = f"{number} \u2190 {far[number]}" if far.get(number, 0) > 0 else str(number) if number > 0 else ""
        _draw_node(sheet, measures, node, boxes[number], mark, is_head=number == head)
        if measures.caption and node.label:
            crossed = any(link.parent == number for link in branches)
            _draw_label(sheet, measures, node.label, arrangement.cells[number], crossed, is_head=number == head)
    return jpeg(sheet.image, quality=_QUALITY, subsampling=0, optimize=True)


def _shape(node: TreeNode) -> float | None:
    """Return width divided by height of the node's picture, None if there is none to show."""
    if node.picture is None or node.failed:
        return None
    try:
        info = inspect(node.picture)
    except PictureError:
        # An unreadable picture gets an empty card, and the tree is still drawn.
        return None
    return info.width_px / info.height_px


def _aspect(shapes: Iterable[float | None]) -> float:
    """Return the shape of all cells: the most common shape of the pictures, within bounds."""
    known = [shape for shape in shapes if shape]
    return min(1.6, max(0.7, median(known))) if known else 1.0


def _best(parents: dict[int, int | None], head: int | None, aspect: float) -> tuple[_Measures, Arrangement]:
    """Try every width; take the one with the largest pictures, up to a useful size."""
    found: list[tuple[int, int, float, _Measures, Arrangement]] = []
    for columns in range(1, min(len(parents), 16) + 1):
        arrangement = arrange(parents, head, columns)
        measures = _largest(arrangement, aspect)
        width, height = measures.size(arrangement.columns, arrangement.rows)
        breaks = sum(link.tie is Tie.ONWARD for link in arrangement.links)
        # Among equally large ones, prefer the longest lines, then the squarest board, a little wider than high.
        found.append((min(measures.cell, _LARGE_ENOUGH_PX), -breaks, -abs(width / height - 1.1), measures, arrangement))
    *_, measures, arrangement = max(found, key=lambda each: each[:3])
    return measures, arrangement


def _largest(arrangement: Arrangement, aspect: float) -> _Measures:
    low, high = 24, LARGEST_CELL_PX
    while low < high:
        middle = (low + high + 1) // 2
        fits = max(_measures(middle, aspect).size(arrangement.columns, arrangement.rows)) <= _LONGEST_PX
        low, high = (middle, high) if fits else (low, middle - 1)
    return _measures(low, aspect)


def _measures(cell: int, aspect: float) -> _Measures:
    wide = round(cell * min(1.0, aspect))
    letters = max(22, round(wide * 0.075))
    caption = round(letters * 0.6) + 2 * canvas.line_height(letters) if wide >= _CAPTION_FROM_PX else 0
    return _Measures(cell=wide, height=round(wide / aspect), caption=caption)


def _inset(box: Box, shape: float | None) -> Box:
    """Return the part of a cell that a picture of its own shape fills."""
    if shape is None:
        return box
    left, top, right, bottom = box
    wide, high = right - left, bottom - top
    width, height = max(1, round(min(wide, high * shape))), max(1, round(min(high, wide / shape)))
    x, y = left + (wide - width) // 2, top + (high - height) // 2
    return x, y, x + width, y + height


def _draw_links(
    sheet: Canvas, measures: _Measures, arrangement: Arrangement, boxes: dict[int, Box], path: frozenset[int]
) -> None:
    spaces = Spaces(
        below=tuple(measures.below(row) for row in range(arrangement.rows)),
        beside=tuple(measures.beside(column) for column in range(arrangement.columns)),
        stub=measures.margin * 0.62,
    )
    dim: list[list[Point]] = []
    lit: list[list[Point]] = []
    for link, points in routes(arrangement, boxes, spaces):
        (lit if link.parent in path and link.child in path else dim).append(points)
    for lines, colour, width in ((dim, canvas.LINE, measures.line), (lit, canvas.ACCENT, measures.line * 1.5)):
        if lines:
            # A rim in the colour of the paper separates crossing lines.
            sheet.lines(lines, width * 2.4, canvas.PAPER, measures.gap * 0.5)
            sheet.lines(lines, width, colour, measures.gap * 0.5)


def _draw_node(sheet: Canvas, measures: _Measures, node: TreeNode, box: Box, mark: str, *, is_head: bool) -> None:
    picture = None if node.failed else _fitted(node, box)
    if picture is not None:
        sheet.picture(picture, box, measures.radius)
    elif node.failed or not node.words:
        _draw_void(sheet, measures, box)
    else:
        _draw_words(sheet, measures, node.words, box)
    if is_head:
        width = max(5, round(measures.cell * 0.022))
        sheet.frame(box, measures.radius, width, canvas.ACCENT)
    if not mark:
        return
    inset = max(6, round(measures.cell * 0.03))
    fill = canvas.ACCENT if is_head else canvas.INK
    strength = 1.0 if is_head else 0.4 if node.failed else 0.78
    sheet.badge(mark, (box[0] + inset, box[1] + inset), measures.badge, fill, strength)


def _fitted(node: TreeNode, box: Box) -> Image.Image | None:
    """Return the node's picture in exactly the size of ``box``."""
    size = (box[2] - box[0], box[3] - box[1])
    try:
        return ImageOps.fit(small(node.picture, max(size)).convert("RGB"), size) if node.picture else None
    except PictureError:
        return None


def _draw_label(
    sheet: Canvas, measures: _Measures, label: str, cell: tuple[int, int], crossed: bool, *, is_head: bool
) -> None:
    left, _, right, bottom = measures.box(cell)
    sheet.text(
        label,
        (left, bottom + measures.letters * 0.45),
        right - left,
        measures.letters,
        lines=2,
        colour=canvas.INK if is_head else canvas.SOFT_INK,
        centred=True,
        covering=crossed,
    )


def _draw_void(sheet: Canvas, measures: _Measures, box: Box) -> None:
    sheet.card(box, measures.radius, canvas.VOID)
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    reach = min(box[2] - box[0], box[3] - box[1]) * 0.11
    cross = [((x - reach, y - reach), (x + reach, y + reach)), ((x - reach, y + reach), (x + reach, y - reach))]
    sheet.lines(cross, measures.line * 1.6, canvas.LINE, 0)


def _draw_words(sheet: Canvas, measures: _Measures, words: str, box: Box) -> None:
    sheet.card(box, measures.radius, canvas.CARD)
    pad, px = round(measures.cell * 0.09), max(17, round(measures.cell * 0.075))
    mark = canvas.big_letter("“", round(measures.cell * 0.34), canvas.LINE, canvas.CARD)
    sheet.image.paste(mark, (box[2] - pad - mark.width, box[1] + pad))
    top = box[1] + pad + max(mark.height, round(measures.badge * 1.5)) + round(px * 0.4)
    room = (box[3] - pad - top) // canvas.line_height(px)
    if room > 0:
        sheet.text(words, (box[0] + pad, top), box[2] - box[0] - 2 * pad, px, lines=room, colour=canvas.INK)

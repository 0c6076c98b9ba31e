"""Pen strokes between two pictures of one size: finds the places that differ and judges whether a pen drew them.

Imports ``ink``, Pillow and the standard library. A pen leaves one ink and lines rather than patches, and changes
nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageFilter

from bot.pictures.compare.ink import Pair, is_ink

# All limits were found on synthetic cases with a longer side of 800 pixels, in levels of 255 and shares of 1.
_CLEAR, _FAINT, _CLEAR_SHARE = 34, 18, 0.3
_MOST_RESTLESS_SHARE, _MOST_DIFFERENT_SHARE = 0.0027, 0.22
_NEAR = 4
_LEAST_AREA, _MOST_SPECKS, _MOST_PLACES = 24, 60, 160
_THICKEST_SHARE, _SCRIBBLED_RIM = 0.06, 1.9
_FILLED, _LONGISH, _NARROW_SHARE = 0.6, 3, 0.03
_ALL_OVER, _WITH_INSIDE = 0.9, 1.15
_TALLEST_LETTER, _TALLEST_WORD, _WINDING = 0.14, 0.05, 4.6
_SAMPLES = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """One connected place of difference: ``mask`` at ``at``; sizes in pixels of the pictures compared.

    ``rim`` counts the pixels at its edges, ``thickness`` is the width where it is widest.
    """

    at: tuple[int, int]
    mask: Image.Image = field(repr=False)
    area: int
    rim: int
    thickness: int
    is_drawn: bool

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.mask.size

    @property
    def is_long(self) -> bool:
        """Whether it is a line rather than a dot."""
        return self.area >= 3 * self.thickness * self.thickness and max(self.size) >= 2 * self.thickness


def find_strokes(before: Image.Image, after: Image.Image) -> list[Stroke] | None:
    """Return the places where two pictures differ; None when they differ all over or in too many places."""
    difference = _difference(before, after)
    clear = difference.point(lambda value: 255 if value > _CLEAR else 0)
    faint = difference.point(lambda value: 255 if value > _FAINT else 0)
    near = clear.filter(ImageFilter.BoxBlur(_NEAR)).point(lambda value: 255 if value else 0)
    beside = ImageChops.subtract(faint, near).histogram()[255]
    pixels = before.width * before.height
    if beside > _MOST_RESTLESS_SHARE * pixels or clear.histogram()[255] > _MOST_DIFFERENT_SHARE * pixels:
        return None
    levels = difference.tobytes()
    # Faint pixels next to clear ones count; alone they are noise of JPEG.
    places = [
        place for place in _places(faint) if sum(levels[at] > _CLEAR for at in place) >= _CLEAR_SHARE * len(place)
    ]
    if len(places) > _MOST_PLACES or sum(len(place) < _LEAST_AREA for place in places) > _MOST_SPECKS:
        return None
    colours = (_weighed(before), _weighed(after))
    return [_stroke(place, levels, colours, before.size) for place in places if len(place) >= _LEAST_AREA]


def looks_written(strokes: Sequence[Stroke], side: int) -> bool:
    """Return whether strokes are letters, on a picture whose longer side is ``side``.

    Letters form rows of one height, or, if connected, a low and very winding shape.
    """
    letters = 0
    for stroke in (stroke for stroke in strokes if stroke.size[1] < _TALLEST_LETTER * side):
        alike = [
            other
            for other in strokes
            if 0.5 < other.size[1] / stroke.size[1] < 2
            and abs(other.at[1] + other.size[1] - stroke.at[1] - stroke.size[1]) < 0.35 * stroke.size[1]
            and other.size[0] < 3 * other.size[1]
        ]
        letters += len(alike) >= 3
    winding = [
        stroke.area
        for stroke in strokes
        if stroke.rim > _WINDING * max(stroke.size) and min(stroke.size) < _TALLEST_WORD * side
    ]
    return letters >= 0.6 * len(strokes) or sum(winding) > 0.5 * sum(stroke.area for stroke in strokes)


def _difference(before: Image.Image, after: Image.Image) -> Image.Image:
    """Return by how much ``after`` leaves the range of ``before`` within one pixel: edges may move that far."""
    calm = [picture.filter(ImageFilter.BoxBlur(0.7)) for picture in (before, after)]
    over = ImageChops.subtract(calm[1], _over_neighbours(calm[0], ImageChops.lighter))
    under = ImageChops.subtract(_over_neighbours(calm[0], ImageChops.darker), calm[1])
    red, green, blue = ImageChops.lighter(over, under).split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _weighed(picture: Image.Image) -> bytes:
    """Return brightness and halved colour differences: JPEG smears the colours of a thin line, not its brightness."""
    brightness, blueness, redness = picture.convert("YCbCr").split()
    halved = [band.point(lambda value: 64 + value // 2) for band in (blueness, redness)]
    return Image.merge("RGB", [brightness, *halved]).tobytes()


def _over_neighbours(picture: Image.Image, chosen: Callable[[Image.Image, Image.Image], Image.Image]) -> Image.Image:
    """Return the extreme of each pixel and its eight neighbours; several times as fast as Pillow's rank filters."""
    for x, y in ((1, 0), (0, 1)):
        ahead, behind = ImageChops.offset(picture, x, y), ImageChops.offset(picture, -x, -y)
        picture = chosen(picture, chosen(ahead, behind))
    return picture


def _places(mask: Image.Image) -> Iterator[list[int]]:
    """Yield the connected places of a mask as indexes into its pixels; gaps of one pixel connect too."""
    # An empty rim saves checks for the edges.
    wide = mask.width + 4
    padded = Image.new("L", (wide, mask.height + 4))
    padded.paste(mask, (2, 2))
    left = bytearray(padded.tobytes())
    around = [y * wide + x for y in range(-2, 3) for x in range(-2, 3) if x or y]
    start = left.find(255)
    while start >= 0:
        left[start] = 0
        found = [start]
        for at in found:
            for step in around:
                if left[at + step]:
                    left[at + step] = 0
                    found.append(at + step)
        yield [(at // wide - 2) * mask.width + at % wide - 2 for at in found]
        start = left.find(255, start)


def _stroke(place: list[int], levels: bytes, colours: tuple[bytes, bytes], size: tuple[int, int]) -> Stroke:
    columns, rows = [at % size[0] for at in place], [at // size[0] for at in place]
    left, top = min(columns), min(rows)
    width, height = max(columns) - left + 1, max(rows) - top + 1
    drawn = bytearray(width * height)
    for column, row in zip(columns, rows, strict=True):
        drawn[(row - top) * width + column - left] = 255
    mask = Image.frombytes("L", (width, height), bytes(drawn))
    thickness, rim = _measure(mask)
    area = len(place)
    depths = mask.filter(ImageFilter.BoxBlur(2)).tobytes()
    ranked = sorted(
        place,
        key=lambda at: depths[(at // size[0] - top) * width + at % size[0] - left] * levels[at],
        reverse=True,
    )
    # The ink is measured in the deepest third and a little around it: at the rim JPEG mixes in other colours.
    deep, more = (_pairs(ranked[: max(8, round(area * share))], colours) for share in (1 / 3, 3 / 5))
    all_over = width > _ALL_OVER * size[0] and height > _ALL_OVER * size[1]
    compact = _is_compact((width, height), area, rim, thickness, max(size))
    return Stroke(
        at=(left, top),
        mask=mask,
        area=area,
        rim=rim,
        thickness=thickness,
        is_drawn=not all_over and not compact and area > _WITH_INSIDE * rim and is_ink(deep, more),
    )


def _pairs(place: list[int], colours: tuple[bytes, bytes]) -> list[Pair]:
    old, new = colours
    step = max(1, len(place) // _SAMPLES)
    return [(old[3 * at : 3 * at + 3], new[3 * at : 3 * at + 3]) for at in place[::step]]


def _is_compact(size: tuple[int, int], area: int, rim: int, thickness: int, side: int) -> bool:
    """Return whether a place is a patch: thick, or filling its box other than by strokes to and fro."""
    long, short = max(size), min(size)
    if rim > _SCRIBBLED_RIM * 2 * (long + short):
        return False
    fills = area > _FILLED * long * short and long < _LONGISH * short and short > _NARROW_SHARE * side
    return fills or thickness > _THICKEST_SHARE * side


def _measure(mask: Image.Image) -> tuple[int, int]:
    """Return how thick a place is at its thickest, and how many of its pixels lie at its rim."""
    padded = Image.new("L", (mask.width + 2, mask.height + 2))
    padded.paste(mask, (1, 1))
    layers, rim, left = 0, 0, padded.histogram()[255]
    while left:
        padded = _over_neighbours(padded, ImageChops.darker)
        remaining = padded.histogram()[255]
        rim = rim or left - remaining
        left = remaining
        layers += 1
    return 2 * layers - 1, rim

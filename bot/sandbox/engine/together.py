"""One picture of several: side by side, stacked, collage, blend, colours of another, inset.

May import: raster, steps beside it, Pillow, numpy. Functions take two or more RGB pictures and a step.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageOps

from .raster import MAX_SIDE_PX, Array, floats, grey, mix, picture
from .steps import Step

_GROUND = "#ffffff"


def side_by_side(pictures: Sequence[Image.Image], step: Step) -> Image.Image:
    """Scale all to one height and set them in a row with a thin gap."""
    height = min(1024, max(image.height for image in pictures))
    widths = [max(1, round(image.width * height / image.height)) for image in pictures]
    gap = max(2, height // 90)
    shrink = min(1.0, MAX_SIDE_PX / (sum(widths) + gap * (len(widths) - 1)))
    height, widths = max(1, round(height * shrink)), [max(1, round(width * shrink)) for width in widths]
    sheet = Image.new("RGB", (sum(widths) + gap * (len(widths) - 1), height), _GROUND)
    left = 0
    for image, width in zip(pictures, widths, strict=True):
        sheet.paste(image.resize((width, height), Image.Resampling.LANCZOS), (left, 0))
        left += width + gap
    return sheet


def stack(pictures: Sequence[Image.Image], step: Step) -> Image.Image:
    """Scale all to one width and set them in a column."""
    turned = [image.transpose(Image.Transpose.TRANSPOSE) for image in pictures]
    return side_by_side(turned, step).transpose(Image.Transpose.TRANSPOSE)


def grid(pictures: Sequence[Image.Image], step: Step) -> Image.Image:
    """Fill rows of equal width; in a row every picture keeps its proportions."""
    count = len(pictures)
    columns = 2 if count in {2, 3, 4} else 3
    rows = [pictures[start : start + columns] for start in range(0, count, columns)]
    width, gap = 1280, 12
    sheets = []
    for row in rows:
        ratios = [min(2.4, max(0.5, image.width / image.height)) for image in row]
        height = min(900, round((width - gap * (len(row) - 1)) / sum(ratios)))
        line = Image.new("RGB", (width, height), _GROUND)
        left = 0
        for index, (image, ratio) in enumerate(zip(row, ratios, strict=True)):
            cell = width - left if index == len(row) - 1 else max(1, round(width * ratio / sum(ratios)) - gap // 2)
            line.paste(
                ImageOps.fit(image, (max(1, cell), height), Image.Resampling.LANCZOS, centering=(0.5, 0.42)), (left, 0)
            )
            left += cell + gap
        sheets.append(line)
    total = sum(sheet.height for sheet in sheets) + gap * (len(sheets) - 1)
    page = Image.new("RGB", (width + 2 * gap, total + 2 * gap), _GROUND)
    top = gap
    for sheet in sheets:
        page.paste(sheet, (gap, top))
        top += sheet.height + gap
    page.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.LANCZOS)
    return page


def blend(pictures: Sequence[Image.Image], step: Step) -> Image.Image:
    """Lay the pictures over each other: a plain mix, lifted a little where both are dark, as on film."""
    first = pictures[0]
    result = floats(first)
    for count, image in enumerate(pictures[1:], start=2):
        other = floats(ImageOps.fit(image, first.size, Image.Resampling.LANCZOS))
        share = np.float32(step.amount if step.amount < 1 else 1 / count)
        screen = 1 - (1 - result * (1 - share)) * (1 - other * share)
        result = mix(mix(result, other, share), screen, np.float32(0.35))
    low, high = np.percentile(grey(result[::4, ::4]), (0.5, 99.5)).astype(np.float32)
    return picture((result - low * np.float32(0.7)) / max(high - low * np.float32(0.7), np.float32(0.2)))


def inset(pictures: Sequence[Image.Image], step: Step) -> Image.Image:
    """Put the second picture, framed in white, into the lower right corner of the first."""
    sheet = pictures[0].copy()
    side = max(4, round(min(sheet.size) * 0.34))
    small = pictures[1].copy()
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    small = ImageOps.expand(small, max(1, side // 45), "#ffffff")
    margin = round(min(sheet.size) * 0.04)
    sheet.paste(small, (max(0, sheet.width - small.width - margin), max(0, sheet.height - small.height - margin)))
    return sheet


def style_of_second(pictures: Sequence[Image.Image], step: Step) -> Image.Image:
    """Give the first picture the second one's tones and colours.

    Lightness takes the second's distribution (softened, so that nothing posterises); colours take its mean and spread
    for shadows, middle and lights apart, in an opponent colour space (Reinhard's idea in three zones).
    """
    base, model = _opponent(floats(pictures[0])), _opponent(floats(_small(pictures[1])))
    light = base[..., 0]
    places = np.linspace(0, 100, 33)
    ours, theirs = np.percentile(light[::3, ::3], places), np.percentile(model[..., 0], places)
    ours = np.maximum.accumulate(ours + np.arange(33) * 1e-5)
    matched = np.interp(light, ours, theirs).astype(np.float32)
    new_light = mix(light, matched, np.float32(0.75))
    result = np.empty_like(base)
    result[..., 0] = new_light
    # Rank, not lightness, says what a shadow is, so that a dark and a bright picture can still speak to each other.
    own, other = (_zones(_ranked(array[..., 0])) for array in (base, model))
    for channel in (1, 2):
        moved = [_moved(base[..., channel], model[..., channel], *weights) for weights in zip(own, other, strict=True)]
        total = np.asarray(sum(share * tones for share, tones in zip(own, moved, strict=True)) / sum(own))
        result[..., channel] = mix(base[..., channel], total, np.float32(0.9))
    return picture(_from_opponent(result))


def _small(image: Image.Image) -> Image.Image:
    copy = image.copy()
    copy.thumbnail((400, 400))
    return copy


def _zones(ranks: Array) -> list[Array]:
    """Return how much each pixel belongs to the shadows, the middle and the lights."""
    return [np.maximum(1e-3, 1 - np.abs(ranks - (low + high) / 2) / ((high - low) / 2)) for low, high in _ZONES]


def _moved(ours: Array, theirs: Array, own: Array, other: Array) -> Array:
    """Return one channel of ours with the mean and the spread that theirs has in a zone of the given weights."""
    mean_own, spread_own = _moments(ours, own)
    mean_other, spread_other = _moments(theirs, other)
    gain = np.float32(np.clip(spread_other / max(spread_own, 1e-3), 0.4, 2.2))
    return (ours - np.float32(mean_own)) * gain + np.float32(mean_other)


_ZONES = ((-0.4, 0.35), (0.2, 0.8), (0.65, 1.4))


def _ranked(light: Array) -> Array:
    places = np.percentile(light[::3, ::3], np.linspace(0, 100, 33)) + np.arange(33) * 1e-5
    return np.interp(light, places, np.linspace(0, 1, 33)).astype(np.float32)


def _moments(values: Array, weights: Array) -> tuple[float, float]:
    total = float(weights.sum())
    average = float((values * weights).sum()) / total
    return average, float(np.sqrt(((values - average) ** 2 * weights).sum() / total))


def _opponent(a: Array) -> Array:
    level = grey(a)
    return np.stack([level, a[..., 0] - a[..., 1], (a[..., 0] + a[..., 1]) / 2 - a[..., 2]], axis=2)


def _from_opponent(o: Array) -> Array:
    level, red_green, yellow_blue = o[..., 0], o[..., 1], o[..., 2]
    # Solves the three equations of _opponent for red, green and blue.
    green = level - 0.299 * red_green - 0.114 * (0.5 * red_green - yellow_blue)
    red = green + red_green
    return np.stack([red, green, (red + green) / 2 - yellow_blue], axis=2).astype(np.float32)

"""Edits in place: eleven kinds, each changes a part of a picture and nothing else.

Imports numpy, Pillow and ``bases``. Each takes a picture (height, width, 3) and a source of chance, and returns the
picture that was wanted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.pictures.restore.bases import WORDS, Picture, clouds

Chance = np.random.Generator
Floats = NDArray[np.float32]
Edit = Callable[[Picture, Picture, Chance], Picture]


def blob(picture: Picture, chance: Chance, share: float, *, soft_px: float = 1.0) -> Floats:
    """Return a roundish mask, 0..1, of about ``share`` of the frame."""
    height, width = picture.shape[:2]
    radius = (share * width * height / np.pi) ** 0.5
    stretch = chance.uniform(0.75, 1.35)
    rx, ry = min(radius * stretch, 0.47 * width), min(radius / stretch, 0.47 * height)
    x0, y0 = (
        chance.uniform(min(rx, width - rx), max(rx, width - rx)),
        chance.uniform(min(ry, height - ry), max(ry, height - ry)),
    )
    angles = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    rim = 1 + sum(
        chance.normal() * 0.12 / order * np.cos(order * angles + chance.uniform(0, 6.3)) for order in range(2, 6)
    )
    mask = Image.new("L", (width, height))
    corners = list(
        zip((x0 + rx * rim * np.cos(angles)).tolist(), (y0 + ry * rim * np.sin(angles)).tolist(), strict=True)
    )
    ImageDraw.Draw(mask).polygon(corners, fill=255)
    return np.asarray(mask.filter(ImageFilter.GaussianBlur(soft_px)), dtype=np.float32) / 255


def mixed(picture: Picture, new: NDArray[np.floating], mask: Floats) -> Picture:
    whole = picture + (np.asarray(new, dtype=np.float32) - picture) * mask[..., None]
    return (np.clip(whole, 0, 255) + 0.5).astype(np.uint8)


def _from_other(other: Picture, picture: Picture, chance: Chance) -> Picture:
    """Return a piece of another picture, as large as this one."""
    zoom = chance.uniform(0.5, 1.0)
    height, width = other.shape[:2]
    w, h = max(8, int(width * zoom)), max(8, int(height * zoom))
    x, y = int(chance.integers(0, width - w + 1)), int(chance.integers(0, height - h + 1))
    piece = Image.fromarray(other[y : y + h, x : x + w]).resize(picture.shape[1::-1], Image.Resampling.BICUBIC)
    return np.asarray(piece)[:, :: int(chance.choice([-1, 1]))]


def pasted(picture: Picture, other: Picture, chance: Chance, low: float = 0.015, high: float = 0.12) -> Picture:
    mask = blob(picture, chance, chance.uniform(low, high))
    result = picture
    if chance.random() < 0.4:
        shadow = np.roll(mask, (int(8 + 12 * chance.random()), int(chance.integers(-14, 15))), axis=(0, 1))
        shadow = (
            np.asarray(
                Image.fromarray((shadow * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(9)), dtype=np.float32
            )
            / 255
        )
        result = mixed(result, result * 0.62, shadow)
    return mixed(result, _from_other(other, picture, chance), mask)


def pasted_small(picture: Picture, other: Picture, chance: Chance) -> Picture:
    return pasted(picture, other, chance, 0.0015, 0.01)


def pasted_large(picture: Picture, other: Picture, chance: Chance) -> Picture:
    return pasted(picture, other, chance, 0.15, 0.36)


def removed(picture: Picture, other: Picture, chance: Chance) -> Picture:
    """Fill a place with what is around it: smoothly, or with texture from beside it."""
    mask = blob(picture, chance, chance.uniform(0.006, 0.05), soft_px=2.0)
    if chance.random() < 0.5:
        _rows, columns = np.nonzero(mask > 0.01)
        wide = int(columns.max() - columns.min()) + 6 if len(columns) else 10
        shift = wide if columns.min() - wide > 0 else -wide
        return mixed(picture, np.roll(picture, shift, axis=1), mask)
    known = (mask < 0.01).astype(np.float32)
    filled, weight = picture * known[..., None], known
    for radius in (60, 30, 12):
        parts = [
            Image.fromarray(np.ascontiguousarray(each, dtype=np.float32))
            for each in (*np.moveaxis(filled, -1, 0), weight)
        ]
        small = [
            each.resize((max(1, each.width // radius), max(1, each.height // radius)), Image.Resampling.BOX)
            for each in parts
        ]
        *bands, total = (
            np.asarray(each.resize(parts[0].size, Image.Resampling.BICUBIC), dtype=np.float32) for each in small
        )
        guess = np.stack(bands, axis=2) / np.maximum(total, 0.05)[..., None]
        part = np.clip(total * 3, 0, 1) * (mask >= 0.01)
        filled = filled * (1 - part[..., None]) + guess * part[..., None]
        weight = np.maximum(weight, part)
    return mixed(picture, filled, mask)


def _hue(picture: NDArray[np.floating], chance: Chance) -> NDArray[np.floating]:
    """Return other colours with the same structure: turned about grey, and lighter or darker."""
    angle = chance.uniform(1.0, 5.2)
    cos, sin = np.cos(angle), np.sin(angle)
    third, root = (1 - cos) / 3, sin / 3**0.5
    turn = np.array(
        [[cos + third, third - root, third + root], [third + root, cos + third, third - root],
         [third - root, third + root, cos + third]]
    )  # fmt: skip
    tint = chance.uniform(-45, 45, 3)
    return np.einsum("yxc,dc->yxd", picture.astype(np.float32), turn) * chance.uniform(0.8, 1.2) + tint


def recoloured(picture: Picture, other: Picture, chance: Chance, low: float = 0.012, high: float = 0.1) -> Picture:
    mask = blob(picture, chance, chance.uniform(low, high))
    if chance.random() < 0.5:
        # Only what has the colour of the middle, so the edge is ragged.
        rows, columns = np.nonzero(mask > 0.5)
        pick = len(rows) // 2
        colour = picture[rows[pick], columns[pick]].astype(np.float32)
        far = np.abs(picture - colour).max(axis=2)
        near = np.asarray(
            Image.fromarray((np.clip(1.5 - far / 45, 0, 1) * 255).astype(np.uint8)).filter(
                ImageFilter.GaussianBlur(0.8)
            ),
            dtype=np.float32,
        )
        if float((near * mask).mean()) > 0.003 * 255:
            mask = mask * near / 255
    return mixed(picture, _hue(picture, chance), mask)


def recoloured_large(picture: Picture, other: Picture, chance: Chance) -> Picture:
    return recoloured(picture, other, chance, 0.12, 0.33)


def pattern(picture: Picture, other: Picture, chance: Chance) -> Picture:
    mask = blob(picture, chance, chance.uniform(0.012, 0.12))
    height, width = picture.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    angle, step = chance.uniform(0, 3.14), chance.uniform(10, 40)
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 6.283 / step)
    if chance.random() < 0.5:
        wave = np.sign(wave) * np.sign(np.sin((y * np.cos(angle) - x * np.sin(angle)) * 6.283 / step))
    one, two = chance.uniform(20, 240, (2, 3))
    new = one + (two - one) * (wave[..., None] * 0.5 + 0.5)
    return mixed(picture, new * (0.75 + 0.25 * picture.mean(axis=2, keepdims=True) / 128), mask)


def text(picture: Picture, other: Picture, chance: Chance) -> Picture:
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    size = int(chance.uniform(0.045, 0.11) * image.width)
    font = ImageFont.load_default(size)
    words = " ".join(chance.choice(WORDS, int(chance.integers(1, 3)))).upper()
    wide = draw.textlength(words, font=font)
    x = chance.uniform(0.03, max(0.04, 0.95 - wide / image.width)) * image.width
    y = chance.uniform(0.05, 0.85) * image.height
    around = picture[int(y) : int(y) + size, int(x) : int(x + wide) + 1].mean()
    colour = (245, 240, 230) if around < 128 else (25, 20, 60)
    if chance.random() < 0.4:
        colour = (220, 30, 40) if around > 90 else (250, 210, 40)
    draw.text((x, y), words, font=font, fill=colour)
    return np.asarray(image)


def lines(picture: Picture, other: Picture, chance: Chance) -> Picture:
    height, width = picture.shape[:2]
    mask = Image.new("L", (width * 2, height * 2))
    draw = ImageDraw.Draw(mask)
    thick = max(2.0, chance.uniform(2, 4) * (width * height / 1e6) ** 0.5)
    for _ in range(int(chance.integers(1, 4))):
        start, end = chance.uniform(0.05, 0.95, (2, 2)) * mask.size
        bend = (start + end) / 2 + chance.normal(size=2) * 0.12 * width
        t = np.linspace(0, 1, 40)[:, None]
        path = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t * t * end
        draw.line([tuple(p) for p in path.tolist()], fill=255, width=round(2 * thick), joint="curve")
    soft = np.asarray(mask.resize((width, height), Image.Resampling.BOX), dtype=np.float32) / 255
    under = picture[soft > 0.5].mean() if (soft > 0.5).any() else 128
    colour = (
        np.array([235, 235, 225] if under < 120 else [15, 15, 25])
        if chance.random() < 0.5
        else (np.array([230, 30, 30]) if under > 70 else np.array([255, 220, 60]))
    )
    return mixed(picture, np.broadcast_to(colour, picture.shape), soft)


def several(picture: Picture, other: Picture, chance: Chance) -> Picture:
    kinds: list[Edit] = [pasted_small, recoloured, pattern, removed, text]
    result = picture
    for number in chance.permutation(len(kinds))[: int(chance.integers(2, 5))].tolist():
        result = kinds[number](result, other, chance)
    return result


def glow(picture: Picture, other: Picture, chance: Chance) -> Picture:
    """Add light without an edge."""
    mask = blob(picture, chance, chance.uniform(0.02, 0.06), soft_px=picture.shape[1] * 0.035)
    colour = np.array(chance.permutation([255, 200, 90]), dtype=np.float32)
    # Where it is bright a glow would not show.
    if float((picture.mean(axis=2) * mask).sum() / max(1.0, float(mask.sum()))) > 190:
        return mixed(picture, picture * 0.45, mask * 0.9)
    return mixed(picture, picture * 0.35 + colour * 0.75, mask * 0.9)


LOCAL: dict[str, Edit] = {
    "pasted": pasted,
    "pasted small": pasted_small,
    "pasted large": pasted_large,
    "removed": removed,
    "recoloured": recoloured,
    "recoloured large": recoloured_large,
    "pattern": pattern,
    "several": several,
    "text": text,
    "thin lines": lines,
    "glow": glow,
}


def ground(picture: Picture, chance: Chance, cell_px: float) -> Floats:
    """Return clouds as large as a picture."""
    return clouds((picture.shape[1], picture.shape[0]), cell_px, chance)

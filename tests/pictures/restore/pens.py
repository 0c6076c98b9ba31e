"""A person's pen on a picture, as a phone's editor draws it.

Imports numpy, Pillow, ``bases`` and ``model``.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

from tests.pictures.restore.bases import Picture

Box = tuple[float, float, float, float]


def ringed(
    picture: Picture, box: Box, chance: np.random.Generator, *, size: float = 1.0, beside: float = 0.0
) -> Picture:
    """Return a picture with an ellipse drawn by hand around ``box`` (left, top, right, bottom in pixels).

    ``size``: of the ellipse over that of the box; ``beside``: how far its middle is off, in shares of the box.
    """
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    rx, ry = size * max(12.0, 0.7 * (right - left)), size * max(12.0, 0.7 * (bottom - top))
    way = chance.uniform(0, 6.28)
    x, y = x + beside * rx * np.cos(way), y + beside * ry * np.sin(way)
    turns = np.linspace(0, 2 * np.pi * chance.uniform(0.94, 1.08), 90) + chance.uniform(0, 6.28)
    shake = 1 + 0.03 * np.cumsum(chance.normal(size=90)) / 5
    path = [(float(x + rx * r * np.cos(t)), float(y + ry * r * np.sin(t))) for r, t in zip(shake, turns, strict=True)]
    image = Image.fromarray(picture)
    draw = ImageDraw.Draw(image)
    thick = max(4, round(0.009 * max(image.size)))
    ink = (235, 40, 45) if chance.random() < 0.6 else (30, 90, 240)
    draw.line(path, fill=ink, width=thick, joint="curve")
    for px, py in path:
        draw.ellipse((px - thick / 2, py - thick / 2, px + thick / 2, py + thick / 2), fill=ink)
    return np.asarray(image)


def box_of_change(source: Picture, wanted: Picture) -> Box:
    """Return the box around what differs."""
    rows, columns = np.nonzero((np.abs(source.astype(int) - wanted) > 10).any(axis=2))
    return float(columns.min()), float(rows.min()), float(columns.max() + 1), float(rows.max() + 1)


def png(picture: Picture) -> bytes:
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", compress_level=1)
    return out.getvalue()


def jpeg(picture: Picture, quality: int = 92, side_px: int | None = None) -> bytes:
    """Return a JPEG, its longer side at most ``side_px``, as messengers send photos."""
    image = Image.fromarray(picture)
    if side_px:
        image.thumbnail((side_px, side_px), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def pixels(data: bytes) -> Picture:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB"))

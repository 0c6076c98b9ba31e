"""Pictures to edit, made by code: scenes, pages of text, drawings, a street, plain grounds. Or photos from a folder.

Imports numpy, Pillow and the sandbox's scenes; never the code under test. Arrays are uint8, (height, width, 3).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bot.sandbox.engine.scenes.canvas import Canvas
from bot.sandbox.engine.scenes.landscape import landscape
from bot.sandbox.engine.scenes.lighthouse import lighthouse
from bot.sandbox.engine.scenes.outdoors import light_of
from bot.sandbox.engine.scenes.still_life import still_life

Picture = NDArray[np.uint8]
Size = tuple[int, int]
WORDS = ("river", "stone", "amber", "letter", "quiet", "harbour", "window", "seven", "garden", "lamp", "bridge")


def clouds(size: Size, cell_px: float, chance: np.random.Generator, octaves: int = 4) -> NDArray[np.float32]:
    """Return smooth noise, (height, width), about -1..1."""
    total = np.zeros((size[1], size[0]), dtype=np.float32)
    for octave in range(octaves):
        cell = max(1.5, cell_px / 2**octave)
        few = chance.normal(size=(int(size[1] / cell) + 3, int(size[0] / cell) + 3)).astype(np.float32)
        layer = Image.fromarray(few).resize(size, Image.Resampling.BICUBIC)
        total += np.asarray(layer, dtype=np.float32) * 0.55**octave
    return total / max(1e-6, float(np.abs(total).max()))


def _finished(values: NDArray[np.floating], chance: np.random.Generator, grain: float = 1.5) -> Picture:
    noisy = values + chance.normal(size=values.shape) * grain
    return (np.clip(noisy, 0, 255) + 0.5).astype(np.uint8)


def _scene(name: str) -> Callable[[Size, int], Picture]:
    def paint(size: Size, seed: int) -> Picture:
        canvas = Canvas(size, seed)
        light = light_of(("dawn", "day", "dusk")[seed % 3], "clear")
        if name == "still life":
            still_life(canvas)
        elif name == "lighthouse":
            lighthouse(canvas, light, "clear", boat=bool(seed % 2))
        else:
            landscape(canvas, light, "clear", boat=bool(seed % 2))
        return np.asarray(canvas.finish().convert("RGB"))

    return paint


def stones(size: Size, seed: int) -> Picture:
    """Return rounded stones of many colours on sand: texture everywhere."""
    chance = np.random.default_rng(seed)
    ground = 150 + 40 * clouds(size, 60, chance, 6)[..., None] + np.array([20, 5, -25])
    image = Image.fromarray(_finished(ground, chance, 5))
    draw = ImageDraw.Draw(image)
    for _ in range(140):
        x, y = chance.uniform(0, size[0]), chance.uniform(0, size[1])
        radius = chance.uniform(0.015, 0.06) * size[0]
        colour = tuple(int(v) for v in chance.uniform(40, 220) + chance.uniform(-30, 30, 3))
        draw.ellipse((x - radius, y - radius * 0.7, x + radius, y + radius * 0.7), fill=colour, outline=(50, 45, 40))
        draw.arc((x - radius * 0.7, y - radius * 0.5, x + radius * 0.7, y + radius * 0.4), 190, 300, fill=(235,) * 3)
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
    return _finished(soft + 14 * clouds(size, 9, chance, 3)[..., None], chance, 3)


def street(size: Size, seed: int) -> Picture:
    """Return a grey street in the rain with one coloured car: hardly any colour, the hardest of all."""
    chance = np.random.default_rng(seed)
    width, height = size
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    ground = 95 + 90 * (1 - y) + 10 * clouds(size, 80, chance)
    image = Image.fromarray(_finished(np.repeat(ground[..., None], 3, axis=2), chance, 2))
    draw = ImageDraw.Draw(image)
    at = 0.0
    while at < width:
        wide, top = chance.uniform(0.07, 0.16) * width, chance.uniform(0.08, 0.3) * height
        tone = int(chance.uniform(70, 150))
        draw.rectangle((at, top, at + wide, 0.62 * height), fill=(tone, tone, tone + 3))
        for row in np.arange(top + 14, 0.58 * height, 34).tolist():
            for column in np.arange(at + 9, at + wide - 14, 26).tolist():
                pane = int(np.clip(tone + chance.uniform(-50, 70), 0, 255))
                draw.rectangle((column, row, column + 13, row + 20), fill=(pane, pane, pane))
        at += wide
    for row in np.linspace(0.66, 0.98, 9).tolist():
        draw.line(
            (width * 0.5, 0.6 * height, width * chance.uniform(-0.2, 1.2), row * height), fill=(90, 90, 92), width=3
        )
    x, low, unit = chance.uniform(0.2, 0.6) * width, 0.8 * height, 0.05 * width
    paint = ((235, 185, 30), (190, 40, 35), (40, 80, 170))[seed % 3]
    draw.rounded_rectangle((x, low - unit, x + 4 * unit, low), radius=unit / 3, fill=paint)
    draw.polygon([(x + unit * 0.7, low - unit), (x + unit, low - 1.8 * unit), (x + 3 * unit, low - 1.8 * unit),
                  (x + 3.4 * unit, low - unit)], fill=paint)  # fmt: skip
    for wheel in (x + 0.8 * unit, x + 3.2 * unit):
        draw.ellipse((wheel - unit * 0.4, low - unit * 0.4, wheel + unit * 0.4, low + unit * 0.4), fill=(25, 25, 25))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(0.7)), dtype=np.float32)
    return _finished(soft + 6 * clouds(size, 6, chance, 2)[..., None], chance, 2.5)


def page(size: Size, seed: int) -> Picture:
    """Return a page of text with a headline and a coloured box, as a screenshot has them."""
    chance = np.random.default_rng(seed)
    width, height = size
    image = Image.new("RGB", size, ((255, 255, 255), (250, 248, 242), (30, 32, 38))[seed % 3])
    draw = ImageDraw.Draw(image)
    ink = (220, 220, 225) if seed % 3 == 2 else (35, 35, 40)
    line = max(14, height // 34)
    font, large = ImageFont.load_default(line * 0.8), ImageFont.load_default(line * 1.7)
    accent = tuple(int(v) for v in chance.uniform(30, 200, 3))
    draw.text((width * 0.06, height * 0.05), " ".join(chance.choice(WORDS, 3)).title(), font=large, fill=accent)
    draw.rounded_rectangle((width * 0.62, height * 0.16, width * 0.94, height * 0.4), 12, fill=accent)
    at = height * 0.16
    while at < height * 0.92:
        right = 0.56 if at < height * 0.42 else 0.92
        text = ""
        while draw.textlength(text, font=font) < (right - 0.16) * width:
            text += str(chance.choice(WORDS)) + " "
        draw.text((width * 0.06, at), text, font=font, fill=ink)
        at += line * (2.2 if chance.random() < 0.15 else 1.35)
    return np.asarray(image)


def drawing(size: Size, seed: int) -> Picture:
    """Return a line drawing with a few filled shapes on white."""
    chance = np.random.default_rng(seed)
    image = Image.new("RGB", (size[0] * 2, size[1] * 2), (252, 251, 248))
    draw = ImageDraw.Draw(image)
    for _ in range(26):
        middle = chance.uniform(0.05, 0.95, 2) * image.size
        radii = chance.uniform(0.03, 0.16) * image.width * (1 + 0.3 * chance.normal(size=9))
        angles = np.sort(chance.uniform(0, 6.283, 9))
        corners = [(float(middle[0] + r * np.cos(a)), float(middle[1] + r * np.sin(a)))
                   for r, a in zip(radii, angles, strict=True)]  # fmt: skip
        fill = tuple(int(v) for v in chance.uniform(90, 245, 3)) if chance.random() < 0.5 else None
        draw.polygon(corners, fill=fill, outline=(30, 28, 30), width=5)
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))


def plain(size: Size, seed: int) -> Picture:
    """Return a smooth gradient with hardly any grain: nothing to align by."""
    chance = np.random.default_rng(seed)
    y = np.linspace(0, 1, size[1], dtype=np.float32)[:, None, None]
    x = np.linspace(0, 1, size[0], dtype=np.float32)[None, :, None]
    one, two, three = chance.uniform(40, 230, (3, 3))
    return _finished(one + (two - one) * y + (three - two) * 0.4 * x, chance, 0.6)


def blurred(size: Size, seed: int) -> Picture:
    """Return a soft ground with one sharp flower in it, as lenses with a wide opening give it."""
    chance = np.random.default_rng(seed)
    ground = 110 + 70 * np.stack([clouds(size, 220, chance, 2) for _ in range(3)], axis=2)
    image = Image.fromarray(_finished(ground, chance, 0.8))
    draw = ImageDraw.Draw(image)
    x, y = chance.uniform(0.35, 0.65, 2) * size
    petal = 0.11 * size[0]
    tone = chance.uniform(60, 240, 3)
    for angle in np.linspace(0, 6.283, 12).tolist():
        px, py = x + petal * np.cos(angle), y + petal * np.sin(angle)
        colour = tuple(int(v) for v in np.clip(tone + chance.normal() * 20, 0, 255))
        draw.ellipse(
            (px - petal * 0.6, py - petal * 0.6, px + petal * 0.6, py + petal * 0.6), fill=colour, outline=(80, 60, 50)
        )
    draw.ellipse((x - petal * 0.5, y - petal * 0.5, x + petal * 0.5, y + petal * 0.5), fill=(120, 80, 30))
    return _finished(np.asarray(image.filter(ImageFilter.GaussianBlur(0.9)), dtype=np.float32), chance, 1.2)


MADE: dict[str, Callable[[Size, int], Picture]] = {
    "landscape": _scene("landscape"),
    "lighthouse": _scene("lighthouse"),
    "still life": _scene("still life"),
    "stones": stones,
    "street": street,
    "page": page,
    "drawing": drawing,
    "plain": plain,
    "blurred": blurred,
}


def made(name: str, size: Size, seed: int) -> Picture:
    """Return a picture made by code."""
    return MADE[name](size, seed)


def photo(path: Path, pixels: int) -> Picture:
    """Return a photo from a file with about so many pixels, never enlarged."""
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    scale = min(1.0, (pixels / (image.width * image.height)) ** 0.5)
    size = (round(image.width * scale), round(image.height * scale))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS))

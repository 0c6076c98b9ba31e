"""Pen strokes on a known picture: found on photographs that went through a chat, and nowhere else."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from bot.pictures.compare.scribbles import is_scribbled, reduced

ROOT = Path(__file__).parents[3]
PHOTOS = {
    path.stem: Image.open(path).convert("RGB")
    for path in sorted((ROOT / "bot" / "sandbox" / "page" / "static" / "samples").glob("*.jpg"))
}
LETTERS = ROOT / "bot" / "pictures" / "boards" / "fonts" / "Inter-SemiBold.ttf"
RED, BLUE, YELLOW, BLACK, WHITE = (255, 59, 48), (0, 122, 255), (255, 214, 10), (0, 0, 0), (255, 255, 255)
GREEN, PURPLE = (52, 199, 89), (175, 82, 222)
Lines = list[list[tuple[float, float]]]


def ring(x: float, y: float, reach: float, turns: float = 1.03) -> Lines:
    steps = np.linspace(0.4, 0.4 + 2 * math.pi * turns, 80)
    return [[(x + reach * (1 + 0.05 * math.sin(3 * t)) * math.cos(t), y + reach * 0.8 * math.sin(t)) for t in steps]]


def arrow(x: float, y: float, reach: float) -> Lines:
    tip = (x + reach, y + reach * 0.6)
    return [[(x - reach, y - reach), tip], [(tip[0] - reach * 0.6, tip[1]), tip, (tip[0], tip[1] - reach * 0.6)]]


def zigzag(x: float, y: float, reach: float) -> Lines:
    return [[(x - reach + reach * n / 4, y + reach * 0.6 * (-1) ** n) for n in range(9)]]


def underline(x: float, y: float, reach: float) -> Lines:
    return [[(x - 1.5 * reach + 3 * reach * n / 20, y + 2 * math.sin(n)) for n in range(21)]]


def cross(x: float, y: float, reach: float) -> Lines:
    return [[(x - reach, y - reach), (x + reach, y + reach)], [(x + reach, y - reach), (x - reach, y + reach)]]


def drawn(picture: Image.Image, lines: Lines, ink: tuple[int, int, int], width: float, strength: float) -> Image.Image:
    """Draw as an editor does: smooth, round ends, ``width`` as a share of the longer side."""
    mask = Image.new("L", (picture.width * 2, picture.height * 2))
    pen, reach = ImageDraw.Draw(mask), width * max(picture.size)
    for line in lines:
        points = [(x * 2, y * 2) for x, y in line]
        pen.line(points, 255, round(reach * 2), joint="curve")
        for x, y in (points[0], points[-1]):
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), 255)
    result = picture.copy()
    result.paste(ink, mask=mask.reduce(2).point(lambda value: int(value * strength)))
    return result


def jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def sized(picture: Image.Image, side: int) -> Image.Image:
    scale = side / max(picture.size)
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def sent(picture: Image.Image, side: int, qualities: tuple[int, int], cut: float) -> bytes:
    """Return what arrives: edges cut a little, another size, saved as JPEG by the editor and by the chat."""
    wide, high = picture.size
    part = picture.crop((round(cut * wide), round(cut * 0.6 * high), wide - round(cut * 0.3 * wide), high))
    return jpeg(Image.open(io.BytesIO(jpeg(sized(part, side), qualities[0]))), qualities[1])


# Photo, lines, ink, width, strength, side, qualities, cut.
MARKED = [
    ("cat", ring, RED, 0.009, 1.0, 1280, (80, 87), 0.0),
    ("cat", ring, BLUE, 0.006, 1.0, 800, (87, 80), 0.0),
    ("cat", arrow, WHITE, 0.009, 1.0, 1280, (92, 72), 0.02),
    ("cat", zigzag, GREEN, 0.006, 1.0, 960, (75, 80), 0.0),
    ("cat", cross, PURPLE, 0.013, 1.0, 800, (80, 80), 0.04),
    ("cat", underline, RED, 0.02, 1.0, 1280, (80, 87), 0.01),
    ("cat", ring, YELLOW, 0.02, 0.55, 1280, (87, 87), 0.0),
    ("cat", arrow, BLACK, 0.013, 1.0, 1080, (80, 72), 0.0),
    ("coffee", ring, BLUE, 0.009, 1.0, 1280, (80, 80), 0.0),
    ("coffee", ring, WHITE, 0.006, 1.0, 800, (75, 80), 0.02),
    ("coffee", arrow, GREEN, 0.006, 1.0, 960, (92, 87), 0.0),
    ("coffee", zigzag, YELLOW, 0.009, 1.0, 1280, (80, 72), 0.04),
    ("coffee", cross, BLUE, 0.02, 1.0, 800, (87, 87), 0.0),
    ("coffee", underline, WHITE, 0.013, 1.0, 1080, (80, 80), 0.01),
    ("coffee", ring, GREEN, 0.02, 0.55, 1280, (80, 87), 0.0),
    ("coffee", zigzag, PURPLE, 0.013, 1.0, 1280, (75, 75), 0.0),
    ("meadow", ring, RED, 0.013, 1.0, 800, (80, 87), 0.02),
    ("meadow", ring, PURPLE, 0.009, 1.0, 1280, (75, 72), 0.0),
    ("meadow", arrow, RED, 0.009, 1.0, 1280, (87, 80), 0.04),
    ("meadow", zigzag, BLUE, 0.009, 1.0, 960, (80, 80), 0.0),
    ("meadow", cross, WHITE, 0.013, 1.0, 800, (92, 87), 0.0),
    ("meadow", underline, BLACK, 0.009, 1.0, 1280, (80, 80), 0.01),
    ("meadow", ring, RED, 0.006, 1.0, 1080, (80, 87), 0.0),
    ("meadow", arrow, YELLOW, 0.02, 1.0, 1280, (80, 72), 0.0),
    ("meadow", zigzag, (255, 149, 0), 0.004, 1.0, 800, (80, 80), 0.0),
    ("coffee", ring, YELLOW, 0.004, 1.0, 960, (75, 80), 0.0),
]


@cache
def known(name: str) -> Image.Image:
    return sized(PHOTOS[name], 1024)


def marked(
    case: tuple[str, Callable[..., Lines], tuple[int, int, int], float, float, int, tuple[int, int], float],
) -> bytes:
    name, shape, ink, width, strength, side, qualities, cut = case
    picture = known(name)
    seen = Image.open(io.BytesIO(jpeg(picture, 85)))
    reach = 0.17 * min(picture.size)
    lines = shape(0.55 * picture.width, 0.45 * picture.height, reach)
    return sent(drawn(seen, lines, ink, width, strength), side, qualities, cut)


def warmer(picture: Image.Image) -> Image.Image:
    bands = (
        band.point(lambda v, k=k: min(255, int(v * k))) for band, k in zip(picture.split(), (1.1, 1, 0.88), strict=True)
    )
    return Image.merge("RGB", list(bands))


def with_words(words: str, share: float, ink: tuple[int, int, int]) -> Callable[[Image.Image], Image.Image]:
    def edit(picture: Image.Image) -> Image.Image:
        face = ImageFont.truetype(LETTERS, round(share * max(picture.size)))
        result = picture.copy()
        ImageDraw.Draw(result).text((picture.width / 2, picture.height / 3), words, ink, face, anchor="mm")
        return result

    return edit


def with_object(picture: Image.Image) -> Image.Image:
    mask = Image.new("L", picture.size)
    wide, high = picture.size
    ImageDraw.Draw(mask).ellipse((wide * 0.4, high * 0.4, wide * 0.6, high * 0.7), 255)
    result = picture.copy()
    result.paste(ImageOps.mirror(picture).rotate(180), mask=mask.filter(ImageFilter.GaussianBlur(3)))
    return result


def with_face(picture: Image.Image) -> Image.Image:
    result, reach = picture.copy(), 0.1 * min(picture.size)
    pen, x, y = ImageDraw.Draw(result), picture.width / 2, picture.height / 2
    pen.ellipse((x - reach, y - reach, x + reach, y + reach), (255, 204, 50))
    for side in (-1, 1):
        pen.ellipse((x + side * reach / 3 - 6, y - reach / 3 - 9, x + side * reach / 3 + 6, y - 6), (80, 50, 20))
    pen.arc((x - reach / 2, y - reach / 3, x + reach / 2, y + reach / 2), 20, 160, (80, 50, 20), 5)
    return result


def with_snow(picture: Image.Image) -> Image.Image:
    result, dice = picture.copy(), random.Random(4)
    pen = ImageDraw.Draw(result)
    for _ in range(400):
        x, y, reach = dice.uniform(0, picture.width), dice.uniform(0, picture.height), dice.uniform(1, 5)
        pen.ellipse((x - reach, y - reach, x + reach, y + reach), WHITE)
    return result


def with_rain(picture: Image.Image) -> Image.Image:
    result, dice = picture.copy(), random.Random(4)
    for _ in range(250):
        x, y = dice.uniform(0, picture.width), dice.uniform(0, picture.height)
        ImageDraw.Draw(result).line((x, y, x + 6, y + 30), (210, 215, 225), 2)
    return result


def with_rim(picture: Image.Image) -> Image.Image:
    result = picture.copy()
    ImageDraw.Draw(result).rectangle((0, 0, picture.width - 1, picture.height - 1), outline=RED, width=20)
    return result


def censored(picture: Image.Image) -> Image.Image:
    result = picture.copy()
    wide, high = picture.size
    ImageDraw.Draw(result).rectangle((wide * 0.4, high * 0.4, wide * 0.6, high * 0.52), BLACK)
    return result


def other(picture: Image.Image) -> Image.Image:
    different = next(photo for photo in PHOTOS.values() if sized(photo, 1024).tobytes() != picture.tobytes())
    return ImageOps.fit(different, picture.size)


EDITS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "nothing": lambda picture: picture,
    "warmer": warmer,
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.2),
    "contrast": lambda picture: ImageEnhance.Contrast(picture).enhance(1.25),
    "black and white": lambda picture: ImageOps.grayscale(picture).convert("RGB"),
    "cropped": lambda picture: picture.crop((picture.width // 5, picture.height // 6, picture.width, picture.height)),
    "tilted": lambda picture: picture.rotate(2, Image.Resampling.BICUBIC),
    "rotated": lambda picture: picture.rotate(90, expand=True),
    "upside down": lambda picture: picture.rotate(180),
    "mirrored": ImageOps.mirror,
    "blurred": lambda picture: picture.filter(ImageFilter.GaussianBlur(3)),
    "sharpened": lambda picture: picture.filter(ImageFilter.UnsharpMask(3, 150)),
    "posterised": lambda picture: ImageOps.posterize(picture, 3),
    "large words": with_words("HELLO", 0.1, RED),
    "middle words": with_words("Happy Birthday", 0.05, WHITE),
    "small words": with_words("good morning everyone", 0.03, YELLOW),
    "an object": with_object,
    "a face": with_face,
    "snow": with_snow,
    "rain": with_rain,
    "a rim": with_rim,
    "a frame": lambda picture: ImageOps.expand(picture, border=40, fill=WHITE),
    "censored": censored,
    "another picture": other,
}


@cache
def original(name: str) -> bytes:
    return png(known(name))


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


def test_at_least_nineteen_of_twenty_marks_are_found() -> None:
    missed = [case for case in MARKED if not is_scribbled(reduced(original(case[0])), reduced(marked(case)))]
    assert len(MARKED) >= 20
    assert len(missed) <= len(MARKED) // 20, missed


def test_at_least_nineteen_of_twenty_edits_are_not_taken_for_marks() -> None:
    taken = []
    for number, (name, edit) in enumerate(EDITS.items()):
        photo = list(PHOTOS)[number % len(PHOTOS)]
        arrived = sent(edit(known(photo)), (1280, 800)[number % 2], (80, 87), (0.0, 0.02)[number % 3 == 0])
        if is_scribbled(reduced(original(photo)), reduced(arrived)):
            taken.append((name, photo))
    assert len(EDITS) >= 20
    assert len(taken) <= len(EDITS) // 20, taken

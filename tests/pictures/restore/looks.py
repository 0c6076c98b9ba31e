"""Changes of the whole: thirty-one kinds that must never be taken for an edit in place.

Imports numpy, Pillow, ``bases`` and ``edits``. Each takes a picture (height, width, 3), another one and a source of
chance, and returns the picture that was wanted, which may have another size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from tests.pictures.restore.bases import Picture, clouds
from tests.pictures.restore.edits import Chance, Edit, blob, mixed

Floats = NDArray[np.float32]


def _done(values: NDArray[np.floating]) -> Picture:
    return (np.clip(values, 0, 255) + 0.5).astype(np.uint8)


def _grey(picture: Picture) -> Floats:
    return np.einsum("yxc,c->yx", picture.astype(np.float32), np.array([0.299, 0.587, 0.114], np.float32))[..., None]


def _filtered(picture: Picture, *filters: ImageFilter.Filter) -> Picture:
    image = Image.fromarray(picture)
    for each in filters:
        image = image.filter(each)
    return np.asarray(image)


def black_and_white(p: Picture, o: Picture, c: Chance) -> Picture:
    return _done(np.repeat(_grey(p) * c.uniform(0.95, 1.08), 3, axis=2))


def sepia(p: Picture, o: Picture, c: Chance) -> Picture:
    return _done(_grey(p) * np.array([1.07, 0.92, 0.7]) + 8)


def warm(p: Picture, o: Picture, c: Chance) -> Picture:
    k = c.uniform(0.6, 1.2)
    return _done(p * np.array([1 + 0.14 * k, 1 + 0.02 * k, 1 - 0.2 * k]))


def cool(p: Picture, o: Picture, c: Chance) -> Picture:
    k = c.uniform(0.6, 1.2)
    return _done(p * np.array([1 - 0.2 * k, 1 - 0.02 * k, 1 + 0.14 * k]))


def night(p: Picture, o: Picture, c: Chance) -> Picture:
    return _done((p / 255.0) ** 1.5 * 255 * np.array([0.32, 0.42, 0.66]))


def bright(p: Picture, o: Picture, c: Chance) -> Picture:
    return _done((p / 255.0) ** c.uniform(0.5, 0.65) * 255)


def dark(p: Picture, o: Picture, c: Chance) -> Picture:
    return _done((p / 255.0) ** c.uniform(1.5, 2.0) * 255 * 0.85)


def contrast(p: Picture, o: Picture, c: Chance) -> Picture:
    return _done((p - 128.0) * c.uniform(1.5, 1.9) + 128)


def _from_middle(p: Picture) -> Floats:
    height, width = p.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return np.hypot((x - width / 2) / width, (y - height / 2) / height)[..., None] * 1.41


def vintage(p: Picture, o: Picture, c: Chance) -> Picture:
    faded = _grey(p) * 0.45 + p * 0.55
    return _done((faded * np.array([1.05, 0.95, 0.75]) * 0.82 + 34) * (1.08 - 0.5 * _from_middle(p) ** 2))


def cartoon(p: Picture, o: Picture, c: Chance) -> Picture:
    flat = _filtered(p, ImageFilter.MedianFilter(7), ImageFilter.MedianFilter(7))
    flat = np.round(flat / 42.0) * 42
    edge = np.asarray(
        Image.fromarray(p).convert("L").filter(ImageFilter.GaussianBlur(1.2)).filter(ImageFilter.FIND_EDGES)
    )
    return _done(flat * 1.08 * (1 - np.clip(edge[..., None] / 40.0 - 0.35, 0, 0.9)))


def pencil(p: Picture, o: Picture, c: Chance) -> Picture:
    light = _grey(p)[..., 0]
    soft = np.asarray(Image.fromarray(_done(255 - light)).filter(ImageFilter.GaussianBlur(6)), dtype=np.float32)
    return _done(np.repeat(np.clip(light * 255 / (256 - soft), 0, 255)[..., None], 3, axis=2))


def charcoal(p: Picture, o: Picture, c: Chance) -> Picture:
    edge = np.asarray(
        Image.fromarray(p).convert("L").filter(ImageFilter.GaussianBlur(1)).filter(ImageFilter.FIND_EDGES),
        dtype=np.float32,
    )
    tone = 235 - 3.5 * edge - 0.25 * (255 - _grey(p)[..., 0])
    return _done(np.repeat((tone + 9 * clouds((p.shape[1], p.shape[0]), 4, c, 2))[..., None], 3, axis=2))


def oil(p: Picture, o: Picture, c: Chance) -> Picture:
    flat = _filtered(p, ImageFilter.ModeFilter(9), ImageFilter.SMOOTH)
    strokes = clouds((p.shape[1], p.shape[0]), 9, c, 2)[..., None]
    return _done(flat * 1.05 + 16 * strokes)


def posterised(p: Picture, o: Picture, c: Chance) -> Picture:
    return np.asarray(ImageOps.posterize(Image.fromarray(p), 2))


def inverted(p: Picture, o: Picture, c: Chance) -> Picture:
    return 255 - p


def cropped(p: Picture, o: Picture, c: Chance) -> Picture:
    height, width = p.shape[:2]
    part = c.uniform(0.55, 0.8)
    w, h = int(width * part), int(height * part)
    x, y = int(c.integers(0, width - w + 1)), int(c.integers(0, height - h + 1))
    return p[y : y + h, x : x + w]


def zoomed_out(p: Picture, o: Picture, c: Chance) -> Picture:
    height, width = p.shape[:2]
    part = c.uniform(0.55, 0.78)
    image = Image.fromarray(o).resize((width, height), Image.Resampling.BICUBIC)
    small = Image.fromarray(p).resize((int(width * part), int(height * part)), Image.Resampling.LANCZOS)
    image.paste(small, ((width - small.width) // 2, (height - small.height) // 2))
    return np.asarray(image)


def mirrored(p: Picture, o: Picture, c: Chance) -> Picture:
    return np.ascontiguousarray(p[:, ::-1])


def quarter_turn(p: Picture, o: Picture, c: Chance) -> Picture:
    return np.ascontiguousarray(np.rot90(p))


def turned(p: Picture, o: Picture, c: Chance) -> Picture:
    return np.asarray(Image.fromarray(p).rotate(c.uniform(4, 14) * c.choice([-1, 1]), Image.Resampling.BICUBIC))


def new_scene(p: Picture, o: Picture, c: Chance) -> Picture:
    return np.asarray(Image.fromarray(o).resize(p.shape[1::-1], Image.Resampling.BICUBIC))


def snow(p: Picture, o: Picture, c: Chance) -> Picture:
    height, width = p.shape[:2]
    flakes = np.zeros((height, width), dtype=np.float32)
    for size, count in ((0, 0.002), (2, 0.0012), (4, 0.0006)):
        spots = (c.random((height, width)) < count).astype(np.float32) * 255
        soft = np.asarray(
            Image.fromarray(spots.astype(np.uint8))
            .filter(ImageFilter.MaxFilter(2 * size + 1))
            .filter(ImageFilter.GaussianBlur(0.6 + size / 3))
        )
        flakes = np.maximum(flakes, soft.astype(np.float32))
    pale = p * 0.8 + 42
    return _done(pale + (255 - pale) * np.clip(flakes / 200, 0, 1)[..., None])


def fog(p: Picture, o: Picture, c: Chance) -> Picture:
    deep = np.clip(0.55 + 0.25 * clouds((p.shape[1], p.shape[0]), p.shape[1] / 3, c, 3), 0.2, 0.9)[..., None]
    return _done(p * (1 - deep) + 215 * deep)


def sunset(p: Picture, o: Picture, c: Chance) -> Picture:
    y = np.linspace(0, 1, p.shape[0], dtype=np.float32)[:, None, None]
    tint = np.array([1.25, 0.82, 0.55]) * (1 - y) + np.array([0.85, 0.6, 0.6]) * y
    return _done(p * tint + np.array([26, 6, 0]) * (1 - y))


def side_light(p: Picture, o: Picture, c: Chance) -> Picture:
    x = np.linspace(0, 1, p.shape[1], dtype=np.float32)[None, :, None]
    if c.random() < 0.5:
        x = 1 - x
    return _done(p * (0.5 + 0.85 * x) + np.array([18, 8, -8]) * x)


def new_background(p: Picture, o: Picture, c: Chance) -> Picture:
    keep = blob(p, c, c.uniform(0.12, 0.3))
    behind = np.asarray(Image.fromarray(o).resize(p.shape[1::-1], Image.Resampling.BICUBIC))
    return mixed(behind, p, keep)


def perspective(p: Picture, o: Picture, c: Chance) -> Picture:
    height, width = p.shape[:2]
    a, b = c.uniform(0.08, 0.2, 2)
    quad = (a * width, b * height * 0.5, 0, height, width, height, (1 - a) * width, b * height * 0.5)
    return np.asarray(
        Image.fromarray(p).transform((width, height), Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    )


def pixels(p: Picture, o: Picture, c: Chance) -> Picture:
    image = Image.fromarray(p)
    small = image.resize((max(2, image.width // 12), max(2, image.height // 12)), Image.Resampling.BOX)
    return np.asarray(small.quantize(48).convert("RGB").resize(image.size, Image.Resampling.NEAREST))


def saturated(p: Picture, o: Picture, c: Chance) -> Picture:
    light = _grey(p)
    return _done(light + (p - light) * c.uniform(1.5, 2.0))


def desaturated(p: Picture, o: Picture, c: Chance) -> Picture:
    light = _grey(p)
    return _done(light + (p - light) * c.uniform(0.3, 0.6))


def soft(p: Picture, o: Picture, c: Chance) -> Picture:
    return _filtered(p, ImageFilter.GaussianBlur(c.uniform(3, 8)))


GLOBAL: dict[str, Edit] = {
    "black and white": black_and_white,
    "sepia": sepia,
    "warm": warm,
    "cool": cool,
    "night": night,
    "bright": bright,
    "dark": dark,
    "contrast": contrast,
    "vintage": vintage,
    "cartoon": cartoon,
    "pencil": pencil,
    "charcoal": charcoal,
    "oil": oil,
    "posterised": posterised,
    "inverted": inverted,
    "crop": cropped,
    "zoom out": zoomed_out,
    "mirrored": mirrored,
    "quarter turn": quarter_turn,
    "turned": turned,
    "new scene": new_scene,
    "snow": snow,
    "fog": fog,
    "sunset": sunset,
    "side light": side_light,
    "new background": new_background,
    "perspective": perspective,
    "pixels": pixels,
    "saturated": saturated,
    "desaturated": desaturated,
    "blurred": soft,
}

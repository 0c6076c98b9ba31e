"""A model as it paints: at its own size, shifted, scaled, wavy, recoloured, with invented texture, grain and JPEG.

Imports numpy, Pillow and ``bases``. What it does is known, so errors can be measured. As harsh as what was seen of
real answers or harsher: two to three percent cropped in one of seven, waves of up to 2 pixels in half of them.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from tests.pictures.restore.bases import Picture, clouds

Floats = NDArray[np.floating]
Chance = np.random.Generator
SIZES_1K = (
    (1024, 1024), (832, 1248), (1248, 832), (864, 1184), (1184, 864), (896, 1152), (1152, 896), (768, 1344),
    (1344, 768), (1536, 672),
)  # fmt: skip


@dataclass(frozen=True)
class Geometry:
    """From a place in the answer to one in the picture that was wanted, both in pixels."""

    six: tuple[float, ...]
    waves: tuple[tuple[float, float, float, float], ...] = ()

    def back(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        a, b, c, d, e, f = self.six
        new_x, new_y = a * x + b * y + c, d * x + e * y + f
        for across, high, length, phase in self.waves:
            swing = high * np.sin(6.283 * (x * np.cos(phase) + y * np.sin(phase)) / length + 5 * phase)
            new_x, new_y = new_x + across * swing, new_y + (1 - across) * swing
        return new_x, new_y


@dataclass(frozen=True)
class Drift:
    """How much a model strays; 1 is as measured, 0 paints exactly."""

    strength: float = 1.0
    texture: bool = True
    jpeg: bool = True


@dataclass(frozen=True)
class Painted:
    """An answer as bytes and as pixels, and where its pixels come from."""

    data: bytes
    picture: Picture
    geometry: Geometry


def painted(wanted: Picture, chance: Chance, drift: Drift | None = None, *, pixels: float = 1.0) -> Painted:
    """Paint what was wanted as a model does. ``pixels``: the answer's size as a share of a model's usual megapixel."""
    drift = drift or Drift()
    size = _size(wanted, chance, pixels)
    geometry, bar = _geometry(wanted, size, chance, drift.strength)
    values = _placed(wanted, size, geometry, bar)
    values = _repainted(values, chance, drift)
    picture = (np.clip(values, 0, 255) + 0.5).astype(np.uint8)
    out = io.BytesIO()
    if drift.jpeg and chance.random() < 0.6:
        Image.fromarray(picture).save(
            out, "JPEG", quality=int(chance.integers(75, 96)), subsampling=int(chance.choice([0, 2]))
        )
    else:
        Image.fromarray(picture).save(out, "PNG", compress_level=1)
    return Painted(out.getvalue(), np.asarray(Image.open(io.BytesIO(out.getvalue())).convert("RGB")), geometry)


def _size(wanted: Picture, chance: Chance, pixels: float) -> tuple[int, int]:
    height, width = wanted.shape[:2]
    near = sorted(SIZES_1K, key=lambda size: abs(np.log(size[0] * height / (size[1] * width))))
    luck = chance.random()
    if luck < 0.84:
        size = near[0]
    elif luck < 0.92:
        size = near[1]
    else:
        scale = (1024 * 1024 / (width * height)) ** 0.5
        size = (round(width * scale), round(height * scale))
    by = pixels**0.5 * (2 if chance.random() < 0.07 and pixels >= 1 else 1)
    return max(96, round(size[0] * by)), max(96, round(size[1] * by))


def _geometry(wanted: Picture, size: tuple[int, int], chance: Chance, strength: float) -> tuple[Geometry, str]:
    height, width = wanted.shape[:2]
    across, down = width / size[0], height / size[1]
    way = chance.choice(["stretch", "cover", "contain"], p=[0.5, 0.35, 0.15])
    if abs(np.log(across / down)) > 0.25 and way == "stretch":
        way = "cover"
    if way != "stretch":
        # "cover": the answer shows a part; "contain": all, with bars.
        across = down = min(across, down) if way == "cover" else max(across, down)
    zoom = 1 + strength * chance.uniform(-0.03, 0.03)
    if chance.random() < 0.15:
        # Two to three percent cropped on every side.
        zoom = 1 - strength * chance.uniform(0.04, 0.06)
    across *= zoom * (1 + strength * chance.uniform(-0.005, 0.005))
    down *= zoom
    turn = strength * chance.uniform(-0.1, 0.1) * np.pi / 180
    shift = strength * chance.uniform(-12, 12, 2) * max(width, height) / 1000
    middle_x, middle_y = size[0] / 2, size[1] / 2
    a, b, d, e = across * np.cos(turn), -down * np.sin(turn), across * np.sin(turn), down * np.cos(turn)
    c = width / 2 + shift[0] - a * middle_x - b * middle_y
    f = height / 2 + shift[1] - d * middle_x - e * middle_y
    waves = ()
    if chance.random() < 0.5:
        unit = max(size) / 1024
        waves = tuple(
            (float(across_), strength * chance.uniform(0.3, 2.0) * across * unit, chance.uniform(300, 900) * unit,
             chance.uniform(0, 6.28))
            for across_ in (0, 1)
        )  # fmt: skip
    return Geometry((a, b, c, d, e, f), waves), str(chance.choice(["edge", "black", "white"], p=[0.6, 0.2, 0.2]))


def _placed(wanted: Picture, size: tuple[int, int], geometry: Geometry, bar: str) -> NDArray[np.float32]:
    """Return the wanted picture on the answer's grid, as floats."""
    image = Image.fromarray(wanted)
    by = max(1.0, float(np.hypot(geometry.six[0], geometry.six[3])))
    small = (max(2, round(image.width / by)), max(2, round(image.height / by)))
    image = image.resize(small, Image.Resampling.LANCZOS)
    scale_x, scale_y = image.width / wanted.shape[1], image.height / wanted.shape[0]
    pad = max(8, round(0.45 * max(image.size)))
    if bar == "edge":
        base = np.pad(np.asarray(image), ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    else:
        base = np.pad(np.asarray(image), ((pad, pad), (pad, pad), (0, 0)), constant_values=0 if bar == "black" else 255)
    step = 24
    xs, ys = [*range(0, size[0], step), size[0]], [*range(0, size[1], step), size[1]]
    to_x, to_y = geometry.back(*np.meshgrid(np.array(xs, float), np.array(ys, float)))
    to_x, to_y = (to_x * scale_x + pad).tolist(), (to_y * scale_y + pad).tolist()
    mesh = []
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            corners = ((row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1))
            quad = [value for r, k in corners for value in (to_x[r][k], to_y[r][k])]
            mesh.append(((xs[column], ys[row], xs[column + 1], ys[row + 1]), quad))
    seen = Image.fromarray(base).transform(size, Image.Transform.MESH, mesh, Image.Resampling.BICUBIC)
    return np.asarray(seen, dtype=np.float32)


def _repainted(values: NDArray[np.float32], chance: Chance, drift: Drift) -> NDArray[np.float32]:
    """Return the picture less sharp or sharper, with other texture, other colours, and grain."""
    strength = drift.strength
    if strength <= 0:
        return values
    image = Image.fromarray((np.clip(values, 0, 255) + 0.5).astype(np.uint8))
    if chance.random() < 0.65:
        image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.0) * strength))
    else:
        image = image.filter(ImageFilter.UnsharpMask(1.2, int(chance.uniform(20, 70) * strength), 1))
    values = np.asarray(image, dtype=np.float32)
    if drift.texture and chance.random() < 0.5:
        values = _invented(values, chance, chance.uniform(0.1, 0.5) * strength)
    shares = np.clip(values / 255, 0, 1) ** (1 + strength * chance.uniform(-0.08, 0.08))
    gains = (1 + strength * chance.uniform(-0.04, 0.04)) * (1 + strength * chance.uniform(-0.025, 0.025, 3))
    values = shares * 255 * gains + strength * chance.uniform(-4, 4)
    light = values.mean(axis=2, keepdims=True)
    values = light + (values - light) * (1 + strength * chance.uniform(-0.07, 0.10))
    size = (values.shape[1], values.shape[0])
    values = values * (1 + strength * chance.uniform(0, 0.03) * clouds(size, max(size) / 2, chance, 1)[..., None])
    grain = strength * chance.uniform(0, 4) * chance.random()
    return (values + chance.normal(size=values.shape) * grain).astype(np.float32)


def _invented(values: NDArray[np.float32], chance: Chance, part: float) -> NDArray[np.float32]:
    """Replace a part of the finest texture by one of the same strength that was made up."""

    def smooth(array: NDArray[np.float32], radius: float) -> NDArray[np.float32]:
        bands = [Image.fromarray(np.ascontiguousarray(array[..., band])) for band in range(array.shape[2])]
        small = [
            band.resize((max(1, int(band.width / radius)), max(1, int(band.height / radius))), Image.Resampling.BOX)
            for band in bands
        ]
        return np.stack([np.asarray(each.resize(bands[0].size, Image.Resampling.BICUBIC)) for each in small], axis=2)

    coarse = np.asarray(
        Image.fromarray(np.clip(values, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.5)),
        dtype=np.float32,
    )
    fine = values - coarse
    strength = np.sqrt(np.maximum(smooth(fine.mean(axis=2, keepdims=True) ** 2, 12), 0))
    made = chance.normal(size=(*values.shape[:2], 1)).astype(np.float32)
    made = made - smooth(made, 3)
    made /= float(made.std()) + 1e-6
    return coarse + fine * (1 - part) + made * strength * part

"""Pixels: reading and writing encoded pictures, arrays of floats, noise, soft masks, colour maps.

Imports Pillow and numpy only. Arrays are float32 in 0..1, (height, width, 3) or (height, width).
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

Array = NDArray[np.floating[Any]]

MAX_SIDE_PX = 2048
MAX_PNG_BYTES = 2_500_000


def read(data: bytes) -> Image.Image:
    """Decode a picture upright, as RGB on white, its longer side at most ``MAX_SIDE_PX``. Raises: OSError."""
    image: Image.Image = Image.open(io.BytesIO(data))
    if image.format == "JPEG" and max(image.size) > 2 * MAX_SIDE_PX:
        image.draft("RGB", (MAX_SIDE_PX, MAX_SIDE_PX))
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits of grey
        image = picture(np.asarray(image, dtype=np.float32) / 65535)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba)
    image = image.convert("RGB")
    image.thumbnail((MAX_SIDE_PX, MAX_SIDE_PX), Image.Resampling.LANCZOS)
    return image


def write(image: Image.Image) -> tuple[str, bytes]:
    """Encode as (MIME type, bytes).

    PNG as the real service sends it, so that many edits in a row lose nothing. JPEG if the PNG would be larger than
    2.5 MB: the bot sends the whole conversation with each request, and a request has a limit in bytes.
    """
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=2)
    if out.tell() <= MAX_PNG_BYTES:
        return "image/png", out.getvalue()
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, subsampling=0)
    return "image/jpeg", out.getvalue()


def floats(image: Image.Image) -> Array:
    """Return the picture as floats."""
    return np.asarray(image, dtype=np.float32) / 255


def picture(array: Array) -> Image.Image:
    """Return floats (colour or grey) as an RGB picture."""
    return Image.fromarray((np.clip(array, 0, 1) * 255 + 0.5).astype(np.uint8)).convert("RGB")


def grey(array: Array) -> Array:
    """Return the luminance (Rec. 601) of a colour array."""
    return array @ np.array([0.299, 0.587, 0.114], dtype=np.float32)


def mix(first: Array, second: Array, share: Any) -> Array:
    """Blend towards ``second`` by ``share``: a number, or a (height, width) mask, also for colours."""
    if isinstance(share, np.ndarray) and share.ndim == 2 and first.ndim in {1, 3}:
        share = share[..., None]
    blended: Array = (second - first) * share
    blended += first
    return blended


def scaled(array: Array, size: tuple[int, int]) -> Array:
    """Resize a (height, width) array to ``size`` = (width, height) smoothly."""
    image = Image.fromarray(np.ascontiguousarray(array, dtype=np.float32))
    return np.array(image.resize(size, Image.Resampling.BICUBIC), dtype=np.float32)


def soften(array: Array, radius_px: float) -> Array:
    """Blur a (height, width) array; wide radii are blurred at a smaller size."""
    height, width = array.shape
    step = max(1, min(round(radius_px / 2.5), height // 16, width // 16))
    small = scaled(array, (width // step, height // step)) if step > 1 else array
    small = gauss(small, max(0.5, 0.9 * radius_px / step))
    return scaled(small, (width, height)) if step > 1 else small


def gauss(array: Array, sigma_px: float) -> Array:
    """Blur an array by a Gaussian along both sides, edges repeated; made for a small ``sigma_px``."""
    reach = max(1, int(3 * sigma_px))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_px) ** 2)
    for _ in range(2):
        padded = np.pad(array, [(reach, reach)] + [(0, 0)] * (array.ndim - 1), mode="edge")
        total: Array = np.zeros_like(array)
        for at, weight in enumerate((kernel / kernel.sum()).tolist()):
            total += padded[at : at + len(array)] * weight
        array = total.swapaxes(0, 1)
    return array


def noise(size: tuple[int, int], cell_px: float, seed: int, octaves: int = 4, stretch: float = 1.0) -> Array:
    """Return fractal noise of ``size`` = (width, height) around 0.5; ``stretch`` widens its features sideways."""
    finest_px = cell_px / 2 ** (octaves - 1)
    if finest_px >= 5 and min(size) >= 64:
        # Nothing in it is finer than a few pixels, so half the size shows all of it for a quarter of the work.
        return scaled(noise((size[0] // 2, size[1] // 2), cell_px / 2, seed, octaves, stretch), size)
    random = np.random.default_rng(seed)
    width, height = size
    total: Array = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        cell = max(1.0, cell_px / 2**octave)
        grid = random.random((int(height / cell) + 3, int(width / (cell * stretch)) + 3), dtype=np.float32)
        right, low = min(1.0 + width / (cell * stretch), grid.shape[1]), min(1.0 + height / cell, grid.shape[0])
        layer = Image.fromarray(grid).resize(size, Image.Resampling.BICUBIC, box=(1.0, 1.0, right, low))
        total += np.asarray(layer, dtype=np.float32) * 0.5**octave
    return total / (2 - 0.5 ** (octaves - 1))


def colour(value: str) -> Array:
    """Return ``#rrggbb`` as three floats."""
    return np.array([int(value[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32) / np.float32(255)


def blend(first: str, second: str, share: float, bright: float = 1.0) -> Array:
    """Return the colour between two of ``#rrggbb``, as ``bright`` as wanted."""
    return mix(colour(first), colour(second), share) * bright


def colour_map(values: Array, stops: Sequence[tuple[float, str]]) -> Array:
    """Map (height, width) values to colours, linearly between ``stops`` of (position, ``#rrggbb``)."""
    places, channels = [place for place, _ in stops], np.stack([colour(value) for _, value in stops], axis=1)
    steps = np.linspace(0, 1, 1024)
    ramp = np.stack([np.interp(steps, places, channel).astype(np.float32) for channel in channels], axis=1)
    return ramp[(np.clip(values, 0, 1) * 1023).astype(np.int16)]


def smoothstep(values: Any, low: float, high: float) -> Array:
    """Rise smoothly from 0 at ``low`` to 1 at ``high`` (or fall, where ``low`` > ``high``)."""
    t: Array = np.clip((np.asarray(values, dtype=np.float32) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def grid(size: tuple[int, int]) -> tuple[Array, Array]:
    """Return x and y of every pixel's centre in 0..1, as (1, width) and (height, 1)."""
    width, height = size
    x = (np.arange(width, dtype=np.float32) + 0.5) / width
    y = (np.arange(height, dtype=np.float32) + 0.5) / height
    return x[None, :], y[:, None]

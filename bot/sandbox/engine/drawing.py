"""Drawn and printed looks: pencil, charcoal, lines, comic, pop art, pixels, neon.

May import: raster, tone beside it, Pillow, numpy. Functions take colour floats and a strength (1 or more) and return
colour floats of the same size. Radii follow the picture's size, so that a look is the same at every resolution.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from . import tone
from .raster import (
    Array,
    banded,
    colour,
    colour_map,
    cut,
    floats,
    grey,
    grid,
    highest,
    mean,
    mix,
    noise,
    picture,
    slopes,
    smoothstep,
    soften,
)


def _size(a: Array) -> tuple[int, int]:
    return a.shape[1], a.shape[0]


def _side(a: Array) -> float:
    return float(max(a.shape[:2]))


def gauss(array: Array, sigma: float) -> Array:
    """Blur a (height, width) array by a true Gaussian of a small ``sigma`` in px."""
    reach = max(1, int(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    kernel = (kernel / (2 * kernel.sum() - kernel[0])).astype(np.float32)
    for axis in (0, 1):
        pads = [(reach, reach) if other == axis else (0, 0) for other in (0, 1)]
        padded, length = np.pad(array, pads, mode="edge"), array.shape[axis]
        array = cut(padded, reach, length, axis) * kernel[0]
        for far, weight in enumerate(kernel[1:], start=1):
            both = cut(padded, reach - far, length, axis) + cut(padded, reach + far, length, axis)
            both *= weight
            array += both
    return array


def kuwahara(a: Array, radius_px: int) -> Array:
    """Flatten texture and keep edges: each pixel takes the calmest of the four neighbourhoods that touch it."""
    half = max(1, radius_px // 2)
    return banded(lambda rows: _calmest(rows, half), a, 2 * half)


def _calmest(a: Array, half: int) -> Array:
    level = grey(a)
    average, square, tones = mean(level, half), mean(level * level, half), mean(a, half)
    spread = np.pad(square - average * average, half, mode="edge")
    tones = np.pad(tones, ((half, half), (half, half), (0, 0)), mode="edge")
    # The calmest of four is the calmer one of the two calmer ones: first above or below, then left or right.
    for axis, length in enumerate(level.shape):
        first, second = cut(spread, 0, length, axis), cut(spread, 2 * half, length, axis)
        calmer = (second < first)[..., None]
        spread = np.minimum(first, second)
        chosen = cut(tones, 0, length, axis).copy()
        np.copyto(chosen, cut(tones, 2 * half, length, axis), where=calmer)
        tones = chosen
    return tones


def ink(level: Array, sigma: float, *, threshold: float = 0.55, sharp: float = 14.0, edge: float = 18.0) -> Array:
    """Return ink lines (0 ink .. 1 paper) by an extended difference of Gaussians."""
    difference = (1 + edge) * gauss(level, sigma) - edge * gauss(level, 1.6 * sigma)
    line = np.where(difference >= threshold, 1.0, 1 + np.tanh(sharp * (difference - threshold)))
    return np.clip(line, 0, 1).astype(np.float32)


def even(level: Array, middle: float) -> Array:
    """Return ``level`` with large light and shade taken out, so that lines in the dark are found as well."""
    return (level - mean(level, max(2, round(max(level.shape) / 16)))) * np.float32(0.9) + np.float32(middle)


def stepped(values: Array, steps: int, low: float, high: float) -> Array:
    """Return ``values`` in ``steps`` flat steps, each rising between ``low`` and ``high`` of the way to the next."""
    position = values * np.float32(steps)
    whole = np.floor(position)
    position -= whole
    return np.asarray((whole + smoothstep(position, low, high)) / np.float32(steps))


def paper(size: tuple[int, int], depth: float, seed: int = 3) -> Array:
    """Return the tooth of drawing paper around 1."""
    cell = max(2.0, max(size) / 420)
    fine, coarse = noise(size, cell, seed, 2), noise(size, cell * 14, seed + 1, 3)
    return np.asarray(1 + depth * ((fine - 0.5) * 1.7 + (coarse - 0.5) * 0.4), dtype=np.float32)


def pencil(a: Array, k: float) -> Array:
    """Graphite: the picture divided by its own blur, hatched in the shadows, on toothed paper."""
    level = grey(a)
    radius = max(2.0, _side(a) / 75)
    line = np.clip(level / np.maximum(soften(level, radius), 0.03), 0, 1) ** np.float32(1.5 + 0.5 * k)
    fine = np.clip(level / np.maximum(gauss(level, max(0.8, _side(a) / 420)), 0.03), 0, 1) ** np.float32(2.4)
    shade = smoothstep(level, -0.25, 0.62)
    hatch = noise(_size(a), max(2.0, _side(a) / 300), 21, 2, stretch=7)
    turned = np.clip(1 - (1 - shade) * (0.35 + 0.75 * hatch), 0, 1)
    out = line * fine * turned * paper(_size(a), 0.10)
    return colour_map(0.06 + 0.94 * np.clip(out, 0, 1), [(0, "#2b2a2c"), (0.5, "#86847f"), (1, "#fbf9f3")])


def charcoal(a: Array, k: float) -> Array:
    """Broad, smudged darks that catch on rough paper, and lifted lights."""
    size = _size(a)
    level = grey(kuwahara(a, max(2, round(_side(a) / 170))))
    # Hands work the shade until a dark form shows, so large darks are lifted as far as the paper's tooth allows.
    level = smoothstep(mix(level, np.clip(even(level, 0.5), 0, 1), np.float32(0.45)), 0.02, 0.92)
    smudge = mix(level, soften(level, max(1.5, _side(a) / 140)), np.float32(0.45))
    lines = ink(level, max(0.9, _side(a) / 650), threshold=0.42, edge=20)
    tooth = noise(size, max(2.0, _side(a) / 380), 31, 2) + 0.35 * (noise(size, _side(a) / 90, 32, 2, stretch=3) - 0.5)
    catch = smoothstep(smudge + (tooth - 0.5) * 0.75, 0.12, 0.66)
    out = catch * (0.30 + 0.70 * lines)
    return colour_map(out, [(0, "#161514"), (0.4, "#55524e"), (1, "#efe9de")])


def line_art(a: Array, k: float) -> Array:
    """Clean ink lines on white."""
    level = grey(kuwahara(a, max(2, round(_side(a) / 300))))
    out = ink(even(level, 0.72), max(0.8, _side(a) / 620), threshold=0.60, sharp=22, edge=26)
    return np.repeat((0.06 + 0.94 * out)[..., None], 3, axis=2)


def cartoon(a: Array, k: float) -> Array:
    """Flat tones in few steps, strong colour, dark contours."""
    lifted = tone.brighter(np.clip(a, 0, 1), 0.45)
    flat = kuwahara(kuwahara(lifted, max(2, round(_side(a) / 190))), max(2, round(_side(a) / 260)))
    level = grey(flat)
    flat = flat * (np.clip(stepped(level, 6, 0.35, 0.65), 0.03, 1) / np.maximum(level, 0.03))[..., None]
    contour = ink(even(gauss(level, 0.8), 0.66), max(0.9, _side(a) / 560), threshold=0.44, sharp=9, edge=15)
    return tone.saturated(flat, 0.75) * (0.12 + 0.88 * contour)[..., None]


def comic(a: Array, k: float) -> Array:
    """Newsprint: flat colours, halftone dots in the shade, black ink."""
    flat = tone.saturated(kuwahara(a, max(2, round(_side(a) / 180))), 1.1)
    level = grey(flat)
    flat = np.round(np.clip(tone.brighter(np.clip(flat, 0, 1), 0.8), 0, 1) * 4) / 4
    pitch = max(4.0, _side(a) / 130)
    rows, cols = np.arange(a.shape[0], dtype=np.float32)[:, None], np.arange(a.shape[1], dtype=np.float32)[None, :]
    u, v = (cols + rows) / (pitch * 1.414), (cols - rows) / (pitch * 1.414)
    dot = (np.cos(2 * np.pi * u) + np.cos(2 * np.pi * v)) / 4 + 0.5
    shade = 0.62 - gauss(level, 1.2)
    dots = smoothstep(shade * 1.5 + 0.15 - (1 - dot), -0.06, 0.06) * smoothstep(level, 0.72, 0.5)
    lines = ink(even(level, 0.64), max(1.0, _side(a) / 520), threshold=0.42, sharp=14, edge=16)
    dark = smoothstep(level, 0.05, 0.11)
    out = mix(flat.astype(np.float32), flat * colour("#4a3f8f"), dots * np.float32(0.55))
    return np.asarray(out * (lines * dark)[..., None] * colour("#fff8e6"), dtype=np.float32)


_POP = (
    ("#1b1464", "#e84393", "#ffeaa7"), ("#2d132c", "#ee4540", "#7efff5"),
    ("#0a3d62", "#38ada9", "#fad390"), ("#341f97", "#ff9f43", "#f8effa"),
)  # fmt: skip


def pop_art(a: Array, k: float) -> Array:
    """Four silkscreen prints of the picture in four inks."""
    height, width = a.shape[:2]
    small = np.asarray(picture(a).resize((max(1, width // 2), max(1, height // 2)), Image.Resampling.LANCZOS))
    level = grey(small.astype(np.float32) / 255)
    low, high = np.percentile(level, (4, 96))
    level = gauss(np.clip((level - low) / max(high - low, 0.1), 0, 1).astype(np.float32), max(0.6, _side(a) / 900))
    out = np.ones_like(a)
    for index, (dark, middle, light) in enumerate(_POP):
        print_ = mix(colour(dark)[None, None], colour(middle)[None, None], smoothstep(level, 0.30, 0.34))
        print_ = mix(print_, colour(light)[None, None], smoothstep(level, 0.58, 0.62))
        top, left = (index // 2) * (height - level.shape[0]), (index % 2) * (width - level.shape[1])
        out[top : top + level.shape[0], left : left + level.shape[1]] = print_
    return out


def pixel_art(a: Array, k: float) -> Array:
    """Large pixels in a palette of few colours, chosen from the picture."""
    height, width = a.shape[:2]
    cells = 88 / (0.5 + 0.5 * k)
    small = (max(1, round(width * cells / _side(a))), max(1, round(height * cells / _side(a))))
    tiny = picture(tone.contrast(tone.saturated(a, 0.6), 0.3)).resize(small, Image.Resampling.BOX)
    few = tiny.quantize(28, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    return floats(few.resize((width, height), Image.Resampling.NEAREST))


def poster(a: Array, k: float) -> Array:
    """Screen print: five levels per colour, edges kept clean."""
    flat = tone.saturated(kuwahara(a, max(2, round(_side(a) / 200))), 0.8)
    return stepped(np.clip(tone.contrast(flat, 0.5), 0, 1), 4, 0.46, 0.54)


def emboss(a: Array, k: float) -> Array:
    """Grey relief, lit from the upper left."""
    level = gauss(grey(a), max(0.7, _side(a) / 700))
    slope_y, slope_x = slopes(level)
    relief = 0.55 - (slope_x + slope_y) * np.float32(_side(a) / 190 * k)
    grey_relief: Array = np.clip(relief, 0.04, 0.98)
    return grey_relief[..., None] * colour("#eeeae2")


def neon(a: Array, k: float) -> Array:
    """Glowing outlines in the picture's own hues on the dark."""
    smooth = kuwahara(a, max(2, round(_side(a) / 240)))
    level = grey(smooth)
    slope_y, slope_x = slopes(gauss(level, 1.0))
    edge = np.hypot(slope_x, slope_y) * _side(a) / 260
    line = smoothstep(edge, 0.05, 0.24)
    x, y = grid(_size(a))
    drift = colour_map(
        np.clip(x * 0.5 + y * 0.5, 0, 1), [(0, "#18e0ff"), (0.45, "#7a5cff"), (0.75, "#ff3fb4"), (1, "#ffb03a")]
    )
    hue = np.clip(tone.saturated(smooth, 2.0), 0, 1)
    tube = mix(drift, hue / np.maximum(highest(hue), 0.2)[..., None], np.float32(0.2))
    halo = soften(line, max(1.5, _side(a) / 110)) * 0.9 + soften(line, max(2.0, _side(a) / 36)) * 0.7
    core = (line**2)[..., None] * np.float32(0.30)
    return np.asarray(0.05 * smooth + tube * (line * 0.9 + halo)[..., None] + core, dtype=np.float32)

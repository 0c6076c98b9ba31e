"""Space, abstract sheets, and the poster that stands in for what no scene fits.

May import: canvas, light, sky, raster, lettering, numpy.
"""

from __future__ import annotations

import re

import numpy as np
from PIL import Image, ImageDraw

from ..geometry import COLOURS
from ..lettering import fitted
from ..raster import Array, colour, colour_map, mix, noise, smoothstep, soften
from .canvas import Canvas

_NEBULAE = (
    ((0, "#03040d"), (0.35, "#121a4a"), (0.6, "#5a2a82"), (0.8, "#d8589a"), (1, "#ffd9b0")),
    ((0, "#02060c"), (0.35, "#06304a"), (0.6, "#0f7f8c"), (0.8, "#6fd0b0"), (1, "#fff2c4")),
    ((0, "#060308"), (0.35, "#3a1030"), (0.6, "#8f2f3a"), (0.8, "#e88a4a"), (1, "#ffeec0")),
)


def space(canvas: Canvas, prompt: str, extras: frozenset[str]) -> None:
    """A nebula with dust lanes and stars; planets, one ringed."""
    wide = canvas.noise(canvas.unit * 0.45, 901, 6)
    fine = canvas.noise(canvas.unit * 0.14, 902, 6)
    height, width = wide.shape
    shift = canvas.unit * 0.30
    rows = np.clip(np.arange(height)[:, None] + (wide - 0.5) * shift * 2, 0, height - 1).astype(int)
    cols = np.clip(np.arange(width)[None, :] + (fine - 0.5) * shift * 2, 0, width - 1).astype(int)
    cloud = canvas.noise(canvas.unit * 0.30, 903, 6)[rows, cols]
    band = np.exp(-((((canvas.y - 0.5) + 0.55 * (canvas.x - 0.5)) / 0.34) ** 2))
    body = np.clip((cloud - 0.30) * 1.75, 0, 1) * (0.30 + 0.85 * band)
    lanes = smoothstep(canvas.noise(canvas.unit * 0.22, 904, 6)[rows, cols], 0.50, 0.66)
    canvas.pixels = colour_map(np.clip(body * (1 - 0.72 * lanes * band), 0, 1), _NEBULAE[canvas.seed % len(_NEBULAE)])
    other = colour(_NEBULAE[(canvas.seed + 1) % len(_NEBULAE)][2][1])
    canvas.pixels = canvas.pixels + (smoothstep(fine, 0.5, 0.8) * band)[..., None].astype(
        np.float32
    ) * other * np.float32(0.30)
    _stars(canvas, band.astype(np.float32))
    canvas.pixels = np.clip(canvas.pixels, 0, 1)
    _planet(canvas, 0.68 * canvas.width, 0.60 * canvas.height, 0.17 * canvas.unit, ringed=True)
    if "planets" in extras or canvas.seed % 2:
        _planet(canvas, 0.20 * canvas.width, 0.24 * canvas.height, 0.055 * canvas.unit, ringed=False)


def _stars(canvas: Canvas, band: Array) -> None:
    layer = np.zeros((canvas.height, canvas.width), dtype=np.float32)
    count = int(2600 * canvas.width * canvas.height / 1e6)
    ys, xs = canvas.random.integers(0, canvas.height, count), canvas.random.integers(0, canvas.width, count)
    layer[ys, xs] = canvas.random.random(count).astype(np.float32) ** 4 * (0.4 + 0.6 * band[ys, xs]) + 0.05
    canvas.shine(soften(layer, 1) * 6, "#eef2ff", 0.95)
    spikes = []
    for _ in range(9):
        x, y, size = (
            canvas.random.random() * canvas.width,
            canvas.random.random() * canvas.height,
            canvas.random.uniform(0.008, 0.026) * canvas.unit,
        )
        spikes += [([(x - size, y), (x + size, y)], 1.0), ([(x, y - size), (x, y + size)], 1.0)]
        far = np.hypot(canvas.x * canvas.width - x, canvas.y * canvas.height - y) / (size * 0.22)
        canvas.shine(np.exp(-far).astype(np.float32), "#dfe8ff", 0.95)
    canvas.shine(soften(canvas.lines(spikes), 1), "#ffffff", 0.55)


def _planet(canvas: Canvas, x: float, y: float, radius: float, *, ringed: bool) -> None:
    u = (canvas.x * canvas.width - x) / radius
    v = (canvas.y * canvas.height - y) / radius
    far = np.hypot(u, v)
    z = np.sqrt(np.clip(1 - far**2, 0, 1))
    tilt = v * 0.92 + u * 0.38
    bands = canvas.noise(canvas.unit * 0.12, 911, 5, 3.0)
    stripes = 0.5 + 0.30 * np.sin(tilt * 13 + (bands - 0.5) * 3.2) + 0.5 * (bands - 0.5)
    stops = (
        [(0, "#7a4a34"), (0.4, "#c98f5f"), (0.7, "#e8cfa4"), (1, "#fff3da")]
        if ringed
        else [(0, "#24405f"), (0.5, "#5f8fb0"), (1, "#d7e6ee")]
    )
    surface = colour_map(np.clip(stripes, 0, 1), stops)
    sun = np.clip(-u * 0.70 - v * 0.38 + z * 0.55, 0, 1)
    lit = surface * (0.03 + 1.05 * sun)[..., None]
    ring_v = (v * 0.925 + u * 0.38) / 0.27
    ring_u = u * 0.925 - v * 0.38
    reach = np.hypot(ring_u, ring_v)
    disc = smoothstep(far, 1 + 1.5 / radius, 1 - 1.5 / radius)
    if ringed:
        grooves = 0.55 + 0.45 * np.sin(reach * 46) * np.sin(reach * 17 + 1)
        ring = (
            smoothstep(reach, 1.38, 1.42)
            * smoothstep(reach, 2.25, 2.18)
            * (0.35 + 0.5 * grooves)
            * (1 - 0.8 * np.exp(-(((reach - 1.92) / 0.035) ** 2)))
        )
        behind = (
            smoothstep(-u * -0.70 + v * -0.38, -0.2, 0.5)
            * (far < 1.9)
            * smoothstep(np.abs(u * 0.38 - v * 0.70), 1.05, 0.9)
        )
        ring = ring * (1 - 0.75 * behind * (ring_v < 0))
        shadow = np.exp(-(((ring_v * 0.27 + 0.16) / 0.07) ** 2)) * 0.45
        lit = lit * (1 - shadow)[..., None]
        canvas.fill((ring * (ring_v < 0)).astype(np.float32), "#e6d3b4", 0.9)
    canvas.fill(disc, lit.astype(np.float32))
    canvas.shine(
        (np.exp(-np.abs(far - 1) * 16) * np.clip(-u * 0.7 - v * 0.38 + 0.2, 0, 1)).astype(np.float32),
        "#ffdfb8" if ringed else "#a8cfff",
        0.5,
    )
    if ringed:
        canvas.fill((ring * (ring_v >= 0)).astype(np.float32), "#ead8bb", 0.9)


_PALETTES = (
    ("#0f2a47", "#1f6f8b", "#99c9c4", "#f2e3c6", "#e8743b"), ("#2b1b3d", "#7b2d5e", "#d9545d", "#f4a259", "#f9e7c4"),
    ("#12372a", "#436850", "#adbc9f", "#fbfada", "#d88c3a"), ("#1b2432", "#3c5a76", "#8fb3c9", "#f6efe6", "#d1495b"),
    ("#3a2318", "#a4532f", "#e0a458", "#f3e3c3", "#4b7f82"),
)  # fmt: skip


def palette(prompt: str, seed: int) -> list[Array]:
    """Return five colours, dark to light to accent: those that the prompt names, else a set chosen by the seed."""
    named = [colour(COLOURS[word]) for word in re.findall(r"[a-z]+", prompt.lower()) if word in COLOURS]
    base = [colour(value) for value in _PALETTES[seed % len(_PALETTES)]]
    if not named:
        return base
    first, last = named[0], named[-1]
    cream = colour("#f7efe0")
    return [first * np.float32(0.40), first, mix(first, cream, 0.5), mix(last, cream, 0.78), last]


def abstract(canvas: Canvas, prompt: str) -> None:
    """Layered paper hills, discs and arcs, each with a soft shadow and the tooth of paper."""
    tones = palette(prompt, canvas.seed)
    canvas.pixels = mix(
        tones[3][None, None], tones[2][None, None], smoothstep(canvas.y * np.ones_like(canvas.x), 0.0, 1.2)
    )
    random = np.random.default_rng(canvas.seed + 921)
    sun = (
        random.uniform(0.28, 0.72) * canvas.width,
        random.uniform(0.24, 0.40) * canvas.height,
        random.uniform(0.15, 0.22) * canvas.unit,
    )
    _sheet(canvas, canvas.ellipse(sun[0], sun[1], sun[2], sun[2]), tones[4])
    rings = [
        canvas.ellipse(sun[0], sun[1], sun[2] * k, sun[2] * k)
        - canvas.ellipse(sun[0], sun[1], sun[2] * k - canvas.unit * 0.006, sun[2] * k - canvas.unit * 0.006)
        for k in (1.25, 1.5)
    ]
    for ring in rings:
        canvas.fill(np.clip(ring, 0, 1), tones[4][None, None], 0.5)
    order = (2, 4, 1, 2, 0, 1, 0)
    for index, pick in enumerate(order):
        base = 0.44 + 0.085 * index
        x = canvas.x[0] * canvas.width / canvas.unit
        wave = sum(
            w * np.sin(f * x + p)
            for w, f, p in zip(
                (0.055, 0.028, 0.012), random.uniform((1.5, 3, 6), (3, 6, 10)), random.uniform(0, 6.3, 3), strict=True
            )
        )
        line = ((base + wave) * canvas.height).astype(np.float32)
        tone = mix(tones[pick], tones[3], 0.30 - 0.045 * index)
        _sheet(canvas, canvas.below(line), tone)
    tooth = canvas.noise(max(2.0, canvas.unit * 0.003), 922, 2) - 0.5
    canvas.pixels = np.asarray(canvas.pixels * (1 + 0.10 * tooth)[..., None], dtype=np.float32)


def _sheet(canvas: Canvas, mask: Array, tone: Array) -> None:
    shadow = soften(mask, canvas.unit * 0.016)
    canvas.fill(np.clip(shadow - mask, 0, 1), "#000000", 0.50)
    grain = 1 + 0.07 * (noise(canvas.size, canvas.unit * 0.25, canvas.seed + int(mask.sum()) % 997, 3, 2) - 0.5)
    canvas.fill(mask, (tone[None, None] * grain[..., None]).astype(np.float32))


def poster(canvas: Canvas, prompt: str) -> None:
    """Set the prompt in type on an abstract sheet, as a printed poster with a margin."""
    abstract(canvas, prompt)
    tones = palette(prompt, canvas.seed)
    margin = canvas.unit * 0.045
    inside = canvas.polygon(
        [
            (margin, margin),
            (canvas.width - margin, margin),
            (canvas.width - margin, canvas.height - margin),
            (margin, canvas.height - margin),
        ]
    )
    canvas.fill(1 - inside, mix(tones[3], colour("#ffffff"), 0.55)[None, None])
    words = prompt[:1].upper() + prompt[1:160]
    text, face = fitted(words, canvas.width * 0.74, canvas.height * 0.34, canvas.unit * 0.085)
    sheet = Image.new("L", canvas.size)
    pen = ImageDraw.Draw(sheet)
    left, top, _, bottom = pen.multiline_textbbox((0, 0), text, face, spacing=face.size * 0.22)
    y = canvas.height - margin * 2.1 - (bottom - top) - top
    pen.multiline_text((margin * 2.1 - left, y), text, 255, face, spacing=face.size * 0.22)
    mask = np.asarray(sheet, dtype=np.float32) / 255
    canvas.fill(soften(mask, canvas.unit * 0.006), tones[0][None, None] * np.float32(0.4), 0.6)
    canvas.fill(mask, mix(tones[3], colour("#ffffff"), 0.6)[None, None])

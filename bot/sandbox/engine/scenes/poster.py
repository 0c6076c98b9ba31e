"""The poster for every wish that fits no scene: its words in type on layered paper.

Imports numpy, Pillow, ``edits`` and ``canvas``.
"""

from __future__ import annotations

import re

import numpy as np
from PIL import Image, ImageDraw

from bot.sandbox.engine.edits.raster import Array, colour, mix, smoothstep, soften
from bot.sandbox.engine.edits.shapes import COLOURS, fitted, writable
from bot.sandbox.engine.scenes.canvas import Canvas

# Dark, middle, light, paper, and the colour of the sun.
_PALETTES = (
    ("#0f2a47", "#1f6f8b", "#99c9c4", "#f2e3c6", "#e8743b"), ("#2b1b3d", "#7b2d5e", "#d9545d", "#f4a259", "#f9e7c4"),
    ("#12372a", "#436850", "#adbc9f", "#fbfada", "#d88c3a"), ("#3a2318", "#a4532f", "#e0a458", "#f3e3c3", "#4b7f82"),
)  # fmt: skip


def poster(canvas: Canvas, prompt: str) -> None:
    """Set the prompt in type on a sun over paper hills, as a printed poster with a margin."""
    tones = [colour(value) for value in _PALETTES[canvas.seed % len(_PALETTES)]]
    if named := [colour(COLOURS[word]) for word in re.findall(r"[a-z]+", prompt.lower()) if word in COLOURS]:
        first, last, cream = named[0], named[-1], colour("#f7efe0")
        tones = [first * 0.4, first, mix(first, cream, 0.5), mix(last, cream, 0.78), last]
    _hills(canvas, tones)
    margin = canvas.unit * 0.045
    inside = canvas.box(margin, margin, canvas.width - 2 * margin, canvas.height - 2 * margin)
    canvas.fill(1 - inside, mix(tones[3], colour("#ffffff"), 0.55))
    words = writable(prompt[:160]).strip()
    text, face = fitted(words[:1].upper() + words[1:], canvas.width * 0.74, canvas.height * 0.34, canvas.unit * 0.085)
    sheet = Image.new("L", canvas.size)
    place = (margin * 2.1, canvas.height - margin * 2.1)
    ImageDraw.Draw(sheet).multiline_text(place, text, 255, face, anchor="ld", spacing=face.size * 0.22)
    mask = np.asarray(sheet, dtype=np.float32) / 255
    canvas.fill(soften(mask, canvas.unit * 0.006), tones[0] * 0.4, 0.6)
    canvas.fill(mask, "#fdf8ee")


def _hills(canvas: Canvas, tones: list[Array]) -> None:
    """Paint a sun and hills, each a sheet of paper that throws a soft shadow."""
    canvas.pixels = mix(tones[3], tones[2], smoothstep(canvas.y * np.ones_like(canvas.x), 0.0, 1.2))
    random = np.random.default_rng(canvas.seed + 921)
    x, y, radius = random.uniform((0.28, 0.24, 0.15), (0.72, 0.40, 0.22)).tolist()
    sheets = [
        (canvas.ellipse(x * canvas.width, y * canvas.height, radius * canvas.unit, radius * canvas.unit), tones[4])
    ]
    across = canvas.x[0] * canvas.width / canvas.unit
    for index, pick in enumerate((2, 4, 1, 2, 0, 1, 0)):
        slow, turn = random.uniform((1.5, 3, 6), (3, 6, 10)), random.uniform(0, 6.3, 3)
        wave = np.array((0.055, 0.028, 0.012)) @ np.sin(slow[:, None] * across + turn[:, None])
        hill = canvas.below((0.44 + 0.085 * index + wave) * canvas.height)
        sheets.append((hill, mix(tones[pick], tones[3], 0.30 - 0.045 * index)))
    for mask, tone in sheets:
        canvas.fill(np.clip(soften(mask, canvas.unit * 0.016) - mask, 0, 1), "#000000", 0.50)
        canvas.fill(mask, tone)
    canvas.pixels = canvas.pixels * (0.95 + 0.10 * canvas.noise(max(2.0, canvas.unit * 0.003), 922, 2))[..., None]

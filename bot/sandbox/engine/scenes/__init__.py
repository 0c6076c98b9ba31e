"""Painted scenes for wishes without a picture: procedural, seeded by the prompt, without any model.

May import: the painters beside it, steps, raster. ``paint`` is the only thing that the rest of the engine calls.
"""

from __future__ import annotations

import zlib

from PIL import Image

from ..steps import Step
from . import coast
from .canvas import Canvas
from .light import light_of

_PAINTERS = {"lighthouse": coast.lighthouse}


def paint(step: Step, size: tuple[int, int]) -> Image.Image:
    """Paint a ``scene`` step at ``size`` = (width, height) px. The same prompt gives the same picture."""
    canvas = Canvas(size, zlib.crc32(step.get("prompt").lower().encode()) % 100_000)
    weather, extras = step.get("weather"), frozenset(step.get("extras").split(","))
    light = light_of(step.get("time", "dusk"), weather)
    _PAINTERS.get(step.get("subject"), coast.lighthouse)(canvas, light, weather, extras)
    return canvas.finish()

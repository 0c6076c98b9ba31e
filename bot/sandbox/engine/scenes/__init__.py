"""Painted scenes for wishes without a picture: procedural, seeded by the prompt, without any model.

May import: the painters beside it, steps. ``paint`` is the only thing that the rest of the engine calls.
"""

from __future__ import annotations

import zlib

from PIL import Image

from ..steps import Step
from .canvas import Canvas
from .landscape import landscape
from .light import light_of
from .lighthouse import lighthouse
from .poster import poster
from .still_life import still_life
from .weather import falling

_PAINTERS = {"lighthouse": (lighthouse, "dusk"), "landscape": (landscape, "dawn"), "still life": (still_life, "day")}


def paint(step: Step, size: tuple[int, int]) -> Image.Image:
    """Paint a ``scene`` step at ``size`` = (width, height) px. The same prompt and version give the same picture."""
    seed = zlib.crc32(step.get("prompt").lower().encode()) + 7919 * int(step.get("version", "0"))
    canvas = Canvas(size, seed % 100_000)
    if step.get("subject") == "poster":
        poster(canvas, step.get("prompt"))
        return canvas.finish()
    painter, hour = _PAINTERS[step.get("subject")]
    weather = step.get("weather")
    painter(canvas, light_of(step.get("time", hour), weather), weather, frozenset(step.get("extras").split(",")))
    if painter is not still_life:
        falling(canvas, weather)
    return canvas.finish()

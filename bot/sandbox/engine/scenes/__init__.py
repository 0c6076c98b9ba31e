"""Painted scenes for wishes without a picture: procedural, seeded by the prompt, without any model.

May import: the painters beside it, steps, raster. ``paint`` is the only thing that the rest of the engine calls.
"""

from __future__ import annotations

import zlib

from PIL import Image

from ..steps import Step
from . import coast, creatures, land, lighthouse, prints, town, woods
from .canvas import Canvas
from .light import light_of
from .sky import falling

_PAINTERS = {
    "lighthouse": (lighthouse.paint_lighthouse, "dusk"),
    "mountains": (land.mountains, "dawn"),
    "desert": (land.desert, "dusk"),
    "flowers": (land.flowers, "day"),
    "sea": (coast.sea, "dusk"),
    "boat": (coast.boat, "dawn"),
    "forest": (woods.forest, "dawn"),
    "cabin": (woods.cabin, "dusk"),
    "city": (town.city, "night"),
    "castle": (town.castle, "dusk"),
    "fox": (creatures.fox, "dawn"),
    "cat": (creatures.cat, "dusk"),
}


def paint(step: Step, size: tuple[int, int]) -> Image.Image:
    """Paint a ``scene`` step at ``size`` = (width, height) px. The same prompt gives the same picture."""
    canvas = Canvas(size, zlib.crc32(step.get("prompt").lower().encode()) % 100_000)
    weather, extras = step.get("weather"), frozenset((*step.get("extras").split(","), step.get("season")))
    subject = step.get("subject")
    if subject == "space":
        prints.space(canvas, step.get("prompt"), extras)
    elif subject in _PAINTERS:
        painter, hour = _PAINTERS[subject]
        painter(canvas, light_of(step.get("time", hour), weather), weather, extras)
    else:
        (prints.abstract if subject == "abstract" else prints.poster)(canvas, step.get("prompt"))
        weather = ""
    # The cat sits indoors: its painter lets the weather fall behind the window.
    if subject != "cat":
        falling(canvas, weather)
    return canvas.finish()

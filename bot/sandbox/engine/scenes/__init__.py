"""Painted scenes for wishes without a picture: procedural, seeded by the prompt, without any model.

Imports ``canvas``, ``landscape``, ``lighthouse``, ``outdoors``, ``poster``, ``still_life`` and ``steps``. ``paint`` is
the only thing that the rest of the engine calls.
"""

from __future__ import annotations

import zlib

from PIL import Image

from bot.sandbox.engine.scenes.canvas import Canvas
from bot.sandbox.engine.scenes.landscape import landscape
from bot.sandbox.engine.scenes.lighthouse import lighthouse
from bot.sandbox.engine.scenes.outdoors import light_of
from bot.sandbox.engine.scenes.poster import poster
from bot.sandbox.engine.scenes.still_life import still_life
from bot.sandbox.engine.steps import Step


def paint(step: Step, size: tuple[int, int]) -> Image.Image:
    """Paint a ``scene`` step at ``size`` = (width, height) px. The same prompt and version give the same picture."""
    seed = zlib.crc32(step.get("prompt").lower().encode()) + 7919 * int(step.get("version", "0"))
    canvas = Canvas(size, seed % 100_000)
    time, weather, boat = step.get("time"), step.get("weather"), step.get("with") == "boat"
    match step.get("subject"):
        case "lighthouse":
            lighthouse(canvas, light_of(time or "dusk", weather), weather, boat=boat)
        case "landscape":
            landscape(canvas, light_of(time or "dawn", weather), weather, boat=boat)
        case "still life":
            still_life(canvas)
        case _:
            poster(canvas, step.get("prompt"))
    return canvas.finish()

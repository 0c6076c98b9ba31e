"""The mode "Drifts": what real image models do to a picture with every edit.

Imports Pillow, numpy, ``looks``, ``raster`` and ``models``. Real models do not change pixels. They read a picture and
paint another one: at their own size, a little shifted, in slightly different colours, with new fine texture. Over
several turns the changes add up. This mode shows in the sandbox what that looks like, and what the bot does about it.
"""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from bot.sandbox.engine.edits import looks
from bot.sandbox.engine.edits.raster import floats, mix, noise, picture
from bot.sandbox.engine.models import Model

_GROWTH = 0.012
_QUALITY = 80


def repainted(image: Image.Image, model: Model, seed: int) -> Image.Image:
    """Return ``image`` in the model's nearest shape, shifted, recoloured and recompressed."""
    random = np.random.default_rng(seed)
    size = model.ratios[model.nearest(image.size)]
    image = ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    width, height = size
    left, top = (random.uniform(0, _GROWTH, 2) * size).tolist()
    box = (left, top, left + (1 - _GROWTH) * width, top + (1 - _GROWTH) * height)
    a = floats(image.resize(size, Image.Resampling.BICUBIC, box=box))
    a = mix(a, looks.kuwahara(a, 4), np.float32(0.38))
    warm, deep, strong = random.uniform((0.03, 0.03, 0.06), (0.09, 0.10, 0.14))
    a = looks.saturated(looks.contrast(looks.warmer(a, warm), deep), strong)
    a = a + ((noise(size, max(size) / 4, seed, 2) - 0.5) * np.float32(0.035))[..., None]
    sharp = picture(a).filter(ImageFilter.UnsharpMask(1.2, 60, 2))
    packed = io.BytesIO()
    sharp.save(packed, "JPEG", quality=_QUALITY)
    return Image.open(packed).convert("RGB")

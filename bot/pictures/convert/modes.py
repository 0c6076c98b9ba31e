"""Converts decoded pictures to one of four modes: grey or colour, one byte each, with or without alpha.

Imports Pillow. The conversion is chosen by the whole picture and applied to strips of it.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image, ImageCms

PLAIN = frozenset({"L", "LA", "RGB", "RGBA"})
ALPHA = frozenset({"LA", "RGBA"})

_LOOKED_AT_PX = 1_000_000

Convert = Callable[[Image.Image], Image.Image]


def as_it_is(strip: Image.Image) -> Image.Image:
    """Return a strip that needs no conversion."""
    return strip


def converter(picture: Image.Image, profile: bytes | None) -> Convert:
    """Return the conversion of strips of ``picture`` to a mode of ``PLAIN``; wider samples are scaled to bytes."""
    mode = picture.mode
    if mode in PLAIN and "transparency" not in picture.info:
        # Alpha takes half of the time of scaling, and in screenshots it is opaque everywhere.
        return (lambda strip: strip.convert(mode[:-1])) if mode in ALPHA and is_opaque(picture) else as_it_is
    if mode == "CMYK" and profile and profile[16:20] == b"CMYK":
        return _by_profile(profile)
    if mode.startswith("I;16"):
        return lambda strip: strip.convert("I").point(lambda value: value / 256).convert("L")
    if mode in ("I", "F"):
        return _stretched(*picture.getextrema())
    if mode == "1":
        return lambda strip: strip.convert("L")
    target = "RGB"
    if picture.has_transparency_data:
        target = "LA" if mode in ("L", "LA", "La") else "RGBA"
    return lambda strip: strip.convert(target)


def is_opaque(picture: Image.Image) -> bool:
    """Return whether a picture is opaque everywhere; stops at the first pixel that is not."""
    rows = max(1, _LOOKED_AT_PX // picture.width)
    return all(
        picture.crop((0, top, picture.width, min(picture.height, top + rows))).getchannel("A").getextrema()[0] == 255
        for top in range(0, picture.height, rows)
    )


def _stretched(low: float, high: float) -> Convert:
    scale = 255 / ((high - low) or 1)
    return lambda strip: strip.convert("F").point(lambda value: (value - low) * scale).convert("L")


def _by_profile(profile: bytes) -> Convert:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), "CMYK", "RGB")
    except ImageCms.PyCMSError:
        return lambda strip: strip.convert("RGB")
    return lambda strip: ImageCms.applyTransform(strip, transform) or strip.convert("RGB")

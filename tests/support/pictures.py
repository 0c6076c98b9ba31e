"""Pictures made for tests: any size, any format, with or without metadata. Imports Pillow."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw


def picture(width: int = 64, height: int = 48, colour: str = "teal", kind: str = "JPEG", **how: Any) -> bytes:
    """Draw a plain picture with a diagonal, as bytes of a format."""
    mode = "RGBA" if kind in {"PNG", "WEBP"} and how.pop("alpha", False) else "RGB"
    image = Image.new(mode, (width, height), colour)
    ImageDraw.Draw(image).line((0, 0, width, height), fill="white", width=max(1, width // 40))
    return encoded(image, kind, **how)


def noise(width: int, height: int, quality: int = 90) -> bytes:
    """Draw noise, which no format makes small, as JPEG."""
    return encoded(Image.effect_noise((width, height), 80).convert("RGB"), "JPEG", quality=quality)


def encoded(image: Image.Image, kind: str, **how: Any) -> bytes:
    """Return an image as bytes of a format."""
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """Read a picture, all of it."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image

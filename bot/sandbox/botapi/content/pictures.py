"""What Telegram does to a photo: JPEG sizes of 90, 320, 800 and 1280 px (2560 in HD), without metadata or alpha.

Imports Pillow and ``errors``. Runs in worker threads, so the event loop stays free. Reads the header before it decodes
any pixel.
"""

from __future__ import annotations

import asyncio
import io
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageOps

from bot.sandbox.botapi.errors import bad

SIZES_PX = (90, 320, 800, 1280)
HD_PX = 2560
THUMBNAIL_PX = 320
MAX_PHOTO_BYTES = 10_485_760
MAX_SIDES_PX = 10_000
MAX_RATIO = 20
QUALITY = 87


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One size of a photo, as JPEG."""

    width_px: int
    height_px: int
    data: bytes = field(repr=False)


async def photo_sizes(data: bytes, *, hd: bool = False) -> list[Rendition]:
    """Return the sizes of a photo, smallest first. Raises ApiError where Telegram refuses the photo."""
    if len(data) > MAX_PHOTO_BYTES:
        raise bad(f"File of size {len(data)} bytes is too big for a photo; the maximum size is {MAX_PHOTO_BYTES} bytes")
    return await asyncio.to_thread(_photo_sizes, data, hd)


async def thumbnail(data: bytes) -> Rendition | None:
    """Return the preview of a picture that is sent as a document; None if it is no picture or too large."""
    return await asyncio.to_thread(_thumbnail, data)


async def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return width and height in px from the header; None if it is no picture."""
    return await asyncio.to_thread(_header_size, data)


def _open(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return Image.open(io.BytesIO(data))


def _header_size(data: bytes) -> tuple[int, int] | None:
    try:
        return _open(data).size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _photo_sizes(data: bytes, hd: bool) -> list[Rendition]:
    try:
        image = _open(data)
    except (OSError, ValueError, SyntaxError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    except Image.DecompressionBombError:
        raise bad("PHOTO_INVALID_DIMENSIONS") from None
    width, height = image.size
    if width + height > MAX_SIDES_PX or max(width, height) > MAX_RATIO * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    try:
        upright = _flat(image, HD_PX if hd else SIZES_PX[-1])
    except (OSError, ValueError, SyntaxError):
        raise bad("IMAGE_PROCESS_FAILED") from None
    return _cascade(upright, SIZES_PX + ((HD_PX,) if hd else ()))


def _flat(image: Image.Image, side_px: int) -> Image.Image:
    """Decode upright, in RGB, alpha on white, no larger than needed."""
    image.draft("RGB", (side_px, side_px))
    image = ImageOps.exif_transpose(image)
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        ground = Image.new("RGB", rgba.size, "white")
        ground.paste(rgba, mask=rgba.getchannel("A"))
        return ground
    return image.convert("RGB")


def _cascade(image: Image.Image, sides_px: tuple[int, ...]) -> list[Rendition]:
    """Scale from the largest size down. The list ends with the picture's own size."""
    longest = max(image.size)
    wanted = [side for side in sides_px if side < longest]
    if len(wanted) < len(sides_px):
        wanted.append(longest)
    found: list[Rendition] = []
    for side in reversed(wanted):
        if side < max(image.size):
            scale = side / max(image.size)
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            image = image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
        found.append(Rendition(width_px=image.width, height_px=image.height, data=_jpeg(image)))
    return found[::-1]


def _thumbnail(data: bytes) -> Rendition | None:
    try:
        image = _open(data)
        if image.width * image.height > 100_000_000:
            return None
        image = _flat(image, THUMBNAIL_PX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    image.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
    return Rendition(width_px=image.width, height_px=image.height, data=_jpeg(image))


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()

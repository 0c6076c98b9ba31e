"""What a person sent: kind, size as displayed, frames, transparency - by structure alone, no pixel is decoded.

Imports only what stands beside it. Everything that is wrong with a file is found here as far as its structure shows
it, so that nothing is sent on or paid for in vain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.pictures import gif, jpeg, png, sniff, webp
from bot.pictures.errors import DamagedPictureError, TooManyPixelsError
from bot.pictures.layout import MAX_PIXELS, MAX_SIDE_PX, Layout

_LAYOUTS: dict[str, Callable[[bytes], Layout]] = {
    sniff.PNG: png.layout,
    sniff.JPEG: jpeg.layout,
    sniff.WEBP: webp.layout,
    sniff.GIF: gif.layout,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    """A picture at a glance.

    ``width_px`` and ``height_px`` are as displayed, ``orientation`` (EXIF, 1 to 8) already applied to them. ``frames``
    counts the pages of a TIFF too. ``alpha``: the file can be transparent, which does not yet mean that it is.
    """

    mime: str
    size_bytes: int
    width_px: int
    height_px: int
    orientation: int
    frames: int
    animated: bool
    alpha: bool
    has_metadata: bool


def inspect(data: bytes) -> PictureInfo:
    """Look at a file without decoding it.

    Raises: ``NotAPictureError``, ``UnsupportedPictureError``, ``TruncatedPictureError``, ``DamagedPictureError``,
    ``TooManyPixelsError``.
    """
    mime = sniff.sniff(data)
    layout = _layout(data, mime)
    width, height = layout.width_px, layout.height_px
    if not width or not height:
        raise DamagedPictureError("the picture has no size")
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE_PX:
        raise TooManyPixelsError(
            f"{width} x {height} pixels",
            width_px=width,
            height_px=height,
            limit_megapixels=MAX_PIXELS // 1_000_000,
        )
    if layout.orientation >= 5:
        width, height = height, width
    return PictureInfo(
        mime=mime,
        size_bytes=len(data),
        width_px=width,
        height_px=height,
        orientation=layout.orientation,
        frames=layout.frames,
        animated=layout.frames > 1 and mime != sniff.TIFF,
        alpha=layout.alpha,
        has_metadata=layout.has_metadata,
    )


def _layout(data: bytes, mime: str) -> Layout:
    if mime in _LAYOUTS:
        return _LAYOUTS[mime](data)
    # What phones and models mostly send is none of these.
    from bot.pictures import others

    return others.layout(data, mime)

"""Bytes to pixels, once ``inspect`` has allowed it: the first frame, upright, in one of four modes.

Imports ``errors``, ``layout`` and ``sniff`` beside it, Pillow and pillow-heif. A file is only ever given to the one
decoder that its magic bytes name. Never decodes more than ``MAX_PIXELS``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bot.pictures import sniff
from bot.pictures.errors import DamagedPictureError, PictureError, TooManyPixelsError
from bot.pictures.layout import MAX_PIXELS

# The same bound for whatever a decoder finds out only on the way.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def _heif(file: io.BytesIO) -> ImageFile.ImageFile:
    # Its library takes 6 MB of memory, and most bots never meet such a file.
    from pillow_heif import HeifImageFile

    return HeifImageFile(file)  # type: ignore[no-untyped-call]


_DECODERS: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    sniff.PNG: PngImagePlugin.PngImageFile,
    sniff.JPEG: JpegImagePlugin.JpegImageFile,
    sniff.WEBP: WebPImagePlugin.WebPImageFile,
    sniff.GIF: GifImagePlugin.GifImageFile,
    sniff.BMP: BmpImagePlugin.BmpImageFile,
    sniff.TIFF: TiffImagePlugin.TiffImageFile,
    sniff.AVIF: AvifImagePlugin.AvifImageFile,
    sniff.HEIC: _heif,
    sniff.HEIF: _heif,
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn whatever a decoder raises on a bad file into a ``PictureError``."""
    try:
        yield
    except (PictureError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError(str(error), limit_megapixels=MAX_PIXELS // 1_000_000) from error
    except Exception as error:
        # Fuzzed files make decoders raise whatever their arithmetic meets; no list of types stays complete.
        raise DamagedPictureError(f"the picture cannot be read: {error}") from error


def opened(data: bytes, mime: str) -> ImageFile.ImageFile:
    """Return the picture with its header read and its pixels not. Call within ``faults_named``."""
    return _DECODERS[mime](io.BytesIO(data))


def decode(data: bytes, mime: str, orientation: int, *, at_least_px: int | None = None) -> Image.Image:
    """Return the first frame, upright, in mode L, LA, RGB or RGBA; ``info`` holds ``icc_profile`` or nothing.

    ``at_least_px`` allows a JPEG to be decoded at a fraction of its size, with both sides still at least that long.
    Raises: ``PictureError``.
    """
    with faults_named():
        picture = opened(data, mime)
        if at_least_px and mime == sniff.JPEG:
            picture.draft(None, (at_least_px, at_least_px))
        profile = picture.info.get("icc_profile")
        picture.load()
        plain = _plain(picture, profile)
        if orientation in _UPRIGHT:
            plain = plain.transpose(_UPRIGHT[orientation])
        fits = profile and profile[16:20] == (b"GRAY" if plain.mode in ("L", "LA") else b"RGB ")
        plain.info = {"icc_profile": profile} if fits else {}
        return plain


def _plain(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Convert to one of the four modes, scaled where the samples are wider than a byte."""
    mode = picture.mode
    if mode in ("L", "LA", "RGB", "RGBA") and "transparency" not in picture.info:
        return picture.copy()
    if mode == "CMYK" and profile and profile[16:20] == b"CMYK":
        return _by_profile(picture, profile)
    if mode.startswith("I;16"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if mode in ("I", "F"):
        low, high = picture.getextrema()
        scale = 255 / ((high - low) or 1)  # type: ignore[operator]
        return picture.convert("F").point(lambda value: (value - low) * scale).convert("L")
    if mode == "1":
        return picture.convert("L")
    if picture.has_transparency_data:
        return picture.convert("LA" if mode in ("L", "LA", "La") else "RGBA")
    return picture.convert("RGB")


def _by_profile(picture: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        result = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        result = None
    return result or picture.convert("RGB")

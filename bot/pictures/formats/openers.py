"""One decoder for each kind of picture, and what they raise as ``PictureError``.

Imports ``errors`` and ``sniff`` beside it, Pillow and pillow-heif. Reads headers only; ``decode`` reads pixels.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import cast

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from bot.pictures.errors import DamagedPictureError, PictureError, TooManyPixelsError
from bot.pictures.formats import sniff

# For whatever a decoder finds out only on the way; ``inspect`` has refused what is more than it allows before.
_MOST_PIXELS = 110_000_000
Image.MAX_IMAGE_PIXELS = _MOST_PIXELS


def _heif(file: io.BytesIO) -> ImageFile.ImageFile:
    return cast(ImageFile.ImageFile, heif_library().HeifImageFile(file))


@cache
def heif_library() -> ModuleType:
    """Return pillow-heif, loaded when it is needed first."""
    # It takes 6 MB of memory, and most bots never meet such a file.
    import pillow_heif

    # With four threads of its own, which it takes by default, some 100 MB stay with them after a large picture.
    pillow_heif.options.DECODE_THREADS = 1
    return pillow_heif


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


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn whatever a decoder raises on a bad file into a ``PictureError``."""
    try:
        yield
    except (PictureError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError(str(error), limit_megapixels=_MOST_PIXELS // 1_000_000) from error
    except Exception as error:
        # Fuzzed files make decoders raise whatever their arithmetic meets; no list of types stays complete.
        raise DamagedPictureError(f"the picture cannot be read: {error}") from error


def opened(data: bytes, mime: str) -> ImageFile.ImageFile:
    """Return the picture with its header read and its pixels not. Call within ``faults_named``."""
    return _DECODERS[mime](io.BytesIO(data))

"""One decoder for each kind of picture, with their exceptions as ``PictureError``.

Imports ``errors`` and ``sniff``, Pillow and pillow-heif. Reads headers only; ``decode`` reads pixels.
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

# For what only a decoder finds; ``inspect`` has already checked the size.
_MOST_PIXELS = 110_000_000
Image.MAX_IMAGE_PIXELS = _MOST_PIXELS


def _heif(file: io.BytesIO) -> ImageFile.ImageFile:
    return cast(ImageFile.ImageFile, heif_library().HeifImageFile(file))


@cache
def heif_library() -> ModuleType:
    """Return pillow-heif, loaded on first use."""
    # It takes 6 MB of memory, and most bots never get such a file.
    import pillow_heif

    # With its default of four threads, about 100 MB stay with them after a large picture.
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
    """Turn all exceptions of a decoder on a bad file into ``PictureError``."""
    try:
        yield
    except (PictureError, MemoryError):
        raise
    except Image.DecompressionBombError as error:
        raise TooManyPixelsError(str(error), limit_megapixels=_MOST_PIXELS // 1_000_000) from error
    except Exception as error:
        # Fuzzed files make decoders raise many kinds of exceptions; no list of types stays complete.
        raise DamagedPictureError(f"the picture cannot be read: {error}") from error


def opened(data: bytes, mime: str) -> ImageFile.ImageFile:
    """Return the opened picture, with only its header read. Call within ``faults_named``."""
    return _DECODERS[mime](io.BytesIO(data))

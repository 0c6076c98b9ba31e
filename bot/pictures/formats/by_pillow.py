"""The structure of BMP, TIFF, HEIC, HEIF and AVIF files, read by Pillow without decoding.

Imports ``errors``, ``structure``, ``directories``, ``isobmff``, ``openers``, ``tiff`` and ``sniff``. Never decodes. A
file is opened only after its parts were counted here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.pictures.errors import TooManyPartsError, TruncatedPictureError
from bot.pictures.formats import isobmff, sniff, tiff
from bot.pictures.formats.directories import orientation_of
from bot.pictures.formats.openers import faults_named, opened
from bot.pictures.formats.structure import Layout

# With a header of 12 bytes a colour takes three bytes; the other headers name a method of packing.
_OLD_BMP, _RUNS_OF_BYTES, _RUNS_OF_NIBBLES = b"\x0c\x00\x00\x00", 1, 2
# Pillow unpacks runs in Python, one by one, with two additional copies of the picture.
_MOST_RUNS_BYTES = 500_000
_PIXEL_BYTES = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2, "I;16L": 2}


def _bmp(data: bytes) -> Layout:
    with faults_named():
        picture = opened(data, sniff.BMP)
    width, height = picture.size
    bits, packed = int.from_bytes(data[28:30], "little"), int.from_bytes(data[30:34], "little")
    if data[14:18] == _OLD_BMP:
        packed = 0
    elif packed == 0:
        row_bytes = (bits * width + 31) // 32 * 4
        if int.from_bytes(data[10:14], "little") + row_bytes * height > len(data):
            raise TruncatedPictureError("the BMP ends before its picture does")
    runs = packed in (_RUNS_OF_BYTES, _RUNS_OF_NIBBLES)
    if runs and len(data) > _MOST_RUNS_BYTES:
        raise TooManyPartsError(f"{len(data)} bytes of runs")
    return Layout(
        width_px=width,
        height_px=height,
        alpha=picture.mode == "RGBA",
        pixel_bytes=_PIXEL_BYTES.get(picture.mode, 4),
        decoder_bytes=2 * width * height if runs else 0,
    )


def _tiff(data: bytes) -> Layout:
    found = tiff.layout(data)
    if found.preview:
        return found
    with faults_named():
        mode = opened(tiff.first_page(data), sniff.TIFF).mode
    return replace(found, alpha=mode in ("LA", "RGBA", "PA", "RGBa"), pixel_bytes=_PIXEL_BYTES.get(mode, 4))


def _heif(data: bytes) -> Layout:
    # The primary picture; the reader turns it upright.
    isobmff.check_items(data)
    moving = isobmff.is_sequence(data)
    with faults_named():
        picture = opened(data, sniff.HEIC)
        width, height = picture.size
        alpha = picture.mode in ("LA", "RGBA", "RGBa")
        # Planes of brightness, and of colour mostly at half size, of one or two bytes each; plus the pixels as bytes.
        deep = picture.info.get("bit_depth", 8) > 8
        return Layout(
            width_px=width,
            height_px=height,
            frames=max(2, getattr(picture, "n_frames", 1)) if moving else 1,
            alpha=alpha,
            has_metadata=moving or isobmff.without_metadata(data) != data,
            pixel_bytes=4 if alpha else 3,
            decoder_bytes=width * height * (3 if deep else 2),
        )


def _avif(data: bytes) -> Layout:
    isobmff.check_items(data)
    with faults_named():
        picture = opened(data, sniff.AVIF)
        width, height = picture.size
        channels = 4 if picture.mode == "RGBA" else 3
        return Layout(
            width_px=width,
            height_px=height,
            # The reader reports the file's own rotation and mirroring here, not the camera's EXIF.
            orientation=orientation_of(picture.info.get("exif")),
            frames=getattr(picture, "n_frames", 1),
            alpha=channels == 4,
            has_metadata=isobmff.without_metadata(data) != data,
            # As above, with colour at full size; and the pixels as bytes.
            decoder_bytes=width * height * channels * (3 if isobmff.is_deep(data) else 2),
        )


_LAYOUTS: dict[str, Callable[[bytes], Layout]] = {
    sniff.BMP: _bmp,
    sniff.TIFF: _tiff,
    sniff.HEIC: _heif,
    sniff.HEIF: _heif,
    sniff.AVIF: _avif,
}


def layout(data: bytes, mime: str) -> Layout:
    """Return the structure of a file of one of these kinds. Raises: ``PictureError``."""
    return _LAYOUTS[mime](data)

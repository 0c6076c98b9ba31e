"""The structure of BMP, TIFF, HEIC, HEIF and AVIF files, as far as their own readers tell it without decoding.

Imports ``errors``, ``layout``, ``decode`` and ``isobmff`` beside it. Never decodes.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.pictures import isobmff, sniff
from bot.pictures.decode import faults_named, opened
from bot.pictures.errors import TruncatedPictureError
from bot.pictures.layout import Layout, orientation_of

_TIFF_TELLING = frozenset({270, 271, 272, 285, 305, 306, 315, 316, 700, 33723, 34377, 34665, 34853, 37724, 42112})
_STRIPS = ((273, 279), (324, 325))


def _bmp(data: bytes) -> Layout:
    with faults_named():
        picture = opened(data, sniff.BMP)
    width, height = picture.size
    bits, packed = int.from_bytes(data[28:30], "little"), int.from_bytes(data[30:34], "little")
    if data[14:18] != b"\x0c\x00\x00\x00" and packed == 0:
        row_bytes = (bits * width + 31) // 32 * 4
        if int.from_bytes(data[10:14], "little") + row_bytes * height > len(data):
            raise TruncatedPictureError("the BMP ends before its picture does")
    return Layout(width_px=width, height_px=height, alpha=picture.mode == "RGBA")


def _tiff(data: bytes) -> Layout:
    # The first page; the reader turns it upright.
    with faults_named():
        picture = opened(data, sniff.TIFF)
        tags = picture.tag_v2  # type: ignore[attr-defined]
        frames = getattr(picture, "n_frames", 1)
        picture.seek(0)
        for offsets, counts in _STRIPS:
            ends = (start + size for start, size in zip(tags.get(offsets, ()), tags.get(counts, ()), strict=False))
            if any(end > len(data) for end in ends):
                raise TruncatedPictureError("the TIFF ends before its picture does")
        width, height = picture.size
        alpha = picture.mode in ("LA", "RGBA", "PA", "RGBa")
        return Layout(
            width_px=width,
            height_px=height,
            frames=frames,
            alpha=alpha,
            has_metadata=not _TIFF_TELLING.isdisjoint(tags),
        )


def _heif(data: bytes) -> Layout:
    # The primary picture; the reader turns it upright.
    moving = isobmff.is_sequence(data)
    with faults_named():
        picture = opened(data, sniff.HEIC)
        width, height = picture.size
        return Layout(
            width_px=width,
            height_px=height,
            frames=max(2, getattr(picture, "n_frames", 1)) if moving else 1,
            alpha=picture.mode in ("LA", "RGBA", "RGBa"),
            has_metadata=moving or isobmff.without_metadata(data) != data,
        )


def _avif(data: bytes) -> Layout:
    isobmff.check_whole(data)
    with faults_named():
        picture = opened(data, sniff.AVIF)
        width, height = picture.size
        return Layout(
            width_px=width,
            height_px=height,
            # The reader puts the file's own turns and mirrors here, whatever the camera's EXIF says.
            orientation=orientation_of(picture.info.get("exif")),
            frames=getattr(picture, "n_frames", 1),
            alpha=picture.mode == "RGBA",
            has_metadata=isobmff.without_metadata(data) != data,
        )


_LAYOUTS: dict[str, Callable[[bytes], Layout]] = {
    sniff.BMP: _bmp,
    sniff.TIFF: _tiff,
    sniff.HEIC: _heif,
    sniff.HEIF: _heif,
    sniff.AVIF: _avif,
}


def layout(data: bytes, mime: str) -> Layout:
    """Return what a file of one of these kinds says of its picture. Raises: ``PictureError``."""
    return _LAYOUTS[mime](data)

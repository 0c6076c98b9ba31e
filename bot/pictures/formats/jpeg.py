"""The structure of a JPEG file: its size, whether it is whole, and a copy without metadata, byte for byte.

Imports ``directories``, ``errors``, ``jpeg_structure`` and ``structure``, and ``jpeg_rows`` for a file without its end
mark. Structure: ITU-T T.81 annex B; JFIF 1.02; ICC.1 annex B.4.
"""

from __future__ import annotations

from bot.pictures.errors import TooManyPartsError, UnsupportedPictureError
from bot.pictures.formats.directories import orientation_of
from bot.pictures.formats.jpeg_structure import CMYK, Segment, Structure, kept, structure
from bot.pictures.formats.structure import Layout

_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_READ_EVERYWHERE = frozenset({_BASELINE, _EXTENDED, _PROGRESSIVE})
_APP1 = 0xE1
_EXIF = b"Exif\x00\x00"
_MOST_SCANNED_PX = 1_000_000_000
# With more pixels these take more than a second in full size. Four inks are converted one pixel at a time. A
# progressive file keeps all its coefficients until its last scan; above so many bytes its copy is made smaller anyway.
_HALVED_FOR_PRINT_PX, _HALVED_PROGRESSIVE_PX, _LARGE_BYTES = 24_000_000, 12_000_000, 7_000_000


def layout(data: bytes) -> Layout:
    """Return the structure of the file.

    Only ``jpeg_rows`` can check whether a file without its end mark is whole. Raises: ``TruncatedPictureError``,
    ``DamagedPictureError``, ``TooManyPartsError``, ``UnsupportedPictureError``.
    """
    found = structure(data)
    width, height = found.size
    if found.frame.marker not in _READ_EVERYWHERE or data[found.frame.start + 4] != 8:
        raise UnsupportedPictureError("a JPEG of a rare kind", looks_like="jpeg")
    if len(found.scans) * width * height > _MOST_SCANNED_PX:
        raise TooManyPartsError(f"{len(found.scans)} scans of {width} x {height} pixels")
    exif = next((data[part.start + 4 : part.end] for part in found.segments if _is_exif(data, part)), None)
    clean = sum(len(piece) for part in found.segments for piece in kept(data, part))
    return Layout(
        width_px=width,
        height_px=height,
        orientation=orientation_of(exif),
        has_metadata=not found.ended or clean + 2 != found.stop or found.stop + 2 != len(data),
        pixel_bytes=1 if found.components == 1 else 4,
        decoder_bytes=found.coefficients_bytes,
        ended=found.ended,
        halved_above_px=_halved_above_px(found),
    )


def _halved_above_px(found: Structure) -> int | None:
    if found.frame.marker == _PROGRESSIVE and found.stop > _LARGE_BYTES:
        return _HALVED_PROGRESSIVE_PX
    return _HALVED_FOR_PRINT_PX if found.components == CMYK else None


def without_metadata(data: bytes) -> bytes | None:
    """Return the file with only what its pixels and colours need; the coded bytes stay the same.

    Data after the picture (previews, gain maps, the video of a live photo) has metadata of its own and is removed.
    Returns None if the picture must be re-encoded: it is ``CMYK``, which not every reader supports, or its end mark is
    missing, so that its end is unknown.
    """
    found = structure(data)
    if found.components == CMYK:
        return None
    if not found.ended:
        from bot.pictures.formats import jpeg_rows

        if found.stop < len(data) or not jpeg_rows.reach_the_end(found):
            return None
    return found.whole


def ended(data: bytes) -> bytes:
    """Return the file up to its end mark; adds a missing one."""
    found = structure(data)
    return data if found.ended else data[: found.stop] + b"\xff\xd9"


def _is_exif(data: bytes, part: Segment) -> bool:
    return part.marker == _APP1 and data.startswith(_EXIF, part.start + 4)

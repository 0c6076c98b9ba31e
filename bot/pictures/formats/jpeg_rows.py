"""Whether a JPEG without its end mark has all its rows.

Some cameras write trailers after the coded data and omit the mark (Samsung's panoramas: libjpeg-turbo issue 163), some
programs stop a byte too early, and some uploads are cut off. A decoder silently fills in what is missing. So the
picture is decoded twice, with different bytes appended: if rows are missing, the appended bytes become rows and the
results differ; if none are missing, the bytes are never read. Imports Pillow, ``errors``, ``openers``,
``jpeg_structure`` and ``threads``.
"""

from __future__ import annotations

import io
from dataclasses import replace

from PIL import Image, ImageChops, JpegImagePlugin

from bot.pictures.errors import TruncatedPictureError
from bot.pictures.formats.jpeg_structure import Structure
from bot.pictures.formats.openers import faults_named
from bot.pictures.threads import room_for

_FILLINGS = (b"\x00" * 512, b"\xaa" * 512)
# One pixel per block shows the end of a full scan; later refinements only show in finer pixels.
_SCALE, _SCALE_OF_REFINED = 8, 2
_FINE_PX = 12_000_000
# Less than any trailer has.
_SOME_BYTES = 8


def check(found: Structure) -> None:
    """Raises: ``TruncatedPictureError`` if rows or refining scans are missing; ``DamagedPictureError``."""
    if not _is_refined(found) or not _has_restarts(found):
        raise TruncatedPictureError("the JPEG ends before its last scan does")
    if not _are_all_there(found, _SCALE_OF_REFINED if found.buffered else _SCALE):
        raise TruncatedPictureError("the JPEG ends before its picture does")


def reach_the_end(found: Structure) -> bool:
    """Return whether the coded data reaches the end of the file: without the last bytes, rows would be missing.

    In doubt it does not, and other data may be there. Raises: ``DamagedPictureError``.
    """
    width, height = found.size
    shorter = replace(found, data=found.data[: found.stop - _SOME_BYTES])
    return not _are_all_there(shorter, 1 if width * height <= _FINE_PX else _SCALE)


def _are_all_there(found: Structure, scale: int) -> bool:
    width, height = found.size
    pixel_bytes = 1 if found.components == 1 else 4
    with room_for(found.coefficients_bytes + 2 * pixel_bytes * (width // scale + 1) * (height // scale + 1)):
        first, second = (_decoded(found.head + filling + b"\xff\xd9", scale) for filling in _FILLINGS)
        return ImageChops.difference(first, second).getbbox() is None


def _decoded(data: bytes, scale: int) -> Image.Image:
    with faults_named():
        picture = JpegImagePlugin.JpegImageFile(io.BytesIO(data))
        picture.draft(None, (max(1, picture.width // scale), max(1, picture.height // scale)))
        picture.load()
        return picture


def _is_refined(found: Structure) -> bool:
    """Return whether the scans bring every coefficient to its last bit (T.81, G.1.1.1)."""
    if not found.progressive:
        return True
    missing = dict.fromkeys(((part, place) for part in found.component_ids for place in range(64)), 1)
    for scan in found.scans:
        parts, first, last, low = found.scan(scan)
        missing |= dict.fromkeys(((part, place) for part in parts for place in range(first, last + 1)), low)
    return not any(missing.values())


def _has_restarts(found: Structure) -> bool:
    """Return whether the last scan has all its restarts: a decoder stops at a missing one."""
    every, scan = found.restarts_every, found.scans[-1]
    if not every:
        return True
    parts, *_ = found.scan(scan)
    samplings = dict(zip(found.component_ids, found.samplings, strict=False))
    # A scan of one component counts single blocks, a scan of several counts groups of blocks.
    units = found.blocks(*samplings.get(parts[0], (1, 1))) if len(parts) == 1 else found.blocks(1, 1)
    coded = found.data[scan.start : scan.end]
    return sum(coded.count(bytes([0xFF, mark])) for mark in range(0xD0, 0xD8)) >= -(-units // every) - 1

"""Whether a JPEG without its end mark has all its rows.

Cameras put trailers of their own behind the coded data and forget the mark (Samsung's panoramas: libjpeg-turbo issue
163), programs stop a byte too early; and uploads are cut off. A decoder makes up what is missing in each of these
without a word. So the picture is decoded twice, with other bytes behind it: where rows are missing they become rows,
and the two differ; where none are missing nobody reads them. Imports ``errors``, ``openers`` and
``jpeg_structure`` beside it and Pillow.
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
# A pixel for each block shows where a scan of everything ends; refinements of a later scan show in finer pixels only.
_SCALE, _SCALE_OF_REFINED = 8, 2
_FINE_PX = 12_000_000
# Less than any trailer has.
_SOME_BYTES = 8


def check(found: Structure) -> None:
    """Raises: ``TruncatedPictureError`` where rows, or scans that refine them, are missing; ``DamagedPictureError``."""
    if not _is_refined(found) or not _has_restarts(found):
        raise TruncatedPictureError("the JPEG ends before its last scan does")
    if not _are_all_there(found, _SCALE_OF_REFINED if found.buffered else _SCALE):
        raise TruncatedPictureError("the JPEG ends before its picture does")


def reach_the_end(found: Structure) -> bool:
    """Return whether the coded data goes on to the end of the file: with some bytes less, rows are missing.

    In doubt it does not, and something else may stand there. Raises: ``DamagedPictureError``.
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
    """Return whether the last scan has all its restarts: behind one that is missing a decoder reads nothing more."""
    every, scan = found.restarts_every, found.scans[-1]
    if not every:
        return True
    parts, *_ = found.scan(scan)
    samplings = dict(zip(found.component_ids, found.samplings, strict=False))
    # A scan of one component goes block by block, another one by what all of them have at a place.
    units = found.blocks(*samplings.get(parts[0], (1, 1))) if len(parts) == 1 else found.blocks(1, 1)
    coded = found.data[scan.start : scan.end]
    return sum(coded.count(bytes([0xFF, mark])) for mark in range(0xD0, 0xD8)) >= -(-units // every) - 1

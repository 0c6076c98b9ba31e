"""Whether a JPEG without its end mark has all its rows.

Cameras put trailers of their own behind the coded data and forget the mark (Samsung's panoramas: libjpeg-turbo issue
163), programs stop a byte too early; and uploads are cut off. A decoder makes up what is missing in each of these
without a word. So the picture is decoded twice, with other bytes behind it: where rows are missing they become rows,
and the two differ; where none are missing nobody reads them. Imports ``errors``, ``decode`` and ``jpeg`` beside it and
Pillow.
"""

from __future__ import annotations

import io

from PIL import Image, ImageChops, JpegImagePlugin

from bot.pictures.decode import faults_named
from bot.pictures.errors import TruncatedPictureError
from bot.pictures.jpeg import Structure
from bot.pictures.pool import room_for

_FILLINGS = (b"\x00" * 512, b"\xaa" * 512)
# A pixel for each block shows where a scan of everything ends; refinements of a later scan show in finer pixels only.
_SCALE, _SCALE_OF_REFINED = 8, 2


def check(found: Structure) -> None:
    """Raises: ``TruncatedPictureError`` where rows, or scans that refine them, are missing; ``DamagedPictureError``."""
    if not _is_refined(found):
        raise TruncatedPictureError("the JPEG ends before its last scan")
    scale = _SCALE_OF_REFINED if found.buffered else _SCALE
    width, height = found.size
    with room_for(found.coefficients_bytes + 2 * 4 * (width // scale + 1) * (height // scale + 1)):
        first, second = (_decoded(found.head + filling + b"\xff\xd9", scale) for filling in _FILLINGS)
        if ImageChops.difference(first, second).getbbox() is not None:
            raise TruncatedPictureError("the JPEG ends before its picture does")


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

"""The preview in a camera's raw file: the largest JPEG besides the data of the sensor.

Imports ``directories``, ``errors``, ``jpeg`` and ``structure``. Most raws (DNG, CR2, NEF, ARW, PEF, SRW) are TIFF files
whose first page is a thumbnail, so a reader of TIFF sees tiny pictures. Structure: DNG 1.7 (its tags 50706 and 262);
TIFF/EP, ISO 12234-2; for CR2 the reader of LibRaw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from bot.pictures.errors import (
    CameraRawError,
    DamagedPictureError,
    TooManyPartsError,
    TruncatedPictureError,
    UnsupportedPictureError,
)
from bot.pictures.formats import jpeg
from bot.pictures.formats.directories import ORIENTATION, Directories, Entry
from bot.pictures.formats.structure import Layout

_SUBFILE, _PACKING, _PHOTOMETRIC, _STRIPS, _LENGTHS, _SUBPAGES, _DNG_VERSION = 254, 259, 262, 273, 279, 330, 50706
_JPEG_AT, _JPEG_LENGTH = 513, 514
_REDUCED = 1
_SENSOR = frozenset({32803, 34892})
_PACKED_AS_JPEG = frozenset({6, 7})
# Cameras write up to four pages and as many subpages.
_MOST_PAGES = 16
# A preview with a shorter longest side is only a thumbnail.
_LEAST_SIDE_PX = 800


def preview(data: bytes, file: Directories) -> Layout | None:
    """Return the structure of the preview in a raw file, None for a TIFF that is not a raw file.

    Raises: ``CameraRawError`` if no preview is large enough; ``ValueError``; ``TooManyPartsError``.
    """
    pages = list(islice(file.chain(), _MOST_PAGES))
    if not pages:
        return None
    subpages = list(islice((sub for page in pages for sub in _subpages(file, page)), _MOST_PAGES))
    if not _is_raw(data, file, pages[0], [*pages, *subpages]):
        return None
    found = _jpegs(data, (place for page in (*pages, *subpages) for place in _places(file, page)))
    best = max(found, key=lambda each: each.width_px * each.height_px, default=None)
    if best is None or max(best.width_px, best.height_px) < _LEAST_SIDE_PX:
        raise CameraRawError("a camera's raw file", looks_like="raw")
    turned = file.value(pages[0].get(ORIENTATION), 1)
    # The orientation of the file also applies to its preview.
    return replace(best, orientation=turned if 1 < turned <= 8 else best.orientation, frames=1, has_metadata=True)


def _is_raw(data: bytes, file: Directories, first: dict[int, Entry], pages: list[dict[int, Entry]]) -> bool:
    reduced = bool(file.value(first.get(_SUBFILE)) & _REDUCED) and _SUBPAGES in first
    sensor = any(file.value(page.get(_PHOTOMETRIC)) in _SENSOR for page in pages)
    return _DNG_VERSION in first or reduced or sensor or data[8:10] == b"CR"


def _subpages(file: Directories, page: dict[int, Entry]) -> Iterator[dict[int, Entry]]:
    for at in file.values(page.get(_SUBPAGES))[:_MOST_PAGES]:
        try:
            yield file.entries(at)[0]
        except ValueError:
            continue


def _places(file: Directories, page: dict[int, Entry]) -> Iterator[tuple[int, int]]:
    """Yield offset and length of possible JPEGs in a page."""
    yield file.value(page.get(_JPEG_AT)), file.value(page.get(_JPEG_LENGTH))
    strips = page.get(_STRIPS)
    if strips and strips.count == 1 and file.value(page.get(_PACKING)) in _PACKED_AS_JPEG:
        yield file.value(strips), file.value(page.get(_LENGTHS))


def _jpegs(data: bytes, places: Iterable[tuple[int, int]]) -> Iterator[Layout]:
    """Yield the structures of JPEGs; skips the data of the sensor, which is a rare kind of JPEG."""
    read_bytes = 0
    for start, length in sorted(set(places), key=lambda place: -place[1]):
        if data[start : start + 3] != b"\xff\xd8\xff":
            continue
        end = min(start + length, len(data))
        read_bytes += end - start
        if read_bytes > 2 * len(data):
            raise TooManyPartsError("previews that overlap")
        try:
            found = jpeg.layout(data[start:end])
        except (DamagedPictureError, TruncatedPictureError, UnsupportedPictureError):
            continue
        if found.ended:
            yield replace(found, preview=(start, end))

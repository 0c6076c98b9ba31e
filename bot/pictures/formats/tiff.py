"""The structure of a TIFF file: its size, its pages, whether the first is whole, and a copy with that page alone.

Imports ``directories``, ``errors``, ``structure`` and ``raws``. Never decodes. Pages that are smaller versions or masks
of others are not counted. Structure: TIFF 6.0; TIFF technical notes; BigTIFF.
"""

from __future__ import annotations

from itertools import islice

from bot.pictures.errors import DamagedPictureError, TruncatedPictureError
from bot.pictures.formats import raws
from bot.pictures.formats.directories import MOST_VALUES, ORIENTATION, Directories, Entry
from bot.pictures.formats.structure import MOST_FRAMES, Layout

_SUBFILE, _WIDTH, _HEIGHT, _BITS, _PACKING, _SAMPLES, _ROWS = 254, 256, 257, 258, 259, 277, 278
_STRIPS, _TILES, _TILE_WIDTH, _TILE_HEIGHT, _EXTRA = (273, 279), (324, 325), 322, 323, 338
_REDUCED, _MASK = 1, 4
_TELLING = frozenset({270, 271, 272, 285, 305, 306, 315, 316, 700, 33723, 34377, 34665, 34853, 37724, 42112})
# The tags that pixels and colours need, with the most values of each.
_KEPT = {
    _WIDTH: 1, _HEIGHT: 1, _BITS: 8, _PACKING: 1, 262: 1, 266: 1, 273: MOST_VALUES, _SAMPLES: 1, _ROWS: 1,
    279: MOST_VALUES, 284: 1, 292: 1, 293: 1, 317: 1, 320: 3 * 65_536, _TILE_WIDTH: 1, _TILE_HEIGHT: 1,
    324: MOST_VALUES, 325: MOST_VALUES, 332: 1, _EXTRA: 8, 339: 8, 347: 65_536, 512: 1, 513: 1, 514: 1, 519: 4, 520: 4,
    521: 4, 529: 3, 530: 2, 531: 1, 532: 6, 34675: 4 * 1024 * 1024,
}  # fmt: skip


def layout(data: bytes) -> Layout:
    """Return the structure of the file, or of the preview in a camera's raw file.

    Pages are counted as far as ``MOST_FRAMES``. ``pixel_bytes`` and ``alpha`` are left to the decoder's own reader.
    Raises: ``TruncatedPictureError``, ``DamagedPictureError``, ``TooManyPartsError``, ``CameraRawError``.
    """
    try:
        file = Directories(data)
        if (preview := raws.preview(data, file)) is not None:
            return preview
        pages, page = _pages(file)
        if _is_cut(data, file, page):
            raise TruncatedPictureError("the TIFF ends before its picture does")
        width, height = file.value(page.get(_WIDTH)), file.value(page.get(_HEIGHT))
        turned = file.value(page.get(ORIENTATION), 1)
        return Layout(
            width_px=width,
            height_px=height,
            orientation=turned if 1 <= turned <= 8 else 1,
            frames=pages,
            has_metadata=not _TELLING.isdisjoint(page),
            decoder_bytes=_buffer_bytes(file, page, width, height),
        )
    except ValueError as error:
        raise DamagedPictureError(f"the TIFF makes no sense: {error}") from error


def first_page(data: bytes) -> bytes:
    """Return the file with a new directory at its end, for the pixels and colours of the first page only.

    It is not turned. Raises: ``TruncatedPictureError``, ``DamagedPictureError``, ``TooManyPartsError``.
    """
    try:
        file = Directories(data)
        _, page = _pages(file)
        kept = [entry.raw for tag, entry in sorted(page.items()) if tag in _KEPT]
        if any(page[tag].count > most for tag, most in _KEPT.items() if tag in page):
            raise DamagedPictureError("the TIFF has more values than its picture needs")
    except ValueError as error:
        raise DamagedPictureError(f"the TIFF makes no sense: {error}") from error
    padding = bytes(len(data) % 2)
    start = (len(data) + len(padding)).to_bytes(file.word, file.order)
    head = data[:8] + start if file.big else data[:4] + start
    count = len(kept).to_bytes(8 if file.big else 2, file.order)
    return b"".join([head, memoryview(data)[len(head) :], padding, count, *kept, bytes(file.word)])


def _pages(file: Directories) -> tuple[int, dict[int, Entry]]:
    """Return how many pages there are, and the first of them."""
    pages = list(islice(file.chain(), MOST_FRAMES))
    if not pages:
        raise TruncatedPictureError("the TIFF ends before its picture does")
    whole = [page for page in pages if not file.value(page.get(_SUBFILE)) & (_REDUCED | _MASK)]
    return max(1, len(whole)), (whole or pages)[0]


def _is_cut(data: bytes, file: Directories, page: dict[int, Entry]) -> bool:
    for starts, lengths in (_STRIPS, _TILES):
        places = zip(file.values(page.get(starts)), file.values(page.get(lengths)), strict=False)
        if any(start + length > len(data) for start, length in places):
            return True
    return False


def _buffer_bytes(file: Directories, page: dict[int, Entry], width: int, height: int) -> int:
    """Return the memory of a decoder besides the picture: one unpacked strip or tile."""
    sample_bytes = -(-max(file.values(page.get(_BITS)) or [1]) // 8)
    wide = file.value(page.get(_TILE_WIDTH)) or width
    high = file.value(page.get(_TILE_HEIGHT)) or min(height, file.value(page.get(_ROWS)) or height)
    return wide * high * sample_bytes * max(1, file.value(page.get(_SAMPLES), 1))

"""One page of a PDF as a picture. Imports pypdfium2 if installed, Pillow, ``errors`` and ``threads``.

PDFium is Chrome's own reader. It runs no scripts here, since no form is begun, and it opens nothing that a file names.
"""

from __future__ import annotations

import importlib.util
import io
import threading
from typing import Any

from bot.pictures.errors import DamagedPictureError, PictureError
from bot.pictures.threads import room_for

LONG_SIDE_PX = 2048
"""The longer side of the picture: small print can be read, and no model uses more."""

LONGEST_SIDE_POINTS = 14_400
"""The largest page of a PDF in points (ISO 32000-1, annex C)."""

_alone = threading.Lock()
"""PDFium may be used by one thread at a time (pypdfium2, README, "Thread safety")."""


class NoSuchPageError(PictureError):
    """The file has fewer pages. Facts: ``page``, ``count``."""

    key = "pdf-no-page"


class LockedFileError(PictureError):
    """The file opens with a password alone."""

    key = "pdf-locked"


class DamagedFileError(PictureError):
    """The file cannot be read as a PDF."""

    key = "pdf-damaged"


def has_pages() -> bool:
    """Return whether a reader of PDFs is installed."""
    return importlib.util.find_spec("pypdfium2") is not None


def page_of(data: bytes, number: int) -> tuple[bytes, int]:
    """Return a page of a PDF as a PNG, and how many pages the file has. ``number`` counts from 1.

    Raises: ``PictureError``.
    """
    import pypdfium2

    with _alone, room_for(8 * LONG_SIDE_PX * LONG_SIDE_PX):
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            # FPDF_ERR_PASSWORD (PDFium, fpdfview.h).
            if "password" in str(error).lower():
                raise LockedFileError("a password is needed") from error
            raise DamagedFileError("no PDF that can be read") from error
        try:
            count = len(document)
            if not 1 <= number <= count:
                raise NoSuchPageError("no such page", page=number, count=count)
            return _drawn(document[number - 1]), count
        except pypdfium2.PdfiumError as error:
            raise DamagedFileError("the page cannot be read") from error
        finally:
            document.close()


def _drawn(page: Any) -> bytes:
    width, height = page.get_size()
    if not 0 < max(width, height) <= LONGEST_SIDE_POINTS or min(width, height) <= 0:
        raise DamagedPictureError("a page without a size")
    picture = page.render(scale=LONG_SIDE_PX / max(width, height)).to_pil()
    picture.convert("RGB").save(written := io.BytesIO(), "PNG", compress_level=1)
    return written.getvalue()

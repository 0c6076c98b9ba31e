"""One page of a PDF as a picture. Imports ``pdf_page``, ``errors`` and ``threads``.

PDFium is Chrome's own reader. It runs no scripts here, since no form is begun, and it opens nothing that a file names.
It draws in a process of its own, which is ended where a page takes too long or too much memory.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys

from bot.pictures.convert import pdf_page
from bot.pictures.errors import PictureError
from bot.pictures.threads import room_for

LATE_S = 10.0
"""How much longer than its processor time a page may take on a busy machine."""


class NoSuchPageError(PictureError):
    """The file has fewer pages. Facts: ``page``, ``count``."""

    key = "pdf-no-page"


class LockedFileError(PictureError):
    """The file opens with a password alone."""

    key = "pdf-locked"


class DamagedFileError(PictureError):
    """The file cannot be read as a PDF, or takes too long."""

    key = "pdf-damaged"


def has_pages() -> bool:
    """Return whether a reader of PDFs is installed."""
    return importlib.util.find_spec("pypdfium2") is not None


def page_of(data: bytes, number: int) -> tuple[bytes, int]:
    """Return a page of a PDF as a PNG, and how many pages the file has. ``number`` counts from 1.

    Takes a quarter of a second more than the drawing. Raises: ``PictureError``.
    """
    command, late_s = [sys.executable, "-I", pdf_page.__file__, str(number)], pdf_page.LONGEST_S + LATE_S
    with room_for(8 * pdf_page.LONG_SIDE_PX**2):
        try:
            # It gets nothing of the environment, where the token and the keys are.
            done = subprocess.run(command, input=data, capture_output=True, env={}, timeout=late_s, check=True)  # noqa: S603 - our own file
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            raise DamagedFileError("the page cannot be drawn, or not in time") from error
    line, _, drawn = done.stdout.partition(b"\n")
    told = json.loads(line)
    match told.get("fault"):
        case "locked":
            raise LockedFileError("a password is needed")
        case "page":
            raise NoSuchPageError("no such page", page=number, count=told["count"])
        case "damaged":
            raise DamagedFileError("no PDF that can be read")
    return drawn, int(told["count"])

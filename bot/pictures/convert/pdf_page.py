"""Draws one page of a PDF, as a process of its own: ``pages`` starts it. Imports pypdfium2 and Pillow, nothing of ours.

A PDF is a program of drawing steps. One of 2 kB can ask for a billion of them, and no call of PDFium can be stopped
from outside. A process can: it gets limits of time and memory, and no settings of the bot.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

LONG_SIDE_PX = 2048
"""The longer side of the picture: small print can be read, and no model uses more."""

LONGEST_SIDE_POINTS = 14_400
"""The largest page of a PDF in points (ISO 32000-1, annex C)."""

LONGEST_S, MOST_BYTES = 20, 1 << 30
"""How much processor time and address space one page may take."""


def main() -> None:
    """Read a PDF from the standard input; write a line of JSON, then the page as a PNG.

    The line has ``count``, the number of pages, or ``fault``: "locked", "damaged" or "page".
    """
    _limit()
    number, data = int(sys.argv[1]), sys.stdin.buffer.read()
    told, drawn = _read(data, number)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + drawn)


def _limit() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def _read(data: bytes, number: int) -> tuple[dict[str, Any], bytes]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        # FPDF_ERR_PASSWORD (PDFium, fpdfview.h).
        return {"fault": "locked" if "password" in str(error).lower() else "damaged"}, b""
    count = len(document)
    if not 1 <= number <= count:
        return {"fault": "page", "count": count}, b""
    page = document[number - 1]
    width, height = page.get_size()
    if not 0 < max(width, height) <= LONGEST_SIDE_POINTS or min(width, height) <= 0:
        return {"fault": "damaged"}, b""
    picture = page.render(scale=LONG_SIDE_PX / max(width, height)).to_pil()
    picture.convert("RGB").save(written := io.BytesIO(), "PNG", compress_level=1)
    return {"count": count}, written.getvalue()


if __name__ == "__main__":
    main()

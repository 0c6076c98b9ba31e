"""The structure of a JPEG file: its size, whether it is whole, and a copy without metadata, byte for byte.

Imports ``errors`` and ``layout`` beside it. Never decodes. Structure: ITU-T T.81 annex B; JFIF 1.02; ICC.1 annex B.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.pictures.errors import DamagedPictureError, TruncatedPictureError
from bot.pictures.layout import Layout, orientation_of

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_JFIF_LENGTH = 18
_EXIF = b"Exif\x00\x00"
# Inside coded data FF 00 is a stuffed byte and FF D0..D7 a restart; any other pair ends the scan.
_END_OF_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


CMYK = 4
"""As many colour components as a picture for print has."""


class Segment(NamedTuple):
    """One marker with its payload, ``data[start:end]``; a scan holds its coded data too."""

    marker: int
    start: int
    end: int


def layout(data: bytes) -> Layout:
    """Return what the file says of its picture. Raises: ``TruncatedPictureError``, ``DamagedPictureError``."""
    parts = list(_segments(data))
    frame = next((part for part in parts if part.marker in _FRAMES), None)
    if frame is None or frame.end - frame.start < 10 or not any(part.marker == _SOS for part in parts):
        raise DamagedPictureError("a JPEG without a picture")
    height, width = (int.from_bytes(data[frame.start + at : frame.start + at + 2], "big") for at in (5, 7))
    exif = next((data[part.start + 4 : part.end] for part in parts if _is_exif(data, part)), None)
    clean = sum(len(kept) for part in parts for kept in _kept(data, part))
    return Layout(
        width_px=width,
        height_px=height,
        orientation=orientation_of(exif),
        has_metadata=clean != len(data) - 2,
    )


def without_metadata(data: bytes) -> bytes:
    """Return the file with only what its pixels and colours need; the coded picture is the same bytes.

    Whatever follows the picture (previews, gain maps, the video of a live photo) carries metadata of its own and goes.
    """
    return b"".join([b"\xff\xd8", *(kept for part in _segments(data) for kept in _kept(data, part))])


def components(data: bytes) -> int:
    """Return the number of colour components: 1 grey, 3 colour, ``CMYK``."""
    frame = next(part for part in _segments(data) if part.marker in _FRAMES)
    return data[frame.start + 9]


def _segments(data: bytes) -> Iterator[Segment]:
    at, size = 2, len(data)
    while True:
        start = data.find(b"\xff", at)
        at = start + 1
        while start >= 0 and at < size and data[at] == 0xFF:
            start, at = at, at + 1
        if start < 0 or at >= size:
            raise TruncatedPictureError("the JPEG ends before its picture does")
        marker = data[at]
        at += 1
        if marker == _EOI:
            yield Segment(marker, start, at)
            return
        if marker in _STANDALONE or marker in (0x00, _SOI):
            continue
        at += int.from_bytes(data[at : at + 2], "big")
        if at > size:
            raise TruncatedPictureError("the JPEG ends before its picture does")
        if marker == _SOS:
            end = _END_OF_SCAN.search(data, at)
            if end is None:
                raise TruncatedPictureError("the JPEG ends before its picture does")
            at = end.start()
        yield Segment(marker, start, at)


def _is_exif(data: bytes, part: Segment) -> bool:
    return part.marker == _APP1 and data.startswith(_EXIF, part.start + 4)


def _kept(data: bytes, part: Segment) -> Iterator[bytes]:
    """Yield the bytes of a segment that stay: none for metadata."""
    body = part.start + 4
    if part.marker == _APP0 and data.startswith(b"JFIF\x00", body) and part.end - part.start >= _JFIF_LENGTH:
        # Version, unit and density stay; the thumbnail behind them may show what the picture no longer does.
        yield b"\xff\xe0\x00\x10" + data[body : body + 12] + b"\x00\x00"
    elif part.marker == _APP2:
        if data.startswith(b"ICC_PROFILE\x00", body):
            yield data[part.start : part.end]
    elif part.marker == _APP14:
        # Without it a decoder guesses the colour transform wrongly.
        if data.startswith(b"Adobe", body):
            yield data[part.start : part.end]
    elif part.marker < _APP0:
        yield data[part.start : part.end]

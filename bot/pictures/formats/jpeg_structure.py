"""The segments of a JPEG file up to its end mark: size, components and scans.

Imports ``errors`` and ``structure``. Never decodes. Structure: ITU-T T.81 annex B; JFIF 1.02.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple

from bot.pictures.errors import DamagedPictureError, TooManyPartsError, TruncatedPictureError
from bot.pictures.formats.structure import bounded

_SOI, _EOI, _SOS, _DRI, _COM = 0xD8, 0xD9, 0xDA, 0xDD, 0xFE
_APP0, _APP2, _APP14, _APP15 = 0xE0, 0xE2, 0xEE, 0xEF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = 0xC2
_STANDALONE = frozenset({0x01, _SOI, *range(0xD0, 0xD8)})
# Tables, and the number of lines; any other segment after a scan is not part of the picture.
_BETWEEN_SCANS = frozenset({0xC4, 0xCC, _SOS, 0xDB, 0xDC, 0xDD, _COM, *range(_APP0, _APP15 + 1)})
_JFIF_LENGTH, _FRAME_LENGTH = 18, 10
# Itself, the number of components, two bytes for one of them, and three about coefficients (T.81, B.2.3).
_SCAN_LENGTH = 8
_MARKER = re.compile(rb"\xff[\x01-\xfe]")
# Inside coded data FF 00 is a stuffed byte and FF D0..D7 a restart; any other pair ends the scan.
_END_OF_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
# Each scan goes over the whole picture. Encoders make 10 or so; libjpeg-turbo stops at 500 where asked to
# (turbojpeg.h, TJFLAG_LIMITSCANS).
_MOST_SCANS = 100
_BLOCK_BYTES = 128
_PIECE_BYTES = 1_000_000

CMYK = 4
"""The number of colour components of a picture for print."""


class Segment(NamedTuple):
    """One marker with its payload, ``data[start:end]``; a scan holds its coded data too."""

    marker: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Structure:
    """The segments up to the end mark, or without one (``ended``) up to ``stop``."""

    data: bytes
    segments: tuple[Segment, ...]
    frame: Segment
    stop: int
    ended: bool

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels, as stored."""
        return _number(self.data, self.frame.start + 7), _number(self.data, self.frame.start + 5)

    @property
    def components(self) -> int:
        """Return the number of colour components: 1 grey, 3 colour, ``CMYK``."""
        return self.data[self.frame.start + 9]

    @property
    def component_ids(self) -> bytes:
        """Return the names of the components, a byte each."""
        return self.data[self.frame.start + 10 : self.frame.end : 3]

    @property
    def progressive(self) -> bool:
        """Return whether later scans refine earlier ones."""
        return self.frame.marker == _PROGRESSIVE

    @property
    def scans(self) -> tuple[Segment, ...]:
        """Return the segments that hold coded data."""
        return tuple(part for part in self.segments if part.marker == _SOS)

    def scan(self, part: Segment) -> tuple[bytes, int, int, int]:
        """Return the components of a scan, its first and last coefficient, and how many low bits are still to come."""
        start = part.start + 5
        end = start + 2 * self.data[part.start + 4]
        first, last, bits, *_ = self.data[end : end + 3] + bytes(3)
        return self.data[start:end:2], first, min(last, 63), bits & 15

    @property
    def buffered(self) -> bool:
        """Return whether a decoder must keep all coefficients until the last scan is read."""
        return self.progressive or self.data[self.scans[0].start + 4] < self.components

    @property
    def samplings(self) -> list[tuple[int, int]]:
        """Return how finely each component is sampled, across and down, compared with the others."""
        factors = self.data[self.frame.start + 11 : self.frame.end : 3]
        return [(max(1, each >> 4), max(1, each & 15)) for each in factors]

    def blocks(self, wide: int, high: int) -> int:
        """Return how many blocks a component of this sampling has."""
        across, down = max([1, *(each[0] for each in self.samplings)]), max([1, *(each[1] for each in self.samplings)])
        width, height = self.size
        return -(-width * wide // (8 * across)) * -(-height * high // (8 * down))

    @property
    def coefficients_bytes(self) -> int:
        """Return what a decoder of a ``buffered`` file keeps: two bytes for each coefficient of every component."""
        return _BLOCK_BYTES * sum(self.blocks(wide, high) for wide, high in self.samplings) if self.buffered else 0

    @property
    def restarts_every(self) -> int:
        """Return the restart interval of the last scan in units, 0 for none."""
        defined = [part for part in self.segments if part.marker == _DRI and part.start < self.scans[-1].start]
        return _number(self.data, defined[-1].start + 4) if defined else 0

    @property
    def head(self) -> bytes:
        """Return the part of the file that a decoder needs, up to the place of the end mark."""
        pieces = (piece for part in self.segments for piece in kept(self.data, part))
        return b"".join([b"\xff\xd8", *pieces])

    @property
    def whole(self) -> bytes:
        """Return ``head`` with its end mark."""
        return self.head + b"\xff\xd9"


def structure(data: bytes) -> Structure:
    """Read the file up to its end mark, or to other data.

    Raises: ``TruncatedPictureError`` when it ends before its first scan does; ``DamagedPictureError``;
    ``TooManyPartsError``.
    """
    segments: list[Segment] = []
    at, scans, complete = 2, 0, False
    for _ in bounded(count()):
        mark = _search(_MARKER, data, at)
        if mark and data[mark.end() - 1] == _EOI:
            return _structure(data, segments, mark.start(), ended=True)
        part = _segment(data, mark.start()) if mark else None
        if scans and (complete or part is None or part.marker not in _BETWEEN_SCANS):
            return _structure(data, segments, at, ended=False)
        if part is None:
            raise TruncatedPictureError("the JPEG ends before its picture does")
        at = part.end
        if part.marker not in _STANDALONE:
            segments.append(part)
        if part.marker == _SOS:
            scans += 1
            if scans == 1:
                complete = not _structure(data, segments, at, ended=False).buffered
            elif scans > _MOST_SCANS:
                raise TooManyPartsError(f"more than {_MOST_SCANS} scans")
    raise AssertionError("bounded() ends no loop quietly")


def _structure(data: bytes, segments: list[Segment], stop: int, *, ended: bool) -> Structure:
    frame = next((part for part in segments if part.marker in _FRAMES), None)
    if frame is None or frame.end - frame.start < _FRAME_LENGTH or not any(part.marker == _SOS for part in segments):
        raise DamagedPictureError("a JPEG without a picture")
    return Structure(data, tuple(segments), frame, stop, ended)


def _segment(data: bytes, start: int) -> Segment | None:
    """Return the segment that begins at a marker, None if the file ends within it or it is none."""
    marker, at = data[start + 1], start + 2
    if marker in _STANDALONE:
        return Segment(marker, start, at)
    length = _number(data, at)
    if at + max(2, length) > len(data) or (marker == _SOS and length < _SCAN_LENGTH):
        return None
    at += length
    if marker == _SOS:
        end = _search(_END_OF_SCAN, data, at)
        # Coded data never ends with FF, so there it is the first half of a mark (T.81, B.1.1.5).
        at = end.start() if end else len(data) - data.endswith(b"\xff")
    return Segment(marker, start, at)


def _search(pattern: re.Pattern[bytes], data: bytes, at: int) -> re.Match[bytes] | None:
    """Find a pair of bytes, one piece at a time: a search blocks other threads, and 20 MB take a while."""
    for start in range(at, len(data), _PIECE_BYTES):
        if found := pattern.search(data, start, start + _PIECE_BYTES + 1):
            return found
    return None


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 2], "big")


def kept(data: bytes, part: Segment) -> Iterator[bytes]:
    """Yield the bytes of a segment to keep: none for metadata."""
    body = part.start + 4
    if part.marker == _APP0 and data.startswith(b"JFIF\x00", body) and part.end - part.start >= _JFIF_LENGTH:
        # Version, unit and density stay; the thumbnail after them may show something that was edited away.
        yield b"\xff\xe0\x00\x10" + data[body : body + 12] + b"\x00\x00"
    elif part.marker == _APP2:
        if data.startswith(b"ICC_PROFILE\x00", body):
            yield data[part.start : part.end]
    elif part.marker == _APP14:
        # Without it a decoder guesses the wrong colour transform.
        if data.startswith(b"Adobe", body):
            yield data[part.start : part.end]
    elif part.marker < _APP0:
        yield data[part.start : part.end]

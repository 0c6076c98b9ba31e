"""The directories of a TIFF file; EXIF blocks and most camera raws have the same form.

Imports ``errors`` and ``structure``. Reads only the requested entries, and never beyond the file: its counts and
offsets are not trusted. Structure: TIFF 6.0; BigTIFF (Adobe, libtiff); DNG 1.7 for ``SubIFDs``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from struct import Struct
from typing import Literal

from bot.pictures.errors import PictureError, TooManyPartsError
from bot.pictures.formats.structure import MOST_PARTS, bounded

MOST_ENTRIES = 4_096
"""The most entries of one directory; cameras write about a hundred."""

MOST_VALUES = 70_000
"""The most values of one entry: a strip for each row of the highest picture."""

ORIENTATION = 274
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1, 8: 2, 9: 4, 13: 4, 16: 8, 17: 8, 18: 8}


@dataclass(frozen=True, slots=True)
class Entry:
    """``count`` values of a type, from offset ``place`` on; ``raw``: the bytes of the entry."""

    kind: int
    count: int
    place: int
    raw: bytes


class Directories:
    """A file of directories: its byte order, whether it is a BigTIFF, and the offset of the first directory.

    ``word``: the bytes of an offset. Raises ``ValueError`` for other files.
    """

    def __init__(self, data: bytes) -> None:
        orders: dict[bytes, Literal["little", "big"]] = {b"II": "little", b"MM": "big"}
        if data[:2] not in orders:
            raise ValueError("not a TIFF")
        self._data = data
        self.order = orders[data[:2]]
        self.big = self.number(2, 2) == 43
        self.word = 8 if self.big else 4
        self.first = self.number(8 if self.big else 4, self.word)
        self._entry = Struct(("<" if self.order == "little" else ">") + ("HHQ8s" if self.big else "HHI4s"))
        self._read = 0

    def number(self, at: int, size: int) -> int:
        """Return the unsigned number at an offset. Raises: ``ValueError`` beyond the end of the file."""
        if at < 0 or at + size > len(self._data):
            raise ValueError("a place beyond the file")
        return int.from_bytes(self._data[at : at + size], self.order)

    def entries(self, at: int) -> tuple[dict[int, Entry], int]:
        """Return the entries of the directory at an offset, and the offset of the next one, 0 for none.

        Raises: ``ValueError``; ``TooManyPartsError``, also for all directories together.
        """
        count = self.number(at, 8 if self.big else 2)
        at += 8 if self.big else 2
        self._read += count
        if count > MOST_ENTRIES or self._read > MOST_PARTS:
            raise TooManyPartsError(f"{self._read} entries")
        end = at + self._entry.size * count
        if end > len(self._data):
            raise ValueError("a directory beyond the file")
        found: dict[int, Entry] = {}
        for number, (tag, kind, values, field) in enumerate(self._entry.iter_unpack(self._data[at:end])):
            start = at + self._entry.size * number
            place = start + 4 + self.word
            if values * _SIZES.get(kind, 8) > self.word:
                place = int.from_bytes(field, self.order)
            found.setdefault(tag, Entry(kind, values, place, self._data[start : start + self._entry.size]))
        return found, self.number(end, self.word) if end + self.word <= len(self._data) else 0

    def chain(self) -> Iterator[dict[int, Entry]]:
        """Yield the directories in order; stops at the last, an invalid or a repeated one."""
        seen, at = set(), self.first
        while at and at not in seen:
            seen.add(at)
            try:
                entries, at = self.entries(at)
            except ValueError:
                return
            yield entries

    def values(self, entry: Entry | None) -> list[int]:
        """Return integers, none for a missing entry. Raises: ``ValueError``, ``TooManyPartsError``."""
        if entry is None:
            return []
        size = _SIZES.get(entry.kind)
        if size is None or entry.place + size * entry.count > len(self._data):
            raise ValueError("values beyond the file")
        return [self.number(entry.place + size * at, size) for at in bounded(range(entry.count), MOST_VALUES)]

    def value(self, entry: Entry | None, default: int = 0) -> int:
        """Return the first integer of an entry. Raises: ``ValueError``."""
        size = _SIZES.get(entry.kind) if entry and entry.count else None
        return self.number(entry.place, size) if entry and size else default


def orientation_of(exif: bytes | None) -> int:
    """Return the orientation in an EXIF block, 1 if there is none or it is invalid."""
    if not exif:
        return 1
    try:
        block = Directories(exif.removeprefix(b"Exif\x00\x00"))
        value = block.value(block.entries(block.first)[0].get(ORIENTATION), 1)
    except (ValueError, PictureError):
        # A broken EXIF block does not affect the picture itself.
        return 1
    return value if 1 <= value <= 8 else 1

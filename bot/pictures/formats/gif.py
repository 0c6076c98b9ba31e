"""The structure of a GIF file: its size, its frames, whether the first of them is whole, and a copy of that alone.

Imports ``errors`` and ``structure``. Never decodes. Structure: CompuServe GIF89a.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.pictures.errors import DamagedPictureError, TooManyPartsError, TruncatedPictureError
from bot.pictures.formats.structure import MOST_FRAMES, Layout

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF
_HEADER_LENGTH = 13
# A block holds up to 255 bytes, so 64 MB are some 263,000.
_MOST_BLOCKS = 400_000


class _Part(NamedTuple):
    """An image or an extension, ``data[start:end]``; ``kind`` is that of the extension, None for an image."""

    kind: int | None
    start: int
    end: int


def layout(data: bytes) -> Layout:
    """Return the structure of the file.

    Only the first frame must be whole, because only it is used; a missing trailer is common and harmless. Frames are
    counted as far as ``MOST_FRAMES``.

    Raises: ``TruncatedPictureError``, ``DamagedPictureError``, ``TooManyPartsError``.
    """
    frames, alpha, metadata = 0, False, False
    width, height = _pair(data, 6)
    for part in _parts(data):
        if part.kind is not None:
            alpha |= (
                part.kind == _GRAPHIC_CONTROL
                and frames == 0
                and any(flags & 1 for flags in data[part.start + 3 : part.end][:1])
            )
            looped = part.kind == _APPLICATION and data[part.start + 3 : part.start + 11] == b"NETSCAPE"
            metadata |= part.kind == _COMMENT or (part.kind == _APPLICATION and not looped)
            continue
        if frames == 0:
            # A frame may be larger than the screen in the header; then it sets the size of the picture.
            (left, top), (wide, high) = _pair(data, part.start + 1), _pair(data, part.start + 5)
            width, height = max(width, left + wide), max(height, top + high)
        frames += 1
        if frames == MOST_FRAMES:
            break
    if not frames:
        raise TruncatedPictureError("the GIF ends before its first frame does")
    return Layout(
        width_px=width,
        height_px=height,
        frames=frames,
        alpha=alpha,
        has_metadata=metadata,
        pixel_bytes=1,
        # The frame, before it is placed on a larger screen.
        decoder_bytes=width * height,
    )


def first_frame(data: bytes) -> bytes:
    """Return the file with only its first frame and that frame's display settings."""
    control = b""
    for part in _parts(data):
        if part.kind == _GRAPHIC_CONTROL:
            control = data[part.start : part.end]
        elif part.kind is None:
            head = data[: _HEADER_LENGTH + _table_size(data[10])]
            return head + control + data[part.start : part.end] + bytes([_TRAILER])
    raise TruncatedPictureError("the GIF ends before its first frame does")


def _parts(data: bytes) -> Iterator[_Part]:
    """Yield the blocks after the header, up to the end of the file or to invalid data after a whole frame."""
    if len(data) < _HEADER_LENGTH:
        raise TruncatedPictureError("the GIF ends in its header")
    kind: int | None
    at, blocks, framed = _HEADER_LENGTH + _table_size(data[10]), 0, False
    while at < len(data) and data[at] != _TRAILER:
        try:
            if data[at] == _IMAGE:
                kind, start = None, at + 11 + _table_size(data[at + 9])
            elif data[at] == _EXTENSION:
                kind, start = data[at + 1], at + 2
            elif framed:
                return
            else:
                raise DamagedPictureError("the GIF makes no sense before its first frame")
            end = start
            while length := data[end]:
                end += 1 + length
                blocks += 1
                if blocks > _MOST_BLOCKS:
                    raise TooManyPartsError(f"more than {_MOST_BLOCKS} blocks")
        except IndexError:
            return
        blocks += 1
        framed |= kind is None
        yield _Part(kind, at, end + 1)
        at = end + 1


def _pair(data: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")


def _table_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0

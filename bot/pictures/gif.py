"""The structure of a GIF file: its size, its frames, and whether the first of them is whole.

Imports ``errors`` and ``layout`` beside it. Never decodes. Structure: CompuServe GIF89a.
"""

from __future__ import annotations

from bot.pictures.errors import DamagedPictureError, TruncatedPictureError
from bot.pictures.layout import Layout

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF


def layout(data: bytes) -> Layout:
    """Return what the file says of its picture. Raises: ``TruncatedPictureError``, ``DamagedPictureError``.

    Only the first frame must be whole, because only it is used; a missing trailer is common and harmless.
    """
    if len(data) < 13:
        raise TruncatedPictureError("the GIF ends in its header")
    frames, alpha, metadata = 0, False, False
    width, height = _pair(data, 6)
    at = 13 + _table_size(data[10])
    while at < len(data) and data[at] != _TRAILER:
        try:
            if data[at] == _IMAGE:
                if frames == 0:
                    # A frame may be larger than the screen that the header promises; then the picture is that large.
                    (left, top), (wide, high) = _pair(data, at + 1), _pair(data, at + 5)
                    width, height = max(width, left + wide), max(height, top + high)
                at = _after_blocks(data, at + 11 + _table_size(data[at + 9]))
                frames += 1
            elif data[at] == _EXTENSION:
                kind = data[at + 1]
                alpha |= kind == _GRAPHIC_CONTROL and frames == 0 and bool(data[at + 3] & 1)
                metadata |= kind == _COMMENT or (kind == _APPLICATION and data[at + 3 : at + 11] != b"NETSCAPE")
                at = _after_blocks(data, at + 2)
            elif frames:
                break
            else:
                raise DamagedPictureError("the GIF makes no sense before its first frame")
        except IndexError:
            break
    if not frames:
        raise TruncatedPictureError("the GIF ends before its first frame does")
    return Layout(width_px=width, height_px=height, frames=frames, alpha=alpha, has_metadata=metadata)


def _pair(data: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")


def _table_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    """Return the place behind a run of length-prefixed blocks. Raises: ``IndexError`` past the end of the file."""
    while length := data[at]:
        at += 1 + length
    return at + 1

"""Pictures that should not be decoded, made without decoding them."""

from __future__ import annotations

import struct
import zlib


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width_px: int, height_px: int, rows: int = 0) -> bytes:
    """Return a PNG whose few bytes unfold to ``width_px`` by ``height_px`` black pixels; ``rows`` cuts it short."""
    header = struct.pack(">IIBBBBB", width_px, height_px, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width_px + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(rows or height_px)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")

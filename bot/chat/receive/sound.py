"""How long a recording is, by its bytes: the length that comes with a message is what its sender's client says.

Imports nothing of ours.
"""

from __future__ import annotations

from collections import defaultdict

PAGE = b"OggS"
"""Each page of Ogg begins with it; then come a version, flags, the position (64 bits), and the stream (RFC 3533, 6)."""

SAMPLES_A_SECOND = 48_000
"""Positions of Opus count these, whatever was recorded (RFC 7845, 4). Telegram's voice messages are Opus."""

MOST_BYTES_A_SECOND = 300_000
"""More than any video message has. A file that is larger for its length says a wrong one."""


def length_s(data: bytes, said_s: int) -> float:
    """Return the length of a recording in seconds: of Ogg the true one, of others at least what the bytes allow."""
    if data.startswith(PAGE):
        return _ogg_s(data)
    return max(float(said_s), len(data) / MOST_BYTES_A_SECOND)


def _ogg_s(data: bytes) -> float:
    """Return the length of all streams of a file, one after another."""
    ends: dict[tuple[bytes, int], int] = defaultdict(int)
    begun, at = 0, data.find(PAGE)
    while at >= 0:
        header = data[at : at + 18]
        if len(header) == 18:
            begun += header[5] >> 1 & 1
            position = int.from_bytes(header[6:14], "little", signed=True)
            stream = header[14:18], begun
            ends[stream] = max(ends[stream], position)
        at = data.find(PAGE, at + len(PAGE))
    return sum(ends.values()) / SAMPLES_A_SECOND

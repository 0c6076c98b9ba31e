"""Work on answers of many megabytes, in a thread and in pieces: parsing and decoding base64.

Imports pybase64 and ``errors``. A single library call on all bytes would hold the interpreter lock, so the event loop
would stop although the call runs in a thread.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import pybase64

from bot.providers.errors import DamagedPicture

P = ParamSpec("P")
T = TypeVar("T")

QUICK_BYTES = 500_000
"""Below this the work is faster than the switch to another thread."""

_CHUNK_CHARS = 500_000
_DATA_URI = re.compile(r"data:[^,]{0,200},", re.IGNORECASE)
_SPACES = b" \t\n\r\v\f"
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


async def in_thread(size_bytes: int, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Return the result of ``work`` on ``size_bytes``; large work runs in a thread."""
    if size_bytes <= QUICK_BYTES:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)


def decode_base64(text: str) -> bytes:
    """Return the bytes of base64 in either alphabet, padded or not, wrapped or not, with or without ``data:`` prefix.

    Raises: ``DamagedPicture`` when it holds anything else.
    """
    head = _DATA_URI.match(text)
    decoded: list[bytes] = []
    rest, ended = b"", False
    try:
        for start in range(head.end() if head else 0, len(text), _CHUNK_CHARS):
            piece = text[start : start + _CHUNK_CHARS].encode("ascii").translate(_TO_STANDARD, _SPACES)
            signs = piece.rstrip(b"=")
            if ended and signs:
                raise ValueError("text after the end")
            ended = ended or len(signs) < len(piece)
            rest += signs
            whole = len(rest) // 4 * 4
            decoded.append(pybase64.b64decode(rest[:whole], validate=True))
            rest = rest[whole:]
        if len(rest) == 1:
            raise ValueError("cut off")
        decoded.append(pybase64.b64decode(rest + b"=" * (-len(rest) % 4), validate=True))
    except ValueError as error:
        raise DamagedPicture(owner_text="not base64") from error
    return b"".join(decoded)

"""What a conversation has in hand, so that a cancel can find and stop it. Imports ``storage.records``."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from storage.records import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A turn at work, which cancel stops."""

    turn: Turn
    call: asyncio.Task[list[Turn]]
    language: str


@dataclass(slots=True, kw_only=True)
class Handling:
    """Updates in hand. A wish is ended by cancel as long as it had no effect, which ``settling`` decides."""

    update_ids: list[int]
    language: str
    work: asyncio.Task[None]
    wish: bool = False
    settling: asyncio.Task[None] | None = field(default=None)

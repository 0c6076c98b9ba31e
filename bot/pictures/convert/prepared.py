"""A picture that was made fit to be sent on, and what happened to it on the way. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Note(StrEnum):
    """What happened on the way, by the key of the text that tells it."""

    FIRST_FRAME = "note-first-frame"
    FIRST_PAGE = "note-first-page"
    RAW_PREVIEW = "note-raw-preview"
    CONVERTED = "note-converted"
    SHRUNK = "note-shrunk"
    FLATTENED = "note-flattened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A picture fit to be sent on; ``notes`` in the order in which things happened."""

    data: bytes = field(repr=False)
    mime: str
    width_px: int
    height_px: int
    notes: tuple[Note, ...] = ()

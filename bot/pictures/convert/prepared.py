"""A prepared picture and the changes made to it. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Change(StrEnum):
    """A change to a picture, by the key of its text."""

    FIRST_FRAME = "note-first-frame"
    FIRST_PAGE = "note-first-page"
    RAW_PREVIEW = "note-raw-preview"
    CONVERTED = "note-converted"
    SHRUNK = "note-shrunk"
    FLATTENED = "note-flattened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A prepared picture; ``changes`` in the order of the changes."""

    data: bytes = field(repr=False)
    mime: str
    width_px: int
    height_px: int
    changes: tuple[Change, ...] = ()

"""Divides an export into parts. Pure; imports ``storage.records`` only.

Imports ``storage``. Sizes are upper bounds: in a zip words get smaller, pictures do not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from storage.records import MediaRef, Turn

ENTRY_BYTES = 400
"""The overhead of a file in a zip: its headers, twice (APPNOTE.TXT, 4.3)."""

FRAME_BYTES = 20_000
"""The overhead of a part: README.txt, the frame of the page, and the end of the zip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The size of a turn. ``pictures``: those that it shows or was sent, each once."""

    id: int
    number: int
    text_bytes: int
    pictures: tuple[MediaRef, ...]


@dataclass(slots=True)
class Part:
    """One part: its turns by id with their pictures in this part, and whether it has contents.json."""

    number: int
    turns: dict[int, tuple[MediaRef, ...]] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    pictures: dict[str, MediaRef] = field(default_factory=dict)
    has_replay: bool = False
    size_bytes: int = FRAME_BYTES

    @property
    def first(self) -> int:
        """Return the number of its first turn, 0 without turns."""
        return self.numbers[0] if self.numbers else 0

    @property
    def last(self) -> int:
        """Return the number of its last turn, 0 without turns."""
        return self.numbers[-1] if self.numbers else 0


def pictures_of(turn: Turn) -> tuple[MediaRef, ...]:
    """Return each picture of a turn once: sent and restored ones, prepared and original, and what the model painted."""
    made = (turn.restored.picture,) if turn.restored else ()
    sent = [ref for picture in (*turn.pictures, *made) for ref in (picture.media, picture.original) if ref]
    return tuple({ref.sha256: ref for ref in (*sent, *turn.shown, *turn.painted)}.values())


class Division:
    """Fills parts of at most ``limit_bytes``, turn by turn."""

    def __init__(self, limit_bytes: float = math.inf) -> None:
        self._limit_bytes = limit_bytes
        self.parts: list[Part] = [Part(1)]
        self.too_large: set[str] = set()
        """Pictures that are too large for any part."""

    def add(self, turn: Weighed) -> None:
        """Put a turn into the last part or a new one; a turn too large for one part goes into several."""
        held = [ref for ref in turn.pictures if self._fits_alone(turn, ref)]
        self.too_large.update(ref.sha256 for ref in turn.pictures if ref not in held)
        if not self._has_room(turn, held) and self.parts[-1].turns:
            self._begin()
        if self._has_room(turn, held):
            self._put(turn, held)
            return
        self._put(turn, [])
        for ref in held:
            if not self._has_room(turn, [ref], again=True):
                self._begin()
            self._put(turn, [ref])

    def end(self, replay_bytes: int | None) -> None:
        """Put contents.json into the last part, or a new one if there is no room; None: there is none."""
        if replay_bytes is None:
            return
        if self.parts[-1].size_bytes + replay_bytes > self._limit_bytes:
            self._begin()
        self.parts[-1].has_replay = True
        self.parts[-1].size_bytes += replay_bytes

    def _begin(self) -> None:
        self.parts.append(Part(len(self.parts) + 1))

    def _fits_alone(self, turn: Weighed, ref: MediaRef) -> bool:
        return FRAME_BYTES + turn.text_bytes + _bytes([ref]) <= self._limit_bytes

    def _has_room(self, turn: Weighed, refs: Sequence[MediaRef], *, again: bool = False) -> bool:
        part = self.parts[-1]
        text_bytes = 0 if again and turn.id in part.turns else turn.text_bytes
        new = [ref for ref in refs if ref.sha256 not in part.pictures]
        return part.size_bytes + text_bytes + _bytes(new) <= self._limit_bytes

    def _put(self, turn: Weighed, refs: Sequence[MediaRef]) -> None:
        part = self.parts[-1]
        if turn.id not in part.turns:
            part.turns[turn.id] = ()
            part.numbers.append(turn.number)
            part.size_bytes += turn.text_bytes
        part.size_bytes += _bytes([ref for ref in refs if ref.sha256 not in part.pictures])
        part.turns[turn.id] += tuple(refs)
        part.pictures.update((ref.sha256, ref) for ref in refs)


def _bytes(refs: Iterable[MediaRef]) -> int:
    return sum(ref.size_bytes + ENTRY_BYTES for ref in refs)

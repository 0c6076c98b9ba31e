"""Which picture an answer edits, and whether the rest of it should be kept.

Imports ``aspect``, ``exchanges`` and ``storage.records``. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.turns.request.aspect import asked_shape, ratio_of
from bot.turns.request.exchanges import PathTurn, last_sent, picture_of_answer
from storage.records import INLINE, InputPicture, Json, MediaRef, Turn

KEEP = "keep"
"""The setting of a conversation, and the option of a wish: missing for automatic, else one of the next two."""

OFFERED, NEVER = "offered", "never"

WHOLE = "whole"
"""The option of a wish that sends the whole of a marked picture, since the crop did not fit back before."""

UNFIT = "note-crop-left"
"""The remark that the crop which the model painted does not fit back."""

LOOSE = "note-mark-left"
"""The remark that more than the marked place was painted anew."""

OTHER_SHAPE = 0.033
"""A chosen shape that differs by more cannot be the source's: the models' own shapes differ by up to 3.3 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The picture that an answer edits, and the person's copy of it with pen strokes on it, if there is one."""

    source: InputPicture
    marked: InputPicture | None = None

    @property
    def whole(self) -> MediaRef:
        """The picture at its full size."""
        return self.source.original or self.source.media


def sources_of(turn: Turn, path: Sequence[PathTurn]) -> Sources | None:
    """Return what an answer to ``turn`` after ``path`` edits; None where not exactly one picture is edited.

    None, too, where nothing may be kept: the conversation wants that, the wish chose another shape, or it came from
    elsewhere, where others lend their pictures for one wish only.
    """
    if turn.options.get(KEEP) == NEVER or INLINE in turn.options:
        return None
    marked = next((picture for picture in turn.pictures if picture.marks), None)
    if marked is None:
        source = _edited(turn, path)
    else:
        source = next((picture for picture in turn.pictures if picture.media.sha256 == marked.marks), None)
    if source is None or _is_reshaped(turn, source):
        return None
    return Sources(source=source, marked=marked)


def whole_again(turn: Turn) -> Json:
    """Return the option to send the whole of a marked picture when a turn is repeated whose crop did not fit back."""
    return {WHOLE: True} if UNFIT in turn.remarks or WHOLE in turn.options else {}


def current_input(path: Sequence[PathTurn]) -> InputPicture | None:
    """Return the current picture of a path with its original, as large as there is one."""
    for earlier in reversed(path):
        if earlier.shown:
            return picture_of_answer(earlier)
        if sent := last_sent(earlier):
            return replace(sent, caption="", name="", author_id=sent.author_id or earlier.author.id)
    return None


def _edited(turn: Turn, path: Sequence[PathTurn]) -> InputPicture | None:
    """Return the one picture that an unmarked wish edits. A picture with an @name is something to look at."""
    brought = [picture for picture in turn.pictures if not picture.name]
    current = current_input(path)
    if not brought or (current and current.media in [picture.media for picture in brought]):
        return current
    if len(brought) > 1:
        return None
    return brought[0]


def _is_reshaped(turn: Turn, source: InputPicture) -> bool:
    asked = asked_shape(turn.options, changes=True)
    ratio = ratio_of(asked) if asked else None
    whole = source.original or source.media
    own = whole.width_px / whole.height_px
    return ratio is not None and abs(math.log(ratio / own)) > OTHER_SHAPE

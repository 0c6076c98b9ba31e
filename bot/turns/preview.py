"""What the next request would contain, for ``/context``.

Imports ``asking``, ``contents``, ``exchanges``, ``parked``, ``providers.shared.flatten`` and ``storage.records``. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.providers.shared.flatten import fold
from bot.turns.asking import Read, RequestBuilder, TurnRequest
from bot.turns.request import contents
from bot.turns.request.exchanges import PathTurn
from bot.turns.request.parked import json_bytes, media_in, picture_bytes, wire_bytes
from storage.records import MediaRef, Sketch, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the next request would contain: ``replayed`` turns, and ``in_words`` earlier wishes as words.

    ``unsaid``: older wishes for which the prompt has no room. ``first``: the first turn of the conversation, if its
    picture is sent on its own. ``pictures``: all pictures that are sent. ``size_bytes``: of the conversation on the
    wire.
    """

    model: str
    replayed: tuple[Turn, ...]
    in_words: int
    unsaid: int
    first: Sketch | None
    pictures: tuple[MediaRef, ...]
    size_bytes: int


def preview(builder: RequestBuilder, path: Sequence[PathTurn], head: Turn, read: Read) -> Preview:
    """Return what a request for a wish after ``head`` would contain; ``path`` leads to ``head``."""
    wish = replace(head, id=0, parent_id=head.id, wish="…", pictures=(), cited=(), reply=None, shown=(), restored=None)
    composed = contents.compose(path, wish, builder.fit)
    if not builder.able.history:
        return _flat(builder, builder.of(wish, path, read), composed)
    return Preview(
        model=builder.able.label,
        replayed=tuple(contents.whole(path[composed.left_out :])),
        in_words=composed.in_words,
        unsaid=0,
        first=_begun(contents.first_of(path), composed.first),
        pictures=tuple(ref for content in composed.contents for ref in media_in(content)),
        size_bytes=wire_bytes(composed.contents),
    )


def _flat(builder: RequestBuilder, turn_request: TurnRequest, composed: contents.Composed) -> Preview:
    """Return the preview for a model without history: one prompt, and the picture to change."""
    pictures = tuple(ref for ref in (composed.current, *composed.pictures) if ref)
    return Preview(
        model=builder.able.label,
        replayed=(),
        in_words=len(turn_request.request.earlier_wishes),
        unsaid=turn_request.unsaid,
        first=None,
        pictures=pictures,
        size_bytes=sum(map(picture_bytes, pictures)) + json_bytes(fold(turn_request.request)),
    )


def _begun(turn: PathTurn | None, first: MediaRef | None) -> Sketch | None:
    """Return the first turn of a conversation with its first picture, for display."""
    if turn is None or first is None:
        return None
    return Sketch(
        id=turn.id,
        parent_id=turn.parent_id,
        wish="" if turn.pictures else turn.wish,
        words="",
        pictures=turn.pictures,
        shown=(first,),
        covered=turn.covered,
    )

"""What a model would see with the next wish, for ``/context``.

May import ``asking``, ``contents``, ``exchanges``, ``parked``, ``providers.shared.flatten`` and ``storage.records``.
Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.providers.shared.flatten import fold
from bot.turns.asking import Read, RequestMaker, TurnRequest
from bot.turns.request import contents
from bot.turns.request.exchanges import PathTurn
from bot.turns.request.parked import json_bytes, media_in, picture_bytes, wire_bytes
from storage.records import MediaRef, Sketch, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the model would see: turns that go along whole, and how many wishes before them as words.

    ``unsaid``: older wishes for which a model without history has no room. ``first``: the turn that the conversation
    began with, showing its first picture, where that goes along by itself. ``pictures``: all that go along.
    ``size_bytes``: of the conversation on the wire.
    """

    model: str
    replayed: tuple[Turn, ...]
    told: int
    unsaid: int
    first: Sketch | None
    pictures: tuple[MediaRef, ...]
    size_bytes: int


def preview(asking: RequestMaker, path: Sequence[PathTurn], head: Turn, read: Read) -> Preview:
    """Return what the model of ``asking`` would see with a wish after ``head``, to which ``path`` leads."""
    wish = replace(head, id=0, parent_id=head.id, wish="…", pictures=(), cited=(), reply=None, shown=())
    composed = contents.compose(path, wish, asking.fit)
    if not asking.able.history:
        return _flat(asking, asking.of(wish, path, read), composed)
    return Preview(
        model=asking.able.label,
        replayed=tuple(contents.whole(path[composed.left_out :])),
        told=composed.told,
        unsaid=0,
        first=_begun(contents.first_of(path), composed.first),
        pictures=tuple(ref for content in composed.contents for ref in media_in(content)),
        size_bytes=wire_bytes(composed.contents),
    )


def _flat(asking: RequestMaker, asked: TurnRequest, composed: contents.Composed) -> Preview:
    """Return what a model without history gets: one prompt, and the picture to be changed."""
    pictures = tuple(ref for ref in (composed.current, *composed.pictures) if ref)
    return Preview(
        model=asking.able.label,
        replayed=(),
        told=len(asked.request.earlier_wishes),
        unsaid=asked.unsaid,
        first=None,
        pictures=pictures,
        size_bytes=sum(map(picture_bytes, pictures)) + json_bytes(fold(asked.request)),
    )


def _begun(turn: PathTurn | None, first: MediaRef | None) -> Sketch | None:
    """Return the turn that a conversation began with, as it is shown with the picture that it began with."""
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

"""Remarks on an answer: pictures that had no room, choices that the model ignored, a replaced model.

Imports ``asking``, ``aspect``, ``contents``, ``providers``, ``pictures`` and ``storage.records``. Gives keys of
sentences.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from bot.pictures.compare.result_check import ratio_ignored, size_ignored
from bot.providers.base import Capabilities
from bot.turns.asking import UNSAID
from bot.turns.request.aspect import OWN, asked_shape, changed_picture, nearest, ratio_of
from bot.turns.request.contents import Composed
from storage.records import Json, Turn

REPLACED = "note-model-replaced"
"""The remark that another model answered, since the chosen one is gone."""

KEPT = ("note-kept", "note-kept-picture")
"""The remarks that the rest is as it was: kept from a photo that somebody sent, or from an answer."""

INSTEAD = "note-answered-instead"
"""The remark that another model answered, since the chosen one is out of order."""


async def remarks_of(
    turn: Turn, able: Capabilities, names: tuple[str, str], compose: Callable[[], Awaitable[Composed]]
) -> tuple[list[tuple[str, Json]], set[str]]:
    """Return sentences with their values, and by their SHA-256 the pictures of the wish that had no room.

    ``able``: the model that painted; ``names``: of the chosen one and of the one that painted; ``compose`` returns the
    request.
    """
    both: Json = dict(zip(("old", "new"), names, strict=True))
    values: dict[str, Json] = {REPLACED: both, INSTEAD: both, UNSAID: {"model": able.label}}
    found: list[tuple[str, Json]] = [(key, values.get(key, {})) for key in dict.fromkeys(turn.remarks)]
    left_out: set[str] = set()
    # Fewer pictures always have room.
    if len(turn.pictures) >= max(able.max_images, 1):
        composed = await compose()
        got = {ref.sha256 for ref in (*composed.pictures, composed.current) if ref}
        left_out = {picture.media.sha256 for picture in turn.pictures} - got
    if left_out:
        found.append(("note-left-out", {"count": len(left_out), "limit": able.max_images}))
    elif 0 < able.advised_images < len(turn.pictures):
        found.append(("note-advised", {"limit": able.advised_images}))
    if turn.shown:
        found += await _of_shape(turn, able, compose)
    size, shown = turn.options.get("size"), turn.painted[-1] if turn.painted else None
    if shown and size in able.sizes and size_ignored(size, shown.width_px, shown.height_px):
        # As words: a number of pixels has no separators.
        pixels: Json = {"width": str(shown.width_px), "height": str(shown.height_px)}
        found.append(("note-size-ignored", {"size": size, **pixels}))
    return found, left_out


async def _of_shape(
    turn: Turn, able: Capabilities, compose: Callable[[], Awaitable[Composed]]
) -> list[tuple[str, Json]]:
    """Return remarks on a chosen shape that the model does not offer or ignored."""
    shown, wanted = turn.painted[-1], asked_shape(turn.options, changes=False)
    if wanted is None:
        return []
    if OWN in turn.options and (sent := nearest(ratio_of(wanted) or 1.0, able.ratios)):
        if not _is_same(sent, wanted):
            return [("note-ratio-nearest", {"model": able.label, "ratio": wanted, "nearest": sent})]
        wanted = sent
    if not ratio_ignored(wanted, shown.width_px, shown.height_px):
        return []
    kept_to = asked_shape(turn.options, changes=changed_picture(turn, await compose()) is not None)
    return [("note-ratio-ignored", {"ratio": wanted})] if kept_to else []


def _is_same(one: str, other: str) -> bool:
    """Return whether two shapes look the same, such as 16:9 and 32:18."""
    across, down = map(int, other.split(":"))
    return not ratio_ignored(one, across, down)

"""Finds answers that are plain copies of the picture that was to be edited; Google's model card names such copies.

Imports ``pictures``, ``contents``, ``exchanges`` and ``storage``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.pictures.compare.result_check import is_copy
from bot.pictures.threads import off_loop
from bot.turns.request import contents
from bot.turns.request.exchanges import last_sent
from storage.records import MediaRef, Turn
from storage.store import Store

MOST_EDITED = 1000
"""How many turns keep their edited picture in memory until it is compared with the answer; others are read again."""


class Copies:
    """Compares answers with the pictures that they edit."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._edited: dict[int, MediaRef | None] = {}

    def note_edited(self, turns: Sequence[Turn], picture: MediaRef | None) -> None:
        """Remember which picture of the path these turns edit, so that it need not be looked up."""
        self._edited.update((turn.id, picture) for turn in turns)
        for turn_id in list(self._edited)[:-MOST_EDITED]:
            del self._edited[turn_id]

    async def original_of(self, turn: Turn) -> MediaRef | None:
        """Return the picture to be edited if the answer is a copy of it, perhaps at another size; else None."""
        sent = last_sent(turn)
        before = sent.media if sent else await self._edited_by(turn)
        if before is None or not turn.shown or turn.restored or turn.offered_from:
            # What was found to be changed is no copy, however little it is.
            return None
        old, new = [await self._store.media.get(ref.sha256) for ref in (before, turn.shown[-1])]
        return before if await off_loop(is_copy, old, new) else None

    async def _edited_by(self, turn: Turn) -> MediaRef | None:
        """Return the picture of its parent that a turn edits."""
        if turn.id in self._edited or turn.parent_id is None:
            return self._edited.pop(turn.id, None)
        parent = await self._store.conversations.turn(turn.parent_id)
        return contents.current_picture([parent]) if parent else None

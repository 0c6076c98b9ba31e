"""Updates that still change a turn whose call has not begun: edits of its messages, late pictures of its album.

Imports ``albums``, ``edits``, ``acts`` and ``storage.records``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.receive.acts import Read
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.edits import Edits
from storage.records import InboxRow, Turn


class LateUpdates:
    """Applies late updates. ``read`` parses one."""

    def __init__(self, edits: Edits, albums: Albums, read: Read) -> None:
        self._edits = edits
        self._albums = albums
        self._read = read

    async def catch_up(self, turn: Turn, waiting: Sequence[InboxRow]) -> Turn | None:
        """Apply the updates that wait behind a turn; return the turn, None where another one replaced it."""
        if await self._edits.catch_up(turn, waiting, self._read):
            return None
        return await self._albums.catch_up(turn, waiting, self._read)

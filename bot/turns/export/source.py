"""Reads a conversation for an export. Imports ``storage``."""

from __future__ import annotations

from collections.abc import AsyncIterator

from storage.media.store import MediaMissing
from storage.records import Conversation, MediaRef, Turn
from storage.store import Store


class Source:
    """One conversation in a store, read in pieces."""

    def __init__(self, store: Store, conversation: Conversation) -> None:
        self._store = store
        self._id = conversation.id
        self.head_id = conversation.head_id

    def pages(self, after: int = 0) -> AsyncIterator[list[Turn]]:
        """Yield the answered turns after the id ``after``, oldest first, some at a time."""
        return self._store.views.pages(self._id, after=after)

    async def path(self, turn_id: int, most: int) -> list[Turn]:
        """Return the last ``most`` turns of the path to ``turn_id``, oldest first."""
        return await self._store.conversations.path(turn_id, limit=most)

    async def read(self, ref: MediaRef) -> bytes | None:
        """Return the bytes of a picture, None if the store has lost it. Raises: ``StorageFault``."""
        try:
            return await self._store.media.get(ref.sha256)
        except MediaMissing:
            return None

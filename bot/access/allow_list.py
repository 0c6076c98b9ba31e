"""The operator's lists of chats and people that the bot serves. Imports the standard library only.

Ids only: anybody can take any name. A channel or an anonymous admin counts by the id of the chat that they write as.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """An empty list serves everybody. Owners are always served."""

    chats: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()

    def lets_chat(self, chat_id: int) -> bool:
        """Return whether a group is served."""
        return not self.chats or chat_id in self.chats

    def lets_person(self, author_id: int) -> bool:
        """Return whether a person, channel or anonymous admin is served."""
        return not self.people or author_id in self.people | self.owners

"""Whom the bot serves: the operator's lists of chats and people. Imports the standard library only.

A person is known by id, a channel or anonymous admin by the chat that speaks; names prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowList:
    """Empty lists let everybody in; owners always pass."""

    chats: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()

    def lets_chat(self, chat_id: int) -> bool:
        """Return whether a group is served."""
        return not self.chats or chat_id in self.chats

    def lets_person(self, author_id: int) -> bool:
        """Return whether the one who acts is served."""
        return not self.people or author_id in self.people | self.owners

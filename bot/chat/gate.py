"""Whom the bot serves: the operator's lists of chats and people. Imports ``incoming`` and the standard library.

A person is known by id, a channel or anonymous admin by the chat that speaks; names prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.chat.incoming import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Empty lists let everybody in; owners always pass."""

    chats: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()

    def lets_chat(self, event: Event) -> bool:
        """Tell whether an event's group is served; a private chat is its person's matter."""
        return event.private or not self.chats or event.key.chat_id in self.chats

    def lets_person(self, event: Event) -> bool:
        """Tell whether the one who acts is served."""
        return not self.people or event.author.id in self.people | self.owners

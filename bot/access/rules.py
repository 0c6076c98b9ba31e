"""Whom the bot serves: by the setting ``ACCESS``, the operator's lists, and what owners decided about guests.

Imports ``storage.guests.values``. Ids only: anybody can take any name. A channel or an anonymous admin counts by the id
of the chat that they write as.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from storage.guests.values import Standing


class Verdict(Enum):
    """What happens to an event of a person or group."""

    SERVED = "served"
    WAITS = "waits"
    """An owner decides, and is asked."""
    STRANGER = "stranger"
    """Not served, and told so once."""
    REFUSED = "refused"
    """An owner decided against this guest, who was told so then."""
    BLOCKED = "blocked"
    """An owner blocked this guest, who is told so once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """``mode``: ``open`` serves everybody, ``ask`` whom an owner lets in, ``listed`` those on the lists alone.

    Whoever is on a list or was admitted is served in each mode, whoever was blocked in none. Owners are always served
    as people, and cannot be blocked.
    """

    mode: str = "open"
    chats: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    owners: frozenset[int] = frozenset()

    @property
    def serves_anybody(self) -> bool:
        """Whether a stranger who writes to the bot is served."""
        return self.of_person(0, None, private=True) is Verdict.SERVED

    def of_chat(self, chat_id: int, standing: Standing | None, *, author_id: int = 0) -> Verdict:
        """Judge a group. In the mode ``ask``, owners are served in a group that still waits for them."""
        if standing is Standing.BLOCKED:
            return Verdict.BLOCKED
        if self.mode == "open" or standing is Standing.ADMITTED or chat_id in self.chats:
            return Verdict.SERVED
        if self.mode == "ask":
            return Verdict.SERVED if author_id in self.owners else _waiting(standing)
        # A list of people alone limits no groups, nor the other way round.
        return Verdict.SERVED if self.people and not self.chats else Verdict.STRANGER

    def of_person(
        self, person_id: int, standing: Standing | None, *, private: bool, chat: Standing | None = None
    ) -> Verdict:
        """Judge a person, or a channel or anonymous admin. ``chat``: the standing of the group they write in."""
        if person_id in self.owners:
            return Verdict.SERVED
        if standing is Standing.BLOCKED:
            return Verdict.BLOCKED
        if self.mode == "open" or standing is Standing.ADMITTED or person_id in self.people:
            return Verdict.SERVED
        if self.mode == "ask":
            # Whoever let the group in meant the people there.
            return _waiting(standing) if private else Verdict.SERVED
        unlimited = not self.people and (bool(self.chats) or not private)
        return Verdict.SERVED if unlimited or chat is Standing.ADMITTED else Verdict.STRANGER


def _waiting(standing: Standing | None) -> Verdict:
    return Verdict.REFUSED if standing is Standing.REFUSED else Verdict.WAITS

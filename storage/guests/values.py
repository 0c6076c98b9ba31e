"""What is stored of a guest: a person or a group about whom an owner decides. Frozen values.

Imports ``records`` and ``books.values``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from storage.books.values import Allowance
from storage.records import Author, Key


class Standing(StrEnum):
    """What was decided about a guest. ASKED: nothing yet, an owner was asked."""

    ASKED = "asked"
    ADMITTED = "admitted"
    REFUSED = "refused"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The message that asked an owner about a guest."""

    owner_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A person, or a group or channel by its negative id.

    ``name``: "" for somebody who was forgotten, or whom only a number named. ``told``: the guest knows of the decision;
    of one who waits, that it was said twice. ``by``: the owner who decided.
    """

    id: int
    standing: Standing
    name: str = ""
    language: str = ""
    told: bool = False
    by: Author | None = None
    questions: tuple[Question, ...] = ()

    @property
    def is_person(self) -> bool:
        """Whether it is a person, whose id is also that of the private chat."""
        return self.id > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """What is known where somebody speaks: the chat and the person as guests, by id, and the settings of the chat."""

    guests: Mapping[int, Guest] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The outcome of a decision. ``first``: it changed something, so no earlier decision stood in its way.

    ``keys``: the conversations of an admitted guest in which something waits.
    """

    guest: Guest
    first: bool
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """Pictures, and what all answers cost in millionths of a US dollar, since a time."""

    pictures: int = 0
    cost_micro_usd: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who used the bot or asked to. ``standing``: None where no owner ever decided.

    ``allowance``: the limit that an owner set; None where the settings count. ``credits``: pictures that were bought
    and not used; ``stars``: that were paid and not given back.
    """

    id: int
    name: str
    standing: Standing | None
    today: Spending = Spending()
    month: Spending = Spending()
    allowance: Allowance | None = None
    credits: int = 0
    stars: int = 0

"""A command or button with all that its verb needs. Imports ``delivery`` and ``storage.records``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.delivery import Place
from storage.records import Author, Conversation, InputPicture, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks where, in which update, of which turn and which picture; ``value`` is what stands behind a command.

    ``replying``: it replies to a message, as far as Telegram shows that; ``about``: who wrote that one.
    """

    place: Place
    conversation: Conversation
    update_id: int
    author: Author
    private: bool
    turn: Turn | None
    picture: InputPicture | None = None
    value: str = ""
    replying: bool = False
    about: Author | None = None


Verb = Callable[[Asked], Awaitable[None]]

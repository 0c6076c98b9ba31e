"""What a verb is and what it gets: the context of a command or button. It returns a ``Response``.

Imports ``events``, ``response``, ``message``, ``turns`` and ``storage.records``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.chat.events import Commanded, Pressed
from bot.chat.response import Response
from bot.chat.send.message import Recipient
from bot.turns.turns import HeadMove
from storage.records import Author, Conversation, InputPicture, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """A command or a pressed button, with what its verb needs to know.

    ``name``: of the command or button. ``value``: the words behind a command, or what a button carries. ``turn`` and
    ``picture``: the ones that it is about, if any. ``replying``: the command replies to a message, as far as Telegram
    shows that; ``about``: the author of that message; ``passed_on``: the author of the one that was forwarded in it.
    ``message_id``: the message whose button was pressed.
    ``command_id``: the message of a command. Each of the last two is None for the other kind.
    """

    name: str
    recipient: Recipient
    conversation: Conversation
    update_id: int
    author: Author
    private: bool
    turn: Turn | None
    picture: InputPicture | None = None
    value: str = ""
    replying: bool = False
    about: Author | None = None
    passed_on: Author | None = None
    message_id: int | None = None
    command_id: int | None = None

    @classmethod
    def of(
        cls, event: Commanded | Pressed, conversation: Conversation, name: str, value: str, turn: Turn | None
    ) -> CommandContext:
        """Return what an event itself says."""
        is_command = isinstance(event, Commanded)
        return cls(
            name=name,
            recipient=Recipient.of_event(event),
            conversation=conversation,
            update_id=event.update_id,
            author=event.author,
            private=event.private,
            turn=turn,
            value=value,
            message_id=None if is_command else event.message_id,
            command_id=event.message_id if is_command else None,
        )

    @property
    def language(self) -> str:
        """The language of the response."""
        return self.recipient.language

    @property
    def moving(self) -> HeadMove:
        """Return what the move of head needs."""
        return HeadMove(
            conversation=self.conversation,
            update_id=self.update_id,
            language=self.language,
            message_id=self.command_id,
            by="" if self.private else self.author.name,
        )


Verb = Callable[[CommandContext], Awaitable[Response]]
"""Does what a command or a button says."""

Method = TypeVar("Method", bound=Callable[..., Awaitable[Response]])

_names: dict[object, tuple[str, ...]] = {}


def verb(*names: str) -> Callable[[Method], Method]:
    """Mark a method as the verb of these commands and buttons of the table."""

    def mark(method: Method) -> Method:
        _names[method] = names
        return method

    return mark


def marked() -> list[str]:
    """Return the names of all verbs in the modules that are loaded."""
    return [name for names in _names.values() for name in names]


def verbs_of(*groups: object) -> dict[str, Verb]:
    """Return the verbs of some objects by their names."""
    return {
        name: getattr(group, attribute)
        for group in groups
        for attribute, method in vars(type(group)).items()
        if callable(method)
        for name in _names.get(method, ())
    }

"""What a verb gets and what it returns: the context of a command or button, and the response to it.

Imports ``message``, ``pictures.boards.values``, ``turns`` and ``storage.records``. A verb returns what to say;
``dispatch`` alone sends it and finishes the update. So a verb can be tested without a chat, and none can forget its
update.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.chat.send.message import Recipient
from bot.pictures.boards.values import Animation
from bot.turns.turns import Moving
from storage.records import Author, Conversation, InputPicture, Key, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """A command or a pressed button, with what its verb needs to know.

    ``name``: of the command or button. ``value``: the words behind a command, or what a button carries. ``turn`` and
    ``picture``: the ones that it speaks of, if any. ``replying``: the command replies to a message, as far as Telegram
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

    @property
    def language(self) -> str:
        """The language of the response."""
        return self.recipient.language

    @property
    def moving(self) -> Moving:
        """Return what is needed to move head."""
        return Moving(
            conversation=self.conversation,
            update_id=self.update_id,
            language=self.language,
            message_id=self.command_id,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One of the bot's texts, with its values."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the language of the conversation, ready to be sent."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A picture that was drawn here, such as a tree. ``covered``: the chat hides it until somebody taps on it."""

    data: bytes
    words: str
    name: str
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """An animation that was made here."""

    animation: Animation
    words: str
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAgain:
    """The answer of a turn once more, under a text ``key`` that may say the wish."""

    turn: Turn
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """The pictures of a turn as files."""

    turn: Turn


Part = Sentence | Words | Drawing | Film | AnswerAgain | Originals


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What to send, in this order. ``stored``: the update was finished in one transaction with the verb's effect.

    ``wakes``: other conversations that have work by this effect.
    """

    parts: tuple[Part, ...] = ()
    stored: bool = False
    wakes: tuple[Key, ...] = ()


DONE = Response()
"""Nothing is left to say; the update ends."""

STORED = Response(stored=True)
"""The effect is stored together with the end of its update, and with what is to be said of it."""


def respond(key: str, **values: Any) -> Response:
    """Return one of the bot's texts as a response."""
    return Response(parts=(Sentence(key=key, values=values),))


def respond_lines(*lines: str) -> Response:
    """Return several lines as one message."""
    return Response(parts=(Words(text="\n".join(lines)),))


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

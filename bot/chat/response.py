"""What a handler wants to say, and how the update that it handles ends: values, so that no chat is needed to test one.

Imports PTB's keyboards, ``pictures.boards.values``, ``turns.wishes`` and ``storage.records``. Handlers and verbs return
a :class:`Response`. ``responder`` alone sends it and ends the update, so no handler can forget to.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from telegram import ForceReply, InlineKeyboardMarkup

from bot.pictures.boards.values import Animation
from bot.turns.wishes import TurnInput
from storage.records import Author, InputPicture, Key, MessageLink, Turn

Keyboard = InlineKeyboardMarkup | ForceReply

JUST_SENT = 0
"""Stands in a link for the id of the message that the response has just sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One of the bot's texts, with its values. ``optional``: if the chat refuses this sentence, the rest is still sent.

    ``buttons_for_s``: how long its buttons stay; None for always. ``alone``: in a group it is for the asker alone.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    keyboard: Keyboard | None = None
    optional: bool = False
    buttons_for_s: float | None = None
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words in the language of the conversation, ready to be sent. ``optional``, ``alone``: as in :class:`Sentence`."""

    text: str
    keyboard: Keyboard | None = None
    optional: bool = False
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """Another text and other buttons for an earlier message of the bot.

    ``anew``: sent as a new message where the earlier one cannot be changed; else nothing happens then.
    ``buttons_for_s``: as in :class:`Sentence`.
    """

    message_id: int
    text: str
    keyboard: InlineKeyboardMarkup | None = None
    anew: bool = False
    buttons_for_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutButtons:
    """An earlier message of the bot loses its buttons, if it still exists."""

    message_id: int


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
class Document:
    """A file that was made here, open for reading."""

    file: BinaryIO
    words: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """Something to pay with Telegram Stars. ``payload`` comes back with the payment; no client shows it."""

    title: str
    description: str
    payload: str
    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAgain:
    """The answer of a turn once more, under a text ``key`` that may say the wish; or ``versions``, all of a batch.

    ``current``: the picture that is current there, if the answer has none of its own. ``by``: the name of the person
    who asked for it, where others read along. ``redoes``: with a button to go forward.
    """

    turn: Turn
    key: str
    versions: tuple[Turn, ...] = ()
    current: tuple[InputPicture, ...] = ()
    by: str = ""
    redoes: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Originals:
    """The pictures of a turn as files."""

    turn: Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The bot leaves a group or a channel."""

    chat_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Parts that are made one by one while they are sent, because all of them would not fit into memory."""

    parts: AsyncGenerator[Part, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """A sentence in another conversation of the same person."""

    key: Key
    sentence: Sentence


Part = (
    Sentence
    | Words
    | Rewording
    | WithoutButtons
    | Drawing
    | Film
    | Document
    | Invoice
    | AnswerAgain
    | Originals
    | Leave
    | Series
    | Elsewhere
)


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Stored:
    """The update was ended already, in one transaction with its effect and with what is to be said of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """A wish becomes a turn; the updates end in the same transaction."""

    turn_input: TurnInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A turn is made once more; see ``Turns.again``. The updates end in the same transaction."""

    turn: Turn
    asker: Author
    times: int = 1
    late: tuple[MessageLink, ...] = ()
    more: str = ""
    ratio: str = ""
    request_message_id: int | None = None
    each: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepLinks:
    """Messages are linked to pictures or turns; the updates end in the same transaction.

    A link with the message id :data:`JUST_SENT` is about the last message of the response. ``head``: a turn to continue
    from now on.
    """

    conversation_id: int
    links: tuple[MessageLink, ...]
    head: Turn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Greeted:
    """A chat was greeted. Stored after the greeting: a process that dies in between greets twice, not never."""

    chat_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomedBack:
    """A person who is back read which messages had ended. Stored afterwards, as with :class:`Greeted`."""

    chat_id: int


ENDED_BY_BLOCK = "ended_by_block"
"""A setting of a private chat: how many waiting messages ended when the person blocked the bot."""

Ending = Finish | Stored | Take | Repeat | KeepLinks | Greeted | WelcomedBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What to send, in this order, and after that the effect that ends the update.

    ``wakes``: other conversations that have work by this effect.
    """

    parts: tuple[Part, ...] = ()
    ending: Ending = Finish()
    wakes: tuple[Key, ...] = ()


DONE = Response()
"""Nothing is left to say; the update ends."""

STORED = Response(ending=Stored())


def respond(key: str, **values: Any) -> Response:
    """Return one of the bot's texts as a response."""
    return Response(parts=(Sentence(key=key, values=values),))


def whisper(key: str, **values: Any) -> Response:
    """Return one of the bot's texts as a response that, in a group, is for the asker alone."""
    return Response(parts=(Sentence(key=key, values=values, alone=True),))


def respond_lines(*lines: str) -> Response:
    """Return several lines as one message."""
    return Response(parts=(Words(text="\n".join(lines)),))

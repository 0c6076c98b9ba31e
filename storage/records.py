"""The values that storage takes and gives: frozen, without behaviour that does I/O. Imports nothing of ours.

Times are Unix seconds (``_at``), sizes are bytes, picture sides pixels. Inside stored JSON a picture is named by
:data:`MEDIA_PREFIX` and its SHA-256, in the place where its base64 stood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

MEDIA_PREFIX = "media:"

BEFORE_MOVE = -(2**40)
"""Added to the id of a message that was said in a group which has become a supergroup since.

Ids count from 1 there, so the plain one is a stranger's message. This one is nobody's, and the order stays.
"""

Json = dict[str, Any]


class Key(NamedTuple):
    """Names a conversation to the outside: a chat and its topic, 0 outside forum topics."""

    chat_id: int
    topic_id: int


class TurnState(StrEnum):
    """How far a turn has come; its checkpoint. Only ANSWERED and DELIVERED turns can be a parent.

    FAILING is FAILED before the person was told.
    """

    ACCEPTED = "accepted"
    CALLING = "calling"
    ANSWERED = "answered"
    DELIVERED = "delivered"
    FAILING = "failing"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        """Tell whether nothing is left to do for a turn in this state."""
        return self in (TurnState.DELIVERED, TurnState.FAILED, TurnState.CANCELLED)


class KeptBack(StrEnum):
    """Of an answer that is not known to be delivered, and not sent by itself any more: whether the person knows."""

    UNTOLD = "untold"
    TOLD = "told"


class Role(StrEnum):
    """What a message is to the tree: somebody's wish, the bot's answer, or a picture that waits for words."""

    REQUEST = "request"
    ANSWER = "answer"
    LOOSE = "loose"


class StepState(StrEnum):
    """A message on its way out. UNKNOWN: nobody can say that it arrived, and it is never sent again blindly."""

    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRef:
    """A stored picture; the bytes are in the media store under ``sha256``."""

    sha256: str
    mime: str
    size_bytes: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InputPicture:
    """A picture in a wish.

    ``media`` is what a provider may see (no EXIF, a common format); ``original`` the bytes as they came, where they
    differ. ``caption`` is what its own message said, when the wish stands elsewhere; ``name`` how the wish calls it.
    ``covered``: who looks must tap first. ``author_id`` is who sent it, who need not be who asks; None for the bot's
    own.
    """

    media: MediaRef
    original: MediaRef | None = None
    caption: str = ""
    covered: bool = False
    name: str = ""
    author_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """Words that a wish speaks of and that are not its own: replied to, quoted, or passed on.

    ``author_id``: who wrote them, None for the bot itself, 0 where that is hidden. Empty ``words``: they are the wish.
    """

    words: str
    name: str = ""
    author_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who asked. ``name`` goes before the words in groups."""

    id: int
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One line of talk and the only thing in it that moves: ``head_id``, None when the next wish starts anew.

    ``redo`` holds the turns that undo left, the next one to return to last. ``has_loose``: False if no pictures wait.
    """

    id: int
    key: Key
    head_id: int | None
    redo: tuple[int, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    has_loose: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLink:
    """What a Telegram message means here; see :class:`Role`. ``file_id`` lets Telegram send it again unuploaded.

    ``album`` groups messages that a person sent as one. A picture waits for words until ``waits_until``; after that
    only a reply to it uses it. ``asks``: the message is the bot's own and asks about the pictures of these messages.
    """

    chat_id: int
    message_id: int
    role: Role
    turn_id: int | None = None
    picture: InputPicture | None = None
    file_id: str | None = None
    album: str | None = None
    waits_until: float | None = None
    asks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTurn:
    """A wish to be written down. ``head_before`` is what head must still be for the answer to become head.

    ``asker``: who wants somebody else's wish once more; None for the author.
    """

    conversation_id: int
    parent_id: int | None
    head_before: int | None
    author: Author
    wish: str
    pictures: tuple[InputPicture, ...]
    request_message_id: int
    named: bool
    options: Json
    kind: str = "send"
    retold_id: int | None = None
    asker: Author | None = None
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One exchange. ``reply`` is the model's content, verbatim, pictures parked; None until answered.

    ``cited``: words of others that the wish speaks of.
    ``named``: the author's name belongs before the words (several people share the conversation).
    ``kind``: how it came to be (send, again, edit); ``retold_id``: the sibling whose input it repeats or changes.
    ``set_id``: the first of several turns that were asked for side by side, None for a single one.
    ``asker``: who wanted somebody else's wish once more, and pays for it; None for the author.
    """

    id: int
    conversation_id: int
    parent_id: int | None
    head_before: int | None
    state: TurnState
    author: Author
    wish: str
    pictures: tuple[InputPicture, ...]
    request_message_id: int
    named: bool
    options: Json
    kind: str
    retold_id: int | None
    set_id: int | None
    created_at: float
    attempts: int = 0
    interruptions: int = 0
    crashes: int = 0
    reply: Json | None = None
    shown: tuple[MediaRef, ...] = ()
    words: str = ""
    provider: str | None = None
    maker: str | None = None
    model: str | None = None
    usage: Json = field(default_factory=dict)
    cost_micro_usd: int | None = None
    error: Json | None = None
    kept_back: KeptBack | None = None
    remarks: tuple[str, ...] = ()
    """Keys of sentences about what was changed in the request."""
    covered: bool = False
    """What it shows stays covered, as the photo was of which it was made."""
    asker: Author | None = None
    cited: tuple[Cited, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether there is nothing in it that could be asked once more."""
        return not self.wish and not self.pictures

    @property
    def is_known(self) -> bool:
        """Whether its asker knows of an answer: it was delivered, or they were told that it may not have been."""
        return self.state is TurnState.DELIVERED or self.kept_back is KeptBack.TOLD

    @property
    def is_forgotten(self) -> bool:
        """Whether its author had it forgotten, in a conversation that is others' as well."""
        return self.says_nothing and self.author.id == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What is shown of an answered turn: everything but the model's reply, which may take megabytes."""

    id: int
    parent_id: int | None
    wish: str
    words: str
    pictures: tuple[InputPicture, ...]
    shown: tuple[MediaRef, ...]
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What answering a turn brought, to be stored in one transaction with the move of head."""

    reply: Json
    words: str
    shown: tuple[MediaRef, ...]
    media: tuple[MediaRef, ...]
    provider: str
    maker: str
    model: str
    usage: Json
    cost_micro_usd: int | None = None
    remarks: tuple[str, ...] = ()
    covered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was deleted. ``shared`` pictures stay, because another conversation uses them.

    ``files``: account and URI of pictures that still lie at a provider; nobody else knows of them any more.
    """

    turns: int
    pictures: int
    shared: int
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What somebody's answered turns came to. ``cost_micro_usd`` leaves out ``unpriced`` turns, of unknown price.

    ``author_id`` is 0 for all who had themselves forgotten, together.
    """

    author_id: int
    author_name: str
    turns: int
    pictures: int
    cost_micro_usd: int
    unpriced: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An update that Telegram delivered, as it came. ``tries`` counts how often its handling began.

    ``notice`` is what still has to be said about an update whose effect is already stored; None before that.
    """

    update_id: int
    key: Key
    payload: Json
    tries: int
    received_at: float
    notice: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button, as far as it must be told from another: ``tap`` says who pressed which button where.

    ``lasting``: what it asks for takes a while, and pressed again meanwhile it asks for nothing more.
    """

    callback_id: str
    tap: str
    lasting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryStep:
    """One message of a delivery, by its place in it."""

    turn_id: int
    position: int
    state: StepState


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A chat as a whole. ``greeted`` once, ``active`` while the bot may write there.

    ``moved_to``: the supergroup that a group became.
    """

    chat_id: int
    kind: str
    title: str
    active: bool
    greeted: bool
    settings: Mapping[str, Any] = field(default_factory=dict)
    moved_to: int | None = None

"""The values that storage takes and returns: frozen, without I/O. Imports nothing of ours.

A value that one table alone returns stands beside its statements in ``tables`` instead.

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
"""Added to message ids from before a group became a supergroup, which counts from 1 again: the sum names no message,
and the order stays."""

Json = dict[str, Any]

INLINE, WITHDRAWN = "inline", "withdrawn"
"""Members of a turn's options: the inline message for its answer; that somebody else forgot a picture of its wish."""

PLACED, WAITED, DELETED_FILE = "placed", "waited", "deleted_file"
"""Members that the bot adds to stored updates: the inline message that answers a guest query, "" before that is known;
that it was kept until an owner decided about its sender; and what stands for a file of a replied-to message that its
sender had deleted here."""

KEPT = "kept"
"""The kind of a turn that is a copy of one that was answered elsewhere. It cost nothing."""


class Key(NamedTuple):
    """Identifies a conversation: a chat and its topic, 0 outside forum topics.

    A topic below zero is a place elsewhere in which the person ``chat_id`` called the bot: see :data:`INLINE`.
    """

    chat_id: int
    topic_id: int

    @property
    def is_inline(self) -> bool:
        """Whether its answers go into inline messages."""
        return self.topic_id < 0


class TurnState(StrEnum):
    """The checkpoint of a turn. Only ANSWERED and DELIVERED turns can be a parent. FAILING: the reason is unsent."""

    ACCEPTED = "accepted"
    CALLING = "calling"
    ANSWERED = "answered"
    DELIVERED = "delivered"
    FAILING = "failing"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do for a turn in this state."""
        return self in (TurnState.DELIVERED, TurnState.FAILED, TurnState.CANCELLED)


class KeptBack(StrEnum):
    """An answer that may not have arrived and is not sent again automatically. ANNOUNCED: the person knows of it.

    The stored words are older than these names.
    """

    UNANNOUNCED = "untold"
    ANNOUNCED = "told"


class Role(StrEnum):
    """The role of a message in the tree: a wish, the bot's answer, or a picture that waits for words."""

    REQUEST = "request"
    ANSWER = "answer"
    LOOSE = "loose"


class SendState(StrEnum):
    """The state of an outgoing message. UNKNOWN: it may have arrived, so it is not sent again automatically."""

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

    ``media`` is the copy for providers (no EXIF, a common format); ``original`` the bytes as they came, if they differ.
    ``caption`` is the text of its own message, if the wish is in another one; ``name`` is its @name in the wish.
    ``covered``: sent as a spoiler. ``author_id`` is the sender, who need not be the author of the wish; None for the
    bot. ``marks``: the SHA-256 of the picture of which this is a copy with pen strokes on it.
    """

    media: MediaRef
    original: MediaRef | None = None
    caption: str = ""
    covered: bool = False
    name: str = ""
    author_id: int | None = None
    marks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The second picture of an answer, made by the bot: what the model changed, in the picture that was to be edited.

    ``picture``: ``original`` is lossless and of the source's size, ``media`` a copy for providers and chats; its author
    is who sent the source. ``taken``: it is shown and edited, not ``painted``, the model's. ``record``: how and why.
    """

    picture: InputPicture
    painted: MediaRef
    taken: bool
    record: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """Words of others that a wish refers to: replied to, quoted, or forwarded.

    ``author_id``: their author, None for the bot, 0 if hidden. Empty ``words``: these words are the wish itself.
    """

    words: str
    name: str = ""
    author_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """The person who asked. In groups, ``name`` is put before the words."""

    id: int
    name: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """One conversation. ``head_id`` is the turn that the next wish continues, None to start a new tree.

    ``redo`` holds the turns that undo or a new start left, the next one to return to last; head itself, where undo
    took a new start back. ``is_anew``: a new start left it, which undo takes back. ``has_loose``: False if no pictures
    wait. ``has_failed``: False if no turn since head failed.
    """

    id: int
    key: Key
    head_id: int | None
    redo: tuple[int, ...] = ()
    is_anew: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)
    has_loose: bool = True
    has_failed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLink:
    """What a Telegram message means; see :class:`Role`. With ``file_id`` Telegram sends it again without an upload.

    Of a person's message it is the ``file_id`` of a video or the like, of which ``picture`` is a part.
    ``album`` groups messages that a person sent together. A picture waits for words until ``waits_until`` (Unix s);
    after that, only a reply to it uses it. ``asks``: the bot's own question about the pictures of these messages.
    """

    chat_id: int
    message_id: int
    role: Role
    turn_id: int | None = None
    picture: InputPicture | None = None
    file_id: str | None = None
    album: str | None = None
    waits_until: float | None = None
    waits_for: int | None = None  # For whose words, if the picture is not its sender's: it was forwarded.
    asks: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTurn:
    """A wish to be stored. The answer becomes head only if head is still ``head_before``.

    ``asker``: the person who repeats somebody else's wish; None for the author.
    """

    conversation_id: int
    parent_id: int | None
    head_before: int | None
    author: Author
    wish: str
    pictures: tuple[InputPicture, ...]
    request_message_id: int
    shows_author: bool
    options: Json
    kind: str = "send"
    repeats_id: int | None = None
    asker: Author | None = None
    cited: tuple[Cited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One wish with its answer. ``reply`` is the model's content, verbatim, pictures parked; None until answered.

    ``cited``: words of others that the wish refers to.
    ``shows_author``: the author's name goes before the words (several people share the conversation).
    ``kind``: how it was made; ``repeats_id``: the sibling whose input it repeats or changes, or what it is a copy of.
    ``batch_id``: the first turn of a batch that was asked for together, None for a single turn.
    ``asker``: the person who repeated somebody else's wish, and pays for it; None for the author.
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
    shows_author: bool
    options: Json
    kind: str
    repeats_id: int | None
    batch_id: int | None
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
    """Text keys: what was changed in the request."""
    covered: bool = False
    """Its pictures are sent as spoilers: the photo they were made from was one."""
    restored: Restored | None = None
    offered_from: str = ""
    """The SHA-256 of the picture that a restored one can be made from, if somebody asks for it."""
    asker: Author | None = None
    cited: tuple[Cited, ...] = ()

    @property
    def says_nothing(self) -> bool:
        """Whether it has neither words nor pictures, so that it cannot be repeated."""
        return not self.wish and not self.pictures

    @property
    def painted(self) -> tuple[MediaRef, ...]:
        """The pictures that the model painted, of which ``shown`` may show a restored one."""
        return (self.restored.painted,) if self.restored else self.shown

    @property
    def brought_several(self) -> bool:
        """Whether it can be done on each of its pictures by itself; a photo and its marked copy are one."""
        return len(self.pictures) > 1 and self.batch_id is None and not any(one.marks for one in self.pictures)

    @property
    def is_known(self) -> bool:
        """Whether its asker knows of an answer: it was delivered, or they were told that it may not have arrived."""
        return self.state is TurnState.DELIVERED or self.kept_back is KeptBack.ANNOUNCED

    @property
    def is_forgotten(self) -> bool:
        """Whether its author had it deleted, in a conversation that others share."""
        return self.says_nothing and self.author.id == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """An answered turn without the model's reply, which may take megabytes."""

    id: int
    parent_id: int | None
    wish: str
    words: str
    pictures: tuple[InputPicture, ...]
    shown: tuple[MediaRef, ...]
    covered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The result of a turn; it is stored in one transaction with the move of head."""

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
    restored: Restored | None = None
    offered_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """An update as Telegram delivered it. ``tries`` counts how often its handling failed or crashed; -1:
    its sender had it deleted, so it has no effect; 1000 more: see ``tables.inbox.CHANGED``.

    ``notice`` is the message still to be sent about an update whose effect is already stored; None before that.
    """

    update_id: int
    key: Key
    payload: Json
    tries: int
    received_at: float
    notice: Json | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button. ``tap`` identifies person, button and place. ``lasting``: others meanwhile are ignored."""

    callback_id: str
    tap: str
    lasting: bool = False

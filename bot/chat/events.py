"""Events: what a person or a chat does, as values without Telegram's types. Imports ``storage.records`` only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.records import Author, InputPicture, Key, MessageLink, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that may be a picture. ``size_bytes``: None where Telegram does not say."""

    file_id: str
    kind: str
    """``photo``, ``document``, ``sticker``, or one of :data:`PARTLY`."""
    mime: str = ""
    size_bytes: int | None = None
    covered: bool = False
    """Clients hide it until somebody taps on it (Bot API, Message.has_media_spoiler)."""
    shown: Attachment | None = None
    """The small picture that clients show for something that is no picture itself."""
    chosen: bool = False
    """Of such a picture: the sender chose it, in full size (Bot API, Video.cover)."""


MOVING = frozenset({"video", "animation", "video_note", "moving-sticker"})
"""The kinds of attachments that move."""

PARTLY = MOVING | {"pdf"}
"""The kinds of attachments of which one picture is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A voice or video message, whose words are the wish. ``still``: one picture of a video message."""

    file: Attachment
    duration_s: int
    still: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The message that a message replies to, as far as Telegram shows it (one level deep)."""

    message_id: int | None
    """None for a message of another chat."""
    attachment: Attachment | None = None
    author: Author | None = None
    """None for the bot itself."""
    passed_on: Author | None = None
    """The author of somebody else's message that was forwarded in it; of a hidden author the id is 0."""
    turn_id: int | None = None
    """The turn of the buttons under a message of the bot."""
    asker: tuple[int, str] | None = None
    """The person whose question to the owners it is, and their language."""
    elsewhere: bool = False
    """It is in another chat or topic, so in another conversation."""
    words: str = ""
    quoted: bool = False
    """``words`` are a part of it that the person chose."""
    unusable: str | None = None
    """The kind of its file, where no model reads that."""
    others: tuple[Attachment, ...] = ()
    """Its further pictures: a rich message has several."""
    recording: Recording | None = None
    above: bool = False
    """It is a channel's post. All messages below a post are replies to it, whatever they are about."""

    @property
    def owner(self) -> Author | None:
        """Whose words and picture it has: of a forwarded message its first author, where Telegram names that one."""
        return self.passed_on if self.passed_on is not None and self.passed_on.id else self.author


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of all events. ``private``: the conversation belongs to one person.

    ``chosen_language``: the language that the conversation chose; "" for each person's own language. ``undecided``:
    owners have decided nothing about this chat, nor are they asked to.
    """

    update_id: int
    key: Key
    private: bool
    author: Author
    chosen_language: str = ""
    undecided: bool = False

    @property
    def language(self) -> str:
        """The language of the answer."""
        return self.chosen_language or self.author.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """A message with words, a picture, or both.

    ``words``: without a mention of the bot or commands before them. ``others``: further pictures of the same message,
    as a rich one may have. ``recording``: its spoken words, which are read later. ``unusable``: the kind of a message
    with neither words nor a picture (``audio``, ``poll``...). ``addressed``: it is for the bot, which is always so in
    private; ``called``: by name or by a command, not by a reply alone. ``album``: the same for all of an album.
    ``times``: the number of versions (``/x4``). ``anew``: without the history (``/new``). ``ratio``: the shape for this
    wish alone (``/ratio 16:9 wider``). ``command``: the command under a picture, which runs before the picture is
    handled. ``passed_on``: the author of somebody else's forwarded message; ``forwarded`` is true for an own message,
    too. ``sent_at``: whole seconds (Unix s). ``length``: of the text as it was sent, in UTF-16 units. ``corrections``:
    later updates that edited the message before it was handled.
    """

    message_id: int
    words: str
    addressed: bool
    called: bool = False
    attachment: Attachment | None = None
    others: tuple[Attachment, ...] = ()
    recording: Recording | None = None
    unusable: str | None = None
    album: str | None = None
    replied: Replied | None = None
    edited: bool = False
    times: int = 1
    anew: bool = False
    ratio: str = ""
    command: Commanded | None = None
    passed_on: Author | None = None
    forwarded: bool = False
    sent_at: int = 0
    length: int = 0
    corrections: tuple[int, ...] = ()

    @property
    def updates(self) -> tuple[int, ...]:
        """All updates of the message."""
        return (self.update_id, *self.corrections)

    @property
    def owner_id(self) -> int:
        """The person whose picture it is: of a forwarded message its first author, where Telegram names that one."""
        return self.passed_on.id if self.passed_on is not None and self.passed_on.id else self.author.id

    @property
    def is_text(self) -> bool:
        """Whether it has no file."""
        return self.attachment is None and self.unusable is None

    @property
    def is_bare(self) -> bool:
        """Whether it is a file without words or a command."""
        return not (self.is_text or self.words or self.called or self.command)

    def link(self, role: Role, picture: InputPicture | None) -> MessageLink:
        """Return the link from this message to the tree.

        Its ``file_id`` is of a file of which one picture is used; see ``reply_target``. In groups a picture that waits
        is found by its sender, whose words it waits for.
        """
        passed_on = role is Role.LOOSE and not self.private and self.owner_id != self.author.id
        whole = self.attachment if self.attachment and self.attachment.kind in PARTLY else None
        return MessageLink(
            chat_id=self.key.chat_id,
            message_id=self.message_id,
            role=role,
            picture=picture,
            file_id=whole.file_id if whole else None,
            album=self.album,
            waits_for=self.author.id if passed_on else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded(Event):
    """A command: ``/name argument``. ``addressed``: by ``/name@bot``, in reply to the bot, or in private."""

    message_id: int
    name: str
    argument: str
    addressed: bool
    replied: Replied | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Event):
    """A pressed button. ``data``: as the bot made it, but it comes from the client.

    ``shown``: Telegram sends the message along. For a deleted message it sends the chat alone, so that ``key`` has no
    topic even if the message was in one. ``whisper_id``: the button is below a message that only this person sees,
    which has no other number; else 0.
    """

    callback_id: str
    message_id: int
    data: str
    shown: bool = True
    whisper_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Event):
    """The bot is in a chat now: the group was created with it, it was added, or the group became this supergroup.

    ``admin``: whether it is an admin; None where the update does not say so.
    """

    kind: str
    title: str
    admin: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked(Event):
    """The bot became an admin of a group, or is no admin any more."""

    admin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelJoined(Event):
    """The bot was added to a channel, where it does not work. ``key`` is empty, so that nothing is sent there."""

    channel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    """The bot may not write here any more: it was blocked or removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """A group became a supergroup."""

    old_id: int
    new_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid(Event):
    """A payment was made. ``amount``: in whole Stars where ``currency`` is XTR. ``payload``: that of the invoice."""

    charge_id: str
    amount: int
    currency: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunded(Event):
    """A payment was refunded, by the bot or by Telegram. The author of this message is the bot itself."""

    charge_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Called(Event):
    """A wish from a chat where the bot is no member; its answer goes into an inline message there.

    ``said``: the wish; None for a command, since nothing but wishes can be said there. ``query_id``: the guest query
    that is answered once, which makes the inline message; "" for the result of an inline query. ``inline_id``: the
    inline message of such a result; "" for a guest query.
    """

    said: Said | None
    query_id: str = ""
    inline_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PressedInline(Event):
    """A pressed button below the inline message ``inline_id``, in an unknown chat. ``data``: as in :class:`Pressed`."""

    inline_id: str
    data: str


Incoming = (
    Said
    | Commanded
    | Pressed
    | Joined
    | Ranked
    | ChannelJoined
    | Left
    | Moved
    | Paid
    | Refunded
    | Called
    | PressedInline
)


def updates_of(messages: Iterable[Said]) -> list[int]:
    """Return all updates of some messages."""
    return [update_id for message in messages for update_id in message.updates]


def cancel_in(event: Incoming | None) -> Commanded | Pressed | None:
    """Return the part of an event that asks to cancel: a command, also under a picture, or a button; None without one.

    Only this function decides what a cancel is. Whether the person may cancel is checked elsewhere.
    """
    if isinstance(event, Said):
        event = None if event.edited else event.command
    if isinstance(event, Pressed):
        return event if event.data.partition(":")[0] == "cancel" else None
    return event if isinstance(event, Commanded) and event.name == "cancel" else None

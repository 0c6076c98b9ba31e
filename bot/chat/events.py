"""What can come in from Telegram, in the bot's own words. Imports ``storage.records`` only, never PTB."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.records import Author, InputPicture, Key, MessageLink, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that may be a picture. ``size_bytes`` is None where Telegram does not say."""

    file_id: str
    kind: str
    """``photo``, ``document`` or ``sticker``."""
    mime: str = ""
    size_bytes: int | None = None
    covered: bool = False
    """Who wants to see it has to tap on it (Bot API, Message.has_media_spoiler)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replied:
    """The message that a message replies to, as far as Telegram shows it (one level deep)."""

    message_id: int | None
    """None for a message of another chat."""
    attachment: Attachment | None = None
    author: Author | None = None
    """None for the bot itself."""
    turn_id: int | None = None
    """The turn of which the buttons under a message of the bot's speak."""
    elsewhere: bool = False
    """It stands in another chat or topic, so in another conversation."""
    words: str = ""
    quoted: bool = False
    """``words`` are a part of it that the person chose."""
    unusable: str | None = None
    """The kind of file that it holds and that no model reads."""
    above: bool = False
    """It is the post below which people write: to it reply all who write there, whatever they speak of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all of them share. ``private``: the conversation belongs to one person.

    ``chosen_language``: what the conversation wants to be spoken to in, "" for everybody's own language.
    """

    update_id: int
    key: Key
    private: bool
    author: Author
    chosen_language: str = ""

    @property
    def language(self) -> str:
        """Return the language in which to answer."""
        return self.chosen_language or self.author.language


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(Event):
    """A message with words, a picture, or both.

    ``words`` has no mention of the bot and no command before it any more. ``unusable`` names the kind of a message that
    holds neither (``video``, ``voice``...). ``addressed`` is always true in private; ``called`` by name or by command,
    and not only by its place. ``album`` groups messages sent as one. ``times``: how many versions are wanted (``/x4``).
    ``anew``: nothing of the conversation comes along (``/new``). ``ratio``: the shape that the wish alone shall have
    (``/ratio 16:9 wider``). ``command``: what stands under a picture in place of
    words, and is to be done before anybody asks what to do with the picture. ``passed_on``: whose message it was, where
    somebody else's is forwarded; ``forwarded`` is true of one's own, too. ``sent_at``: in whole seconds (Unix s).
    ``length``: of a text as it was sent, in UTF-16 units. ``corrections``: further updates, in which the message was
    edited before anybody looked at it.
    """

    message_id: int
    words: str
    addressed: bool
    called: bool = False
    attachment: Attachment | None = None
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
        """All updates in which it came."""
        return (self.update_id, *self.corrections)

    @property
    def is_text(self) -> bool:
        """Whether it is words alone, and no file."""
        return self.attachment is None and self.unusable is None

    @property
    def is_bare(self) -> bool:
        """Whether it is a file with nothing beside it that says what is wanted."""
        return not (self.is_text or self.words or self.called or self.command)

    def link(self, role: Role, picture: InputPicture | None) -> MessageLink:
        """Return what this message means to the tree."""
        return MessageLink(
            chat_id=self.key.chat_id, message_id=self.message_id, role=role, picture=picture, album=self.album
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Commanded(Event):
    """``/name argument``; ``addressed`` by ``/name@bot``, in reply to the bot, or because nobody else is there."""

    message_id: int
    name: str
    argument: str
    addressed: bool
    replied: Replied | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(Event):
    """A button under a message. ``data`` is what the bot wrote on it, but comes from the client.

    ``shown``: Telegram shows the message. Of one that was deleted it tells the chat alone, so that ``key`` has no topic
    even where the message stood in one.
    """

    callback_id: str
    message_id: int
    data: str
    shown: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined(Event):
    """The bot is in a chat now: the group was created with it, or it was added, or became this supergroup.

    ``admin``: whether it came in as an admin, None in a message that says who was added, which says nothing of that.
    """

    kind: str
    title: str
    admin: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked(Event):
    """The bot became an admin of a group, or is none any more."""

    admin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelJoined(Event):
    """The bot is in a channel now, which is no place for it: ``key`` names none, so that nothing is said there."""

    channel_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left(Event):
    """The bot may not write here any more: blocked, kicked, or gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """A group became a supergroup."""

    old_id: int
    new_id: int


Incoming = Said | Commanded | Pressed | Joined | Ranked | ChannelJoined | Left | Moved


def updates_of(messages: Iterable[Said]) -> list[int]:
    """Return all updates in which some messages came."""
    return [update_id for message in messages for update_id in message.updates]


def cancel_in(event: Incoming | None) -> Commanded | Pressed | None:
    """Return what in an event asks to cancel: its command, the one under its picture, or its button; None for nothing.

    What a cancel is is decided here alone: it overtakes what waits, and it may come from somebody who may not cancel.
    """
    if isinstance(event, Said):
        event = None if event.edited else event.command
    if isinstance(event, Pressed):
        return event if event.data.partition(":")[0] == "cancel" else None
    return event if isinstance(event, Commanded) and event.name == "cancel" else None

"""Messages on their way out: where one goes, what goes into it, how its files go up, and what it means once it is sent.

Imports PTB, ``events`` and ``storage.records``. Makes no call.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from telegram import InlineKeyboardMarkup, InputFile, Message, MessageEntity, ReplyParameters

from bot.chat.events import Commanded, Pressed, Said
from bot.chat.send.split import units
from storage.records import InputPicture, Key, MediaRef, MessageLink, Role, Turn

ALBUM_LIMIT = 10
"""Pictures in one sendMediaGroup (Bot API)."""

REQUEST_LIMIT_BYTES = 49_000_000
"""Files in one request. Telegram takes 50 MB from bots (Bot API, "Sending files"), with all that stands around them."""

ALBUM_LIMIT_BYTES = 45_000_000

WRITE_TIMEOUT_S = 60.0
"""For each piece of an upload: httpx reads a file by 64 KiB and httpcore's timeout is for one write."""

READ_TIMEOUT_S = 60.0
ONWARD_BYTES_PER_S = 250_000
"""Telegram answers when a file lies in its data centre (python-telegram-bot#4188), and may wait before that."""

MARKS_LIMIT = 100
"""Marks that Telegram takes in one message (td, MessageEntity.cpp, get_input_message_entities)."""

_NAME = re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)")
"""What Telegram takes for somebody's name (td, MessageEntity.cpp, match_mentions and find_mentions)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where a message goes. ``reply_to`` is quoted in groups, where several people talk.

    ``own_language`` is that of the person who is answered, which the conversation may overrule.
    """

    key: Key
    language: str
    reply_to: int | None = None
    own_language: str = ""

    @classmethod
    def answering(cls, event: Said | Commanded | Pressed) -> Recipient:
        """Return where an answer to an event goes."""
        reply_to = None if event.private or isinstance(event, Pressed) else _quotable(event.message_id)
        return cls(key=event.key, language=event.language, reply_to=reply_to, own_language=event.author.language)

    @classmethod
    def of_turn(cls, turn: Turn, key: Key) -> Recipient:
        """Return where a turn is answered, in the language that the conversation had chosen when it was asked."""
        own = turn.author.language
        reply_to = _quotable(turn.request_message_id) if key.chat_id < 0 else None
        return cls(key=key, language=turn.options.get("language") or own, reply_to=reply_to, own_language=own)

    def arguments(self) -> dict[str, Any]:
        """Return what every send call takes. The topic is left out for 0, which is no topic."""
        found: dict[str, Any] = {"chat_id": self.key.chat_id}
        if self.key.topic_id:
            found["message_thread_id"] = self.key.topic_id
        if self.reply_to is not None:
            found["reply_parameters"] = ReplyParameters(self.reply_to, allow_sending_without_reply=True)
        return found


def _quotable(message_id: int) -> int | None:
    """Return an id that a message can quote; one of before a group's move means nothing to Telegram."""
    return message_id if message_id > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One step of a delivery: pictures with an optional caption, a text file with one, or words."""

    pictures: tuple[MediaRef, ...] = ()
    owners: tuple[int, ...] = ()
    """The turns of the pictures, where they are not all of one."""
    as_file: bool = False
    covered: bool = False
    words: str = ""
    text: str = ""
    """What stands in the text file."""
    keyboard: InlineKeyboardMarkup | None = None


def albums_of(
    pictures: Sequence[MediaRef], owners: Sequence[int] = (), *, covered: bool = False
) -> list[OutgoingMessage]:
    """Return pictures in as few albums as Telegram takes, by number and by bytes; a single one is no album."""
    albums: list[list[int]] = []
    size_bytes = 0
    for index, picture in enumerate(pictures):
        size_bytes += picture.size_bytes
        if not albums or len(albums[-1]) == ALBUM_LIMIT or size_bytes > ALBUM_LIMIT_BYTES:
            albums.append([])
            size_bytes = picture.size_bytes
        albums[-1].append(index)
    return [
        OutgoingMessage(
            pictures=tuple(pictures[i] for i in album),
            owners=tuple(owners[i] for i in album) if owners else (),
            covered=covered,
        )
        for album in albums
    ]


def file_of(data: bytes | BinaryIO, name: str, *, attached: bool = False) -> InputFile:
    """Return a file that goes up piece by piece: bytes would be one piece (httpx, _multipart.py, FileField).

    The bytes are not copied, and read anew from the beginning should they be sent once more.
    """
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    return InputFile(file, filename=name, attach=attached, read_file_handle=False)


def patience(size_bytes: int) -> dict[str, float]:
    """Return the timeouts of a call that uploads so many bytes."""
    return {"write_timeout": WRITE_TIMEOUT_S, "read_timeout": READ_TIMEOUT_S + size_bytes / ONWARD_BYTES_PER_S}


def names_in(text: str, recipient: Recipient, own: str) -> list[MessageEntity] | None:
    """Return marks that keep Telegram from calling everybody who is named with an @ in a group; None for none.

    Such a name is shown as code, where Telegram looks for no names (td, MessageEntity.cpp, merge_new_entities). ``own``
    is the bot's, which calls nobody. Where there are more names than marks, names that stand together share one.
    """
    if recipient.key.chat_id > 0:
        return None
    found = [match.span() for match in _NAME.finditer(text) if match[0].lower() != f"@{own}".lower()]
    return [
        MessageEntity(MessageEntity.CODE, offset=units(text[:start]), length=units(text[start:end]))
        for start, end in _joined(found)
    ] or None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join neighbours across the smallest gaps, until there are no more spans than marks."""
    gaps = sorted(range(1, len(spans)), key=lambda at: spans[at][0] - spans[at - 1][1])
    joined = {*gaps[: max(0, len(spans) - MARKS_LIMIT)]}
    found: list[tuple[int, int]] = []
    for at, (start, end) in enumerate(spans):
        if at in joined:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def link_of(message: Message, turn_id: int, ref: MediaRef | None, *, covered: bool = False) -> MessageLink:
    """Return what a sent message means: an answer of a turn, with the picture that it shows."""
    file_id = message.photo[-1].file_id if message.photo else None
    return MessageLink(
        chat_id=message.chat_id,
        message_id=message.message_id,
        role=Role.ANSWER,
        turn_id=turn_id,
        picture=InputPicture(media=ref, covered=covered) if ref else None,
        file_id=file_id,
    )


def file_name(turn: Turn, ref: MediaRef) -> str:
    """Return the name under which a picture is uploaded."""
    return f"pentimento-{turn.id}.{ref.mime.removeprefix('image/').replace('jpeg', 'jpg')}"

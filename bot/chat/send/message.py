"""Messages to send: their recipient, their content, their files, and their meaning for the tree once they are sent.

Imports PTB, ``events``, ``split`` and ``storage.records``. Makes no call.
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
"""Bytes of files in one request. Telegram takes 50 MB from bots (Bot API, "Sending files"), the rest of it included."""

ALBUM_LIMIT_BYTES = 45_000_000

WRITE_TIMEOUT_S = 60.0
"""For each chunk of an upload: httpx reads a file in chunks of 64 KiB, and httpcore's timeout is for one write."""

READ_TIMEOUT_S = 60.0
ONWARD_BYTES_PER_S = 250_000
"""Telegram answers when the file has reached its data centre (python-telegram-bot#4188), which takes a while."""

MARKS_LIMIT = 100
"""Entities that Telegram takes in one message (td, MessageEntity.cpp, get_input_message_entities)."""

_NAME = re.compile(r"(?<!\w)@[A-Za-z0-9_]{4,32}(?!\w)")
"""What Telegram takes for a username (td, MessageEntity.cpp, match_mentions and find_mentions)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """The chat and topic that a message goes to, and its language.

    ``reply_to``: the message that it quotes; in private for bad news and refusals, and where others came in between.
    ``own_language``: of the person who gets the answer; ``language`` is the one that the conversation chose, if it
    chose one. ``asker_id``: the person who gets it; ``press_id``: the press of a button that it answers, and
    ``whisper_id`` the message of that button, if only this person sees it. ``alone``: in a group nobody else need see
    it.
    """

    key: Key
    language: str
    reply_to: int | None = None
    own_language: str = ""
    asker_id: int | None = None
    press_id: str = ""
    whisper_id: int = 0
    alone: bool = False

    @property
    def whispers_to(self) -> int | None:
        """The only person who need see the message; None for everybody."""
        return self.asker_id if self.alone else None

    @classmethod
    def of_event(cls, event: Said | Commanded | Pressed) -> Recipient:
        """Return the recipient of an answer to an event."""
        reply_to = None if event.private or isinstance(event, Pressed) else _quotable(event.message_id)
        press_id = event.callback_id if isinstance(event, Pressed) else ""
        return cls(
            key=event.key,
            language=event.language,
            reply_to=reply_to,
            own_language=event.author.language,
            asker_id=event.author.id,
            press_id=press_id,
            whisper_id=event.whisper_id if isinstance(event, Pressed) else 0,
        )

    @classmethod
    def of_turn(cls, turn: Turn, key: Key) -> Recipient:
        """Return the recipient of a turn's answer, with the language that was chosen when the turn began."""
        own = turn.author.language
        reply_to = _quotable(turn.request_message_id) if key.chat_id < 0 else None
        return cls(key=key, language=turn.options.get("language") or own, reply_to=reply_to, own_language=own)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of every send call; without a topic where that is 0."""
        if self.key.is_inline:
            raise ValueError("nothing is sent in an inline conversation; its answers go into inline messages")
        found: dict[str, Any] = {"chat_id": self.key.chat_id}
        if self.key.topic_id:
            found["message_thread_id"] = self.key.topic_id
        if self.reply_to is not None:
            found["reply_parameters"] = ReplyParameters(self.reply_to, allow_sending_without_reply=True)
        return found


def _quotable(message_id: int) -> int | None:
    """Return the id if a message can quote it. Ids from before a group became a supergroup are unknown to Telegram."""
    return message_id if message_id > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message or album: pictures or a text file with an optional caption, or words alone."""

    pictures: tuple[MediaRef, ...] = ()
    owners: tuple[int, ...] = ()
    """The turns of the pictures, where they are not all of one."""
    first_number: int = 0
    """The number that the first picture shows in its corner, and the others those after it; 0 for none."""
    as_file: bool = False
    covered: bool = False
    words: str = ""
    text: str = ""
    """The content of the text file."""
    keyboard: InlineKeyboardMarkup | None = None


def albums_of(
    pictures: Sequence[MediaRef], owners: Sequence[int] = (), *, covered: bool = False, numbered: bool = False
) -> list[OutgoingMessage]:
    """Return pictures in as few albums as Telegram allows, by number and bytes. One picture alone is no album.

    ``numbered``: each picture shows its number.
    """
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
            first_number=album[0] + 1 if numbered else 0,
            covered=covered,
        )
        for album in albums
    ]


def file_of(data: bytes | BinaryIO, name: str, *, attached: bool = False) -> InputFile:
    """Return a file that is uploaded in chunks; bytes would be one chunk (httpx, _multipart.py, FileField).

    The bytes are not copied. A repeated request reads them from the beginning.
    """
    file = io.BytesIO(data) if isinstance(data, bytes) else data
    return InputFile(file, filename=name, attach=attached, read_file_handle=False)


def patience(size_bytes: int) -> dict[str, float]:
    """Return the timeouts of a call that uploads ``size_bytes``."""
    return {"write_timeout": WRITE_TIMEOUT_S, "read_timeout": READ_TIMEOUT_S + size_bytes / ONWARD_BYTES_PER_S}


def names_in(text: str, recipient: Recipient, own: str) -> list[MessageEntity] | None:
    """Return entities that keep Telegram from notifying everybody whose @name is in a text; None for none.

    Such a name is shown as code, where Telegram looks for no mentions (td, MessageEntity.cpp, merge_new_entities). The
    bot's own name, ``own``, notifies nobody. Where a text has more names than Telegram takes entities, neighbouring
    names share one.
    """
    if recipient.key.chat_id > 0:
        return None
    found = [match.span() for match in _NAME.finditer(text) if match[0].lower() != f"@{own}".lower()]
    return [
        MessageEntity(MessageEntity.CODE, offset=units(text[:start]), length=units(text[start:end]))
        for start, end in _joined(found)
    ] or None


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join neighbours across the smallest gaps until there are at most ``MARKS_LIMIT`` spans."""
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
    """Return the link from a sent message to the turn that it answers, with the picture that it shows."""
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

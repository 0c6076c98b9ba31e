"""One message of an answer: what goes into it, how its file is called, and what it means once it is sent.

Imports PTB and ``storage.records``.
"""

from __future__ import annotations

from dataclasses import dataclass

from telegram import InlineKeyboardMarkup, Message

from storage.records import InputPicture, MediaRef, MessageLink, Role, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """One step of a delivery: pictures with an optional caption, or words."""

    pictures: tuple[MediaRef, ...] = ()
    owners: tuple[int, ...] = ()
    """The turns of the pictures, where they are not all of one."""
    as_file: bool = False
    words: str = ""
    keyboard: InlineKeyboardMarkup | None = None


def link_of(message: Message, turn_id: int, ref: MediaRef | None) -> MessageLink:
    """Return what a sent message means: an answer of a turn, with the picture that it shows."""
    file_id = message.photo[-1].file_id if message.photo else None
    return MessageLink(
        chat_id=message.chat_id,
        message_id=message.message_id,
        role=Role.ANSWER,
        turn_id=turn_id,
        picture=InputPicture(media=ref) if ref else None,
        file_id=file_id,
    )


def file_name(turn: Turn, ref: MediaRef) -> str:
    """Return the name under which a picture is uploaded."""
    return f"pentimento-{turn.id}.{ref.mime.removeprefix('image/').replace('jpeg', 'jpg')}"

"""Translates parts of PTB's messages into values of ``events``: pictures, authors, and the replied-to message.

Imports PTB, ``actions``, ``events``, ``rich`` and ``storage``; makes no call and stores nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from telegram import (
    Chat,
    Document,
    ExternalReplyInfo,
    Message,
    MessageOrigin,
    MessageOriginChannel,
    MessageOriginChat,
    MessageOriginHiddenUser,
    MessageOriginUser,
    User,
    VideoNote,
    Voice,
)

from bot.chat.actions import asker_under, turn_under
from bot.chat.events import PARTLY, Attachment, Recording, Replied
from bot.chat.updates import rich
from storage.records import DELETED_FILE, Author

DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
"""What getFile serves (Bot API, getFile)."""

LOTTIE = "application/x-tgsticker"
"""The type of animated stickers: compressed Lottie, which only their clients draw."""

FILES = (
    DELETED_FILE, "video", "voice", "audio", "video_note", "animation", "sticker", "story", "paid_media", "document",
)  # fmt: skip
"""Fields of a message with a file that no model reads, in the order in which they are looked for.

PTB keeps fields that it does not know in ``api_kwargs``.
"""

ENDINGS = frozenset({"png", "jpg", "jpeg", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff"})
UNKNOWN_TYPE = "application/octet-stream"
PDF = "application/pdf"


def attachment_of(message: Any) -> Attachment | None:
    """Return the picture in a message (or in an ``ExternalReplyInfo``), the largest size of a photo.

    Of something that moves or has pages it is the whole; one picture of it is chosen when it is downloaded.
    """
    covered = bool(message.has_media_spoiler)
    if message.photo:
        # The order of the sizes is not promised.
        size = max(message.photo, key=lambda one: one.width * one.height)
        return Attachment(
            file_id=size.file_id, kind="photo", mime="image/jpeg", size_bytes=size.file_size, covered=covered
        )
    if message.animation or message.video:
        kind = "animation" if message.animation else "video"
        return _moving(message.animation or message.video, kind, covered=covered)
    sticker, document = message.sticker, message.document
    if sticker and (sticker.is_animated or sticker.is_video):
        return _moving(sticker, "moving-sticker", mime=LOTTIE if sticker.is_animated else "video/webm")
    if sticker:
        return Attachment(file_id=sticker.file_id, kind="sticker", mime="image/webp", size_bytes=sticker.file_size)
    if document and (mime := _picture_type(document)):
        return Attachment(file_id=document.file_id, kind="document", mime=mime, size_bytes=document.file_size)
    if document and (document.mime_type or "").startswith("video/"):
        return _moving(document, "video")
    if document and (document.mime_type == PDF or _ending(document) == "pdf"):
        return _moving(document, "pdf", mime=PDF)
    return next(iter(rich.photos_of(_rich(message))), None)


def others_of(message: Message) -> tuple[Attachment, ...]:
    """Return the further pictures of a rich message."""
    return tuple(rich.photos_of(_rich(message))[1:])


def _rich(message: Any) -> Any:
    # Newer than PTB, which keeps unknown fields.
    return message.api_kwargs.get("rich_message")


def _moving(file: Any, kind: str, *, mime: str = "", covered: bool = False) -> Attachment:
    """Return something of which one picture is used, with the picture that clients show for it."""
    cover = getattr(file, "cover", None)
    size = max(cover, key=lambda one: one.width * one.height) if cover else file.thumbnail
    shown = None
    if size:
        shown = Attachment(file_id=size.file_id, kind="photo", size_bytes=size.file_size, chosen=bool(cover))
    return Attachment(
        file_id=file.file_id,
        kind=kind,
        mime=mime or getattr(file, "mime_type", None) or "video/mp4",
        size_bytes=file.file_size,
        covered=covered,
        shown=shown,
    )


def recording_of(message: Any) -> Recording | None:
    """Return the voice or video message in a message (or in an ``ExternalReplyInfo``)."""
    if voice := message.voice:
        file = Attachment(
            file_id=voice.file_id, kind="voice", mime=voice.mime_type or "audio/ogg", size_bytes=voice.file_size
        )
        return Recording(file=file, duration_s=_seconds(voice))
    if note := message.video_note:
        film = _moving(note, "video_note")
        return Recording(file=film, duration_s=_seconds(note), still=film)
    return None


def _seconds(file: Voice | VideoNote) -> int:
    # PTB's own attribute is a number or a timedelta, and warns of its deprecation (python-telegram-bot 22.2).
    return round(file._duration.total_seconds())


def unusable_of(message: Any, kinds: Sequence[str] = FILES) -> str | None:
    """Return the kind of a message without a usable picture or recording; None where it is none of ``kinds``."""
    if attachment_of(message) or recording_of(message):
        return None
    return next((kind for kind in kinds if getattr(message, kind, None) or message.api_kwargs.get(kind)), None)


def _picture_type(document: Document) -> str:
    """Return the type of a file that may be a picture, which may be the unknown type; "" for other files.

    Clients use the unknown type for kinds that they do not know: jfif, jpe, camera raws (jshttp/mime-types#101,
    matterbridge#1360). A file of that type is downloaded where it can be, and judged by its bytes.
    """
    mime = document.mime_type or UNKNOWN_TYPE
    if mime == UNKNOWN_TYPE and _ending(document) == "pdf":
        return ""
    fetched = _ending(document) in ENDINGS or (document.file_size or 0) <= DOWNLOAD_LIMIT_BYTES
    return mime if mime.startswith("image/") or (mime == UNKNOWN_TYPE and fetched) else ""


def _ending(document: Document) -> str:
    return (document.file_name or "").rpartition(".")[2].lower()


def author_of(user: User | None, chat: Chat | None, language: str) -> Author:
    """Return the author. ``language``: for authors without a language. The id 0 means that nobody is known."""
    # For anonymous admins and channels the user is a stand-in; the chat is the author (Bot API, Message).
    if chat is not None:
        return Author(id=chat.id, name=chat.title or chat.first_name or "", language=language)
    if user is None:
        return Author(id=0, name="", language=language)
    name = user.first_name or user.username or ""
    return Author(id=user.id, name=name, language=user.language_code or language)


def replied_of(message: Message, my_id: int, language: str) -> Replied | None:
    """Return the message that a message replies to.

    A message in a thread replies to the first message of the thread. It cannot be distinguished from a chosen reply to
    it (tdlib MessageInputReplyTo.cpp, get_input_reply_to), so it counts as one.
    """
    if message.external_reply is not None:
        # reply_to_message is then only the first message of the thread or topic (telegram-bot-api Client.cpp,
        # get_same_chat_reply_to_message_id).
        return _external(message, message.external_reply, my_id, language)
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        # Messages in a topic reply to the service message that opened it; the sender did not choose that.
        return None
    mine = replied.from_user is not None and replied.from_user.id == my_id
    above = bool(replied.is_automatic_forward)
    attachment, unusable = attachment_of(replied), unusable_of(replied)
    if attachment is not None and attachment.kind in PARTLY and (mine or above):
        # Nobody wants a frame of the bot's own film, or of a post above all comments.
        attachment, unusable = None, "own-film"
    chosen = message.quote.text if message.quote is not None and message.quote.is_manual else ""
    return Replied(
        message_id=replied.message_id,
        attachment=attachment,
        author=None if mine else author_of(replied.from_user, replied.sender_chat, language),
        passed_on=passed_on_of(replied, language),
        turn_id=turn_under(replied.reply_markup) if mine else None,
        asker=asker_under(replied.reply_markup) if mine else None,
        # The bot knows its own words.
        words=(chosen or ("" if mine else said_in(replied))).strip(),
        quoted=bool(chosen),
        unusable=None if above else unusable,
        others=others_of(replied),
        recording=None if above else recording_of(replied),
        above=above,
    )


def _external(message: Message, external: ExternalReplyInfo, my_id: int, language: str) -> Replied:
    """Return a replied-to message of another topic or chat, as far as Telegram shows it."""
    here = external.chat is not None and external.chat.id == message.chat_id
    author = origin_of(external.origin, language)
    mine = author.id == my_id
    return Replied(
        message_id=external.message_id if here else None,
        attachment=attachment_of(external),
        author=None if mine else author,
        elsewhere=True,
        # Telegram shows only a quote of its words, chosen by the person or by the server (Bot API, TextQuote).
        words=message.quote.text.strip() if message.quote else "",
        quoted=True,
        unusable=unusable_of(external),
        recording=recording_of(external),
    )


def said_in(message: Message) -> str:
    """Return the words of a message: its text, its caption, or the words of a rich message in order."""
    return message.text or message.caption or rich.words_of(_rich(message))


def is_forwarded(message: Message) -> bool:
    """Return whether a person forwarded a message; posts of a linked channel are forwarded by Telegram."""
    return message.forward_origin is not None and not message.is_automatic_forward


def passed_on_of(message: Message, language: str) -> Author | None:
    """Return the author of a forwarded message; None where the sender forwarded an own one."""
    origin = message.forward_origin
    own = isinstance(origin, MessageOriginUser) and origin.sender_user == message.from_user
    return None if own or not is_forwarded(message) else origin_of(origin, language)


def origin_of(origin: MessageOrigin | None, language: str) -> Author:
    """Return the first author of a message; a hidden author has a name and the id 0."""
    match origin:
        case MessageOriginUser():
            return author_of(origin.sender_user, None, language)
        case MessageOriginChat():
            return author_of(None, origin.sender_chat, language)
        case MessageOriginChannel():
            return author_of(None, origin.chat, language)
        case MessageOriginHiddenUser():
            return Author(id=0, name=origin.sender_user_name, language=language)
    return author_of(None, None, language)

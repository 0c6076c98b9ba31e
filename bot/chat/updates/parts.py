"""Parts of Telegram's messages in the bot's own words: pictures, authors, and what a message replies to.

Imports PTB, ``events`` and ``keyboards``; makes no call and stores nothing.
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
)

from bot.chat.events import Attachment, Replied
from bot.chat.send.keyboards import turn_under
from storage.records import Author

DOWNLOAD_LIMIT_BYTES = 20 * 1024 * 1024
"""What getFile serves (Bot API, getFile)."""

FILES = (
    "video", "voice", "audio", "video_note", "animation", "sticker", "story", "paid_media", "document",
)  # fmt: skip
"""Fields of a message that hold a file which no model reads, in the order in which they are looked for.

PTB keeps those that are newer than itself as they came, in ``api_kwargs``.
"""

ENDINGS = frozenset({"png", "jpg", "jpeg", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff"})
UNKNOWN_TYPE = "application/octet-stream"


def attachment_of(message: Any) -> Attachment | None:
    """Return the picture in a message (or in an ``ExternalReplyInfo``), the largest size of a photo."""
    if message.photo:
        # The order of the sizes is not promised.
        size = max(message.photo, key=lambda one: one.width * one.height)
        covered = bool(message.has_media_spoiler)
        return Attachment(
            file_id=size.file_id, kind="photo", mime="image/jpeg", size_bytes=size.file_size, covered=covered
        )
    sticker = message.sticker
    if sticker and not sticker.is_animated and not sticker.is_video:
        return Attachment(file_id=sticker.file_id, kind="sticker", mime="image/webp", size_bytes=sticker.file_size)
    document = message.document
    if document and (mime := _picture_type(document)):
        return Attachment(file_id=document.file_id, kind="document", mime=mime, size_bytes=document.file_size)
    return None


def unusable_of(message: Any, kinds: Sequence[str] = FILES) -> str | None:
    """Return which of some kinds a message without a usable picture is, None where it is none of them."""
    if attachment_of(message):
        return None
    return next((kind for kind in kinds if getattr(message, kind, None) or message.api_kwargs.get(kind)), None)


def _picture_type(document: Document) -> str:
    """Return the type of a file that may be a picture: the one it has, or the unknown one; nothing for other files.

    Clients that do not know a kind call it unknown: jfif, jpe, camera raws (jshttp/mime-types#101, matterbridge#1360).
    So what is unknown and can be fetched is judged by its bytes.
    """
    mime, ending = document.mime_type or UNKNOWN_TYPE, (document.file_name or "").rpartition(".")[2].lower()
    fetched = ending in ENDINGS or (document.file_size or 0) <= DOWNLOAD_LIMIT_BYTES
    return mime if mime.startswith("image/") or (mime == UNKNOWN_TYPE and fetched) else ""


def author_of(user: User | None, chat: Chat | None, language: str) -> Author:
    """Return who speaks; ``language`` is for those of whom Telegram names none. Nobody has the number 0."""
    # Anonymous admins and channels come with a stand-in user; the chat is who really speaks (Bot API, Message).
    if chat is not None:
        return Author(id=chat.id, name=chat.title or chat.first_name or "", language=language)
    if user is None:
        return Author(id=0, name="", language=language)
    name = user.first_name or user.username or ""
    return Author(id=user.id, name=name, language=user.language_code or language)


def replied_of(message: Message, my_id: int, language: str) -> Replied | None:
    """Return what a message replies to.

    Who writes below a thread replies to its first message, by whomever: clients send just that, so it cannot be told
    from a reply to it (tdlib MessageInputReplyTo.cpp, get_input_reply_to), and is meant for whoever wrote that.
    """
    if message.external_reply is not None:
        # The other one is only what the thread or topic begins with (telegram-bot-api Client.cpp,
        # get_same_chat_reply_to_message_id).
        return _external(message, message.external_reply, my_id, language)
    replied = message.reply_to_message
    if replied is None or replied.forum_topic_created is not None:
        # A topic's messages reply to the service message that opened it: that is no wish to talk to its author.
        return None
    mine = replied.from_user is not None and replied.from_user.id == my_id
    above = bool(replied.is_automatic_forward)
    chosen = message.quote.text if message.quote is not None and message.quote.is_manual else ""
    return Replied(
        message_id=replied.message_id,
        attachment=attachment_of(replied),
        author=None if mine else author_of(replied.from_user, replied.sender_chat, language),
        turn_id=turn_under(replied.reply_markup) if mine else None,
        # What the bot said itself it need not be told.
        words=(chosen or ("" if mine else replied.text or replied.caption or "")).strip(),
        quoted=bool(chosen),
        unusable=None if above or mine else unusable_of(replied),
        above=above,
    )


def _external(message: Message, external: ExternalReplyInfo, my_id: int, language: str) -> Replied:
    """Return a message of another topic or chat as far as a reply to it shows it."""
    here = external.chat is not None and external.chat.id == message.chat_id
    author = origin_of(external.origin, language)
    mine = author.id == my_id
    return Replied(
        message_id=external.message_id if here else None,
        attachment=attachment_of(external),
        author=None if mine else author,
        elsewhere=True,
        # Of its words only these are shown, chosen by the person or by the server (Bot API, TextQuote).
        words=message.quote.text.strip() if message.quote else "",
        quoted=True,
        unusable=None if mine else unusable_of(external),
    )


def is_forwarded(message: Message) -> bool:
    """Tell whether somebody passed a message on; a channel's posts come into its group by themselves."""
    return message.forward_origin is not None and not message.is_automatic_forward


def passed_on_of(message: Message, language: str) -> Author | None:
    """Return whose message is passed on, None where it is the sender's own."""
    origin = message.forward_origin
    own = isinstance(origin, MessageOriginUser) and origin.sender_user == message.from_user
    return None if own or not is_forwarded(message) else origin_of(origin, language)


def origin_of(origin: MessageOrigin | None, language: str) -> Author:
    """Return who wrote a message first; who hides has a name and no number."""
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

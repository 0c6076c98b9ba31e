"""Telegram's updates into the bot's own words. Imports PTB and ``incoming``; makes no call and stores nothing.

PTB's types stop here. Mentions are found by entity, in captions too, and whatever their case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeGuard

from telegram import Bot, Chat, Document, Message, MessageEntity, MessageOriginUser, Update, User
from telegram.constants import ChatType

from bot.chat.fetch import DOWNLOAD_LIMIT_BYTES
from bot.chat.incoming import Attachment, Commanded, Incoming, Joined, Left, Moved, Pressed, Replied, Said
from bot.chat.keyboards import parse, turn_under
from storage.records import Author, Json, Key, Press

GONE = {"left", "kicked"}

UNUSABLE = (
    "video", "voice", "audio", "video_note", "animation", "sticker", "poll", "location", "venue", "contact", "dice",
    "game", "story", "paid_media", "checklist", "document",
)  # fmt: skip
"""Fields of a message that hold something else than a picture, in the order in which they are looked for."""


ENDINGS = frozenset({"png", "jpg", "jpeg", "webp", "heic", "heif", "avif", "gif", "bmp", "tif", "tiff"})
UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who the bot is, from getMe. ``language`` is for people who name none."""

    id: int
    username: str
    reads_all: bool
    language: str = "en"


VERSIONS = re.compile(r"/x(?P<times>[2-4])(?:@(?P<bot>\w+))?(?![\w@])", re.IGNORECASE)
"""The wish behind it is wanted in several versions; it is a caption, too."""


LASTING = frozenset({"again", "vary", "join", "show", "file"})
"""Buttons that bring a picture, which takes a while."""


def key_of(update: Json) -> Key:
    """Return the conversation that a raw update belongs to; ``Key(0, 0)`` for one without a chat, or malformed."""
    query = _first(update, "callback_query") or {}
    about = _first(update, "message", "edited_message") or _first(query, "message")
    topic = about.get("message_thread_id") if about and about.get("is_topic_message") else 0
    about = about or _first(update, "my_chat_member", "stopped_message_generation") or {}
    chat_id = (_first(about, "chat") or {}).get("id")
    return Key(chat_id if _is_id(chat_id) else 0, topic if _is_id(topic) else 0)


def moved_from(update: Json) -> int | None:
    """Return the group that became the supergroup of a raw update, None where it does not tell of that."""
    old_id = (_first(update, "message") or {}).get("migrate_from_chat_id")
    return old_id if isinstance(old_id, int) else None


def is_said(update: Json) -> bool:
    """Tell whether a raw update is something that a person said or pressed, and no news of the chat itself."""
    message = _first(update, "message", "edited_message") or {}
    return "callback_query" in update or bool(
        message and not {"migrate_to_chat_id", "migrate_from_chat_id"} & {*message}
    )


def is_left(update: Json) -> bool:
    """Tell whether a raw update says that the bot may not write in a chat any more."""
    change = _first(update, "my_chat_member") or {}
    return (_first(change, "new_chat_member") or {}).get("status") in GONE


def is_cancel(update: Json, me: Me) -> bool:
    """Tell whether a raw update asks to cancel, which overtakes everything else."""
    words = str((_first(update, "message") or {}).get("text") or "").split(maxsplit=1)
    command = words[0].lower() if words else ""
    data = str((_first(update, "callback_query") or {}).get("data") or "")
    stopped = "stopped_message_generation" in update
    if stopped or is_left(update):
        return True
    return command in ("/cancel", f"/cancel@{me.username.lower()}") or data.startswith("cancel")


def press_of(update: Json) -> Press | None:
    """Return what tells a raw update's pressed button from another press, None for anything else."""
    query = _first(update, "callback_query")
    if query is None:
        return None
    person, message = _first(query, "from") or {}, _first(query, "message") or {}
    tap = ":".join(str(part) for part in (person.get("id"), key_of(update).chat_id, message.get("message_id")))
    lasting = parse(str(query.get("data"))).name in LASTING
    return Press(callback_id=str(query.get("id")), tap=f"{tap}:{query.get('data')}", lasting=lasting)


def read(payload: Json, bot: Bot, me: Me) -> Incoming | None:
    """Read a raw update; None for one that means nothing to the bot. Raises whatever PTB raises for a broken one."""
    update = Update.de_json(payload, bot)
    if update.callback_query:
        return _pressed(update, key_of(payload), me)
    if update.my_chat_member:
        return _membership(update, me)
    message = update.message or update.edited_message
    if message is None:
        return None
    base = _base(update, message, me)
    if message.group_chat_created or any(user.id == me.id for user in message.new_chat_members):
        return Joined(**base, kind=message.chat.type, title=message.chat.title or "", reads_all=me.reads_all)
    if message.migrate_to_chat_id:
        return Moved(**base, old_id=message.chat_id, new_id=message.migrate_to_chat_id)
    if message.migrate_from_chat_id:
        return Moved(**base, old_id=message.migrate_from_chat_id, new_id=message.chat_id)
    return _message(message, base, me, edited=update.edited_message is not None)


def _message(message: Message, base: dict[str, Any], me: Me, *, edited: bool) -> Incoming | None:
    command = _command(message)
    words, mentioned = _words(message, me)
    versions = VERSIONS.match(words)
    if versions is not None:
        if versions["bot"] and versions["bot"].lower() != me.username.lower():
            return None
        words = words[versions.end() :].lstrip(" ,:").strip()
    if command and not (versions and words):
        return None if edited else _commanded(message, command, base, me)
    attachment = attachment_of(message)
    unusable = None if attachment else next((kind for kind in UNUSABLE if getattr(message, kind)), None)
    if attachment and not _own(message):
        # What stands under somebody else's picture that is passed on is no wish of this person's.
        words = ""
    if not (words or attachment or unusable or mentioned):
        return None
    # A topic's messages reply to the service message that opened it: that is no wish to talk to its author.
    opener = message.reply_to_message is not None and message.reply_to_message.forum_topic_created is not None
    to_me = not opener and _sender_id(message.reply_to_message) == me.id
    return Said(
        **base,
        message_id=message.message_id,
        words=words,
        addressed=base["private"] or mentioned or to_me or versions is not None,
        attachment=attachment,
        unusable=unusable,
        album=message.media_group_id,
        replied=_external(message) if opener else _replied(message, me),
        edited=edited,
        times=int(versions["times"]) if versions else 1,
    )


def _own(message: Message) -> bool:
    """Tell whether a message is the sender's own, not one of somebody else's that is passed on."""
    origin = message.forward_origin
    if origin is None or message.is_automatic_forward:
        return True
    return isinstance(origin, MessageOriginUser) and origin.sender_user == message.from_user


def attachment_of(message: Any) -> Attachment | None:
    """Return the picture in a message (or in an ``ExternalReplyInfo``), the largest size of a photo."""
    if message.photo:
        # The order of the sizes is not promised.
        size = max(message.photo, key=lambda one: one.width * one.height)
        return Attachment(file_id=size.file_id, kind="photo", mime="image/jpeg", size_bytes=size.file_size)
    sticker = message.sticker
    if sticker and not sticker.is_animated and not sticker.is_video:
        return Attachment(file_id=sticker.file_id, kind="sticker", mime="image/webp", size_bytes=sticker.file_size)
    document = message.document
    if document and (mime := _picture_type(document)):
        return Attachment(file_id=document.file_id, kind="document", mime=mime, size_bytes=document.file_size)
    return None


def _picture_type(document: Document) -> str:
    """Return the type of a file that may be a picture: the one it has, or the unknown one; nothing for other files.

    Clients that do not know a kind call it unknown: jfif, jpe, camera raws (jshttp/mime-types#101, matterbridge#1360).
    So what is unknown and can be fetched is judged by its bytes.
    """
    mime, ending = document.mime_type or UNKNOWN_TYPE, (document.file_name or "").rpartition(".")[2].lower()
    fetched = ending in ENDINGS or (document.file_size or 0) <= DOWNLOAD_LIMIT_BYTES
    return mime if mime.startswith("image/") or (mime == UNKNOWN_TYPE and fetched) else ""


def _base(update: Update, message: Message, me: Me) -> dict[str, Any]:
    topic = message.message_thread_id or 0 if message.is_topic_message else 0
    return {
        "update_id": update.update_id,
        "key": Key(message.chat_id, topic),
        "private": message.chat.type == ChatType.PRIVATE,
        "author": _author(message.from_user, message.sender_chat, me),
    }


def _author(user: User | None, chat: Chat | None, me: Me) -> Author:
    # Anonymous admins and channels come with a stand-in user; the chat is who really speaks (Bot API, Message).
    if chat is not None:
        return Author(id=chat.id, name=chat.title or chat.first_name or "", language=me.language)
    if user is None:
        return Author(id=0, name="", language=me.language)
    name = user.first_name or user.username or ""
    return Author(id=user.id, name=name, language=user.language_code or me.language)


def _sender_id(message: Message | None) -> int | None:
    return message.from_user.id if message and message.from_user else None


def _pressed(update: Update, key: Key, me: Me) -> Pressed | None:
    query = update.callback_query
    if query is None or query.message is None or query.data is None:
        return None
    return Pressed(
        update_id=update.update_id,
        key=key,
        private=query.message.chat.type == ChatType.PRIVATE,
        author=_author(query.from_user, None, me),
        callback_id=query.id,
        message_id=query.message.message_id,
        data=query.data,
    )


def _membership(update: Update, me: Me) -> Incoming | None:
    change = update.my_chat_member
    if change is None:
        return None
    base: dict[str, Any] = {
        "update_id": update.update_id,
        "key": Key(change.chat.id, 0),
        "private": change.chat.type == ChatType.PRIVATE,
        "author": _author(change.from_user, None, me),
    }
    if change.new_chat_member.status in GONE:
        return Left(**base)
    if change.old_chat_member.status in GONE:
        return Joined(**base, kind=change.chat.type, title=change.chat.title or "", reads_all=me.reads_all)
    return None


def _command(message: Message) -> str:
    """Return the command that a message begins with, as written (``/new@Bot``), or nothing."""
    entity = next(iter(message.entities), None)
    begins = entity is not None and entity.type == MessageEntity.BOT_COMMAND and entity.offset == 0
    return message.parse_entity(entity) if entity and begins else ""


def _commanded(message: Message, command: str, base: dict[str, Any], me: Me) -> Commanded | None:
    name, _, addressee = command.removeprefix("/").partition("@")
    if addressee and addressee.lower() != me.username.lower():
        return None
    return Commanded(
        **base,
        message_id=message.message_id,
        name=name.lower(),
        argument=(message.text or "")[len(command) :].strip(),
        addressed=base["private"] or bool(addressee),
        replied=_replied(message, me),
    )


def _words(message: Message, me: Me) -> tuple[str, bool]:
    """Return the words without mentions of the bot, and whether there was one."""
    found = {**message.parse_entities(), **message.parse_caption_entities()}
    text = message.text or message.caption or ""
    mentions = [entity for entity, said in found.items() if _means(entity, said, me)]
    if not mentions:
        return text.strip(), False
    # Offsets count UTF-16 units (Bot API, MessageEntity).
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(mentions, key=lambda one: one.offset, reverse=True):
        begin, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        units = units[:begin] + " ".encode("utf-16-le") + units[end:]
    lines = units.decode("utf-16-le", "replace").splitlines()
    text = "\n".join(" ".join(line.split()) for line in lines)
    return text.lstrip(" ,:;-\N{EN DASH}\N{EM DASH}").rstrip(" ,").strip(), True


def _means(entity: MessageEntity, said: str, me: Me) -> bool:
    """Tell whether an entity mentions the bot: by its username, or by a link to its id."""
    by_name = entity.type == MessageEntity.MENTION and said.lower() == f"@{me.username.lower()}"
    return by_name or (
        entity.type == MessageEntity.TEXT_MENTION and entity.user is not None and entity.user.id == me.id
    )


def _replied(message: Message, me: Me) -> Replied | None:
    replied = message.reply_to_message
    if replied is not None:
        mine = _sender_id(replied) == me.id
        return Replied(
            message_id=replied.message_id,
            attachment=attachment_of(replied),
            author=None if mine else _author(replied.from_user, replied.sender_chat, me),
            turn_id=turn_under(replied.reply_markup) if mine else None,
        )
    return _external(message)


def _external(message: Message) -> Replied | None:
    """Return what a reply to a message of another topic or chat shows of that; in a topic it comes with the opener."""
    external = message.external_reply
    return Replied(message_id=None, attachment=attachment_of(external)) if external is not None else None


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and abs(value) < 2**63


def _first(update: Json, *kinds: str) -> Json | None:
    return next((update[kind] for kind in kinds if isinstance(update.get(kind), dict)), None)

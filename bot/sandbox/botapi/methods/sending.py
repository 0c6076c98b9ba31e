"""Methods that send messages: text, photos, documents, animations, videos, albums.

Imports ``chats``, ``media``, ``botapi``, ``drafts``, ``parameters``, ``whispers``, ``words`` and ``state``. Checks come
first, then files are prepared, then the message appears in one step.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from bot.sandbox.botapi.chats.post import new_message, publish
from bot.sandbox.botapi.chats.rights import NO_SUCH_THREAD, Place, check_keyboard, find_place
from bot.sandbox.botapi.content.media import Media, resolve
from bot.sandbox.botapi.errors import ApiError, bad
from bot.sandbox.botapi.methods.drafts import end_draft
from bot.sandbox.botapi.methods.parameters import Captioned, Entities, Preview, Sent, SentOne
from bot.sandbox.botapi.methods.whispers import WHISPERS, whisper
from bot.sandbox.botapi.methods.words import caption_fields, plain_entities, text_fields
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import AnyMedia, FromJson, InputFile
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.files import Upload
from bot.sandbox.botapi.state.records import Json, Message

ALBUM_KINDS = {"photo": {"photo", "video"}, "video": {"photo", "video"}, "document": {"document"}, "audio": {"audio"}}
_WHAT = {"photo": "photos", "document": "documents", "video": "videos", "animation": "animations", "audio": "music"}


class SendMessage(SentOne):
    text: str
    parse_mode: str | None = None
    entities: Entities | None = None
    link_preview_options: Preview | None = None


class SendPhoto(Captioned):
    photo: InputFile
    show_caption_above_media: bool | None = None
    has_spoiler: bool | None = None


class SendDocument(Captioned):
    document: InputFile
    thumbnail: InputFile | None = None
    disable_content_type_detection: bool | None = None


class SendAnimation(Captioned):
    animation: InputFile
    duration: int | None = None
    width: int | None = None
    height: int | None = None
    thumbnail: InputFile | None = None
    show_caption_above_media: bool | None = None
    has_spoiler: bool | None = None


class SendVideo(Captioned):
    video: InputFile
    duration: int | None = None
    width: int | None = None
    height: int | None = None
    thumbnail: InputFile | None = None
    cover: InputFile | None = None
    start_timestamp: int | None = None
    show_caption_above_media: bool | None = None
    has_spoiler: bool | None = None
    supports_streaming: bool | None = None


class SendMediaGroup(Sent):
    media: Annotated[list[AnyMedia], FromJson]


def appear(call: Call, place: Place, body: Json, markup: Json | None = None) -> Message:
    """Put a message of the bot into a chat."""
    backend = call.backend
    end_draft(backend, place.chat.id, place.topic)
    message = new_message(
        backend,
        place.chat,
        backend.config.bot_id,
        body,
        topic=place.topic,
        reply_to=place.reply_to,
        quote=place.quote,
        markup=markup,
    )
    return publish(backend, message)


def _unsupported(p: Sent) -> None:
    if p.business_connection_id:
        raise bad("business connection not found")
    if isinstance(p, Captioned) and p.ephemeral_message_parameters:
        raise bad("the sandbox does not do ephemeral messages with files")


def _extras(p: Sent) -> Json:
    found: Json = {}
    if p.protect_content:
        found["has_protected_content"] = True
    if p.message_effect_id and int(p.chat_id) > 0:
        found["effect_id"] = p.message_effect_id
    return found


@method
async def send_message(call: Call, p: SendMessage) -> Json:
    _unsupported(p)
    place = find_place(call.backend, p.chat_id, p.message_thread_id, p.reply_parameters, "text messages")
    body = text_fields(call.backend, p.text, p.parse_mode, plain_entities(p.entities))
    if p.link_preview_options:
        body["link_preview_options"] = p.link_preview_options.plain()
    markup = check_keyboard(p.reply_markup)
    if p.ephemeral_message_parameters and call.backend.world.profile.get(WHISPERS):
        return whisper(call, place, p.ephemeral_message_parameters, body, markup)
    message = appear(call, place, body | _extras(p), markup)
    return call.backend.world.view(message)


async def _send_media(call: Call, p: Captioned, kind: str, given: InputFile) -> Json:
    _unsupported(p)
    backend = call.backend
    find_place(backend, p.chat_id, p.message_thread_id, p.reply_parameters, _WHAT[kind])
    words = caption_fields(backend, p.caption, p.parse_mode, plain_entities(p.caption_entities))
    markup = check_keyboard(p.reply_markup)
    described = {name: getattr(p, name, None) for name in ("width", "height", "duration")}
    await backend.line.pass_on(call.size_bytes)
    media = await resolve(backend, kind, given, call.uploads, described=described)
    place = _place_still(backend, p, _WHAT[kind])
    message = appear(call, place, media.content | words | _flags(p) | _extras(p), markup)
    return backend.world.view(message)


def _place_still(backend: Backend, p: Sent, what: str) -> Place:
    """Check a place again, because it took a while to prepare the files.

    The server, not TDLib, finds that a topic is gone by now.
    """
    try:
        return find_place(backend, p.chat_id, p.message_thread_id, p.reply_parameters, what)
    except ApiError as error:
        if error.description == NO_SUCH_THREAD.description:
            # core.telegram.org/method/messages.sendMedia, "Possible errors".
            raise bad("TOPIC_DELETED") from None
        raise


def _flags(p: Any) -> Json:
    found: Json = {}
    if getattr(p, "has_spoiler", None):
        found["has_media_spoiler"] = True
    if getattr(p, "show_caption_above_media", None):
        found["show_caption_above_media"] = True
    return found


@method
async def send_photo(call: Call, p: SendPhoto) -> Json:
    """Send a photo; Telegram compresses it."""
    return await _send_media(call, p, "photo", p.photo)


@method
async def send_document(call: Call, p: SendDocument) -> Json:
    """Send a file; Telegram keeps its bytes."""
    kind = "document"
    if isinstance(p.document, Upload) and not p.disable_content_type_detection and _is_gif(p.document):
        kind = "animation"
    return await _send_media(call, p, kind, p.document)


def _is_gif(upload: Upload) -> bool:
    return upload.data[:4] == b"GIF8" and upload.data.count(b"\x21\xf9\x04") > 1


@method
async def send_animation(call: Call, p: SendAnimation) -> Json:
    return await _send_media(call, p, "animation", p.animation)


@method
async def send_video(call: Call, p: SendVideo) -> Json:
    return await _send_media(call, p, "video", p.video)


@contextmanager
def _item(number: int) -> Iterator[None]:
    """Put the item's number into an error about an album.

    Only errors of Telegram's servers about one item get its number; others, and 406 errors, stay as they are
    (``Client::on_message_send_failed`` in telegram-bot-api's Client.cpp).
    """
    try:
        yield
    except ApiError as error:
        text = error.description.removeprefix("Bad Request: ")
        if error.code != 400 or text.upper() != text or text.startswith("TOPIC_"):
            raise
        raise bad(f'failed to send message #{number} with the error message "{text}"') from None


@method
async def send_media_group(call: Call, p: SendMediaGroup) -> list[Json]:
    """Send an album of 2-10 items, all or nothing."""
    _unsupported(p)
    backend = call.backend
    if not p.media:
        raise bad("there are no messages to send")
    if not 2 <= len(p.media) <= 10:
        raise bad("too many messages to send as an album" if len(p.media) > 10 else "album must have 2-10 items")
    if any(item.type not in ALBUM_KINDS.get(p.media[0].type, set()) for item in p.media):
        raise bad(f"{p.media[0].type} can't be mixed with other media types")
    for number, item in enumerate(p.media, 1):
        with _item(number):
            find_place(backend, p.chat_id, p.message_thread_id, p.reply_parameters, _WHAT[item.type])
    await backend.line.pass_on(call.size_bytes)
    bodies = []
    for number, item in enumerate(p.media, 1):
        words = caption_fields(backend, item.caption, item.parse_mode, plain_entities(item.caption_entities))
        with _item(number):
            media: Media = await resolve(backend, item.type, item.media, call.uploads)
        bodies.append(media.content | words | _flags(item) | _extras(p))
    place = _place_still(backend, p, _WHAT[p.media[0].type])
    group = str(backend.world.count("album", 14_000_000_000_000_001))
    sent = [appear(call, place, body | {"media_group_id": group}) for body in bodies]
    return [backend.world.view(message) for message in sent]

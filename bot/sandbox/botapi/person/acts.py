"""What a person does in a chat: send, forward, delete, press, react, stop.

Imports ``post``, ``content``, ``errors``, ``methods`` and ``state``. Raises PersonError with a sentence for the person.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.botapi.chats.post import delete, keep_reactions, new_message, publish
from bot.sandbox.botapi.content import pictures
from bot.sandbox.botapi.content.media import from_upload
from bot.sandbox.botapi.content.text import MAX_CAPTION, MAX_TEXT, find_entities, trimmed
from bot.sandbox.botapi.errors import ApiError, PersonError
from bot.sandbox.botapi.methods.copying import content_of, origin_of
from bot.sandbox.botapi.methods.drafts import end_draft
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.files import Upload
from bot.sandbox.botapi.state.records import Chat, Json, Message
from bot.sandbox.botapi.state.world import ANONYMOUS_ADMIN, CHANNEL_BOT

_KINDS = {"image/gif": "animation", "audio/ogg": "voice"}
_ALBUMS = ({"photo", "video"}, {"document"}, {"audio"})
MAX_ALBUM = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that a person attaches. With ``kind`` None the client chooses, as Telegram's clients do."""

    upload: Upload
    kind: str | None = None
    caption: str | None = None
    described: Json = field(default_factory=dict)
    """What its client says about it: ``duration``, ``thumbnail`` and ``cover`` (bytes)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """One press of "send".

    ``order`` and ``stagger_s`` say in which order and with which pauses its messages reach the bot.
    ``ungrouped``: no albums. ``anonymous``: an admin writes as the group. ``as_channel``: a person writes as a channel
    of theirs.
    ``thread``: below a message, as in the comments of a post.
    """

    person_id: int
    chat_id: int
    text: str = ""
    entities: Sequence[Json] = ()
    topic: int = 0
    reply_to: int | None = None
    quote: str | None = None
    files: Sequence[Attached] = ()
    as_file: bool = False
    hd: bool = False
    spoiler: bool = False
    ungrouped: bool = False
    stagger_s: float = 0.0
    order: Sequence[int] | None = None
    anonymous: bool = False
    as_channel: int = 0
    thread: int = 0
    extra: Json | None = None


def chat_of(backend: Backend, person_id: int, chat_id: int) -> Chat:
    """Return a chat that the person is in. Raises PersonError."""
    person = backend.world.person(person_id)
    chat = backend.world.chats.get(chat_id)
    if chat is None:
        raise PersonError(f"There is no chat {chat_id}.")
    if person_id not in chat.members:
        raise PersonError(f"{person.first_name} is not a member of this chat.")
    if chat.migrated_to is not None:
        raise PersonError(f"This group was upgraded; it goes on as {chat.migrated_to}.")
    return chat


async def send(backend: Backend, order: Sending) -> list[Message]:
    """Send what a person composed; several photos become an album. Raises PersonError."""
    chat = _writable(backend, order)
    if order.extra is not None:
        return _publish(backend, order, [_make(backend, chat, order, dict(order.extra))])
    if not order.files:
        return _publish(backend, order, [_make(backend, chat, order, body) for body in _texts(order)])
    bodies = [await body_of(backend, order, number) for number in range(len(order.files))]
    bodies = bodies if order.ungrouped else _grouped(backend, bodies)
    messages = [_make(backend, chat, order, body) for body in bodies]
    return _publish(backend, order, messages)


def _writable(backend: Backend, order: Sending) -> Chat:
    chat = chat_of(backend, order.person_id, order.chat_id)
    if not chat.is_group and chat.deleted:
        raise PersonError("This account is deleted.")
    if not chat.is_group and chat.bot_status == "kicked":
        raise PersonError("You blocked the bot. Unblock it to write to it.")
    if order.topic:
        topic = chat.topic(order.topic)
        if topic is None:
            raise PersonError("There is no such topic.")
        if topic.closed and order.person_id != chat.owner_id:
            raise PersonError("The topic is closed.")
    if order.reply_to and backend.world.message(chat.id, order.reply_to) is None:
        raise PersonError("The message to reply to is not there any more.")
    if order.order is not None and sorted(order.order) != list(range(max(1, len(order.files)))):
        raise PersonError("The order must name each item once, counted from 0.")
    if not (order.text.strip() or order.files or order.extra):
        raise PersonError("There is nothing to send.")
    if order.anonymous and (chat.type != "supergroup" or not chat.is_run_by(order.person_id)):
        raise PersonError("Only admins of a supergroup can be anonymous.")
    if chat.type == "channel" and not chat.is_run_by(order.person_id):
        raise PersonError("Only admins post in a channel.")
    if order.as_channel and not chat_of(backend, order.person_id, order.as_channel).is_run_by(order.person_id):
        raise PersonError("Only admins of a channel speak as it.")
    return chat


def _texts(order: Sending) -> list[Json]:
    """Return the text as messages; like clients, this cuts a text that is too long for one."""
    plain, entities = trim(order.text, order.entities)
    if len(plain) <= MAX_TEXT:
        found = find_entities(plain, entities)
        return [{"text": plain} | ({"entities": found} if found else {})]
    pieces = [plain[start : start + MAX_TEXT].strip() for start in range(0, len(plain), MAX_TEXT)]
    return [{"text": piece} | ({"entities": e} if (e := find_entities(piece)) else {}) for piece in pieces if piece]


def trim(text: str, entities: Sequence[Json]) -> tuple[str, list[Json]]:
    try:
        return trimmed(text, [dict(entity) for entity in entities])
    except ApiError as error:
        raise PersonError(error.description) from None


async def body_of(backend: Backend, order: Sending, number: int) -> Json:
    """Return the body of one attached file's message; the text is the caption of the first file."""
    attached = order.files[number]
    kind = await _kind(attached, as_file=order.as_file)
    try:
        media = await from_upload(backend, kind, attached.upload, described=attached.described, hd=order.hd)
    except ApiError:
        # A picture that cannot be a photo is sent as a file, as clients offer then.
        media = await from_upload(backend, "document", attached.upload, described={})
    caption = attached.caption if attached.caption is not None else (order.text if number == 0 else "")
    plain, entities = trim(caption, order.entities if number == 0 and attached.caption is None else ())
    if len(plain) > MAX_CAPTION:
        raise PersonError(f"A caption has at most {MAX_CAPTION} characters; this one has {len(plain)}.")
    body = dict(media.content)
    if plain:
        body["caption"] = plain
        if found := find_entities(plain, entities):
            body["caption_entities"] = found
    if order.spoiler and kind in {"photo", "video", "animation"}:
        body["has_media_spoiler"] = True
    return body


async def _kind(attached: Attached, *, as_file: bool) -> str:
    if attached.kind is not None:
        return attached.kind
    mime = attached.upload.mime
    if as_file:
        return "document"
    if mime in _KINDS:
        return _KINDS[mime]
    if mime.startswith("image/") and await pictures.picture_size(attached.upload.data):
        return "photo"
    return mime.partition("/")[0] if mime.startswith(("video/", "audio/")) else "document"


def _grouped(backend: Backend, bodies: list[Json]) -> list[Json]:
    """Give each run of media that can share an album one media_group_id."""
    groups: list[list[Json]] = []
    for body in bodies:
        if groups and len(groups[-1]) < MAX_ALBUM and _mixable(groups[-1][-1], body):
            groups[-1].append(body)
        else:
            groups.append([body])
    for group in (group for group in groups if len(group) > 1):
        number = _album_id(backend)
        for body in group:
            body["media_group_id"] = number
    return bodies


def _album_id(backend: Backend) -> str:
    return str(backend.world.count("album", 14_000_000_000_000_001))


def _mixable(left: Json, right: Json) -> bool:
    return any(kinds & set(left) and kinds & set(right) for kinds in _ALBUMS) and "animation" not in left | right


def _make(backend: Backend, chat: Chat, order: Sending, body: Json) -> Message:
    world = backend.world
    target = world.message(chat.id, order.reply_to) if order.reply_to else None
    if not world.chats[chat.id].started:
        world.put_chat(replace(world.chats[chat.id], started=True))
    if order.anonymous:
        # An admin who writes as the group (telegram-bot-api Client.cpp, create_message).
        body = {"from": ANONYMOUS_ADMIN, "sender_chat": world.chat_json(chat)} | body
    elif order.as_channel:
        body = {"from": CHANNEL_BOT, "sender_chat": world.chat_json(world.chats[order.as_channel])} | body
    if chat.parent is not None:
        body = {"direct_messages_topic": {"topic_id": order.person_id, "user": world.user(order.person_id)}} | body
    reply_to = order.reply_to or (None if "external_reply" in body else order.thread or None)
    return new_message(
        backend,
        chat,
        order.person_id,
        body,
        topic=order.topic or (target.topic if target else 0),
        thread=order.thread,
        reply_to=reply_to,
        quote={"text": order.quote, "position": 0, "is_manual": True} if order.quote else None,
    )


def _publish(backend: Backend, order: Sending, messages: list[Message]) -> list[Message]:
    """Publish the messages in the wanted order: all at once, or with pauses between them."""
    sequence = [messages[index] for index in order.order] if order.order is not None else messages
    publish(backend, sequence[0])
    if order.stagger_s > 0 and len(sequence) > 1:
        backend.do_later(_later(backend, sequence[1:], order.stagger_s))
    else:
        for message in sequence[1:]:
            publish(backend, message)
    return messages


async def _later(backend: Backend, messages: list[Message], stagger_s: float) -> None:
    for message in messages:
        await asyncio.sleep(stagger_s)
        publish(backend, message)
        backend.keep.commit()


def forward(backend: Backend, order: Sending, from_chat_id: int, message_ids: Sequence[int]) -> list[Message]:
    """Forward messages to the chat of ``order``, with its text as a comment. Raises PersonError.

    Clients send the comment first, as a message of its own (tdesktop, share_box.cpp); albums stay albums.
    """
    chat_of(backend, order.person_id, from_chat_id)
    sources = [find(backend, from_chat_id, message_id) for message_id in message_ids]
    chat = _writable(backend, replace(order, text=order.text or "forwarded"))
    bodies = _texts(order) if order.text else []
    albums = {source.body["media_group_id"] for source in sources if "media_group_id" in source.body}
    groups: Json = {"": {}} | {album: {"media_group_id": _album_id(backend)} for album in sorted(albums)}
    for source in sources:
        bodies.append(content_of(source) | origin_of(backend, source) | groups[source.body.get("media_group_id", "")])
    return _publish(backend, order, [_make(backend, chat, order, body) for body in bodies])


def find(backend: Backend, chat_id: int, message_id: int) -> Message:
    message = backend.world.message(chat_id, message_id)
    if message is None:
        raise PersonError(f"There is no message {message_id} in this chat.")
    return message


def take_back(backend: Backend, person_id: int, chat_id: int, message_id: int) -> None:
    """Delete a message for everyone: one's own, any in a private chat, any as owner. Bots get no update about it."""
    chat = chat_of(backend, person_id, chat_id)
    message = find(backend, chat_id, message_id)
    if chat.is_group and person_id not in {message.sender_id, chat.owner_id}:
        raise PersonError("Only the owner of a group can delete what others wrote.")
    delete(backend, message)


def press(
    backend: Backend, person_id: int, chat_id: int, message_id: int, data: str, *, whisper: int | None = None
) -> str:
    """Press a button of the bot; returns the id of the callback query. Raises PersonError."""
    world = backend.world
    chat = chat_of(backend, person_id, chat_id)
    message = world.message(chat_id, message_id)
    whispered = next((one for one in backend.whispers if one["ephemeral_message_id"] == whisper), None)
    if whispered is not None:
        shown: Json = {"message": whispered}
    elif message is None:
        shown = {"message": {"chat": world.chat_json(chat), "message_id": message_id, "date": 0}}
    elif message.inline_id:
        # The chat stays hidden (telegram-bot-api Client.cpp, JsonInlineCallbackQuery).
        shown = {"inline_message_id": message.inline_id}
    else:
        shown = {"message": world.view(message)}
    query_id = str(secrets.randbelow(9 * 10**17) + 10**17)
    record: Json = {"chat_id": chat_id, "message_id": message_id, "at": backend.config.clock(), "answered": False}
    backend.callbacks[query_id] = record
    backend.keep.put("callback", query_id, record)
    body = {
        "id": query_id,
        "from": world.user(person_id),
        **shown,
        "chat_instance": str(abs(chat_id) * 1_000_003 % 10**18),
        "data": data,
    }
    backend.updates.add("callback_query", body, lane=f"user:{person_id}", life_s=150)
    return query_id


def react(backend: Backend, person_id: int, chat_id: int, message_id: int, emoji: str | None) -> Message:
    """Set or remove the person's reaction to a message. Raises PersonError."""
    world = backend.world
    chat = chat_of(backend, person_id, chat_id)
    message = find(backend, chat_id, message_id)
    old = message.reactions.get(str(person_id))
    reactions = {who: given for who, given in message.reactions.items() if who != str(person_id)}
    if emoji:
        reactions[str(person_id)] = emoji
    if not chat.is_group or chat.bot_status == "administrator":
        body = {
            "chat": world.chat_json(chat),
            "message_id": message_id,
            "user": world.user(person_id),
            "date": world.now(),
            "old_reaction": [{"type": "emoji", "emoji": old}] if old else [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        backend.updates.add("message_reaction", body, lane=f"chat:{chat_id}")
    return keep_reactions(backend, message, reactions)


def stop(backend: Backend, person_id: int, chat_id: int, draft_id: int, topic: int = 0) -> None:
    """Press the Stop button of a draft. Raises PersonError."""
    chat = chat_of(backend, person_id, chat_id)
    draft = backend.drafts.get((chat_id, topic))
    if draft is None or draft.draft_id != draft_id:
        raise PersonError("The draft is gone already.")
    if not draft.can_stop:
        raise PersonError("This draft has no Stop button.")
    body: Json = {"chat": backend.world.chat_json(chat), "draft_id": draft_id}
    if topic:
        body["message_thread_id"] = topic
    backend.updates.add("stopped_message_generation", body, lane=f"chat:{chat_id}")
    if not draft.keep_on_stop:
        end_draft(backend, chat_id, topic)

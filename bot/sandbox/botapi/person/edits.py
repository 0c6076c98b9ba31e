"""What a person does to change a sent message: its words, or the file that it shows.

Imports ``post``, ``text``, ``errors``, ``acts`` and ``state``. Raises PersonError with a sentence for the person.
"""

from __future__ import annotations

from bot.sandbox.botapi.chats.post import change
from bot.sandbox.botapi.content.text import find_entities
from bot.sandbox.botapi.errors import PersonError
from bot.sandbox.botapi.person.acts import Sending, body_of, chat_of, find, trim
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.records import Json, Message

_WORDS = {"text", "entities", "caption", "caption_entities"}
_FILES = {"photo", "document", "animation", "video", "audio", "voice", "video_note", "sticker", "has_media_spoiler"}
_IN_ALBUMS = ({"photo", "video"}, {"document"}, {"audio"})


def _own(backend: Backend, person_id: int, chat_id: int, message_id: int) -> Message:
    chat_of(backend, person_id, chat_id)
    message = find(backend, chat_id, message_id)
    if message.sender_id != person_id or "is_automatic_forward" in message.body:
        raise PersonError("Only one's own messages can be edited.")
    return message


def edit(backend: Backend, person_id: int, chat_id: int, message_id: int, text: str) -> Message:
    """Change the words of the person's own message. Raises PersonError."""
    message = _own(backend, person_id, chat_id, message_id)
    plain, _ = trim(text, ())
    field = "text" if "text" in message.body else "caption"
    if not plain and field == "text":
        raise PersonError("A message cannot be empty; delete it instead.")
    body = {key: value for key, value in message.body.items() if key not in _WORDS}
    if plain:
        body[field] = plain
        if found := find_entities(plain):
            body["caption_entities" if field == "caption" else "entities"] = found
    return change(backend, message, body=body, edit_date=backend.world.now())


async def replace_file(backend: Backend, order: Sending, message_id: int) -> Message:
    """Replace the file in the person's own message, with the text of ``order`` below it. Raises PersonError.

    In an album, only photos and videos can replace each other (td, td_api.tl, editMessageMedia).
    """
    message = _own(backend, order.person_id, order.chat_id, message_id)
    shown: Json = await body_of(backend, order, 0)
    if "text" in message.body:
        raise PersonError("A text cannot become a file.")
    mixable = any(kinds & set(message.body) and kinds & set(shown) for kinds in _IN_ALBUMS)
    if "media_group_id" in message.body and not mixable:
        raise PersonError("In an album this file cannot take the place of the other.")
    kept = {key: value for key, value in message.body.items() if key not in _WORDS | _FILES}
    return change(backend, message, body=kept | shown, edit_date=backend.world.now())

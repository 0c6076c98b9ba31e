"""What an edited message changes. Imports ``incoming`` and ``storage``."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.incoming import Said
from storage.records import InputPicture, Turn
from storage.store import Store


async def is_news(store: Store, message: Said) -> bool:
    """Tell whether only an edit made a message one for the bot, by a mention or a command that it lacked before."""
    if not message.called or not (message.words or message.attachment):
        return False
    return await store.messages.find(message.key.chat_id, message.message_id) is None


def retold(
    turn: Turn, message: Said, was: InputPicture | None, now: InputPicture | None
) -> tuple[str, tuple[InputPicture, ...]] | None:
    """Return a turn's wish and pictures with what was changed in one of its messages, None where nothing was.

    ``was`` and ``now``: the message's picture before and after, as far as it has one.
    """
    wish, pictures = turn.wish, turn.pictures
    if turn.wish and message.message_id == turn.request_message_id:
        wish = message.words
    elif was is not None:
        pictures = tuple(replace(one, caption=message.words) if one.media == was.media else one for one in pictures)
    if was is not None and now is not None:
        pictures = tuple(replace(now, caption=one.caption) if one.media == was.media else one for one in pictures)
    said = wish or any(picture.caption for picture in pictures)
    changed = (wish, pictures) != (turn.wish, turn.pictures) or (message.anew and turn.parent_id is not None)
    return (wish, pictures) if said and changed else None

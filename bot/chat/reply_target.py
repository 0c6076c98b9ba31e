"""Finds the turn or picture that a reply is about. Imports ``events``, ``turns`` and ``storage``.

A message of the bot may not be stored, because Telegram never confirmed that it arrived. Then its buttons name the
turn that it shows.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from bot.chat.events import PARTLY, Replied
from bot.turns.request.exchanges import picture_of_answer
from bot.turns.wishes import current_at
from storage.records import WITHDRAWN, Key, MessageLink, Role
from storage.store import Store


def _replaced(link: MessageLink, replied: Replied) -> bool:
    """Return whether a message's sender has put something that is no picture in the place of its picture."""
    partly = replied.attachment is not None and replied.attachment.kind in PARTLY
    return replied.unusable is not None or (partly and link.file_id is None)


async def _shows_what_is_gone(store: Store, link: MessageLink, replied: Replied) -> bool:
    """Return whether a message without a stored picture may show one that somebody had forgotten since.

    The bot shows the picture that is current at an answer in words, and finds it by the path. Where a turn in between
    was forgotten, or lost the picture of its wish, that finds an older one, or none.
    """
    if replied.attachment is None:
        return False
    path = await store.conversations.path(link.turn_id)
    since = takewhile(lambda turn: not (turn.shown or turn.pictures), reversed(path))
    gone = any(turn.is_forgotten or WITHDRAWN in turn.options for turn in since)
    return gone or not await current_at(store, link.turn_id)


async def meaning_of(store: Store, key: Key, replied: Replied | None) -> MessageLink | None:
    """Return the link from a replied-to message to the tree; None where there is none."""
    if replied is None or (replied.message_id is None and not key.is_inline):
        return None
    link = await store.messages.find(key.chat_id, replied.message_id) if replied.message_id is not None else None
    if link is not None and replied.elsewhere:
        # Another topic is another conversation: only the picture is used, not the turn.
        link = replace(link, role=Role.REQUEST, turn_id=None)
    if link is not None and link.role is not Role.ANSWER and link.picture is not None and _replaced(link, replied):
        return None
    if link is not None and link.turn_id is None and link.picture is None:
        # A part of an album that no model reads, or that was cancelled: the caller looks at the message itself.
        return None
    if link is not None and link.picture is None and await _shows_what_is_gone(store, link, replied):
        return None
    if link is not None or replied.turn_id is None:
        return link
    turn = await store.conversations.turn(replied.turn_id)
    if turn is None or turn.reply is None:
        return None
    conversation = await store.conversations.by_id(turn.conversation_id)
    # Of inline conversations each is for one place alone; topics of a chat know each other.
    if conversation.key.chat_id != key.chat_id or (key.is_inline and conversation.key != key):
        return None
    return MessageLink(
        chat_id=key.chat_id,
        message_id=replied.message_id or 0,
        role=Role.ANSWER,
        turn_id=turn.id,
        picture=picture_of_answer(turn),
    )

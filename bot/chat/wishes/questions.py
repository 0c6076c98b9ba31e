"""Asks for the words of a wish, and stores which pictures the answer will be about.

Imports PTB, ``events``, ``response``, ``visibility``, ``texts`` and ``storage``. In privacy mode an answer in a group
reaches the bot only as a reply. So in groups the question forces a reply (core.telegram.org/bots/api#forcereply).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from telegram import ForceReply

from bot.chat.events import Said
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.response import JUST_SENT, KeepLinks, Part, Response, Rewording, Sentence
from bot.texts import say
from storage.records import MessageLink, Role
from storage.store import Store
from storage.tables.messages import WAITS_S, sender_of

LASTS_S = 10.0
"""More pictures within this time after a question belong to the same question."""

WHAT_TO_DO = ("what-to-do", "what-to-do-group")
WHAT_WISH = ("what-wish", "what-wish-group")
WHAT_WISH_UNSEEN = ("what-wish", "what-wish-unseen")
"""The texts of a question: for private chats, and for groups, where the answer must be a reply."""


class Questions:
    """Asks for words, and stores what they will be about."""

    def __init__(self, store: Store, visibility: GroupVisibility) -> None:
        self._store = store
        self._visibility = visibility

    async def of_pictures(self, messages: Sequence[Said], links: Sequence[MessageLink]) -> Response:
        """Ask what to do with the pictures of messages, which wait for words from now on.

        A recent question without an answer is extended to these pictures instead.
        """
        first = messages[0]
        conversation = await self._store.conversations.open(first.key)
        waiting = await self._store.messages.waiting_pictures(
            conversation.id, None if first.private else first.author.id
        )
        asked = max((link for link in waiting if link.asks), key=lambda link: link.message_id, default=None)
        pictures = [link for link in (*waiting, *links) if link.picture and not link.asks]
        count = len({link.picture.media.sha256 for link in pictures if link.picture})
        parts: tuple[Part, ...] = ()
        if asked is None or (asked.waits_until or 0.0) - WAITS_S < time.time() - LASTS_S:
            parts = (_question(first, WHAT_TO_DO, count=count),)
            asked = MessageLink(chat_id=first.key.chat_id, message_id=JUST_SENT, role=Role.LOOSE)
        elif first.private:
            # A message that forces a reply cannot be edited (td, MessagesManager.cpp, can_edit_message).
            parts = (Rewording(message_id=asked.message_id, text=say(first.language, WHAT_TO_DO[0], count=count)),)
        about = dict.fromkeys(link.message_id for link in pictures)
        last = pictures[-1]
        asks = replace(asked, picture=last.picture, waits_for=last.waits_for, asks=tuple(about), waits_until=None)
        return Response(parts=parts, ending=KeepLinks(conversation_id=conversation.id, links=(*links, asks)))

    async def of_reply(self, messages: Sequence[Said], reply: MessageLink | None) -> Response:
        """Ask for a wish; it is about the replied-to message, if that means anything here."""
        first = messages[0]
        pictured = reply is not None and reply.picture is not None
        shown = first.private or first.replied is not None
        unseen = not shown and await self._visibility.misses_replies(first.key.chat_id)
        what_wish = WHAT_WISH_UNSEEN if unseen else WHAT_WISH
        question = _question(first, WHAT_TO_DO, count=1) if pictured else _question(first, what_wish)
        conversation = await self._store.conversations.open(first.key)
        about = [replace(reply, message_id=JUST_SENT, file_id=None, album=None)] if reply is not None else []
        turn = await self._store.conversations.turn(reply.turn_id) if reply is not None and reply.turn_id else None
        head = None
        if turn is None:
            about = [replace(link, role=Role.LOOSE, waits_until=_until(first, link)) for link in about]
        # In private the answer need not be a reply, and clients do not mark every reply to the newest message. So the
        # next words speak of the turn, or of a picture that was sent with it.
        elif first.private and turn.reply is not None and about[0].role is Role.ANSWER:
            head = turn
        elif first.private:
            about = [replace(link, role=Role.LOOSE, turn_id=None) for link in about]
        kept = KeepLinks(conversation_id=conversation.id, links=tuple(about), head=head)
        return Response(parts=(question,), ending=kept)


def _question(message: Said, keys: tuple[str, str], **values: int) -> Sentence:
    """Return a question. In groups only the client of the person who is answered begins a reply (``selective``)."""
    alone, among_others = keys
    if message.private:
        return Sentence(key=alone, values=values)
    return Sentence(key=among_others, values=values, keyboard=ForceReply(selective=True))


def _until(asker: Said, link: MessageLink) -> float | None:
    """Return until when a picture waits for words without a reply to the question; None for the usual time.

    In a group it waits for its sender. Where somebody else asked about it, only a reply to the question reaches it.
    """
    theirs = link.picture is None or sender_of(link) == asker.author.id
    return None if asker.private or theirs else 0.0

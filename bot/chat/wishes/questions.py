"""What the bot asks where a wish lacks its words, so that an answer finds the pictures that it speaks of.

May import PTB, ``events``, ``delivery``, ``visibility``, ``texts`` and ``storage``. A bot in privacy mode hears of an
answer in a group only if it replies to the question, so the question asks for a reply there, and clients begin one by
themselves (core.telegram.org/bots/api#forcereply).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from telegram import ForceReply, Message

from bot.chat.events import Said, updates_of
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.texts import say
from storage.records import MessageLink, Role, Turn
from storage.store import Store
from storage.tables.messages import WAITS_S

LASTS_S = 10.0
"""So long after a question about pictures, further ones are taken for more of the same, slowly sent."""

WHAT_TO_DO = ("what-to-do", "what-to-do-group")
WHAT_WISH = ("what-wish", "what-wish-group")
WHAT_WISH_UNSEEN = ("what-wish", "what-wish-unseen")
"""Questions as they are put in private, where just writing is enough, and in groups."""


class Questions:
    """Asks for words, and keeps what they will be about."""

    def __init__(self, store: Store, delivery: Delivery, visibility: GroupVisibility) -> None:
        self._store = store
        self._delivery = delivery
        self._visibility = visibility

    async def of_pictures(self, messages: Sequence[Said], links: Sequence[MessageLink]) -> None:
        """Ask what to do with the pictures of messages, which wait for words from now on.

        A question that was asked a moment ago, and not answered yet, asks about them as well.
        """
        first = messages[0]
        conversation = await self._store.conversations.open(first.key)
        waiting = await self._store.messages.waiting(conversation.id, None if first.private else first.author.id)
        asked = max((link for link in waiting if link.asks), key=lambda link: link.message_id, default=None)
        pictures = [link for link in (*waiting, *links) if link.picture and not link.asks]
        count = len({link.picture.media.sha256 for link in pictures if link.picture})
        if asked is None or (asked.waits_until or 0.0) - WAITS_S < time.time() - LASTS_S:
            question = await self._ask(first, WHAT_TO_DO, count=count)
            asked = MessageLink(chat_id=first.key.chat_id, message_id=question.message_id, role=Role.LOOSE)
        elif first.private:
            # Where a question asks for a reply, it cannot be changed (td, MessagesManager.cpp, can_edit_message).
            words = say(Recipient.answering(first).language, WHAT_TO_DO[0], count=count)
            await self._delivery.reword(Recipient.answering(first), asked.message_id, words)
        about = dict.fromkeys(link.message_id for link in pictures)
        asks = replace(asked, picture=pictures[-1].picture, asks=tuple(about), waits_until=None)
        await self._store.messages.save(conversation.id, [*links, asks], updates_of(messages))

    async def of_reply(self, messages: Sequence[Said], reply: MessageLink | None) -> None:
        """Ask what is wanted, of what the messages reply to if that means anything here."""
        first = messages[0]
        pictured = reply is not None and reply.picture is not None
        shown = first.private or first.replied is not None
        unseen = not shown and await self._visibility.misses_replies(first.key.chat_id)
        what_wish = WHAT_WISH_UNSEEN if unseen else WHAT_WISH
        question = await (self._ask(first, WHAT_TO_DO, count=1) if pictured else self._ask(first, what_wish))
        conversation = await self._store.conversations.open(first.key)
        about = [replace(reply, message_id=question.message_id, file_id=None, album=None)] if reply is not None else []
        turn = await self._store.conversations.turn(reply.turn_id) if reply is not None and reply.turn_id else None
        if turn is None:
            about = [replace(link, role=Role.LOOSE, waits_until=_until(first, link)) for link in about]
        elif first.private:
            # There the answer need not be a reply, nor is a reply to the newest message always shown as one.
            about = await self._turned_to(turn, about)
        await self._store.messages.save(conversation.id, about, updates_of(messages))

    async def _ask(self, message: Said, keys: tuple[str, str], **values: int) -> Message:
        recipient, (alone, among_others) = Recipient.answering(message), keys
        if message.private:
            return await self._delivery.say(recipient, alone, **values)
        # Selective: of all who read along only the sender of the message that is answered.
        return await self._delivery.say(recipient, among_others, ForceReply(selective=True), **values)

    async def _turned_to(self, turn: Turn, about: list[MessageLink]) -> list[MessageLink]:
        """Let the next words of a conversation be about a turn, or about a picture that was sent with it."""
        if turn.reply is None or about[0].role is not Role.ANSWER:
            return [replace(link, role=Role.LOOSE, turn_id=None) for link in about]
        conversation = await self._store.conversations.by_id(turn.conversation_id)
        await self._store.conversations.move_head(conversation, turn.id, redo=conversation.redo)
        return about


def _until(asker: Said, link: MessageLink) -> float | None:
    """Return until when the picture that a question is about waits for words by itself, None for as long as any.

    In a group it waits for whoever sent it; asked about by somebody else, it is had by a reply to the question alone.
    """
    theirs = link.picture is None or link.picture.author_id == asker.author.id
    return None if asker.private or theirs else 0.0

"""Answers guest queries with a placeholder, each once, and remembers the inline message that this makes.

Imports PTB, ``authorization``, ``background``, ``keyboards``, ``inline``, ``raw``, ``dispatch.base``, ``texts`` and
``storage``.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent
from telegram.error import BadRequest

from bot.background import BackgroundTasks
from bot.chat.authorization import Authorization
from bot.chat.send import keyboards
from bot.chat.send.inline import EXPIRED
from bot.chat.updates.raw import is_of_another_bot, part
from bot.dispatch.base import Later, Peers
from bot.texts import say
from storage.records import PLACED, InboxRow, Json, Key
from storage.store import Store

log = logging.getLogger(__name__)

PEERS_S = 0.2
"""How long to wait for another process that answers the query."""

TOO_OLD = "query is too old"
"""Telegram's answer for a query that has expired, or was answered before (telegram-bot-api Client.cpp,
fail_query_with_error, QUERY_ID_INVALID)."""


class TooOld(Exception):
    """A guest query cannot be answered any more."""


class Ignored(TooOld):
    """Whoever called gets no answer: a person whom an owner blocked and who knows it, or another bot."""


class Placing:
    """Places placeholders. ``language``: for people without one."""

    def __init__(self, bot: Bot, store: Store, authorization: Authorization, peers: Peers, language: str) -> None:
        self._bot = bot
        self._store = store
        self._authorization = authorization
        self._peers = peers
        self._language = language
        self._placing: dict[int, asyncio.Task[None]] = {}
        self._background = BackgroundTasks()

    def begin(self, row: InboxRow) -> None:
        """Answer the guest query of an update that was just stored; return at once. Other updates are left alone."""
        if "guest_message" in row.payload:
            task = self._placing[row.update_id] = self._background.run(self._begin(row))
            task.add_done_callback(lambda _: self._placing.pop(row.update_id, None))

    async def inline_id(self, row: InboxRow) -> str:
        """Return the inline message of a guest query, which is answered first if that was not done; "" if it is lost.

        Raises: :class:`TooOld`, :class:`Ignored`, ``Later`` while another process does it, PTB's errors.
        """
        if row.update_id in self._placing:
            await asyncio.wait({self._placing[row.update_id]})
        async with self._peers.claimed(row.update_id) as mine:
            if not mine:
                raise Later(PEERS_S, "another process answers the guest query")
            stored = await self._store.inbox.row(row.update_id)
            return await self._placed(stored or row)

    async def close(self) -> None:
        """Wait for the work in the background."""
        await self._background.finish()

    async def _begin(self, row: InboxRow) -> None:
        try:
            async with self._peers.claimed(row.update_id) as mine:
                if mine:
                    await self._placed(row)
        except Exception as error:
            # The conversation was woken. Its step asks again, and handles a failure by the rules for all updates.
            log.info("update %s: the guest query was not answered at once: %s", row.update_id, type(error).__name__)

    async def _placed(self, row: InboxRow) -> str:
        known = row.payload.get(PLACED)
        if known == EXPIRED:
            raise TooOld
        if known:
            return str(known)
        if is_of_another_bot(row.payload, self._bot.id) or await self._authorization.ignores(row.key.chat_id):
            raise Ignored
        tried = known is not None
        if not tried:
            # After this, an answer that Telegram took may have been ours, from a process that died before it knew.
            await self._store.inline.note(row.update_id, {PLACED: ""}, durable=False)
        try:
            sent = await self._bot.answer_guest_query(
                str(part(row.payload, "guest_message").get("guest_query_id")), await self._placeholder(row)
            )
        except BadRequest as error:
            if TOO_OLD not in error.message.lower():
                raise
            if not tried:
                await self._store.inline.note(row.update_id, {PLACED: EXPIRED})
                raise TooOld from error
            log.warning("update %s: its inline message is not known; a press of its button tells", row.update_id)
            return ""
        await self._store.inline.note(row.update_id, {PLACED: sent.inline_message_id})
        return sent.inline_message_id

    async def _placeholder(self, row: InboxRow) -> InlineQueryResultArticle:
        language = await self.language_of(row.key.chat_id, part(part(row.payload, "guest_message"), "from"))
        return InlineQueryResultArticle(
            id="placeholder",
            # Must not be empty (soruly/trace.moe-telegram-bot#276), although nobody sees it.
            title=say(language, "inline-painting"),
            input_message_content=InputTextMessageContent(say(language, "inline-painting")),
            reply_markup=keyboards.below_placeholder(language, row.key, row.update_id),
        )

    async def language_of(self, person_id: int, person: Json) -> str:
        """Return a person's language: the one chosen in the private chat, else that of the client."""
        chosen = (await self._store.conversations.settings(Key(person_id, 0))).get("language")
        return str(chosen or person.get("language_code") or self._language)

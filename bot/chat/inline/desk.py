"""What an update from elsewhere needs at once, before its conversation looks at it.

Imports PTB, ``authorization``, ``access``, ``placing``, ``keyboards``, ``split``, ``calling``, ``raw``, ``texts`` and
``storage``. A guest query gets its placeholder, a press its acknowledgement, and an inline query its results. Inline
queries are not stored: there is one for each letter that a person types, and Telegram forgets them after 30 s
(telegram-bot-api Client.cpp, add_new_inline_query).
"""

from __future__ import annotations

import logging

from telegram import (
    Bot,
    InlineQueryResult,
    InlineQueryResultArticle,
    InlineQueryResultCachedPhoto,
    InputTextMessageContent,
)
from telegram.error import TelegramError

from bot.access.rules import Verdict
from bot.chat.authorization import Authorization
from bot.chat.receive.placing import Placing
from bot.chat.send import keyboards
from bot.chat.send.split import shorten
from bot.chat.updates.calling import PAINT, reply_to_press
from bot.chat.updates.raw import is_id, part
from bot.texts import say
from storage.engine.faults import StorageFault
from storage.records import InboxRow, Json, Key
from storage.store import Store

log = logging.getLogger(__name__)

MOST_OFFERED = 20
"""How many of a person's pictures an inline query offers; Telegram takes 50 results (Bot API, answerInlineQuery)."""


class InlineDesk:
    """Answers what cannot wait."""

    def __init__(self, bot: Bot, store: Store, authorization: Authorization, placing: Placing) -> None:
        self._bot = bot
        self._store = store
        self._authorization = authorization
        self._placing = placing

    def stored(self, row: InboxRow) -> None:
        """Begin what a stored update needs at once."""
        self._placing.begin(row)

    async def words_for(self, press: Json) -> str:
        """Return what the person reads who presses a button below an inline message; "" for nothing."""
        key = reply_to_press(press)
        if key is None:
            return ""
        person = part(part(press, "callback_query"), "from")
        return say(await self._placing.language_of(int(person.get("id") or 0), person), key)

    async def offer(self, query: Json) -> None:
        """Answer an inline query: a wish of its words, and the person's newest pictures."""
        person = part(query, "from")
        person_id = person.get("id")
        if not is_id(person_id):
            return
        try:
            language = await self._placing.language_of(person_id, person)
            results = await self._results(person_id, language, str(query.get("query") or "").strip())
            await self._bot.answer_inline_query(str(query.get("id")), results, cache_time=0, is_personal=True)
        except (TelegramError, StorageFault) as error:
            log.info("an inline query was not answered: %s", type(error).__name__)

    async def _results(self, person_id: int, language: str, words: str) -> list[InlineQueryResult]:
        verdict, _ = await self._authorization.of_caller(person_id)
        if verdict is Verdict.WAITS and words:
            # An owner is asked about the wish, if it is chosen.
            return [_painting(language, person_id, words)]
        if verdict is not Verdict.SERVED:
            return []
        pictures = await self._store.inline.newest_pictures(person_id, MOST_OFFERED)
        shown: list[InlineQueryResult] = [
            InlineQueryResultCachedPhoto(id=f"picture-{one.turn_id}", photo_file_id=one.file_id) for one in pictures
        ]
        return [_painting(language, person_id, words), *shown] if words else shown


def _painting(language: str, person_id: int, words: str) -> InlineQueryResultArticle:
    """Return the result that is a wish. Without a button the bot could not change it (Bot API, ChosenInlineResult)."""
    wish = shorten(words)
    return InlineQueryResultArticle(
        id=PAINT,
        title=say(language, "inline-paint", wish=wish),
        description=say(language, "inline-paint-about"),
        input_message_content=InputTextMessageContent(say(language, "inline-painting-wish", wish=wish)),
        reply_markup=keyboards.below_placeholder(language, Key(person_id, 0)),
    )

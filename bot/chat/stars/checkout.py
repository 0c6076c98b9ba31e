"""Answers pre-checkout queries at once, before the inbox and every queue: Telegram waits ten seconds.

Imports PTB, ``packs``, ``raw``, ``access``, ``texts`` and ``storage``. A query is not stored, because nothing is paid
yet. If the process dies before its answer, the person is told that the payment failed, and can press Pay again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.access.rules import Access, Verdict
from bot.chat.stars.packs import STARS, pack_in
from bot.chat.updates.raw import first, is_id
from bot.texts import say
from storage.books.values import Pack
from storage.engine.faults import StorageFault
from storage.guests.guests import Guests
from storage.records import Json

log = logging.getLogger(__name__)

LOOK_S = 0.5
"""How long the store may take. A bot whose store does not answer must not sell."""

PAUSES_S = (0.5, 1.0, 2.0)
"""The pauses before further tries to answer, within Telegram's ten seconds (Bot API, answerPreCheckoutQuery)."""


class Checkout:
    """Says yes to what the bot sells now, to people whom it serves, and no to everything else."""

    def __init__(self, bot: Bot, guests: Guests, access: Access, packs: Collection[Pack]) -> None:
        self._bot = bot
        self._guests = guests
        self._access = access
        self._packs = packs

    async def answer(self, update: Json) -> None:
        """Answer a raw update with a pre-checkout query."""
        query = first(update, "pre_checkout_query") or {}
        why = await self._refusal(query)
        sender = first(query, "from") or {}
        refusal = say(str(sender.get("language_code") or ""), why) if why else None
        for pause_s in (*PAUSES_S, None):
            try:
                await self._bot.answer_pre_checkout_query(str(query.get("id")), ok=not why, error_message=refusal)
                return
            except BadRequest as error:
                # Too late, or answered before: Telegram delivers an update again until it is confirmed.
                log.info("a pre-checkout query was not answered: %s", error.message)
                return
            except TelegramError as error:
                log.warning("a pre-checkout query could not be answered: %s", error)
                if pause_s is not None:
                    await asyncio.sleep(pause_s)

    async def _refusal(self, query: Json) -> str:
        """Return the key of the sentence why this cannot be bought; "" if it can."""
        pack = pack_in(str(query.get("invoice_payload")))
        price = (query.get("total_amount"), query.get("currency"))
        if pack is None or pack not in self._packs or price != (pack.stars, STARS):
            return "checkout-gone" if self._packs else "checkout-over"
        person_id = (first(query, "from") or {}).get("id")
        try:
            async with asyncio.timeout(LOOK_S):
                guest = (await self._guests.of(person_id)).get(person_id) if is_id(person_id) else None
        except (TimeoutError, StorageFault) as error:
            log.warning("a payment was refused, because the store does not answer: %s", error)
            return "checkout-later"
        # An old invoice can be paid by somebody who is not served any more.
        standing = guest.standing if guest is not None else None
        match self._access.of_person(person_id if is_id(person_id) else 0, standing, private=True):
            case Verdict.SERVED:
                return ""
            case Verdict.BLOCKED:
                return "checkout-blocked"
        return "checkout-unserved"

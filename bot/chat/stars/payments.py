"""Handles what Telegram says of payments: one was made, one was refunded. Each counts once, whoever it comes from.

Imports PTB, ``packs``, ``events``, ``response``, ``split``, ``access``, ``metrics`` and ``storage``.
"""

from __future__ import annotations

import logging
import time
from typing import Protocol

from telegram import InlineKeyboardMarkup

from bot.access.limits import Calendar
from bot.chat.events import Paid, Refunded
from bot.chat.response import DONE, STORED, Response
from bot.chat.send.split import shorten
from bot.chat.stars.packs import STARS, pack_in
from bot.metrics import Meter
from storage.records import Json, Key, TurnState
from storage.sales.purchases import Payment
from storage.store import Store

log = logging.getLogger(__name__)


class NotifySoon(Protocol):
    """Sends a sentence to the owners, in the background."""

    def __call__(self, key: str, keyboard: InlineKeyboardMarkup | None = None, /, **values: str | int) -> None: ...


class Payments:
    """Notes payments and refunds in the books."""

    def __init__(self, store: Store, calendar: Calendar, notify_owners: NotifySoon, meter: Meter) -> None:
        self._store = store
        self._purchases = store.purchases
        self._calendar = calendar
        self._notify_owners = notify_owners
        self._meter = meter

    async def paid(self, event: Paid) -> Response:
        """Note a payment, and thank for it. What was paid counts, also from somebody who is blocked by now."""
        pack = pack_in(event.payload)
        if pack is None or event.currency != STARS:
            log.error("payment %s is not for a pack of this bot", event.charge_id)
            self._notify_owners("owner-payment-strange", charge=event.charge_id, id=str(event.author.id))
            return DONE
        payment = Payment(
            charge_id=event.charge_id,
            person_id=event.author.id,
            pictures=pack.pictures,
            stars=event.amount,
            at=time.time(),
        )
        notice = _notice("paid", event.language) | {"values": {"count": pack.pictures}}
        notice |= await self._kept_wish(event.author.id)
        if await self._purchases.paid(payment, self._today(), [event.update_id], notice):
            self._meter.books("sold", pack.pictures)
        return STORED

    async def refunded(self, event: Refunded) -> Response:
        """Note a refund that the bot did not make itself, and tell the person and the owners."""
        notice = _notice("refund-noted", event.language)
        found = await self._purchases.refunded(event.charge_id, self._today(), [event.update_id], notice)
        if found is None:
            log.error("payment %s was refunded, but it is not in the books", event.charge_id)
            self._notify_owners("owner-refund-unknown", charge=event.charge_id)
        elif found[1]:
            payment = found[0]
            self._meter.books("refunded", payment.taken or 0)
            values = {"stars": payment.stars, "pictures": payment.taken or 0, "count": payment.left or 0}
            self._notify_owners("owner-refunded", id=str(payment.person_id), **values)
        return STORED

    async def _kept_wish(self, person_id: int) -> Json:
        """Return what a notice says of the wish for which there was no room, if that is the last one of the person."""
        conversation = await self._store.conversations.open(Key(person_id, 0))
        newest = await self._store.conversations.latest(conversation.id)
        if newest is None or newest.state not in (TurnState.FAILING, TurnState.FAILED) or newest.says_nothing:
            return {}
        if not str((newest.error or {}).get("key", "")).startswith("limit-"):
            return {}
        # The buttons below a failure name the first turn of a batch.
        turn, *others = await self._store.conversations.batch_of(newest)
        if await self._store.views.was_repeated(turn):
            return {}
        help_keys = [f"later-{1 + len(others)}"]
        return {"kept": {"turn_id": turn.id, "wish": shorten(turn.wish), "help": help_keys}}

    def _today(self) -> str:
        return self._calendar.day(time.time())


def _notice(key: str, language: str) -> Json:
    return {"key": key, "turn_id": None, "language": language}

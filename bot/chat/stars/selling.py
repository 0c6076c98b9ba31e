"""Commands around buying: ``/buy``, ``/terms``, ``/paysupport``, and for owners ``/refund``.

Imports PTB, ``packs``, ``payments``, ``commands.context``, ``response``, ``keyboards``, ``split``, ``identity``,
``access``, ``metrics``, ``texts`` and ``storage``. Telegram wants a bot that sells to answer ``/terms`` and
``/paysupport`` (core.telegram.org/bots/payments-stars, "Live Checklist").
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from telegram import Bot
from telegram.error import BadRequest

from bot.access.limits import Limits
from bot.chat.commands.context import CommandContext, verb
from bot.chat.identity import BotIdentity
from bot.chat.response import Invoice, Part, Response, Sentence, respond, respond_lines
from bot.chat.send import keyboards
from bot.chat.send.split import shorten
from bot.chat.stars.packs import payload_of
from bot.chat.stars.payments import NotifySoon
from bot.metrics import Meter
from bot.texts import say
from storage.sales.purchases import Payment, Purchases

LONGEST_QUESTION = 1000
QUESTIONS_A_DAY = 5
"""So many questions about payments the owners get of a person in a day, by each process."""

ALREADY = "CHARGE_ALREADY_REFUNDED"
"""core.telegram.org/method/payments.refundStarsCharge, "Possible errors"."""


class SellingCommands:
    """Verbs of buying."""

    def __init__(
        self,
        bot: Bot,
        identity: BotIdentity,
        purchases: Purchases,
        limits: Limits,
        notify_owners: NotifySoon,
        meter: Meter,
    ) -> None:
        self._bot = bot
        self._identity = identity
        self._purchases = purchases
        self._limits = limits
        self._notify_owners = notify_owners
        self._meter = meter
        self._asked_on, self._asked = "", Counter[int]()

    @verb("buy")
    async def buy(self, context: CommandContext) -> Response:
        """Offer the packs, one button each."""
        if not self._limits.packs:
            return respond("button-outdated")
        if not context.private:
            # Credit belongs to a person, so the price list is theirs, too.
            return self._in_private("buy")
        keyboard = keyboards.packs(context.language, [(pack.pictures, pack.stars) for pack in self._limits.packs])
        return Response(parts=(Sentence(key="buy", keyboard=keyboard),))

    @verb("pack")
    async def pack(self, context: CommandContext) -> Response:
        """Send the invoice of a pack that is still sold."""
        pack = next((one for one in self._limits.packs if payload_of(one) == f"pack:{context.value}"), None)
        if pack is None or not context.private:
            return respond("button-outdated")
        language = context.language
        invoice = Invoice(
            title=say(language, "invoice-title", count=pack.pictures),
            description=say(language, "invoice-description", count=pack.pictures),
            payload=payload_of(pack),
            stars=pack.stars,
        )
        return Response(parts=(invoice,))

    @verb("terms")
    async def terms(self, context: CommandContext) -> Response:
        """Say under what terms pictures are sold."""
        return respond("terms")

    @verb("paysupport")
    async def support(self, context: CommandContext) -> Response:
        """Pass a question about a payment on to the owners; without words say how to ask."""
        if not (context.private or context.value):
            # What somebody paid is not for a group to read.
            return self._in_private("paysupport")
        payments = await self._purchases.of(context.author.id)
        if not context.value:
            return respond_lines(say(context.language, "paysupport"), *_listed(context.language, payments))
        if not self._passes_on(context.author.id):
            return respond("paysupport-enough")
        question = shorten(context.value, LONGEST_QUESTION)
        lines = "\n".join(_listed("", payments))
        self._notify_owners(
            "owner-paysupport", name=context.author.name, id=str(context.author.id), question=question, payments=lines
        )
        return respond("paysupport-sent")

    @verb("refund")
    async def refund(self, context: CommandContext) -> Response:
        """Give the Stars of a payment back, once, and take back what is unspent of its pictures.

        Telegram comes first: a process that dies in between asks again, and hears that it was done.
        """
        charge_id = context.value.strip()
        if not charge_id:
            return respond("refund-how")
        payment = await self._purchases.find(charge_id)
        if payment is None:
            return respond("refund-unknown")
        if payment.taken is not None:
            return Response(parts=(_refunded("refund-already", payment),))
        try:
            await self._bot.refund_star_payment(payment.person_id, charge_id)
        except BadRequest as error:
            # PTB changes capitals.
            if ALREADY not in error.message.upper():
                return respond("refund-refused", why=error.message)
        found = await self._purchases.refunded(charge_id, self._limits.calendar.day(time.time()))
        if found is None:
            return respond("refund-unknown")
        if found[1]:
            self._meter.books("refunded", found[0].taken or 0)
        return Response(parts=(_refunded("refunded", found[0]),))

    def _passes_on(self, person_id: int) -> bool:
        """Count a question; return whether it is one of the first few of that person's day."""
        today = self._limits.calendar.day(time.time())
        if today != self._asked_on:
            self._asked_on, self._asked = today, Counter()
        self._asked[person_id] += 1
        return self._asked[person_id] <= QUESTIONS_A_DAY

    def _in_private(self, name: str) -> Response:
        return respond("buy-in-private", name=name, username=self._identity.me.username)


def _refunded(key: str, payment: Payment) -> Part:
    values = {"stars": payment.stars, "id": str(payment.person_id), "spent": payment.spent}
    return Sentence(key=key, values={**values, "pictures": payment.taken or 0})


def _listed(language: str, payments: Sequence[Payment]) -> list[str]:
    """Return a line for each payment, with the charge id by which it can be refunded."""
    return [
        say(
            language,
            "payment-line" if payment.taken is None else "payment-line-refunded",
            day=datetime.fromtimestamp(payment.at, UTC).date().isoformat(),
            pictures=payment.pictures,
            stars=payment.stars,
            charge=payment.charge_id,
        )
        for payment in payments
    ]

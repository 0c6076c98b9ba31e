"""Questions about payments, the owners' answers to them, and refunds.

Imports PTB, ``actions``, ``payments``, ``commands.context``, ``response``, ``delivery``, ``keyboards``, ``message``,
``split``, ``events``, ``identity``, ``access``, ``metrics``, ``texts`` and ``storage``. A question goes to all owners.
Its buttons name the person, so an owner's reply to it finds its way back, and nothing is stored. A refund is asked
about first.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from telegram import Bot
from telegram.error import BadRequest, Forbidden

from bot.access.limits import Limits
from bot.chat.actions import guest_in
from bot.chat.commands.context import CommandContext, verb
from bot.chat.events import Said
from bot.chat.identity import BotIdentity
from bot.chat.response import Response, Sentence, WithoutButtons, respond, respond_lines
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.split import shorten
from bot.chat.stars.payments import NotifySoon
from bot.metrics import Meter
from bot.texts import say
from storage.books.values import Amounts, Scope
from storage.records import Key
from storage.sales.purchases import Payment
from storage.store import Store

log = logging.getLogger(__name__)

LONGEST_QUESTION = 1000
QUESTIONS_A_DAY = 5
"""So many questions about payments the owners get of a person in a day, by each process."""

ALREADY = "CHARGE_ALREADY_REFUNDED"
"""core.telegram.org/method/payments.refundStarsCharge, "Possible errors"."""


class SupportCommands:
    """Verbs about payments that were made."""

    def __init__(
        self,
        bot: Bot,
        identity: BotIdentity,
        store: Store,
        delivery: Delivery,
        limits: Limits,
        notify_owners: NotifySoon,
        meter: Meter,
    ) -> None:
        self._bot = bot
        self._identity = identity
        self._store = store
        # For owners' answers and news of refunds: they go to others than the person who is answered here.
        self._to_others = delivery
        self._limits = limits
        self._notify_owners = notify_owners
        self._meter = meter
        self._asked_on, self._asked = "", Counter[int]()

    @verb("paysupport")
    async def support(self, context: CommandContext) -> Response:
        """Pass a question about a payment on to the owners; without words say how to ask."""
        if not (context.private or context.value):
            # What somebody paid is not for a group to read.
            return respond("buy-in-private", name="paysupport", username=self._identity.me.username)
        author = context.author
        payments = await self._store.purchases.of(author.id)
        if not context.value:
            return respond_lines(say(context.language, "paysupport"), *_listed(context.language, payments))
        if not self._passes_on(author.id):
            return respond("paysupport-enough")
        question = shorten(context.value, LONGEST_QUESTION)
        open_ones = [(one.number, one.stars, _time_of(one)) for one in payments if one.taken is None]
        keyboard = keyboards.for_support("", author.id, context.language, open_ones)
        values = {"name": author.name, "id": str(author.id), "question": question}
        lines = "\n".join(_listed("", payments))
        self._notify_owners("owner-paysupport", keyboard, **values, payments=lines)
        return respond("paysupport-sent")

    @verb("answer")
    async def answer(self, context: CommandContext) -> Response:
        """Say how a question is answered."""
        return respond("answer-how")

    async def answered(self, messages: Sequence[Said]) -> Response | None:
        """Pass an owner's reply to a question on to the person who asked; None for all other messages."""
        first = messages[0]
        asker = next((one.replied.asker for one in messages if one.replied and one.replied.asker), None)
        if asker is None or not first.private or first.author.id not in self._limits.owners:
            return None
        if first.edited:
            return respond("answer-edited")
        person_id, language = asker
        try:
            await self._to_others.say(Recipient(key=Key(person_id, 0), language=language), "answer-of-owner")
            for one in messages:
                await self._bot.copy_message(person_id, first.key.chat_id, one.message_id)
        except (BadRequest, Forbidden) as error:
            return respond("answer-failed", why=error.message)
        return respond("answer-sent")

    @verb("refund", "give-back")
    async def ask(self, context: CommandContext) -> Response:
        """Ask an owner whether a payment shall be given back, and say what that takes back."""
        charge_id = context.value.strip()
        if not charge_id:
            return respond("refund-how")
        payment = await self._payment(context)
        if payment is None:
            return respond("refund-unknown")
        if payment.taken is not None:
            return Response(parts=(await self._said("refund-already", payment),))
        left = (await self._store.books.sums(Scope.PERSON, [payment.person_id])).get(payment.person_id, Amounts())
        values = await self._values(payment) | {"pictures": payment.pictures, "at": _time_of(payment)}
        values["count"] = min(payment.pictures, max(left.credits, 0))
        keyboard = keyboards.to_give_back(context.language, payment.number)
        return Response(parts=(Sentence(key="refund-ask", values=values, keyboard=keyboard),))

    @verb("give-back-not")
    async def leave(self, context: CommandContext) -> Response:
        """Take the question whether to give a payment back away."""
        gone = (WithoutButtons(message_id=context.message_id),) if context.message_id else ()
        return Response(parts=(*gone, Sentence(key="refund-not")))

    @verb("give-back-surely")
    async def refund(self, context: CommandContext) -> Response:
        """Give the Stars of a payment back, once, and take back what is unspent of its pictures.

        Telegram comes first: a process that dies in between does it again, and hears that it was done.
        """
        payment = await self._payment(context)
        if payment is None:
            return respond("refund-unknown")
        gone = (WithoutButtons(message_id=context.message_id),) if context.message_id else ()
        if payment.taken is not None:
            return Response(parts=(*gone, await self._said("refund-already", payment)))
        try:
            await self._bot.refund_star_payment(payment.person_id, payment.charge_id)
        except BadRequest as error:
            # PTB changes capitals.
            if ALREADY not in error.message.upper():
                return respond("refund-refused", why=error.message)
        found = await self._store.purchases.refunded(payment.charge_id, self._limits.calendar.day(time.time()))
        if found is None:
            return respond("refund-unknown")
        if found[1]:
            self._meter.books("refunded", found[0].taken or 0)
            await self._tell(found[0])
        return Response(parts=(*gone, await self._said("refunded", found[0])))

    async def _payment(self, context: CommandContext) -> Payment | None:
        """Return the payment that a command or a button names."""
        if context.message_id is None:
            return await self._store.purchases.find(context.value.strip())
        number = guest_in(context.value).guest_id
        return await self._store.purchases.numbered(number) if number else None

    async def _tell(self, payment: Payment) -> None:
        """Tell a person of the refund, if Telegram lets the bot write to them."""
        home = Key(payment.person_id, 0)
        language = str((await self._store.conversations.settings(home)).get("language", ""))
        values = {"stars": payment.stars, "pictures": payment.taken or 0, "count": payment.left or 0}
        try:
            await self._to_others.say(Recipient(key=home, language=language), "refund-noted", None, **values)
        except (BadRequest, Forbidden) as error:
            log.info("person %s cannot be told of a refund: %s", payment.person_id, error.message)

    async def _said(self, key: str, payment: Payment) -> Sentence:
        values = await self._values(payment) | {"pictures": payment.taken or 0}
        left = payment.left
        if left is None:
            sums = await self._store.books.sums(Scope.PERSON, [payment.person_id])
            left = sums.get(payment.person_id, Amounts()).credits
        return Sentence(key=key, values={**values, "count": left})

    async def _values(self, payment: Payment) -> dict[str, str | int]:
        name = await self._store.people.name(payment.person_id)
        return {"stars": payment.stars, "id": str(payment.person_id), "name": name or str(payment.person_id)}

    def _passes_on(self, person_id: int) -> bool:
        """Count a question; return whether it is one of the first few of that person's day."""
        today = self._limits.calendar.day(time.time())
        if today != self._asked_on:
            self._asked_on, self._asked = today, Counter()
        self._asked[person_id] += 1
        return self._asked[person_id] <= QUESTIONS_A_DAY


def _time_of(payment: Payment) -> str:
    return datetime.fromtimestamp(payment.at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _listed(language: str, payments: Sequence[Payment]) -> list[str]:
    """Return a line for each payment, with the charge id by which it can be refunded."""
    return [
        say(
            language,
            "payment-line" if payment.taken is None else "payment-line-refunded",
            day=_time_of(payment),
            pictures=payment.pictures,
            stars=payment.stars,
            charge=payment.charge_id,
        )
        for payment in payments
    ]

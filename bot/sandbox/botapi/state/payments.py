"""Telegram Stars in the emulated Telegram: what people own, invoices, checkouts that wait for the bot, and payments.

Imports ``keep`` and ``state.records``. Facts: core.telegram.org/bots/payments-stars. A bot has ten seconds for its
answer to a pre-checkout query (Bot API, answerPreCheckoutQuery); after that the payment is cancelled.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Any

from bot.sandbox.botapi.state.keep import Keep
from bot.sandbox.botapi.state.records import Json

STARS = "XTR"
FIRST_STARS = 1000
"""How many Stars each person has at first."""

CHECKOUT_S = 10.0


class Payments:
    """Stars, invoices and payments. Everything but the checkouts survives a restart."""

    def __init__(self, keep: Keep) -> None:
        self._keep = keep
        self._stars: dict[str, int] = dict(keep.load("stars"))
        self.invoices: dict[str, Json] = dict(keep.load("invoice"))
        """What is sold by an invoice, by ``chat/message``: the price, and the payload, which no client shows."""
        self.made: dict[str, Json] = dict(keep.load("payment"))
        """Payments by their charge id."""
        self.waiting: dict[str, asyncio.Future[str]] = {}
        """Checkouts that wait for the bot, by the id of the query. The result is a refusal, or "" for yes."""

    def stars_of(self, person_id: int) -> int:
        """Return how many Stars a person has."""
        return self._stars.get(str(person_id), FIRST_STARS)

    def move(self, person_id: int, stars: int) -> None:
        """Give Stars to a person, or take them."""
        self._put_stars(person_id, self.stars_of(person_id) + stars)

    def offer(self, chat_id: int, message_id: int, sold: Json) -> None:
        """Keep what an invoice sells."""
        self.invoices[f"{chat_id}/{message_id}"] = sold
        self._keep.put("invoice", f"{chat_id}/{message_id}", sold)

    def receive(self, chat_id: int, message_id: int, receipt_id: int) -> None:
        """Note which message is the receipt of an invoice."""
        # The server tells clients, not bots (core.telegram.org/constructor/messageMediaInvoice, receipt_msg_id).
        self.offer(chat_id, message_id, self.invoices[f"{chat_id}/{message_id}"] | {"receipt": receipt_id})

    def receipts(self, chat_id: int) -> dict[str, int]:
        """Return the receipts of a chat's paid invoices, by the message of the invoice."""
        found = ((name.partition("/"), sold.get("receipt")) for name, sold in self.invoices.items())
        return {message: receipt for (chat, _, message), receipt in found if receipt and chat == str(chat_id)}

    async def ask(self, query_id: str) -> str:
        """Wait for the bot's answer to a pre-checkout query: a refusal, or "" for yes. Raises TimeoutError."""
        answer: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.waiting[query_id] = answer
        try:
            return await asyncio.wait_for(answer, CHECKOUT_S)
        finally:
            del self.waiting[query_id]

    def pay(self, person_id: int, chat_id: int, sold: Json) -> Json:
        """Take the Stars of a person for an invoice; return the Bot API ``SuccessfulPayment``."""
        self.move(person_id, -sold["total_amount"])
        charge_id = f"stx{secrets.token_urlsafe(48)}"
        paid = {
            "currency": STARS,
            "total_amount": sold["total_amount"],
            "invoice_payload": sold["payload"],
            "telegram_payment_charge_id": charge_id,
            "provider_payment_charge_id": str(secrets.randbelow(10**16)),
        }
        self._put(charge_id, {"person_id": person_id, "chat_id": chat_id, "refunded": False, "paid": paid})
        return paid

    def refund(self, charge_id: str) -> Json:
        """Give the Stars of a payment back; return the Bot API ``RefundedPayment``."""
        payment = self.made[charge_id]
        self.move(payment["person_id"], payment["paid"]["total_amount"])
        self._put(charge_id, payment | {"refunded": True})
        names = ("currency", "total_amount", "invoice_payload", "telegram_payment_charge_id")
        return {name: payment["paid"][name] for name in names}

    def _put(self, charge_id: str, payment: Json) -> None:
        self.made[charge_id] = payment
        self._keep.put("payment", charge_id, payment)

    def _put_stars(self, person_id: int, stars: int) -> None:
        self._stars[str(person_id)] = stars
        self._keep.put("stars", person_id, stars)


def new_query_id() -> str:
    """Return the id of a new pre-checkout query."""
    return str(secrets.randbelow(9 * 10**17) + 10**17)


def is_stars(price: Any) -> bool:
    """Return whether a price can be paid in Stars: a whole number above zero."""
    return isinstance(price, int) and price > 0

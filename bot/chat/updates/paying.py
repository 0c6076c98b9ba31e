"""Updates about payments: the question before one, and the news of one.

Imports PTB, ``events``, ``raw`` and ``records``.
"""

from __future__ import annotations

from typing import Any

from telegram import Message

from bot.chat.events import Paid, Refunded
from bot.chat.updates.raw import first
from storage.records import Json


def is_checkout(update: Json) -> bool:
    """Return whether a raw update asks whether a payment may be made. Nothing else is answered as soon as that."""
    return "pre_checkout_query" in update


def is_payment(update: Json) -> bool:
    """Return whether a raw update says that a payment was made or refunded."""
    return bool({"successful_payment", "refunded_payment"} & {*(first(update, "message") or {})})


def payment_of(message: Message, base: dict[str, Any]) -> Paid | Refunded | None:
    """Return the news of a payment; None for other messages. ``base``: the fields of any event."""
    paid, refunded = message.successful_payment, message.refunded_payment
    if refunded is not None:
        return Refunded(**base, charge_id=refunded.telegram_payment_charge_id)
    if paid is None:
        return None
    return Paid(
        **base,
        charge_id=paid.telegram_payment_charge_id,
        amount=paid.total_amount,
        currency=paid.currency,
        payload=paid.invoice_payload,
    )

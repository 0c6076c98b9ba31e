"""A bot that sells pictures for Stars, and people who pay. Imports ``talking``, ``people`` and ``lending``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from tests.support.messages import Json, Message
from tests.support.people import Chat
from tests.support.talking import Talk

PACKS = "2:10, 20:90"


async def invoiced(chat: Chat, pack: str) -> Message:
    """Ask for a pack by a part of its button; return the invoice."""
    await chat.say("/buy")
    await chat.press(await chat.answer(), pack)
    invoice = await chat.answer()
    assert "invoice" in invoice.body
    return invoice


async def pay(talk: Talk, chat: Chat, invoice: Message, **more: Any) -> Json:
    """Press Pay; return the payment. Raises ``Refused`` with the sentence that the person sees."""
    body = {"as": chat.person_id, "chat_id": chat.id, "message_id": invoice.id, **more}
    return dict((await talk.telegram.post("pay", body))["message"])


async def bought(talk: Talk, chat: Chat, pack: str = "2 pictures") -> str:
    """Buy a pack; return the charge id of the payment, after the bot has thanked."""
    payment = await pay(talk, chat, await invoiced(chat, pack))
    assert "Thank you!" in (await chat.answer()).words
    return charge_of(payment)


async def given_back(owner: Chat, charge_id: str) -> str:
    """Give a payment back, as an owner; return what the bot said when it was done."""
    await owner.say(f"/refund {charge_id}")
    await owner.press(await owner.answer(), "Give back")
    return (await owner.answer()).words


def charge_of(payment: Json) -> str:
    """Return the charge id of a payment."""
    return str(payment["successful_payment"]["telegram_payment_charge_id"])


async def stars_of(talk: Talk, person_id: int) -> int:
    """Return how many Stars a person has."""
    return int((await talk.telegram.state(person_id))["stars"])


async def faults(talk: Talk) -> Collection[str]:
    """Return what does not agree in the books."""
    return [finding.text async for finding in talk.store.audit.books()]

"""Paying in the person API: with Telegram Stars, by the button below an invoice.

Imports ``post``, ``errors``, ``methods.payments``, ``acts``, ``orders`` and ``state``. Raises PersonError with a
sentence for the person.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from bot.sandbox.botapi.chats.post import service
from bot.sandbox.botapi.errors import PersonError
from bot.sandbox.botapi.methods.payments import give_back
from bot.sandbox.botapi.person.acts import chat_of
from bot.sandbox.botapi.person.orders import Order
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.payments import STARS, new_query_id
from bot.sandbox.botapi.state.records import Json

CHECKOUT_LIFE_S = 150
"""How long the update waits for the bot (telegram-bot-api Client.cpp, add_new_pre_checkout_query)."""


class PayOrder(Order):
    """A press of Pay. ``as_if``: what a changed client could say instead of the invoice's price and payload."""

    chat_id: int
    message_id: int
    as_if: Json | None = None


class ChargeOrder(BaseModel):
    """A refund that did not come from the bot, as Telegram's support makes one."""

    model_config = ConfigDict(extra="forbid")
    charge_id: str


async def pay(backend: Backend, order: PayOrder) -> Json:
    """Pay an invoice, if the bot agrees in time."""
    chat, person = chat_of(backend, order.person_id, order.chat_id), backend.world.person(order.person_id)
    sold = backend.payments.invoices.get(f"{chat.id}/{order.message_id}")
    if sold is None:
        raise PersonError("There is no invoice.")
    sold = sold | (order.as_if or {})
    if (stars := backend.payments.stars_of(person.id)) < sold["total_amount"]:
        raise PersonError(f"You have {stars} Stars, and this costs {sold['total_amount']}.")
    query = {
        "id": new_query_id(),
        "from": person.as_user(),
        "currency": STARS,
        "total_amount": sold["total_amount"],
        "invoice_payload": sold["payload"],
    }
    if backend.updates.add("pre_checkout_query", query, lane=f"user:{person.id}", life_s=CHECKOUT_LIFE_S) is None:
        raise PersonError("This bot sells nothing.")
    backend.keep.commit()
    try:
        refusal = await backend.payments.ask(query["id"])
    except TimeoutError:
        raise PersonError("The bot did not answer in time. Nothing was paid.") from None
    if refusal:
        raise PersonError(refusal)
    paid = backend.payments.pay(person.id, chat.id, sold)
    message = service(backend, chat, person.id, {"successful_payment": paid})
    backend.payments.receive(chat.id, order.message_id, message.message_id)
    backend.events.tell("state", reload=True)
    return {"message": backend.world.view(message), "stars": backend.payments.stars_of(person.id)}


async def refund(backend: Backend, order: ChargeOrder) -> Json:
    """Refund a payment without the bot."""
    if order.charge_id not in backend.payments.made or backend.payments.made[order.charge_id]["refunded"]:
        raise PersonError("There is no such payment, or it was refunded.")
    give_back(backend, order.charge_id)
    return {}

"""Methods about payments in Telegram Stars: invoices, answers to pre-checkout queries, and refunds.

Imports ``post``, ``rights``, ``errors``, ``parameters``, ``sending``, ``registry``, ``shapes`` and ``state``. Other
currencies need a payment provider and are refused.
"""

from __future__ import annotations

from typing import Annotated, Any

from bot.sandbox.botapi.chats.post import service
from bot.sandbox.botapi.chats.rights import check_keyboard, find_place
from bot.sandbox.botapi.errors import QUERY_TOO_OLD, bad
from bot.sandbox.botapi.methods.parameters import Reply, Target
from bot.sandbox.botapi.methods.sending import appear
from bot.sandbox.botapi.registry import Call, method
from bot.sandbox.botapi.shapes import FromJson, InlineKeyboardMarkup, LabeledPrice, Shape
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.payments import STARS, is_stars
from bot.sandbox.botapi.state.records import Json

MOST_LETTERS = {"title": 32, "description": 255}
MOST_PAYLOAD_BYTES = 128
"""Bot API, sendInvoice."""


class SendInvoice(Target):
    title: str
    description: str
    payload: str
    currency: str
    prices: Annotated[list[LabeledPrice], FromJson]
    provider_token: str | None = None
    max_tip_amount: int | None = None
    suggested_tip_amounts: Annotated[list[int], FromJson] | None = None
    start_parameter: str | None = None
    provider_data: str | None = None
    photo_url: str | None = None
    photo_size: int | None = None
    photo_width: int | None = None
    photo_height: int | None = None
    need_name: bool | None = None
    need_phone_number: bool | None = None
    need_email: bool | None = None
    need_shipping_address: bool | None = None
    send_phone_number_to_provider: bool | None = None
    send_email_to_provider: bool | None = None
    is_flexible: bool | None = None
    allow_paid_broadcast: bool | None = None
    message_effect_id: str | None = None
    suggested_post_parameters: Annotated[dict[str, Any], FromJson] | None = None
    reply_parameters: Reply | None = None
    reply_markup: Annotated[InlineKeyboardMarkup, FromJson] | None = None


class AnswerPreCheckoutQuery(Shape):
    pre_checkout_query_id: str
    ok: bool
    error_message: str | None = None


class RefundStarPayment(Shape):
    user_id: int
    telegram_payment_charge_id: str


@method
async def send_invoice(call: Call, p: SendInvoice) -> Json:
    backend = call.backend
    for name, most in MOST_LETTERS.items():
        if not 1 <= len(getattr(p, name)) <= most:
            raise bad(f"INVOICE_{name.upper()}_INVALID")
    if not 1 <= len(p.payload.encode()) <= MOST_PAYLOAD_BYTES:
        # core.telegram.org/method/messages.sendMedia, "Possible errors", as the next two.
        raise bad("INVOICE_PAYLOAD_INVALID")
    if p.currency != STARS or p.provider_token:
        raise bad("PAYMENT_PROVIDER_INVALID")
    if len(p.prices) != 1 or not is_stars(p.prices[0].amount):
        raise bad("STARS_INVOICE_INVALID")
    place = find_place(backend, p.chat_id, p.message_thread_id, p.reply_parameters, "text messages")
    stars = p.prices[0].amount
    shown = {
        "title": p.title,
        "description": p.description,
        "start_parameter": p.start_parameter or "",
        "currency": STARS,
        "total_amount": stars,
    }
    message = appear(call, place, {"invoice": shown}, check_keyboard(p.reply_markup))
    backend.payments.offer(place.chat.id, message.message_id, {"payload": p.payload, "total_amount": stars})
    return backend.world.view(message)


@method
async def answer_pre_checkout_query(call: Call, p: AnswerPreCheckoutQuery) -> bool:
    """Let a payment happen, or say why not; within ten seconds."""
    if not p.ok and not p.error_message:
        raise bad('parameter "error_message" is required')
    answer = call.backend.payments.waiting.get(p.pre_checkout_query_id)
    if answer is None or answer.done():
        raise bad(QUERY_TOO_OLD)
    answer.set_result("" if p.ok else str(p.error_message))
    return True


@method
async def refund_star_payment(call: Call, p: RefundStarPayment) -> bool:
    """Give the Stars of a payment back to the person who paid."""
    payment = call.backend.payments.made.get(p.telegram_payment_charge_id)
    # core.telegram.org/method/payments.refundStarsCharge, "Possible errors".
    if p.user_id not in call.backend.world.people:
        raise bad("USER_ID_INVALID")
    if payment is None or payment["person_id"] != p.user_id:
        raise bad("CHARGE_ID_INVALID")
    if payment["refunded"]:
        raise bad("CHARGE_ALREADY_REFUNDED")
    give_back(call.backend, p.telegram_payment_charge_id)
    return True


def give_back(backend: Backend, charge_id: str) -> None:
    """Refund a payment, and say so in the private chat of its person.

    That message is the bot's, and the bot gets it as an update all the same (telegram-bot-api Client.cpp,
    need_skip_update_message).
    """
    chat = backend.world.chats[backend.payments.made[charge_id]["person_id"]]
    service(backend, chat, backend.config.bot_id, {"refunded_payment": backend.payments.refund(charge_id)})

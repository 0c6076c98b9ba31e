"""Payments in Telegram Stars, as the emulated Bot API makes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.sandbox.botapi.state import payments
from tests.support.messages import Json
from tests.support.people import ANN, BORIS, Refused, Telegram, running_sandbox

INVOICE = {"title": "Tea", "description": "A cup", "payload": "tea", "currency": "XTR"}
PRICE = [{"label": "Tea", "amount": 7}]


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with running_sandbox(direct=True) as telegram:
        await telegram.ann.say("/start")
        yield telegram


async def offered(telegram: Telegram, **more: Any) -> Json:
    return await telegram.api("sendInvoice", **{"chat_id": ANN, **INVOICE, "prices": PRICE, **more})


def paying(telegram: Telegram, message_id: int) -> asyncio.Task[Json]:
    body = {"as": ANN, "chat_id": ANN, "message_id": message_id}
    return asyncio.create_task(telegram.post("pay", body))


async def asked(telegram: Telegram) -> Json:
    """Wait until the bot is asked whether a payment may be made."""
    while True:
        for update in (await telegram.api("getUpdates", timeout=1))["result"]:
            if "pre_checkout_query" in update:
                return dict(update["pre_checkout_query"])


async def answered(telegram: Telegram, query: Json, **how: Any) -> Json:
    return await telegram.api("answerPreCheckoutQuery", pre_checkout_query_id=query["id"], **how)


async def test_a_payment_goes_through_and_can_be_refunded_once(telegram: Telegram) -> None:
    message = (await offered(telegram))["result"]
    assert message["invoice"] == {
        "title": "Tea", "description": "A cup", "start_parameter": "", "currency": "XTR", "total_amount": 7,
    }  # fmt: skip
    payment = paying(telegram, message["message_id"])
    query = await asked(telegram)
    assert (query["from"]["id"], query["total_amount"], query["invoice_payload"]) == (ANN, 7, "tea")
    assert (await answered(telegram, query, ok=True))["ok"]
    paid = (await payment)["message"]["successful_payment"]
    assert (await telegram.state(ANN))["stars"] == payments.FIRST_STARS - 7
    refund = {"user_id": ANN, "telegram_payment_charge_id": paid["telegram_payment_charge_id"]}
    assert (await telegram.api("refundStarPayment", **refund | {"user_id": BORIS}))["error_code"] == 400
    assert (await telegram.api("refundStarPayment", **refund))["ok"]
    assert (await telegram.state(ANN))["stars"] == payments.FIRST_STARS
    again = await telegram.api("refundStarPayment", **refund)
    assert again["description"] == "Bad Request: CHARGE_ALREADY_REFUNDED"
    kinds = [
        kind
        for update in await telegram.queue()
        for kind in ("successful_payment", "refunded_payment")
        if kind in update.get("message", {})
    ]
    assert kinds == ["successful_payment", "refunded_payment"]


async def test_the_bot_may_say_no_and_must_say_why(telegram: Telegram) -> None:
    message = (await offered(telegram))["result"]
    payment = paying(telegram, message["message_id"])
    query = await asked(telegram)
    assert "error_message" in (await answered(telegram, query, ok=False))["description"]
    assert (await answered(telegram, query, ok=False, error_message="Sold out."))["ok"]
    with pytest.raises(Refused, match="Sold out"):
        await payment
    assert (await answered(telegram, query, ok=True))["description"].startswith("Bad Request: query is too old")


async def test_without_an_answer_in_time_nothing_is_paid(telegram: Telegram, monkeypatch: pytest.MonkeyPatch) -> None:
    assert payments.CHECKOUT_S == 10
    monkeypatch.setattr(payments, "CHECKOUT_S", 0.2)
    message = (await offered(telegram))["result"]
    payment = paying(telegram, message["message_id"])
    query = await asked(telegram)
    with pytest.raises(Refused, match="did not answer in time"):
        await payment
    assert not (await answered(telegram, query, ok=True))["ok"]
    assert (await telegram.state(ANN))["stars"] == payments.FIRST_STARS


@pytest.mark.parametrize(
    "wrong",
    [
        {"currency": "EUR"},
        {"provider_token": "shop"},
        {"prices": PRICE * 2},
        {"prices": [{"label": "Tea", "amount": 0}]},
        {"payload": "x" * 129},
        {"title": ""},
        {"description": "x" * 256},
    ],
)
async def test_what_is_no_invoice_in_stars_is_refused(telegram: Telegram, wrong: Json) -> None:
    assert (await offered(telegram, **wrong))["error_code"] == 400


async def test_who_has_too_few_stars_cannot_pay(telegram: Telegram) -> None:
    message = (await offered(telegram, prices=[{"label": "Gold", "amount": 5000}]))["result"]
    with pytest.raises(Refused, match="You have 1000 Stars, and this costs 5000"):
        await paying(telegram, message["message_id"])

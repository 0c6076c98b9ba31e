"""Owners give payments back, once each; refunds from outside count as well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.books.values import Amounts, Scope
from tests.dialogues.limits.test_limits import noon
from tests.support.buying import PACKS, bought, faults, stars_of
from tests.support.people import ANN, BORIS
from tests.support.talking import Talk, talking


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    settings = {"limit_person": "0/day", "stars_packs": PACKS, "owner_ids": {BORIS}, "limit_timezone": noon()}
    async with talking(tmp_path, **settings) as talk:
        await talk.telegram.boris.say("/start")
        await talk.telegram.boris.answer()
        yield talk
        assert await faults(talk) == []


async def credit(talk: Talk) -> Amounts:
    return (await talk.store.books.sums(Scope.PERSON, [ANN])).get(ANN, Amounts())


async def test_an_owner_gives_a_payment_back_once_and_hears_what_was_spent(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    await boris.say(f"/refund {charge}")
    said = (await boris.answer()).words
    assert said == f"⭐ 10 are given back to {ANN}. Taken back: 1 🖼; spent before: 1."
    assert await stars_of(talk, ANN) == 1000
    assert (await credit(talk)).credits == 0
    await boris.say(f"/refund {charge}")
    again = (await boris.answer()).words
    assert again == f"⭐ 10 were given back to {ANN} before. Taken back then: 1 🖼; spent before that: 1."
    assert len(await talk.telegram.calls("refundStarPayment")) == 1
    assert await stars_of(talk, ANN) == 1000
    # Telegram shows the refund. The bot is told of it, too, and says nothing.
    assert "refunded_payment" in (await ann.answer()).body
    await ann.silence()
    await ann.say("a gull")
    assert "used up" in (await ann.answer()).words


async def test_a_refund_takes_only_what_is_left(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    await bought(talk, ann, "20 pictures")
    for wish in ("a boat", "a gull", "a whale"):
        await ann.say(wish)
        await ann.answer()
    await boris.say(f"/refund {charge}")
    assert "Taken back: 2 🖼; spent before: 0." in (await boris.answer()).words
    assert (await credit(talk)).credits == 17


@pytest.mark.parametrize("drawn", [False, True], ids=["cancelled", "painted"])
async def test_what_is_refunded_while_a_picture_is_made_does_not_come_back_with_a_cancel(
    talk: Talk, drawn: bool
) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    gate = talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await boris.say(f"/refund {charge}")
    assert "Taken back: 1 🖼; spent before: 1." in (await boris.answer()).words
    assert "refunded_payment" in (await ann.answer()).body
    if not drawn:
        await ann.say("/cancel")
        await ann.answer()
    gate.set()
    if drawn:
        assert (await ann.answer()).has_picture
    found = await credit(talk)
    assert (found.credits, found.paid_pictures, found.stars) == (0, int(drawn), 0)


async def test_a_refund_that_telegram_did_is_noted_though_its_answer_was_lost(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    await talk.telegram.fault("refundStarPayment", drop="after")
    await boris.say(f"/refund {charge}")
    said = [(await boris.answer()).words]
    assert any("given back" in words for words in said)
    assert (await credit(talk)).credits == 0
    assert (await credit(talk)).stars == 0


async def test_what_telegram_refuses_changes_nothing(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    await talk.telegram.fault("refundStarPayment", status=400, description="Bad Request: BALANCE_TOO_LOW")
    await boris.say(f"/refund {charge}")
    assert "BALANCE_TOO_LOW" in (await boris.answer()).words.upper()
    assert (await credit(talk)).credits == 2
    for wrong, said in (("", "Write the number"), (" stx-nobody", "There is no such payment.")):
        await boris.say(f"/refund{wrong}")
        assert said in (await boris.answer()).words


async def test_only_owners_refund(talk: Talk) -> None:
    ann = talk.telegram.ann
    charge = await bought(talk, ann)
    await ann.say(f"/refund {charge}")
    assert "I don’t know /refund" in (await ann.answer()).words
    assert (await credit(talk)).credits == 2


async def test_of_a_refund_of_an_unknown_payment_the_owners_hear(talk: Talk) -> None:
    """Its news may come before that of the payment, whose pictures somebody has to take back then."""
    refund = {"currency": "XTR", "total_amount": 10, "invoice_payload": "pack:2:10"}
    refund["telegram_payment_charge_id"] = "stx-early"
    chat, bot = {"id": ANN, "type": "private", "first_name": "Ann"}, (await talk.telegram.state())["bot"]
    message = {"message_id": 9998, "date": 1, "chat": chat, "from": bot, "refunded_payment": refund}
    await talk.telegram.update({"message": message})
    assert "/refund stx-early takes them back" in (await talk.telegram.boris.answer()).words


@pytest.mark.parametrize("data", ["refund:{}", "paysupport:{}", "limit:5/day", "terms", "export"])
async def test_a_changed_client_reaches_no_command_by_a_button(talk: Talk, data: str) -> None:
    """Bot API, CallbackQuery: "the message originated the query can contain no callback buttons with this data"."""
    ann = talk.telegram.ann
    charge = await bought(talk, ann)
    for wish in ("a boat", "a gull"):
        await ann.say(wish)
        painted = await ann.answer()
    await ann.press_data(painted, data.format(charge))
    assert (await ann.answer()).words == "That button belongs to something that I no longer have."
    assert await stars_of(talk, ANN) == 990
    assert not await talk.telegram.calls("refundStarPayment")


async def test_a_refund_from_outside_counts_once_and_is_told(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    await talk.telegram.post("refund", {"charge_id": charge})
    assert "refunded_payment" in (await ann.answer()).body
    assert (await ann.answer()).words == (
        "⭐ 10 were given back to you. I took back what was left of that payment: 2 🖼."
    )
    assert (await boris.answer()).words == (
        f"⭐ 10 were given back to {ANN} without me. Taken back: 2 🖼; spent before: 0."
    )
    body = {"refunded_payment": {"currency": "XTR", "total_amount": 10, "invoice_payload": "pack:2:10"}}
    body["refunded_payment"]["telegram_payment_charge_id"] = charge
    bot = (await talk.telegram.state())["bot"]
    message = {"message_id": 9999, "date": 1, "chat": {"id": ANN, "type": "private", "first_name": "Ann"}, "from": bot}
    await talk.telegram.update({"message": message | body})
    await ann.silence()
    await boris.say(f"/refund {charge}")
    assert "were given back to" in (await boris.answer()).words
    found = await credit(talk)
    assert (found.credits, found.stars) == (0, 0)

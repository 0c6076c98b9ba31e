"""Owners give payments back, once each; refunds from outside count as well."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.books.values import Amounts, Scope
from tests.dialogues.limits.test_limits import noon
from tests.support.buying import PACKS, bought, faults, given_back, stars_of
from tests.support.painter import plain
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
    question = await boris.answer()
    assert question.words.startswith(f"Shall I give ⭐ 10 back to Ann ({ANN})? That was for 2 🖼 on ")
    assert question.words.endswith("Of the pictures that are left I take 1 🖼 back.")
    await boris.press(question, "Leave it")
    assert (await boris.answer()).words == "Nothing was given back."
    assert await stars_of(talk, ANN) == 990
    said = await given_back(boris, charge)
    assert said == f"⭐ 10 are given back to Ann ({ANN}). Taken back: 1 🖼; of all that they bought, still left: 0 🖼."
    assert await stars_of(talk, ANN) == 1000
    assert (await credit(talk)).credits == 0
    await boris.say(f"/refund {charge}")
    again = (await boris.answer()).words
    assert again.startswith(f"⭐ 10 were given back to Ann ({ANN}) before. Taken back then: 1 🖼")
    assert len(await talk.telegram.calls("refundStarPayment")) == 1
    assert await stars_of(talk, ANN) == 1000
    # Telegram shows the refund and tells the bot of it, too, which says it once.
    service, told = await ann.answers(2)
    assert "refunded_payment" in service.body
    assert told.words == "⭐ 10 were given back to you. I took back 1 🖼 of what you bought; still left: 0 🖼."
    await ann.silence()
    await ann.say("a gull")
    assert "There are no free pictures here" in (await ann.answer()).words


async def test_a_refund_takes_only_what_is_left(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    await bought(talk, ann, "20 pictures")
    for wish in ("a boat", "a gull", "a whale"):
        await ann.say(wish)
        await ann.answer()
    assert "Taken back: 2 🖼; of all that they bought, still left: 17 🖼." in await given_back(boris, charge)
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
    assert "Taken back: 1 🖼; of all that they bought, still left: 0 🖼." in await given_back(boris, charge)
    assert "refunded_payment" in (await ann.answers(2))[0].body
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
    assert "given back" in await given_back(boris, charge)
    assert (await credit(talk)).credits == 0
    assert (await credit(talk)).stars == 0


async def test_what_telegram_refuses_changes_nothing(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    charge = await bought(talk, ann)
    await talk.telegram.fault("refundStarPayment", status=400, description="Bad Request: BALANCE_TOO_LOW")
    assert "BALANCE_TOO_LOW" in (await given_back(boris, charge)).upper()
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
        "⭐ 10 were given back to you. I took back 2 🖼 of what you bought; still left: 0 🖼."
    )
    assert (await boris.answer()).words == (
        f"⭐ 10 were given back to {ANN} without me. Taken back: 2 🖼; of all that they bought, still left: 0 🖼."
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


async def test_an_owners_reply_to_a_question_goes_to_the_person_and_is_no_wish(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await bought(talk, ann)
    await ann.say("/paysupport I paid twice")
    await ann.answer()
    question = await boris.answer()
    answer, give_back = question.buttons
    assert (answer, give_back[:18]) == ("Answer", "Give back ⭐ 10, 20")
    await boris.press(question, "Answer")
    assert (await boris.answer()).words == "Reply to my message with the question, and I pass your reply on."
    reply = await boris.say("Sorry Ann, here is the answer", reply_to=question)
    intro, answer = await ann.answers(2)
    assert intro.words == "My owner answers your question about a payment:"
    assert answer.words == "Sorry Ann, here is the answer"
    assert (await boris.answer()).words == "I passed that on."
    await boris.edit(reply, "Sorry Ann, here is the other answer")
    assert (await boris.answer()).words.startswith("I passed on what you wrote first")
    await boris.photo(plain(7), "see the receipt", reply_to=question)
    assert (await ann.answers(2))[1].has_picture
    await boris.answer()
    assert not talk.painter.calls


async def test_the_button_under_a_question_gives_the_payment_back_after_one_more(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await bought(talk, ann)
    await ann.say("/paysupport I paid by mistake")
    await ann.answer()
    await boris.press(await boris.answer(), "Give back")
    question = await boris.answer()
    assert (
        question.words.startswith(f"Shall I give ⭐ 10 back to Ann ({ANN})?")
        or f"back to {ANN} ({ANN})?" in question.words
    )
    assert await stars_of(talk, ANN) == 990
    await boris.press(question, "Give back")
    assert "are given back to" in (await boris.answer()).words
    assert not (await boris.reload(question)).buttons
    assert await stars_of(talk, ANN) == 1000


async def test_a_changed_client_gives_nothing_back(talk: Talk) -> None:
    ann = talk.telegram.ann
    await bought(talk, ann)
    await ann.say("a boat")
    painted = await ann.answer()
    for data in ("give-back:1", "give-back-surely:1", "answer:1001/en"):
        await ann.press_data(painted, data)
    await ann.silence()
    assert await stars_of(talk, ANN) == 990

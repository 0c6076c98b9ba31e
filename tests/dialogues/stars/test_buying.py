"""People buy pictures with Stars, and use them when their free ones are used up."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.settings.limits import read_packs
from storage.books.values import Amounts, Scope
from tests.dialogues.limits.test_limits import noon
from tests.support.buying import PACKS, bought, charge_of, faults, invoiced, pay, stars_of
from tests.support.people import ANN, BORIS, CHEN, Refused
from tests.support.talking import Talk, in_one, talking

BOT = "@pentimento_bot"


def selling(tmp_path: Path, **settings: Any) -> Any:
    values = {"limit_person": "1/day", "stars_packs": PACKS, **settings}
    return talking(tmp_path, limit_timezone=noon(), **values)


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with selling(tmp_path) as talk:
        yield talk
        assert await faults(talk) == []


async def called(talk: Talk) -> None:
    """Wait until the provider was called."""

    async def look() -> bool | None:
        return True if talk.painter.calls else None

    await talk.telegram.wait_for(look, 20, "the provider was not called")


async def credit(talk: Talk, person_id: int = ANN) -> Amounts:
    return (await talk.store.books.sums(Scope.PERSON, [person_id])).get(person_id, Amounts())


async def test_who_has_used_up_the_free_ones_buys_and_goes_on(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("now red")
    over = await ann.answer()
    assert [*over.buttons] == ["Try again", "⭐ Buy pictures"]
    await ann.press(over, "Buy pictures")
    offer = await ann.answer()
    assert [*offer.buttons] == ["2 pictures for ⭐ 10", "20 pictures for ⭐ 90"]
    await ann.press(offer, "2 pictures")
    invoice = await ann.answer()
    assert invoice.body["invoice"] == {
        "title": "2 pictures",
        "description": "2 pictures that I make for you when your free ones are used up. They never expire.",
        "start_parameter": "buy",
        "currency": "XTR",
        "total_amount": 10,
    }
    await pay(talk, ann, invoice)
    assert (await ann.answer()).words.startswith(
        "Thank you! 2 more pictures are yours. /usage shows how many you have."
    )
    assert await stars_of(talk, ANN) == 990
    await ann.press(over, "Try again")
    picture = await ann.answer()
    assert picture.has_picture
    assert "Paid with your pictures; one is left." in picture.words
    await ann.say("/usage")
    assert "Left of what you bought: one picture" in (await ann.answer()).words
    await ann.say("and now green")
    assert "Paid with your pictures; that was the last one." in (await ann.answer()).words
    await ann.say("and now blue")
    assert "used up" in (await ann.answer()).words
    assert len(talk.painter.calls) == 3


async def test_what_was_bought_pays_for_its_owner_in_groups_and_for_nobody_else(talk: Talk) -> None:
    ann = talk.telegram.ann
    await bought(talk, ann)
    group = await talk.telegram.group()
    await group.answer()
    boris = group.seen_by(BORIS)
    for chat in (boris, group):
        await chat.say(f"/edit{BOT} a boat")
        assert (await group.answer()).has_picture
    await boris.say(f"/edit{BOT} a gull")
    over = await group.answer()
    assert "used up" in over.words
    # Whoever taps it gets to their own chat with the bot (core.telegram.org/bots/features#deep-linking).
    assert over.buttons["⭐ Buy pictures"] == "https://t.me/pentimento_bot?start=buy"
    await talk.telegram.boris.say("/start buy")
    assert [*(await talk.telegram.boris.answer()).buttons] == ["2 pictures for ⭐ 10", "20 pictures for ⭐ 90"]
    await group.say(f"/edit{BOT} a whale")
    assert "Paid with your pictures; one is left." in (await group.answer()).words
    await group.say(f"/buy{BOT}")
    assert (await group.answer()).words == "Write /buy to me in private: https://t.me/pentimento_bot?start=buy"


async def test_no_limit_stops_a_picture_that_was_bought(tmp_path: Path) -> None:
    async with selling(tmp_path, limit_person="0/day", limit_total="0/day") as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        await ann.say("/x2 a boat")
        *album, question = await ann.answers(3)
        assert len(album) == 2
        assert "that was the last one" in question.words
        found = await credit(talk)
        assert (found.credits, found.paid_pictures, found.pictures, found.stars) == (0, 2, 0, 10)
        assert await faults(talk) == []


async def test_what_brought_no_picture_is_given_back(tmp_path: Path) -> None:
    async with selling(tmp_path, limit_person="0/day") as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        talk.painter.will({"candidates": [{"finishReason": "IMAGE_SAFETY"}]})
        await ann.say("a boat")
        assert not (await ann.answer()).has_picture
        assert (await credit(talk)).credits == 2
        assert await faults(talk) == []


async def test_one_payment_counts_once_however_often_it_is_delivered(talk: Talk) -> None:
    ann = talk.telegram.ann
    for times in (1, 2, 3):
        payment = await pay(talk, ann, await invoiced(ann, "2 pictures"))
        for _ in range(times - 1):
            await talk.telegram.update({"message": payment})
        assert "Thank you!" in (await ann.answer()).words
        await ann.silence()
        found = await credit(talk)
        assert (found.credits, found.stars) == (2 * times, 10 * times)


async def test_thanks_do_not_wait_for_the_picture_that_is_being_made(talk: Talk) -> None:
    ann = talk.telegram.ann
    invoice = await invoiced(ann, "20 pictures")
    gate = talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    payment = await pay(talk, ann, invoice)
    assert (await ann.answer()).words.startswith("Thank you! 20 more pictures are yours.")
    # It is delivered once more, as after a cut connection.
    await talk.telegram.update({"message": payment})
    gate.set()
    assert (await ann.answer()).has_picture
    await ann.silence()
    assert (await credit(talk)).credits == 20


@pytest.mark.parametrize(("wish", "pictures"), [("now red", 1), ("/x2 now red", 2)])
async def test_thanks_lead_back_to_the_wish_that_was_kept(talk: Talk, wish: str, pictures: int) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say(wish)
    over = await ann.answer()
    await pay(talk, ann, await invoiced(ann, "2 pictures"))
    thanks = await ann.answer()
    assert thanks.words == (
        "Thank you! 2 more pictures are yours. /usage shows how many you have.\nI still keep your wish “now red”."
    )
    assert [*thanks.buttons] == ["Try again"]
    await ann.press(thanks, "Try again")
    said = await ann.answers(pictures if pictures == 1 else pictures + 1)
    assert sum(one.has_picture for one in said) == pictures
    assert not (await ann.reload(thanks)).buttons
    # The older button is spent, too.
    await ann.press(over, "Try again")
    assert (await ann.answer()).words.startswith("I have taken up this wish already")
    await pay(talk, ann, await invoiced(ann, "2 pictures"))
    assert not (await ann.answer()).buttons


async def test_a_payment_counts_although_the_process_died_before_it_was_handled(talk: Talk) -> None:
    ann = talk.telegram.ann
    invoice = await invoiced(ann, "20 pictures")
    talk.painter.delay_s = 30
    await ann.say("a boat")
    await called(talk)
    # It waits behind the picture that is being made.
    await pay(talk, ann, invoice)
    talk.stop_grace_s = 0
    await talk.stop()
    talk.painter.delay_s = 0
    await talk.start()
    # The boat may have met two deaths where several workers stop one after the other.
    assert any("Thank you!" in one.words for one in await ann.answers(2))
    assert (await credit(talk)).credits == 20


async def test_a_price_that_is_not_valid_any_more_is_refused(talk: Talk) -> None:
    ann = talk.telegram.ann
    invoice = await invoiced(ann, "2 pictures")
    await talk.stop()
    talk.settings["stars_packs"] = "2:12"
    await talk.start()
    with pytest.raises(Refused, match=r"I don’t sell this any more\. Nothing was charged"):
        await pay(talk, ann, invoice)
    assert await stars_of(talk, ANN) == 1000


@pytest.mark.parametrize("forged", [{"total_amount": 1}, {"payload": "pack:2000:10"}, {"payload": "pack:2:１0"}])
async def test_what_a_changed_client_offers_is_refused(talk: Talk, forged: dict[str, Any]) -> None:
    ann = talk.telegram.ann
    invoice = await invoiced(ann, "2 pictures")
    with pytest.raises(Refused, match="I don’t sell this any more"):
        await pay(talk, ann, invoice, as_if=forged)
    assert (await credit(talk)).credits == 0


async def test_a_checkout_is_answered_while_everything_else_waits(talk: Talk) -> None:
    """The person's wish is being made, and more wishes wait than may."""
    ann = talk.telegram.ann
    invoice = await invoiced(ann, "2 pictures")
    talk.painter.delay_s = 30
    for number in range(10):
        await ann.say(f"boat {number}")
    await called(talk)
    began = time.monotonic()
    await pay(talk, ann, invoice)
    assert time.monotonic() - began < 1
    talk.stop_grace_s = 0


async def test_who_is_blocked_can_buy_nothing_but_what_was_paid_counts(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        invoice = await invoiced(ann, "2 pictures")
        payment = await pay(talk, ann, await invoiced(ann, "20 pictures"))
        await ann.answer()
        await boris.say(f"/block {ANN}")
        await boris.answer()
        with pytest.raises(Refused, match="My owner has blocked you"):
            await pay(talk, ann, invoice)
        late = payment["successful_payment"] | {"telegram_payment_charge_id": "stx-late"}
        await talk.telegram.update({"message": payment | {"successful_payment": late}})
        assert "Thank you!" in (await ann.answer()).words
        assert (await credit(talk)).credits == 40


@pytest.mark.parametrize("access", ["listed", "ask"])
async def test_who_is_not_served_any_more_cannot_pay_an_old_invoice(tmp_path: Path, access: str) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann = talk.telegram.ann
        invoice = await invoiced(ann, "2 pictures")
        await talk.stop()
        talk.settings |= {"access": access, "allowed_users": {CHEN}}
        await talk.start()
        with pytest.raises(Refused, match="I don’t work for you"):
            await pay(talk, ann, invoice)
        assert await stars_of(talk, ANN) == 1000


async def test_what_somebody_paid_is_not_read_out_in_a_group(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        await bought(talk, talk.telegram.ann)
        group = await talk.telegram.group()
        await group.answer()
        await group.say(f"/paysupport{BOT}")
        assert (
            await group.answer()
        ).words == "Write /paysupport to me in private: https://t.me/pentimento_bot?start=paysupport"
        await group.say(f"/paysupport{BOT} I paid twice")
        assert (await group.answer()).words == "I passed your question on to my owner."


async def test_the_link_under_a_forwarded_invoice_offers_the_packs(talk: Talk) -> None:
    """Bot API, sendInvoice, start_parameter: a forwarded copy has a deep link to the bot in place of Pay."""
    ann = talk.telegram.ann
    invoice = await invoiced(ann, "2 pictures")
    await ann.say(f"/start {invoice.body['invoice']['start_parameter']}")
    assert [*(await ann.answer()).buttons] == ["2 pictures for ⭐ 10", "20 pictures for ⭐ 90"]


async def test_a_payment_for_something_else_is_told_to_the_owners(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        payment = await pay(talk, ann, await invoiced(ann, "2 pictures"))
        await ann.answer()
        strange = payment["successful_payment"] | {"telegram_payment_charge_id": "stx-9", "invoice_payload": "shoes"}
        await talk.telegram.update({"message": payment | {"successful_payment": strange}})
        assert "stx-9" in (await boris.answer()).words
        assert (await credit(talk)).credits == 2


async def test_without_packs_there_is_no_trace_of_selling(tmp_path: Path) -> None:
    async with talking(tmp_path, limit_person="0/day", limit_timezone=noon(), owner_ids={BORIS}) as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        assert [*(await ann.answer()).buttons] == ["Try again"]
        for name in ("buy", "terms", "paysupport"):
            await ann.say(f"/{name}")
            assert (await ann.answer()).words == f"I don’t know /{name}. /help shows what I can do."
        for chat in (ann, talk.telegram.boris):
            await chat.say("/help all")
            words = (await chat.answer()).words
            assert not any(trace in words for trace in ("⭐", "Stars", "/buy", "/refund", "/paysupport"))
        await ann.say("/usage")
        assert "bought" not in (await ann.answer()).words


async def test_who_paid_can_ask_about_it_where_nothing_is_sold_any_more(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann, boris, chen = talk.telegram.ann, talk.telegram.boris, talk.telegram.chen
        await boris.say("/start")
        await boris.answer()
        charge = await bought(talk, ann)
        invoice = await invoiced(ann, "2 pictures")
        await talk.stop()
        talk.settings["stars_packs"] = ""
        await talk.start()
        with pytest.raises(Refused, match=r"^I don’t sell pictures any more\. Nothing was charged\.$"):
            await pay(talk, ann, invoice)
        await boris.say("/help all")
        assert "/refund" in (await boris.answer()).words
        await ann.say("/help all")
        words = (await ann.answer()).words
        assert ("/paysupport" in words, "/terms" in words, "/buy" in words) == (True, True, False)
        await ann.say("/paysupport")
        assert charge in (await ann.answer()).words
        await ann.say("/paysupport where are my pictures?")
        assert (await ann.answer()).words == "I passed your question on to my owner."
        assert charge in (await boris.answer()).words
        await ann.say("/terms")
        assert "never expire" in (await ann.answer()).words
        await ann.say("/buy")
        assert "I don’t know /buy" in (await ann.answer()).words
        await chen.say("/paysupport")
        assert "I don’t know /paysupport" in (await chen.answer()).words


@in_one
async def test_nobody_floods_the_owners_with_questions_about_payments(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        told = []
        for number in range(8):
            await ann.say(f"/paysupport question {number}")
            told.append((await ann.answer()).words.startswith("I passed your question on"))
        assert told == [True] * 5 + [False] * 3
        await boris.answers(5)
        await boris.silence()


async def test_terms_and_support(tmp_path: Path) -> None:
    async with selling(tmp_path, owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        charge = await bought(talk, ann)
        await ann.say("/terms")
        assert "Bought pictures never expire" in (await ann.answer()).words
        await ann.say("/paysupport")
        assert charge in (await ann.answer()).words
        await ann.say("/paysupport I paid twice")
        assert (await ann.answer()).words == "I passed your question on to my owner."
        asked = (await boris.answer()).words
        assert asked.startswith(f"Ann ({ANN}) asks about a payment: “I paid twice”")
        assert charge in asked
        await ann.say("/help all")
        assert "/paysupport" in (await ann.answer()).words


async def test_who_is_forgotten_keeps_what_was_paid(talk: Talk) -> None:
    ann = talk.telegram.ann
    await bought(talk, ann, "20 pictures")
    await talk.store.forgetting.person(ANN)
    found = await credit(talk)
    assert (found.credits, found.stars) == (20, 90)


def test_packs_are_read() -> None:
    assert [(one.pictures, one.stars) for one in read_packs("20:100, 100 : 400")] == [(20, 100), (100, 400)]
    for wrong in ("20", "20:0", "0:5", "20:100 100:400", "20:100, 20:90", "x:1"):
        with pytest.raises(ValueError, match="must"):
            read_packs(wrong)


def test_the_charge_is_read() -> None:
    assert charge_of({"successful_payment": {"telegram_payment_charge_id": "stx"}}) == "stx"

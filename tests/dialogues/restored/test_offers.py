"""Where it is not sure, the model's picture is shown with the button Only the change. Its press makes the other one."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from storage.records import Key
from tests.support.drifting import is_equal, jpeg, part, photo, redness, repainted, ringed, signed, with_hat
from tests.support.forgetting import MINE, forget
from tests.support.people import ANN, Chat, Message
from tests.support.pictures import opened
from tests.support.restoring import MOST_OF_IT
from tests.support.talking import Talk, in_one

KEPT = "Everything else kept from your photo."
PAINTED, ONLY = "What the model painted", "Only the change"
HERE = "Only the change, and everything else as it was. We go on from this one."
THERE = "Only the change, and everything else as it was. Reply to it to go on from here."
NOTHING = "I could not take the change alone: it is not in one place, or the picture before it is gone."


async def file_of(chat: Chat, answer: Message) -> bytes:
    """Press File below an answer, and return what comes."""
    await chat.press(answer, "File")
    return await (await chat.answer(30)).document_bytes()


async def unsure(talk: Talk) -> tuple[bytes, Message]:
    """Let Ann ask for something so large that it may be all of the picture; return her photo and the answer."""
    sent = jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent), place=MOST_OF_IT))))
    await talk.telegram.ann.document(("photo.jpg", sent), "put a huge red hat on it")
    return sent, await talk.telegram.ann.answer(60)


def offers(answer: Message) -> bool:
    """Return whether the change alone is offered below an answer."""
    return any(ONLY in button for button in answer.buttons)


@in_one
async def test_what_is_offered_is_made_when_somebody_asks_for_it(talk: Talk) -> None:
    """Until then nothing is kept of it; most offers are never taken."""
    ann = talk.telegram.ann
    sent, answer = await unsure(talk)
    assert answer.caption == "Here it is."
    assert offers(answer)
    turn = await talk.store.conversations.turn(1)
    assert turn is not None
    assert turn.restored is None
    await ann.press(answer, ONLY)
    only = await ann.answer(60)
    assert only.caption == HERE
    assert any(PAINTED in button for button in only.buttons)
    assert is_equal(part(await file_of(ann, only)), part(sent))
    await ann.say("warmer")
    await ann.answer(60)
    assert is_equal(part(talk.painter.calls[-1].all_pictures[-1]), part(sent))


async def test_it_outlives_a_restart_before_and_after(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent, answer = await unsure(talk)
    await talk.restart()
    await ann.press(answer, ONLY)
    only = await ann.answer(60)
    await talk.restart()
    assert is_equal(part(await file_of(ann, only)), part(sent))
    await ann.press(only, PAINTED)
    assert (await ann.answer(60)).caption == "This is what the model painted. We go on from this one."


async def test_of_an_older_answer_it_is_only_shown(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent, answer = await unsure(talk)
    await ann.say("warmer")
    await ann.answer(60)
    await ann.press(answer, ONLY)
    only = await ann.answer(60)
    assert only.caption == THERE
    assert is_equal(part(await file_of(ann, only)), part(sent))
    await ann.say("colder", reply_to=only)
    await ann.answer(60)
    assert is_equal(part(talk.painter.calls[-1].all_pictures[-1]), part(sent))
    await ann.say("/go 1")
    await ann.answer(60)
    # What was painted then is still what /go leads to: nobody went on from the other one.
    await ann.say("brighter")
    await ann.answer(60)
    assert talk.painter.calls[-1].all_pictures[-1] == repainted(with_hat(opened(sent), place=MOST_OF_IT))


async def test_two_taps_make_it_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    _, answer = await unsure(talk)
    await asyncio.gather(ann.press(answer, ONLY), ann.press(answer, ONLY))
    assert (await ann.answer(60)).caption == HERE
    await ann.silence(1)


async def test_a_setting_offers_it_also_where_it_is_sure(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, jpeg(photo())
    await ann.say("/settings")
    menu = await ann.answer()
    await ann.press(menu, "Keep the rest")
    page = await ann.until(menu, "should I keep the rest of your picture as it was?")
    await ann.press(page, next(button for button in page.buttons if page.buttons[button].endswith("offered")))
    await ann.until(menu, lambda seen: "Keep the rest" in " ".join(seen.buttons))
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    answer = await ann.answer(60)
    assert answer.caption == "Here it is."
    await ann.press(answer, ONLY)
    only = await ann.answer(60)
    whole = await file_of(ann, only)
    assert is_equal(part(whole), part(sent))
    assert redness(whole) > 100


async def test_the_setting_has_a_row_for_each_choice(talk: Talk) -> None:
    """Beside each other, the German words do not fit on a phone."""
    ann = talk.telegram.ann
    for command in ("/language deutsch", "/settings"):
        await ann.say(command)
        menu = await ann.answer()
    await ann.press(menu, "Den Rest behalten")
    page = await ann.until(menu, lambda seen: "✓ automatisch" in seen.buttons)
    rows = [[button["text"] for button in row] for row in page.body["reply_markup"]["inline_keyboard"]]
    assert [len(row) for row in rows] == [1, 1, 1, 1]


@in_one
async def test_in_a_crowd_nobody_waits_for_a_look_and_it_is_offered_unseen(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look takes a second of a core. Where the change proves to be everywhere, the press says so."""
    monkeypatch.setattr("bot.turns.restoring.looks.MOST_IN_LINE", 0)
    ann, sent = talk.telegram.ann, jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    answer = await ann.answer(60)
    assert answer.caption == "Here it is."
    await ann.press(answer, ONLY)
    assert is_equal(part(await file_of(ann, await ann.answer(60))), part(sent))
    talk.painter.will(signed(repainted(opened(sent).point(lambda level: level // 4))))
    await ann.document(("photo.jpg", sent), "/new make it night")
    night = await ann.answer(60)
    assert offers(night)
    await ann.press(night, ONLY)
    assert (await ann.answer(60)).text == NOTHING
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.photo(ringed(opened(sent)), "put a red hat on it", reply_to=await ann.document(("photo.jpg", sent)))
    # A marked place is looked at all the same.
    assert [one.caption for one in await ann.answers(2, 60)][-1].endswith(KEPT)


@in_one
async def test_without_the_photo_before_it_the_press_says_so(talk: Talk) -> None:
    ann = talk.telegram.ann
    _, answer = await unsure(talk)
    turn = await talk.store.conversations.turn(1)
    assert turn is not None
    await talk.store.media.delete(turn.pictures[0].media.sha256)
    if turn.pictures[0].original:
        await talk.store.media.delete(turn.pictures[0].original.sha256)
    await ann.press(answer, ONLY)
    assert (await ann.answer(60)).text == NOTHING
    assert (await file_of(ann, answer)) is not None


async def test_a_photo_that_its_sender_forgot_does_not_come_back_by_the_button(talk: Talk) -> None:
    """Ann sent the photo, Boris had it changed. His answer stays; what it was made from is gone."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    sent = jpeg(photo())
    look = await group.document(("photo.jpg", sent))
    talk.painter.will(signed(repainted(with_hat(opened(sent), place=MOST_OF_IT))))
    boris = group.seen_by(1002)
    await boris.say("@pentimento_bot put a huge red hat on it", reply_to=look)
    answer = await boris.answer(60)
    assert offers(answer)
    await forget(talk.telegram.ann, MINE)
    await boris.press(answer, ONLY)
    assert (await boris.answer(60)).text == NOTHING
    for check in talk.store.audit.checks.values():
        assert [finding async for finding in check() if finding.broken] == []


@in_one
async def test_a_cancel_while_it_is_looked_at_stops_it_and_books_what_it_did_cost(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is there and paid. It is not sent, and its true price is in the books."""
    began, goes_on = asyncio.Event(), asyncio.Event()
    looks = "bot.turns.restoring.looks.Looks.run"
    monkeypatch.setattr(looks, partial(_held, began=began, goes_on=goes_on))
    ann, sent = talk.telegram.ann, jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    await asyncio.wait_for(began.wait(), 30)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer(30)).text
    goes_on.set()
    await ann.silence(1)
    conversation = await talk.store.conversations.open(Key(ANN, 0))
    turn = await talk.store.conversations.turn(1)
    assert conversation.head_id is None
    assert turn is not None
    assert turn.state == "cancelled"
    assert turn.cost_micro_usd


async def _held(_: object, *, began: asyncio.Event, goes_on: asyncio.Event) -> None:
    began.set()
    await goes_on.wait()

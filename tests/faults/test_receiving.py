"""Updates that come twice, broken, too late, too many, or not at all."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import update
from telegram.request import HTTPXRequest

from bot.chat.receive.polling import Polling, PollingHangs, PollingTimes, PollSigns
from storage.records import Key
from storage.schema import inbox
from tests.support.pictures import picture
from tests.support.talking import Talk, both_ways


@both_ways
async def test_a_double_tap_makes_one_turn(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    answer = await ann.answer()
    first = await ann.press(answer, "Again")
    second = await ann.press(answer, "Again")
    await first.answered()
    await second.answered()
    assert (await ann.answer()).has_picture
    await ann.silence(0.5)
    assert len(talk.painter.calls) == 2


@both_ways
async def test_a_button_pressed_again_while_its_turn_runs_makes_one_turn(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    answer = await ann.answer()
    gate = talk.painter.hold()
    await ann.press(answer, "Again")
    await talk.painter.called(2)
    # As if both were further apart than any double tap.
    async with talk.store.database.begin() as connection:
        await connection.execute(update(inbox).values(received_at=inbox.c.received_at - 60))
    await (await ann.press(answer, "Again")).answered()
    gate.set()
    assert (await ann.answer()).has_picture
    await ann.say("/help")
    assert "What you need most" in (await ann.answer()).text
    assert len(talk.painter.calls) == 2


@both_ways
async def test_a_press_that_telegram_delivers_twice_makes_one_turn(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    answer = await ann.answer()
    query = {
        "id": "4711",
        "from": {"id": ann.person_id, "is_bot": False, "first_name": "Ann"},
        "chat_instance": "1",
        "message": answer.body,
        "data": answer.buttons[next(name for name in answer.buttons if "Again" in name)],
    }
    await talk.telegram.update({"callback_query": query})
    await ann.answer()
    await asyncio.sleep(2.1)
    await talk.telegram.update({"callback_query": query})
    await ann.say("/help")
    assert "What you need most" in (await ann.answer()).text
    assert len(talk.painter.calls) == 2


async def test_an_update_that_is_delivered_again_has_no_effect(talk: Talk) -> None:
    ann = talk.telegram.ann
    # The poll that will bring the wish confirms the earlier updates, so one is running now.
    while await talk.telegram.queue():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    # Every later poll fails, so Telegram never learns that the wish arrived.
    await talk.telegram.fault("getUpdates", status=500, times=-1)
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    assert len(await talk.telegram.queue()) == 1
    await talk.stop()
    await talk.telegram.http.delete("/sandbox/faults")
    await talk.start()
    await ann.say("/help")
    assert "What you need most" in (await ann.answer()).text
    assert len(talk.painter.calls) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"chat": {"id": 1001, "type": "private"}}},
        {"message": {"chat": {"id": "x"}}, "callback_query": {"message": 1, "from": 2}},
        {"callback_query": {"id": 1, "data": ["x"], "message": {"chat": {"id": 10**30}}}},
    ],
)
async def test_a_broken_update_is_set_aside_and_the_next_ones_go_on(talk: Talk, broken: dict[str, object]) -> None:
    await talk.telegram.update(broken)
    await talk.telegram.ann.say("a boat")
    while not (said := await talk.telegram.ann.answer()).has_picture:
        assert "set it aside" in said.text
    assert "set aside" in (await talk.telegram.boris.answer()).text


async def test_a_broken_update_that_is_for_nobody_is_for_the_log_alone(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    await talk.telegram.update({"message": {"chat": 5, "text": 7}})
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer()).has_picture
    await talk.telegram.boris.silence()
    assert "cannot be read, nor is it for the bot" in caplog.text


@both_ways
async def test_more_wishes_than_may_wait_are_turned_away_at_once(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    hold = asyncio.Event()
    talk.painter.will(hold)
    for number in range(12):
        await ann.say(f"boat {number}")
    assert "waiting here already" in (await ann.answer()).text
    await ann.silence(0.5)
    await boris.say("a house")
    assert (await boris.answer()).has_picture
    hold.set()
    answers = await ann.answers(6)
    assert all(answer.has_picture for answer in answers)
    wishes = [call.wish for call in talk.painter.calls if call.wish.startswith("boat")]
    assert wishes == [f"boat {number}" for number in range(6)]


@both_ways
async def test_a_late_picture_of_an_album_is_offered_and_joins(talk: Talk) -> None:
    ann = talk.telegram.ann
    sending = asyncio.create_task(
        ann.album([picture(colour="teal"), picture(colour="red")], "put them together", stagger_s=1.0)
    )
    while True:
        said = await ann.answer()
        if "arrived after I had started" in said.text:
            break
    await sending
    assert len(talk.painter.calls[0].pictures) == 1
    await ann.press(said, "Again, with it")
    assert (await ann.answer()).has_picture
    assert len(talk.painter.calls[1].pictures) == 2
    assert talk.painter.calls[1].wish.endswith("put them together")


async def test_a_clock_that_is_set_back_does_not_hold_an_album(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.stop()
    await ann.album([picture(colour="teal"), picture(colour="red")], "put them together")
    talk.settings["album_wait_s"] = 1.0
    await talk.start()
    async with asyncio.timeout(30):
        while await talk.store.inbox.count_open() < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql("UPDATE inbox SET received_at = received_at + 3600")
    assert (await ann.answer()).has_picture
    assert len(talk.painter.calls[0].pictures) == 2


@pytest.mark.parametrize("fault", [{"status": 404, "times": 2}, {"status": 409}, {"status": 500}, {"drop": "before"}])
async def test_polling_recovers(talk: Talk, fault: dict[str, object]) -> None:
    await talk.telegram.fault("getUpdates", **fault)
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer(timeout_s=15)).has_picture


async def test_a_body_that_is_no_json_is_survived(talk: Talk) -> None:
    await talk.telegram.fault("getUpdates", status=200, body="<html>", times=1)
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer(timeout_s=15)).has_picture


async def test_polling_that_hangs_is_restarted_and_then_given_up(talk: Talk) -> None:
    running = talk.running
    patience = PollingTimes(poll_s=0, silent_s=0.2, renewals=2)
    beats: list[None] = []
    await talk.telegram.fault("getUpdates", delay_s=30, times=-1)
    request = HTTPXRequest()
    await request.initialize()
    signs = PollSigns(asking=lambda: None, alive=lambda: beats.append(None), alarm=lambda _: None)
    polling = Polling(running.bot, request, running.receiver, signs, patience)
    with pytest.raises(PollingHangs):
        await asyncio.wait_for(polling.run(), 10)
    assert beats == []
    await request.shutdown()


async def test_a_late_picture_that_cannot_be_loaded_holds_nothing_up(talk: Talk) -> None:
    """The picture is in the queue when its wish is started again. The wish is painted without it."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    talk.settings["max_parallel_calls"] = 1
    talk.stop_grace_s = 0.1
    await talk.restart()
    gate = talk.painter.hold()
    await boris.say("a boat")
    await talk.painter.called(1)
    photos = [picture(colour="teal"), picture(colour="red")]
    sending = asyncio.create_task(ann.album(photos, "put them together", stagger_s=1.5))
    async with asyncio.timeout(20):
        while await talk.store.conversations.turn(2) is None or not await talk.store.inbox.open_updates(Key(ann.id, 0)):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await sending
    await talk.telegram.fault("getFile", status=500, times=-1)
    await talk.stop()
    gate.set()
    await talk.start()
    while not (await ann.answer(20)).has_picture:
        pass
    assert [len(call.pictures) for call in talk.painter.calls if "together" in call.wish] == [1]
    assert (await boris.answer()).has_picture


@pytest.mark.parametrize("field", ["media_group_id", "message_id"])
async def test_a_malformed_neighbour_holds_up_no_wish(talk: Talk, field: str) -> None:
    """It waits behind the wish, so it is looked at with it: it may belong to the same act."""
    ann, gate = talk.telegram.ann, talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.say("a house")
    person = {"id": ann.id, "is_bot": False, "first_name": "Ann"}
    chat = {"id": ann.id, "type": "private", "first_name": "Ann"}
    body = {"message_id": 9000, "date": 1_700_000_000, "chat": chat, "from": person, "text": "a tree"}
    await talk.telegram.update({"message": body | {field: []}})
    await ann.say("a gull")
    gate.set()
    said = await ann.answers(4)
    wishes = [call.wish for call in talk.painter.calls]
    assert [one for one in wishes if one != "a tree"] == ["a boat", "a house", "a gull"]
    assert all(one.has_picture or "set it aside" in one.text for one in said)


async def test_an_update_that_breaks_even_the_care_for_its_failure_is_set_aside(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise LookupError("nobody knows this field")

    with monkeypatch.context() as patched:
        patched.setattr("bot.chat.receive.acts._act_of", broken)
        patched.setattr("bot.chat.passes.first.FirstPass._decide", broken)
        await talk.telegram.ann.say("a boat")
        assert "set aside" in (await talk.telegram.boris.answer(20)).text
    await talk.telegram.ann.say("a house")
    assert (await talk.telegram.ann.answer()).has_picture


async def test_a_notice_for_nobody_that_an_earlier_version_left_ends_by_itself(talk: Talk) -> None:
    """It gave notices to finished updates, which held up all that has no chat of its own, as channels."""
    await talk.store.inbox.add([(Key(0, 0), {"update_id": 5})])
    left = {"state": "told", "payload": "", "notice": '{"key": "busy-more", "language": "en", "values": {"limit": 20}}'}
    async with talk.store.database.begin() as connection:
        await connection.execute(update(inbox).where(inbox.c.update_id == 5).values(left))
    await talk.restart()
    channel = await talk.telegram.channel()

    async def look() -> bool | None:
        left = [call["params"]["chat_id"] for call in await talk.telegram.calls("leaveChat")]
        return True if channel.id in map(int, left) and await talk.store.inbox.count_open() == 0 else None

    await talk.telegram.wait_for(look, 10, "the bot stays in the channel")
    assert not [call for call in await talk.telegram.calls("sendMessage") if call["params"]["chat_id"] in (0, "0")]

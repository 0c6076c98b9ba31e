"""Cancel stops any work within a second, and leaves no trace in the conversation."""

from __future__ import annotations

import asyncio
import time

from storage.records import Key
from tests.support.people import ANN
from tests.support.pictures import picture
from tests.support.records import outcome
from tests.support.talking import Talk, both_ways


@both_ways
async def test_a_running_call_is_stopped(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(asyncio.Event())
    await ann.say("a boat")
    await talk.painter.called(1)
    began = time.monotonic()
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    # A second on a machine with nothing else to do.
    assert time.monotonic() - began < 5
    await ann.say("a house")
    assert (await ann.answer()).has_picture
    assert "boat" not in str(talk.painter.calls[-1].contents)


async def test_a_download_is_stopped(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("getFile", delay_s=20)
    await ann.photo(picture(), "make it warm")
    await talk.telegram.fault_met()
    began = time.monotonic()
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    # A second on a machine with nothing else to do.
    assert time.monotonic() - began < 5
    await ann.say("a house")
    assert (await ann.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["a house"]


async def test_again_after_a_cancel_repeats_what_was_cancelled_although_its_answer_had_come(talk: Talk) -> None:
    """The paid answer is kept in the tree, although nobody has seen it."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    talk.painter.will(asyncio.Event())
    await ann.say("a house")
    await talk.painter.called(2)
    await ann.say("/cancel")
    await ann.answer()
    conversation = await talk.store.conversations.open(Key(ANN, 0))
    cancelled = await talk.store.conversations.latest(conversation.id)
    assert cancelled is not None
    await talk.store.conversations.store_answer(cancelled, outcome(2))
    await ann.say("/again")
    assert (await ann.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a house", "a house"]


@both_ways
async def test_a_cancel_leaves_what_is_only_shown_and_takes_the_wish_behind_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await talk.telegram.fault("sendDocument", delay_s=1)
    talk.painter.delay_s = 30
    await ann.press(boat, "File")
    await ann.say("a house")
    await ann.say("/cancel")
    shown, stopped = await ann.answers(2)
    assert "document" in shown.body
    assert "Stopped" in stopped.text
    talk.painter.delay_s = 0
    await ann.say("a gull")
    assert (await ann.answer()).has_picture
    assert "house" not in str(talk.painter.calls[-1].contents)


@both_ways
async def test_a_cancel_from_before_a_restart_finds_its_turn(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.delay_s = 30
    await ann.say("a boat")
    await talk.painter.called(1)
    talk.stop_grace_s = 0
    await talk.stop()
    await ann.say("/cancel")
    await talk.start()
    assert "Stopped" in (await ann.answer()).text
    talk.painter.delay_s = 0
    await ann.say("a house")
    assert (await ann.answer()).has_picture
    assert "boat" not in str(talk.painter.calls[-1].contents)


@both_ways
async def test_a_cancel_ends_all_of_a_wish_of_which_more_is_waited_for(talk: Talk) -> None:
    """The client cut the words in two. The part that has arrived must not become a wish."""
    ann = talk.telegram.ann
    await ann.say(" ".join(f"house number {number} in red brick," for number in range(180)))
    await asyncio.sleep(0.1)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    await ann.silence(for_s=1)
    assert talk.painter.calls == []


async def test_a_cancel_ends_all_of_an_album(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([picture(), picture(), picture()], "a collage")
    await asyncio.sleep(0.1)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    await ann.silence(for_s=1)
    await ann.say("a house")
    assert (await ann.answer()).has_picture
    assert talk.painter.calls[0].all_pictures == []


async def test_nothing_to_stop_is_said_in_its_order(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/cancel")
    assert "not painting anything" in (await ann.answer()).text


async def test_a_cancel_of_an_album_ends_also_what_comes_late_of_it(talk: Talk) -> None:
    """The caption may be under the album's last picture. Without the cancel, that picture would be a wish."""
    ann = talk.telegram.ann
    captions = ["", "", "a collage"]
    sending = asyncio.create_task(ann.album([picture(), picture(), picture()], captions=captions, stagger_s=0.3))
    await asyncio.sleep(0.4)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    first, *_ = await sending
    await ann.silence(for_s=0.7)
    assert talk.painter.calls == []
    await ann.say("a house", reply_to=first)
    await ann.answer()
    assert len(talk.painter.calls[0].pictures) == 1

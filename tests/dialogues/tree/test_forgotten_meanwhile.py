"""/forget while the bot fetches what somebody else replies to: nothing of it is stored afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage.records import InputPicture, Key
from tests.support.aged import picture
from tests.support.forgetting import MINE, forget
from tests.support.painter import plain
from tests.support.people import BORIS, CHEN
from tests.support.records import new_turn
from tests.support.talking import Talk, in_files, in_one, read_whole

BOT = "@pentimento_bot"
SECRET = "a very secret fox"


def stored(talk: Talk) -> bytes:
    """Return every byte that the bot keeps on disk."""
    root = Path(talk.settings["data_dir"])
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


@in_files
@pytest.mark.parametrize("words", [f"{BOT} warmer", BOT], ids=["a wish", "no words"])
async def test_a_reply_whose_photo_is_being_fetched(talk: Talk, words: str) -> None:
    group = await read_whole(talk, "supergroup")
    look = await group.seen_by(BORIS).document(plain(150), SECRET)
    await talk.telegram.fault("getFile", delay_s=3.0)
    await group.seen_by(CHEN).say(words, reply_to=look)
    await talk.telegram.fault_met()
    await forget(talk.telegram.boris, MINE)
    answer = await group.answer(15)
    assert "deleted it" in answer.text
    assert talk.painter.calls == []
    assert SECRET.encode() not in stored(talk)
    # Its bytes came for nothing, and no row names them.
    assert await talk.store.tidy(age_s=0.0) == 1
    assert plain(150) not in stored(talk)


async def test_versions_that_wait_for_their_call_fail_together(talk: Talk) -> None:
    """One message says so, and nothing is paid."""
    group = await read_whole(talk, "supergroup")
    gate = talk.painter.hold()
    await group.say(f"{BOT} a boat")
    await talk.painter.called(1)
    store = talk.store
    number = (await store.conversations.open(Key(group.id, 0))).id
    sent_by_boris = InputPicture(media=await picture(store, 1), author_id=BORIS)
    await store.conversations.take(new_turn(number, "warmer", pictures=(sent_by_boris,)), (), (), times=3)
    await forget(talk.telegram.boris, MINE)
    gate.set()
    assert (await group.answer()).has_picture
    assert "deleted it" in (await group.answer()).text
    await group.say(f"{BOT} a gull")
    assert (await group.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Ann: a gull"]


@in_one
async def test_a_wish_that_waits_in_line_for_its_call(talk: Talk) -> None:
    """Its picture was read already. It is not painted any more, and costs nothing."""
    talk.settings["max_parallel_calls"] = 1
    group = await read_whole(talk, "supergroup")
    gate = talk.painter.hold()
    await talk.telegram.ann.say("a boat")
    await talk.painter.called(1)
    look = await group.seen_by(BORIS).document(plain(150))
    await group.seen_by(CHEN).say(f"{BOT} warmer", reply_to=look)
    async with asyncio.timeout(10):
        while not any(lanes[0].queue.waiting == 1 for lanes in talk.running.answering.fallback.lanes.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await forget(talk.telegram.boris, MINE)
    gate.set()
    assert (await talk.telegram.ann.answer()).has_picture
    # On a busy machine its place in line is not told before.
    while "next in line" in (failed := await group.answer()).text:
        pass
    assert "deleted it" in failed.text
    assert [call.wish for call in talk.painter.calls] == ["a boat"]
    await group.say(f"{BOT} a gull")
    assert (await group.answer()).has_picture
    assert [finding.text for look in talk.store.audit.checks.values() async for finding in look()] == []


@in_one
async def test_a_call_that_must_be_made_once_more(talk: Talk) -> None:
    """The process ended during the call. Without the picture, the words alone would be painted and paid for."""
    group = await read_whole(talk, "supergroup")
    look = await group.seen_by(BORIS).document(plain(150))
    talk.painter.hold()
    await group.seen_by(CHEN).say(f"{BOT} warmer", reply_to=look)
    await talk.painter.called(1)
    await forget(talk.telegram.boris, MINE)
    await talk.restart()
    assert "deleted it" in (await group.answer()).text
    assert len(talk.painter.calls) == 1
    assert [finding.text for look in talk.store.audit.checks.values() async for finding in look()] == []


async def test_a_call_that_runs_brings_its_answer(talk: Talk) -> None:
    """It is paid for, and the answer is Chen's."""
    group = await read_whole(talk, "supergroup")
    look = await group.seen_by(BORIS).document(plain(150))
    gate = talk.painter.hold()
    await group.seen_by(CHEN).say(f"{BOT} warmer", reply_to=look)
    await talk.painter.called(1)
    await forget(talk.telegram.boris, MINE)
    gate.set()
    assert (await group.answer()).has_picture
    await group.say(f"{BOT} colder")
    assert (await group.answer()).has_picture


async def test_a_try_that_failed_is_not_repeated_with_the_picture(talk: Talk) -> None:
    """The provider was busy, and the request still has the picture in memory."""
    group = await read_whole(talk, "supergroup")
    look = await group.seen_by(BORIS).document(plain(150))
    talk.painter.will((503, {"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}))
    await group.seen_by(CHEN).say(f"{BOT} warmer", reply_to=look)
    await talk.painter.called(1)
    await forget(talk.telegram.boris, MINE)
    assert "deleted it" in (await group.answer()).text
    assert len(talk.painter.calls) == 1

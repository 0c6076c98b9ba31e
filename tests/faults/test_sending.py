"""Faults of Telegram while the bot sends: nothing is sent twice, nothing holds up anybody else."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.messages import Message
from tests.support.painter import plain
from tests.support.talking import Talk

WHY = "Unknown name \"aspectRatio\" at 'generation_config.image_config': Cannot find field."
UNKNOWN_FIELD = (400, {"error": {"code": 400, "message": WHY, "status": "INVALID_ARGUMENT"}})


async def _photos(talk: Talk) -> int:
    return len([call for call in await talk.telegram.calls("sendPhoto") if call["params"]["chat_id"] == str(1001)])


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 502}, {"drop": "before"}])
async def test_a_send_of_unknown_outcome_is_not_repeated_but_offered(talk: Talk, fault: dict[str, object]) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendPhoto", **fault)
    await ann.say("a boat")
    said = await _until(talk, "not sure")
    assert len(await talk.telegram.calls("sendPhoto")) == 1
    await ann.press(said, "Show it again")
    shown = await _until(talk, "once more")
    assert shown.has_picture
    assert len(await talk.telegram.calls("sendPhoto")) == 2
    assert len(talk.painter.calls) == 1


async def test_a_picture_whose_arrival_was_never_confirmed_is_found_by_a_reply_all_the_same(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendPhoto", drop="after")
    await ann.say("a boat")
    arrived = await _until(talk, "Painting 1")
    await _until(talk, "not sure")
    await ann.say("in colour")
    assert (await _until(talk, "Painting 2")).has_picture
    await ann.say("another way", reply_to=arrived)
    assert (await _until(talk, "Painting 3")).has_picture
    branch = talk.painter.calls[-1]
    assert (branch.wish, len(branch.contents), len(branch.pictures)) == ("another way", 3, 0)
    await ann.say("/file", reply_to=arrived)
    assert await (await ann.answer()).document_bytes() == plain(1)


# PTB warns when it reads the wait that Telegram names; the bot takes either type.
@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_a_flood_wait_of_one_chat_holds_no_other(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await talk.telegram.fault("sendPhoto", retry_after=3, chat_id=ann.id)
    began = asyncio.get_running_loop().time()
    await ann.say("a boat")
    await boris.say("a house")
    assert (await boris.answer()).has_picture
    assert not any(said.from_bot and said.has_picture for said in await ann.history())
    assert (await ann.answer()).has_picture
    assert asyncio.get_running_loop().time() - began >= 3
    assert len([said for said in await ann.history() if said.from_bot and said.has_picture]) == 1


@pytest.mark.parametrize("restarts", [False, True])
async def test_what_was_changed_in_a_request_is_told_after_a_flood_wait_too(talk: Talk, restarts: bool) -> None:
    ann = talk.telegram.ann
    await ann.say("/ratio 16:9")
    await ann.answer()
    talk.painter.will(UNKNOWN_FIELD)
    await talk.telegram.fault("sendPhoto", retry_after=2, chat_id=ann.id)
    await ann.say("a boat")
    await talk.telegram.fault_met()
    if restarts:
        await talk.restart()
    answer = await ann.answer()
    assert answer.has_picture
    assert "I tried without it" in answer.words
    assert len(talk.painter.calls) == 2


async def test_what_was_changed_in_the_requests_of_versions_is_told_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/ratio 16:9")
    await ann.answer()
    talk.painter.will(*[UNKNOWN_FIELD] * 2)
    await ann.say("/x2 a boat")
    *_, question = await ann.answers(3)
    assert question.text.count("I tried without it") == 1


async def test_an_outage_is_waited_out_and_the_answer_comes_once(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendMessage", status=500, chat_id=ann.id, times=2)
    await ann.say("/help")
    assert "What you need most" in (await ann.answer()).text
    await talk.telegram.fault("sendPhoto", status=400, description="Bad Request: IMAGE_PROCESS_FAILED", times=-1)
    await talk.telegram.fault("sendDocument", status=400, description="Bad Request: IMAGE_PROCESS_FAILED", times=-1)
    await ann.say("a boat")
    assert "Telegram did not accept it" in (await ann.answer()).text
    await talk.telegram.boris.answer()
    await ann.say("/help")
    assert "What you need most" in (await ann.answer()).text


async def test_a_blocked_chat_ends_its_work(talk: Talk) -> None:
    ann = talk.telegram.ann
    hold = asyncio.Event()
    talk.painter.will(hold)
    await ann.say("a boat")
    await talk.telegram.post("block", {"as": ann.person_id, "on": True})
    hold.set()
    async with asyncio.timeout(30):
        while await talk.store.conversations.unfinished_keys():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_a_picture_shown_again_is_sent_once_though_the_process_dies_in_between(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("warmer")
    await ann.answer()
    await talk.telegram.fault("sendPhoto", delay_s=3, drop="after")
    await ann.say("/undo")
    await talk.telegram.fault_met()
    before = len(await talk.telegram.calls("sendPhoto"))
    talk.stop_grace_s = 0
    await talk.restart()
    await _until(talk, "not sure")
    assert len(await talk.telegram.calls("sendPhoto")) <= before + 1


async def _until(talk: Talk, words: str) -> Message:
    while True:
        said = await talk.telegram.ann.answer()
        if words in said.words:
            return said

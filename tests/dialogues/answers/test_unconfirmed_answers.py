"""An answer whose arrival is uncertain does not count as delivered: it is kept back until its button sends it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from storage.records import KeptBack, Role, SendState, TurnState
from tests.support.messages import Message
from tests.support.painter import answered, picture_part, plain
from tests.support.talking import Talk

LOST: dict[str, Any] = {"drop": "after"}
KEPT = (TurnState.ANSWERED, KeptBack.ANNOUNCED)
DELIVERED = (TurnState.DELIVERED, None)
ALLOWED = dict.fromkeys(("send_messages", "send_photos", "send_documents", "send_other_messages"), True)
BARRED = ALLOWED | {"send_photos": False, "send_documents": False}


async def becomes(talk: Talk, end: tuple[TurnState, KeptBack | None], turn_id: int = 1) -> None:
    """Wait until a turn has come so far."""
    async with asyncio.timeout(20):
        while True:
            turn = await talk.store.conversations.turn(turn_id)
            if turn is not None and (turn.state, turn.kept_back) == end:
                return
            await asyncio.sleep(0.02)


async def until(talk: Talk, words: str) -> Message:
    while True:
        said = await talk.telegram.ann.answer()
        if words in said.words:
            return said


@pytest.mark.parametrize("fault", [LOST, {"status": 502}, {"drop": "before"}])
async def test_a_picture_of_unknown_outcome_is_delivered_when_its_button_has_brought_it(
    talk: Talk, fault: dict[str, Any]
) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendPhoto", **fault)
    await ann.say("a boat")
    told = await until(talk, "not sure")
    await becomes(talk, KEPT)
    assert await talk.store.deliveries.of(1) == {0: SendState.UNKNOWN}
    await talk.restart()
    await ann.say("/help")
    assert "How it works" in (await ann.answer()).text
    await ann.silence()
    assert len(await talk.telegram.calls("sendPhoto")) == 1
    await ann.press(told, "Show it again")
    assert (await ann.answer()).has_picture
    await becomes(talk, DELIVERED)
    assert len(await talk.telegram.calls("sendPhoto")) == 2
    assert len(talk.painter.calls) == 1


async def test_what_the_button_brings_may_get_lost_as_well(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendPhoto", **LOST, times=2)
    await ann.say("a boat")
    await ann.press(await until(talk, "not sure"), "Show it again")
    again = await until(talk, "not sure")
    await becomes(talk, KEPT)
    await ann.press(again, "Show it again")
    assert (await until(talk, "once more")).has_picture
    await becomes(talk, DELIVERED)


async def test_the_button_brings_all_pictures_and_the_words(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(answered([picture_part(plain(7)), {"text": "Two."}, picture_part(plain(8))]))
    await talk.telegram.fault("sendMediaGroup", drop="before")
    await ann.say("two boats")
    told = await until(talk, "not sure")
    await until(talk, "Two.")
    await becomes(talk, KEPT)
    await ann.press(told, "Show it again")
    *pictures, words = await ann.answers(3)
    assert [one.has_picture for one in pictures] == [True, True]
    assert "once more" in words.text
    assert words.text.endswith("Two.")
    await becomes(talk, DELIVERED)


async def test_a_lost_picture_of_an_album_keeps_the_turn_undelivered(talk: Talk) -> None:
    """One by one, and the second one's outcome is unknown."""
    await talk.telegram.fault("sendMediaGroup", status=400, description="Bad Request: group send failed")
    await talk.telegram.fault("sendPhoto", delay_s=0.01)
    await talk.telegram.fault("sendPhoto", drop="before")
    talk.painter.will(answered([picture_part(plain(7)), picture_part(plain(8))]))
    await talk.telegram.ann.say("two boats")
    await until(talk, "not sure")
    await becomes(talk, KEPT)
    links = await talk.store.messages.of_turn(1, Role.ANSWER)
    assert len([link for link in links if link.picture]) == 1


async def test_a_process_that_dies_behind_an_unknown_picture_does_not_make_it_delivered(talk: Talk) -> None:
    """The next process sends the missing notice, and knows that the picture was never confirmed."""
    ann = talk.telegram.ann
    talk.painter.will(answered([picture_part(plain(7)), {"text": "Two."}, picture_part(plain(8))]))
    await talk.telegram.fault("sendMediaGroup", drop="before")
    await talk.telegram.fault("sendMessage", delay_s=0.01, chat_id=ann.id)
    await talk.telegram.fault("sendMessage", retry_after=1, chat_id=ann.id)
    await ann.say("two boats")
    await until(talk, "not sure")
    assert await talk.store.conversations.unfinished_keys() != []
    talk.stop_grace_s = 0
    await talk.restart()
    await until(talk, "Two.")
    await becomes(talk, KEPT)
    await ann.silence()
    assert len(await talk.telegram.calls("sendMediaGroup")) == 1


async def test_where_no_picture_may_be_sent_it_is_not_delivered_until_it_may(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.rights(bot_can=BARRED)
    await group.say("/edit@pentimento_bot a boat")
    told = await group.answer()
    assert "not allowed to send photos or files" in told.text
    await becomes(talk, KEPT)
    await group.press(told, "Show it again")
    again = await group.answer()
    assert "not allowed to send photos or files" in again.text
    await becomes(talk, KEPT)
    await group.rights(bot_can=ALLOWED)
    await talk.restart()
    await group.silence()
    await group.press(again, "Show it again")
    assert (await group.answer()).has_picture
    await becomes(talk, DELIVERED)
    assert len(talk.painter.calls) == 1


async def test_the_file_that_people_were_told_to_ask_for_delivers_a_wordless_answer(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.rights(bot_can=BARRED)
    talk.painter.will(answered([picture_part(plain(7))]))
    await group.say("/edit@pentimento_bot a boat")
    await group.answer()
    await group.rights(bot_can=ALLOWED)
    await group.say("/file")
    assert await (await group.answer()).document_bytes() == plain(7)
    await becomes(talk, DELIVERED)


async def test_words_that_belong_in_a_file_are_not_delivered_where_files_are_not_allowed(talk: Talk) -> None:
    talk.painter.will(answered([{"text": "again and again " * 2000}, picture_part(plain(7))]))
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    await group.rights(bot_can=ALLOWED | {"send_documents": False})
    await group.say("/edit@pentimento_bot a boat")
    *_, last = await group.answers(5)
    assert "not allowed to send files" in last.text
    await becomes(talk, KEPT)


async def test_a_version_without_a_picture_is_not_delivered_with_the_others(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(answered([picture_part(plain(7))]), answered([{"text": "I'd rather talk."}]))
    await ann.say("/x2 a boat")
    _, told = await ann.answers(2)
    assert "one did not come out" in told.text
    await ann.silence()
    ends = {(turn.state, turn.kept_back, bool(turn.shown)) for turn in await _turns(talk, 2)}
    assert ends == {(*DELIVERED, True), (*KEPT, False)}
    await ann.press(told, "Read the answer in words")
    assert "I'd rather talk." in (await ann.answer()).text
    for number in range(1, 3):
        await becomes(talk, DELIVERED, number)


async def test_versions_of_words_alone_are_read_one_by_one(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(*(answered([{"text": f"I'd rather talk of {subject}."}]) for subject in ("art", "tea", "rain")))
    await ann.say("/x3 a boat")
    first = await until(talk, "rather talk")
    others = [button for button in first.buttons if "in words" in button]
    read = {first.text}
    for button in others:
        await ann.press(first, button)
        read.add((await until(talk, "rather talk")).text)
    assert len(others) == 2
    assert {subject for subject in ("art", "tea", "rain") for text in read if subject in text} == {"art", "tea", "rain"}
    for number in range(1, 4):
        await becomes(talk, DELIVERED, number)


async def test_versions_of_equal_words_are_read_once(talk: Talk) -> None:
    """Words that differ in spaces alone are the same to a reader; what else was said has its button."""
    ann = talk.telegram.ann
    answers = [answered([{"text": text}]) for text in ("I'd rather talk.", "I'd rather  talk.\n", "I'd rather talk.")]
    talk.painter.will(*answers)
    await ann.say("/x3 a boat")
    first = await until(talk, "rather talk")
    assert not [button for button in first.buttons if "in words" in button]
    for number in range(1, 4):
        await becomes(talk, DELIVERED, number)
    talk.painter.will(answered([picture_part(plain(7))]), *answers)
    await ann.say("/x4 a gull")
    _, told = await ann.answers(2)
    assert [button for button in told.buttons if "in words" in button] == ["💬 Read the answer in words"]
    await ann.press(told, "Read the answer in words")
    assert "rather" in (await ann.answer()).text


async def test_versions_of_words_alone_end_whichever_of_them_failed(talk: Talk) -> None:
    ann = talk.telegram.ann
    refused = {"promptFeedback": {"blockReason": "SAFETY"}}
    talk.painter.will(refused, answered([{"text": "I'd rather talk."}]))
    await ann.say("/x2 a boat")
    await until(talk, "rather talk")
    async with asyncio.timeout(20):
        while await talk.store.conversations.unfinished_keys():  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.02)
    assert {turn.state for turn in await _turns(talk, 2)} == {TurnState.DELIVERED, TurnState.FAILED}


async def test_versions_of_unknown_outcome_are_delivered_one_by_one_as_they_are_chosen(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendMediaGroup", drop="before")
    await ann.say("/x2 a boat")
    await until(talk, "not sure")
    choice = await until(talk, "2 versions")
    await becomes(talk, KEPT, 1)
    await becomes(talk, KEPT, 2)
    await ann.press(choice, "2")
    assert (await ann.answer()).has_picture
    await becomes(talk, DELIVERED, 2)
    await becomes(talk, KEPT, 1)


@pytest.mark.parametrize("drop", ["after", "before"])
async def test_the_button_brings_all_versions_that_may_have_got_lost(talk: Talk, drop: str) -> None:
    ann = talk.telegram.ann
    talk.painter.will(*(answered([picture_part(plain(number))]) for number in (1, 2)), answered([{"text": "No."}]))
    await talk.telegram.fault("sendMediaGroup", drop=drop)
    await ann.say("/x3 a boat")
    told = await until(talk, "not sure")
    await until(talk, "2 versions")
    await ann.press(told, "Show it again")
    *pictures, choice = await ann.answers(3)
    assert [one.has_picture for one in pictures] == [True, True]
    assert "2 versions" in choice.text
    await ann.press(choice, "Read the answer in words")
    assert "No." in (await ann.answer()).text
    for number in range(1, 4):
        await becomes(talk, DELIVERED, number)


async def test_the_button_brings_the_versions_that_no_choice_has_brought(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendMediaGroup", drop="before")
    await ann.say("/x3 a boat")
    told = await until(talk, "not sure")
    await ann.press(await until(talk, "3 versions"), "2")
    assert (await ann.answer()).has_picture
    await ann.press(told, "Show it again")
    *pictures, choice = await ann.answers(3)
    assert [one.has_picture for one in pictures] == [True, True]
    assert "2 versions" in choice.text
    for number in range(1, 4):
        await becomes(talk, DELIVERED, number)


async def test_versions_that_may_not_be_sent_come_all_when_they_may(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.rights(bot_can=BARRED)
    await group.say("/x2@pentimento_bot a boat")
    told, _ = await group.answers(2)
    assert "not allowed to send photos or files" in told.text
    await group.rights(bot_can=ALLOWED)
    await group.press(told, "Show it again")
    *pictures, _ = await group.answers(3)
    assert [one.has_picture for one in pictures] == [True, True]
    for number in range(1, 3):
        await becomes(talk, DELIVERED, number)


async def test_a_reply_to_the_wish_goes_on_from_what_may_have_arrived(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendPhoto", **LOST)
    wish = await ann.say("a boat")
    await until(talk, "not sure")
    await becomes(talk, KEPT)
    await ann.say("warmer", reply_to=wish)
    await until(talk, "Painting 2")
    found = await talk.store.conversations.turn(2)
    assert found is not None
    assert found.parent_id == 1


async def _turns(talk: Talk, count: int) -> list[Any]:
    return [await talk.store.conversations.turn(turn_id) for turn_id in range(1, count + 1)]

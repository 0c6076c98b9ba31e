"""Progress in the chat while people wait."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from storage.records import Key
from storage.tables.next_work import NextWork, NextWorks
from tests.support.people import BORIS, CHEN, Chat, Message
from tests.support.talking import Talk, talking

LIMITED: tuple[int, dict[str, Any]] = (
    429,
    {
        "error": {
            "code": 429,
            "message": "Resource exhausted.",
            "status": "RESOURCE_EXHAUSTED",
            "details": [
                {
                    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
                    "violations": [{"quotaId": "GenerateRequestsPerMinutePerProject"}],
                },
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "6s"},
            ],
        }
    },
)


async def test_in_private_a_draft_with_a_stop_button_shows_the_work(talk: Talk) -> None:
    """No message is spent on it."""
    gate = asyncio.Event()
    talk.painter.will(gate)
    ann = talk.telegram.ann
    await ann.say("a boat")
    await talk.telegram.wait_for(lambda: _draft(talk), 20, "no draft came")
    drafts = await talk.telegram.calls("sendMessageDraft")
    assert "Painting" in drafts[-1]["params"]["text"]
    gate.set()
    assert (await ann.answer()).has_picture
    await ann.silence()


async def test_stopping_the_draft_cancels_the_turn(talk: Talk) -> None:
    """Telegram's Stop button does what /cancel does."""
    talk.painter.will(asyncio.Event())
    ann = talk.telegram.ann
    await ann.say("a boat")
    await talk.telegram.wait_for(lambda: _draft(talk), 20, "no draft came")
    draft = (await talk.telegram.calls("sendMessageDraft"))[-1]["params"]["draft_id"]
    await talk.telegram.post("stop", {"as": ann.person_id, "chat_id": ann.id, "draft_id": draft})
    assert "Stopped" in (await ann.answer()).text
    await ann.say("a tree")
    assert (await ann.answer()).has_picture


async def test_what_comes_just_as_a_turn_begins_is_not_missed(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes when the step has looked for work already, and no call has begun: a cancel, then an edit."""
    ann = talk.telegram.ann
    look, act = NextWorks.of, list[Callable[[], Awaitable[object]]]()

    async def looked(reader: NextWorks, key: Key) -> NextWork:
        found = await look(reader, key)
        if found.turn is not None and act:
            assert found.row is None
            before = {row.update_id for row in await talk.store.inbox.open_updates(key)}
            await act.pop()()
            async with asyncio.timeout(10):
                while not [row for row in await talk.store.inbox.open_updates(key) if row.update_id not in before]:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
        return found

    # In each process.
    monkeypatch.setattr(NextWorks, "of", looked)
    act.append(lambda: ann.say("/cancel"))
    await ann.say("a boat")
    assert "Stopped" in (await ann.answer()).text
    act.append(lambda: ann.edit(wish, "a house"))
    wish = await ann.say("a hoose")
    assert (await ann.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["a house"]


async def test_a_stop_in_a_topic_of_a_private_chat_stops_what_runs_there(talk: Talk) -> None:
    """The topic comes beside the draft's number (Bot API, MessageGenerationStopped)."""
    ann = talk.telegram.ann
    await talk.telegram.post("private-topics", {"as": ann.id, "on": True})
    topic = await ann.open_topic("Harbours")
    gate = talk.painter.hold()
    await topic.say("a boat")
    await talk.painter.called(1)
    stopped = {"chat": {"id": ann.id, "type": "private", "first_name": "Ann"}, "draft_id": 1}
    await talk.telegram.update({"stopped_message_generation": stopped | {"message_thread_id": topic.topic}})
    assert "Stopped" in (await topic.answer()).text
    gate.set()
    await topic.silence()


async def test_a_late_stop_does_not_end_the_next_wish(talk: Talk) -> None:
    """The press names the draft above the button. When it arrives, another wish may be running."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    boat = await talk.store.conversations.latest(1)
    assert boat is not None
    gate = asyncio.Event()
    talk.painter.will(gate)
    await ann.say("a house")
    await talk.painter.called(2)
    stopped = {"chat": {"id": ann.id, "type": "private", "first_name": "Ann"}, "draft_id": boat.id}
    await talk.telegram.update({"stopped_message_generation": stopped})
    await ann.silence()
    gate.set()
    assert (await ann.answer()).has_picture
    await ann.say("now red")
    assert (await ann.answer()).has_picture
    await ann.silence()


async def test_a_server_that_does_not_know_drafts_is_asked_once(talk: Talk) -> None:
    """It answers 404, as it does to a wrong token. A wait is then announced by a message, as in a group."""
    await talk.telegram.fault("sendMessageDraft", status=404, description="Not Found: method not found", times=-1)
    talk.painter.will(LIMITED)
    ann = talk.telegram.ann
    await ann.say("a boat")
    told = await ann.answer()
    assert "try again in" in told.text
    assert [*told.buttons] == ["Cancel"]
    assert (await ann.answer(15)).has_picture
    assert len(await talk.telegram.calls("sendMessageDraft")) == 1


async def test_a_wait_counts_down_in_the_draft(talk: Talk) -> None:
    """A 429 with a delay is announced and waited for."""
    talk.painter.will(LIMITED)
    ann = talk.telegram.ann
    await ann.say("a boat")
    await talk.telegram.wait_for(lambda: _draft(talk, "try again in"), 5, "no countdown came")
    assert (await ann.answer(15)).has_picture


async def test_in_a_group_a_wait_is_one_message_with_a_cancel_button(talk: Talk) -> None:
    """Groups have no drafts."""
    talk.painter.will(LIMITED)
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot a boat")
    told = await group.answer()
    assert "try again in" in told.text
    await group.press(told, "Cancel")
    assert "Stopped" in (await group.answer()).text
    await group.silence()


async def test_the_cancel_button_goes_when_its_turn_has_ended(talk: Talk) -> None:
    """Otherwise somebody could press it for another turn."""
    talk.painter.will(LIMITED)
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot a boat")
    told = await group.answer()
    assert [*told.buttons] == ["Cancel"]
    assert (await group.answer(15)).has_picture
    await talk.telegram.wait_for(lambda: _gone(group, told), 20, "the button stayed")


async def test_a_cancel_button_that_was_left_stops_no_other_turn(talk: Talk) -> None:
    """As one of a process that was killed: Boris presses it while Chen's house is painted."""
    await talk.telegram.fault("deleteMessage", status=400, description="Bad Request: message can't be deleted")
    talk.painter.will(LIMITED)
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot a boat")
    told = await group.answer()
    assert (await group.answer(15)).has_picture
    gate = asyncio.Event()
    talk.painter.will(gate)
    await group.seen_by(CHEN).say("/edit@pentimento_bot a house")
    await talk.painter.called(3)
    await group.seen_by(BORIS).press(told, "Cancel")
    await group.silence()
    gate.set()
    house, nothing = await group.answers(2)
    assert house.has_picture
    assert "not painting anything" in nothing.text


async def test_a_cancel_button_of_several_versions_stops_them_all(talk: Talk) -> None:
    talk.painter.will(LIMITED, *[asyncio.Event() for _ in range(4)])
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot /x4 a boat")
    told = await group.answer()
    await group.press(told, "Cancel")
    assert "Stopped" in (await group.answer()).text
    talk.painter.script.clear()
    # The limit belongs to the key, so it holds for the next version as well.
    await group.say("/edit@pentimento_bot a house")
    assert "next in line" in (await group.answer()).text
    assert (await group.answer(15)).has_picture
    await group.silence()


async def _gone(chat: Chat, message: Message) -> bool | None:
    return None if message.id in [one.id for one in await chat.history()] else True


async def _draft(talk: Talk, words: str = "") -> bool | None:
    drafts = await talk.telegram.calls("sendMessageDraft")
    return True if any(words in draft["params"].get("text", "") for draft in drafts) else None


async def test_a_place_that_is_slow_to_be_told_holds_nobody_up(tmp_path: Path) -> None:
    """In a group it is a message, for which Telegram or its limits may take a while; the provider is free before."""
    async with talking(tmp_path, max_parallel_calls=1) as talk:
        group = await talk.telegram.group()
        await group.answer()
        gate = talk.painter.hold()
        await talk.telegram.ann.say("a boat")
        await talk.painter.called(1)
        await talk.telegram.fault("sendMessage", chat_id=group.id, delay_s=6)
        await group.say("/edit@pentimento_bot a tree")
        await talk.telegram.fault_met()
        gate.set()
        await talk.painter.called(2, timeout_s=4)
        assert (await group.answer()).has_picture


async def test_who_waits_for_the_provider_sees_the_place_in_line(tmp_path: Path) -> None:
    """One call at a time: the second person is next, and the draft says so."""
    async with talking(tmp_path, max_parallel_calls=1) as talk:
        gate = asyncio.Event()
        talk.painter.will(gate)
        await talk.telegram.ann.say("a boat")
        await talk.telegram.wait_for(lambda: _draft(talk), 10, "no draft came")
        await talk.telegram.boris.say("a tree")
        await talk.telegram.wait_for(lambda: _draft(talk, "next in line"), 10, "no place was told")
        gate.set()
        assert (await talk.telegram.ann.answer()).has_picture
        assert (await talk.telegram.boris.answer()).has_picture

"""Paid pictures reach people: what could not be sent waits for a sign of life, and is never said to be delivered.

python-telegram-bot makes InvalidToken of every 401 and 404 (_baserequest.py), also of those of a proxy, of a server
that moves, and of a file's address.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.chat import failures
from storage.records import KeptBack, Key, TurnState
from tests.support.people import ANN, BORIS
from tests.support.pictures import picture
from tests.support.talking import Talk, in_files, talking

REJECTED = [{"status": 401}, {"status": 404}]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the network two tries instead of two minutes of them."""
    monkeypatch.setattr(failures, "NETWORK_TRIES", 2)


async def state_of(talk: Talk, turn_id: int = 1) -> tuple[TurnState, KeptBack | None] | None:
    turn = await talk.store.conversations.turn(turn_id)
    return (turn.state, turn.kept_back) if turn else None


async def becomes(talk: Talk, state: TurnState, kept_back: KeptBack | None, turn_id: int = 1) -> None:
    """Wait until a turn has come so far."""
    async with asyncio.timeout(20):
        while await state_of(talk, turn_id) != (state, kept_back):  # noqa: ASYNC110 - the store tells nobody
            await asyncio.sleep(0.02)


async def no_sends(talk: Talk, chat_id: int, times: int = -1, **how: Any) -> None:
    """Let nothing that shows get through to a chat."""
    for method in ("sendPhoto", "sendDocument", "sendMessage", "sendMediaGroup"):
        await talk.telegram.fault(method, chat_id=chat_id, times=times, **how)


async def mend(talk: Talk) -> None:
    await talk.telegram.http.delete("/sandbox/faults")


@pytest.mark.parametrize("rejected", REJECTED)
async def test_seconds_of_rejection_lose_no_picture_and_no_word(talk: Talk, rejected: dict[str, int]) -> None:
    ann = talk.telegram.ann
    await no_sends(talk, ANN, times=2, **rejected)
    await ann.say("/help")
    assert "How it works" in (await ann.answer()).text
    await mend(talk)
    await no_sends(talk, ANN, times=2, **rejected)
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    await becomes(talk, TurnState.DELIVERED, None)
    await talk.telegram.boris.silence()


@pytest.mark.parametrize("rejected", REJECTED)
async def test_seconds_of_rejection_lose_no_photo_that_was_sent(talk: Talk, rejected: dict[str, int]) -> None:
    """getFile and the file's own address answer so alike."""
    ann = talk.telegram.ann
    await talk.telegram.fault("getFile", times=1, **rejected)
    await talk.telegram.fault("download", times=1, **rejected)
    await ann.photo(picture(), "make it warm")
    assert (await ann.answer(30)).has_picture
    assert len(talk.painter.calls[-1].pictures) == 1
    await talk.telegram.boris.silence()


@pytest.mark.usefixtures("impatient")
async def test_a_picture_that_never_got_through_comes_when_the_person_writes_next(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """The notice about it failed as well, so the person could never ask for the picture. A restart changes nothing."""
    ann = talk.telegram.ann
    await no_sends(talk, ANN, status=404)
    await ann.say("a boat")
    await becomes(talk, TurnState.ANSWERED, KeptBack.UNANNOUNCED)
    assert "nobody knows of its answer yet" in caplog.text
    await mend(talk)
    await talk.restart()
    await ann.silence()
    await ann.say("/help")
    helped, boat = await ann.answers(2)
    assert "How it works" in helped.text
    assert boat.has_picture
    await becomes(talk, TurnState.DELIVERED, None)
    await ann.say("warmer", reply_to=boat)
    assert (await ann.answer()).has_picture
    assert len(talk.painter.calls) == 2


@pytest.mark.usefixtures("impatient")
async def test_a_refused_wish_of_which_nobody_heard_is_told_at_the_next_sign_of_life(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will({"promptFeedback": {"blockReason": "SAFETY"}})
    await no_sends(talk, ANN, status=401)
    await ann.say("a boat")
    await becomes(talk, TurnState.FAILING, KeptBack.UNANNOUNCED)
    await mend(talk)
    await ann.say("/help")
    _, refused = await ann.answers(2)
    assert not refused.has_picture
    await becomes(talk, TurnState.FAILED, None)


@pytest.mark.usefixtures("impatient")
async def test_versions_that_never_got_through_come_together(talk: Talk) -> None:
    ann = talk.telegram.ann
    await no_sends(talk, ANN, status=404)
    await ann.say("/x2 a boat")
    await becomes(talk, TurnState.ANSWERED, KeptBack.UNANNOUNCED)
    await mend(talk)
    await ann.say("/help")
    _, first, second, choice = await ann.answers(4)
    assert [first.has_picture, second.has_picture] == [True, True]
    assert len(choice.buttons) >= 2
    for turn_id in (1, 2):
        await becomes(talk, TurnState.DELIVERED, None, turn_id)


async def test_one_that_was_told_of_comes_by_its_button_and_not_by_itself(talk: Talk) -> None:
    """Telegram refuses this picture. Each new message of the person would try it again, without end."""
    ann = talk.telegram.ann
    refusal = {"status": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED", "times": -1}
    for method in ("sendPhoto", "sendDocument"):
        await talk.telegram.fault(method, chat_id=ANN, **refusal)
    await ann.say("a boat")
    told = await ann.answer()
    assert "Telegram did not accept it" in told.text
    await becomes(talk, TurnState.ANSWERED, KeptBack.ANNOUNCED)
    await mend(talk)
    await ann.say("/help")
    assert "How it works" in (await ann.answer()).text
    await ann.silence()
    await ann.press(told, "Show it again")
    assert (await ann.answer()).has_picture
    await becomes(talk, TurnState.DELIVERED, None)


async def test_who_blocked_the_bot_finds_the_picture_after_coming_back(talk: Talk) -> None:
    ann = talk.telegram.ann
    gate = talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await talk.telegram.fault("sendPhoto", status=403, description="Forbidden: bot was blocked by the user")
    gate.set()
    await becomes(talk, TurnState.ANSWERED, KeptBack.UNANNOUNCED)
    await ann.say("/start")
    hello, boat = await ann.answers(2)
    assert "Hi!" in hello.text
    assert boat.has_picture


@pytest.mark.usefixtures("impatient")
async def test_talk_among_people_is_no_sign_of_life(talk: Talk) -> None:
    group = await talk.telegram.group(bot_admin=True)
    await group.answer()
    await no_sends(talk, group.id, status=404)
    await group.say("/edit@pentimento_bot a boat")
    await becomes(talk, TurnState.ANSWERED, KeptBack.UNANNOUNCED)
    await mend(talk)
    await group.say("lunch?")
    await group.silence()
    await group.seen_by(BORIS).say("/help@pentimento_bot")
    _, boat = await group.answers(2)
    assert boat.has_picture


@pytest.mark.usefixtures("impatient")
async def test_after_a_bad_week_three_answers_come_at_a_time(talk: Talk) -> None:
    ann = talk.telegram.ann
    await no_sends(talk, ANN, status=404)
    for number in range(1, 6):
        await ann.say(f"boat {number}")
        await becomes(talk, TurnState.ANSWERED, KeptBack.UNANNOUNCED, number)
        await asyncio.sleep(0.05)
        async with talk.store.database.begin() as connection:
            # Each wish is itself a sign of life; here none was one yet.
            await connection.execute(text("UPDATE turns SET kept_back = 'untold'"))
    await mend(talk)
    await ann.say("/help")
    assert [one.has_picture for one in await ann.answers(4)] == [False, True, True, True]
    await ann.silence()
    await ann.say("/help")
    assert [one.has_picture for one in await ann.answers(3)] == [False, True, True]
    await ann.silence()


async def test_what_is_kept_back_holds_nothing_up_and_waits_for_nothing(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    async with talk.store.database.begin() as connection:
        await connection.execute(text("UPDATE turns SET state = 'answered', kept_back = 'untold'"))
    assert await talk.store.conversations.unfinished_keys() == []
    assert await talk.store.conversations.count_unfinished() == 0
    assert await talk.store.conversations.next_unfinished(Key(ANN, 0)) is None
    await talk.restart()
    await ann.silence()


async def test_rejection_of_everything_ends_the_process_and_nothing_is_lost(tmp_path: Path) -> None:
    """Polling finds out that the token is not accepted; the next start, with the right one, brings the answer."""
    async with talking(tmp_path) as talk:
        ann = talk.telegram.ann
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(1)
        await no_sends(talk, ANN, status=401)
        gate.set()
        await talk.telegram.wait_for(lambda: _tried(talk, 3), 20, "it was not tried again")
        await becomes(talk, TurnState.ANSWERED, None)
        await talk.stop()
        await mend(talk)
        await talk.start()
        assert (await ann.answer()).has_picture


async def _tried(talk: Talk, times: int) -> bool | None:
    return len(await talk.telegram.calls("sendPhoto")) >= times or None


@in_files
async def test_a_server_that_keeps_files_elsewhere_says_so_once_and_never_its_token(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """tdlib/telegram-bot-api#381, python-telegram-bot#2474: with --local it names a path on its own disk."""
    caplog.set_level(logging.DEBUG)
    ann = talk.telegram.ann
    path = f"/var/lib/telegram-bot-api/{talk.telegram.token}/photos/file_0.jpg"
    found = {"ok": True, "result": {"file_id": "a", "file_unique_id": "b", "file_path": path}}
    await talk.telegram.fault("getFile", body=found)
    await ann.photo(picture(), "make it warm")
    assert "something is set up wrong where I run" in (await ann.answer()).text
    await ann.silence()
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert [line for line in lines if "runs with --local" in line] == lines
    assert len(lines) == 1
    from_us = [record for record in caplog.records if record.name.startswith("bot.") and "sandbox" not in record.name]
    assert not any(talk.telegram.token in record.getMessage() for record in from_us)

"""Several processes behave like one for people."""

from __future__ import annotations

import asyncio
import json
import os
import time

import pytest
from sqlalchemy import text

from bot.dispatch.base import ProcessRole
from bot.providers.base import Answer
from bot.providers.calls.raw_answer import dump
from bot.turns.call_journal import mark_of
from storage.engine.database import Database
from storage.records import Key, TurnState
from tests.cluster.crew import Crew
from tests.support.painter import answered, picture_part, plain
from tests.support.records import TERMS, new_turn

pytestmark = pytest.mark.database

WISHES = ("a boat", "warmer", "with a moon")


async def test_a_receiver_and_two_workers_answer_in_order_and_once(crew: Crew) -> None:
    for part in (ProcessRole.RECEIVE, ProcessRole.WORK, ProcessRole.WORK):
        await crew.hire(part)
    people = [await crew.telegram.newcomer(f"Person {number}") for number in range(4)]
    crew.painter.delay_s = 0.05

    async def all_at_once(number: int) -> None:
        for wish in WISHES:
            await people[number].say(f"{number}: {wish}")
        answers = await people[number].answers(len(WISHES))
        assert all(answer.has_picture for answer in answers)

    await asyncio.gather(*(all_at_once(number) for number in range(len(people))))
    for number in range(len(people)):
        mine = [call.wish for call in crew.painter.calls if call.wish.startswith(f"{number}: ")]
        assert mine == [f"{number}: {wish}" for wish in WISHES]


async def test_cancel_reaches_the_worker_through_any_receiver(crew: Crew) -> None:
    await crew.hire(ProcessRole.WORK)
    await crew.hire(ProcessRole.RECEIVE)
    ann = crew.telegram.ann
    crew.painter.hold()
    await ann.say("a boat")
    await crew.painter.called(1)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text


async def test_a_burst_is_turned_away_at_once_and_once(crew: Crew) -> None:
    crew.settings["max_waiting_turns"] = 1
    await crew.hire(ProcessRole.RECEIVE)
    await crew.hire(ProcessRole.WORK)
    ann, gate = crew.telegram.ann, crew.painter.hold()
    await ann.say("a boat")
    await crew.painter.called(1)
    for number in range(3):
        await ann.say(f"more {number}")
    assert "wait" in (await ann.answer()).text
    gate.set()
    answers = await ann.answers(2)
    assert all(answer.has_picture for answer in answers)
    await ann.silence(0.5)


async def test_the_calls_of_all_workers_together_are_bounded(crew: Crew) -> None:
    crew.settings["max_parallel_calls"] = 2
    crew.painter.delay_s = 1.0
    for part in (ProcessRole.ALL, ProcessRole.WORK, ProcessRole.WORK):
        await crew.hire(part)
    people = [await crew.telegram.newcomer(f"Person {number}") for number in range(7)]
    for person in people:
        await person.say("a boat")
    for person in people:
        assert (await person.answer()).has_picture
    assert crew.painter.most_running == 2


async def test_the_workers_learn_together_how_many_calls_a_provider_takes(crew: Crew) -> None:
    """If one of them is refused, all of them know it."""
    crew.painter.takes, crew.painter.delay_s = 3, 1.0
    for part in (ProcessRole.ALL, ProcessRole.WORK, ProcessRole.WORK):
        await crew.hire(part)
    people = [await crew.telegram.newcomer(f"Person {number}") for number in range(30)]
    for person in people:
        await person.say("a boat")
    for person in people:
        assert (await person.answer(90)).has_picture
    print(f"{crew.painter.refused} calls refused")
    assert 0 < crew.painter.refused <= len(people)
    assert crew.painter.most_running == 3


@pytest.mark.torture
async def test_the_messages_of_all_workers_together_keep_a_chats_limit(crew: Crew) -> None:
    crew.settings["telegram_limits"] = True
    for part in (ProcessRole.RECEIVE, ProcessRole.WORK, ProcessRole.WORK):
        await crew.hire(part)
    ann = crew.telegram.ann
    began = time.monotonic()
    for _ in range(4):
        await ann.say("/start")
    await ann.answers(4)
    assert time.monotonic() - began > 2.5


async def test_a_group_that_moves_is_painted_for_once(crew: Crew) -> None:
    for part in (ProcessRole.ALL, ProcessRole.WORK, ProcessRole.WORK):
        await crew.hire(part)
    group = await crew.telegram.group("Harbour", by=crew.telegram.ann.person_id, members=())
    gate = crew.painter.hold()
    await group.say("/edit@pentimento_bot a boat")
    await crew.painter.called(1)
    moved = await group.upgrade()
    await moved.say("/help@pentimento_bot")
    await asyncio.sleep(1)
    gate.set()
    answers = await moved.answers(2)
    assert any(answer.has_picture for answer in answers)
    assert len(crew.painter.calls) == 1


async def test_an_update_without_its_job_is_not_stored(crew: Crew) -> None:
    """If the two were written separately, a crash in between would leave an update without a worker."""
    await crew.hire(ProcessRole.WORK)
    member = await crew.hire(ProcessRole.RECEIVE)
    database = member.running.store.database
    broken = "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''disk full''; END'"
    await _run(database, broken)
    await _run(
        database, "CREATE TRIGGER broken BEFORE INSERT ON procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION broken()"
    )
    await crew.telegram.ann.say("a boat")
    await asyncio.sleep(0.3)
    async with database.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one() == 0
    assert len(await crew.telegram.queue()) == 1
    await _run(database, "DROP TRIGGER broken ON procrastinate_jobs")
    assert (await crew.telegram.ann.answer()).has_picture
    async with database.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one() == 1


async def test_a_worker_that_stops_hands_its_turn_over(crew: Crew) -> None:
    await crew.hire(ProcessRole.RECEIVE)
    first = await crew.hire(ProcessRole.WORK)
    crew.painter.hold()
    await crew.telegram.ann.say("a boat")
    await crew.painter.called(1)
    await crew.hire(ProcessRole.WORK)
    assert await first.stop(0.1) is False
    crew.members.remove(first)
    assert (await crew.telegram.ann.answer()).has_picture
    assert len(crew.painter.calls) == 2


async def test_what_was_paid_for_and_cancelled_by_a_worker_that_died_stays_in_the_tree(crew: Crew) -> None:
    store = (await crew.hire(ProcessRole.RECEIVE)).running.store
    conversation = await store.conversations.open(Key(crew.telegram.ann.id, 0))
    wishes = [await store.conversations.take(new_turn(conversation.id), [], []) for _ in range(4)]
    cancelled, finished, _, left = wishes
    body = json.dumps(answered([picture_part(plain(1))])).encode()
    answer = Answer(status=200, content_type="application/json", body=body)
    for turn in wishes:
        await store.conversations.begin_call(turn.id, terms=TERMS)
        await store.media.keep_raw_answer(turn.id, 1, dump(answer, mark_of(turn)))
        failed = turn in (finished, left)
        await store.conversations.set_state(turn.id, TurnState.FAILED if failed else TurnState.CANCELLED)
    for turn in (cancelled, finished):
        path = crew.folder / "media" / "answers" / f"{turn.id}-1"
        os.utime(path, (path.stat().st_mtime - 3600,) * 2)
    await crew.hire(ProcessRole.WORK)
    async with asyncio.timeout(30):
        # What is young and not cancelled may be at work elsewhere. What was cancelled costs what it says at once.
        while await store.media.raw_answers() != {left.id: 1}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    kept = [await store.conversations.turn(turn.id) for turn in wishes]
    assert [bool(turn and turn.reply) for turn in kept] == [True, False, True, False]
    assert (await store.conversations.open(conversation.key)).head_id is None
    await crew.telegram.ann.silence()


async def test_a_cut_leader_leaves_the_polling_to_another(crew: Crew) -> None:
    for _ in range(2):
        await crew.hire(ProcessRole.RECEIVE)
    member = await crew.hire(ProcessRole.WORK)
    ann = crew.telegram.ann
    for _ in range(2):
        await ann.say("/start")
        await ann.answer()
        await _cut_leader(member.running.store.database)
    await ann.say("a boat")
    assert (await ann.answer()).has_picture


async def _cut_leader(database: Database) -> None:
    """End the session of the leader, which holds the one advisory lock of its kind."""
    cut = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with asyncio.timeout(30), database.connect() as connection:
        # Between two leaders there is none for a moment.
        while not (await connection.execute(cut)).all():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def _run(database: Database, statement: str) -> None:
    async with database.begin() as connection:
        await connection.execute(text(statement))

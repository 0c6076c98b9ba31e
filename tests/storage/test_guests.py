"""Guests on both databases: the first decision counts, and kept wishes go with it in one transaction."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from storage.books.values import Allowance, Scope
from storage.care.forgetting import Asked
from storage.guests.values import Person, Question, Spending, Standing
from storage.records import Author, Key, TurnState
from storage.store import Store
from tests.support.old_stores import make_old_store, migrated
from tests.support.records import ANNE, TERMS, new_turn, outcome

BORIS, CHEN = Author(id=8, name="Boris"), Author(id=9, name="Chen")
HOME, GROUP = Key(ANNE.id, 0), Key(-100, 3)


async def wait_for_an_owner(store: Store, key: Key, *numbers: int) -> None:
    """Let somebody ask, with some updates."""
    await store.guests.ask(key.chat_id, "Anne", "de")
    await store.inbox.add([(key, {"update_id": number}) for number in numbers])
    assert await store.guests.keep(key.chat_id, numbers)


async def test_what_is_kept_waits_for_nobody_and_is_new_for_whom_is_admitted(store: Store) -> None:
    await wait_for_an_owner(store, GROUP, 1, 2)
    assert (await store.next_work.of(GROUP)).row is None
    assert await store.inbox.keys() == []
    assert [row.update_id for row in await store.guests.kept(GROUP.chat_id)] == [1, 2]
    decided = await store.guests.decide(GROUP.chat_id, Standing.ADMITTED, BORIS, undecided=True)
    assert decided is not None
    assert (decided.first, decided.keys, decided.guest.by) == (True, (GROUP,), BORIS)
    row = (await store.next_work.of(GROUP)).row
    assert row is not None
    assert (row.update_id, row.payload) == (1, {"update_id": 1})
    assert not await store.guests.kept(GROUP.chat_id)


@pytest.mark.parametrize("news", ["guest", "conversation"])
async def test_a_supergroup_of_which_something_is_stored_while_its_group_moves(store: Store, news: str) -> None:
    await store.guests.decide(-5, Standing.ADMITTED, BORIS)
    await store.conversations.open(Key(-5, 0))
    rows = {
        "guest": "INSERT INTO guests (id, standing, name, language, told, by_name, questions, begun_at)"
        " VALUES (-1005, 'asked', '', '', :no, '', '[]', 1)",
        "conversation": "INSERT INTO conversations (chat_id, topic_id, redo, settings) VALUES (-1005, 0, '[]', '{}')",
    }
    moving: asyncio.Task[None] | None = None
    async with store.database.begin() as connection:
        await connection.execute(text(rows[news]), {"no": False} if news == "guest" else {})
        if connection.dialect.name == "postgresql":
            moving = asyncio.create_task(store.chats.migrate(-5, -1005))
            await asyncio.sleep(0.5)
    await (moving or store.chats.migrate(-5, -1005))
    assert (await store.guests.of(-1005))[-1005].standing is Standing.ADMITTED
    assert await store.conversations.settings(Key(-5, 0)) == {}


@pytest.mark.parametrize("standing", [Standing.ADMITTED, Standing.BLOCKED])
async def test_what_a_supergroup_kept_goes_the_way_of_its_group(store: Store, standing: Standing) -> None:
    await store.guests.decide(-5, standing, BORIS)
    await wait_for_an_owner(store, GROUP, 1)
    await store.chats.migrate(-5, GROUP.chat_id)
    assert not await store.guests.kept(GROUP.chat_id)
    row = (await store.next_work.of(GROUP)).row
    assert (row is not None) == (standing is Standing.ADMITTED)


@pytest.mark.parametrize("standing", [Standing.REFUSED, Standing.BLOCKED])
async def test_what_is_kept_ends_with_a_refusal(store: Store, standing: Standing) -> None:
    await wait_for_an_owner(store, HOME, 1)
    await store.guests.decide(HOME.chat_id, standing, BORIS, undecided=True)
    assert not await store.guests.kept(HOME.chat_id)
    await store.guests.decide(HOME.chat_id, Standing.ADMITTED, BORIS)
    assert (await store.next_work.of(HOME)).row is None


async def test_of_many_owners_at_once_the_first_decides(store: Store) -> None:
    await wait_for_an_owner(store, HOME, 1)
    every = [Standing.ADMITTED, Standing.REFUSED, Standing.BLOCKED] * 4
    deeds = [
        store.guests.decide(HOME.chat_id, one, Author(id=n, name=f"{n}"), undecided=True) for n, one in enumerate(every)
    ]
    found = [decided for decided in await asyncio.gather(*deeds) if decided is not None]
    assert len(found) == len(every)
    (first,) = (decided.guest for decided in found if decided.first)
    assert {(decided.guest.standing, decided.guest.by) for decided in found} == {(first.standing, first.by)}


async def test_nothing_is_kept_of_somebody_about_whom_was_decided(store: Store) -> None:
    """The owner was faster than the process that keeps the wish; it takes the update anew."""
    await store.guests.ask(HOME.chat_id, "Anne", "de")
    await store.inbox.add([(HOME, {"update_id": 1})])
    await store.guests.decide(HOME.chat_id, Standing.ADMITTED, BORIS, undecided=True)
    assert not await store.guests.keep(HOME.chat_id, [1])
    assert (await store.next_work.of(HOME)).row is not None


async def test_a_question_about_nobody_decides_nothing(store: Store) -> None:
    assert await store.guests.decide(5, Standing.ADMITTED, BORIS, undecided=True) is None
    assert await store.guests.of(5) == {}


async def test_a_block_ends_the_turns_of_one_person_and_those_that_begin_meanwhile(store: Store) -> None:
    group = await store.conversations.open(GROUP)
    hers, others = new_turn(group.id), new_turn(group.id, author=BORIS)
    mine = await store.conversations.take(hers, (), ())
    theirs = await store.conversations.take(others, (), ())
    asked_for = await store.conversations.take(new_turn(group.id, author=BORIS, asker=ANNE), (), ())
    await store.guests.decide(ANNE.id, Standing.BLOCKED, BORIS)
    announced: list[int] = []

    async def announce(_: object, turn_ids: Collection[int]) -> None:
        announced.extend(turn_ids)

    assert await store.guests.end_turns(ANNE.id, announce) == [mine.id, asked_for.id] == announced
    states = [await store.conversations.turn(turn.id) for turn in (mine, theirs, asked_for)]
    assert [turn and turn.state for turn in states] == [TurnState.CANCELLED, TurnState.ACCEPTED, TurnState.CANCELLED]
    assert not (await store.next_work.of(GROUP)).barred
    await store.conversations.cancel(theirs)
    late = await store.conversations.take(hers, (), ())
    work = await store.next_work.of(GROUP)
    assert (work.turn and work.turn.id, work.barred) == (late.id, True)


async def test_a_block_of_a_group_ends_what_everybody_there_asked_for(store: Store) -> None:
    group, home = await store.conversations.open(GROUP), await store.conversations.open(HOME)
    there = await store.conversations.take(new_turn(group.id, author=BORIS), (), ())
    await store.conversations.take(new_turn(home.id), (), ())
    await store.guests.decide(GROUP.chat_id, Standing.BLOCKED, CHEN)
    assert await store.guests.end_turns(GROUP.chat_id) == [there.id]


async def test_a_decision_goes_along_when_a_group_becomes_a_supergroup(store: Store) -> None:
    await wait_for_an_owner(store, GROUP, 1)
    await store.guests.ask(-200, "News that came first", "")
    await store.chats.migrate(GROUP.chat_id, -200)
    assert [row.key for row in await store.guests.kept(-200)] == [Key(-200, 3)]
    guests = await store.guests.of(GROUP.chat_id, -200)
    assert [(guest.id, guest.name) for guest in guests.values()] == [(-200, "Anne")]


async def test_who_is_forgotten_keeps_number_and_block_without_a_name(store: Store) -> None:
    await wait_for_an_owner(store, HOME, 1)
    await store.guests.note_question(HOME.chat_id, Question(owner_id=8, message_id=77))
    await store.guests.decide(HOME.chat_id, Standing.BLOCKED, BORIS, name="Anne")
    await store.forgetting.person(HOME.chat_id)
    guest = (await store.guests.of(HOME.chat_id))[HOME.chat_id]
    assert (guest.standing, guest.name, guest.language) == (Standing.BLOCKED, "", "")
    # So that the messages to owners can still be changed.
    assert guest.questions == (Question(owner_id=8, message_id=77),)
    assert guest.by == BORIS
    await store.forgetting.person(BORIS.id)
    guest = (await store.guests.of(HOME.chat_id))[HOME.chat_id]
    assert (guest.standing, guest.by) == (Standing.BLOCKED, Author(id=BORIS.id, name=""))


async def test_a_kept_wish_goes_with_its_person(store: Store) -> None:
    await wait_for_an_owner(store, HOME, 1)
    await store.guests.ask(GROUP.chat_id, "Painters", "")
    payload = {"update_id": 2, "message": {"from": {"id": ANNE.id}, "text": "a secret"}}
    await store.inbox.add([(GROUP, payload)])
    await store.guests.keep(GROUP.chat_id, [2])
    await store.inbox.add([(HOME, {"update_id": 3})])
    await store.forgetting.person(ANNE.id, Asked(update_id=3, notice=lambda _: {"key": "forgotten-person"}))
    async with store.database.connect() as connection:
        kept = (await connection.execute(text("SELECT payload FROM inbox"))).scalars().all()
    assert "secret" not in "".join(kept)


async def test_people_are_listed_newest_first_with_what_they_spent(store: Store) -> None:
    talks = [await store.conversations.open(Key(author.id, 0)) for author in (ANNE, BORIS)]
    for talk, author, cost in ((talks[0], ANNE, 40_000), (talks[1], BORIS, 20_000), (talks[1], BORIS, None)):
        turn = await store.conversations.take(new_turn(talk.id, author=author), (), ())
        await store.conversations.begin_call(turn.id, terms=TERMS)
        await store.conversations.store_answer(turn, outcome(turn.id, cost_micro_usd=cost))
    await store.guests.ask(CHEN.id, "Chen", "")
    await store.books.allow(Scope.PERSON, CHEN.id, Allowance(day_pictures=3))
    page = await store.people.page(today=TERMS.day, start=0, most=10)
    both = Spending(pictures=2, cost_micro_usd=20_000)
    assert page == [
        Person(id=CHEN.id, name="Chen", standing=Standing.ASKED, allowance=Allowance(day_pictures=3)),
        Person(id=BORIS.id, name="Boris", standing=None, today=both, month=both),
        Person(
            id=ANNE.id,
            name=ANNE.name,
            standing=None,
            today=Spending(pictures=1, cost_micro_usd=40_000),
            month=Spending(pictures=1, cost_micro_usd=40_000),
        ),
    ]
    (boris,) = await store.people.page(today="2026-11-29", start=1, most=1)
    assert (boris.id, boris.today, boris.month) == (BORIS.id, Spending(), both)
    assert [one.month for one in await store.people.page(today="2026-12-01", start=1, most=1)] == [Spending()]
    assert await store.people.name(ANNE.id) == ANNE.name


async def test_a_store_of_the_version_before_knows_no_guests_and_gets_some(
    database_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgresql").empty_database() if "postgresql" in database_url else database_url
    await make_old_store(url)
    await migrated(url, "0007")
    store = await Store.open(url, str(tmp_path / "media"))
    people = await store.people.page(today=TERMS.day, start=0, most=10)
    assert {one.id for one in people} == {1001, 1002}
    blocked = await store.guests.decide(1001, Standing.BLOCKED, BORIS)
    assert blocked is not None
    assert await store.guests.end_turns(1001) == [4]
    await store.close()


async def test_the_list_walks_over_an_index_and_reads_the_turns_of_its_page_alone(tmp_path: Path) -> None:
    """5,000 people with 100,000 turns take 50 ms of processor time, where the table itself would take seconds."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/tree.db", str(tmp_path / "media"))
    seen: list[tuple[str, Any]] = []
    for engine in store.database.engines:
        event.listen(
            engine.sync_engine,
            "before_cursor_execute",
            lambda _connection, _cursor, statement, values, *_: seen.append((statement, values)),
        )
    talk = await store.conversations.open(HOME)
    await store.conversations.take(new_turn(talk.id), (), ())
    seen.clear()
    assert await store.people.page(today=TERMS.day, start=0, most=8)
    await store.close()
    with closing(sqlite3.connect(tmp_path / "tree.db")) as connection:
        steps = [row[3] for said, values in seen for row in connection.execute(f"EXPLAIN QUERY PLAN {said}", values)]
    walks = sorted(step for step in steps if step.startswith("SCAN turns"))
    assert walks == ["SCAN turns USING COVERING INDEX ix_turns_author_id_created_at"]

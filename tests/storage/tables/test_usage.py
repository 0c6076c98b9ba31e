"""What people spent, summed up."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import text

from storage.books.values import Listened
from storage.records import Key
from storage.store import Store
from storage.tables.usage import _BUSIEST, _OWN, Spent
from tests.support.records import ANNE, HOME, new_turn, outcome

BO = replace(ANNE, id=8, name="Bo")


async def spend(store: Store, number: int, cost: int | None, author: object = ANNE) -> None:
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id, author=author), (), ())
    shown = {} if number else {"shown": (), "media": ()}
    await store.conversations.store_answer(turn, outcome(number, cost_micro_usd=cost, **shown))


async def test_turns_pictures_and_money_are_summed_for_each_person(store: Store) -> None:
    for number, cost, author in [(1, 39_000, ANNE), (2, None, ANNE), (0, 1_000, ANNE), (3, 2**40, BO)]:
        await spend(store, number, cost, author)
    await store.conversations.take(new_turn((await store.conversations.open(HOME)).id), (), ())
    anne = Spent(author_id=7, author_name="Anne", turns=3, pictures=2, cost_micro_usd=40_000, unpriced=1)
    bo = Spent(author_id=8, author_name="Bo", turns=1, pictures=1, cost_micro_usd=2**40, unpriced=0)
    assert await store.usage.everybody() == [anne, bo]
    assert await store.usage.everybody(limit=1) == [anne]
    assert await store.usage.of(7) == anne
    for name in Spent.__slots__:
        assert type(getattr(await store.usage.of(7), name)) in (int, str)


async def test_what_was_forgotten_stays_in_the_sums_without_a_name(store: Store) -> None:
    await spend(store, 1, 39_000, BO)
    await spend(store, 2, 1_000)
    await store.forgetting.conversation(HOME)
    await spend(store, 3, None)
    anne = Spent(author_id=7, author_name="Anne", turns=1, pictures=1, cost_micro_usd=0, unpriced=1)
    gone = Spent(author_id=0, author_name="", turns=2, pictures=2, cost_micro_usd=40_000, unpriced=0)
    assert await store.usage.everybody() == [anne, gone]


async def test_a_repeat_counts_for_the_person_who_asked_for_it(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id, asker=BO), (), ())
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=39_000))
    bo = Spent(author_id=8, author_name="Bo", turns=1, pictures=1, cost_micro_usd=39_000, unpriced=0)
    assert await store.usage.everybody() == [bo]
    assert (await store.usage.of(8), await store.usage.of(7)) == (bo, None)


async def test_what_people_spent_is_read_from_indexes_alone(store: Store) -> None:
    """A look at each of 100,000 turns took a second."""
    if store.database.engine.dialect.name != "sqlite":
        # PostgreSQL chooses by the size of its tables.
        return
    for statement, given in ((_BUSIEST, {"most": 20}), (_OWN, {"person": 7, "most": 1})):
        async with store.database.connect() as connection:
            plan = (await connection.execute(text(f"EXPLAIN QUERY PLAN {statement}"), given)).all()
        steps = [row.detail for row in plan if " turns" in row.detail]
        assert steps
        assert all("USING" in step and "INDEX ix_turns" in step for step in steps)


async def test_nobody_spent_what_nobody_asked_for(store: Store) -> None:
    assert await store.usage.of(7) is None
    assert await store.usage.everybody() == []


async def test_a_copy_of_an_answer_counts_for_nobody_and_listening_for_who_spoke(store: Store) -> None:
    await spend(store, 1, 39_000)
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.latest(conversation.id)
    assert turn is not None
    private = await store.conversations.open(Key(7, 0))
    await inboxed(store, 5, 6)
    await store.inline.keep(turn.id, private.key, (), 5, {"key": "went-on", "turn_id": None, "language": "en"})
    listened = Listened(person_id=7, chat_id=0, day="2026-11-29", micro_usd=80)
    for _ in range(2):
        # After a crash the same words are noted again.
        await store.inbox.note(6, "file", {"words": "a boat"}, listened)
    await store.inbox.note(6, "another", {"words": "a hat"}, replace(listened, person_id=8))
    anne = Spent(author_id=7, author_name="Anne", turns=1, pictures=1, cost_micro_usd=39_080, unpriced=0)
    assert await store.usage.of(7) == anne
    assert await store.usage.of(8) == Spent(author_id=8, cost_micro_usd=80)
    assert [one.author_id for one in await store.usage.everybody()] == [7, 8]
    # That answer was made without a call, so the books know of listening alone.
    assert (await store.reporting.sums(0.0)).cost_micro_usd == 160
    assert (await store.reporting.sums(0.0)).pictures == 1
    assert [finding async for finding in store.audit.books()] == []


async def inboxed(store: Store, *updates: int) -> None:
    """Store updates that are open."""
    await store.inbox.add([(Key(7, 0), {"update_id": update_id}) for update_id in updates])

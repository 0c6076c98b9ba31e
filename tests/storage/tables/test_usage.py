"""What people spent, summed up."""

from __future__ import annotations

from dataclasses import replace

from storage.store import Store
from storage.tables.usage import Spent
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


async def test_nobody_spent_what_nobody_asked_for(store: Store) -> None:
    assert await store.usage.of(7) is None
    assert await store.usage.everybody() == []
    await spend(store, 1, 39_000)
    assert await store.usage.of(7, since=2**40) is None

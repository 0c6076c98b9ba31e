"""A call that goes to somebody with another price holds that price instead, within the limits, or is not made."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Row, select

from storage.books.values import Allowance, Amounts, Held, OverLimit, Scope, Terms
from storage.records import Turn, TurnState
from storage.schema import entries
from storage.store import Store
from tests.storage.books.test_holding import another, begun, bounded, buy, of, wish
from tests.support.records import outcome

__all__ = ["another"]

CHEAP, DEAR = 40_000, 100_000
HALF_A_DOLLAR = Allowance(day_micro_usd=500_000)
people = itertools.count(1_000)


def at(price: int, person: Allowance = HALF_A_DOLLAR) -> Terms:
    return bounded(price=price, person=person)


async def call(store: Store, turn: Turn, terms: Terms) -> Held | None:
    return (await store.conversations.begin_call(turn.id, terms=terms)).held


async def agree(store: Store) -> None:
    assert [finding.text async for finding in store.audit.books()] == []


async def test_a_dearer_call_holds_more_and_a_cheaper_one_less(store: Store) -> None:
    turn = await wish(store)
    assert await call(store, turn, at(CHEAP)) == Held(places=1, room=11)
    assert await call(store, turn, at(DEAR)) == Held(places=0, room=4)
    assert await of(store) == Amounts(held_pictures=1, held_micro_usd=DEAR)
    assert await call(store, turn, at(CHEAP)) is None
    assert await of(store) == Amounts(held_pictures=1, held_micro_usd=CHEAP)
    assert await call(store, turn, at(0)) is None
    assert await of(store) == Amounts(held_pictures=1)
    assert await call(store, turn, at(DEAR)) == Held(places=0, room=4)
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=99_000))
    assert await of(store) == Amounts(pictures=1, micro_usd=99_000)
    await agree(store)


async def test_a_dearer_call_without_room_is_not_begun_and_leaves_everything_as_it_was(store: Store) -> None:
    turn, terms = await wish(store), at(DEAR, Allowance(day_micro_usd=DEAR - 1))
    await call(store, turn, replace(terms, price_micro_usd=CHEAP))
    with pytest.raises(OverLimit) as over:
        await call(store, turn, terms)
    assert (over.value.wanted, over.value.room) == (1, 0)
    found = await store.conversations.turn(turn.id)
    assert found is not None
    assert found.attempts == 1
    assert await of(store) == Amounts(held_pictures=1, held_micro_usd=CHEAP)
    await store.conversations.set_state(turn.id, TurnState.FAILING)
    assert await of(store) == Amounts()
    await agree(store)


async def test_a_cheaper_call_is_made_although_the_limit_was_lowered_meanwhile(store: Store) -> None:
    turn = await wish(store)
    await call(store, turn, at(DEAR))
    nothing = Allowance(day_pictures=0, day_micro_usd=0)
    assert await call(store, turn, at(CHEAP, nothing)) is None
    with pytest.raises(OverLimit):
        await call(store, turn, at(DEAR, nothing))
    assert await of(store) == Amounts(held_pictures=1, held_micro_usd=CHEAP)


async def test_a_dearer_call_may_be_paid_with_credit_which_comes_back_without_a_picture(store: Store) -> None:
    await buy(store, 1)
    turn, little = await wish(store), Allowance(day_micro_usd=CHEAP)
    await call(store, turn, at(CHEAP, little))
    held = await call(store, turn, at(DEAR, little))
    assert held == Held(places=0, room=-1)
    assert await of(store, period="") == Amounts(stars=5)
    # What is cheap enough needs no credit any more.
    assert await call(store, turn, at(CHEAP, little)) == Held(places=0, room=0)
    assert await of(store, period="") == Amounts(held_pictures=1, held_micro_usd=CHEAP, credits=1, stars=5)
    await call(store, turn, at(DEAR, little))
    await store.conversations.set_state(turn.id, TurnState.FAILING)
    assert await of(store, period="") == Amounts(credits=1, stars=5)
    await agree(store)


async def test_credit_that_was_refunded_during_the_call_pays_for_any_price(store: Store) -> None:
    await buy(store, 1)
    turn, nothing = await wish(store), Allowance(day_pictures=0)
    await call(store, turn, at(CHEAP, nothing))
    await store.purchases.refunded("c1", "2026-11-28")
    assert await call(store, turn, at(DEAR, nothing)) is None
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=DEAR))
    assert await of(store, period="") == Amounts(paid_pictures=1, paid_micro_usd=DEAR)
    await agree(store)


async def test_a_cancel_costs_what_the_one_that_was_called_should_have_cost(store: Store) -> None:
    for prices in ((CHEAP, DEAR), (DEAR, CHEAP)):
        before = (await of(store)).micro_usd
        turn = await wish(store)
        for price in prices:
            await call(store, turn, at(price))
        await store.conversations.cancel(turn)
        assert (await of(store)).micro_usd == before + prices[-1]
        await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=1_000))
        assert await of(store) == Amounts(micro_usd=before + 1_000)
    await agree(store)


async def test_what_was_billed_for_nothing_adds_to_what_the_picture_costs(store: Store) -> None:
    turn = await wish(store)
    for attempt, price in enumerate((CHEAP, DEAR, 0), 1):
        await call(store, turn, at(price))
        await store.books.bill(turn.id, attempt, 700)
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=30_000))
    assert await of(store) == Amounts(pictures=1, micro_usd=3 * 700 + 30_000)
    await agree(store)


async def test_versions_of_one_call_hold_another_price_together(store: Store) -> None:
    leader = await wish(store, times=4)
    batch = [one.id for one in await store.conversations.batch_of(leader)]
    terms = at(CHEAP, Allowance(day_micro_usd=4 * DEAR - 1))
    await store.conversations.begin_call(*batch, terms=terms)
    with pytest.raises(OverLimit) as over:
        await store.conversations.begin_call(*batch, terms=replace(terms, price_micro_usd=DEAR))
    assert (over.value.wanted, over.value.room) == (4, 3)
    assert (await of(store)).held_micro_usd == 4 * CHEAP
    # With a call for each, as many as there is room for.
    dear = replace(terms, price_micro_usd=DEAR)
    assert len(await begun(store, await store.conversations.batch_of(leader), dear)) == 3
    assert await of(store) == Amounts(held_pictures=4, held_micro_usd=3 * DEAR + CHEAP)
    await agree(store)


async def test_twenty_calls_that_become_dearer_at_once_do_not_pass_the_limit(store: Store) -> None:
    wishes = [await wish(store) for _ in range(20)]
    terms = at(CHEAP, Allowance(day_micro_usd=20 * CHEAP + 5 * (DEAR - CHEAP)))
    assert len(await begun(store, wishes, terms)) == 20
    assert len(await begun(store, wishes, replace(terms, price_micro_usd=DEAR))) == 5
    assert await of(store) == Amounts(held_pictures=20, held_micro_usd=15 * CHEAP + 5 * DEAR)
    await agree(store)


@pytest.mark.database
async def test_two_processes_become_dearer_and_end_at_once(another: tuple[Store, Store]) -> None:
    one, two = another
    wishes = [await wish(one, person=100 + number % 3) for number in range(20)]
    terms = bounded(price=CHEAP, total=Allowance(day_micro_usd=20 * CHEAP + 5 * (DEAR - CHEAP)))
    assert len(await begun(one, wishes, terms)) == 20
    dear = replace(terms, price_micro_usd=DEAR)
    grown = await asyncio.gather(begun(one, wishes[::2], dear), begun(two, wishes[1::2], dear))
    assert sum(map(len, grown)) == 5
    ends = (store.conversations.set_state(turn.id, TurnState.FAILING) for turn in wishes for store in another)
    await asyncio.gather(*ends)
    await agree(two)
    assert await of(two, Scope.TOTAL, 0) == Amounts()


steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["call", "answer", "fail", "cancel"]), st.sampled_from([0, 30, 70])),
    max_size=16,
)


@given(steps, st.integers(0, 2))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_whatever_they_cost_in_turn_calls_are_held_within_the_limit_and_end_once(
    store: Store, history: list[tuple[int, str, int]], bought: int
) -> None:
    """Three wishes of a person with a hundred to spend; each call is asked at a price, and answers cost just that."""
    person, spent, pictures = next(people), 0, 0
    if bought:
        await buy(store, bought, f"{person}", person=person)
    wishes = [await wish(store, person=person) for _ in range(3)]
    asked: dict[int, int] = {}
    for number, what, price in history:
        turn, before = wishes[number], await of(store, subject=person, period="")
        found = await store.conversations.turn(turn.id)
        assert found is not None
        if found.state not in (TurnState.ACCEPTED, TurnState.CALLING) or (what != "call" and number not in asked):
            continue
        if what == "call":
            try:
                await call(store, turn, at(price, Allowance(day_micro_usd=100, day_pictures=2)))
            except OverLimit:
                assert asked.get(number, -1) < price
                assert await of(store, subject=person, period="") == before
            else:
                asked[number] = price
        elif what == "answer":
            await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=asked[number]))
            spent, pictures = spent + asked[number], pictures + 1
        elif what == "fail":
            await store.conversations.set_state(turn.id, TurnState.FAILING)
        else:
            await store.conversations.cancel(turn)
            spent += asked[number]
        if what != "call":
            del asked[number]
        now = await of(store, subject=person, period="")
        held = await _open(store, wishes)
        assert sorted(row.price_micro_usd for row in held) == sorted(asked.values())
        assert now.held_micro_usd == sum(row.price_micro_usd for row in held if not row.credits)
        assert now.credits == bought - now.paid_pictures - sum(row.credits < 0 for row in held) >= 0
        assert (now.micro_usd + now.paid_micro_usd, now.pictures + now.paid_pictures) == (spent, pictures)
        assert now.held_pictures + now.pictures <= 2
        # What is cancelled costs its dollars in any case, also if a bought picture paid for it.
        assert bought or now.held_micro_usd + now.micro_usd <= 100
    await agree(store)


async def _open(store: Store, wishes: list[Turn]) -> list[Row[Any]]:
    """Return the open holds."""
    ended = select(entries.c.closes).where(entries.c.closes.is_not(None))
    found = select(entries).where(
        entries.c.kind == "hold", entries.c.turn_id.in_([turn.id for turn in wishes]), entries.c.id.not_in(ended)
    )
    async with store.database.connect() as connection:
        return list(await connection.execute(found))

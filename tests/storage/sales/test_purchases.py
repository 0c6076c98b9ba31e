"""Payments and refunds count once and lose nothing, whatever comes twice, dies in between, or happens at once."""

from __future__ import annotations

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.books.values import Allowance, Allowances, Amounts, OverLimit, Scope, Terms
from storage.records import Author, Key, Turn, TurnState
from storage.sales.purchases import Payment
from storage.store import Store
from tests.support.records import new_turn, outcome

DAY = "2026-11-28"
NOTICE = {"key": "paid", "turn_id": None, "language": "en"}
NO_FREE_ONES = Terms(day=DAY, allowances=Allowances(person=Allowance(day_pictures=0)))
numbers = itertools.count(50_000)

happenings = st.one_of(
    st.tuples(st.just("pay"), st.integers(1, 3), st.integers(1, 3)),
    st.tuples(st.just("refund"), st.integers(0, 5), st.integers(1, 3)),
    st.tuples(st.sampled_from(["wish", "answer", "fail"]), st.integers(0, 5), st.just(0)),
)


async def delivered(store: Store, person: int) -> int:
    """Store an update of somebody; return its number."""
    update_id = next(numbers)
    await store.inbox.add([(Key(person, 0), {"update_id": update_id})])
    return update_id


@dataclass
class Story:
    """What one person paid, and what should have come of it."""

    store: Store
    person: int
    payments: list[Payment] = field(default_factory=list)
    held: list[Turn] = field(default_factory=list)
    given_back: set[int] = field(default_factory=set)
    """Turns in work of which the Stars were given back: what they used does not come back."""
    credits: int = 0
    stars: int = 0
    painted: int = 0
    thanked: int = 0

    async def pay(self, pictures: int, times: int) -> None:
        charge_id = f"stx-{next(numbers)}"
        bought = Payment(
            charge_id=charge_id, person_id=self.person, pictures=pictures, stars=5 * pictures, at=time.time()
        )
        counted = [
            await self.store.purchases.paid(bought, DAY, [await delivered(self.store, self.person)], NOTICE)
            for _ in range(times)
        ]
        assert counted == [True] + [False] * (times - 1)
        self.payments.append(bought)
        self.credits += pictures
        self.stars += bought.stars
        self.thanked += 1

    async def refund(self, place: int, times: int) -> None:
        if not self.payments:
            assert await self.store.purchases.refunded("stx-nobody", DAY) is None
            return
        payment = self.payments.pop(place % len(self.payments))
        taken = min(payment.pictures, self.credits)
        for number in range(times):
            found = await self.store.purchases.refunded(payment.charge_id, DAY)
            assert found is not None
            assert (found[0].taken, found[1]) == (taken, number == 0)
        self.credits -= taken
        self.stars -= payment.stars
        in_work = [turn.id for turn in self.held if turn.id not in self.given_back]
        self.given_back.update(in_work[: payment.pictures - taken])

    async def wish(self) -> None:
        conversation = await self.store.conversations.open(Key(self.person, 0))
        new = new_turn(conversation.id, author=Author(id=self.person, name="Anne"))
        turn = await self.store.conversations.take(new, (), ())
        try:
            await self.store.conversations.begin_call(turn.id, terms=NO_FREE_ONES)
        except OverLimit:
            assert self.credits == 0
            await self.store.conversations.set_state(turn.id, TurnState.FAILED)
            return
        assert self.credits > 0
        self.credits -= 1
        self.held.append(turn)

    async def end(self, place: int, *, drawn: bool) -> None:
        if not self.held:
            return
        turn = self.held.pop(place % len(self.held))
        if drawn:
            await self.store.conversations.store_answer(turn, outcome(turn.id))
            self.painted += 1
        else:
            await self.store.conversations.set_state(turn.id, TurnState.FAILED)
            self.credits += turn.id not in self.given_back

    async def happen(self, what: tuple[Any, ...]) -> None:
        match what:
            case ("pay", pictures, times):
                await self.pay(pictures, times)
            case ("refund", place, times):
                await self.refund(place, times)
            case ("wish", _, _):
                await self.wish()
            case (how, place, _):
                await self.end(place, drawn=how == "answer")

    async def sums(self) -> Amounts:
        return (await self.store.books.sums(Scope.PERSON, [self.person])).get(self.person, Amounts())


@given(st.lists(happenings, max_size=20))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_history_of_payments(store: Store, history: list[tuple[Any, ...]]) -> None:
    story = Story(store, next(numbers))
    for what in history:
        await story.happen(what)
        found = await story.sums()
        assert (found.credits, found.stars, found.paid_pictures) == (story.credits, story.stars, story.painted)
        assert found.pictures == found.held_pictures == 0
    waiting = await store.inbox.open_updates(Key(story.person, 0), limit=100)
    assert [row.notice for row in waiting] == [NOTICE] * story.thanked
    assert [finding.text async for finding in store.audit.books()] == []


async def cut_off(work: Any, steps: int) -> bool:
    """Run something until it has waited so often, then end it, as a kill does; return whether it was done before."""
    task = asyncio.ensure_future(work)
    for _ in range(steps):
        if task.done():
            break
        await asyncio.sleep(0.0005)
    done = task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    return done


async def test_a_death_at_any_step_counts_a_payment_and_its_refund_once(store: Store) -> None:
    steps = 0
    done = False
    while not done:
        steps += 1
        person, charge_id = next(numbers), f"stx-{next(numbers)}"
        bought = Payment(charge_id=charge_id, person_id=person, pictures=2, stars=10, at=0.0)
        update_id = await delivered(store, person)
        done = await cut_off(store.purchases.paid(bought, DAY, [update_id], NOTICE), steps)
        await store.purchases.paid(bought, DAY, [await delivered(store, person)], NOTICE)
        story = Story(store, person)
        assert ((await story.sums()).credits, (await story.sums()).stars) == (2, 10)
        done &= await cut_off(store.purchases.refunded(charge_id, DAY), steps)
        await store.purchases.refunded(charge_id, DAY)
        assert ((await story.sums()).credits, (await story.sums()).stars) == (0, 0)
    assert [finding.text async for finding in store.audit.books()] == []


async def test_wishes_and_a_refund_at_once_use_each_picture_once(store: Store) -> None:
    person, charge_id = next(numbers), f"stx-{next(numbers)}"
    bought = Payment(charge_id=charge_id, person_id=person, pictures=5, stars=25, at=0.0)
    await store.purchases.paid(bought, DAY, [], NOTICE)
    begun: list[Turn] = []

    async def wish(place: int) -> None:
        conversation = await store.conversations.open(Key(-person, place))
        new = new_turn(conversation.id, author=Author(id=person, name="Anne"))
        turn = await store.conversations.take(new, (), ())
        try:
            await store.conversations.begin_call(turn.id, terms=NO_FREE_ONES)
            begun.append(turn)
        except OverLimit:
            pass

    await asyncio.gather(*(wish(place) for place in range(4)), store.purchases.refunded(charge_id, DAY))
    await asyncio.gather(*(wish(place) for place in range(4, 8)))
    payment = await store.purchases.find(charge_id)
    assert payment is not None
    assert payment.taken == 5 - len(begun)
    found = (await store.books.sums(Scope.PERSON, [person]))[person]
    assert (found.credits, found.stars) == (0, 0)


async def test_one_payment_from_many_processes_at_once_counts_once(store: Store) -> None:
    person, charge_id = next(numbers), f"stx-{next(numbers)}"
    bought = Payment(charge_id=charge_id, person_id=person, pictures=2, stars=10, at=0.0)
    updates = [await delivered(store, person) for _ in range(3)]
    tries = (store.purchases.paid(bought, DAY, [update_id], NOTICE) for update_id in updates)
    counted = await asyncio.gather(*tries, return_exceptions=True)
    assert [one for one in counted if one is True] == [True]
    assert (await store.books.sums(Scope.PERSON, [person]))[person] == Amounts(credits=2, stars=10)

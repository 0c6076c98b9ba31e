"""Whatever happens at once to the same turns, people and groups, nobody sees a fault, and the books stay whole.

On PostgreSQL, where transactions run side by side, and wait for each other's rows
(postgresql.org/docs/current/explicit-locking.html, 13.3.4).
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from storage.books.values import Allowance, Allowances, OverLimit, Scope, Terms
from storage.records import Author, Key, TurnState
from storage.rows.upsert import GoneMeanwhile
from storage.sales.purchases import Payment
from storage.store import Store
from tests.support.databases import Server
from tests.support.records import new_turn, outcome

pytestmark = pytest.mark.database

PEOPLE = 4
AT_ONCE = 12
DEEDS = 14
"""How many each of them does, one after the other. Without the second try after a deadlock, some always fail."""


class Storm:
    """People who do things at random in their own chats and in a group, which becomes a supergroup again and again."""

    def __init__(self, stores: list[Store]) -> None:
        self._stores = stores
        self._day = time.strftime("%Y-%m-%d", time.gmtime())
        self._terms = Terms(
            day=self._day, price_micro_usd=40_000, allowances=Allowances(person=Allowance(day_pictures=20))
        )
        self._group = -500

    async def blow(self, number: int) -> None:
        """Do some deeds one after the other, and others do theirs at the same time."""
        dice, store = random.Random(number), self._stores[number % len(self._stores)]
        deeds: list[tuple[Callable[[Store, random.Random], Awaitable[object]], int]] = [
            (self._wish, 60), (self._forget, 10), (self._buy, 6), (self._refund, 6), (self._move, 3), (self._allow, 3),
        ]  # fmt: skip
        for deed in dice.choices([one for one, _ in deeds], [weight for _, weight in deeds], k=DEEDS):
            # The wish was forgotten meanwhile, or has no room; people are told so.
            with suppress(GoneMeanwhile, OverLimit):
                await deed(store, dice)

    async def _wish(self, store: Store, dice: random.Random) -> None:
        person = dice.randrange(1, PEOPLE + 1)
        here = await store.conversations.open(Key(dice.choice((person, self._group)), 0))
        wish = new_turn(here.id, author=Author(id=person, name="Anne"))
        turn = await store.conversations.take(wish, (), (), times=dice.choice((1, 1, 4)))
        batch = await store.conversations.batch_of(turn)
        await store.conversations.begin_call(*(one.id for one in batch), terms=self._terms)
        match dice.randrange(3):
            case 0:
                await store.conversations.cancel(turn)
                await store.books.correct(turn.id, 0)
            case 1:
                for one in batch:
                    await store.conversations.store_answer(one, outcome(one.id, cost_micro_usd=41_000))
            case _:
                for one in batch:
                    await store.conversations.set_state(one.id, TurnState.FAILING)

    async def _forget(self, store: Store, dice: random.Random) -> None:
        if dice.random() < 0.6:
            await store.forgetting.person(dice.randrange(1, PEOPLE + 1))
        else:
            await store.forgetting.conversation(Key(self._group, 0))

    async def _buy(self, store: Store, dice: random.Random) -> None:
        person = dice.randrange(1, PEOPLE + 1)
        payment = Payment(charge_id=str(dice.random()), person_id=person, pictures=2, stars=5, at=1.0)
        await store.purchases.paid(payment, self._day, [], {"key": "bought"})

    async def _refund(self, store: Store, dice: random.Random) -> None:
        for payment in await store.purchases.of(dice.randrange(1, PEOPLE + 1)):
            await store.purchases.refunded(payment.charge_id, self._day)

    async def _move(self, store: Store, dice: random.Random) -> None:
        old, self._group = self._group, self._group - dice.randrange(1, 1000)
        await store.chats.migrate(old, self._group)

    async def _allow(self, store: Store, dice: random.Random) -> None:
        allowance = Allowance(day_pictures=dice.randrange(50))
        await store.books.allow(Scope.PERSON, dice.randrange(1, PEOPLE + 1), allowance)


@pytest.fixture
async def stores(postgresql: Server, tmp_path: Path) -> AsyncIterator[list[Store]]:
    """Give three stores on one database, as three processes have them."""
    postgresql.wipe()
    opened = [await Store.open(postgresql.kept_database, str(tmp_path / "media")) for _ in range(3)]
    yield opened
    for store in opened:
        await store.close()


async def test_nobody_sees_a_fault_in_a_storm_and_the_books_stay_whole(stores: list[Store]) -> None:
    storm = Storm(stores)
    async with asyncio.TaskGroup() as group:
        for number in range(AT_ONCE):
            group.create_task(storm.blow(number))
    assert [finding.text async for finding in stores[0].audit.tree()] == []
    assert [finding.text async for finding in stores[0].audit.books()] == []

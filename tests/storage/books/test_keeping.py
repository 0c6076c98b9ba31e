"""The books follow a group that becomes a supergroup, and keep of a forgotten person what limits and accounts need."""

from __future__ import annotations

import asyncio
import time
from dataclasses import asdict, replace
from typing import Any

import pytest
from sqlalchemy import select, text, update

from storage.books.books import enter
from storage.books.values import Allowance, Allowances, Amounts, Kind, Scope, Terms
from storage.care.forgetting import Asked
from storage.records import Author, Key
from storage.schema import entries, inbox
from storage.store import Store
from tests.support.records import TERMS, new_turn, outcome

OLD, NEW = -500, -100_500
THIS_DAY = time.strftime("%Y-%m-%d", time.gmtime())
THIS_MONTH = Terms(day=THIS_DAY)
LONG_AGO = Terms(day="2020-02-02")


async def paid(store: Store, terms: Terms = TERMS, chat: int = 7, *, answered: bool = True) -> None:
    conversation = await store.conversations.open(Key(chat, 0))
    turn = await store.conversations.take(new_turn(conversation.id, author=Author(id=7, name="Anne")), (), ())
    await store.conversations.begin_call(turn.id, terms=terms)
    if answered:
        await store.conversations.store_answer(turn, outcome(turn.id, cost_micro_usd=40_000))


async def faults(store: Store) -> list[str]:
    return [finding.text async for finding in store.audit.books()]


async def test_a_supergroup_goes_on_with_what_the_group_used_and_its_limits(store: Store) -> None:
    await paid(store, chat=OLD)
    await paid(store, chat=OLD, answered=False)
    await paid(store, chat=NEW)
    await store.books.allow(Scope.ADMINS, OLD, Allowance(day_pictures=3))
    await store.books.allow(Scope.GROUP, OLD, Allowance(day_pictures=9))
    await store.books.allow(Scope.GROUP, NEW, Allowance(day_pictures=5))
    for _ in range(2):
        await store.chats.migrate(OLD, NEW)
    found = await store.books.sums(Scope.GROUP, [OLD, NEW], TERMS.day)
    assert found == {NEW: Amounts(held_pictures=1, held_micro_usd=40_000, pictures=2, micro_usd=80_000)}
    assert await store.books.allowed(Scope.ADMINS, NEW) == Allowance(day_pictures=3)
    assert await store.books.allowed(Scope.GROUP, NEW) == Allowance(day_pictures=5)
    assert await store.books.allowed(Scope.GROUP, OLD) is None
    waiting = await store.conversations.next_unfinished(Key(NEW, 0))
    assert waiting is not None
    await store.conversations.cancel(waiting)
    assert await faults(store) == []


async def test_to_be_forgotten_does_not_renew_a_limit(store: Store) -> None:
    await paid(store, THIS_MONTH)
    await paid(store, THIS_MONTH, answered=False)
    await store.forgetting.person(7)
    assert (await store.books.sums(Scope.PERSON, [7], THIS_DAY))[7].pictures == 1
    assert await faults(store) == []


async def test_a_payment_that_comes_while_the_payer_is_forgotten_counts(store: Store) -> None:
    await paid(store, THIS_MONTH)
    forgetting: asyncio.Task[Any] | None = None
    async with store.database.begin() as connection:
        await enter(connection, Kind.BUY, person_id=7, day=THIS_DAY, credits=20, stars=100, charge_id="c")
        if connection.dialect.name == "postgresql":
            forgetting = asyncio.create_task(store.forgetting.person(7))
            await asyncio.sleep(0.5)
    await (forgetting or store.forgetting.person(7))
    assert (await store.books.sums(Scope.PERSON, [7]))[7].credits == 20
    assert await faults(store) == []


async def test_a_place_that_is_held_while_the_group_moves_counts_somewhere(store: Store) -> None:
    await paid(store, chat=OLD)
    moving: asyncio.Task[None] | None = None
    async with store.database.begin() as connection:
        new = {"turn_id": None, "chat_id": OLD, "person_id": 7, "day": THIS_DAY, "at": 1.0, "kind": Kind.SETTLE.value}
        await connection.execute(entries.insert().values(**asdict(Amounts(micro_usd=5)), **new))
        if connection.dialect.name == "postgresql":
            moving = asyncio.create_task(store.chats.migrate(OLD, NEW))
            await asyncio.sleep(0.5)
    await (moving or store.chats.migrate(OLD, NEW))
    assert await faults(store) == []


async def test_the_month_in_which_somebody_was_forgotten_keeps_no_number_once_it_has_ended(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    await paid(store, THIS_MONTH)
    async with store.database.begin() as connection:
        await enter(connection, Kind.BUY, person_id=7, day=THIS_DAY, credits=5, stars=5, charge_id="c")
    await store.forgetting.person(7)
    await store.tidy()
    assert (await store.books.sums(Scope.PERSON, [7], THIS_DAY))[7].pictures == 1
    clock, later = time.time, 35 * 24 * 3600
    monkeypatch.setattr(time, "time", lambda: clock() + later)
    next_month = Terms(day=time.strftime("%Y-%m-%d", time.gmtime(time.time())))
    await paid(store, next_month)
    for _ in range(2):
        await store.tidy()
        assert await faults(store) == []
        async with store.database.connect() as connection:
            left = select(entries.c.kind).where(entries.c.person_id == 7)
            kinds = sorted((await connection.execute(left)).scalars())
        # What was bought, and the next month.
        assert kinds == ["buy", "hold", "settle"]
        assert (await store.books.sums(Scope.PERSON, [7]))[7] == Amounts(
            pictures=1, micro_usd=40_000, credits=5, stars=5
        )


@pytest.mark.parametrize("buys", [False, True], ids=["a guest", "a buyer"])
async def test_months_that_have_ended_keep_no_number_of_a_forgotten_person(store: Store, buys: bool) -> None:
    """Accounts of what was bought must be kept."""
    await paid(store, LONG_AGO)
    await paid(store, LONG_AGO, answered=False)
    await paid(store, THIS_MONTH)
    if buys:
        async with store.database.begin() as connection:
            await enter(connection, Kind.BUY, person_id=7, day=LONG_AGO.day, credits=5, stars=5, charge_id="c")
        none_free = Allowances(person=Allowance(day_pictures=0))
        await paid(store, replace(LONG_AGO, allowances=none_free))
    await store.forgetting.person(7)
    assert await faults(store) == []
    async with store.database.connect() as connection:
        named = (await connection.execute(select(entries.c.day).where(entries.c.person_id == 7))).scalars().all()
    settled = (await store.books.sums(Scope.PERSON, [7]))[7]
    assert settled.pictures == 1
    # Of this month a hold, its end, and the note that they are to be forgotten.
    assert len(named) == (6 if buys else 3)
    assert (settled.credits, settled.paid_pictures) == ((4, 1) if buys else (0, 0))
    assert (await store.books.sums(Scope.TOTAL, [0]))[0].pictures == 2


async def test_a_check_says_nothing_of_the_books_of_a_person_without_any(store: Store) -> None:
    await store.forgetting.person(9)
    async with store.database.begin() as connection:
        await connection.execute(update(entries).values(at=0))
    assert await faults(store) == []


async def test_a_reply_to_a_payment_is_forgotten_and_the_payment_is_not(store: Store) -> None:
    paid_for = {"message_id": 4, "chat": {"id": 7}, "successful_payment": {"telegram_payment_charge_id": "stx"}}
    reply = {"message_id": 5, "from": {"id": 7}, "text": "a secret boat", "reply_to_message": paid_for}
    # A payment itself may come as a reply to its invoice.
    payment = {**paid_for, "reply_to_message": {"message_id": 3}}
    for number, message in ((1, payment), (2, reply)):
        await store.inbox.add([(Key(7, 0), {"update_id": number, "message": message})])
    await store.inbox.set_aside(2)
    await store.forgetting.person(7, Asked(update_id=3, notice=lambda _: {}))
    async with store.database.connect() as connection:
        rows = (await connection.execute(select(inbox.c.update_id, inbox.c.state))).all()
    found = {row.update_id: row.state for row in rows}
    assert found == {1: "new", 2: "done"}


@pytest.mark.parametrize(
    "damage",
    ["kind = 'settle' WHERE kind = 'buy'", "kind = 'settle' WHERE kind = 'hold'", "turn_id = 9 WHERE kind = 'hold'"],
)
async def test_a_check_notices_an_entry_that_became_another_one(store: Store, damage: str) -> None:
    await paid(store, THIS_MONTH)
    async with store.database.begin() as connection:
        await enter(connection, Kind.BUY, person_id=7, day=THIS_DAY, credits=1, stars=5, charge_id="c")
        await connection.execute(text(f"UPDATE entries SET {damage}"))  # noqa: S608
    assert await faults(store) != []

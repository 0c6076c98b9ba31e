"""What bought pictures cost without being used is counted from the books, and nobody is kept from being forgotten."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from storage.books import braking
from storage.books.books import book_listening
from storage.books.values import Allowance, CallIsPaid, Listened, OverLimit, Scope, Terms
from storage.care.forgetting import Asked
from storage.records import Author, Key, Outcome, Turn, TurnState
from storage.schema import entries, turns
from storage.store import Store
from tests.storage.books.test_holding import DAY, GROUP, PRICE, bounded, buy, of, wish
from tests.support.records import new_turn, outcome

NOTHING = Allowance(day_pictures=0)
KNOWN, UNKNOWN = (bounded(price=price, person=NOTHING) for price in (PRICE, 0))
ASKED = Asked(update_id=1, notice=lambda _: {"key": "forgotten"})


async def called(store: Store, terms: Terms = KNOWN, **more: int) -> Turn:
    """Begin a call that is paid with bought pictures."""
    turn = await wish(store, **more)
    await store.conversations.begin_call(turn.id, terms=terms)
    return turn


def in_words(cost_micro_usd: int | None) -> Outcome:
    """Return an answer without a picture."""
    return replace(outcome(1, cost_micro_usd=cost_micro_usd), shown=(), media=())


async def in_vain(store: Store, day: str = DAY) -> int:
    async with store.database.connect() as connection:
        return await braking.in_vain(connection, 7, day)


async def delete_turn(store: Store, turn: Turn) -> None:
    async with store.database.begin() as connection:
        await connection.execute(delete(turns).where(turns.c.id == turn.id))


@pytest.mark.parametrize("terms", [KNOWN, UNKNOWN], ids=["known price", "unknown price"])
async def test_what_brought_no_picture_but_may_be_billed_is_in_vain(store: Store, terms: Terms) -> None:
    await buy(store, 9)
    words, stopped, drawn, waiting, failed, free = [await called(store, terms) for _ in range(5)] + [
        await called(store, bounded())
    ]
    cost = 300 if terms is KNOWN else None
    await store.conversations.store_answer(words, in_words(cost))
    await store.conversations.cancel(stopped)
    await store.conversations.store_answer(drawn, outcome(1, cost_micro_usd=cost))
    await store.conversations.set_state(failed.id, TurnState.FAILING)
    await store.conversations.store_answer(free, in_words(cost))
    assert waiting.id
    # Words weigh what they cost, a stopped call as much as a picture may cost.
    small = 1 if terms is KNOWN else braking.SMALL
    assert [await in_vain(store, day) for day in (DAY, "2026-11-29")] == [small + braking.WHOLE, 0]
    for turn in (words, stopped, drawn):
        await delete_turn(store, turn)
    # Where no price is known, the books do not show any more which of them was stopped. Stops are counted apart.
    assert await in_vain(store) == small + (braking.WHOLE if terms is KNOWN else braking.SMALL)
    assert [finding async for finding in store.audit.books()] == []


async def test_words_of_a_thousandth_of_a_picture_are_not_free_and_words_of_unknown_cost_weigh_a_tenth(
    store: Store,
) -> None:
    await buy(store, 9)
    for cost in (1, 39, None):
        await store.conversations.store_answer(await called(store), in_words(cost))
    assert await in_vain(store) == 1 + 1 + braking.SMALL


async def test_a_refusal_that_was_billed_is_in_vain(store: Store) -> None:
    await buy(store, 9)
    refused = await called(store)
    await store.books.bill(refused.id, 1, 1_840)
    assert await in_vain(store) == 0
    await store.conversations.set_state(refused.id, TurnState.FAILING)
    assert await in_vain(store) == 100 * 1_840 // PRICE + 1


async def test_a_turn_that_was_held_anew_and_brought_a_picture_is_not_in_vain(store: Store) -> None:
    await buy(store, 9)
    turn = await called(store, UNKNOWN)
    await store.conversations.begin_call(turn.id, terms=KNOWN)
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=300))
    await delete_turn(store, turn)
    assert await in_vain(store) == 0


async def test_recordings_of_which_no_call_came_are_in_vain(store: Store) -> None:
    await buy(store, 9)
    for number in range(3):
        async with store.database.begin() as connection:
            heard = Listened(person_id=7, chat_id=0, day=DAY, micro_usd=40)
            await book_listening(connection, heard, f"recording {number}")
    assert await in_vain(store) == 3 * braking.SMALL
    await called(store)
    assert await in_vain(store) == 2 * braking.SMALL


async def test_after_too_many_of_them_credit_pays_for_nothing_but_free_places_are_held(store: Store) -> None:
    await buy(store, 20)
    for _ in range(braking.MOST_IN_VAIN):
        turn = await called(store)
        await store.conversations.store_answer(turn, in_words(PRICE))
    for times in (1, 4):
        with pytest.raises(OverLimit) as over:
            await called(store, times=times)
        assert (over.value.in_vain, over.value.room, over.value.wanted) == (True, 0, times)
    assert (await of(store, period="")).credits == 20
    two = bounded(person=Allowance(day_pictures=2))
    with pytest.raises(OverLimit) as over:
        await called(store, two, times=4)
    assert (over.value.in_vain, over.value.room) == (True, 2)
    await called(store, two)
    # Owners are free of it.
    await called(store, Terms(day=DAY, price_micro_usd=PRICE, allowances=KNOWN.allowances, exempt=True))
    tomorrow = Terms(day="2026-11-29", price_micro_usd=PRICE, allowances=KNOWN.allowances)
    await called(store, tomorrow)
    assert (await of(store, Scope.PERSON, 7, "2026-11-29")).held_pictures == 0
    assert (await of(store, period="")).credits == 19


async def test_nobody_is_forgotten_while_a_bought_picture_is_painted_for_a_turn_that_would_end(store: Store) -> None:
    await buy(store, 9, person=8)
    conversation = await store.conversations.open(Key(GROUP, 0))
    ann, boris = (Author(id=number, name="") for number in (7, 8))
    turn = await store.conversations.take(new_turn(conversation.id, author=ann, asker=boris), (), ())
    await store.conversations.begin_call(turn.id, terms=KNOWN)
    for person in (7, 8):
        # It counts without being asked, too.
        assert (await store.forgetting.count(None, person)).turns == (1 if person == 7 else 0)
    with pytest.raises(CallIsPaid) as call:
        await store.forgetting.person(7, ASKED)
    assert call.value.payers == {8}
    with pytest.raises(CallIsPaid):
        await store.forgetting.conversation(Key(GROUP, 0), ASKED)
    # Who repeats a wish of somebody else stops nothing.
    await store.forgetting.person(8, ASKED)
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=300))
    await store.forgetting.person(7, ASKED)
    found = await of(store, Scope.PERSON, 8, "")
    assert (found.credits, found.paid_pictures) == (8, 1)


async def test_a_call_that_never_ends_keeps_nobody_from_being_forgotten(store: Store) -> None:
    await buy(store, 9)
    turn = await called(store)
    with pytest.raises(CallIsPaid):
        await store.forgetting.person(7, ASKED)
    async with store.database.begin() as connection:
        long_ago = entries.c.at - braking.LONGEST_CALL_S - 1
        await connection.execute(update(entries).where(entries.c.turn_id == turn.id).values(at=long_ago))
    assert (await store.forgetting.person(7, ASKED)).turns == 1
    assert (await of(store, period="")).credits == 9


async def test_many_stops_at_once_stop_no_more_than_may_be(store: Store) -> None:
    """They come from several processes."""
    await buy(store, 9)
    calls = [await called(store, chat=GROUP - number) for number in range(6)]
    brake = braking.Brake(person_id=7, day=DAY, most=3)
    ended = await asyncio.gather(
        *(store.conversations.cancel(turn, brake=brake) for turn in calls), return_exceptions=True
    )
    assert sum(isinstance(one, braking.StoppedEnough) for one in ended) == 3
    assert ended.count(True) == 3
    assert (await of(store, period="")).credits == 6

"""The sums of a week, and that one process of all does what is due."""

from __future__ import annotations

import asyncio
import time

from sqlalchemy import update

from storage.records import Key, Turn, TurnState
from storage.schema import entries
from storage.store import Store
from tests.support.aged import aged, painted
from tests.support.records import TERMS, Author, new_turn, outcome

WEEK_S = 7 * 24 * 3600.0


async def test_the_week_is_summed_and_what_is_older_is_not(store: Store) -> None:
    await painted(store, 1, 20)
    await painted(store, 2, 3)
    await painted(store, 3, 1, key=Key(8, 0), author=Author(id=8, name="Boris"))
    talk = await store.conversations.open(Key(8, 0))
    for key in ("quota", "quota", "blocked"):
        failed = await store.conversations.take(new_turn(talk.id, head_before=talk.head_id), [], [])
        await store.conversations.set_state(failed.id, TurnState.FAILED, error={"key": key})
    sums = await store.reporting.sums(time.time() - WEEK_S)
    assert (sums.turns, sums.pictures, sums.people) == (5, 2, 2)
    assert sums.failed == {"quota": 2, "blocked": 1}
    assert list(sums.failed) == ["quota", "blocked"]
    assert sums.cost_micro_usd + sums.unpriced > 0


async def test_what_somebody_deleted_this_week_was_paid_all_the_same(store: Store) -> None:
    await painted(store, 1, 1)
    await painted(store, 2, 1, key=Key(8, 0))
    before = await store.reporting.sums(time.time() - WEEK_S)
    await store.forgetting.conversation(Key(8, 0))
    after = await store.reporting.sums(time.time() - WEEK_S)
    assert (after.pictures, after.cost_micro_usd) == (before.pictures, before.cost_micro_usd)


async def test_the_cost_is_that_of_the_books_with_refusals_and_stopped_calls(store: Store) -> None:
    """Two answers of a picture and of words, a refusal that was billed, a stopped call; and an answer of long ago."""
    talk = await store.conversations.open(Key(7, 0))
    words = {"shown": (), "media": ()}
    for number, cost, more in [(3, 40_500, {}), (1, 39_000, {}), (2, 1_000, words)]:
        turn = await _begun(store, talk.id)
        await store.conversations.store_answer(turn, outcome(number, cost_micro_usd=cost, **more))
        if number == 3:
            await aged(store, turn, 9)
            async with store.database.begin() as connection:
                of_then = update(entries).where(entries.c.turn_id == turn.id)
                await connection.execute(of_then.values(at=time.time() - 9 * 24 * 3600))
    refused = await _begun(store, talk.id)
    await store.books.bill(refused.id, 1, 2_345)
    await store.conversations.set_state(refused.id, TurnState.FAILED, error={"key": "refused"})
    stopped = await _begun(store, talk.id)
    await store.conversations.cancel(stopped)
    week = time.time() - WEEK_S
    assert (await store.reporting.sums(week)).cost_micro_usd == 39_000 + 1_000 + 2_345 + 40_000
    assert [await store.books.cost(turn.id) for turn in (refused, stopped)] == [2_345, 40_000]
    await store.forgetting.conversation(Key(7, 0))
    assert (await store.reporting.sums(week)).cost_micro_usd == 39_000 + 1_000 + 2_345 + 40_000
    assert (await store.reporting.sums(0.0)).cost_micro_usd == 39_000 + 1_000 + 2_345 + 40_000 + 40_500


async def test_it_finds_the_first_turn_of_a_week_in_a_large_table(store: Store) -> None:
    made = [await painted(store, number, 30 - number) for number in range(1, 30)]
    for days in (0.5, 5.5, 12.5, 29.5):
        sums = await store.reporting.sums(time.time() - days * 24 * 3600)
        assert sums.turns == int(days)
    await aged(store, made[-1], 0)
    assert (await store.reporting.sums(time.time() - 3600)).turns == 1


async def test_of_many_processes_one_does_a_chore_once_each_time_it_is_due(store: Store) -> None:
    """It begins a week after the first start, and a restart in between changes nothing."""
    now = 1_000_000.0

    async def claims(at: float) -> int:
        tries = [store.reporting.claim("report", now=at, until=at + WEEK_S, first=now + WEEK_S) for _ in range(5)]
        return sum(await asyncio.gather(*tries))

    assert await claims(now) == 0
    assert await claims(now + WEEK_S - 1) == 0
    assert await claims(now + WEEK_S) == 1
    assert await claims(now + WEEK_S + 5) == 0
    assert await claims(now + 2 * WEEK_S) == 1
    assert await store.reporting.claim("another", now=now, until=now + 1, first=0)


async def test_a_clock_that_ran_ahead_for_a_time_holds_up_no_chore(store: Store) -> None:
    """It claimed the chore for years to come. Then the network told the computer the time."""
    now, ahead = 1_000_000.0, 1_000_000.0 + 500 * WEEK_S

    async def claimed(at: float) -> bool:
        return await store.reporting.claim("report", now=at, until=at + WEEK_S, first=now + WEEK_S)

    assert await claimed(ahead)
    assert not await claimed(now)
    assert await claimed(now + WEEK_S)
    assert not await claimed(now + WEEK_S + 5)


async def test_a_process_whose_clock_is_a_little_behind_does_nothing_twice(store: Store) -> None:
    now = 1_000_000.0
    tries = [await store.reporting.claim("disk", now=at, until=at + WEEK_S, first=at) for at in (now, now - 60)]
    assert tries == [True, False]


async def _begun(store: Store, conversation_id: int) -> Turn:
    """Return a turn whose call has begun, at an expected cost of four cents."""
    turn = await store.conversations.take(new_turn(conversation_id), (), ())
    await store.conversations.begin_call(turn.id, terms=TERMS)
    return turn

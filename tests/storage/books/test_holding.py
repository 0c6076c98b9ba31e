"""Places are held within the limits and end exactly once, however many ask at once and however work ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, delete, event, update

from storage.books import braking
from storage.books.books import enter
from storage.books.values import Allowance, Allowances, Amounts, Held, Kind, OverLimit, Scope, Terms
from storage.records import Author, Key, Turn, TurnState
from storage.schema import turns
from storage.store import Store
from tests.support.databases import Server
from tests.support.records import TERMS, new_turn, outcome

DAY, MONTH = "2026-11-28", "2026-11"
GROUP = -100_500
PRICE = 40_000


def bounded(*, price: int = PRICE, **limits: Allowance) -> Terms:
    return Terms(day=DAY, price_micro_usd=price, allowances=Allowances(**limits))


FIVE_A_DAY = bounded(person=Allowance(day_pictures=5))


async def wish(store: Store, person: int = 7, chat: int | None = None, times: int = 1) -> Turn:
    """Let somebody wish something, in private or in a group."""
    conversation = await store.conversations.open(Key(chat or person, 0))
    return await store.conversations.take(
        new_turn(conversation.id, author=Author(id=person, name="Anne")), (), (), times=times
    )


async def of(store: Store, scope: Scope = Scope.PERSON, subject: int = 7, period: str = DAY) -> Amounts:
    return (await store.books.sums(scope, [subject], period)).get(subject, Amounts())


async def buy(store: Store, credits: int, charge: str = "c1", person: int = 7) -> bool:
    async with store.database.begin() as connection:
        return await enter(
            connection, Kind.BUY, person_id=person, day=DAY, credits=credits, stars=5 * credits, charge_id=charge
        )


async def is_paid_call(store: Store, turn_id: int) -> bool:
    async with store.database.connect() as connection:
        return await braking.is_paid_call(connection, turn_id)


async def stops(store: Store, day: str) -> int:
    async with store.database.connect() as connection:
        return await braking.stopped(connection, 7, day)


async def test_a_call_holds_what_it_may_cost_and_an_answer_settles_what_it_did_cost(store: Store) -> None:
    turn = await wish(store, chat=GROUP)
    begun = await store.conversations.begin_call(turn.id, terms=TERMS)
    assert (begun.attempt, begun.held) == (1, Held(places=1))
    for scope, subject in ((Scope.PERSON, 7), (Scope.GROUP, GROUP), (Scope.TOTAL, 0)):
        for period in (DAY, MONTH, ""):
            assert await of(store, scope, subject, period) == Amounts(held_pictures=1, held_micro_usd=PRICE)
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=41_234))
    for scope, subject in ((Scope.PERSON, 7), (Scope.GROUP, GROUP), (Scope.TOTAL, 0)):
        for period in (DAY, MONTH, ""):
            assert await of(store, scope, subject, period) == Amounts(pictures=1, micro_usd=41_234)


async def test_in_private_there_is_no_group(store: Store) -> None:
    turn = await wish(store)
    await store.conversations.begin_call(turn.id, terms=TERMS)
    assert await store.books.sums(Scope.GROUP, [0, 7], DAY) == {}


@pytest.mark.parametrize("state", [TurnState.FAILING, TurnState.FAILED])
async def test_work_that_brings_nothing_releases_its_place(store: Store, state: TurnState) -> None:
    turn = await wish(store)
    await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.conversations.set_state(turn.id, state)
    assert await of(store) == Amounts()


async def test_a_repeat_holds_no_second_place(store: Store) -> None:
    turn = await wish(store)
    assert (await store.conversations.begin_call(turn.id, terms=FIVE_A_DAY)).held == Held(places=1, room=4)
    again = await store.conversations.begin_call(turn.id, terms=FIVE_A_DAY)
    assert (again.attempt, again.held) == (2, None)
    assert (await of(store)).held_pictures == 1


async def test_a_wish_that_is_cancelled_or_deleted_during_its_call_gives_its_place_back_but_not_the_dollars(
    store: Store,
) -> None:
    """The provider paints on, and bills it."""
    cancelled, deleted = await wish(store), await wish(store, person=8)
    for turn in (cancelled, deleted):
        await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.conversations.cancel(cancelled)
    await store.forgetting.person(8)
    assert await of(store, Scope.TOTAL, 0) == Amounts(micro_usd=2 * PRICE)


async def test_bought_pictures_that_were_stopped_are_counted_for_a_day(store: Store) -> None:
    await buy(store, 9)
    terms = bounded(person=Allowance(day_pictures=1))
    free, stopped, failed, answered, waiting = [await wish(store) for _ in range(5)]
    forgotten = await wish(store, chat=GROUP)
    for turn in (free, stopped, failed, answered, forgotten):
        await store.conversations.begin_call(turn.id, terms=terms)
    assert [await is_paid_call(store, one.id) for one in (free, stopped, waiting)] == [False, True, False]
    for turn in (free, stopped, waiting):
        await store.conversations.cancel(turn)
    await store.conversations.set_state(failed.id, TurnState.FAILING)
    await store.conversations.store_answer(answered, outcome(1, cost_micro_usd=300))
    assert [await is_paid_call(store, one.id) for one in (stopped, failed, answered)] == [False] * 3
    assert [await stops(store, day) for day in (DAY, "2026-11-29")] == [1, 0]
    async with store.database.begin() as connection:
        await connection.execute(delete(turns).where(turns.c.id == forgotten.id))
    assert await stops(store, DAY) == 2


async def test_a_storm_of_cancels_ends_at_the_limit_of_all(store: Store) -> None:
    terms = bounded(person=Allowance(day_pictures=1), total=Allowance(day_micro_usd=3 * PRICE))
    for _ in range(3):
        turn = await wish(store)
        await store.conversations.begin_call(turn.id, terms=terms)
        await store.conversations.cancel(turn)
    with pytest.raises(OverLimit) as over:
        await store.conversations.begin_call((await wish(store, person=8)).id, terms=terms)
    assert over.value.bound.scope is Scope.TOTAL


async def test_versions_whose_calls_had_not_begun_cost_nothing_when_they_are_cancelled(store: Store) -> None:
    leader = await wish(store, times=4)
    await store.conversations.begin_call(leader.id, terms=TERMS)
    await store.conversations.cancel(leader)
    assert await of(store) == Amounts(micro_usd=PRICE)


@pytest.mark.parametrize("cost", [41_000, 39_000, 0])
async def test_an_answer_that_comes_after_the_cancel_costs_its_dollars_only(store: Store, cost: int) -> None:
    turn = await wish(store)
    await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.conversations.cancel(turn)
    for _ in range(2):
        await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=cost))
        assert await of(store) == Amounts(micro_usd=cost)


async def test_an_answer_without_a_price_leaves_what_was_expected(store: Store) -> None:
    turn = await wish(store)
    await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.conversations.cancel(turn)
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=None))
    assert await of(store) == Amounts(micro_usd=PRICE)


async def test_of_a_cancelled_call_that_never_reached_the_provider_the_dollars_come_back_once(store: Store) -> None:
    turn, answered = await wish(store), await wish(store)
    for one in (turn, answered):
        await store.conversations.begin_call(one.id, terms=TERMS)
    await store.conversations.cancel(turn)
    await store.conversations.store_answer(answered, replace(outcome(1, cost_micro_usd=300), shown=(), media=()))
    for _ in range(2):
        await store.books.correct(turn.id, 0)
        await store.books.correct(answered.id, 0)
    assert await of(store) == Amounts(micro_usd=300)


async def test_a_picture_that_was_bought_comes_back_when_its_call_is_cancelled_and_its_dollars_count(
    store: Store,
) -> None:
    await buy(store, 1)
    turn = await wish(store)
    await store.conversations.begin_call(turn.id, terms=bounded(person=Allowance(day_pictures=0)))
    await store.conversations.cancel(turn)
    assert await of(store, period="") == Amounts(micro_usd=PRICE, credits=1, stars=5)


async def test_limits_that_are_taken_away_while_a_call_asks_stop_it_no_more(store: Store) -> None:
    """They stopped the hold, and were gone when the reason was looked up."""
    if store.database.engine.dialect.name != "sqlite":
        # The same statements; on SQLite one connection can play both sides.
        return
    await store.books.allow(Scope.PERSON, 7, Allowance(day_pictures=0))
    turn = await wish(store)

    @event.listens_for(store.database.engine.sync_engine, "after_cursor_execute")
    def take_away(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if "INSERT INTO entries" in statement:
            connection.exec_driver_sql("DELETE FROM allowances")

    begun = await store.conversations.begin_call(turn.id, terms=bounded())
    assert begun.held == Held(places=1)


async def test_an_answer_of_words_alone_is_no_picture(store: Store) -> None:
    turn = await wish(store)
    await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.conversations.store_answer(turn, replace(outcome(1, cost_micro_usd=300), shown=(), media=()))
    assert await of(store) == Amounts(micro_usd=300)


async def test_a_refusal_that_was_billed_costs_dollars_once_and_no_picture(store: Store) -> None:
    refused, answered = await wish(store), await wish(store)
    for turn in (refused, answered):
        await store.conversations.begin_call(turn.id, terms=TERMS)
        for _ in range(2):
            await store.books.bill(turn.id, 1, 500)
    assert await of(store) == Amounts(held_pictures=2, held_micro_usd=2 * PRICE, micro_usd=1000)
    await store.conversations.set_state(refused.id, TurnState.FAILING)
    await store.conversations.begin_call(answered.id, terms=TERMS)
    await store.conversations.store_answer(answered, outcome(1, cost_micro_usd=40_000))
    assert await of(store) == Amounts(pictures=1, micro_usd=41_000)


async def begun(store: Store, wishes: Sequence[Turn], terms: Terms) -> list[int]:
    """Begin the calls of all wishes at once; return the wishes whose calls began."""
    tries = (store.conversations.begin_call(turn.id, terms=terms) for turn in wishes)
    ended = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(one, OverLimit) for one in ended if isinstance(one, BaseException))
    return [turn.id for turn, one in zip(wishes, ended, strict=True) if not isinstance(one, BaseException)]


@pytest.mark.parametrize(
    "terms",
    [
        FIVE_A_DAY,
        bounded(person=Allowance(month_pictures=5)),
        bounded(person=Allowance(day_micro_usd=5 * PRICE)),
        bounded(total=Allowance(day_micro_usd=6 * PRICE - 1)),
        bounded(group=Allowance(month_micro_usd=5 * PRICE)),
        bounded(total=Allowance(day_pictures=9, month_pictures=5), person=Allowance(day_pictures=7)),
    ],
    ids=["a day", "a month", "dollars", "dollars of all", "a group's dollars", "the tightest"],
)
async def test_of_twenty_wishes_at_once_with_five_left_five_are_paid(store: Store, terms: Terms) -> None:
    wishes = [await wish(store, chat=GROUP) for _ in range(20)]
    assert len(await begun(store, wishes, terms)) == 5
    assert (await of(store, Scope.TOTAL, 0)).held_pictures == 5


async def test_twenty_people_at_once_share_the_limit_of_all(store: Store) -> None:
    wishes = [await wish(store, person=100 + number) for number in range(20)]
    assert len(await begun(store, wishes, bounded(total=Allowance(day_pictures=5)))) == 5


@pytest.fixture
async def another(postgresql: Server, tmp_path: Path) -> AsyncIterator[tuple[Store, Store]]:
    """Give two stores on one database, as two processes have them."""
    postgresql.wipe()
    both = [await Store.open(postgresql.kept_database, str(tmp_path / "media")) for _ in range(2)]
    yield both[0], both[1]
    for store in both:
        await store.close()


@pytest.mark.database
async def test_two_processes_share_a_limit(another: tuple[Store, Store]) -> None:
    one, two = another
    wishes = [await wish(one, person=100 + number % 3) for number in range(20)]
    terms = bounded(total=Allowance(day_pictures=5))
    began = await asyncio.gather(begun(one, wishes[::2], terms), begun(two, wishes[1::2], terms))
    assert sum(map(len, began)) == 5
    await asyncio.gather(
        *(one.conversations.set_state(turn_id, TurnState.FAILING) for turn_id in (*began[0], *began[1])),
        *(two.conversations.set_state(turn_id, TurnState.FAILING) for turn_id in (*began[1], *began[0])),
    )
    assert await of(two, Scope.TOTAL, 0) == Amounts()


async def test_four_versions_hold_four_at_once_or_none(store: Store) -> None:
    first = await wish(store)
    assert (await store.conversations.begin_call(first.id, terms=FIVE_A_DAY)).held == Held(places=1, room=4)
    second = await wish(store)
    await store.conversations.begin_call(second.id, terms=FIVE_A_DAY)
    leader = await wish(store, times=4)
    with pytest.raises(OverLimit) as over:
        await store.conversations.begin_call(leader.id, terms=FIVE_A_DAY)
    assert (over.value.wanted, over.value.room) == (4, 3)
    assert over.value.bound.scope is Scope.PERSON
    assert over.value.bound.is_daily
    await store.conversations.set_state(second.id, TurnState.FAILING)
    assert (await store.conversations.begin_call(leader.id, terms=FIVE_A_DAY)).held == Held(places=4, room=0)
    for member in await store.conversations.batch_of(leader):
        begun = await store.conversations.begin_call(member.id, terms=FIVE_A_DAY)
        assert begun.held is None
    assert (await of(store)).held_pictures == 5
    await store.conversations.cancel(leader)
    assert await of(store) == Amounts(held_pictures=1, held_micro_usd=PRICE, micro_usd=4 * PRICE)


async def test_a_batch_is_refused_as_a_whole_however_its_calls_follow_each_other(store: Store) -> None:
    """The first refusal may be stored before the next call of the batch asks; then fewer of them seem to wait."""
    leader = await wish(store, times=4)
    terms = bounded(person=Allowance(day_pictures=2))
    for member in await store.conversations.batch_of(leader):
        with pytest.raises(OverLimit) as over:
            await store.conversations.begin_call(member.id, terms=terms)
        assert (over.value.wanted, over.value.room) == (4, 2)
        await store.conversations.set_state(member.id, TurnState.FAILING)
    assert await of(store) == Amounts()


async def test_a_member_of_a_batch_that_failed_leaves_its_place_to_others(store: Store) -> None:
    leader = await wish(store, times=2)
    terms = bounded(person=Allowance(day_pictures=2))
    await store.conversations.begin_call(leader.id, terms=terms)
    await store.conversations.set_state(leader.id, TurnState.FAILING)
    assert len(await begun(store, [await wish(store) for _ in range(3)], terms)) == 1


async def test_a_limit_of_its_own_takes_the_place_of_the_settings(store: Store) -> None:
    for allowance, paid in ((Allowance(day_pictures=2), 2), (Allowance(), 7), (None, 7)):
        await store.books.allow(Scope.PERSON, 7, allowance)
        assert await store.books.allowed(Scope.PERSON, 7) == allowance
        await begun(store, [await wish(store) for _ in range(7 if paid == 2 else 5)], FIVE_A_DAY)
        assert (await of(store)).held_pictures == paid


async def test_admins_lower_the_limit_of_their_group_and_never_raise_it(store: Store) -> None:
    terms = bounded(group=Allowance(day_pictures=5))
    await store.books.allow(Scope.ADMINS, GROUP, Allowance(day_pictures=2))
    assert len(await begun(store, [await wish(store, chat=GROUP) for _ in range(4)], terms)) == 2
    await store.books.allow(Scope.ADMINS, GROUP, Allowance(day_pictures=50))
    assert len(await begun(store, [await wish(store, chat=GROUP) for _ in range(6)], terms)) == 3


async def test_only_the_limit_of_all_counts_for_owners(store: Store) -> None:
    terms = bounded(person=Allowance(day_pictures=0), total=Allowance(day_pictures=3))
    wishes = [await wish(store) for _ in range(5)]
    assert await begun(store, wishes, terms) == []
    assert len(await begun(store, wishes, replace(terms, exempt=True))) == 3


async def test_a_limit_in_dollars_needs_a_price_until_it_is_used_up(store: Store) -> None:
    terms = bounded(price=0, total=Allowance(day_micro_usd=50_000))
    first, second = await wish(store), await wish(store)
    assert (await store.conversations.begin_call(first.id, terms=terms)).held == Held(places=1, room=None, percent=0)
    await store.conversations.store_answer(first, outcome(1, cost_micro_usd=50_000))
    with pytest.raises(OverLimit):
        await store.conversations.begin_call(second.id, terms=terms)


async def test_a_hold_says_how_much_of_the_limit_of_all_is_used(store: Store) -> None:
    terms = bounded(total=Allowance(day_micro_usd=5 * PRICE))
    percents = []
    for _ in range(5):
        held = (await store.conversations.begin_call((await wish(store)).id, terms=terms)).held
        assert held is not None
        percents.append(held.percent)
    assert percents == [20, 40, 60, 80, 100]


async def test_credit_is_used_when_the_limit_is_used_up_and_given_back_without_a_picture(store: Store) -> None:
    terms = bounded(person=Allowance(day_pictures=1), total=Allowance(day_pictures=1))
    assert await buy(store, 2)
    assert not await buy(store, 2)
    wishes = [await wish(store) for _ in range(4)]
    paid = [await begun(store, [one], terms) for one in wishes]
    assert paid == [[wishes[0].id], [wishes[1].id], [wishes[2].id], []]
    assert await of(store, period="") == Amounts(held_pictures=1, held_micro_usd=PRICE, stars=10)
    await store.conversations.set_state(wishes[1].id, TurnState.FAILING)
    await store.conversations.store_answer(wishes[2], outcome(1, cost_micro_usd=41_000))
    await store.conversations.store_answer(wishes[0], outcome(2, cost_micro_usd=42_000))
    assert await of(store, period="") == Amounts(
        pictures=1, micro_usd=42_000, paid_pictures=1, paid_micro_usd=41_000, credits=1, stars=10
    )


async def test_versions_are_paid_partly_from_the_limit_and_partly_from_credit(store: Store) -> None:
    await buy(store, 2)
    leader = await wish(store, times=4)
    terms = bounded(person=Allowance(day_pictures=2))
    await store.conversations.begin_call(leader.id, terms=terms)
    assert await of(store, period="") == Amounts(held_pictures=2, held_micro_usd=2 * PRICE, stars=10)


async def test_a_place_that_was_held_before_midnight_is_settled_for_that_day(store: Store) -> None:
    turn, later = await wish(store), replace(TERMS, day="2026-12-01")
    await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.conversations.begin_call(turn.id, terms=later)
    await store.conversations.store_answer(turn, outcome(1, cost_micro_usd=1))
    assert await of(store) == Amounts(pictures=1, micro_usd=1)
    assert await of(store, period="2026-12-01") == Amounts()


async def test_an_older_version_may_end_work_too(store: Store) -> None:
    """While versions are exchanged, an old process ends what a new one began, and knows nothing of the books."""
    turn = await wish(store)
    await store.conversations.begin_call(turn.id, terms=TERMS)
    async with store.database.begin() as connection:
        await connection.execute(update(turns).where(turns.c.id == turn.id).values(state="failed"))
    assert await of(store) == Amounts()


async def test_what_is_left_can_be_asked_for(store: Store) -> None:
    turn = await wish(store, chat=GROUP)
    terms = bounded(person=Allowance(day_pictures=5, month_micro_usd=1_000_000), group=Allowance(day_pictures=3))
    await store.conversations.begin_call(turn.id, terms=terms)
    bounds = await store.books.bounds(7, GROUP, terms)
    assert [(one.scope, one.period, one.used, one.most, one.room) for one in bounds] == [
        (Scope.GROUP, DAY, 1, 3, 2),
        (Scope.PERSON, DAY, 1, 5, 4),
        (Scope.PERSON, MONTH, PRICE, 1_000_000, 24),
    ]
    assert [one.scope for one in await store.books.bounds(7, 0, terms)] == [Scope.PERSON, Scope.PERSON]


@pytest.mark.parametrize(("others", "refunded", "credits"), [(0, False, 4), (0, True, 0), (9, True, 9)])
async def test_a_cancel_gives_back_bought_versions_that_nobody_saw_unless_they_were_refunded(
    store: Store, others: int, refunded: bool, credits: int
) -> None:
    await buy(store, 4)
    if others:
        await buy(store, others, "c2")
    turn = await wish(store, times=4)
    await store.conversations.begin_call(turn.id, terms=bounded(person=Allowance(day_pictures=0)))
    for number, version in enumerate((await store.conversations.batch_of(turn))[:3], 1):
        await store.conversations.store_answer(version, outcome(number, cost_micro_usd=100))
    if refunded:
        await store.purchases.refunded("c1", DAY)
    assert await store.conversations.cancel(turn)
    assert [finding async for finding in store.audit.books()] == []
    left = await of(store, period="")
    assert (left.credits, left.paid_pictures, left.micro_usd) == (credits, 0, 300)


async def test_versions_of_which_a_bought_one_has_arrived_are_a_paid_call_while_others_wait(store: Store) -> None:
    await buy(store, 4)
    terms = bounded(person=Allowance(day_pictures=0))
    first = await wish(store, times=2)
    assert not await is_paid_call(store, first.id)
    await store.conversations.begin_call(first.id, terms=terms)
    await store.conversations.store_answer(first, outcome(1, cost_micro_usd=300))
    second = (await store.conversations.batch_of(first))[1]
    assert second.state is TurnState.ACCEPTED
    assert await is_paid_call(store, first.id)
    await store.conversations.begin_call(second.id, terms=terms)
    await store.conversations.store_answer(second, outcome(1, cost_micro_usd=300))
    assert not await is_paid_call(store, first.id)


async def test_a_bought_picture_that_is_held_anew_at_another_price_is_stopped_once(store: Store) -> None:
    await buy(store, 4)
    nothing = Allowance(day_pictures=0)
    turn = await wish(store)
    for price in (PRICE, 2 * PRICE, PRICE // 2):
        await store.conversations.begin_call(turn.id, terms=bounded(price=price, person=nothing))
    await store.conversations.cancel(turn)
    assert await stops(store, DAY) == 1

"""Whatever happens in whatever order, the books agree with a list on paper, and nobody gets more than is allowed."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from storage.books.books import enter
from storage.books.values import Allowance, Allowances, Amounts, Kind, OverLimit, Scope, Terms
from storage.records import Author, Key, Turn, TurnState
from storage.rows.upsert import TurnMovedOn
from storage.schema import entries, sums, turns
from storage.store import Store
from tests.support.records import new_turn, outcome

DAYS = ("2026-11-30", "2026-12-01")
PRICE, DEAR, FREE, CREDIT, STARS = 40_000, 60_000, 4, 3, 5
UNANSWERED = (TurnState.ACCEPTED, TurnState.CALLING)
people, charges = itertools.count(1_000), itertools.count(1)

happenings = st.one_of(
    st.tuples(st.just("wish"), st.integers(1, 4), st.booleans()),
    st.tuples(
        st.sampled_from(
            ["call", "call dear", "call tomorrow", "answer", "words", "fail", "cancel", "unsent", "bill", "delete"]
        ),
        st.integers(0, 30),
    ),
    st.tuples(st.sampled_from(["buy", "buy twice", "refund"]), st.integers(1, CREDIT)),
)


@dataclass
class Story:
    """One person's wishes, and what they should have come to."""

    store: Store
    person: int
    wishes: list[Turn] = field(default_factory=list)
    held: dict[int, str] = field(default_factory=dict)
    """How each turn with an open hold is paid for: the day whose limit it uses, credit, or credit that was refunded."""
    prices: dict[int, int] = field(default_factory=dict)
    """What the picture of each turn should cost where it was called last."""
    begun: set[int] = field(default_factory=set)
    """Turns for which a place was held at some time."""
    expected: dict[int, int] = field(default_factory=dict)
    """What was settled for turns that were cancelled or deleted during their call."""
    known: set[int] = field(default_factory=set)
    """Those of which it was said later what they did cost."""
    made: Counter[str] = field(default_factory=Counter)
    credits: int = 0
    stars: int = 0
    micro_usd: int = 0
    bought: list[tuple[str, int]] = field(default_factory=list)
    """Payments that were not given back, with their pictures."""

    def terms(self, day: str, price: int) -> Terms:
        limits = Allowances(person=Allowance(day_pictures=FREE))
        return Terms(day=day, price_micro_usd=price, allowances=limits)

    async def wish(self, times: int, *, group: bool) -> None:
        place = Key(-self.person if group else self.person, 0)
        conversation = await self.store.conversations.open(place)
        new = new_turn(conversation.id, author=Author(id=self.person, name="Anne"))
        turn = await self.store.conversations.take(new, (), (), times=times)
        self.wishes += await self.store.conversations.batch_of(turn)

    async def call(self, turn: Turn, day: str, price: int = PRICE) -> None:
        terms = self.terms(day, price)
        found = await self.store.conversations.turn(turn.id)
        if found is not None and found.state is TurnState.ANSWERED:
            # Nobody calls for what has its answer.
            return
        if found is None or found.state not in UNANSWERED:
            with pytest.raises(TurnMovedOn):
                await self.store.conversations.begin_call(turn.id, terms=terms)
            return
        members = await self.store.conversations.batch_of(found)
        wanted = [one.id for one in members if one.state in UNANSWERED and one.id not in self.held]
        if not wanted and self.is_held_anew(turn.id, price):
            wanted = [turn.id]
        paid = [self.held[turn_id] for turn_id in wanted if turn_id in self.held]
        credits = self.credits + paid.count("credit")
        free = max(FREE - self.made[day] - [*self.held.values()].count(day) + paid.count(day), 0)
        if len(wanted) > free + credits:
            with pytest.raises(OverLimit) as over:
                await self.store.conversations.begin_call(turn.id, terms=terms)
            assert (over.value.wanted, over.value.room) == (len(wanted), free + credits)
            return
        await self.store.conversations.begin_call(turn.id, terms=terms)
        self.credits = credits - max(len(wanted) - free, 0)
        for number, turn_id in enumerate(sorted(wanted)):
            self.held[turn_id] = day if number < free else "credit"
            self.prices[turn_id] = price
        if self.held[turn.id] != "refunded":
            self.prices[turn.id] = price

    def is_held_anew(self, turn_id: int, price: int) -> bool:
        """Return whether a hold has to pass the limits again: a dearer one, and one of credit at another price."""
        paid, before = self.held[turn_id], self.prices[turn_id]
        return price != before if paid == "credit" else price > before and paid != "refunded"

    async def answer(self, turn: Turn, *, shown: bool) -> None:
        found = await self.store.conversations.turn(turn.id)
        if found is None or found.state in (TurnState.FAILED, TurnState.ANSWERED) or found.reply is not None:
            return
        answer = outcome(turn.id, cost_micro_usd=41_000)
        await self.store.conversations.store_answer(turn, answer if shown else replace(answer, shown=(), media=()))
        paid = self.held.pop(turn.id, None)
        if found.state is TurnState.CANCELLED:
            if turn.id in self.begun - self.known:
                self.micro_usd += 41_000 - self.expected.get(turn.id, 0)
                self.known.add(turn.id)
        elif paid is not None:
            self.micro_usd += 41_000
            self.made["credit" if paid == "refunded" else paid] += shown
            self.credits += paid == "credit" and not shown

    def release(self, turn_ids: list[int]) -> None:
        for turn_id in turn_ids:
            self.credits += self.held.pop(turn_id, None) == "credit"

    def expect(self, *stopped: Turn) -> None:
        """Settle what the calls of these turns should cost, as far as they have begun."""
        calling = {turn.id: self.prices[turn.id] for turn in stopped if turn.state is TurnState.CALLING}
        self.expected |= calling
        self.micro_usd += sum(calling.values())

    async def unsent(self, turn: Turn) -> None:
        """Let it be found that the provider was not reached."""
        found = await self.store.conversations.turn(turn.id)
        await self.store.books.correct(turn.id, 0)
        if turn.id in self.expected.keys() - self.known and (found is None or found.reply is None):
            self.micro_usd -= self.expected[turn.id]
            self.known.add(turn.id)

    async def end(self, how: str, turn: Turn) -> None:
        found = await self.store.conversations.turn(turn.id)
        if found is None or found.state not in UNANSWERED:
            return
        if how == "fail":
            await self.store.conversations.set_state(turn.id, TurnState.FAILED)
            self.release([turn.id])
        elif how == "delete":
            async with self.store.database.begin() as connection:
                await connection.execute(delete(turns).where(turns.c.id == turn.id))
            self.release([turn.id])
            self.expect(found)
        else:
            ended = await self.store.conversations.batch_of(found)
            assert await self.store.conversations.cancel(found)
            self.release([one.id for one in ended])
            self.expect(*ended)

    async def buy(self, credits: int, *, twice: bool) -> None:
        charge_id = f"{self.person}-{next(charges)}"
        self.bought.append((charge_id, credits))
        for again in range(2 if twice else 1):
            assert await self.note(Kind.BUY, charge_id, credits, STARS * credits) is (again == 0)
        self.credits += credits
        self.stars += STARS * credits

    async def refund(self) -> None:
        """Give the last payment back, with what is left of it."""
        if not self.bought:
            return
        charge_id, credits = self.bought.pop()
        taken = min(credits, self.credits)
        for again in range(2):
            found = await self.store.purchases.refunded(charge_id, DAYS[0])
            assert found is not None
            assert (found[0].taken, found[1]) == (taken, again == 0)
        self.credits -= taken
        self.stars -= STARS * credits
        # A picture that is being made counts as spent.
        being_made = [turn_id for turn_id, paid in self.held.items() if paid == "credit"]
        self.held |= dict.fromkeys(being_made[: credits - taken], "refunded")

    async def note(self, kind: Kind, charge_id: str, credits: int, stars: int) -> bool:
        async with self.store.database.begin() as connection:
            return await enter(
                connection,
                kind,
                person_id=self.person,
                day=DAYS[0],
                credits=credits,
                stars=stars,
                charge_id=charge_id,
            )

    async def happen(self, what: tuple[Any, ...]) -> None:
        match what:
            case ("wish", times, group):
                await self.wish(times, group=group)
            case ("buy" | "buy twice" as how, credits):
                await self.buy(credits, twice=how == "buy twice")
            case ("refund", _):
                await self.refund()
            case (how, place) if self.wishes:
                await self.with_wish(how, self.wishes[place % len(self.wishes)])

    async def with_wish(self, how: str, turn: Turn) -> None:
        if how.startswith("call"):
            await self.call(turn, DAYS[how == "call tomorrow"], DEAR if how == "call dear" else PRICE)
            self.begun |= set(self.held)
        elif how in ("answer", "words"):
            await self.answer(turn, shown=how != "words")
        elif how == "bill":
            before = await self.sums()
            await self.store.books.bill(turn.id, 1, 700)
            self.micro_usd += (await self.sums()).micro_usd - before.micro_usd
        elif how == "unsent":
            await self.unsent(turn)
        else:
            await self.end(how, turn)

    async def sums(self, period: str = "") -> Amounts:
        return (await self.store.books.sums(Scope.PERSON, [self.person], period)).get(self.person, Amounts())


@given(st.lists(happenings, max_size=25))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_history(store: Store, history: list[tuple[Any, ...]]) -> None:
    story = Story(store, next(people))
    for what in history:
        await story.happen(what)
        found = await story.sums()
        assert found.credits == story.credits >= 0
        assert found.stars == story.stars
        assert found.held_pictures == sum(one in DAYS for one in story.held.values())
        assert (found.pictures, found.paid_pictures) == (
            story.made.total() - story.made["credit"],
            story.made["credit"],
        )
        assert found.micro_usd + found.paid_micro_usd == story.micro_usd
        for day in DAYS:
            of_day = await story.sums(day)
            assert of_day.pictures + of_day.held_pictures <= FREE
    assert [finding.text async for finding in store.audit.books()] == []


async def broken(store: Store, statement: Any) -> list[str]:
    async with store.database.begin() as connection:
        await connection.execute(statement)
    return [finding.text async for finding in store.audit.books() if finding.broken]


@pytest.fixture
async def story(store: Store) -> Story:
    """Give a person with one open hold and one that was settled."""
    story = Story(store, 7)
    await story.wish(1, group=True)
    await story.wish(1, group=True)
    for turn in story.wishes:
        await story.call(turn, DAYS[0])
    await story.answer(story.wishes[0], shown=True)
    assert [finding async for finding in store.audit.books()] == []
    return story


async def test_a_check_finds_a_sum_that_is_off_by_a_millionth(store: Store, story: Story) -> None:
    wrong = update(sums).where(sums.c.scope == "group", sums.c.period == DAYS[0]).values(micro_usd=41_001)
    assert await broken(store, wrong) == [f"the sum of group -7 in {DAYS[0]} is wrong: micro_usd by 1"]


async def test_a_check_finds_an_entry_that_is_missing(store: Store, story: Story) -> None:
    found = await broken(store, delete(entries).where(entries.c.kind == "settle"))
    assert len([one for one in found if "is wrong" in one]) == 9
    assert len([one for one in found if f"for turn {story.wishes[0].id}, whose work has ended" in one]) == 1


async def test_a_check_finds_a_hold_that_ended_otherwise_than_it_was_made(store: Store, story: Story) -> None:
    found = await broken(store, update(entries).where(entries.c.kind == "settle").values(held_pictures=0))
    assert any("does not end a hold as it was made" in one for one in found)


async def test_no_hold_ends_twice(store: Store, story: Story) -> None:
    names = [column.name for column in entries.columns if column.name != "id"]
    ending = select(*(entries.c[name] for name in names)).where(entries.c.kind == "settle")
    again = entries.insert().from_select(names, ending)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await broken(store, again)

"""What is out of order: how long it rests, who tries it again, and that several processes agree on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.providers import errors
from bot.providers.calls.outages import LEFT_OUT_S, OUTAGES, outage_of, rest_s
from bot.providers.errors import (
    AnswerLost,
    BalanceEmpty,
    DailyQuota,
    GatewayError,
    InternalError,
    KeyInvalid,
    ModelOverloaded,
    ProviderError,
    RateLimited,
)
from bot.turns.calling.outages import OVER_S, TRY_S, OutageWatch
from storage.schema import windows
from storage.store import Store
from tests.support.databases import Server

NAME = "gemini:generativelanguage.googleapis.com"


@dataclass
class Clock:
    """A time that stands still until it is set."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """Yield an empty store on each of the two databases."""
    address = f"sqlite+aiosqlite:///{tmp_path}/tree.db"
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        server.wipe()
        address = server.kept_database
    opened = await Store.open(address, str(tmp_path / "media"))
    yield opened
    await opened.close()


async def test_of_several_processes_one_learns_first_and_one_tries_again(store: Store) -> None:
    clock = Clock()
    watches = [OutageWatch(store.outages, shared=True, clock=clock) for _ in range(3)]
    began = await asyncio.gather(*(watch.failed(NAME, ModelOverloaded(), clock.now - 1) for watch in watches))
    assert sorted(began) == [False, False, True]
    for watch in watches:
        await watch.refresh()
        assert not await watch.may_ask([NAME, "something else"])
        assert await watch.may_ask(["something else"])
    clock.now += 61
    assert sorted(await asyncio.gather(*(watch.may_ask([NAME]) for watch in watches))) == [False, False, True]
    # The process that tries dies; a minute later another one does.
    clock.now += TRY_S + 1
    assert sorted(await asyncio.gather(*(watch.may_ask([NAME]) for watch in watches))) == [False, False, True]
    await watches[0].worked([NAME], clock.now)
    for watch in watches:
        await watch.refresh()
        assert await watch.may_ask([NAME])


async def test_a_clock_that_ran_ahead_makes_nothing_rest_until_that_time(store: Store) -> None:
    """As that of a computer without a battery may. What is learned after it was set counts again."""
    clock = Clock()
    watch = OutageWatch(store.outages, clock=clock)
    clock.now += 30 * 24 * 3600
    assert await watch.failed(NAME, KeyInvalid(), clock.now - 1)
    assert not await watch.may_ask([NAME])
    clock.now -= 30 * 24 * 3600
    assert await watch.may_ask([NAME])
    assert await watch.failed(NAME, KeyInvalid(), clock.now - 1)
    assert not await watch.may_ask([NAME])
    clock.now += 1
    await watch.worked([NAME], clock.now)
    assert await watch.may_ask([NAME])


async def test_it_rests_longer_each_time_until_it_has_been_well_for_a_while(store: Store) -> None:
    clock = Clock()
    watch = OutageWatch(store.outages, clock=clock)
    rests = []
    for _ in range(6):
        await watch.failed(NAME, ModelOverloaded(), clock.now)
        rests.append(watch.rests_until([NAME]) - clock.now)
        clock.now += rests[-1] + 1
        assert await watch.may_ask([NAME])
    assert rests == [60, 120, 240, 480, 900, 900]
    await watch.worked([NAME], clock.now)
    clock.now += OVER_S - 1
    assert not await watch.failed(NAME, ModelOverloaded(), clock.now)
    await watch.worked([NAME], clock.now + 1)
    clock.now += OVER_S + 2
    assert await watch.failed(NAME, ModelOverloaded(), clock.now)
    assert watch.rests_until([NAME]) - clock.now == 60


async def test_calls_that_began_before_the_outage_say_nothing_new(store: Store) -> None:
    """Four versions fail together, and one that began earlier still succeeds."""
    clock = Clock()
    watch = OutageWatch(store.outages, clock=clock)
    began_at = clock.now
    clock.now += 10
    assert [await watch.failed(NAME, ModelOverloaded(), began_at) for _ in range(4)] == [True, False, False, False]
    assert watch.rests_until([NAME]) - clock.now == 60
    await watch.worked([NAME], began_at)
    assert not await watch.may_ask([NAME])


async def test_a_start_tries_everything_again_and_tells_nobody_twice(store: Store) -> None:
    clock = Clock()
    assert await OutageWatch(store.outages, clock=clock).failed(NAME, BalanceEmpty(), clock.now)
    watch = OutageWatch(store.outages, clock=clock)
    await watch.load()
    clock.now += 1
    assert await watch.may_ask([NAME])
    assert not await watch.failed(NAME, BalanceEmpty(), clock.now)


async def test_what_one_wish_alone_may_cause_rests_for_its_conversation_first(store: Store) -> None:
    """Only a second conversation that meets it, with no answer between, shows that it is not the wish."""
    clock = Clock()
    watch = OutageWatch(store.outages, clock=clock)
    ann, boris, chen = 1, 2, 3
    assert not await watch.failed(NAME, InternalError(), clock.now, ann)
    assert (await watch.may_ask([NAME], ann), await watch.may_ask([NAME], boris)) == (False, True)
    await watch.worked([NAME], clock.now)
    assert await watch.may_ask([NAME], ann)
    for _ in range(2):
        assert not await watch.failed(NAME, InternalError(), clock.now, ann)
        clock.now += 1
    assert await watch.may_ask([NAME], boris)
    assert await watch.failed(NAME, InternalError(), clock.now - 30, boris)
    assert not await watch.may_ask([NAME], chen)
    assert not await watch.failed(NAME, InternalError(), clock.now, chen)


async def test_an_outage_that_only_one_conversation_can_meet_is_announced_once(store: Store) -> None:
    """Most bots at home have one conversation: nobody else would ever show that it is not the wish."""
    clock = Clock()
    watch = OutageWatch(store.outages, clock=clock)
    told = []
    for whose in (1, 1, 1, 1, 2):
        told.append(await watch.failed(NAME, GatewayError(), clock.now, whose))
        clock.now += 1
    assert told == [False, False, True, False, False]
    assert not await watch.may_ask([NAME], 3)


async def test_an_overload_rests_for_all_also_after_a_failure_of_one_wish(store: Store) -> None:
    clock = Clock()
    watch = OutageWatch(store.outages, clock=clock)
    assert not await watch.failed(NAME, GatewayError(), clock.now, 1)
    assert await watch.failed(NAME, ModelOverloaded(), clock.now, 1)
    assert not await watch.may_ask([NAME], 2)


async def test_a_note_of_an_earlier_version_can_be_changed(store: Store) -> None:
    clock = Clock()
    await OutageWatch(store.outages, clock=clock).failed(NAME, ModelOverloaded(), clock.now)
    written = select(windows.c.booked).where(windows.c.name == "outages")
    async with store.database.connect() as connection:
        fields = json.loads((await connection.execute(written)).scalar_one())[NAME]
    assert [*fields] == ["back_at", "failed_at", "times", "until"]


async def test_without_a_store_it_is_kept_in_memory(store: Store) -> None:
    clock = Clock()
    watch = OutageWatch(store.outages, clock=clock)
    await store.close()
    assert await watch.failed(NAME, ModelOverloaded(), clock.now)
    assert not await watch.may_ask([NAME])


@pytest.mark.parametrize(
    ("error", "times", "rest"),
    [
        (ModelOverloaded(), 1, 60),
        (ModelOverloaded(retry_after_s=5), 1, 60),
        (RateLimited(retry_after_s=7200, seconds=7200), 1, 7200),
        (DailyQuota(), 1, 300),
        (DailyQuota(), 9, 3600),
        (DailyQuota(retry_after_s=50_000), 1, 50_000),
        (DailyQuota(retry_after_s=10**9), 1, LEFT_OUT_S),
        (KeyInvalid(), 1, LEFT_OUT_S),
        (ModelOverloaded(), 10**6, 900),
    ],
)
def test_how_long_it_rests(error: ProviderError, times: int, rest: float) -> None:
    assert rest_s(error, times) == rest


def _leaves() -> list[type[ProviderError]]:
    found, left = [], [ProviderError]
    while left:
        one = left.pop()
        left += one.__subclasses__()
        found += [one] if one.base_key and one.__module__ == errors.__name__ else []
    return sorted(found, key=lambda one: one.__name__)


GOES_ON = {
    "AccountRestricted", "BalanceEmpty", "ConnectionFailed", "DailyQuota", "GatewayError", "InternalError",
    "KeyDisabled", "KeyInvalid", "ModelOverloaded", "ModelUnavailable", "NoChannel", "NoPaidAccess", "QueueFull",
    "RateLimited", "RegionBlocked", "WrongAddress",
}  # fmt: skip


@pytest.mark.parametrize("leaf", _leaves())
def test_each_kind_of_failure_is_decided_on(leaf: type[ProviderError]) -> None:
    """A new kind of failure asks nobody else until it is put into the table."""
    assert (outage_of(leaf()) is not None) == (leaf.__name__ in GOES_ON)


def test_no_failure_of_unknown_outcome_and_no_refusal_has_a_row() -> None:
    assert outage_of(AnswerLost()) is None
    families = (errors.Refused, errors.NoPicture, errors.TimedOut, errors.BadBody, errors.TooLarge, errors.Unsupported)
    assert not any(issubclass(leaf, families) for leaf in OUTAGES)

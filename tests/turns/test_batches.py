"""Versions that share one call: paid once, each a separate turn, even if the process dies at any step."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.base import Blob, Result, Usage
from bot.providers.errors import ProviderError
from bot.providers.factory import ProviderConfig, build
from bot.turns.answering import Answering
from bot.turns.batches import groups_of, shares_of
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.turns import Turns
from storage.books.values import Amounts, Scope
from storage.records import Turn, TurnState
from storage.store import Store
from tests.support.aimlapi import Aimlapi, serving_aimlapi
from tests.support.painter import number_of
from tests.support.records import HOME, new_turn, turn

MODEL = "google/gemini-2.5-flash-image"


class Died(BaseException):
    """The process is gone: nothing after this line runs."""


class Nobody:
    """Watches, and says nothing to anybody."""

    async def retrying(self, delay_s: float, error: ProviderError) -> None:
        """Accept a wait."""

    async def queued(self, number: int) -> None:
        """Accept a place in the queue."""

    async def unstored(self) -> None:
        """Accept that it cannot be stored."""


class Mortal:
    """A part of the store with counted steps. The process dies before or after one of them."""

    def __init__(self, part: Any, steps: set[str], death: Death) -> None:
        self._part, self._steps, self._death = part, steps, death

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._part, name)
        return self._death.around(real) if name in self._steps else real


class Death:
    """When the process dies: before or after a step, counted from 1; 0 for never."""

    def __init__(self, at: int = 0, *, behind: bool = False) -> None:
        self._at, self._behind, self.steps = at, behind, 0

    def around(self, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """Return a step of the store at which the process may die."""

        async def step(*args: Any, **more: Any) -> Any:
            self.steps += 1
            if self.steps == self._at and not self._behind:
                raise Died
            result = await real(*args, **more)
            if self.steps == self._at:
                raise Died
            return result

        return step


class MortalStore:
    """The store of a process that may die at each step that writes."""

    def __init__(self, store: Store, death: Death) -> None:
        self._store = store
        self.conversations = Mortal(
            store.conversations, {"begin_call", "store_answer", "interrupted", "set_state"}, death
        )
        self.media = Mortal(store.media, {"keep_raw_answer", "drop_raw_answers", "put"}, death)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


@asynccontextmanager
async def working(store: Any, aimlapi: Aimlapi) -> AsyncIterator[Turns]:
    """Yield what answers turns in one process."""
    provider = build("aimlapi", ProviderConfig(base_url=aimlapi.url, api_key="key-of-a-test", model=MODEL))
    policy = AnsweringPolicy(default=Choice(provider="aimlapi", model=MODEL))
    try:
        yield Turns(store, Answering(store, {"aimlapi": [provider]}, policy))
    finally:
        await provider.aclose()


@asynccontextmanager
async def asked(tmp_path: Path, times: int = 4, **more: Any) -> AsyncIterator[tuple[Store, Aimlapi, Turn]]:
    """Yield a store in which versions of a wish wait for their answers, and AIMLAPI."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db", str(tmp_path / "media"))
    try:
        async with serving_aimlapi() as aimlapi:
            conversation = await store.conversations.open(HOME)
            first = await store.conversations.take(new_turn(conversation.id, **more), (), (), times=times)
            yield store, aimlapi, first
    finally:
        await store.close()


async def numbers(store: Store, turns: list[Turn]) -> list[int]:
    """Return which pictures turns show; each shows one."""
    assert [one.state for one in turns] == [TurnState.ANSWERED] * len(turns)
    assert all(len(one.shown) == 1 for one in turns)
    return [number_of(await store.media.get(one.shown[0].sha256)) for one in turns]


async def booked(store: Store) -> Amounts:
    """Return what all calls came to, after a look whether the books agree."""
    assert [finding.text async for finding in store.audit.books()] == []
    return (await store.books.sums(Scope.TOTAL, [0]))[0]


async def run(store: Any, aimlapi: Aimlapi, turn: Turn) -> list[Turn]:
    """Run a set to its end in a fresh process."""
    async with working(store, aimlapi) as turns:
        current = await turns.answering._store.conversations.turn(turn.id)
        ended = await turns.run_batch(current, Nobody())
        await turns.drop_raw_answers(ended)
        return ended


async def test_four_versions_are_one_call_and_four_turns(tmp_path: Path) -> None:
    async with asked(tmp_path) as (store, aimlapi, first):
        ended = await run(store, aimlapi, first)
        assert [(call["model"], call["num_images"]) for call in aimlapi.calls] == [(MODEL, 4)]
        assert await numbers(store, ended) == [1, 2, 3, 4]
        assert [one.cost_micro_usd for one in ended] == [42_000] * 4
        assert (await store.conversations.open(HOME)).head_id == first.id
        assert await store.media.raw_answers() == {}


async def test_more_than_one_call_may_bring_are_several_calls(tmp_path: Path) -> None:
    async with asked(tmp_path, times=6) as (store, aimlapi, first):
        ended = await run(store, aimlapi, first)
        assert sorted(call.get("num_images", 1) for call in aimlapi.calls) == [2, 4]
        assert sorted(await numbers(store, ended)) == [1, 2, 3, 4, 5, 6]


async def test_a_model_without_such_a_field_is_called_for_each(tmp_path: Path) -> None:
    options = {"provider": "aimlapi", "model": "google/gemini-nano-banana-2.1"}
    async with asked(tmp_path, options=options) as (store, aimlapi, first):
        ended = await run(store, aimlapi, first)
        assert len(aimlapi.calls) == 4
        assert not any("num_images" in call for call in aimlapi.calls)
        assert sorted(await numbers(store, ended)) == [1, 2, 3, 4]


async def test_where_fewer_come_the_others_are_asked_for_by_themselves(tmp_path: Path) -> None:
    async with asked(tmp_path) as (store, aimlapi, first):
        aimlapi.most_at_once = 3
        ended = await run(store, aimlapi, first)
        assert [call.get("num_images", 1) for call in aimlapi.calls] == [4, 1]
        assert await numbers(store, ended) == [1, 2, 3, 4]


async def test_a_field_that_is_refused_is_left_out_from_then_on(tmp_path: Path) -> None:
    async with asked(tmp_path) as (store, aimlapi, first), working(store, aimlapi) as turns:
        aimlapi.script.append((400, {"message": "property num_images should not exist", "statusCode": 400}))
        ended = await turns.run_batch(first, Nobody())
        assert sorted(await numbers(store, ended)) == [1, 2, 3, 4]
        assert [call.get("num_images", 1) for call in aimlapi.calls] == [4, 1, 1, 1, 1]
        assert not any(one.remarks for one in ended)
        second = await store.conversations.take(new_turn(first.conversation_id), (), (), times=2)
        await turns.run_batch(second, Nobody())
        assert [call.get("num_images", 1) for call in aimlapi.calls[5:]] == [1, 1]


async def test_what_is_refused_is_told_of_every_version(tmp_path: Path) -> None:
    async with asked(tmp_path) as (store, aimlapi, first):
        aimlapi.script.append((403, {"message": "You've run out of credits.", "statusCode": 403}))
        ended = await run(store, aimlapi, first)
        assert [(one.state, (one.error or {})["key"]) for one in ended] == [(TurnState.FAILING, "balance-empty")] * 4
        assert await booked(store) == Amounts()
        assert len(aimlapi.calls) == 1


async def _dies(store: Store, aimlapi: Aimlapi, first: Turn, death: Death) -> bool:
    """Run the set in a process that may die; return whether it did."""
    try:
        await run(MortalStore(store, death), aimlapi, first)
    except (Died, BaseExceptionGroup):
        return True
    return False


@pytest.mark.parametrize("behind", [False, True])
async def test_a_death_at_any_step_buys_nothing_twice_and_loses_no_picture(tmp_path: Path, behind: bool) -> None:
    """The calls that were running at a death are unknown. All pictures that arrived reach their turns."""
    for at in itertools.count(1):
        folder = tmp_path / str(at)
        folder.mkdir()
        async with asked(folder) as (store, aimlapi, first):
            died = await _dies(store, aimlapi, first, Death(at, behind=behind))
            arrived = await store.media.raw_answers()
            stored = [one for one in await store.conversations.batch_of(first) if one.reply is not None]
            paid = aimlapi.painted
            ended = await run(store, aimlapi, first)
            ended = list(await store.conversations.batch_of(ended[0]))
            assert len(set(await numbers(store, ended))) == 4
            if arrived or len(stored) == 4:
                assert aimlapi.painted == paid == 4, f"bought again after a death at step {at}"
            else:
                assert aimlapi.painted == paid + 4, "the call that was cut off is made once more, for all of them"
            assert await store.media.raw_answers() == {}
            assert len(aimlapi.calls) == 1 if paid == aimlapi.painted else len(aimlapi.calls) <= 2
            assert await booked(store) == Amounts(pictures=4, micro_usd=4 * 42_000)
        if not died:
            assert at > 8, "the steps were not counted"
            return


async def test_one_of_several_processes_that_died_had_stored_two(tmp_path: Path) -> None:
    """Begun again and again, the same answer serves until every turn has its picture."""
    async with asked(tmp_path) as (store, aimlapi, first):
        for at in range(1, 40):
            if not await _dies(store, aimlapi, first, Death(at if at > 3 else 3, behind=False)):
                break
        ended = await store.conversations.batch_of(first)
        assert await numbers(store, ended) == [1, 2, 3, 4]
        assert aimlapi.painted == 4
        assert await booked(store) == Amounts(pictures=4, micro_usd=4 * 42_000)


async def test_a_cancel_keeps_every_picture_that_had_arrived(tmp_path: Path) -> None:
    """They are paid for: each is in the tree with its turn, undelivered, and head does not move."""
    async with asked(tmp_path) as (store, aimlapi, first):
        # Before the first of them is stored.
        assert await _dies(store, aimlapi, first, Death(3))
        assert await store.media.raw_answers()
        assert await store.conversations.cancel(first)
        async with working(store, aimlapi) as turns:
            await turns.settle_left()
        ended = await store.conversations.batch_of(first)
        assert [one.state for one in ended] == [TurnState.CANCELLED] * 4
        shown = [number_of(await store.media.get(one.shown[0].sha256)) for one in ended]
        assert shown == [1, 2, 3, 4]
        assert (await store.conversations.open(HOME)).head_id is None
        assert await store.media.raw_answers() == {}
        assert await booked(store) == Amounts(micro_usd=4 * 42_000), "they cost, but nobody got them"


async def test_a_call_that_is_cancelled_ends_for_all(tmp_path: Path) -> None:
    async with asked(tmp_path) as (store, aimlapi, first), working(store, aimlapi) as turns:
        aimlapi.script.append(asyncio.Event())
        running = asyncio.create_task(turns.run_batch(first, Nobody()))
        await aimlapi.called(1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert {one.state for one in await store.conversations.batch_of(first)} == {TurnState.CALLING}


@given(
    waiting=st.lists(st.integers(1, 12), unique=True).map(sorted),
    arrived=st.dictionaries(st.integers(1, 12), st.sets(st.integers(1, 12), max_size=4), max_size=3),
    most=st.integers(1, 5),
)
def test_every_turn_that_waits_is_in_one_group(waiting: list[int], arrived: dict[int, set[int]], most: int) -> None:
    groups = groups_of([turn(id=number) for number in waiting], arrived, most)
    assert sorted(one.id for group in groups for one in group) == waiting
    assert all(group == sorted(group, key=lambda one: one.id) for group in groups)
    assert all(groups)


@given(pictures=st.integers(1, 7), times=st.integers(1, 6), words=st.booleans())
def test_shares_are_all_of_a_result_and_nothing_twice(pictures: int, times: int, words: bool) -> None:
    blobs = tuple(Blob(mime="image/png", data=bytes([number])) for number in range(pictures))
    text = [{"text": "Hm."}] if words else []
    parts = [*text, *({"inlineData": {"mimeType": blob.mime, "data": blob}} for blob in blobs)]
    usage = Usage(input_tokens=7, image_tokens=100, cost_usd=Decimal(1))
    whole = Result(
        content={"role": "model", "parts": parts}, text="Hm." if words else "", pictures=blobs, model="m", usage=usage
    )
    shares = shares_of(whole, times)
    assert len(shares) == min(times, pictures)
    assert [blob for share in shares for blob in share.pictures] == list(blobs)
    assert [part for share in shares for part in share.content["parts"]] == parts
    assert "".join(share.text for share in shares) == whole.text
    assert sum(share.usage.input_tokens for share in shares) == 7
    assert abs(sum(share.usage.cost_usd or 0 for share in shares) - 1) < Decimal("0.000001")

"""A process that dies while a wish goes from one provider to another: it is painted once, and not lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.providers.dialects.openrouter import Openrouter as Dialect
from bot.turns.calling.outages import OutageWatch
from storage.records import Turn, TurnState
from tests.support.fallback import USED_UP, hurry, with_relay
from tests.support.openrouter import Openrouter, serving_openrouter
from tests.support.painter import number_of
from tests.support.standstill import kill, stand_still
from tests.support.talking import Talk, in_one, talking

pytestmark = in_one


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


async def test_between_the_failed_call_and_the_next_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failed answer is read again, without a call, and the next provider is asked."""
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = USED_UP
        place = stand_still(monkeypatch, OutageWatch, "failed")
        await talk.telegram.ann.say("a boat")
        await place.reached.wait()
        assert (len(talk.painter.calls), len(relay.calls)) == (1, 0)
        await kill(talk)
        answer = await talk.telegram.ann.answer()
        assert number_of(await answer.picture_bytes()) == 101
        assert "so tokaify painted this" in answer.caption
        assert (len(talk.painter.calls), len(relay.calls)) == (1, 1)
        await talk.telegram.ann.silence()


async def test_after_the_outage_was_noted_and_before_the_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = USED_UP
        place = stand_still(monkeypatch, OutageWatch, "may_ask")
        # The first provider is asked without a look at outages where none is known; so the second one stands still.
        place.reached.set()
        await talk.telegram.ann.say("a boat")
        await talk.painter.called(1)
        place.reached.clear()
        await place.reached.wait()
        await kill(talk)
        assert number_of(await (await talk.telegram.ann.answer()).picture_bytes()) == 101
        assert (len(talk.painter.calls), len(relay.calls)) == (1, 1)


async def test_during_the_call_of_the_next_one_the_call_is_made_once_more(tmp_path: Path) -> None:
    """As any call that a kill cut off: nobody knows whether it was painted. The second time the turn fails."""
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = USED_UP
        relay.hold()
        await talk.telegram.ann.say("a boat")
        await relay.called(1)
        await kill(talk)
        answer = await talk.telegram.ann.answer()
        assert number_of(await answer.picture_bytes()) == 101
        assert len(relay.calls) == 2

        relay.hold()
        relay.hold()
        await talk.telegram.ann.say("warmer")
        await relay.called(3)
        await kill(talk)
        await relay.called(4)
        await kill(talk)
        assert "interrupted twice" in (await talk.telegram.ann.answer()).text
        assert len(relay.calls) == 4


@asynccontextmanager
async def _with_openrouter(data_dir: Path) -> AsyncIterator[tuple[Talk, Openrouter]]:
    """Start a bot that falls back on a provider whose answers look quite different."""
    async with serving_openrouter() as other:
        accounts = {"openrouter_api_key": "key", "openrouter_base_url": other.url, "fallback": "openrouter"}
        async with talking(data_dir, **accounts) as talk:
            talk.painter.always = USED_UP
            yield talk, other


async def _newest(talk: Talk) -> Turn:
    (conversation,) = await talk.store.views.of_chat(talk.telegram.ann.id)
    turn = await talk.store.conversations.latest(conversation.id)
    assert turn is not None
    return turn


async def test_an_answer_that_is_there_is_read_by_whoever_gave_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is paid for. The chosen provider, which would be asked first, cannot read it."""
    async with _with_openrouter(tmp_path) as (talk, other):
        place = stand_still(monkeypatch, Dialect, "read")
        await talk.telegram.ann.say("a boat")
        await place.reached.wait()
        await kill(talk)
        answer = await talk.telegram.ann.answer()
        assert number_of(await answer.picture_bytes()) == 1
        assert "so OpenRouter painted this" in answer.caption
        assert (len(talk.painter.calls), len(other.calls)) == (1, 1)
        assert (await _newest(talk)).provider == "openrouter"


async def test_an_answer_to_a_cancelled_wish_is_stored_under_whoever_gave_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with _with_openrouter(tmp_path) as (talk, other):
        place = stand_still(monkeypatch, Dialect, "read")
        await talk.telegram.ann.say("a boat")
        await place.reached.wait()
        await talk.telegram.ann.say("/cancel")
        await talk.telegram.ann.answer()
        turn = await _newest(talk)
        while turn.reply is None:
            await asyncio.sleep(0.01)
            turn = await _newest(talk)
        assert (turn.state, turn.provider) == (TurnState.CANCELLED, "openrouter")
        assert len(other.calls) == 1

"""Nobody is in order as far as is known: who is asked all the same, so that nobody is refused because of old news."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.fallback import INVALID, OVERLOADED, UNPAID, USED_UP, ask, google_says, hurry, with_relay
from tests.support.painter import number_of
from tests.support.people import CHEN
from tests.support.talking import Talk, in_one, talking

pytestmark = in_one
KEYS = FIRST, SECOND, THIRD = ("first-key-of-a-test", "second-key-of-a-test", "third-key-of-a-test")
FOR_HOURS = google_says(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota. Please retry in 7200s.")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def _later(talk: Talk, seconds: float) -> None:
    talk.running.answering.fallback.watch._clock = lambda: time.time() + seconds


async def test_the_second_is_asked_where_the_one_that_comes_back_first_still_fails(tmp_path: Path) -> None:
    """The relay's owner has paid meanwhile, which nobody could know."""
    async with with_relay(tmp_path) as (talk, relay):
        ann = talk.telegram.ann
        talk.painter.always, relay.always = OVERLOADED, UNPAID
        for later in (0, 70):
            _later(talk, later)
            assert not (await ask(ann, "a boat")).has_picture
        relay.always = None
        # Both rest: Gemini for two minutes from its second failure on, the relay for ten.
        _later(talk, 150)
        answer = await ask(ann, "a boat")
        assert "so tokaify painted this" in answer.caption
        assert number_of(await answer.picture_bytes()) == 101


@pytest.mark.parametrize("paid", [FIRST, SECOND])
async def test_a_key_that_was_paid_for_paints_where_the_other_one_is_still_used_up(paid: str, tmp_path: Path) -> None:
    """Whichever of them is asked first."""
    async with talking(tmp_path, gemini_api_key=f"{FIRST}, {SECOND}", owner_ids={CHEN}) as talk:
        talk.painter.always = USED_UP
        assert "daily quota" in (await ask(talk.telegram.ann, "a boat")).text
        talk.painter.always, talk.painter.by_key = None, {key: USED_UP for key in KEYS if key != paid}
        _later(talk, 100)
        assert (await ask(talk.telegram.ann, "a boat")).has_picture


async def test_in_a_long_outage_of_all_no_key_is_asked_in_vain_for_every_wish(tmp_path: Path) -> None:
    """One is asked for each wish. The others are asked again a minute later, unless they said how long it lasts."""
    async with talking(tmp_path, gemini_api_key=", ".join(KEYS), owner_ids={CHEN}) as talk:
        talk.painter.by_key = {FIRST: USED_UP, SECOND: INVALID, THIRD: FOR_HOURS}
        await ask(talk.telegram.ann, "a boat")
        assert sorted(call.key for call in talk.painter.calls) == sorted(KEYS)
        for later in (10, 20, 30, 250):
            _later(talk, later)
            await ask(talk.telegram.ann, "a boat")
        assert [call.key for call in talk.painter.calls[3:]] == [FIRST] * 4

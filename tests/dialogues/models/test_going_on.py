"""A provider that is out of order, and another one that FALLBACK names: who paints, and who hears of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from bot.process.signals import StartError
from storage.records import Turn
from tests.support.aimlapi import serving_aimlapi
from tests.support.fallback import (
    INVALID,
    OVERLOADED,
    UNPAID,
    USED_UP,
    ask,
    google_says,
    hurry,
    to_owner,
    with_relay,
)
from tests.support.painter import Cut, answered, number_of, plain
from tests.support.ports import free_port
from tests.support.talking import Talk, in_one, talking

INSTEAD = "Gemini is not available at the moment, so tokaify painted this."
LEGACY = "gemini-2.5-flash-image"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


FAILS = {
    "overloaded": (OVERLOADED, 5),
    "no channel": ((503, {"error": {"message": "No available channel for model x", "code": "model_not_found"}}), 5),
    "internal": (google_says(500, "INTERNAL", "An internal error has occurred."), 5),
    "gateway": ((502, "<html><h1>502 Bad Gateway</h1></html>"), 5),
    "quota of the day": (USED_UP, 1),
    "no paid access": (google_says(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric: x, limit: 0, model: y"), 1),
    "a rate limit of hours": (
        google_says(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota. Please retry in 7200s."),
        1,
    ),
    "balance": (UNPAID, 1),
    "key": (INVALID, 1),
    "region": (google_says(400, "FAILED_PRECONDITION", "User location is not supported for the API use."), 1),
    "no such address": ((404, {"error": "Not Found", "path": "/v1beta"}), 1),
}


@pytest.mark.parametrize("kind", FAILS)
async def test_where_the_chosen_provider_cannot_answer_the_next_one_does(kind: str, tmp_path: Path) -> None:
    """In the same turn, with one sentence for the person; the next wish does not ask in vain."""
    failure, calls = FAILS[kind]
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = failure
        answer = await ask(talk.telegram.ann, "a boat")
        assert number_of(await answer.picture_bytes()) == 101
        assert answer.caption.count(INSTEAD) == 1
        assert (len(talk.painter.calls), len(relay.calls)) == (calls, 1)
        assert INSTEAD in (await ask(talk.telegram.ann, "warmer")).caption
        assert (len(talk.painter.calls), len(relay.calls)) == (calls, 2)
        assert [number_of(picture) for picture in relay.calls[1].all_pictures] == [101]
        assert len(await to_owner(talk, "Gemini cannot answer")) == 1


async def test_a_provider_that_cannot_be_reached_is_passed_over(tmp_path: Path) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    async with with_relay(tmp_path, gemini_base_url=closed) as (talk, relay):
        assert INSTEAD in (await ask(talk.telegram.ann, "a boat")).caption
        (told,) = await to_owner(talk, "Gemini cannot answer at the moment")
        assert "Connect" in told
        assert len(relay.calls) == 2


async def test_a_model_that_is_gone_without_a_successor_is_passed_over(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.gone = {LEGACY, "gemini-nano-banana-2.1", "gemini-3.1-flash-lite-image"}
        assert INSTEAD in (await ask(talk.telegram.ann, "a boat")).caption
        assert (len(talk.painter.calls), len(relay.calls)) == (3, 1)


BLOCKED = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}
REFUSALS: dict[str, Any] = {
    "the prompt is blocked": BLOCKED,
    "the picture is held back": answered([{"text": "No."}], "IMAGE_SAFETY"),
    "the answer is stopped": answered([{"text": "No."}], "SAFETY"),
    "nothing is drawn": answered([], "NO_IMAGE"),
    "an unknown reason": answered([], "SOMETHING_NEW"),
    "moderation": (400, {"error": {"message": "Your input was flagged by moderation.", "code": 400}}),
    "moderation, and a fault of the server": (500, {"error": {"message": "Blocked by moderation."}}),
    "an unknown fault of the request": google_says(400, "INVALID_ARGUMENT", "We would rather not."),
    "an unknown lack of a right": google_says(403, "PERMISSION_DENIED", "We would rather not."),
    "an unknown failure without a status": {"success": False, "message": "We would rather not."},
}


@pytest.mark.parametrize("kind", REFUSALS)
async def test_nobody_else_is_asked_to_do_what_was_refused(kind: str, tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = REFUSALS[kind]
        answer = await ask(talk.telegram.ann, "a boat")
        assert not answer.has_picture
        assert relay.calls == []
        talk.painter.always = None
        assert number_of(await (await ask(talk.telegram.ann, "a gull")).picture_bytes()) == 1


async def test_nobody_else_is_asked_where_the_outcome_is_unknown(tmp_path: Path) -> None:
    """The picture may be painted and paid: the connection was cut, a proxy or the bot stopped waiting."""
    async with with_relay(tmp_path, provider_timeout_s=1) as (talk, relay):
        ann = talk.telegram.ann
        talk.painter.will(Cut())
        assert "may have been paid for already" in (await ask(ann, "a boat")).text
        talk.painter.will((524, "<html>A timeout occurred</html>"))
        assert "may have been paid for already" in (await ask(ann, "a gull")).text
        talk.painter.hold()
        assert "may have been paid for already" in (await ask(ann, "a fish")).text
        talk.painter.always = (504, {"error": {"message": "The request timed out", "code": 504}})
        assert "too long, twice" in (await ask(ann, "a fox")).text
        assert relay.calls == []


async def _newest(talk: Talk) -> Turn:
    (conversation,) = await talk.store.views.of_chat(talk.telegram.ann.id)
    turn = await talk.store.conversations.latest(conversation.id)
    assert turn is not None
    return turn


def _later(talk: Talk, seconds: float) -> None:
    watch = talk.running.answering.fallback.watch
    watch._clock = lambda: time.time() + seconds


@in_one
async def test_what_failed_is_tried_again_and_then_paints_as_before(tmp_path: Path) -> None:
    """A failed try lets it rest longer, and is the same outage for the owner; what is back is asked again."""
    async with with_relay(tmp_path) as (talk, relay):
        ann = talk.telegram.ann
        talk.painter.always = USED_UP
        await ask(ann, "a boat")
        await ask(ann, "warmer")
        assert len(talk.painter.calls) == 1
        _later(talk, 310)
        assert INSTEAD in (await ask(ann, "colder")).caption
        assert len(talk.painter.calls) == 2
        _later(talk, 620)
        await ask(ann, "brighter")
        assert len(talk.painter.calls) == 2
        talk.painter.always = None
        _later(talk, 1000)
        back = await ask(ann, "darker")
        assert number_of(await back.picture_bytes()) == 1
        assert "not available" not in back.caption
        assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [101, 102, 103, 104]
        await ask(ann, "as it was")
        assert (len(talk.painter.calls), len(relay.calls)) == (4, 4)
        assert len(await to_owner(talk, "Gemini cannot answer")) == 1


@in_one
async def test_a_new_outage_is_told_again_and_one_that_comes_back_at_once_is_not(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, _):
        ann = talk.telegram.ann
        for later, told in ((0, 1), (310, 1), (3000, 2)):
            _later(talk, later)
            talk.painter.always = USED_UP
            await ask(ann, "a boat")
            talk.painter.always = None
            _later(talk, later + 700)
            assert "not available" not in (await ask(ann, "warmer")).caption
            assert len(await to_owner(talk, "Gemini cannot answer")) == told


@in_one
async def test_one_wish_alone_tries_what_has_rested(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = USED_UP
        await ask(talk.telegram.ann, "a boat")
        _later(talk, 310)
        talk.painter.always = None
        gate = talk.painter.hold()
        await talk.telegram.ann.say("warmer")
        await talk.painter.called(2)
        assert INSTEAD in (await ask(talk.telegram.boris, "a gull")).caption
        gate.set()
        assert number_of(await (await talk.telegram.ann.answer()).picture_bytes()) == 1
        assert "not available" not in (await ask(talk.telegram.boris, "a fish")).caption
        assert len(relay.calls) == 2


BROKEN = google_says(500, "INTERNAL", "An internal error has occurred.")


@pytest.mark.parametrize("failure", [BROKEN, (502, "<html><h1>502 Bad Gateway</h1></html>")], ids=["500", "502"])
async def test_a_wish_that_always_breaks_the_provider_is_nobody_else_s_trouble(failure: Any, tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        for wish in ("a boat", "the same boat"):
            talk.painter.will(*[failure] * 5)
            assert INSTEAD in (await ask(talk.telegram.ann, wish)).caption
            assert "not available" not in (await ask(talk.telegram.boris, "a gull")).caption
        assert await to_owner(talk, "Gemini cannot answer") == []
        assert len(relay.calls) == 2


async def test_a_provider_that_breaks_at_the_wishes_of_two_is_passed_over_for_all(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = BROKEN
        for chat in (talk.telegram.ann, talk.telegram.boris):
            assert INSTEAD in (await ask(chat, "a boat")).caption
        assert len(await to_owner(talk, "Gemini cannot answer")) == 1
        assert (len(talk.painter.calls), len(relay.calls)) == (10, 3)


async def test_if_all_are_out_of_order_the_person_reads_why_the_chosen_one_is(tmp_path: Path) -> None:
    """And one of them is asked each time, so that nobody is refused because of old news."""
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always, relay.always = USED_UP, UNPAID
        assert "The daily quota for this model is used up" in (await ask(talk.telegram.ann, "a boat")).text
        talk.painter.always = relay.always = None
        assert (await ask(talk.telegram.ann, "a boat")).has_picture
        assert len(talk.painter.calls) + len(relay.calls) == 3


async def test_four_versions_go_on_together(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = USED_UP
        await talk.telegram.ann.say("/x4 a boat")
        answers = await talk.telegram.ann.answers(5)
        pictures = {number_of(await answer.picture_bytes()) for answer in answers if answer.has_picture}
        assert pictures == {101, 102, 103, 104}
        assert answers[-1].text.count(INSTEAD) == 1
        assert len(await to_owner(talk, "Gemini cannot answer")) == 1
        assert len(relay.calls) == 5


async def test_only_one_that_can_take_the_pictures_is_asked(tmp_path: Path) -> None:
    """AIMLAPI takes three at once: it puts two together, but not four, of which it would leave one out."""
    async with serving_aimlapi() as other:
        accounts = {"aimlapi_api_key": "key", "aimlapi_base_url": other.url, "fallback": "aimlapi"}
        async with talking(tmp_path, gemini_model="gemini-3-pro-image", **accounts) as talk:
            ann = talk.telegram.ann
            talk.painter.always = USED_UP
            await ann.album([plain(number) for number in (150, 151, 152, 153)], "put them together")
            assert "The daily quota for this model is used up" in (await ann.answer()).text
            assert other.calls == []
            await ann.album([plain(number) for number in (150, 151)], "put them together")
            assert "so AIMLAPI painted this" in (await ann.answer()).caption
            assert [len(call["image_urls"]) for call in other.calls] == [2]


async def test_four_versions_of_one_call_become_a_call_each(tmp_path: Path) -> None:
    """AIMLAPI makes four in one call, and those that go on for it make one."""
    async with serving_aimlapi() as other:
        accounts = {"provider": "aimlapi", "aimlapi_api_key": "key", "aimlapi_base_url": other.url}
        async with talking(tmp_path, fallback="gemini", **accounts) as talk:
            other.script.append(UNPAID)
            await talk.telegram.ann.say("/x4 a boat")
            answers = await talk.telegram.ann.answers(5)
            pictures = {number_of(await answer.picture_bytes()) for answer in answers if answer.has_picture}
            assert pictures == {1, 2, 3, 4}
            assert (len(other.calls), len(talk.painter.calls)) == (1, 4)


async def test_the_second_of_two_others_is_asked_where_the_first_fails_too(tmp_path: Path) -> None:
    """Also another model of the chosen provider, which people then read by its own name."""
    settings = {"fallback": f"tokaify, gemini:{LEGACY}", "gemini_model": "gemini-3-pro-image"}
    async with with_relay(tmp_path, **settings) as (talk, relay):
        talk.painter.will(USED_UP)
        relay.always = UNPAID
        answer = await ask(talk.telegram.ann, "a boat")
        assert "Nano Banana Pro is not available at the moment, so Nano Banana painted this" in answer.caption
        assert [call.model for call in talk.painter.calls] == ["gemini-3-pro-image", LEGACY]
        assert len(relay.calls) == 1
        assert "Model: Nano Banana Pro · Gemini" in (await ask(talk.telegram.ann, "/settings")).buttons


async def test_the_turn_says_who_made_it_and_a_restart_tries_everything_at_once(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = USED_UP
        await ask(talk.telegram.ann, "a boat")
        turn = await _newest(talk)
        assert (turn.provider, turn.maker) == ("tokaify", f"tokaify:{relay.base_url.partition('//')[2]}")
        talk.painter.always = None
        await talk.restart()
        again = await ask(talk.telegram.ann, "warmer")
        assert "not available" not in again.caption
        assert (len(talk.painter.calls), len(relay.calls)) == (2, 1)


async def test_privacy_names_those_who_may_get_the_wishes_too(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, _):
        said = (await ask(talk.telegram.ann, "/privacy")).text
        assert (
            "When that is not available, the same goes to tokaify (through a server that my owner runs) instead."
            in said
        )
        await ask(talk.telegram.ann, "/model tokaify/gemini-2.5-flash-image")
        assert "instead" not in (await ask(talk.telegram.ann, "/privacy")).text


async def test_a_start_with_one_who_cannot_edit_ends_with_one_line(tmp_path: Path) -> None:
    """Code 2: the settings are wrong. Else this would show when it is needed."""
    accounts = {"aimlapi_api_key": "key", "fallback": "aimlapi", "aimlapi_edit_model": "google/gemini-2.5-flash-image"}
    with pytest.raises(StartError, match=r"^FALLBACK names aimlapi, but its model .* paints from words only"):
        async with talking(tmp_path, **accounts):
            pass


async def test_a_start_goes_on_with_the_others_if_the_chosen_one_rejects_its_key(tmp_path: Path) -> None:
    """The owner is told. Without anybody else who accepts a key, the bot does not start."""
    async with with_relay(tmp_path, gemini_auth="key", tokaify_auth="key") as (talk, relay):
        talk.painter.by_key = {"key-of-a-test": INVALID}
        await talk.restart()
        assert INSTEAD in (await ask(talk.telegram.ann, "a boat")).caption
        (told,) = await to_owner(talk, "Gemini cannot answer at the moment")
        assert "the key is not accepted" in told
        assert talk.painter.calls == []
        relay.by_key = {"key-of-a-relay": INVALID}
        with pytest.raises(StartError, match=r"^gemini does not accept GEMINI_API_KEY"):
            await talk.restart()

"""Several keys for one provider: who of them paints, which one rests, and that none of them is shown."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.process.signals import StartError
from bot.secret_shapes import HIDDEN
from tests.support.fallback import INVALID, UNPAID, USED_UP, ask, google_says, hurry, to_owner
from tests.support.forgetting import CONVERSATION, forget
from tests.support.painter import noise, number_of
from tests.support.people import CHEN
from tests.support.talking import Talk, in_one, talking

ROOT = Path(__file__).parents[3]
FIRST, SECOND, THIRD = KEYS = ("first-key-of-a-test", "second-key-of-a-test", "third-key-of-a-test")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@asynccontextmanager
async def with_keys(data_dir: Path, count: int = 2, **settings: Any) -> AsyncIterator[Talk]:
    """Start a bot with some keys for Gemini, that Chen owns."""
    async with talking(data_dir, owner_ids={CHEN}, gemini_api_key=", ".join(KEYS[:count]), **settings) as talk:
        await ask(talk.telegram.chen, "/start")
        yield talk


def _keys(talk: Talk) -> list[str]:
    """Return the keys of all calls, in order."""
    return [call.key for call in talk.painter.calls]


def _later(talk: Talk, seconds: float) -> None:
    talk.running.answering.fallback.watch._clock = lambda: time.time() + seconds


async def test_conversations_share_the_keys_and_each_keeps_to_one(tmp_path: Path) -> None:
    async with with_keys(tmp_path) as talk:
        for wish in ("a boat", "warmer", "colder"):
            await ask(talk.telegram.ann, wish)
            await ask(talk.telegram.boris, wish)
        used = _keys(talk)
        assert set(used) == {FIRST, SECOND}
        assert set(used[::2]) | set(used[1::2]) == {FIRST, SECOND}
        assert len(set(used[::2])) == len(set(used[1::2])) == 1


@pytest.mark.parametrize("failure", [USED_UP, UNPAID, INVALID], ids=["quota", "balance", "invalid"])
async def test_a_key_that_cannot_pay_is_passed_over_and_told_once(failure: Any, tmp_path: Path) -> None:
    """Nobody who asks for a picture notices; the owner reads which key it is, by its number."""
    async with with_keys(tmp_path, 3) as talk:
        talk.painter.by_key = {FIRST: failure, THIRD: failure}
        for chat in (talk.telegram.ann, talk.telegram.boris):
            for wish in ("a boat", "warmer", "colder"):
                answer = await ask(chat, wish)
                assert answer.has_picture
                assert "not available" not in answer.caption
        told = await to_owner(talk, "for Gemini cannot be used at the moment")
        assert sorted(text.partition(" for ")[0] for text in told) == ["⚠ Key 1 of 3", "⚠ Key 3 of 3"]
        assert (_keys(talk).count(FIRST), _keys(talk).count(THIRD)) == (1, 1)
        assert not any(key in text for text in told for key in KEYS)


@in_one
async def test_a_key_comes_back_when_its_quota_does(tmp_path: Path) -> None:
    """At the time that the provider names: Retry-After, Google's retryDelay, or OpenRouter's X-RateLimit-Reset."""
    reset = {"metadata": {"headers": {"X-RateLimit-Reset": str(round((time.time() + 7200) * 1000))}}}
    limit = (429, {"error": {"message": "Rate limit exceeded: free-models-per-day", "code": 429, **reset}})
    async with with_keys(tmp_path) as talk:
        ann = talk.telegram.ann
        await ask(ann, "a boat")
        (own,) = _keys(talk)
        talk.painter.by_key = {own: limit}
        await ask(ann, "warmer")
        _later(talk, 7000)
        await ask(ann, "colder")
        assert _keys(talk).count(own) == 2
        _later(talk, 7300)
        talk.painter.by_key = {}
        await ask(ann, "brighter")
        assert _keys(talk).count(own) == 3
        assert len(_keys(talk)) == 5


@in_one
async def test_a_short_limit_of_one_key_is_not_waited_for(tmp_path: Path) -> None:
    """It is no outage either: nobody is told, and the key is used again as soon as it may be."""
    soon = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "30s"}
    limit = google_says(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", soon)
    async with with_keys(tmp_path) as talk:
        talk.painter.by_key = {FIRST: limit}
        began = time.monotonic()
        for wish in ("a boat", "warmer"):
            assert (await ask(talk.telegram.ann, wish)).has_picture
            assert (await ask(talk.telegram.boris, wish)).has_picture
        assert time.monotonic() - began < 20
        assert await to_owner(talk, "cannot be used") == []


async def test_where_both_keys_meet_a_short_limit_it_is_waited_for_as_with_one_key(tmp_path: Path) -> None:
    soon = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}
    limit = google_says(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", soon)
    async with with_keys(tmp_path) as talk:
        talk.painter.will(limit, limit)
        assert number_of(await (await ask(talk.telegram.ann, "a boat")).picture_bytes()) == 1
        assert len(_keys(talk)) == 3


async def test_if_all_keys_are_used_up_the_person_reads_why(tmp_path: Path) -> None:
    async with with_keys(tmp_path) as talk:
        talk.painter.always = USED_UP
        assert "The daily quota for this model is used up" in (await ask(talk.telegram.ann, "a boat")).text
        assert _keys(talk) in ([FIRST, SECOND], [SECOND, FIRST])
        talk.painter.always = None
        assert (await ask(talk.telegram.ann, "a boat")).has_picture


@pytest.mark.parametrize("failure", [USED_UP, UNPAID, INVALID], ids=["quota", "balance", "invalid"])
async def test_a_voice_message_is_heard_with_the_key_that_is_left(failure: Any, tmp_path: Path) -> None:
    """And the other one is not asked in vain again."""
    async with with_keys(tmp_path, listen_model="gemini-3.5-flash-lite") as talk:
        talk.painter.by_key = {FIRST: failure}
        for _ in range(2):
            await talk.telegram.ann.voice()
            understood, answer = await talk.telegram.ann.answers(2)
            assert "I understood" in understood.text
            assert answer.has_picture
        assert [call.key for call in talk.painter.heard] == [FIRST, SECOND, SECOND]
        talk.painter.by_key = {FIRST: failure, SECOND: failure}
        await talk.telegram.ann.voice()
        assert (await talk.telegram.ann.answer()).text.startswith("I can’t listen to that")
        assert len(talk.painter.heard) == 5


async def test_a_start_goes_on_with_the_keys_that_are_accepted(tmp_path: Path) -> None:
    """The others are told once, also over several starts; if no key is accepted, the bot does not start."""
    async with with_keys(tmp_path) as talk:
        talk.painter.by_key = {SECOND: INVALID}
        talk.settings["gemini_auth"] = "key"
        await talk.restart()
        await talk.restart()
        for wish in ("a boat", "warmer"):
            assert (await ask(talk.telegram.ann, wish)).has_picture
            assert (await ask(talk.telegram.boris, wish)).has_picture
        assert set(_keys(talk)) == {FIRST}
        told = await to_owner(talk, "for Gemini cannot be used at the moment")
        assert [text.partition(" for ")[0] for text in told] == ["⚠ Key 2 of 2"]
        talk.painter.by_key = {FIRST: INVALID, SECOND: INVALID}
        with pytest.raises(StartError, match=r"^gemini does not accept GEMINI_API_KEY"):
            await talk.restart()


async def test_no_key_is_shown_though_the_provider_repeats_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Neither to the person, nor to the owner, nor in the log; also a key that another lane used."""
    message = f"API keys {FIRST} and {SECOND} are not valid. Please pass a valid API key."
    caplog.set_level(logging.DEBUG)
    async with with_keys(tmp_path) as talk:
        talk.painter.always = google_says(400, "INVALID_ARGUMENT", message)
        said = (await ask(talk.telegram.ann, "a boat")).text
        talk.painter.always = None
        told = await to_owner(talk, "")
        seen = "\n".join([said, *told, *(record.getMessage() for record in caplog.records)])
        assert f"API keys {HIDDEN} and {HIDDEN} are not valid" in said
        assert not any(key in seen for key in KEYS)


PROGRAM = """
import logging
from bot.logs import set_up
from bot.settings.settings import Settings

settings = Settings.load(None)
set_up(secrets=settings.secrets())
for name in ("gemini", "openrouter"):
    for key in settings.account(name).keys:
        logging.getLogger("somebody").warning("it said %s.", key)
print(settings, repr(settings.account()))
"""


def test_the_log_hides_each_key() -> None:
    keys = (*KEYS, "another-one", "and-one-more")
    environment = {"GEMINI_API_KEY": ", ".join(KEYS), "OPENROUTER_API_KEY": "another-one,and-one-more"}
    run = [sys.executable, "-c", PROGRAM]
    shown = subprocess.run(run, env=environment, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert shown.stderr.count(f"it said {HIDDEN}.") == 5
    assert not any(key in shown.stderr + shown.stdout for key in keys)


@in_one
async def test_an_uploaded_picture_is_named_only_to_the_key_that_has_it(tmp_path: Path) -> None:
    """And /forget deletes what each of them uploaded."""
    async with with_keys(tmp_path, gemini_files=True, gemini_auth="key") as talk:
        google = {"gemini_base_url": "http://generativelanguage.googleapis.com", "proxy_url": talk.painter.base_url}
        await talk.stop()
        talk.settings |= google
        await talk.start()
        ann, shelf = talk.telegram.ann, talk.painter.shelf
        await ann.document(noise(1, 250), "make it warm")
        await ann.answer()
        await ask(ann, "colder")
        assert len(shelf.uploads) == 1
        own = talk.painter.calls[-1].key
        talk.painter.by_key = {own: USED_UP}
        await ask(ann, "brighter")
        assert {file.key for file in shelf.uploads} == {FIRST, SECOND}
        assert all(call.whole for call in talk.painter.calls)
        await forget(ann, CONVERSATION)
        assert shelf.files == {}

"""A bot with a relay to fall back on, for dialogues about providers that fail: both speak Gemini's dialect over HTTP.

Imports ``talking``, ``painter`` and the policy of the attempts, whose pauses are made short.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.providers.calls.attempts import DEFAULT_POLICY
from bot.turns.calling import candidates
from tests.support.painter import Painter, painting
from tests.support.people import CHEN, Chat, Message
from tests.support.talking import Talk, talking

Json = dict[str, Any]


def google_says(status: int, word: str, message: str, *details: Json) -> tuple[int, Json]:
    """Return an error as Google spells it."""
    return status, {"error": {"code": status, "message": message, "status": word, "details": list(details)}}


OVERLOADED = google_says(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
_PER_DAY = {"quotaId": "GenerateRequestsPerDayPerProjectPerModel", "quotaValue": "100"}
USED_UP = google_says(
    429,
    "RESOURCE_EXHAUSTED",
    "You exceeded your current quota.",
    {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [_PER_DAY]},
)
INVALID = google_says(
    400,
    "INVALID_ARGUMENT",
    "API key not valid. Please pass a valid API key.",
    {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"},
)
UNPAID = (402, {"error": {"message": "Insufficient credits", "code": 402}})


def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let repeats of a call come at once: otherwise an overloaded provider takes half a minute to give up."""
    quick = replace(DEFAULT_POLICY, first_wait_s=0.01, longest_wait_s=0.02, once_wait_s=0.01)
    monkeypatch.setattr(candidates, "DEFAULT_POLICY", quick)


async def ask(chat: Chat, wish: str) -> Message:
    """Ask for a picture and return the answer."""
    await chat.say(wish)
    return await chat.answer()


async def to_owner(talk: Talk, words: str) -> list[str]:
    """Return what Chen, the owner, was told that has these words, after a wish of her own has been painted."""
    chen = talk.telegram.chen
    await chen.say("a fish")
    while not (await chen.answer()).has_picture:
        pass
    return [message.text for message in await chen.history() if words in message.text]


@asynccontextmanager
async def with_relay(data_dir: Path, **settings: Any) -> AsyncIterator[tuple[Talk, Painter]]:
    """Start a bot that Chen owns, with a relay to fall back on; the relay's pictures have numbers from 101 on."""
    async with painting() as relay:
        relay.painted = 100
        accounts = {"tokaify_api_key": "key-of-a-relay", "tokaify_base_url": relay.base_url, "fallback": "tokaify"}
        async with talking(data_dir, owner_ids={CHEN}, **{**accounts, **settings}) as talk:
            await ask(talk.telegram.chen, "/start")
            yield talk, relay

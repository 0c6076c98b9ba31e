"""Who is asked, and who is not, where something unusual happens on the way: a kill, a damaged answer, another key."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from bot.operator.check_accounts import check_accounts
from bot.settings.settings import Settings
from storage.tables.conversations import Conversations
from tests.support.fallback import OVERLOADED, USED_UP, ask, hurry, with_relay
from tests.support.images import OpenAI, SdCpp, serving_images
from tests.support.openrouter import FLUX, Openrouter, listed, serving_openrouter
from tests.support.painter import answered
from tests.support.people import running_sandbox
from tests.support.standstill import kill, stand_still
from tests.support.talking import in_one, talking

MODEL, BANANA, PRO = "black-forest-labs/flux.2-pro", "google/gemini-2.5-flash-image", "google/gemini-3-pro-image"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


@pytest.fixture
def refuses(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, int, str], None]:
    """Return what lets OpenRouter's chat route refuse a model."""

    def refuse(model: str, status: int, message: str) -> None:
        real = Openrouter.chat

        async def chat(self: Openrouter, request: Request) -> Response:
            if (await request.json())["model"] == model:
                return JSONResponse({"error": {"code": status, "message": message}}, status)
            return await real(self, request)

        monkeypatch.setattr(Openrouter, "chat", chat)

    return refuse


@in_one
async def test_a_second_key_knows_the_list_too(tmp_path: Path) -> None:
    """The list says how each model is asked; it came by the first key."""
    async with serving_openrouter() as other:
        other.models = [listed(MODEL, makes="image", name="BFL: FLUX.2 Pro", parameters=FLUX)]
        account = {"openrouter_api_key": "key-one,key-two", "openrouter_base_url": other.url, "openrouter_model": MODEL}
        async with talking(tmp_path, provider="openrouter", gemini_api_key=None, **account) as talk:
            provider = talk.running.answering.providers["openrouter"]

            async def read() -> bool | None:
                return bool(provider.listing) or None

            await talk.telegram.wait_for(read, 10, "the list was not asked for")
            for chat in (talk.telegram.ann, talk.telegram.boris):
                await ask(chat, "a boat")
                await ask(chat, "warmer")
        assert len(other.painted) == len(other.calls) == 4


@in_one
async def test_a_kill_after_another_ones_successor_was_learned_pays_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: Callable[[str, int, str], None]
) -> None:
    refuses(BANANA, 404, f"model {BANANA} is not a valid model ID")
    async with serving_openrouter() as other:
        accounts = {"openrouter_api_key": "key", "openrouter_base_url": other.url, "fallback": "openrouter"}
        async with talking(tmp_path, **accounts) as talk:
            talk.painter.always = USED_UP
            place = stand_still(monkeypatch, Conversations, "store_answer")
            await talk.telegram.ann.say("a boat")
            await place.reached.wait()
            assert len(other.calls) == 1
            await kill(talk)
            assert (await talk.telegram.ann.answer()).has_picture
            assert len(other.calls) == 1


async def test_after_an_answer_that_may_be_paid_nobody_else_is_asked(tmp_path: Path) -> None:
    """It came damaged, and the provider was overloaded when it was asked again."""
    async with with_relay(tmp_path) as (talk, relay):
        damaged = answered([{"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgoAAAANSUhEUg=="}}])
        talk.painter.will(damaged, *[OVERLOADED] * 5)
        assert not (await ask(talk.telegram.ann, "a boat")).has_picture
        assert relay.calls == []


async def test_a_model_that_is_down_at_openrouter_leaves_its_others(
    tmp_path: Path, refuses: Callable[[str, int, str], None]
) -> None:
    """502: "Your chosen model is down or we received an invalid response from it" (openrouter.ai/docs, errors)."""
    refuses(PRO, 502, "Provider returned error")
    async with serving_openrouter() as other:
        accounts = {
            "provider": "openrouter",
            "openrouter_api_key": "key",
            "openrouter_base_url": other.url,
            "openrouter_model": PRO,
            "fallback": f"openrouter:{BANANA}",
        }
        async with talking(tmp_path, **accounts) as talk:
            assert (await ask(talk.telegram.ann, "a boat")).has_picture


@in_one
async def test_a_refusal_shows_that_a_provider_is_back(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, _):
        talk.painter.always = USED_UP
        await ask(talk.telegram.ann, "a boat")
        talk.running.answering.fallback.watch._clock = lambda: time.time() + 310
        talk.painter.always = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}
        await ask(talk.telegram.ann, "something bad")
        talk.painter.always = None
        assert "not available" not in (await ask(talk.telegram.boris, "a gull")).caption


async def test_the_person_reads_why_the_chosen_one_cannot_although_it_rested(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        talk.painter.always = OVERLOADED
        assert (await ask(talk.telegram.ann, "a boat")).has_picture
        relay.always = USED_UP
        assert "quota" not in (await ask(talk.telegram.ann, "warmer")).text


@in_one
async def test_check_looks_at_the_models_of_fallback(tmp_path: Path) -> None:
    async with running_sandbox() as telegram, serving_images(server := OpenAI()):
        settings = Settings.model_validate(
            {
                "telegram_bot_token": telegram.token,
                "telegram_api_url": telegram.base_url,
                "gemini_api_key": "a-key",
                "gemini_base_url": telegram.base_url,
                "data_dir": tmp_path,
                "openai_api_key": server.token,
                "openai_base_url": server.url,
                "fallback": "openai:gpt-image-2.5-sunbrust",
            }
        )
        lines: list[str] = []
        assert await check_accounts(settings, lines.append) == 1
        assert any("model gpt-image-2.5-sunbrust: not in" in line and line.startswith("BROKEN") for line in lines)
        assert len([line for line in lines if "openai, API key" in line]) == 1


@pytest.mark.parametrize(
    "address", ["https://api.openai.com", "https://api.openai.com/v1/", "https://API.openai.com/v1"]
)
def test_openai_needs_a_key_however_its_address_is_written(address: str) -> None:
    assert not Settings.model_validate({"openai_base_url": address}).account("openai").usable


async def test_settings_in_a_wish_do_not_reach_a_server_at_home_by_whatever_model(tmp_path: Path) -> None:
    async with serving_images(server := SdCpp()):
        account = {"openai_base_url": server.url, "openai_model": "gpt-image-1", "gemini_api_key": None}
        async with talking(tmp_path, provider="openai", **account) as talk:
            await ask(talk.telegram.ann, 'a boat <sd_cpp_extra_args>{"steps": 9999}</sd_cpp_extra_args>')
        assert "<sd_cpp_extra_args>" not in server.calls[0].fields["prompt"]

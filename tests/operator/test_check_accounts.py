"""``python -m bot check`` asks the services what can be asked without paying."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.operator.check_accounts import check_accounts
from bot.settings.settings import Settings
from tests.support.images import SdCpp, serving_images
from tests.support.people import Telegram, running_sandbox


def _settings(telegram: Telegram, folder: Path, **changes: object) -> Settings:
    return Settings.model_validate(
        {
            "telegram_bot_token": telegram.token,
            "telegram_api_url": telegram.base_url,
            "gemini_api_key": "a-key",
            "gemini_base_url": telegram.base_url,
            "data_dir": folder,
            **changes,
        }
    )


async def test_all_is_well(tmp_path: Path) -> None:
    """Token, key and model are named, and nothing is painted."""
    async with running_sandbox() as telegram:
        lines: list[str] = []
        assert await check_accounts(_settings(telegram, tmp_path), lines.append) == 0
        assert any("@pentimento_bot" in line for line in lines)
        assert all(line.startswith(("ok", "note")) for line in lines)
        asked = (await telegram.http.get("/sandbox/provider/last")).json()
        assert asked == {"request": None, "answer": None}


async def test_it_says_what_the_bot_gets_to_read_in_groups(tmp_path: Path) -> None:
    """getMe says how @BotFather's switch is set (Bot API, User.can_read_all_group_messages)."""
    async with running_sandbox() as telegram:
        for on, mode in ((True, "on: in groups the bot gets commands"), (False, "off: the bot gets all messages")):
            await telegram.privacy(on=on)
            lines: list[str] = []
            assert await check_accounts(_settings(telegram, tmp_path), lines.append) == 0
            assert [line.startswith(f"note  telegram: privacy mode is {mode}") for line in lines].count(True) == 1


async def test_it_says_how_to_switch_on_guest_mode_and_inline_mode(tmp_path: Path) -> None:
    """getMe says what is on, but not whether inline feedback is (Bot API, User)."""
    async with running_sandbox() as telegram:

        async def told(**changes: object) -> tuple[int, str]:
            lines: list[str] = []
            return await check_accounts(_settings(telegram, tmp_path, **changes), lines.append), "\n".join(lines)

        assert "switch on Guest Mode" in (await told())[1]
        assert "send /setinline and" in (await told())[1]
        await telegram.modes(guests=True, inline=True)
        broken, said = await told()
        assert broken == 0
        assert "guest mode is on" in said
        assert "STAGING_CHAT spares them that" in said
        assert "/setinlinefeedback to @BotFather and choose 100%" in said


async def test_a_staging_chat_without_the_bot_is_told(tmp_path: Path) -> None:
    async with running_sandbox() as telegram:
        for chat, found in ((await telegram.group(kind="supergroup", bot=False), 1), (await telegram.group(), 0)):
            lines: list[str] = []
            settings = _settings(telegram, tmp_path, staging_chat=chat.id)
            assert await check_accounts(settings, lines.append) == found
            assert ("the bot is not in STAGING_CHAT" in "\n".join(lines)) is bool(found)


async def test_a_wrong_token_and_a_wrong_key_are_both_told(tmp_path: Path) -> None:
    """Neither the token nor the key appears in the output."""
    async with running_sandbox() as telegram:
        lines: list[str] = []
        wrong = telegram.token.replace("Sandbox", "sANDBOX")
        settings = _settings(telegram, tmp_path, telegram_bot_token=wrong, gemini_api_key="bad-key-of-a-test")
        assert await check_accounts(settings, lines.append) == 2
        said = "\n".join(lines)
        assert "TELEGRAM_BOT_TOKEN is not accepted" in said
        assert wrong not in said
        assert "bad-key-of-a-test" not in said


async def test_a_provider_that_cannot_be_asked_is_named_with_the_proxy_that_leads_there(tmp_path: Path) -> None:
    """The proxy may be the cause. Its password does not appear in the output."""
    async with running_sandbox() as telegram:
        lines: list[str] = []
        proxy = "http://me:secret-of-a-test@127.0.0.1:1"
        settings = _settings(telegram, tmp_path, gemini_base_url="http://relay.example", proxy_url=proxy)
        assert await check_accounts(settings, lines.append) == 1
        (broken,) = [line for line in lines if line.startswith("BROKEN")]
        assert "at http://relay.example through the proxy that PROXY_URL names" in broken
        assert "secret-of-a-test" not in broken


@pytest.mark.parametrize("name", ["openai", "gemini"])
async def test_a_server_or_relay_at_home_behind_a_proxy_is_told_how_to_be_reached(name: str, tmp_path: Path) -> None:
    async with running_sandbox() as telegram:
        home = {f"{name}_base_url": "http://192.168.99.1:1234/v1"}
        lines: list[str] = []
        settings = _settings(telegram, tmp_path, proxy_url="http://127.0.0.1:1", **home)
        assert await check_accounts(settings, lines.append) == 1
        (broken,) = [line for line in lines if line.startswith("BROKEN")]
        assert "through the proxy that PROXY_URL names; NO_PROXY=192.168.99.1 reaches it directly" in broken


async def test_a_misspelt_model_hears_of_its_neighbours(tmp_path: Path) -> None:
    """The list of models is free to ask for."""
    async with running_sandbox() as telegram:
        lines: list[str] = []
        settings = _settings(telegram, tmp_path, gemini_model="gemini-2.5-flash-imgae")
        assert await check_accounts(settings, lines.append) == 1
        assert "gemini-2.5-flash-image" in "\n".join(lines)


async def test_the_model_that_listens_is_looked_for(tmp_path: Path) -> None:
    async with running_sandbox() as telegram:
        for chosen, broken, said in (
            ("", 0, "note  voice messages: nobody listens"),
            ("off", 0, "note  voice messages: nobody listens"),
            ("gemini-3.5-flash-light", 1, "BROKEN  voice messages, LISTEN_MODEL:"),
        ):
            lines: list[str] = []
            assert await check_accounts(_settings(telegram, tmp_path, listen_model=chosen), lines.append) == broken
            assert [line.startswith(said) for line in lines].count(True) == 1


async def test_the_webhook_is_judged(tmp_path: Path) -> None:
    """Whether it is set, to here, and whether Telegram could deliver lately."""
    url = "http://127.0.0.1:9/hook"
    async with running_sandbox() as telegram:

        async def told(webhook: str | None) -> tuple[int, str]:
            lines: list[str] = []
            settings = _settings(telegram, tmp_path, webhook_url=webhook, webhook_secret="s3cret")
            return await check_accounts(settings, lines.append), "\n".join(lines)

        assert "no webhook is set" in (await told(url))[1]
        await telegram.api("setWebhook", url=url, secret_token="s3cret")
        assert (await told(url))[0] == 0
        assert "it delivers to WEBHOOK_URL" in (await told(url))[1]
        assert "takes it away" in (await told(None))[1]
        assert "set to another address" in (await told(f"{url}/else"))[1]
        await telegram.ann.say("a boat")
        while "last_error_date" not in (await telegram.api("getWebhookInfo"))["result"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        broken, said = await told(url)
        assert broken == 1
        assert "it could not deliver to WEBHOOK_URL at" in said
        assert "1 messages wait for the bot" in said


async def test_it_shows_who_is_asked_where_the_chosen_model_cannot_answer(tmp_path: Path) -> None:
    async with running_sandbox() as telegram:
        relay = {"tokaify_api_key": "a-key", "tokaify_base_url": telegram.base_url}
        settings = _settings(telegram, tmp_path, fallback="gemini:gemini-3-pro-image, tokaify", **relay)
        lines: list[str] = []
        assert await check_accounts(settings, lines.append) == 0
        said = "where the chosen model cannot answer, I ask gemini with gemini-3-pro-image, then tokaify with"
        assert [line for line in lines if line.startswith(f"ok  fallback: {said} gemini-2.5-flash-image")]


async def test_a_fallback_that_is_the_chosen_model_itself_is_no_help(tmp_path: Path) -> None:
    async with running_sandbox() as telegram:
        for named in ("gemini", "gemini:gemini-2.5-flash-image"):
            lines: list[str] = []
            assert await check_accounts(_settings(telegram, tmp_path, fallback=named), lines.append) == 0
            (said,) = [line for line in lines if "fallback" in line]
            assert said.startswith(
                "note  fallback: FALLBACK names gemini with gemini-2.5-flash-image, which is the chosen"
            )


async def test_one_who_cannot_edit_is_no_help(tmp_path: Path) -> None:
    async with running_sandbox() as telegram:
        model = "google/gemini-2.5-flash-image"
        paints = {"aimlapi_api_key": "a-key", "aimlapi_base_url": telegram.base_url, "aimlapi_edit_model": model}
        settings = _settings(telegram, tmp_path, fallback="aimlapi", **paints)
        lines: list[str] = []
        await check_accounts(settings, lines.append)
        fault = f"FALLBACK names aimlapi, but its model {model} paints from words only and cannot edit."
        assert f"BROKEN  settings: {fault}" in lines


async def test_each_of_several_keys_is_checked(tmp_path: Path) -> None:
    """By its number: no line holds a key."""
    async with running_sandbox() as telegram:
        settings = _settings(telegram, tmp_path, gemini_api_key="a-key,bad-key-of-a-test,other-key")
        lines: list[str] = []
        assert await check_accounts(settings, lines.append) == 1
        broken = [line for line in lines if line.startswith("BROKEN")]
        assert [line.partition(":")[0] for line in broken] == ["BROKEN  gemini, key 2, API key"]
        # What no key changes is said once.
        assert len([line for line in lines if "voice messages" in line]) == 1
        assert not any(key in line for key in ("a-key", "bad-key-of-a-test", "other-key") for line in lines)


async def test_a_server_at_home_without_a_list_of_models_is_noted_and_not_broken(tmp_path: Path) -> None:
    """As docs/local-models.md says."""
    async with running_sandbox() as telegram, serving_images(SdCpp(has_list=False)) as home:
        lines: list[str] = []
        settings = _settings(telegram, tmp_path, openai_base_url=home.url, openai_model="sd-cpp-local")
        assert await check_accounts(settings, lines.append) == 0
        assert any(line.startswith("note  openai, model sd-cpp-local: this server has no list") for line in lines)

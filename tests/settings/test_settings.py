"""Settings: every fault at once and none repeats a value; code, ``docs/settings.md`` and ``.env.example`` agree."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from bot.settings.settings import Settings, SettingsError
from bot.settings.types import Address
from storage.books.values import UNLIMITED, Allowance

ROOT = Path(__file__).parents[2]
TOKEN = "8123456789:" + "AAFake_-" * 4 + "end"
PROVIDERS = ("gemini", "tokaify", "aimlapi", "onemin", "openrouter", "openai")
ACCOUNT_FIELDS = ("api_key", "base_url", "model", "edit_model", "api_version", "auth")
RUNS = {"TELEGRAM_BOT_TOKEN": TOKEN, "GEMINI_API_KEY": "AIzaFake"}


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def _load(env_file: Path, settings: dict[str, str], *, for_run: bool = False) -> Settings:
    env_file.write_text("".join(f"{name}='{value}'\n" for name, value in settings.items()), encoding="utf-8")
    return Settings.load(env_file, for_run=for_run)


def _faults(env_file: Path, settings: dict[str, str], *, for_run: bool = False) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        _load(env_file, settings, for_run=for_run)
    return caught.value.faults


def test_without_any_setting_there_are_defaults_and_two_lines_keep_it_from_running() -> None:
    settings = Settings.load(None)
    assert settings.faults_for_run() == (
        "TELEGRAM_BOT_TOKEN is not set: get one from @BotFather on Telegram.",
        "GEMINI_API_KEY is not set, and PROVIDER=gemini needs it.",
    )
    assert settings.database_url == "sqlite+aiosqlite:///data/pentimento.db"
    assert settings.media_url == "data/media"


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        (
            {"ACCESS": "open", "ALLOWED_CHATS": "-5"},
            "ACCESS is open, but ALLOWED_USERS or ALLOWED_CHATS is set: remove one of them.",
        ),
        ({"ACCESS": "ask"}, "ACCESS is ask, and OWNER_IDS names nobody who could be asked."),
        # Nobody can press a button for a channel or an anonymous admin.
        ({"ACCESS": "ask", "OWNER_IDS": "-5"}, "ACCESS is ask, and OWNER_IDS names nobody who could be asked."),
    ],
)
def test_an_access_that_contradicts_the_lists_or_asks_nobody_is_refused(
    env_file: Path, more: dict[str, str], fault: str
) -> None:
    assert _faults(env_file, {**RUNS, **more}, for_run=True) == (fault,)


@pytest.mark.parametrize(
    ("more", "access"),
    [
        ({}, "open"),
        ({"ALLOWED_USERS": "5"}, "listed"),
        ({"ALLOWED_CHATS": "-5"}, "listed"),
        ({"ALLOWED_USERS": "5", "ACCESS": "Ask"}, "ask"),
        ({"ACCESS": "listed"}, "listed"),
    ],
)
def test_a_bot_with_a_list_stays_closed_to_others(env_file: Path, more: dict[str, str], access: str) -> None:
    assert _load(env_file, more).access == access


def test_with_token_and_key_it_can_run(env_file: Path) -> None:
    assert _load(env_file, RUNS, for_run=True).faults_for_run() == ()


def test_a_misspelt_setting_in_the_file_is_a_fault_since_the_bot_would_serve_everybody(env_file: Path) -> None:
    faults = _faults(
        env_file,
        {**RUNS, "$env:LIMIT_TOTAL": "9", "ALOWED_USERS": "1", "data_dri": "/srv/hush", "POSTGRES_PASSWORD": "hush"},
    )
    assert faults == (
        f"$ENV:LIMIT_TOTAL in {env_file} is not a setting. Is LIMIT_TOTAL meant?",
        f"ALOWED_USERS in {env_file} is not a setting. Is ALLOWED_USERS meant?",
        f"DATA_DRI in {env_file} is not a setting. Is DATA_DIR meant?",
    )


@pytest.mark.parametrize(
    "line",
    ["ALLOWED_USERS: 123", "ALLOWED_USERS 123", "ALLOWED USERS=123", "set ALLOWED_USERS=123", "ALLOWED_USERS='123"],
)
def test_a_line_of_the_file_that_is_not_understood_is_a_fault_since_the_bot_would_serve_everybody(
    env_file: Path, line: str
) -> None:
    env_file.write_text(f"# Who may use it\n\n{line}\nexport LOG_LEVEL=DEBUG # much\n")
    with pytest.raises(SettingsError) as caught:
        Settings.load(env_file)
    said = f"Line 3 of {env_file} is not understood: write NAME=value, or a # before a remark."
    assert caught.value.faults == (said,)


@pytest.mark.parametrize(
    "before", ["", "\n", " \n\t\n", "A=1\n\n", "A='1\n2'\n", "# a\r\n\r\n", "A=1\n\x0c\n", "# a\u2028b\n"]
)
@pytest.mark.parametrize("indent", ["", "  ", "\t"])
def test_the_number_of_a_line_is_the_one_that_editors_show(env_file: Path, before: str, indent: str) -> None:
    env_file.write_bytes(f"{before}{indent}ALLOWED_USERS: 1\n".encode())
    with pytest.raises(SettingsError, match=rf"^Line {before.count(chr(10)) + 1} of "):
        Settings.load(env_file)


def test_a_name_without_a_value_is_a_fault_if_it_is_a_setting_s(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a name alone Docker takes the value from the environment. So one that is set there is no fault."""
    env_file.write_text("EDITOR\nALLOWED_USERS\n")
    with pytest.raises(SettingsError) as caught:
        Settings.load(env_file)
    said = f"Line 2 of {env_file} names ALLOWED_USERS, but has no = after it: write ALLOWED_USERS=value."
    assert caught.value.faults == (said,)
    monkeypatch.setenv("ALLOWED_USERS", "7")
    assert Settings.load(env_file).allowed_users == {7}


@pytest.mark.parametrize("value", ["s3:/pictures", "s3:pictures", "S3:/pictures", "s3:///pictures", "gs:///"])
def test_a_bucket_without_its_slashes_makes_no_folder_of_that_name(env_file: Path, value: str) -> None:
    fault = "MEDIA_URL must be a folder, or start with s3://, gs:// or az:// and name a bucket."
    assert _faults(env_file, {"MEDIA_URL": value}) == (fault,)


def test_a_setting_that_the_file_sets_twice_is_told_with_the_line_that_counts(env_file: Path) -> None:
    """As by a template whose empty lines stay below what somebody added above."""
    env_file.write_text("ALLOWED_USERS=1\nLOG_LEVEL=INFO\nEDITOR=vi\n\nALLOWED_USERS=\nLOG_LEVEL=INFO\nEDITOR=ed\n")
    env_file.chmod(0o600)
    assert Settings.load(env_file).allowed_users == frozenset()
    said = f"{env_file} sets ALLOWED_USERS to several values; the one of line 5 counts."
    assert Settings.suspicions(env_file) == (said,)


def test_a_misspelt_setting_in_the_environment_is_only_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may belong to another program, as it surely does where the right name is set beside it."""
    monkeypatch.setenv("ALOWED_USERS", "1")
    assert Settings.load(None).suspicions() == ("ALOWED_USERS is not a setting. Is ALLOWED_USERS meant?",)
    monkeypatch.setenv("ALLOWED_USERS", "1")
    assert Settings.load(None).suspicions() == ()


@pytest.mark.parametrize(
    ("names", "mode", "told"),
    [
        ("GEMINI_API_KEY=x", 0o644, True),
        ("WEBHOOK_SECRET=x", 0o604, True),
        ("GEMINI_API_KEY=x", 0o640, False),
        ("GEMINI_API_KEY=x", 0o600, False),
        ("# GEMINI_API_KEY=x\nOWNER_IDS=1", 0o644, False),
    ],
)
def test_a_file_that_shows_a_key_to_others_is_told(env_file: Path, names: str, mode: int, told: bool) -> None:
    """A copy of .env.example is open to everybody on most machines."""
    env_file.write_text(names)
    env_file.chmod(mode)
    line = f"{env_file} can be read by every user of this machine. To close it: chmod o= {env_file}"
    assert Settings.suspicions(env_file) == ((line,) if told else ())
    assert Settings.suspicions(None) == ()


def test_every_fault_is_told_at_once_in_the_order_of_the_table(env_file: Path) -> None:
    wrong = {
        "TELEGRAM_BOT_TOKEN": "hush-1:abc",
        "TELEGRAM_API_URL": "ftp://hush-2",
        "GEMINI_AUTH": "hush-3",
        "TOKAIFY_API_KEY": "hush\t4é",
        "PROVIDER_TIMEOUT_S": "inf",
        "MAX_PARALLEL_CALLS": "0",
        "HISTORY_BUDGET_BYTES": "hush-5",
        "DATABASE_URL": "mysql://me:hush-6@db/x",
        "MEDIA_URL": "ftp://hush-8/pictures",
        "AWS_ENDPOINT_URL": "hush-12:9000",
        "WEBHOOK_URL": "http://hush-7.example/",
        "LISTEN": "hush-9",
        "ALLOWED_USERS": "12, hush-10",
        "ALBUM_WAIT_S": "31",
        "LANGUAGE": "hush-11",
    }
    faults = _faults(env_file, wrong, for_run=True)
    assert "hush" not in "\n".join(faults)
    assert faults == (
        "TELEGRAM_BOT_TOKEN is not a bot token: digits, a colon and 35 signs, without quotes.",
        "TELEGRAM_API_URL must be an address that starts with https:// or http://, without ? and #.",
        "GEMINI_API_KEY is not set, and PROVIDER=gemini needs it.",
        "GEMINI_AUTH must be 'auto', 'key' or 'bearer'.",
        "TOKAIFY_API_KEY contains a sign that no key has; copy it once more.",
        "PROVIDER_TIMEOUT_S must be a number.",
        "MAX_PARALLEL_CALLS must be at least 1.",
        "HISTORY_BUDGET_BYTES must be a whole number.",
        "DATABASE_URL must start with sqlite+aiosqlite:/// or postgresql+psycopg://.",
        "MEDIA_URL must be a folder, or start with s3://, gs:// or az:// and name a bucket.",
        "AWS_ENDPOINT_URL must be an address that starts with https:// or http://, without ? and #.",
        "WEBHOOK_URL must start with https://, Telegram delivers to nothing else.",
        "WEBHOOK_SECRET is not set, and WEBHOOK_URL needs it, so that nobody can forge messages.",
        "LISTEN must be host:port, like 127.0.0.1:8081.",
        "ALLOWED_USERS must be whole numbers with commas or spaces between them.",
        "ALBUM_WAIT_S must be at most 30.",
        "LANGUAGE must be a language code like en or de.",
    )


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite+aiosqlite:///", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(env_file: Path, url: str) -> None:
    fault = "DATABASE_URL must name a file: what lies in memory is lost with the process."
    assert _faults(env_file, {"DATABASE_URL": url}) == (fault,)


@pytest.mark.parametrize("name", ["tokaify", "aimlapi", "onemin", "openrouter", "OpenRouter", "openai"])
def test_each_provider_needs_its_own_key(env_file: Path, name: str) -> None:
    fault = f"{name.upper()}_API_KEY is not set, and PROVIDER={name.lower()} needs it."
    assert _faults(env_file, RUNS | {"PROVIDER": name}, for_run=True) == (fault,)
    settings = _load(env_file, RUNS | {"PROVIDER": name, f"{name.upper()}_API_KEY": "k1234567"}, for_run=True)
    account = settings.account()
    assert (account.name, account.keys) == (name.lower(), ("k1234567",))


def test_fallback_names_providers_in_order_each_with_a_key(env_file: Path) -> None:
    given = {"FALLBACK": "Tokaify, openrouter:google/gemini-2.5:free;tokaify", "TOKAIFY_API_KEY": "k1", **RUNS}
    settings = _load(env_file, given)
    assert settings.fallback == (("tokaify", ""), ("openrouter", "google/gemini-2.5:free"))
    assert settings.faults_for_run() == ("OPENROUTER_API_KEY is not set, and FALLBACK needs it for openrouter.",)
    assert _load(env_file, {**RUNS, "FALLBACK": "gemini:gemini-3-pro-image"}).faults_for_run() == ()


def test_a_server_of_ones_own_may_stand_in_fallback_without_a_key(env_file: Path) -> None:
    given = {**RUNS, "FALLBACK": "openai"}
    fault = "OPENAI_API_KEY is not set, and FALLBACK needs it for openai."
    assert _faults(env_file, given, for_run=True) == (fault,)
    at_home = _load(env_file, given | {"OPENAI_BASE_URL": "http://127.0.0.1:1234/v1"}, for_run=True)
    assert at_home.account("openai").keys == ("",)
    assert "" not in at_home.secrets()


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("hush", "names a provider that there is not; known are gemini, tokaify, aimlapi, onemin, openrouter, openai"),
        (
            "tokaify:",
            "must be providers with commas between them, a model after a colon, as in openrouter:MODEL",
        ),
        (":hush", "must be providers with commas between them, a model after a colon, as in openrouter:MODEL"),
    ],
)
def test_a_fallback_that_cannot_be_read_is_one_line(env_file: Path, value: str, fault: str) -> None:
    assert _faults(env_file, {**RUNS, "FALLBACK": value}, for_run=True) == (f"FALLBACK {fault}.",)


@pytest.mark.parametrize(
    ("written", "keys"),
    [("k1", ("k1",)), ("k1,k2", ("k1", "k2")), (" k1 , k2 ,", ("k1", "k2")), ("k-1.2_3,AQ.x", ("k-1.2_3", "AQ.x"))],
)
def test_one_key_or_several(env_file: Path, written: str, keys: tuple[str, ...]) -> None:
    settings = _load(env_file, RUNS | {"GEMINI_API_KEY": written}, for_run=True)
    assert settings.account().keys == keys
    assert set(keys) <= set(settings.secrets())


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("hush-1,hush-1", "must be a key, or several different ones with commas between them"),
        (",", "must be a key, or several different ones with commas between them"),
        ("hush-1,hush 2", "contains a sign that no key has; copy it once more"),
        ("hush-1 hush-2", "contains a sign that no key has; copy it once more"),
    ],
)
def test_keys_that_cannot_be_used_are_one_line(env_file: Path, written: str, fault: str) -> None:
    assert _faults(env_file, {"TOKAIFY_API_KEY": written}) == (f"TOKAIFY_API_KEY {fault}.",)


def test_an_unknown_provider_is_one_line(env_file: Path) -> None:
    faults = _faults(env_file, {"PROVIDER": "midjourney", "TELEGRAM_BOT_TOKEN": TOKEN}, for_run=True)
    assert faults == ("PROVIDER must be 'gemini', 'tokaify', 'aimlapi', 'onemin', 'openrouter' or 'openai'.",)


@pytest.mark.parametrize(
    "token", ["abc", f'"{TOKEN}"', TOKEN[:-1], TOKEN + "x", TOKEN.replace(":", " "), "bot" + TOKEN]
)
def test_a_malformed_token_stops_a_run_but_not_the_sandbox(env_file: Path, token: str) -> None:
    faults = _faults(env_file, RUNS | {"TELEGRAM_BOT_TOKEN": token}, for_run=True)
    assert len(faults) == 1
    assert faults[0].startswith("TELEGRAM_BOT_TOKEN is not a bot token")
    assert _load(env_file, RUNS | {"TELEGRAM_BOT_TOKEN": token}).faults_for_run() == faults


@pytest.mark.parametrize(
    ("url", "secret", "fault"),
    [
        ("http://bot.example", "s3cret-_A", "WEBHOOK_URL must start with https://, Telegram delivers to nothing else."),
        (
            "https://bot.example",
            "",
            "WEBHOOK_SECRET is not set, and WEBHOOK_URL needs it, so that nobody can forge messages.",
        ),
        ("https://bot.example", "hush!", "WEBHOOK_SECRET must be 1 to 256 of A-Z, a-z, 0-9, _ and -."),
        ("https://bot.example", "x" * 257, "WEBHOOK_SECRET must be 1 to 256 of A-Z, a-z, 0-9, _ and -."),
    ],
)
def test_a_webhook_needs_https_and_a_secret(env_file: Path, url: str, secret: str, fault: str) -> None:
    webhook = {"WEBHOOK_URL": url, "WEBHOOK_SECRET": secret}
    assert _faults(env_file, RUNS | webhook, for_run=True) == (fault,)


def test_the_bot_listens_only_for_a_webhook_or_where_it_is_told_to(env_file: Path) -> None:
    webhook = {"WEBHOOK_URL": "https://bot.example/hook", "WEBHOOK_SECRET": "s3cret-_A"}
    assert _load(env_file, RUNS | webhook, for_run=True).serves()
    assert not _load(env_file, RUNS | webhook, for_run=True).serves(receives=False)
    assert _load(env_file, RUNS | {"LISTEN": "127.0.0.1:8081"}).serves(receives=False)
    assert not _load(env_file, RUNS | {"LISTEN": " "}).serves()


def test_empty_and_blank_values_count_as_not_set(env_file: Path) -> None:
    settings = _load(env_file, {"TELEGRAM_BOT_TOKEN": "", "GEMINI_MODEL": "  ", "LISTEN": "", "OWNER_IDS": " "})
    assert settings == Settings.load(None)


def test_an_empty_variable_of_the_environment_takes_away_what_the_file_says(
    env_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a service that is tried without the owners of ``.env``: ``OWNER_IDS= pentimento run``."""
    written = {"OWNER_IDS": "1001", "GEMINI_MODEL": "gemini-3-pro-image", "LISTEN": "127.0.0.1:9000"}
    for name, value in (("OWNER_IDS", ""), ("LISTEN", " ")):
        monkeypatch.setenv(name, value)
    settings = _load(env_file, written)
    assert settings.owner_ids == frozenset()
    assert not settings.serves()
    assert settings.gemini_model == "gemini-3-pro-image"


def test_values_are_read_as_people_write_them(env_file: Path) -> None:
    settings = _load(
        env_file,
        {
            "TELEGRAM_BOT_TOKEN": f" {TOKEN} ",
            "GEMINI_BASE_URL": "https://relay.example/gemini//",
            "OWNER_IDS": "1, 2;3 -100",
            "RESULT_HOSTS": "CDN.example, img.example:8443",
            "LISTEN": "[::]:80",
            "LOG_LEVEL": "debug",
            "LANGUAGE": "de_AT.UTF-8:en",
            "DATA_DIR": "/srv/bot",
            "DATABASE_URL": "postgres://me@db/x",
        },
    )
    assert settings.telegram_bot_token == SecretStr(TOKEN)
    assert settings.gemini_base_url == "https://relay.example/gemini"
    assert settings.owner_ids == {1, 2, 3, -100}
    assert settings.result_hosts == {"cdn.example", "img.example:8443"}
    assert settings.listen == Address("::", 80)
    assert settings.log_level == "DEBUG"
    assert settings.language == "de"
    assert settings.media_url == "/srv/bot/media"
    assert settings.database_url == "postgresql+psycopg://me@db/x"


@pytest.mark.parametrize(
    ("environment", "file", "counts"),
    [
        ("en_GB:en", "de", "de"),
        ("en_GB.UTF-8", "", "en"),
        ("ru", "de", "ru"),
        ("", "de", "en"),
        ("en_GB:en", None, "en"),
    ],
)
def test_what_a_desktop_says_of_its_language_does_not_win_over_the_file(
    env_file: Path, monkeypatch: pytest.MonkeyPatch, environment: str, file: str | None, counts: str
) -> None:
    """Desktops set a variable of that name themselves, in gettext's form."""
    monkeypatch.setenv("LANGUAGE", environment)
    assert _load(env_file, {} if file is None else {"LANGUAGE": file}).language == counts
    if ":" in environment:
        assert _faults(env_file, {"LANGUAGE": "1"}) == ("LANGUAGE must be a language code like en or de.",)


def test_no_secret_shows_in_the_settings_own_form(env_file: Path) -> None:
    hidden = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "ONEMIN_API_KEY": "hush-key-1",
        "WEBHOOK_SECRET": "hush-key-2",
        "DATABASE_URL": "postgresql://me:hush%2Dkey-3@db/x",
        "PROXY_URL": "http://me:hush-key-4@proxy:3128",
        "AWS_ACCESS_KEY_ID": "hush-key-5",
        "AWS_SECRET_ACCESS_KEY": "hush-key-6",
    }
    settings = _load(env_file, hidden)
    assert "hush" not in repr(settings)
    assert TOKEN not in repr(settings)
    sent = b64encode(b"me:hush-key-4").decode()
    assert set(settings.secrets()) == {TOKEN, sent, *(f"hush-key-{number}" for number in range(1, 7))}


@pytest.mark.parametrize("host", ["exa mple:80", "exa\tmple", "a,b", "exam%20ple", "-", "[::1%25"])
def test_an_address_without_a_host_that_can_be_one_is_refused(env_file: Path, host: str) -> None:
    (line,) = _faults(env_file, {"TELEGRAM_API_URL": f"http://{host}"})
    assert line == "TELEGRAM_API_URL must be an address that starts with https:// or http://, without ? and #."


@pytest.mark.parametrize(
    "host", ["localhost:8081", "bot_api:8081", "10.0.0.7", "[::1]:8081", "пример.рф", "a-b.example."]
)
def test_an_address_with_any_host_that_can_be_one_is_taken(env_file: Path, host: str) -> None:
    assert _load(env_file, {"TELEGRAM_API_URL": f"http://{host}"}).telegram_api_url == f"http://{host}"


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("GEMINI_BASE_URL", "https://relay.example/v1beta/openai/", "leave out /openai, /models and what follows"),
        ("TOKAIFY_BASE_URL", "https://relay.example/v1beta/models/x:generateContent", "leave out /openai"),
        ("OPENAI_BASE_URL", "http://gpu:1234/v1/images/generations", "leave out /images, /chat or /models"),
        ("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1/chat/completions", "leave out /images, /chat or /models"),
        ("TELEGRAM_API_URL", "https://api.telegram.org/bot", "leave out /bot and what follows"),
        ("TELEGRAM_API_URL", f"https://api.telegram.org/bot{TOKEN}", "leave out /bot and what follows"),
    ],
)
def test_an_address_that_goes_on_behind_the_root_is_refused(env_file: Path, name: str, value: str, fault: str) -> None:
    (line,) = _faults(env_file, {name: value})
    assert line.startswith(f"{name} must be the root of ")
    assert fault in line
    assert TOKEN not in line


TEXT = ("HARASSMENT", "HATE_SPEECH", "SEXUALLY_EXPLICIT", "DANGEROUS_CONTENT")


@pytest.mark.parametrize(
    ("value", "chosen"),
    [
        ("BLOCK_ONLY_HIGH", dict.fromkeys(TEXT, "BLOCK_ONLY_HIGH")),
        ("harassment=off", {"HARASSMENT": "OFF"}),
        (
            "BLOCK_NONE, HARASSMENT=BLOCK_ONLY_HIGH",
            dict.fromkeys(TEXT, "BLOCK_NONE") | {"HARASSMENT": "BLOCK_ONLY_HIGH"},
        ),
        ("HARM_CATEGORY_IMAGE_HATE=OFF; JAILBREAK=OFF", {"IMAGE_HATE": "OFF", "JAILBREAK": "OFF"}),
        ("", {}),
    ],
)
def test_safety_is_one_threshold_or_one_for_each_category(env_file: Path, value: str, chosen: dict[str, str]) -> None:
    expected = {f"HARM_CATEGORY_{name}": threshold for name, threshold in chosen.items()}
    assert dict(_load(env_file, {"SAFETY_THRESHOLD": value}).safety_threshold) == expected


@pytest.mark.parametrize(
    ("value", "tools"),
    [
        ("googleSearch", ({"googleSearch": {}},)),
        ("google_search, urlContext", ({"googleSearch": {}}, {"urlContext": {}})),
        (
            '{"googleSearch": {"searchTypes": {"imageSearch": {}}}}',
            ({"googleSearch": {"searchTypes": {"imageSearch": {}}}},),
        ),
        ('[{"google_search": {}}, {"codeExecution": {}}]', ({"googleSearch": {}}, {"codeExecution": {}})),
        ("", ()),
    ],
)
def test_tools_are_names_or_json(env_file: Path, value: str, tools: tuple[dict[str, Any], ...]) -> None:
    assert _load(env_file, {"GEMINI_TOOLS": value}).gemini_tools == tools


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("SAFETY_THRESHOLD", "HARASSMENT=SOMETIMES", "must be BLOCK_LOW_AND_ABOVE or "),
        ("SAFETY_THRESHOLD", "BOREDOM=OFF", "must name categories of harm: HARASSMENT, "),
        ("SAFETY_THRESHOLD", "HARASSMENT=", "must be BLOCK_LOW_AND_ABOVE or "),
        ("SAFETY_THRESHOLD", "BLOCK_ONLY_HIGH, OFF", "must hold one threshold for all; "),
        ("GEMINI_TOOLS", '[{"googleSearch": {}', "must be names like googleSearch, or JSON as the API takes it"),
        ("GEMINI_TOOLS", "[3]", "must be tools like "),
        ("GEMINI_TOOLS", '{"function_declarations": []}', "must not declare functions"),
    ],
)
def test_what_gemini_would_refuse_is_refused_at_once(env_file: Path, name: str, value: str, fault: str) -> None:
    (line,) = _faults(env_file, {name: value})
    assert line.startswith(f"{name} {fault}")


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("LIMIT_PERSON", "20/day, $10/month", Allowance(day_pictures=20, month_micro_usd=10_000_000)),
        ("LIMIT_GROUP", "$0.50/day,30 / Month , 20/month", Allowance(day_micro_usd=500_000, month_pictures=20)),
        ("LIMIT_TOTAL", "15 USD/month", Allowance(month_micro_usd=15_000_000)),
        ("LIMIT_TOTAL", "none", UNLIMITED),
        ("LIMIT_TOTAL", "", Allowance(day_micro_usd=20_000_000)),
        ("LIMIT_TIMEZONE", "utc", "UTC"),
        ("LIMIT_TIMEZONE", "Europe/Berlin", "Europe/Berlin"),
        ("PRICE_PER_PICTURE", "0.04", (("", 40_000),)),
        ("PRICE_PER_PICTURE", "tokaify=0.03, OneMin = $0.05", (("tokaify", 30_000), ("onemin", 50_000))),
    ],
)
def test_limits_and_prices_are_read(env_file: Path, name: str, value: str, meant: object) -> None:
    assert getattr(_load(env_file, {name: value}), name.lower()) == meant


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("LIMIT_PERSON", "20", "must be a list like 20/day, $10/month, or none."),
        ("LIMIT_GROUP", "2.5/day", "must be a list like 20/day, $10/month, or none."),
        ("LIMIT_TOTAL", "$20/week", "must be a list like 20/day, $10/month, or none."),
        ("LIMIT_TIMEZONE", "Berlin", "must be UTC, or a name of the list of time zones, like Europe/Berlin."),
        ("LIMIT_TIMEZONE", "../etc", "must be UTC, or a name of the list of time zones, like Europe/Berlin."),
        (
            "PRICE_PER_PICTURE",
            "cheap",
            "must be dollars like 0.04, or one price for each provider, like tokaify=0.03, onemin=0.05.",
        ),
        (
            "PRICE_PER_PICTURE",
            "dalle=0.04",
            "must name providers: gemini, tokaify, aimlapi, onemin, openrouter, openai.",
        ),
    ],
)
def test_a_limit_or_price_that_means_nothing_is_one_line(env_file: Path, name: str, value: str, fault: str) -> None:
    assert _faults(env_file, {name: value}) == (f"{name} {fault}",)


def test_a_file_that_cannot_be_read_is_a_fault_and_none_is_not(tmp_path: Path) -> None:
    assert Settings.load(tmp_path / "none") == Settings.load(None)
    (tmp_path / "latin").write_bytes(b"GEMINI_API_KEY=\xe9\n")
    with pytest.raises(SettingsError, match="latin is not UTF-8 text"):
        Settings.load(tmp_path / "latin")


@given(
    name=st.sampled_from([name.upper() for name in Settings.model_fields]),
    value=st.text(st.characters(exclude_characters="\x00'\\\r", exclude_categories=["Cs"]), min_size=4),
)
@example(name="LISTEN", value="x:99999")
@example(name="TELEGRAM_API_URL", value="http://[::1")
@example(name="OWNER_IDS", value="9" * 5000)
def test_any_value_is_taken_or_refused_in_one_line_that_does_not_repeat_it(
    tmp_path_factory: pytest.TempPathFactory, name: str, value: str
) -> None:
    faults = _outcome(tmp_path_factory.getbasetemp() / "any.env", {name: value})
    assert len(faults) <= 1
    for fault in faults:
        assert fault.startswith(f"{name} ")
        assert fault.isprintable()
        # A shorter value may be part of the sentence by chance.
        assert len(value) < 8 or value not in fault


def _outcome(env_file: Path, settings: dict[str, str]) -> tuple[str, ...]:
    try:
        _load(env_file, settings)
    except SettingsError as error:
        return error.faults
    return ()


def _default(name: str) -> str:
    value = getattr(Settings.load(None), name)
    if Settings.model_fields[name].default is PydanticUndefined:
        return str(value)
    if value is None or value in (frozenset(), (), UNLIMITED):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _in_code() -> list[tuple[str, str, str]]:
    return [(name.upper(), _default(name), field.description or "") for name, field in Settings.model_fields.items()]


def _in_docs() -> Iterator[tuple[str, str, str]]:
    for line in (ROOT / "docs/settings.md").read_text("utf-8").splitlines():
        if row := re.fullmatch(r"\| `([A-Z_]+)` \| (?:`(.*?)`)? ?\| (.*) \|", line):
            yield row[1], row[2] or "", row[3]


def test_the_table_has_the_same_settings_in_the_same_words() -> None:
    rows = [f"| `{name}` | {f'`{value}` ' if value else ''}| {text} |" for name, value, text in _in_code()]
    assert list(_in_docs()) == _in_code(), "The table in docs/settings.md should be:\n" + "\n".join(rows)


def test_every_setting_is_obeyed() -> None:
    paths = [path for path in (ROOT / "bot").rglob("*.py") if not path.name.startswith("setting")]
    code = "\n".join(path.read_text("utf-8") for path in paths)
    accounts = {f"{provider}_{field}" for provider in PROVIDERS for field in ACCOUNT_FIELDS}
    unused = [
        name.upper()
        for name in Settings.model_fields
        # Settings.telegram_proxy gives out the one of Telegram's proxy.
        if name not in {*accounts, "telegram_proxy_url"} and not re.search(rf"\b_?settings\.{name}\b", code)
    ]
    assert unused == []


THAT_MATTER = ("TELEGRAM_BOT_TOKEN", "GEMINI_API_KEY", "ALLOWED_USERS", "OWNER_IDS")


def test_the_example_file_has_the_same_settings_and_the_four_that_matter_stand_first() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    first = [(name, "") for name in THAT_MATTER]
    # Docker Compose takes what follows a $ for a variable.
    rest = [(name, value.replace("$20", "20 USD")) for name, value, _ in _in_code() if name not in THAT_MATTER]
    assert re.findall(r"^# ([A-Z_]+)=(.*)$", text, re.MULTILINE) == first + rest


def test_each_of_the_four_has_a_line_that_says_what_to_write_there() -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    for name in THAT_MATTER:
        assert re.fullmatch(r"# [A-Z][a-z].*:", lines[lines.index(f"# {name}=") - 1])


def test_the_example_file_sets_nothing_as_it_is() -> None:
    assert Settings.load(ROOT / ".env.example") == Settings.load(None)


def test_who_takes_the_signs_away_in_the_example_file_has_the_defaults_with_compose_too(tmp_path: Path) -> None:
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    chosen = [line.removeprefix("# ") for line in lines if re.fullmatch(r"# [A-Z_]+=.+", line)]
    (tmp_path / ".env").write_text("\n".join(chosen), "utf-8")
    assert not [line for line in chosen if "$" in line]
    assert Settings.load(tmp_path / ".env") == Settings.load(None)

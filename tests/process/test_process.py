"""The bot as a separate process: how it starts, refuses to start, and ends, and what its log never contains."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
from pathlib import Path

import pytest

from bot.process.heartbeat import Heartbeat
from bot.sandbox.config import SandboxConfig, token_in
from bot.sandbox.server import serve
from storage.store import Store
from tests.support.databases import Server
from tests.support.painter import Painter, plain
from tests.support.people import Telegram
from tests.support.ports import free_port
from tests.support.processes import KEY, settings_for, started

ROOT = Path(__file__).parents[2]
OTHER_TOKEN = ":".join(("7000000002", "AAHanotherMadeUpTokenThatNobodyKnow"))


LATE = {"PIL", "pillow_heif", "av", "numpy", "procrastinate", "psycopg", "starlette", "uvicorn", "prometheus_client"}
"""Libraries that take memory and that a bot on one machine does without until somebody asks for what they do."""


@pytest.mark.parametrize(
    ("wrong", "lines"),
    [
        ({"TELEGRAM_BOT_TOKEN": ""}, ["TELEGRAM_BOT_TOKEN is not set: get one from @BotFather on Telegram."]),
        ({"GEMINI_API_KEY": " "}, ["GEMINI_API_KEY is not set, and PROVIDER=gemini needs it."]),
        (
            {"TELEGRAM_BOT_TOKEN": "sesame", "GEMINI_API_KEY": "", "LOG_LEVEL": "loud"},
            [
                "TELEGRAM_BOT_TOKEN is not a bot token: digits, a colon and 35 signs, without quotes.",
                "GEMINI_API_KEY is not set, and PROVIDER=gemini needs it.",
                "LOG_LEVEL must be 'DEBUG', 'INFO', 'WARNING' or 'ERROR'.",
            ],
        ),
        ({"GEMINI_API_KEY": "two words"}, ["GEMINI_API_KEY contains a sign that no key has; copy it once more."]),
    ],
    ids=["no token", "no key", "three faults", "a key that cannot be one"],
)
async def test_what_is_missing_or_malformed_is_told_before_anything_begins(
    telegram: Telegram, tmp_path: Path, wrong: dict[str, str], lines: list[str]
) -> None:
    """One line for each, exit code 2, no call to anybody, no file."""
    async with started(tmp_path, "run", **{**settings_for(telegram), **wrong}) as bot:
        assert await bot.ends() == 2
        assert bot.text.splitlines() == lines
    assert await telegram.calls() == []
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        ({"TELEGRAM_BOT_TOKEN": OTHER_TOKEN}, "Telegram does not accept TELEGRAM_BOT_TOKEN; copy it again"),
        ({"GEMINI_API_KEY": "bad-key-of-a-test"}, "gemini does not accept GEMINI_API_KEY; copy it again"),
    ],
    ids=["token", "key"],
)
async def test_what_is_rejected_is_told_in_one_line(
    telegram: Telegram, tmp_path: Path, wrong: dict[str, str], line: str
) -> None:
    async with started(tmp_path, "run", **{**settings_for(telegram), **wrong}) as bot:
        assert await bot.ends() == 2
        (only,) = bot.text.splitlines()
        assert line in only
        assert not any(value in bot.text for value in wrong.values())


async def test_a_telegram_that_is_not_there_yet_is_waited_for(painter: Painter, tmp_path: Path) -> None:
    """As after a power cut, when the machine is up before its network, or a Bot API server that starts with the bot."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with Telegram(address) as telegram:
        async with started(tmp_path, "run", **settings_for(telegram, painter)) as bot:
            line = await bot.says("Telegram cannot be reached")
            assert address in line
            assert "trying again in 1 s" in line
            await bot.says("trying again in 2 s")
            async with serve(SandboxConfig(), "127.0.0.1", port):
                await bot.says("is listening")
                await telegram.ann.say("a boat")
                assert (await telegram.ann.answer()).has_picture
                assert await bot.stop() == 0
        assert telegram.token not in bot.text
        assert "Traceback" not in bot.text


async def test_what_passes_by_itself_at_the_start_is_waited_for(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """Too many starts (ClientManager.cpp), a bot that is still logged out (Client::get_closing_error), a gateway."""
    await telegram.fault("getMe", retry_after=1)
    await telegram.fault("getMe", status=400, description="Logged out")
    await telegram.fault("deleteWebhook", status=502)
    async with started(tmp_path, "run", **settings_for(telegram, painter)) as bot:
        await bot.says("Telegram asks to wait before the bot starts; trying again in 1 s")
        await bot.says("Telegram does not let the bot in now (Logged out); trying again in 1 s")
        assert "(Bad Gateway (502))" in await bot.says("Telegram cannot be reached")
        await bot.says("is listening")
        assert await bot.stop() == 0
    assert "Traceback" not in bot.text


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
async def test_a_start_that_waits_can_be_stopped(telegram: Telegram, tmp_path: Path, how: signal.Signals) -> None:
    """It is healthy while it waits. Otherwise a supervisor would restart it again and again."""
    settings = settings_for(telegram, TELEGRAM_API_URL=f"http://127.0.0.1:{free_port()}")
    async with started(tmp_path, "run", **settings) as bot:
        await bot.says("Telegram cannot be reached")
        async with started(tmp_path, "health", **settings) as well:
            assert await well.ends() == 0
        bot.process.send_signal(how)
        assert await bot.ends() == 0
        assert "stopped while it was starting" in bot.text
        assert "Traceback" not in bot.text
    assert "The bot was stopped on " in await _unwell(tmp_path)


async def _unwell(folder: Path) -> str:
    """Return what ``health`` says of a bot that is not well."""
    async with started(folder, "health") as asked:
        assert await asked.ends() == 1
    return asked.text


async def _well(folder: Path) -> str:
    """Return what ``health`` says once the bot is well."""
    async with asyncio.timeout(20):
        while True:
            async with started(folder, "health") as asked:
                if await asked.ends() == 0:
                    return asked.text


def test_a_sign_of_life_that_a_power_cut_left_unreadable_is_one_all_the_same(tmp_path: Path) -> None:
    """The file's age counts. What stands in it is read only where it is the note of a stop."""
    (tmp_path / "heartbeat").write_bytes(b"\xff\xfe\x00")
    assert Heartbeat(tmp_path).health()[0]


async def test_of_a_bot_that_was_stopped_its_health_says_so_at_once(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """Until it runs again. One that was killed cannot say so, and is missed after two minutes."""
    settings = settings_for(telegram, painter)
    for _ in range(2):
        async with started(tmp_path, "run", **settings) as bot:
            await bot.says("is listening")
            assert "The bot is well" in await _well(tmp_path)
            assert await bot.stop() == 0
        said = await _unwell(tmp_path)
        assert re.search(r"^The bot was stopped on [0-9-]+ at [0-9:]+, as it was asked to, and has given no sign", said)
    async with started(tmp_path, "run", **settings) as bot:
        await bot.says("is listening")
        await _well(tmp_path)
    assert "The bot is well" in await _well(tmp_path)


@pytest.mark.database
async def test_of_several_processes_in_a_folder_one_that_stops_makes_the_others_not_unwell(
    telegram: Telegram, painter: Painter, tmp_path: Path, postgresql: Server
) -> None:
    shared = {"DATABASE_URL": postgresql.empty_database(), "MEDIA_URL": str(tmp_path / "media")}
    settings = settings_for(telegram, painter, **shared)
    async with started(tmp_path, "run", **settings) as one, started(tmp_path, "worker", **settings) as other:
        await one.says("is listening")
        await other.says("is working")
        await _well(tmp_path)
        assert await other.stop() == 0
        async with started(tmp_path, "health") as asked:
            assert await asked.ends() == 0
        assert (tmp_path / "data" / "heartbeat").read_text() == ""


async def test_ctrl_c_in_the_sandbox_while_it_paints_ends_quietly_and_the_next_start_goes_on(tmp_path: Path) -> None:
    async with started(tmp_path, "sandbox", SANDBOX_LISTEN="127.0.0.1:0") as bot:
        address = address_in(await bot.says("The sandbox is ready"))
        async with Telegram(address, token_in(tmp_path / "data" / "sandbox")) as telegram:
            await bot.says("press Ctrl+C to stop")
            await telegram.http.post("/sandbox/provider", json={"mode": "slow", "delay_s": 60})
            await telegram.ann.say("a lighthouse")
            async with asyncio.timeout(20):
                while not (await telegram.http.get("/sandbox/provider/last")).json().get("request"):  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        asked = asyncio.get_running_loop().time()
        bot.process.send_signal(signal.SIGINT)
        assert await bot.ends() == 0
        # The call had the sandbox's 3 s to end.
        assert asyncio.get_running_loop().time() - asked < 5
        assert "some work did not end in time; the next start continues it" in bot.text
        assert "Traceback" not in bot.text
    async with started(tmp_path, "sandbox", SANDBOX_LISTEN="127.0.0.1:0") as bot:
        address = address_in(await bot.says("The sandbox is ready"))
        async with Telegram(address, token_in(tmp_path / "data" / "sandbox")) as telegram:
            assert (await telegram.ann.answer(30)).has_picture
        assert await bot.stop() == 0


async def _has_a_store(folder: Path) -> None:
    await (await Store.open(f"sqlite+aiosqlite:///{folder}/data/pentimento.db", f"{folder}/data/media")).close()


async def test_a_check_tells_at_once_that_telegram_is_not_there(telegram: Telegram, tmp_path: Path) -> None:
    await _has_a_store(tmp_path)
    settings = settings_for(telegram, TELEGRAM_API_URL=f"http://127.0.0.1:{free_port()}")
    async with started(tmp_path, "check", **settings) as bot:
        assert await bot.ends() == 1
        assert f"BROKEN  telegram: it cannot be reached at {settings['TELEGRAM_API_URL']} (" in bot.text
        assert bot.text.splitlines()[-1] == "1 thing is broken."


async def test_a_check_with_a_proxy_that_cannot_be_used_says_so_and_goes_on(telegram: Telegram, tmp_path: Path) -> None:
    await _has_a_store(tmp_path)
    settings = settings_for(telegram, TELEGRAM_API_URL="https://api.telegram.org", ALL_PROXY="nonsense://x")
    async with started(tmp_path, "check", **settings) as bot:
        assert await bot.ends() == 1
        first, *_, last = bot.text.splitlines()
        assert first.startswith("BROKEN  settings: ALL_PROXY must be a proxy's address")
        assert last == "1 thing is broken."
        assert "Traceback" not in bot.text


COMMANDS = {"run": [], "worker": [], "check": [], "move": ["--to", "postgresql://u:p@127.0.0.1:1/x"]}


@pytest.mark.parametrize("command", COMMANDS)
async def test_where_postgresql_needs_more_libraries_each_command_says_how_to_add_them(
    telegram: Telegram, tmp_path: Path, command: str
) -> None:
    """As in an environment without the extra: there both libraries cannot be imported."""
    for name in ("psycopg", "procrastinate"):
        (tmp_path / f"{name}.py").write_text(f"raise ModuleNotFoundError('No module named {name}', name='{name}')\n")
    await _has_a_store(tmp_path)
    settings = settings_for(telegram, PYTHONPATH=f"{tmp_path}:{ROOT}")
    if command != "move":
        settings["DATABASE_URL"] = "postgresql+psycopg://u:p@127.0.0.1:1/x"
    async with started(tmp_path, command, *COMMANDS[command], **settings) as bot:
        assert await bot.ends() == 2
        assert re.search(r"PostgreSQL needs more libraries \(\w+\): .* -m pip install '?procrastinate", bot.text)
        assert "Traceback" not in bot.text


@pytest.mark.parametrize("trouble", ["a file", "somebody else's database"])
async def test_a_store_that_cannot_be_used_is_told_in_one_line(
    telegram: Telegram, tmp_path: Path, trouble: str
) -> None:
    data = tmp_path / "data"
    if trouble == "a file":
        data.write_text("not a folder")
    else:
        data.mkdir(mode=0o700)
        (data / "pentimento.db").write_text("not a database, but long enough to be one" * 20)
    async with started(tmp_path, "run", **settings_for(telegram)) as bot:
        assert await bot.ends() == 2
        (only,) = bot.text.splitlines()
        assert str(data) in only


async def test_a_second_process_keeps_away_from_the_same_store(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """The first process is not disturbed, and a health check finds it alive."""
    settings = settings_for(telegram, painter)
    async with started(tmp_path, "health", **settings) as ill:
        assert await ill.ends() == 1
    async with started(tmp_path, "run", **settings) as first:
        await first.says("is listening")
        async with started(tmp_path, "run", **settings) as second:
            assert await second.ends() == 2
            assert "Another process already works on" in second.text
        await telegram.ann.say("a boat")
        assert (await telegram.ann.answer()).has_picture
        async with started(tmp_path, "health", **settings) as well:
            assert await well.ends() == 0
        assert await first.stop() == 0


@pytest.mark.parametrize(("allowed", "warns"), [("", True), ("1001", False)])
async def test_a_bot_that_is_open_to_everybody_says_so_when_it_starts(
    telegram: Telegram, painter: Painter, tmp_path: Path, allowed: str, warns: bool
) -> None:
    async with started(tmp_path, "run", **settings_for(telegram, painter, ALLOWED_USERS=allowed)) as bot:
        await bot.says("is listening")
        await telegram.ann.say("a boat")
        assert (await telegram.ann.answer(30)).has_picture
        assert await bot.stop() == 0
    assert ("ALLOWED_USERS names the only people whom it serves" in bot.text) is warns


async def test_an_idle_bot_holds_no_library_that_it_does_not_need(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """The same holds after it has painted. Python itself says what it loads."""
    settings = settings_for(telegram, painter, PYTHONPROFILEIMPORTTIME="1")
    async with started(tmp_path, "run", **settings) as bot:
        await telegram.ann.say("a boat")
        assert (await telegram.ann.answer(30)).has_picture
        assert await bot.stop() == 0
    loaded = {line.rpartition("|")[2].strip() for line in bot.text.splitlines() if line.startswith("import time:")}
    assert {"telegram", "sqlalchemy", "bot.pictures.formats.inspect"} <= loaded
    assert not loaded & LATE


async def test_asked_to_stop_it_finishes_what_it_is_painting(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """After the next start it handles what came meanwhile."""
    settings = settings_for(telegram, painter)
    async with started(tmp_path, "run", **settings) as bot:
        await bot.says("is listening")
        await bot.says("privacy mode is on: in groups the bot gets commands and replies to it, but no mentions.")
        await bot.says("limits in UTC: a person any amount, a group any amount, all together $20/day")
        await bot.says("ACCESS=open; sold: nothing")
        gate = painter.hold()
        await telegram.ann.say("a boat")
        await painter.called(1)
        bot.process.send_signal(signal.SIGTERM)
        await bot.says("stopping")
        await telegram.ann.say("now red")
        gate.set()
        assert await bot.ends() == 0
    assert (await telegram.ann.answer()).has_picture
    async with started(tmp_path, "run", **settings) as bot:
        assert (await telegram.ann.answer(30)).has_picture
        assert [call.wish for call in painter.calls] == ["a boat", "now red"]
        assert await bot.stop() == 0


async def test_no_secret_and_no_picture_is_ever_in_its_log(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """A whole run at its most talkative: pictures both ways, failures of every side, a restart."""
    settings = settings_for(telegram, painter, LOG_LEVEL="DEBUG", OWNER_IDS="1001")
    ann = telegram.ann
    async with started(tmp_path, "run", **settings) as bot:
        await bot.says("is listening")
        await ann.photo(plain(150, (400, 300)), "make it warmer")
        await ann.answer()
        painter.will((500, {"error": {"code": 500, "message": f"key {KEY} broke", "status": "INTERNAL"}}))
        await ann.say("now red")
        await ann.answer(20)
        painter.will((403, {"error": {"code": 403, "message": f"{KEY} leaked", "status": "PERMISSION_DENIED"}}))
        await ann.say("now blue")
        await ann.answers(2)
        await telegram.fault("sendPhoto", status=500, times=1)
        await ann.say("now green")
        await ann.answer()
        await telegram.fault("download", status=404, times=1)
        await ann.document(("boat.png", plain(151)), "make it warmer")
        await ann.answer()
        await telegram.update({"message": {"message_id": "nonsense", "chat": {"id": 1001}}})
        await telegram.fault("getUpdates", status=502, times=1)
        await ann.say("/help")
        await ann.answers(1, 20)
        assert await bot.stop() == 0
    assert "DEBUG" in bot.text or "debug" in bot.text
    shown = [plain(number) for number in range(1, 5)] + [found for call in painter.calls for found in call.all_pictures]
    pictures = [base64.b64encode(picture).decode()[:60] for picture in shown]
    for secret in (telegram.token, telegram.token.partition(":")[2], KEY, *pictures):
        assert secret not in bot.text
    kept = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert plain(1) in kept
    assert telegram.token.encode() not in kept
    assert KEY.encode() not in kept


async def test_the_sandbox_serves_a_bot_and_keeps_its_chats(tmp_path: Path) -> None:
    """Without any setting at all; the chats and the conversation go on after a restart."""
    place = {"SANDBOX_LISTEN": "127.0.0.1:0"}
    async with started(tmp_path, **place) as bot:
        await bot.says("TELEGRAM_BOT_TOKEN is not set: starting the sandbox.")
        async with Telegram(address_in(await bot.says("The sandbox is ready"))) as telegram:
            page = await telegram.http.get("/")
            assert (page.status_code, "text/html" in page.headers["content-type"]) == (200, True)
            await telegram.ann.say("a lighthouse at dusk")
            first = await telegram.ann.answer(60)
            assert first.has_picture
        assert await bot.stop() == 0
    # Here no strangers come in, so neither matters. Limits, access and packs can be tried.
    assert "@BotFather" not in bot.text
    assert "anybody on Telegram" not in bot.text
    assert "ACCESS=open; sold: nothing" in bot.text
    assert "limits in dollars do not count there" in bot.text
    async with started(tmp_path, "sandbox", **place) as bot:
        async with Telegram(address_in(await bot.says("The sandbox is ready"))) as telegram:
            before = await telegram.ann.history()
            assert [message.id for message in before][-1] == first.id
            await telegram.ann.say("make it black and white")
            painted = [message for message in await telegram.ann.answers(2, 60) if message.id != first.id]
            assert painted[0].has_picture
        assert await bot.stop() == 0


def address_in(line: str) -> str:
    """Return the address in a line for people to open."""
    return next(word for word in line.split() if word.startswith("http"))


async def test_nobody_else_on_the_machine_reads_what_is_stored(
    telegram: Telegram, painter: Painter, tmp_path: Path
) -> None:
    """With any umask. A folder of an earlier version is closed, and the log says so once."""
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    data.chmod(0o755)
    telling = f"{data} was open to other users of this machine"
    async with started(tmp_path, "run", **settings_for(telegram, painter)) as bot:
        await bot.says(telling)
        await telegram.ann.photo(plain(150), "make it warmer")
        await telegram.ann.answer()
        assert await bot.stop() == 0
    assert data.stat().st_mode & 0o777 == 0o700
    stored = [path for path in data.rglob("*") if path.is_file()]
    assert {path.name for path in stored} >= {"pentimento.db"}
    assert [path for path in stored if path.stat().st_mode & 0o077] == []
    async with started(tmp_path, "run", **settings_for(telegram, painter)) as bot:
        await telegram.ann.say("/start")
        await telegram.ann.answer()
        assert await bot.stop() == 0
        assert telling not in bot.text

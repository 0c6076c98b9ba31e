"""The bot as a process behind a webhook: killed at the worst moment, stopped, and refused a start in one line."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.support.painter import Painter, painting
from tests.support.people import ANN, Telegram, running_sandbox
from tests.support.talking import by_webhook
from tests.torture.processes import Bot
from tests.torture.run import settings_of
from tests.web.conftest import SECRET_HEADER, said


class Stage:
    """Telegram, a painter, and a bot as a separate process that is not started yet."""

    def __init__(self, telegram: Telegram, painter: Painter, folder: Path) -> None:
        self.telegram = telegram
        self.painter = painter
        webhook = {name.upper(): value for name, value in by_webhook().items()}
        self.bot = Bot(settings_of(folder, telegram.base_url, painter.base_url, **webhook), folder / "bot.log")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Yield a stage; at the end, end what was started there."""
    async with running_sandbox() as telegram, painting() as painter:
        stage = Stage(telegram, painter, tmp_path)
        try:
            yield stage
        finally:
            await stage.bot.kill()


async def test_a_kill_right_behind_the_confirmation_loses_nothing(stage: Stage) -> None:
    await stage.bot.start()
    await stage.bot.up()
    await stage.telegram.ann.say("/start")
    await stage.telegram.ann.answer()
    headers = {SECRET_HEADER: stage.bot.settings["WEBHOOK_SECRET"]}
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(stage.bot.settings["WEBHOOK_URL"], headers=headers, json=said(10**9, chat_id=ANN))
    await stage.bot.kill()
    assert answer.status_code == 200
    await stage.bot.start()
    assert (await stage.telegram.ann.answer()).has_picture
    assert await stage.bot.stop() == 0
    assert len(stage.painter.calls) <= 2
    assert (await stage.telegram.api("getWebhookInfo"))["result"]["url"] == stage.bot.settings["WEBHOOK_URL"]


async def test_an_address_that_telegram_refuses_is_one_line_and_code_2(stage: Stage) -> None:
    stage.bot.settings["WEBHOOK_URL"] = "http://bot.example/hook"
    await stage.bot.start()
    assert stage.bot.process is not None
    assert await stage.bot.process.wait() == 2
    assert "Telegram refuses WEBHOOK_URL" in stage.bot.log.read_text()
    assert "Traceback" not in stage.bot.log.read_text()


async def test_a_port_that_is_taken_is_one_line_and_code_2(stage: Stage) -> None:
    host, _, port = stage.bot.settings["LISTEN"].rpartition(":")
    with socket.create_server((host, int(port))):
        await stage.bot.start()
        assert stage.bot.process is not None
        assert await stage.bot.process.wait() == 2
    assert f"LISTEN {host}:{port} cannot be used" in stage.bot.log.read_text()
    assert await stage.telegram.calls() == []

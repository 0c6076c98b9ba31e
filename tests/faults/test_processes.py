"""The bot as a process: a full disk under it, signals, exit codes, and a second one on the same folder."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.painter import Painter, painting
from tests.support.people import BORIS, Telegram, running_sandbox
from tests.torture.processes import Bot
from tests.torture.run import settings_of


class Stage:
    """Telegram, a painter, and a bot as a separate process."""

    def __init__(self, telegram: Telegram, painter: Painter, folder: Path) -> None:
        self.telegram = telegram
        self.painter = painter
        more = {"OWNER_IDS": str(BORIS), "STOP_GRACE_S": "1"}
        settings = settings_of(folder, telegram.base_url, painter.base_url, **more)
        self.bot = Bot(settings, folder / "bot.log")


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """Yield a running bot process, which is ended with the test."""
    async with running_sandbox() as telegram, painting() as painter:
        stage = Stage(telegram, painter, tmp_path)
        await stage.bot.start()
        try:
            await stage.bot.up()
            await telegram.boris.say("/start")
            await telegram.boris.answer()
            yield stage
        finally:
            await stage.bot.kill()


async def test_a_full_disk_loses_nothing_and_the_owner_hears_of_it(stage: Stage) -> None:
    ann = stage.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    # No file of the bot may grow: the next write fails like one on a full disk.
    _, most = resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, (1, most))
    await ann.say("warmer")
    told = (await stage.telegram.boris.answer(timeout_s=20)).text
    assert "disk" in told
    await ann.silence(1)
    resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, (most, most))
    assert (await ann.answer(timeout_s=40)).has_picture
    assert [call.wish for call in stage.painter.calls] == ["a boat", "warmer"]


async def test_an_answer_waits_in_memory_for_room_on_the_disk(stage: Stage) -> None:
    ann = stage.telegram.ann
    hold = asyncio.Event()
    stage.painter.will(hold)
    await ann.say("a boat")
    await stage.painter.called(1)
    _, most = resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, (1, most))
    hold.set()
    assert "disk" in (await stage.telegram.boris.answer(timeout_s=20)).text
    resource.prlimit(stage.bot.pid, resource.RLIMIT_FSIZE, (most, most))
    assert (await ann.answer(timeout_s=40)).has_picture
    assert len(stage.painter.calls) == 1


async def test_a_kill_between_hearing_a_wish_and_painting_it_loses_and_doubles_nothing(stage: Stage) -> None:
    ann = stage.telegram.ann
    stage.bot.settings["LISTEN_MODEL"] = "gemini-3.5-flash-lite"
    await stage.bot.stop()
    await stage.bot.start()
    await stage.bot.up()
    for number, wish in enumerate(("a boat", "now red", "at dusk"), start=1):
        stage.painter.spoken.append(wish)
        # What was understood is being said when the process dies.
        await stage.telegram.fault("sendMessage", delay_s=60, chat_id=ann.id)
        await ann.voice()
        await stage.painter.listened(number)
        await stage.telegram.fault_met()
        await stage.bot.kill()
        await stage.bot.start()
        understood, answer = await ann.answers(2, timeout_s=40)
        assert wish in understood.text
        assert answer.has_picture
    assert len(stage.painter.heard) == 3
    assert [call.wish for call in stage.painter.calls] == ["a boat", "now red", "at dusk"]


async def test_exit_codes_say_how_it_ended(stage: Stage) -> None:
    assert await stage.bot.stop() == 0
    await stage.bot.start()
    await stage.bot.up()
    stage.painter.delay_s = 30
    await stage.telegram.ann.say("a boat")
    await stage.painter.called(1)
    assert await stage.bot.stop() == 3
    stage.painter.delay_s = 0
    await stage.bot.start()
    assert (await stage.telegram.ann.answer(timeout_s=20)).has_picture


async def test_a_second_signal_leaves_at_once_and_without_loss(stage: Stage) -> None:
    stage.bot.settings["STOP_GRACE_S"] = "60"
    await stage.bot.stop()
    await stage.bot.start()
    await stage.bot.up()
    stage.painter.delay_s = 50
    await stage.telegram.ann.say("a boat")
    await stage.painter.called(1)
    assert stage.bot.process is not None
    stage.bot.process.terminate()
    await asyncio.sleep(0.5)
    began = time.monotonic()
    assert await stage.bot.stop() == 3
    assert time.monotonic() - began < 5
    stage.painter.delay_s = 0
    await stage.bot.start()
    assert (await stage.telegram.ann.answer(timeout_s=20)).has_picture


async def test_a_second_process_on_the_same_folder_refuses_to_start(stage: Stage) -> None:
    second = Bot(stage.bot.settings, stage.bot.log)
    await second.start()
    assert second.process is not None
    assert await second.process.wait() == 2
    await stage.telegram.ann.say("a boat")
    assert (await stage.telegram.ann.answer()).has_picture
    assert "Another process already works on" in stage.bot.log.read_text()

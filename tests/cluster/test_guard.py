"""The requests of a worker as the servers see them: none after it was declared dead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot

from bot.dispatch.base import ProcessRole
from bot.process import clients
from bot.process.cluster import ClusterProcess
from bot.process.heartbeat import Heartbeat
from bot.process.open_store import open_store
from bot.providers.base import Provider, Request
from bot.settings.settings import Settings
from storage.cluster.workers import WorkerJobs
from storage.engine.database import Database
from storage.engine.fencing import Fence, Fenced, fence
from tests.cluster.crew import Crew
from tests.cluster.test_worker import run

pytestmark = pytest.mark.database


@pytest.fixture
async def wires(crew: Crew, tmp_path: Path) -> AsyncIterator[tuple[Bot, Provider, Fence]]:
    """Yield a worker's own clients, and the fence that guards them."""
    settings = Settings.model_validate(
        {
            "telegram_bot_token": crew.telegram.token,
            "telegram_api_url": crew.telegram.base_url,
            "gemini_api_key": "key-of-a-test",
            "gemini_base_url": crew.painter.base_url,
            "database_url": crew.database_url,
            "data_dir": tmp_path,
        }
    )
    store = await open_store(settings)
    mode = await ClusterProcess.begin(settings, ProcessRole.WORK, Heartbeat(tmp_path), store, asyncio.Event())
    bot, _ = clients.telegram(settings, guard=mode.guard)
    provider = clients.providers(settings, mode.guard)["gemini"][0]
    held = await _entered(store.database)
    token = fence.set(held)
    try:
        async with bot:
            yield bot, provider, held
    finally:
        fence.reset(token)
        await provider.aclose()
        await store.close()


async def _entered(database: Database) -> Fence:
    ((number,),) = await run(database, "INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
    assert isinstance(number, int)
    return Fence(worker_id=number, renew=WorkerJobs(database).renew)


async def _unread(_: object) -> bytes:
    raise AssertionError("there is no picture to read")


REQUEST = Request(
    model="gemini-2.5-flash-image",
    contents=[{"role": "user", "parts": [{"text": "a boat"}]}],
    wish="a boat",
    read=_unread,
)


async def test_one_that_lives_sends_and_buys(crew: Crew, wires: tuple[Bot, Provider, Fence]) -> None:
    bot, provider, _ = wires
    await crew.telegram.ann.say("hello")
    await bot.send_message(crew.telegram.ann.id, "hello")
    assert (await crew.telegram.ann.answer()).text == "hello"
    assert (await provider.ask(REQUEST)).status == 200
    assert len(crew.painter.calls) == 1


async def test_one_that_was_declared_dead_neither_sends_nor_buys(
    crew: Crew, wires: tuple[Bot, Provider, Fence]
) -> None:
    bot, provider, held = wires
    await crew.telegram.ann.say("hello")
    held.renewed_at = float("-inf")
    held.worker_id += 1
    with pytest.raises(Fenced):
        await bot.send_message(crew.telegram.ann.id, "hello")
    with pytest.raises(Fenced):
        await provider.ask(REQUEST)
    assert await crew.telegram.calls("sendMessage") == []
    assert crew.painter.calls == []

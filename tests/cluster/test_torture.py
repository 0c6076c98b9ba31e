"""Real processes on a real server: killed, paused, cut off and exchanged, while people go on talking."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.databases import Server, running_server
from tests.support.painter import Painter, painting
from tests.support.people import Chat, Telegram, running_sandbox
from tests.torture.processes import Bot
from tests.torture.run import settings_of

pytestmark = [pytest.mark.database, pytest.mark.torture]

WORKER, RECEIVER, BOTH = ("worker",), ("run", "--receive"), ("run",)
TAKEN_OVER_WITHIN_S = 10.0


@dataclass
class Field:
    """People, a painter, a database server of their own, and processes."""

    telegram: Telegram
    painter: Painter
    server: Server
    url: str
    folder: Path
    bots: list[Bot] = field(default_factory=list)

    async def hire(self, command: tuple[str, ...], **settings: str) -> Bot:
        """Start one more process and wait until it works."""
        folder = self.folder / f"process-{len(self.bots)}"
        folder.mkdir()
        more = {"DATABASE_URL": self.url, "MEDIA_URL": str(self.folder / "media"), "DATABASE_POOL_SIZE": "5"}
        values = settings_of(folder, self.telegram.base_url, self.painter.base_url, **more, **settings)
        bot = Bot(values, folder / "bot.log", command=command)
        self.bots.append(bot)
        await bot.start()
        async with asyncio.timeout(60):
            await bot.up()
        return bot

    async def newcomers(self, count: int) -> list[Chat]:
        """Make up people."""
        return [await self.telegram.newcomer(f"Person {number}") for number in range(count)]

    async def talk(self, person: Chat, number: int, until: asyncio.Event, patience_s: float) -> int:
        """Let a person wish on until they are to stop; each wish is answered by one picture. Return how many."""
        wishes = 0
        while not until.is_set():
            await person.say(f"wish {wishes} of {number}")
            answer = await person.answer(patience_s)
            # A call that was cut off may be made twice, but each message is sent once.
            while not answer.has_picture:
                answer = await person.answer(patience_s)
            wishes += 1
            await asyncio.sleep(random.Random(f"{number} {wishes}").uniform(0.05, 0.3))
        return wishes

    def logs(self) -> str:
        """Return the logs of all processes."""
        return "\n".join(bot.log.read_text() for bot in self.bots)


@pytest.fixture
async def playing(tmp_path: Path) -> AsyncIterator[Field]:
    """Yield people and servers, without processes yet."""
    with running_server() as server:
        async with running_sandbox() as telegram, painting() as painter:
            found = Field(telegram, painter, server, server.empty_database(), tmp_path)
            try:
                yield found
            finally:
                for bot in found.bots:
                    if bot.process is not None and bot.process.returncode is None:
                        bot.process.send_signal(signal.SIGCONT)
                        await bot.kill()


async def test_a_killed_workers_turn_is_taken_over(playing: Field) -> None:
    await playing.hire(RECEIVER)
    first = await playing.hire(WORKER)
    (person,) = await playing.newcomers(1)
    playing.painter.hold()
    await person.say("a boat")
    await playing.painter.called(1)
    await playing.hire(WORKER)
    # A worker that has just begun declares nobody dead: it does not know yet who only reports slowly.
    await asyncio.sleep(8)
    began = time.monotonic()
    await first.kill()
    await playing.painter.called(2, timeout_s=30)
    took_s = time.monotonic() - began
    assert (await person.answer(20)).has_picture
    print(f"taken over after {took_s:.1f} s")
    assert took_s <= TAKEN_OVER_WITHIN_S


async def test_a_paused_worker_writes_sends_and_buys_nothing_when_it_goes_on(playing: Field) -> None:
    await playing.hire(RECEIVER)
    first = await playing.hire(WORKER)
    people = await playing.newcomers(3)
    gates = [playing.painter.hold() for _ in people]
    for person in people:
        await person.say("a boat")
    await playing.painter.called(3)
    assert first.process is not None
    second = await playing.hire(WORKER)
    await asyncio.sleep(7)
    first.process.send_signal(signal.SIGSTOP)
    for person in people:
        assert (await person.answer(40)).has_picture
    assert len(playing.painter.calls) == 6
    # The answers of the paused worker's own calls wait in its sockets when it goes on.
    for gate in gates:
        gate.set()
    await asyncio.sleep(0.5)
    sent = [len(await person.history()) for person in people]
    first.process.send_signal(signal.SIGCONT)
    await asyncio.sleep(4)
    assert [len(await person.history()) for person in people] == sent
    assert len(playing.painter.calls) == 6
    assert "declared dead" in first.log.read_text()
    # It starts again, and works like any other.
    await second.kill()
    await people[0].say("warmer")
    assert (await people[0].answer(30)).has_picture


async def test_a_killed_or_paused_leader_leaves_the_polling_to_another(playing: Field) -> None:
    await playing.hire(WORKER)
    one = await playing.hire(RECEIVER)
    two = await playing.hire(RECEIVER)
    (person,) = await playing.newcomers(1)
    assert one.process is not None
    assert two.process is not None
    await person.say("a boat")
    assert (await person.answer(20)).has_picture
    for leader in (one, two):
        assert leader.process is not None
        leader.process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        await person.say("warmer")
        assert (await person.answer(30)).has_picture
        print(f"another one polls after {time.monotonic() - began:.1f} s")
        leader.process.send_signal(signal.SIGCONT)
    await one.kill()
    await person.say("with a moon")
    assert (await person.answer(20)).has_picture
    assert len(playing.painter.calls) == 4


async def test_processes_are_exchanged_one_by_one_without_loss(playing: Field) -> None:
    bots = [await playing.hire(BOTH) for _ in range(3)]
    people = await playing.newcomers(8)
    playing.painter.delay_s = 0.3
    until = asyncio.Event()
    talks = [asyncio.create_task(playing.talk(person, number, until, 40.0)) for number, person in enumerate(people)]
    for bot in bots:
        await asyncio.sleep(1)
        assert await bot.stop() == 0
        await bot.start()
        await bot.up()
    await asyncio.sleep(1)
    until.set()
    wishes = sum(await asyncio.gather(*talks))
    assert wishes == len(playing.painter.calls)
    assert wishes > len(people)
    for person in people:
        await person.silence(0.1)


async def outage(playing: Field, away_s: float) -> None:
    await asyncio.to_thread(playing.server.handle.stop)
    await asyncio.sleep(away_s)
    await asyncio.to_thread(playing.server.handle.ensure_postgres_running)


@pytest.mark.parametrize("away_s", [0.0, 30.0], ids=["restart", "outage"])
async def test_a_database_that_goes_away_and_comes_back_costs_nothing_but_time(playing: Field, away_s: float) -> None:
    for command in (BOTH, WORKER, WORKER):
        await playing.hire(command)
    people = await playing.newcomers(6)
    playing.painter.delay_s = 0.3
    until = asyncio.Event()
    talks = [
        asyncio.create_task(playing.talk(person, number, until, away_s + 60)) for number, person in enumerate(people)
    ]
    await asyncio.sleep(2)
    before = len(playing.painter.calls)
    await outage(playing, away_s)
    back = time.monotonic()
    while len(playing.painter.calls) < before + 2 * len(people):
        await asyncio.sleep(0.1)
        assert time.monotonic() - back < 60, playing.logs()[-5000:]
    print(f"{2 * len(people)} calls within {time.monotonic() - back:.1f} s of its return")
    until.set()
    wishes = sum(await asyncio.gather(*talks))
    assert all(bot.process is not None and bot.process.returncode is None for bot in playing.bots)
    assert len(playing.painter.calls) == wishes
    for person in people:
        await person.silence(0.1)

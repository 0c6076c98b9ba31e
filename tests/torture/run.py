"""One run of a script: people, Telegram, a provider and a bot that is killed as often as asked for.

Imports the parts beside it. The result was seen from outside: by people, by Telegram and by the provider.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox.config import MADE_UP_TOKEN
from tests.support.people import Chat, Message, Telegram
from tests.torture.person import Person
from tests.torture.processes import ROOT, Bot, served, set_trap, sprung_at
from tests.torture.script import acts_of, updates_of
from tests.torture.trap import Trap

Json = dict[str, Any]

LONGEST_DELAY_S = 0.5
"""How long after its request a trap may still spring, at most."""


@dataclass(frozen=True)
class Plan:
    """How large a run is; the seed decides everything that the people and the killer do."""

    seed: str
    conversations: int
    length: int
    kills: int = 0
    groups: int = 4
    shortest_s: float = 0.1
    longest_s: float = 0.6
    faults: bool = True
    pause_s: tuple[float, float] = (0.0, 2.0)
    patience_s: float = 90.0


@dataclass(frozen=True)
class Down:
    """When the process ``who`` was ``paused``, from ``at`` to ``until``, or else died, at some time between the two."""

    who: str
    at: float
    until: float
    paused: bool = False


@dataclass
class Seen:
    """The record of a run. ``kept``: when each of the provider's answers was stored, if the store says so."""

    people: list[Person]
    chats: dict[int, list[Message]]
    calls: list[Json]
    updates: int
    downs: list[Down] = field(default_factory=list)
    exit_code: int = 0
    check: str = ""
    seconds: float = 0.0
    kept: dict[str, float] | None = None


async def run(plan: Plan, folder: Path, source: Path = ROOT) -> Seen:
    """Play the script of a plan to its end. Raises Lost, as soon as somebody waits in vain."""
    began = time.monotonic()
    faults = "faults" if plan.faults else "smooth"
    arguments = (plan.seed, str(plan.shortest_s), str(plan.longest_s), faults)
    async with (
        served("tests.torture.telegram") as telegram_url,
        served("tests.torture.provider", *arguments) as provider_url,
        Telegram(telegram_url, MADE_UP_TOKEN) as telegram,
    ):
        bot = Bot(settings_of(folder, telegram_url, provider_url), folder / "bot.log", source)
        people = [await settle(telegram, number, plan) for number in range(plan.conversations)]
        await bot.start()
        try:
            updates = await play(plan, people, kill(plan, bot, traps_at(telegram_url, provider_url)))
            await spare(bot, telegram_url, provider_url)
            exit_code = await bot.stop()
        finally:
            with suppress(ProcessLookupError):
                await bot.kill()
        _, words = await bot.check()
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            calls = (await client.get(f"{provider_url}/calls")).json()
        chats = {person.number: await person.look_back() for person in people}
        downs = [Down("", *kill) for kill in bot.kills[:-1]]
        return Seen(people, chats, calls, updates, downs, exit_code, words, time.monotonic() - began)


def settings_of(folder: Path, telegram_url: str, provider_url: str, **more: str) -> dict[str, str]:
    """Return the bot's environment."""
    return {
        "TELEGRAM_BOT_TOKEN": MADE_UP_TOKEN,
        "TELEGRAM_API_URL": telegram_url,
        "TELEGRAM_LIMITS": "false",
        "LIMIT_TOTAL": "none",
        "GEMINI_API_KEY": "key-of-a-torture",
        "GEMINI_BASE_URL": provider_url,
        "DATA_DIR": str(folder / "data"),
        "ALBUM_WAIT_S": "0.4",
        "MAX_PARALLEL_CALLS": "16",
        "STOP_GRACE_S": "20",
        **more,
    }


async def settle(telegram: Telegram, number: int, plan: Plan) -> Person:
    """Make up a person with a conversation: some in a group of their own, most alone with the bot."""
    person_id = int((await telegram.post("people", {"first_name": f"Person {number}"}))["id"])
    if number < plan.groups:
        chat = await telegram.group(f"Group {number}", by=person_id, members=())
        return Person(chat, number, group=True, patience_s=plan.patience_s)
    return Person(Chat(telegram, person_id, person_id), number, group=False, patience_s=plan.patience_s)


async def play(plan: Plan, people: list[Person], killing: Coroutine[Any, Any, None]) -> int:
    """Let people do their acts, and the killer its own meanwhile; return how many updates that made."""
    scripts = [acts_of(plan.seed, person.number, plan.length) for person in people]
    async with asyncio.TaskGroup() as group:
        killer = group.create_task(killing)
        playing = [group.create_task(person.play(acts)) for person, acts in zip(people, scripts, strict=True)]
        await asyncio.wait(playing, return_when=asyncio.FIRST_EXCEPTION)
        killer.cancel()
    return sum(map(updates_of, scripts))


async def spare(bot: Bot, *addresses: str) -> None:
    """Take all traps away, and leave a bot that lives."""
    for address in addresses:
        await set_trap(address, None)
    # One that was met before it was taken away may still spring.
    await asyncio.sleep(LONGEST_DELAY_S)
    assert bot.process is not None
    if bot.process.returncode is not None:
        await restart(bot)
    # A process that is asked to stop before it listens to signals ends by the signal itself.
    await bot.up()


def traps_at(telegram_url: str, provider_url: str) -> list[tuple[str, str, str, float]]:
    """Return the requests on sight of which the bot is killed: server, path, before or after its answer, delay (s)."""
    return [
        (telegram_url, "sendPhoto", "after", 0.0),
        (provider_url, "generateContent", "after", 0.05),
        (telegram_url, "getUpdates", "after", 0.0),
        (provider_url, "generateContent", "after", 0.15),
        (telegram_url, "sendPhoto", "before", 0.0),
        (provider_url, "generateContent", "after", 0.02),
        (telegram_url, "/file/", "before", 0.0),
        (provider_url, "generateContent", "after", 0.1),
        (telegram_url, "sendMessage", "after", 0.0),
        (provider_url, "generateContent", "before", 0.01),
        (telegram_url, "getUpdates", "before", 0.0),
        (provider_url, "generateContent", "after", 0.0),
    ]


async def kill(plan: Plan, bot: Bot, traps: list[tuple[str, str, str, float]]) -> None:
    """Kill and start again: at random instants, in the middle of starting, and on sight of certain requests."""
    dice = random.Random(f"{plan.seed} killer")
    for number in range(plan.kills):
        died_at = None
        if number % 8 == 0:
            await asyncio.sleep(dice.uniform(0, 1.5))
        elif number % 2:
            address, path, when, delay_s = traps[(number // 2) % len(traps)]
            await bot.up()
            await asyncio.sleep(dice.uniform(0, 1.0))
            await set_trap(address, Trap(path, when, bot.pid, delay_s, skip=dice.randrange(8)))
            assert bot.process is not None
            with suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await bot.process.wait()
            died_at = await sprung_at(address)
            await set_trap(address, None)
        else:
            await bot.up()
            await asyncio.sleep(dice.uniform(*plan.pause_s))
        restarting = asyncio.ensure_future(restart(bot, died_at))
        try:
            await asyncio.shield(restarting)
        except asyncio.CancelledError:
            # The people are done. The bot must be running when the test stops it.
            await restarting
            raise


async def restart(bot: Bot, died_at: float | None = None) -> None:
    await bot.kill(died_at)
    await bot.start()

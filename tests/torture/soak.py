"""Minutes of mixed traffic, to see whether anything grows: ``python -m tests.torture.soak MINUTES TURNS_A_SECOND``.

Imports the parts beside it, httpx and psutil. Prints a line every half minute and a summary; exits with 1 when memory
grew by more than a tenth after the first five minutes, or wishes went unanswered.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from bot.sandbox.config import MADE_UP_TOKEN
from tests.support.people import Chat, Telegram
from tests.torture.person import picture
from tests.torture.processes import Bot, served
from tests.torture.run import settings_of

PEOPLE = 200
SAMPLE_S = 30.0


@dataclass
class Soak:
    """What was sent and seen. ``sent`` has the time at which Telegram had each wish."""

    rate: float
    chats: list[Chat]
    sent: dict[str, float] = field(default_factory=dict)
    started: dict[str, float] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    samples: list[tuple[float, float, int, float]] = field(default_factory=list)

    async def talk(self, seconds: float) -> None:
        """Send at the given rate, answers or not: four of five messages are words, the others photos and commands."""
        dice = random.Random(1)
        began = time.monotonic()
        number = 0
        async with asyncio.TaskGroup() as group:
            while (now := time.monotonic() - began) < seconds:
                await asyncio.sleep(max(0.0, number / self.rate - now))
                group.create_task(self._send(number, dice.random()))
                number += 1

    async def _send(self, number: int, luck: float) -> None:
        chat = self.chats[number % len(self.chats)]
        tag = f"c{number % len(self.chats)}-{number}"
        # A conversation without a fresh start would only measure how long a history can get.
        if number // len(self.chats) % 6 == 5:
            await chat.say("/new")
        elif luck < 0.05:
            await chat.say("/undo")
        else:
            if luck < 0.15:
                await chat.photo(picture(tag), f"[{tag}] make it warm")
            else:
                await chat.say(f"[{tag}] a boat on the river")
            self.sent[tag] = time.time()

    async def watch(self, bot: Bot, provider_url: str) -> None:
        """Sample memory, descriptors and CPU of the bot, and what the provider saw."""
        process = psutil.Process(bot.pid)
        process.cpu_percent()
        seen = 0
        began = time.monotonic()
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            while True:
                await asyncio.sleep(SAMPLE_S)
                calls = (await client.get(f"{provider_url}/calls?since={seen}&brief=1")).json()
                seen = self._note(calls, seen)
                memory_mb = process.memory_info().rss / 1e6
                sample = (time.monotonic() - began, memory_mb, process.num_fds(), process.cpu_percent())
                self.samples.append(sample)
                print("{:5.0f} s  RSS {:6.1f} MB  {:3d} descriptors  CPU {:4.0f} %".format(*sample), end="  ")
                print(f"{len(self.sent)} wishes sent, {len(self.finished)} answered", flush=True)

    def _note(self, calls: list[dict[str, object]], seen: int) -> int:
        for call in calls:
            tag = str(call["tag"])
            self.started.setdefault(tag, float(str(call["at"])))
            if not call["finished"]:
                return int(str(call["n"]))
            self.finished.add(tag)
        return seen + len(calls) if not calls else int(str(calls[-1]["n"])) + 1

    def summary(self) -> dict[str, object]:
        """Return the figures."""
        waits_ms = sorted(1000 * (self.started[tag] - at) for tag, at in self.sent.items() if tag in self.started)
        settled = [memory for at, memory, _, _ in self.samples if at >= min(300.0, self.samples[-1][0] / 2)]
        return {
            "turns": len(self.finished),
            "turns_per_s": round(len(self.finished) / self.samples[-1][0], 1),
            "unanswered": len(set(self.sent) - self.finished),
            "accept_to_start_ms_p50": round(statistics.median(waits_ms), 1),
            "accept_to_start_ms_p95": round(waits_ms[int(len(waits_ms) * 0.95)], 1),
            "rss_mb": [round(memory, 1) for _, memory, _, _ in self.samples],
            "rss_growth_percent": round(100 * (settled[-1] / settled[0] - 1), 1),
            "descriptors": [self.samples[0][2], self.samples[-1][2]],
            "cpu_percent": round(statistics.mean(cpu for *_, cpu in self.samples)),
        }


async def soak(minutes: float, rate: float, folder: Path) -> dict[str, object]:
    """Run the traffic and return the figures."""
    async with (
        served("tests.torture.telegram") as telegram_url,
        served("tests.torture.provider", "soak", "1.0", "1.0", "smooth") as provider_url,
        Telegram(telegram_url, MADE_UP_TOKEN) as telegram,
    ):
        settings = settings_of(folder, telegram_url, provider_url, MAX_PARALLEL_CALLS="64", LOG_LEVEL="WARNING")
        bot = Bot(settings, folder / "bot.log")
        people = [await telegram.post("people", {"first_name": f"Person {number}"}) for number in range(PEOPLE)]
        chats = [Chat(telegram, int(person["id"]), int(person["id"])) for person in people]
        await bot.start()
        await bot.up()
        print(f"idle CPU: {await _idle(bot):.1f} %", flush=True)
        soaking = Soak(rate, chats)
        watching = asyncio.create_task(soaking.watch(bot, provider_url))
        try:
            await soaking.talk(minutes * 60)
            await asyncio.sleep(SAMPLE_S + 5)
        finally:
            watching.cancel()
            await bot.stop()
        return soaking.summary()


async def _idle(bot: Bot) -> float:
    process = psutil.Process(bot.pid)
    await asyncio.sleep(2)
    process.cpu_percent()
    await asyncio.sleep(10)
    return process.cpu_percent()


def main(minutes: str = "30", rate: str = "20") -> int:
    """Soak and judge."""
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(soak(float(minutes), float(rate), Path(folder)))
    print(json.dumps(figures, indent=1))
    return int(float(str(figures["rss_growth_percent"])) > 10 or bool(figures["unanswered"]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

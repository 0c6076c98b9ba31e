"""Providers that fail in turn, and kills in between: ``python -m tests.torture.outages MINUTES WISHES_A_SECOND KILLS``.

Imports the parts beside it, httpx, SQLAlchemy and ``storage``. Two providers, of which the second is the fallback of
the first and dearer, refuse in turn for a while, each time in another way. Exits with 1 if a wish was painted twice,
was not answered, or answered twice, or if the books count anything but a picture and its price for each wish.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from bot.sandbox.config import MADE_UP_TOKEN
from storage.books.values import Amounts, Scope
from storage.schema import turns
from storage.store import Store
from tests.support.messages import NoAnswer
from tests.support.people import Chat, Telegram
from tests.torture.processes import Bot, served, set_trap, sprung_at
from tests.torture.run import settings_of
from tests.torture.script import TAG
from tests.torture.trap import Trap

Json = dict[str, Any]
PATH = "generateContent"
PEOPLE = 20

PATIENCE_S = 10.0
"""How long somebody who read such a failure waits before they write again."""


def _refusal(status: int, message: str, **more: Any) -> Json:
    return {"status": status, "body": {"error": {"code": status, "message": message, **more}}}


WAYS = (
    _refusal(429, "You exceeded your current quota per day."),
    _refusal(402, "Insufficient credits"),
    _refusal(503, "The model is overloaded."),
    _refusal(429, "You exceeded your current quota per day."),
    _refusal(502, "Bad gateway"),
    _refusal(400, "API key not valid."),
    _refusal(429, "Slow down.", details=[{"retryDelay": "1s"}]),
    _refusal(500, "An internal error has occurred."),
)


@dataclass
class Result:
    """What was seen from outside. Tags name the wishes; ``again``: how often somebody had an answer shown again."""

    asked: list[str] = field(default_factory=list)
    painted: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    """Pictures that went out at the moment of a kill: such a call may be made once more."""
    answered: Counter[str] = field(default_factory=Counter)
    again: Counter[str] = field(default_factory=Counter)
    told: Counter[str] = field(default_factory=Counter)
    """Failures of the operator's account: the other one failed less than a minute ago, so it was not asked. Whoever
    reads one writes the same again."""
    by: Counter[str] = field(default_factory=Counter)
    books: list[str] = field(default_factory=list)
    """What does not agree in the books."""
    others: list[str] = field(default_factory=list)
    """Whatever else must not be."""
    kills: int = 0
    refusals: int = 0

    def complaints(self) -> list[str]:
        """Return what must not be."""
        found = [*self.books, *self.others]
        for tag in self.asked:
            painted, answered = self.painted[tag], self.answered[tag]
            if not 1 <= painted <= 1 + self.cut[tag]:
                found.append(f"{tag} was painted {painted} times")
            if not 1 <= answered <= 1 + self.again[_who(tag)]:
                found.append(f"{tag} was answered {answered} times")
        return found

    def figures(self) -> Json:
        """Return the numbers."""
        return {
            "wishes": len(self.asked),
            "painted": dict(self.by),
            "refused calls": self.refusals,
            "kills": self.kills,
            "shown again after a kill": self.again.total(),
            "told that nobody can paint now": self.told.total(),
            "complaints": len(self.complaints()),
        }


def _who(tag: str) -> str:
    """Return who asked: ``c3`` of ``c3-17``."""
    return tag.partition("-")[0]


@dataclass
class Ordeal:
    """Two providers, a bot and its people."""

    telegram: Telegram
    bot: Bot
    providers: dict[str, str]
    chats: list[Chat]
    result: Result = field(default_factory=Result)
    _refuses: str = ""
    _killed: asyncio.Event = field(default_factory=asyncio.Event)
    _dice: random.Random = field(default_factory=lambda: random.Random(1))

    async def fail_in_turn(self, each_s: float) -> None:
        """Let one provider after the other refuse for a while, until cancelled; the first one twice as often."""
        first, second = self.providers.values()
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            for number in range(10**6):
                self._refuses = second if number % 3 == 2 else first
                await client.post(f"{self._refuses}/refuse", json=WAYS[number % len(WAYS)])
                await asyncio.sleep(each_s)
                await client.post(f"{self._refuses}/refuse", json={})
                self._refuses = ""
                await asyncio.sleep(each_s / 4)

    async def kill(self, times: int, within_s: float) -> None:
        """Kill the bot between a refused call and the next one, and when the next one comes in, in turn."""
        first, second = self.providers.values()
        for number in range(times):
            died_at = None
            if number % 2 == 0 and self._refuses == first:
                died_at = await self._sprung(first, "after", 2.0)
            if died_at is None:
                died_at = await self._sprung(second, "before", 600.0)
            await self.bot.kill(died_at)
            self.result.kills += 1
            await self.bot.start()
            await self.bot.up()
            await asyncio.sleep(within_s / (times + 1))
        self._killed.set()

    async def _sprung(self, address: str, when: str, within_s: float) -> float | None:
        """Set a trap for the bot; return when it sprang, None if it did not in time.

        The trap before may have sprung while it was taken away: then the bot is dead, and would never meet this one.
        """
        await set_trap(address, Trap(PATH, when, self.bot.pid))
        until = time.monotonic() + within_s
        while time.monotonic() < until:
            if (died_at := await sprung_at(address)) is not None:
                return died_at
            if self.bot.process is not None and (code := self.bot.process.returncode) is not None:
                if code != -signal.SIGKILL:
                    self.result.others.append(f"the bot ended by itself, with code {code}")
                break
            await asyncio.sleep(0.05)
        await set_trap(address, None)
        return time.time() if self.bot.process is not None and self.bot.process.returncode is not None else None

    async def talk(self, seconds: float, rate: float) -> None:
        """Send wishes at a rate, each to somebody who has none under way, for a time and until all kills are done."""
        began, number, free = time.monotonic(), 0, asyncio.Queue[Chat]()
        for chat in self.chats:
            free.put_nowait(chat)
        async with asyncio.TaskGroup() as group:
            while (now := time.monotonic() - began) < seconds or not self._killed.is_set():
                await asyncio.sleep(max(0.0, number / rate - now))
                chat = await free.get()
                group.create_task(self._ask(chat, f"c{self.chats.index(chat)}-{number}", free))
                number += 1

    async def _ask(self, chat: Chat, tag: str, free: asyncio.Queue[Chat]) -> None:
        self.result.asked.append(tag)
        # A conversation without a fresh start would only measure how long a history can get.
        wish = f"{'/new ' if self._dice.random() < 0.2 else ''}[{tag}] a boat on the river"
        await chat.say(wish)
        try:
            async with asyncio.timeout(300):
                while tag not in TAG.findall((said := await chat.answer(300)).words):
                    if "Another model" in said.buttons and "Try again" not in said.buttons:
                        self.result.told[tag] += 1
                        await asyncio.sleep(PATIENCE_S)
                        await chat.say(wish)
                    # Both refused at the same time, or a kill left it open whether the answer arrived.
                    for button in {"Try again", "Show it again"} & {*said.buttons}:
                        # It may be about the wish before: its answer arrived, and the bot that was killed did not know.
                        self.result.again[_who(tag)] += button == "Show it again"
                        await chat.press(said, button)
        except (TimeoutError, NoAnswer) as error:
            self.result.others.append(f"{tag} had no answer after 300 s, at {time.strftime('%H:%M:%S')}: {error}")
        free.put_nowait(chat)

    async def look(self) -> None:
        """Count what each provider painted, and what people got."""
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            for name, address in self.providers.items():
                for call in (await client.get(f"{address}/calls")).json():
                    painted = bool(call["finished"])
                    self.result.painted[call["tag"]] += painted
                    if painted and any(at - 1 < call["end"] < until for at, until in self.bot.kills):
                        self.result.cut[call["tag"]] += 1
                    self.result.by[name] += painted
                    self.result.refusals += not painted
        for chat in self.chats:
            for message in await chat.history():
                if message.from_bot and message.has_picture:
                    self.result.answered.update(set(TAG.findall(message.words)))


async def faults_of_books(folder: Path, wishes: int) -> list[str]:
    """Return what does not agree in the books of a bot that was stopped, after so many wishes."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder}/data/pentimento.db", str(folder / "data/media"))
    try:
        found = [finding.text async for finding in store.audit.books()]
        total = (await store.books.sums(Scope.TOTAL, [0]))[0]
        async with store.database.connect() as connection:
            cost = (await connection.execute(select(func.sum(turns.c.cost_micro_usd)))).scalar_one()
    finally:
        await store.close()
    if total != Amounts(pictures=wishes, micro_usd=cost):
        found.append(f"the books count {total} for {wishes} wishes whose answers did cost {cost}")
    return found


async def ordeal(seconds: float, rate: float, kills: int, folder: Path, *, each_s: float = 20.0) -> Result:
    """Run it; return what was seen."""
    async with (
        served("tests.torture.telegram") as telegram_url,
        served("tests.torture.provider", "first", "0.05", "0.3", "smooth") as first,
        served("tests.torture.provider", "second", "0.05", "0.3", "smooth") as second,
        Telegram(telegram_url, MADE_UP_TOKEN) as telegram,
    ):
        relay = {"TOKAIFY_API_KEY": "key-of-a-relay", "TOKAIFY_BASE_URL": second, "FALLBACK": "tokaify"}
        relay["PRICE_PER_PICTURE"] = "tokaify=0.06"
        bot = Bot(settings_of(folder, telegram_url, first, **relay), folder / "bot.log")
        people = [await telegram.post("people", {"first_name": f"Person {number}"}) for number in range(PEOPLE)]
        chats = [Chat(telegram, int(person["id"]), int(person["id"])) for person in people]
        run = Ordeal(telegram, bot, {"gemini": first, "tokaify": second}, chats)
        await bot.start()
        await bot.up()
        failing = asyncio.create_task(run.fail_in_turn(each_s))
        try:
            await asyncio.gather(run.talk(seconds, rate), run.kill(kills, seconds))
            await run.look()
        finally:
            failing.cancel()
            await bot.stop()
        run.result.books = await faults_of_books(folder, len(run.result.asked))
        return run.result


def main(minutes: str = "3", rate: str = "2", kills: str = "4") -> int:
    """Run and judge."""
    with tempfile.TemporaryDirectory() as folder:
        result = asyncio.run(ordeal(float(minutes) * 60, float(rate), int(kills), Path(folder)))
    print(json.dumps(result.figures(), indent=1))
    print(*result.complaints(), sep="\n")
    return int(bool(result.complaints()))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""A run of guests: people call the bot in chats of others, again and again, while it is killed between their messages.

Imports the parts beside it. Each wish has a tag; what a stranger wrote under the photo that it is about has it with an
``s`` behind. So the provider's record shows whether anything of one chat went into a request for another wish.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from bot.sandbox.config import MADE_UP_TOKEN
from tests.support.messages import NoAnswer
from tests.support.people import BORIS, Chat, Message, Telegram
from tests.torture.person import picture
from tests.torture.processes import Bot, served, set_trap
from tests.torture.run import restart, settings_of, spare
from tests.torture.script import TAG
from tests.torture.trap import Trap

Json = dict[str, Any]
BOT = "@pentimento_bot"
WAITS = "On it"
TRAPS = (
    ("telegram", "getUpdates", "after", 0.0),
    ("telegram", "answerGuestQuery", "before", 0.0),
    ("provider", "generateContent", "before", 0.0),
    ("telegram", "answerGuestQuery", "after", 0.0),
    ("provider", "generateContent", "after", 0.0),
    ("telegram", "sendPhoto", "before", 0.0),
    ("telegram", "sendPhoto", "after", 0.0),
    ("telegram", "editMessageMedia", "before", 0.0),
    ("telegram", "/file/", "before", 0.0),
    ("telegram", "editMessageMedia", "after", 0.0),
    ("telegram", "deleteMessage", "before", 0.0),
    ("telegram", "deleteMessage", "after", 0.02),
)
"""Between two messages about a guest's wish: all places where the process may die."""


@dataclass
class Guest:
    """A person in a group of strangers. ``wishes``: the calling messages by their tags."""

    chat: Chat
    number: int
    patience_s: float
    wishes: dict[str, int] = field(default_factory=dict)

    async def play(self, count: int, turns: Callable[[int], Awaitable[None]]) -> None:
        """Call the bot so often, mostly about a stranger's photo, and wait for each end.

        ``turns`` waits until it is time for the wish of a number.
        """
        for number in range(count):
            await turns(number)
            tag = f"c{self.number}-{number}"
            about = None
            if number % 3 < 2:
                stranger = self.chat.seen_by(BORIS)
                about = await stranger.photo(picture(f"{tag}s"), f"the secret of [{tag}s]")
            sent = await self.chat.say(f"{BOT} make it warm [{tag}]", reply_to=about)
            self.wishes[tag] = sent.id
            if number % 4 < 3:
                await self.ended(sent.id)
        for sent_id in self.wishes.values():
            await self.ended(sent_id)

    async def answers(self, sent_id: int) -> list[Message]:
        """Return what the bot posted for a call."""
        return [one for one in await self.chat.history() if one.from_bot and one.reply_to == sent_id]

    async def ended(self, sent_id: int) -> None:
        """Wait until a call ended in a picture or in words. Raises NoAnswer.

        A person who waits for long asks whether it is ready. That also finds a placeholder that the bot forgot, since
        it died before it could note that it had posted it.
        """
        until = time.monotonic() + self.patience_s
        asked_at = time.monotonic()
        while time.monotonic() < until:
            found = await self.answers(sent_id)
            if found and not found[0].text.startswith(WAITS):
                return
            if found and time.monotonic() - asked_at > 4:
                asked_at = time.monotonic()
                with suppress(AssertionError):
                    await self.chat.press(found[0], "Is it ready?")
            await asyncio.sleep(0.2)
        raise NoAnswer(f"message {sent_id} of guest {self.number} waits for ever")


@dataclass(frozen=True)
class Plan:
    """How large a run is. ``least``: so many of the kills happen before people say their last wish.

    ``rest_s``: how long each life of the bot lasts at least, from and to.
    """

    seed: str
    guests: int
    wishes: int
    kills: int
    least: int
    patience_s: float = 200.0
    rest_s: tuple[float, float] = (0.3, 1.5)


@dataclass
class Seen:
    """The record of a run, from outside."""

    guests: list[Guest]
    ends: dict[str, list[Message]]
    calls: list[Json]
    staged: int
    kills: int
    check: str


async def run(plan: Plan, folder: Path, **more: str) -> Seen:
    """Play a plan to its end. Raises NoAnswer where somebody waits in vain."""
    arguments = (plan.seed, "0.05", "0.3", "smooth")
    async with (
        served("tests.torture.telegram") as telegram_url,
        served("tests.torture.provider", *arguments) as provider_url,
        Telegram(telegram_url, MADE_UP_TOKEN) as telegram,
    ):
        await telegram.modes(guests=True, guest_life_s=600)
        settings = settings_of(folder, telegram_url, provider_url, MAX_WAITING_TURNS="20", **more)
        bot = Bot(settings, folder / "bot.log")
        await bot.start()
        try:
            await bot.up()
            guests = [await _settle(telegram, number, plan) for number in range(plan.guests)]

            async def turns(number: int) -> None:
                while len(bot.kills) < plan.least * number // (plan.wishes - 1):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)

            async with asyncio.TaskGroup() as group:
                killer = group.create_task(_kill(plan, bot, {"telegram": telegram_url, "provider": provider_url}))
                playing = [group.create_task(guest.play(plan.wishes, turns)) for guest in guests]
                await asyncio.wait(playing, return_when=asyncio.FIRST_EXCEPTION)
                killer.cancel()
            await spare(bot, telegram_url, provider_url)
            await asyncio.sleep(1)
            await bot.stop()
        finally:
            with suppress(ProcessLookupError):
                await bot.kill()
        _, words = await bot.check()
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            calls = (await client.get(f"{provider_url}/calls")).json()
        ends = {tag: await guest.answers(sent) for guest in guests for tag, sent in guest.wishes.items()}
        private = [Chat(telegram, guest.chat.person_id, guest.chat.person_id) for guest in guests]
        staged = [one for chat in private for one in await chat.history() if one.has_picture]
        return Seen(guests, ends, calls, len(staged), len(bot.kills) - 1, words)


async def _settle(telegram: Telegram, number: int, plan: Plan) -> Guest:
    """Make up a person who knows the bot, in a group that does not."""
    person_id = int((await telegram.post("people", {"first_name": f"Guest {number}"}))["id"])
    private = Chat(telegram, person_id, person_id)
    await private.say("/start")
    await private.answer()
    group = await telegram.group(f"Strangers {number}", by=person_id, members=(BORIS,), bot=False, kind="supergroup")
    return Guest(group, number, plan.patience_s)


async def _kill(plan: Plan, bot: Bot, servers: dict[str, str]) -> None:
    """Kill the bot on sight of certain calls, as long as people play."""
    dice = random.Random(f"{plan.seed} killer")
    for number in range(plan.kills):
        server, path, when, delay_s = TRAPS[number % len(TRAPS)]
        await bot.up()
        # Without some rest between the deaths, starting would take all of the time.
        await asyncio.sleep(dice.uniform(*plan.rest_s))
        await set_trap(servers[server], Trap(path, when, bot.pid, delay_s, skip=dice.randrange(3)))
        assert bot.process is not None
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await bot.process.wait()
        await set_trap(servers[server], None)
        restarting = asyncio.ensure_future(restart(bot))
        try:
            await asyncio.shield(restarting)
        except asyncio.CancelledError:
            await restarting
            raise


def complaints(seen: Seen) -> list[str]:
    """Return what went wrong, one sentence each."""
    found = []
    for tag, answers in seen.ends.items():
        if len(answers) != 1:
            found.append(f"{tag}: {len(answers)} messages of the bot answer one call")
        elif answers[0].text.startswith(WAITS):
            found.append(f"{tag}: it still waits")
    used: dict[str, set[str]] = {}
    for call in seen.calls:
        said = [part for content in call["history"] for part in content[1:]]
        tags = {tag for part in said for tag in TAG.findall(part)}
        chat = call["tag"].rstrip("s").partition("-")[0]
        strange = {tag for tag in tags if tag.partition("-")[0] != chat}
        lent = {tag for tag in tags if tag.endswith("s") and tag != f"{_wish_in(call)}s"}
        if strange | lent:
            found.append(f"call {call['n']} for {_wish_in(call)} has content of {sorted(strange | lent)}")
        brought = [part for part in call["history"][-1][1:] if len(part) == 16 and " " not in part]
        for name in brought:
            used.setdefault(name, set()).add(_wish_in(call))
    found += [f"a picture went into the wishes {sorted(wishes)}" for wishes in used.values() if len(wishes) > 1]
    # The provider of a torture has no list of models.
    found += [line for line in seen.check.splitlines() if line.startswith("BROKEN") and "gemini" not in line]
    return found


def _wish_in(call: Json) -> str:
    """Return the tag of the wish of a call."""
    tags = [tag for part in call["history"][-1][1:] for tag in TAG.findall(part) if not tag.endswith("s")]
    return tags[-1] if tags else ""


def totals(seen: Seen) -> str:
    """Return what happened, on a line."""
    pictures = sum(answers[0].has_picture for answers in seen.ends.values() if answers)
    return (
        f"{len(seen.ends)} guest wishes, {seen.kills} kills: {pictures} ended as pictures, "
        f"{len(seen.ends) - pictures} in words; {len(seen.calls)} calls; {seen.staged} pictures left in private chats"
    )

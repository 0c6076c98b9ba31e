"""The process dies at one certain moment of a guest's wish, and the next one brings the picture to the same place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.config import MADE_UP_TOKEN
from tests.support.calling import BOT
from tests.support.databases import Server
from tests.support.painter import plain
from tests.support.people import BORIS, Chat, Message, Telegram
from tests.torture.processes import Bot, served, set_trap
from tests.torture.run import settings_of
from tests.torture.trap import Trap

MOMENTS = [
    # The update is stored, or Telegram brings it again. Nothing was said.
    ("sqlite", "telegram", "getUpdates"),
    # The placeholder stands there, but the bot does not know it: a press of its button tells.
    ("sqlite", "telegram", "answerGuestQuery"),
    ("sqlite", "provider", "generateContent"),
    ("sqlite", "telegram", "sendPhoto"),
    ("sqlite", "telegram", "editMessageMedia"),
    ("postgresql", "telegram", "answerGuestQuery"),
    ("postgresql", "telegram", "sendPhoto"),
]
"""After which answer of which server the bot dies. ``torture.guests`` has many more of these moments."""


@dataclass
class Stage:
    """Telegram, a provider and the bot, each a process of its own."""

    telegram: Telegram
    addresses: dict[str, str]
    bot: Bot

    async def set(self, server: str, path: str) -> None:
        """Let the bot die as soon as a request is answered."""
        await set_trap(self.addresses[server], Trap(path, "after", self.bot.pid))


@pytest.fixture
def database() -> str:
    """Return the kind of database; the test chooses it."""
    return "sqlite"


@pytest.fixture
async def stage(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    """Yield a bot that Ann knows, and that may be called as a guest."""
    more = {}
    if request.getfixturevalue("database") == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        more["DATABASE_URL"] = server.empty_database()
    async with (
        served("tests.torture.telegram") as telegram_url,
        served("tests.torture.provider", "guests", "0.05", "0.1", "smooth") as provider_url,
        Telegram(telegram_url, MADE_UP_TOKEN) as telegram,
    ):
        await telegram.modes(guests=True, guest_life_s=600)
        bot = Bot(settings_of(tmp_path, telegram_url, provider_url, **more), tmp_path / "bot.log")
        await bot.start()
        try:
            await bot.up()
            await telegram.ann.say("/start")
            await telegram.ann.answer()
            yield Stage(telegram, {"telegram": telegram_url, "provider": provider_url}, bot)
        finally:
            with suppress(ProcessLookupError):
                await bot.kill()


@pytest.mark.parametrize(("database", "server", "path"), MOMENTS)
@pytest.mark.usefixtures("database")
async def test_a_kill_between_placeholder_and_picture_ends_in_the_picture(stage: Stage, server: str, path: str) -> None:
    group = await stage.telegram.group("Strangers", members=[BORIS], bot=False, kind="supergroup")
    photo = await group.seen_by(BORIS).photo(plain(7), "my boat")
    await stage.set(server, path)
    await group.say(f"{BOT} make it red [c1-1]", reply_to=photo)
    assert stage.bot.process is not None
    await stage.bot.process.wait()
    await stage.bot.kill()
    await stage.bot.start()
    await stage.bot.up()
    message = await group.answer()
    if path == "answerGuestQuery":
        await group.press(message, "Is it ready?")
    await group.until(message, lambda found: found.has_picture)
    await group.silence()
    assert [one.reply_to for one in await group.history() if one.from_bot] == [(await _call(group)).id]


async def _call(group: Chat) -> Message:
    """Return the message that called the bot."""
    return next(one for one in await group.history() if BOT in one.words)

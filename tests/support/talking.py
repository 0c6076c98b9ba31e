"""The whole bot for a dialogue test: real bot, emulated Telegram, scripted provider, all over HTTP on loopback.

Imports ``bot.app`` and its siblings here. The bot can be stopped and started again within a test.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.app import Running, assembled
from bot.chat.commands.menus import menus_of_all
from bot.dispatch.base import ProcessRole
from bot.sandbox.config import SandboxConfig
from bot.settings.settings import Settings
from bot.texts import languages
from storage.store import Store
from storage.tables.menus import Published
from tests.support.painter import Painter, painting
from tests.support.people import Chat, Telegram, running_sandbox
from tests.support.ports import free_port


class Given(Settings):
    """Settings of which only those count that are given: to look for the rest in environment and files takes 30 ms."""

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource, **_: Any
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Name the only source."""
        return (init_settings,)


@dataclass
class Talk:
    """A bot among people. ``settings`` hold from the next start on."""

    telegram: Telegram
    painter: Painter
    settings: dict[str, Any]
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)
    stop_grace_s: float = 5
    _running: Running | None = None

    @property
    def running(self) -> Running:
        """The bot that runs."""
        assert self._running is not None
        return self._running

    @property
    def store(self) -> Store:
        """The store of the running bot."""
        assert self._running is not None
        return self._running.store

    async def start(self) -> None:
        """Start the bot on what an earlier one left."""
        await self.begin(self.settings)

    async def begin(self, settings: Mapping[str, Any], part: ProcessRole = ProcessRole.ALL) -> None:
        """Start a process's worth of the bot."""
        valid = Given.model_validate(settings)
        running = self._running = await self._stack.enter_async_context(assembled(valid, part))
        receiving = asyncio.create_task(running.ingress.run())
        self._stack.push_async_callback(self._end, receiving, running)

    async def published(self) -> None:
        """Publish the command menus again, and wait until they are sent in every language."""
        await note_menus(self.store, out=False)
        await self.restart()

        async def look() -> bool | None:
            menus = await self.telegram.calls("setMyCommands")
            return True if len(menus) >= 2 * len(languages()) else None

        await self.telegram.wait_for(look, 20, "the menus were not published")

    async def in_line(self) -> None:
        """Wait until a private chat reads that its turn waits for its place at the provider."""

        async def look() -> bool | None:
            drafts = await self.telegram.calls("sendMessageDraft")
            return True if any("next in line" in str(draft["params"]["text"]) for draft in drafts) else None

        await self.telegram.wait_for(look, 10, "nobody waits in line")

    async def stop(self) -> None:
        """Stop the bot, as SIGTERM does."""
        await self._stack.aclose()
        self._running = None

    async def leave(self) -> None:
        """Stop the bot at the end of a dialogue."""
        await self.stop()

    async def restart(self) -> None:
        """Stop the bot and start it again."""
        await self.stop()
        await self.start()

    @asynccontextmanager
    async def before_it_ran(self) -> AsyncIterator[Store]:
        """Yield the store to put turns into, while no worker takes them up before they are complete."""
        yield self.store

    async def _end(self, receiving: asyncio.Task[None], running: Running) -> None:
        receiving.cancel()
        await asyncio.gather(receiving, return_exceptions=True)
        await running.stop(self.stop_grace_s)


async def painted(chat: Chat, *wishes: str) -> None:
    """Have some wishes answered, one after the other."""
    for wish in wishes:
        await chat.say(wish)
        await chat.answer()


async def read_whole(talk: Talk, kind: str = "group") -> Chat:
    """Return a group in which the bot reads everything."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind=kind)
    await group.answer()
    return group


SPREAD = os.environ.get("DIALOGUES") == "cluster"

in_one = pytest.mark.skipif(SPREAD, reason="is about what one process knows, and when it looks")

in_files = pytest.mark.skipif(SPREAD, reason="looks into the files of one process")

both_ways = pytest.mark.parametrize("talk", ["polling", "webhook"], indirect=True)
"""Marks a dialogue that is held twice: the bot asks Telegram for updates, and Telegram delivers them."""


def how(request: pytest.FixtureRequest) -> dict[str, str]:
    """Return the settings for what :data:`both_ways` asks of a ``talk`` fixture; by default the bot polls."""
    return by_webhook() if getattr(request, "param", "polling") == "webhook" else {}


def by_webhook() -> dict[str, str]:
    """Return settings with which Telegram delivers to the bot, at a port of its own."""
    address = f"127.0.0.1:{free_port()}"
    # http and a loopback address, as a Bot API server of one's own allows.
    return {"webhook_url": f"http://{address}/hook/here", "webhook_secret": "s3cret-_A", "listen": address}


@asynccontextmanager
async def talking(data_dir: Path, **settings: Any) -> AsyncIterator[Talk]:
    """Start Telegram, a painter and the bot. ``settings`` are named as in ``Settings``.

    With ``DIALOGUES=cluster`` in the environment the bot is several that share a PostgreSQL database.
    """
    shutil.copytree(await _fresh(), data_dir, dirs_exist_ok=True)
    async with running_sandbox(direct=True) as telegram, painting() as painter:
        values = {
            "telegram_bot_token": telegram.token,
            "telegram_api_url": telegram.base_url,
            "gemini_api_key": "key-of-a-test",
            "gemini_base_url": painter.base_url,
            "data_dir": data_dir,
            "album_wait_s": 0.4,
            "telegram_limits": False,
            **settings,
        }
        talk = _kind()(telegram, painter, values)
        await talk.start()
        try:
            yield talk
        finally:
            await talk.leave()


def _kind() -> type[Talk]:
    if not SPREAD:
        return Talk
    from tests.support.spread import Spread

    return Spread


async def note_menus(store: Store, *, out: bool) -> None:
    """Note that all command menus are published, or none."""
    bot_id = SandboxConfig().bot_id
    note = Published(menus={menu.name: menu.digest for menu in menus_of_all()} if out else {})
    assert await store.menus.compare_and_set(bot_id, await store.menus.published(bot_id), note)


_folders: list[Path] = []


async def _fresh() -> Path:
    """Return a folder as a first start leaves it: with the tables made, and the menus noted as published.

    Made once: both take longer than most dialogues. That they are done is tested where they belong.
    """
    if not _folders:
        folder = Path(tempfile.mkdtemp(prefix="pentimento-fresh-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        store = await Store.open(f"sqlite+aiosqlite:///{folder}/pentimento.db", str(folder / "media"))
        await note_menus(store, out=True)
        await store.close()
        _folders.append(folder)
    return _folders[0]

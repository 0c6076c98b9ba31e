"""The whole bot for a dialogue test: real bot, emulated Telegram, scripted provider, all over HTTP on loopback.

Imports ``bot.app`` and its siblings here. The bot can be stopped and started again within a test.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import Running, assembled
from bot.settings import Settings
from bot.texts import languages
from storage.store import Store
from tests.support.painter import Painter, painting
from tests.support.people import Telegram, running_sandbox


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
        """What the running bot keeps."""
        assert self._running is not None
        return self._running.store

    async def start(self) -> None:
        """Start the bot on what an earlier one left."""
        settings = Settings.model_validate(self.settings)
        running = self._running = await self._stack.enter_async_context(assembled(settings))
        polling = asyncio.create_task(running.polling.run())
        self._stack.push_async_callback(self._end, polling, running)

    async def published(self) -> None:
        """Wait until the command menus are out in every language; the bot listens before that."""

        async def look() -> bool | None:
            menus = await self.telegram.calls("setMyCommands")
            return True if len(menus) >= 2 * len(languages()) else None

        await self.telegram.wait_for(look, 20, "the menus were not published")

    async def stop(self) -> None:
        """Stop the bot, as SIGTERM does."""
        await self._stack.aclose()
        self._running = None

    async def restart(self) -> None:
        """Stop the bot and start it again."""
        await self.stop()
        await self.start()

    async def _end(self, polling: asyncio.Task[None], running: Running) -> None:
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        await running.stop(self.stop_grace_s)


@asynccontextmanager
async def talking(data_dir: Path, **settings: Any) -> AsyncIterator[Talk]:
    """Start Telegram, a painter and the bot. ``settings`` are named as in ``Settings``."""
    async with running_sandbox() as telegram, painting() as painter:
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
        talk = Talk(telegram, painter, values)
        await talk.start()
        try:
            yield talk
        finally:
            await talk.stop()

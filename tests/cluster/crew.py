"""Bots that share a database: each is like one process, with its own pool, worker and clients. Imports ``bot.app``.

Real processes are in ``processes`` beside it.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.app import Running, assembled
from bot.dispatch.base import ProcessRole
from bot.settings.settings import Settings
from tests.support.painter import Painter
from tests.support.people import Telegram


@dataclass
class Member:
    """One of them."""

    running: Running
    stack: AsyncExitStack

    async def stop(self, grace_s: float = 5.0) -> bool:
        """Stop it as SIGTERM does; return whether all that it did had ended."""
        finished = await self.running.stop(grace_s)
        await self.stack.aclose()
        return finished


@dataclass
class Crew:
    """All of them. ``settings`` hold for those that are hired later."""

    telegram: Telegram
    painter: Painter
    database_url: str
    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)

    async def hire(self, part: ProcessRole = ProcessRole.ALL) -> Member:
        """Start one more."""
        values = {
            "telegram_bot_token": self.telegram.token,
            "telegram_api_url": self.telegram.base_url,
            "gemini_api_key": "key-of-a-test",
            "gemini_base_url": self.painter.base_url,
            "database_url": self.database_url,
            "database_pool_size": 5,
            "media_url": str(self.folder / "media"),
            "data_dir": self.folder / f"member-{len(self.members)}",
            "album_wait_s": 0.4,
            "telegram_limits": False,
            **self.settings,
        }
        stack = AsyncExitStack()
        running = await stack.enter_async_context(assembled(Settings.model_validate(values), part))
        receiving = asyncio.create_task(running.ingress.run())

        async def end() -> None:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)

        stack.push_async_callback(end)
        member = Member(running, stack)
        self.members.append(member)
        return member

    async def stop(self) -> None:
        """Stop everybody."""
        for member in self.members:
            await member.stop(0.0)
        self.members.clear()

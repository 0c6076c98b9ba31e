"""The emulated Telegram as one object: its records, files, queue, events, faults, limits and line.

Imports ``calls``, ``events``, ``faults``, ``files``, ``keep``, ``limits``, ``line``, ``payments``, ``queries``,
``records``, ``updates``, ``webhook``, ``world`` and ``config``. The server builds one for each sandbox; the Bot API
and the person API both work on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.botapi.state.calls import Calls
from bot.sandbox.botapi.state.events import Events
from bot.sandbox.botapi.state.faults import Faults
from bot.sandbox.botapi.state.files import Files
from bot.sandbox.botapi.state.keep import Keep
from bot.sandbox.botapi.state.limits import Limits
from bot.sandbox.botapi.state.line import Line
from bot.sandbox.botapi.state.payments import Payments
from bot.sandbox.botapi.state.queries import Modes, Queries
from bot.sandbox.botapi.state.records import Json
from bot.sandbox.botapi.state.updates import Updates
from bot.sandbox.botapi.state.webhook import Webhook
from bot.sandbox.botapi.state.world import World
from bot.sandbox.config import SandboxConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A draft that a person sees while the bot works. It ends 30 s after its last change."""

    draft_id: int
    text: str
    until: float
    can_stop: bool
    keep_on_stop: bool


@dataclass(slots=True, kw_only=True)
class Backend:
    config: SandboxConfig
    keep: Keep
    world: World
    files: Files
    updates: Updates
    webhook: Webhook
    payments: Payments
    events: Events = field(default_factory=Events)
    faults: Faults = field(default_factory=Faults)
    calls: Calls = field(default_factory=Calls)
    limits: Limits
    queries: Queries
    line: Line = field(default_factory=Line)
    callbacks: dict[str, Json] = field(default_factory=dict)
    drafts: dict[tuple[int, int], Draft] = field(default_factory=dict)
    whispers: list[Json] = field(default_factory=list)
    """Messages for one member of a group each, in order. No restart keeps them."""
    later: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def modes(self) -> Modes:
        """What is switched on at @BotFather."""
        chosen = {"guests": self.config.guests, "inline": self.config.guests, "feedback": self.config.guests}
        return Modes.model_validate(self.world.profile.get("modes", chosen))

    def do_later(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something in the background; it ends at the latest with the sandbox."""
        task = asyncio.get_running_loop().create_task(work)
        self.later.add(task)
        task.add_done_callback(self.later.discard)

    async def close(self) -> None:
        """End polls, listeners, deliveries and tasks, then close the files."""
        self.updates.close()
        self.events.close()
        await self.webhook.close()
        for task in list(self.later):
            task.cancel()
        await asyncio.gather(*self.later, return_exceptions=True)
        self.keep.close()
        self.files.close()


def build(config: SandboxConfig) -> Backend:
    """Build the emulated Telegram from the content of its data_dir."""
    keep = Keep(config.data_dir / "telegram.sqlite3" if config.data_dir else None)
    world = World(config, keep)
    updates = Updates(world)
    backend = Backend(
        config=config,
        keep=keep,
        world=world,
        files=Files(keep, config.data_dir),
        updates=updates,
        webhook=Webhook(world, updates),
        payments=Payments(keep),
        limits=Limits(on=config.rate_limits),
        queries=Queries(keep, config.clock),
    )
    backend.callbacks.update(keep.load("callback"))
    updates.on_added = backend.webhook.wake
    keep.commit()
    return backend

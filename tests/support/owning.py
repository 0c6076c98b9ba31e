"""A bot that Boris owns, and what its chores need. Imports ``people``, ``talking``, ``owners`` and ``process``."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path

from bot.chat.owners import Owners
from bot.chat.send.delivery import Delivery
from bot.process import chores
from bot.process.clock import TelegramClock
from bot.settings.settings import Settings
from tests.support.people import BORIS
from tests.support.talking import Given, Talk, talking


@asynccontextmanager
async def owned(tmp_path: Path) -> AsyncIterator[Talk]:
    """Start a bot whose owner has said hello, so that it may write to him."""
    async with talking(tmp_path, owner_ids=str(BORIS)) as talk:
        await talk.telegram.boris.say("/start")
        await talk.telegram.boris.answer()
        yield talk


def owners_of(talk: Talk, *ids: int, language: str = "en") -> Owners:
    """Return what writes to the owners with these numbers, by default to Boris."""
    return Owners(Delivery(talk.running.bot, talk.store, has_owners=True), ids or [BORIS], talk.store, language)


def settings_of(talk: Talk) -> Settings:
    """Return the settings of the running bot."""
    return Given.model_validate(talk.settings)


def witness(ahead_s: float | None) -> chores.Witness:
    """Return a Telegram of whose clock this machine's is ahead; None for one that does not say what time it is."""
    clock = TelegramClock()

    async def ask() -> None:
        if ahead_s is not None:
            clock.note_header(formatdate(time.time() - ahead_s, usegmt=True))

    return chores.Witness(clock=clock, ask=ask)

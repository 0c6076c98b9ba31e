"""A bot that its owners lend to others, for dialogues about access. Imports ``talking`` and ``people``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.support.messages import Message
from tests.support.people import BORIS, Chat
from tests.support.talking import Talk, talking


@asynccontextmanager
async def lent(data_dir: Path, *, owners: Sequence[int] = (BORIS,), **settings: Any) -> AsyncIterator[Talk]:
    """Start a bot whose owners have pressed Start: before that, Telegram does not let it write to them."""
    async with talking(data_dir, owner_ids=set(owners), **settings) as talk:
        known = {chat.id: chat for chat in (talk.telegram.ann, talk.telegram.boris, talk.telegram.chen)}
        for owner_id in owners:
            chat = known[owner_id]
            await chat.say("/start")
            await chat.answer()
        yield talk


async def asked(owner: Chat) -> Message:
    """Wait for the question to an owner whether somebody may use the bot."""
    question = await owner.answer()
    assert len(question.buttons) == 3, question
    return question

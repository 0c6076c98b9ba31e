"""A process that runs for months keeps its store tidy, and not only its next start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from storage.schema import inbox
from storage.tables.inbox import KEEP_DONE_S
from tests.support.databases import Server
from tests.support.talking import Talk, in_files, talking

pytestmark = in_files


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
async def talk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talk]:
    """Yield a bot on each of the two databases, which tidies often."""
    places: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        places = {"database_url": server.empty_database()}
    monkeypatch.setattr("bot.process.single.TIDY_EVERY_S", 0.2)
    monkeypatch.setattr("bot.process.cluster.SETTLE_EVERY_S", 0.2)
    async with talking(tmp_path, **places) as talk:
        yield talk


async def test_numbers_of_old_updates_go_while_the_bot_runs(talk: Talk) -> None:
    for wish in ("a boat", "warmer"):
        await talk.telegram.ann.say(wish)
        await talk.telegram.ann.answer()

    async def known() -> int:
        async with talk.store.database.connect() as connection:
            return int((await connection.execute(select(func.count()).select_from(inbox))).scalar_one())

    async def gone() -> bool | None:
        return await known() == 0 or None

    assert await known() == 2
    async with talk.store.database.begin() as connection:
        await connection.execute(update(inbox).values(received_at=inbox.c.received_at - KEEP_DONE_S - 1))
    await talk.telegram.wait_for(gone, 10, "the numbers stay")
    await talk.telegram.ann.say("colder")
    assert (await talk.telegram.ann.answer()).has_picture

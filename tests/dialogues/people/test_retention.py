"""What is older than the operator keeps goes by itself, and nothing while the clock may be wrong."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.process import chores
from storage.care.retention import Keep
from storage.schema import media, turns, windows
from tests.support.owning import owned, owners_of, settings_of, witness
from tests.support.talking import Talk, in_one, painted, talking

pytestmark = in_one


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    async with owned(tmp_path) as talk:
        yield talk


async def test_what_is_older_than_the_operator_keeps_goes_and_privacy_says_so(tmp_path: Path) -> None:
    """The picture that is gone from the store is in the chat all the same; a reply brings it back from there."""
    async with talking(tmp_path, keep_days="30") as talk:
        ann = talk.telegram.ann
        await painted(ann, "a boat")
        await ann.say("/new")
        await ann.answer()
        await painted(ann, "a house")
        async with talk.store.database.begin() as connection:
            long_ago = {"created_at": time.time() - 40 * 24 * 3600}
            await connection.execute(update(turns).where(turns.c.id == 1).values(long_ago))
            await connection.execute(update(media).values(long_ago))
        keep = chores.keep_of(settings_of(talk))
        await chores.delete_if_due(talk.store, keep, owners_of(talk), witness(0))
        assert await talk.store.conversations.turn(1) is None
        assert len(await talk.store.media.names()) == 1
        await ann.say("warmer")
        assert (await ann.answer()).has_picture
        await ann.say("/privacy")
        assert "After 30 days I delete it by myself" in (await ann.answer()).text


async def test_a_clock_that_is_wrong_deletes_nothing_and_the_owner_hears_it_once(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """A day later again. What is old goes as soon as the clock is right."""
    boris, keep = talk.telegram.boris, Keep(days=30)
    await painted(boris, "a boat")
    async with talk.store.database.begin() as connection:
        long_ago = {"created_at": time.time() - 40 * chores.DAY_S}
        await connection.execute(update(turns).values(long_ago))

    async def looks(ahead_s: float | None) -> bool:
        await chores.delete_if_due(talk.store, keep, owners_of(talk), witness(ahead_s))
        return await talk.store.conversations.turn(1) is not None

    assert await looks(None)
    await boris.silence()
    assert await looks(300 * chores.DAY_S)
    assert await looks(-300 * chores.DAY_S)
    said = (await boris.answer()).text
    assert re.search(r"^⚠ The clock of my machine says [0-9-]+ [0-9:]+ \(UTC\), but at Telegram it is ", said)
    await boris.silence()
    assert caplog.text.count("nothing is deleted until it is right") == 1
    assert not await looks(60)


async def test_a_running_bot_deletes_what_is_old_since_telegram_says_what_time_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chores, "LOOK_EVERY_S", 0.2)
    async with talking(tmp_path, keep_days="30") as talk:
        await painted(talk.telegram.ann, "a boat")
        async with talk.store.database.begin() as connection:
            # The first look found nothing old, and the next one is due tomorrow.
            await connection.execute(update(windows).values(not_before=0.0))
            await connection.execute(update(turns).values(created_at=time.time() - 40 * chores.DAY_S))
        async with asyncio.timeout(20):
            while await talk.store.conversations.turn(1) is not None:  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.1)

"""``pentimento check`` says what ``KEEP_DAYS`` and ``KEEP_GB`` would delete, and deletes nothing."""

from __future__ import annotations

import time
from email.utils import formatdate
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.operator.check_store import check
from bot.process.clock import TelegramClock
from bot.settings.settings import Settings
from storage.records import InputPicture, MessageLink, Role
from storage.schema import media
from storage.store import Store
from tests.support.aged import painted, picture
from tests.support.records import HOME


async def _a_store_with_a_turn_of_last_summer(folder: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{folder}/pentimento.db", f"{folder}/media")
    await painted(store, 1, 120)
    await painted(store, 2, 0.3)
    await store.close()


async def test_a_photo_that_waits_for_words_too_long_is_counted(tmp_path: Path) -> None:
    """It would go, so nothing says that nothing would."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db", f"{tmp_path}/media")
    talk, photo = await store.conversations.open(HOME), await picture(store, 3)
    ago = time.time() - 90 * 24 * 3600
    shown = InputPicture(media=photo)
    link = MessageLink(chat_id=7, message_id=1, role=Role.LOOSE, picture=shown, waits_until=ago)
    await store.messages.save(talk.id, [link])
    async with store.database.begin() as connection:
        await connection.execute(update(media).values(created_at=ago))
    await store.close()
    told: list[str] = []
    await check(Settings.model_validate({"data_dir": tmp_path, "keep_days": 30}), told.append)
    (line,) = [one for one in told if one.startswith("note  retention")]
    assert line.endswith("the bot would delete 0 turns and 0.0 MB of pictures today")


@pytest.mark.parametrize(
    ("keep", "line"),
    [
        ({"keep_days": 30}, "note  retention: by KEEP_DAYS and KEEP_GB the bot would delete 1 turn and 0.0 MB"),
        ({"keep_gb": 0.0000015}, "note  retention: by KEEP_DAYS and KEEP_GB the bot would delete 1 turn and 0.0 MB"),
        ({"keep_days": 300}, "note  retention: by KEEP_DAYS and KEEP_GB nothing would be deleted today"),
        ({}, None),
    ],
    ids=["too old", "too much", "nothing yet", "by default"],
)
async def test_a_dry_run(tmp_path: Path, keep: dict[str, float], line: str | None) -> None:
    await _a_store_with_a_turn_of_last_summer(tmp_path)
    for _ in range(2):
        told: list[str] = []
        assert await check(Settings.model_validate({"data_dir": tmp_path, **keep}), told.append) == 0
        found = [one for one in told if one.startswith("note  retention")]
        assert [one[: len(line or "")] for one in found] == ([line] if line else [])


async def test_where_telegram_said_no_time_it_says_that_its_numbers_may_be_wrong(tmp_path: Path) -> None:
    """Telegram was away, or is a server of one's own that sends no date. The bot then deletes nothing either."""
    await _a_store_with_a_turn_of_last_summer(tmp_path)
    told: list[str] = []
    settings = Settings.model_validate({"data_dir": tmp_path, "keep_days": 30})
    assert await check(settings, told.append, clock=TelegramClock()) == 0
    (line,) = [one for one in told if one.startswith("note  retention")]
    assert line.endswith(
        "the bot would delete 1 turn and 0.0 MB of pictures today, if the clock of this machine is right: Telegram has "
        "not said what time it is, and the bot deletes nothing before it has"
    )


async def test_where_the_clock_is_wrong_it_says_that_nothing_goes(tmp_path: Path) -> None:
    await _a_store_with_a_turn_of_last_summer(tmp_path)
    clock, told = TelegramClock(), []
    clock.note_header(formatdate(time.time() - 400 * 24 * 3600, usegmt=True))
    settings = Settings.model_validate({"data_dir": tmp_path, "keep_days": 30})
    assert await check(settings, told.append, clock=clock) == 0
    (line,) = [one for one in told if one.startswith("note  retention")]
    assert line.startswith("note  retention: the clock of this machine says ")
    assert line.endswith(": nothing is deleted until it is right")

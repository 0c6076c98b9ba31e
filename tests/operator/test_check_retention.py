"""``pentimento check`` says what ``KEEP_DAYS`` and ``KEEP_GB`` would delete, and deletes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.operator.check_store import check
from bot.settings.settings import Settings
from storage.store import Store
from tests.support.aged import painted


async def _a_store_with_a_turn_of_last_summer(folder: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{folder}/pentimento.db", f"{folder}/media")
    await painted(store, 1, 120)
    await painted(store, 2, 0.3)
    await store.close()


@pytest.mark.parametrize(
    ("keep", "line"),
    [
        ({"keep_days": 30}, "note  retention: by KEEP_DAYS and KEEP_GB the bot would delete 1 turns and 0.0 MB"),
        ({"keep_gb": 0.0000015}, "note  retention: by KEEP_DAYS and KEEP_GB the bot would delete 1 turns and 0.0 MB"),
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

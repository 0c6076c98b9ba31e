"""Providers that fail in turn, and a bot that is killed between a failed call and the next one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.torture.outages import ordeal


@pytest.mark.timeout(240)
async def test_no_wish_is_painted_twice_and_none_is_lost(tmp_path: Path) -> None:
    result = await ordeal(20, 2, 2, tmp_path, each_s=12)
    print(f"\n{result.figures()}")
    assert result.complaints() == []
    assert result.kills == 2
    assert len(result.asked) >= 20
    assert set(result.by) == {"gemini", "tokaify"}

"""Kills between a guest's placeholder and the picture: every wish ends, none twice, and nothing goes elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.databases import Server
from tests.support.messages import NoAnswer
from tests.torture.guests import Plan, complaints, run, totals

SEED = os.environ.get("SEED", "pentimento")


async def _tortured(plan: Plan, folder: Path, **more: str) -> None:
    log = folder / "bot.log"
    try:
        seen = await run(plan, folder, **more)
    except* NoAnswer as waiting:
        raise AssertionError(f"{log.read_text(errors='replace')[-8000:]}\n{waiting.exceptions}") from waiting
    print(f"\nSEED={plan.seed}: {totals(seen)}")
    wrong = complaints(seen)
    assert wrong == [], f"{log.read_text(errors='replace')[-4000:]}\n{wrong}"
    assert sum(answers[0].has_picture for answers in seen.ends.values()) >= 0.9 * len(seen.ends)
    assert seen.kills >= plan.least


@pytest.mark.timeout(240)
async def test_some_kills_lose_no_guests_wish(tmp_path: Path) -> None:
    await _tortured(Plan(SEED, guests=3, wishes=8, kills=12, least=3), tmp_path)


@pytest.mark.torture
@pytest.mark.timeout(1200)
async def test_a_hundred_guest_wishes_with_kills_all_end(tmp_path: Path) -> None:
    await _tortured(Plan(SEED, guests=10, wishes=10, kills=60, least=24), tmp_path)


@pytest.mark.torture
@pytest.mark.timeout(1200)
async def test_a_hundred_guest_wishes_with_kills_all_end_on_postgresql(tmp_path: Path, postgresql: Server) -> None:
    # On PostgreSQL a process takes over from a dead one only when that has been silent for some time.
    plan = Plan(SEED, guests=10, wishes=10, kills=24, least=8, rest_s=(16, 20))
    await _tortured(plan, tmp_path, DATABASE_URL=postgresql.empty_database())

"""Kills at random and chosen instants, and nothing lost, out of order, overlapping, bought twice or sent twice.

``SEED`` reproduces a run. The short version belongs to ``make test``, the long one to ``make torture``.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.torture.run import Plan, run
from tests.torture.verdict import assert_whole, complaints, totals

SEED = os.environ.get("SEED", "pentimento")


async def _tortured(plan: Plan, folder: Path) -> int:
    for name in ("reference", "tortured"):
        (folder / name).mkdir()
    reference = await run(replace(plan, kills=0), folder / "reference")
    seen = await run(plan, folder / "tortured")
    print(f"\nSEED={plan.seed}: {totals(seen, reference)}")
    wrong = [*complaints(reference, reference), *complaints(seen, reference)]
    assert_whole(seen, wrong, folder)
    return len(seen.downs)


@pytest.mark.timeout(240)
async def test_some_kills_lose_nothing(tmp_path: Path) -> None:
    kills = await _tortured(Plan(SEED, conversations=5, length=4, kills=6), tmp_path)
    assert kills >= 4


@pytest.mark.torture
@pytest.mark.timeout(1700)
async def test_a_hundred_kills_over_five_hundred_updates_lose_nothing(tmp_path: Path) -> None:
    plan = Plan(SEED, conversations=40, length=20, kills=104, groups=10, pause_s=(0.1, 1.5), patience_s=400)
    kills = await _tortured(plan, tmp_path)
    assert kills >= 100

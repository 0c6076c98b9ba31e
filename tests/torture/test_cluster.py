"""A cluster in a storm: nothing is lost, out of order, overlapping, paid twice or sent twice, whatever dies or pauses.

``SEED`` reproduces a run. Histories are compared with those of one undisturbed process on files.
"""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median

import pytest

from tests.torture.clustered import Stormed, ghosts, run_clustered, storm_totals, taken_over, wrong_taps
from tests.torture.run import Plan, run
from tests.torture.storm import Storm
from tests.torture.verdict import assert_whole, complaints, totals

pytestmark = [pytest.mark.database, pytest.mark.torture]

SEED = os.environ.get("SEED", "pentimento")
TAKEN_OVER_WITHIN_S = 10.0


async def _stormed(plan: Plan, storm: Storm, folder: Path, *, bucket: bool, webhook: bool) -> Stormed:
    for name in ("reference", "stormed"):
        (folder / name).mkdir()
    reference = await run(plan, folder / "reference")
    seen = await run_clustered(plan, storm, folder / "stormed", bucket=bucket, webhook=webhook)
    print(f"\nSEED={plan.seed}: {totals(seen, reference)}\n{storm_totals(seen)}")
    wrong = [*complaints(seen, reference), *ghosts(seen), *wrong_taps(seen)]
    assert_whole(seen, wrong, folder)
    return seen


@pytest.mark.timeout(3000)
async def test_a_hundred_kills_and_a_database_that_goes_away_lose_nothing(tmp_path: Path) -> None:
    # Long enough for all kills: on a busy machine, where a killed process is slow to come back, and on a quick one.
    plan = Plan(SEED, conversations=40, length=44, groups=10, patience_s=600)
    storm = Storm(SEED, kills=105, pauses=6, restarts=3, crashes=3, outages_s=(30.0,), troubles=4)
    seen = await _stormed(plan, storm, tmp_path, bucket=True, webhook=False)
    assert len(seen.downs) >= 100
    assert seen.updates >= 500


@pytest.mark.timeout(600)
async def test_deliveries_by_webhook_survive_receivers_and_workers_that_die(tmp_path: Path) -> None:
    plan = Plan(SEED, conversations=12, length=12, groups=3, patience_s=300)
    storm = Storm(SEED, kills=20, pauses=2, restarts=1, crashes=1)
    seen = await _stormed(plan, storm, tmp_path, bucket=False, webhook=True)
    assert seen.downs != []


@pytest.mark.timeout(600)
async def test_another_worker_goes_on_with_a_dead_ones_turns_within_ten_seconds(tmp_path: Path) -> None:
    plan = Plan(
        SEED, conversations=12, length=16, groups=2, shortest_s=3.0, longest_s=6.0, faults=False, patience_s=300
    )
    seen = await run_clustered(plan, Storm(SEED, kills=10, steady=True), tmp_path, bucket=False, webhook=False)
    took_s = sorted(one.took_s for one in taken_over(seen))
    print(f"\nSEED={plan.seed}: {len(seen.downs)} kills, {storm_totals(seen)}")
    assert len(took_s) >= 10
    assert took_s[-1] <= TAKEN_OVER_WITHIN_S, f"p50 {median(took_s):.1f} s"

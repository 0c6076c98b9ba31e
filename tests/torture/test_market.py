"""Payments come one to three times, limits are in force, and processes die: the books agree, and nobody is wronged.

``SEED`` reproduces a run. The short version belongs to ``make test``, the long ones to ``make torture``.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.sandbox.botapi.state.payments import FIRST_STARS
from tests.torture.market import totals, trade, trade_clustered, wrong
from tests.torture.run import Plan
from tests.torture.storm import Storm

SEED = os.environ.get("SEED", "pentimento")


@pytest.mark.timeout(240)
async def test_some_kills_lose_no_money(tmp_path: Path) -> None:
    market = await trade(Plan(SEED, conversations=4, length=8, kills=6, groups=1), tmp_path)
    print(f"\nSEED={SEED}: {totals(market)}")
    assert wrong(market, FIRST_STARS) == []
    assert market.downs >= 3


@pytest.mark.torture
@pytest.mark.timeout(1500)
async def test_many_kills_lose_no_money(tmp_path: Path) -> None:
    # People need longer than in the other torture: every second life of the bot is also paused for a while.
    plan = Plan(SEED, conversations=12, length=32, kills=40, groups=3, pause_s=(0.5, 3.0), patience_s=700)
    market = await trade(plan, tmp_path)
    print(f"\nSEED={SEED}: {totals(market)}")
    assert wrong(market, FIRST_STARS) == []
    assert market.downs >= 35


@pytest.mark.database
@pytest.mark.torture
@pytest.mark.timeout(1500)
async def test_workers_that_die_and_pause_lose_no_money(tmp_path: Path) -> None:
    plan = Plan(SEED, conversations=12, length=32, groups=3, patience_s=600)
    market = await trade_clustered(plan, Storm(SEED, kills=30, pauses=4, restarts=1, crashes=1), tmp_path)
    print(f"\nSEED={SEED}: {totals(market)}")
    assert wrong(market, FIRST_STARS) == []
    assert market.downs >= 20

"""Claims of updates in PostgreSQL, by which only one of several processes says something."""

from __future__ import annotations

import asyncio

import pytest

from storage.engine.database import Database
from tests.support.databases import Server

pytestmark = pytest.mark.database


async def test_only_one_has_a_claim_and_may_claim_again_what_it_has(postgresql: Server) -> None:
    postgresql.wipe()
    database = await Database.open(postgresql.kept_database)

    async def other() -> bool:
        async with database.claimed(7) as mine:
            return mine

    async with database.claimed(7) as mine, database.claimed(7) as again:
        assert mine
        assert again
    assert await other()
    started, end = asyncio.Event(), asyncio.Event()

    async def holds() -> None:
        async with database.claimed(7):
            started.set()
            await end.wait()

    holding = asyncio.create_task(holds())
    await started.wait()
    assert not await other()
    end.set()
    await holding
    assert await other()
    await database.close()


async def test_many_claims_leave_connections_for_the_work_under_them(postgresql: Server) -> None:
    postgresql.wipe()
    database = await Database.open(postgresql.kept_database, pool_size=3)

    async def work(number: int) -> None:
        async with database.claimed(number), database.connect():
            await asyncio.sleep(0.01)

    async with asyncio.timeout(8):
        await asyncio.gather(*(work(number) for number in range(9)))
    await database.close()

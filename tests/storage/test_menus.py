"""The note of the command menus: by bot, and replaced only by who knows what it says."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from storage.menus import Menus, Published
from storage.store import Store
from tests.support.databases import Server

BOT, OTHER = 7000000001, 7000000002
FIRST = Published(menus={"private en": "ab", "groups zh-hans": "cd"}, not_before=1_800_000_000.25)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database in which there is nothing yet."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/tree.db"
    server: Server = request.getfixturevalue("postgresql")
    return server.empty_database()


async def test_a_note_is_kept_for_each_bot(address: str, tmp_path: Path) -> None:
    store = await Store.open(address, str(tmp_path / "media"))
    assert await store.menus.published(BOT) == Published()
    assert await store.menus.note(BOT, Published(), FIRST)
    await store.close()
    store = await Store.open(address, str(tmp_path / "media"))
    assert await store.menus.published(BOT) == FIRST
    assert await store.menus.published(OTHER) == Published()
    await store.close()


async def test_of_several_that_take_a_turn_one_has_it(address: str, tmp_path: Path) -> None:
    store = await Store.open(address, str(tmp_path / "media"))
    note = Published()
    for number in range(1, 4):
        wanted = [Published(menus={"private en": str(one)}, not_before=number + one / 8) for one in range(4)]
        taken = await asyncio.gather(*(Menus(store.database).note(BOT, note, one) for one in wanted))
        assert taken.count(True) == 1
        note = wanted[taken.index(True)]
        assert await store.menus.published(BOT) == note
    await store.close()


@pytest.mark.database
async def test_the_sweep_of_limits_leaves_the_note(postgresql: Server, tmp_path: Path) -> None:
    from bot.dispatch.install import install
    from storage.limits import SharedLimits

    store = await Store.open(postgresql.empty_database(), str(tmp_path / "media"))
    await install(store.database)
    await store.menus.note(BOT, Published(), FIRST)
    await SharedLimits(store.database).sweep()
    assert await store.menus.published(BOT) == FIRST
    await store.close()

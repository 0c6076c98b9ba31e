"""The notes of what was learned of models: by account, kept, and replaced only by who knows what they say."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storage.models import AccountNote, Limits, ModelNote, Models
from storage.schema import windows
from storage.store import Store
from tests.support.databases import Server

ACCOUNT, OTHER = "openrouter 0123456789abcdef", "gemini 0123456789abcdef"
NOTE = AccountNote(
    models={
        "a": ModelNote(stage="LEGACY", retires_at=1_800_000_000.1, seen_on=20_000),
        "b": ModelNote(replaced_by="a"),
        "c": ModelNote(limits=Limits(images=3, prompt_chars=800), learned_on=20_100),
    },
    offered=("a", "c"),
    asked_at=1_790_000_000.123456,
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database in which there is nothing yet."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/tree.db"
    server: Server = request.getfixturevalue("postgresql")
    return server.empty_database()


async def test_a_note_is_kept_for_each_account(address: str, tmp_path: Path) -> None:
    store = await Store.open(address, str(tmp_path / "media"))
    assert await store.models.known(ACCOUNT) == AccountNote()
    assert await store.models.note(ACCOUNT, AccountNote(), NOTE)
    await store.close()
    store = await Store.open(address, str(tmp_path / "media"))
    assert await store.models.known(ACCOUNT) == NOTE
    assert await store.models.known(OTHER) == AccountNote()
    assert await store.models.every() == {ACCOUNT: NOTE}
    await store.close()


async def test_a_note_without_limits_is_written_as_before_there_were_any(address: str, tmp_path: Path) -> None:
    """Processes of an earlier version may work on the same rows, and replace one only if it is what they read."""
    store = await Store.open(address, str(tmp_path / "media"))
    known = {"replaced_by": "", "retires_at": None, "seen_on": 20_000, "stage": "LEGACY", "told_on": 0}
    written = {"asked_at": 5.0, "models": {"a": known}, "offered": ["a"]}
    note = AccountNote(models={"a": ModelNote(stage="LEGACY", seen_on=20_000)}, offered=("a",), asked_at=5.0)
    assert await store.models.note(ACCOUNT, AccountNote(), note)
    async with store.database.connect() as connection:
        found = await connection.execute(select(windows.c.booked).where(windows.c.name == f"models of {ACCOUNT}"))
        assert json.loads(found.scalar_one()) == written
    await store.close()


LIMITS = st.builds(Limits, **dict.fromkeys(asdict(Limits()), st.integers(0, 5)))


@given(LIMITS, LIMITS)
def test_the_narrower_of_both_holds(one: Limits, other: Limits) -> None:
    both = one.within(other)
    assert both == other.within(one) == both.within(one)
    for name, most in asdict(both).items():
        assert most == min(filter(None, (getattr(one, name), getattr(other, name))), default=0)


async def test_of_several_that_learn_at_once_one_is_first(address: str, tmp_path: Path) -> None:
    store = await Store.open(address, str(tmp_path / "media"))
    note = AccountNote()
    for number in range(1, 4):
        wanted = [replace(NOTE, asked_at=number + one / 8) for one in range(4)]
        taken = await asyncio.gather(*(Models(store.database).note(ACCOUNT, note, one) for one in wanted))
        assert taken.count(True) == 1
        note = wanted[taken.index(True)]
        assert await store.models.known(ACCOUNT) == note
    await store.close()


@pytest.mark.database
async def test_the_sweep_of_limits_leaves_the_note(postgresql: Server, tmp_path: Path) -> None:
    from bot.dispatch.install import install
    from storage.limits import SharedLimits

    store = await Store.open(postgresql.empty_database(), str(tmp_path / "media"))
    await install(store.database)
    await store.models.note(ACCOUNT, AccountNote(), NOTE)
    await SharedLimits(store.database).sweep()
    assert await store.models.known(ACCOUNT) == NOTE
    await store.close()

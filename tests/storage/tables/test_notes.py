"""The notes that processes share, of command menus and of models: each kept, and replaced only by who knows it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from storage.schema import windows
from storage.store import Store
from storage.tables.menus import Menus, Published
from storage.tables.models import AccountNote, Limits, ModelNote, Models
from tests.support.databases import Server


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Notes of one kind. ``nth`` makes another one, which differs in a time."""

    whose: Any
    other: Any
    nothing: Any
    first: Any
    read: Callable[[Store, Any], Awaitable[Any]]
    note: Callable[[Store, Any, Any, Any], Awaitable[bool]]
    nth: Callable[[float], Any]


MENUS = Published(menus={"private en": "ab", "groups zh-hans": "cd"}, not_before=1_800_000_000.25)
MODELS = AccountNote(
    models={
        "a": ModelNote(stage="LEGACY", retires_at=1_800_000_000.1, seen_on=20_000),
        "b": ModelNote(replaced_by="a"),
        "c": ModelNote(limits=Limits(images=3, prompt_chars=800), learned_on=20_100),
    },
    offered=("a", "c"),
    asked_at=1_790_000_000.123456,
    listing='[{"id":"a"}]',
)
KINDS = [
    Kind(
        whose=7000000001,
        other=7000000002,
        nothing=Published(),
        first=MENUS,
        read=lambda store, bot: store.menus.published(bot),
        note=lambda store, bot, known, new: Menus(store.database).compare_and_set(bot, known, new),
        nth=lambda at: replace(MENUS, menus={"private en": str(at)}, not_before=at),
    ),
    Kind(
        whose="openrouter 0123456789abcdef",
        other="gemini 0123456789abcdef",
        nothing=AccountNote(),
        first=MODELS,
        read=lambda store, account: store.models.known(account),
        note=lambda store, account, known, new: Models(store.database).compare_and_set(account, known, new),
        nth=lambda at: replace(MODELS, asked_at=at),
    ),
]
of_each_kind = pytest.mark.parametrize("kind", KINDS, ids=["menus", "models"])


@of_each_kind
async def test_a_note_is_kept_for_whom_it_is_about(kind: Kind, database_url: str, tmp_path: Path) -> None:
    store = await Store.open(database_url, str(tmp_path / "media"))
    assert await kind.read(store, kind.whose) == kind.nothing
    assert await kind.note(store, kind.whose, kind.nothing, kind.first)
    await store.close()
    store = await Store.open(database_url, str(tmp_path / "media"))
    assert await kind.read(store, kind.whose) == kind.first
    assert await kind.read(store, kind.other) == kind.nothing
    assert await store.models.every() == ({kind.whose: kind.first} if kind.first is MODELS else {})
    await store.close()


@of_each_kind
async def test_of_several_that_note_something_at_once_one_is_first(kind: Kind, store: Store) -> None:
    known = kind.nothing
    for number in range(1, 4):
        wanted = [kind.nth(number + one / 8) for one in range(4)]
        taken = await asyncio.gather(*(kind.note(store, kind.whose, known, one) for one in wanted))
        assert taken.count(True) == 1
        known = wanted[taken.index(True)]
        assert await kind.read(store, kind.whose) == known


async def test_a_note_without_limits_is_written_as_before_there_were_any(store: Store) -> None:
    """Processes of an earlier version may work on the same rows, and replace one only if it is what they read."""
    known = {"replaced_by": "", "retires_at": None, "seen_on": 20_000, "stage": "LEGACY", "told_on": 0}
    written = {"asked_at": 5.0, "models": {"a": known}, "offered": ["a"]}
    note = AccountNote(models={"a": ModelNote(stage="LEGACY", seen_on=20_000)}, offered=("a",), asked_at=5.0)
    assert await store.models.compare_and_set("gemini 0123456789abcdef", AccountNote(), note)
    async with store.database.connect() as connection:
        found = await connection.execute(
            select(windows.c.booked).where(windows.c.name == "models of gemini 0123456789abcdef")
        )
        assert json.loads(found.scalar_one()) == written


LIMITS = st.builds(Limits, **dict.fromkeys(asdict(Limits()), st.integers(0, 5)))


@given(LIMITS, LIMITS)
def test_the_narrower_of_both_holds(one: Limits, other: Limits) -> None:
    both = one.within(other)
    assert both == other.within(one) == both.within(one)
    for name, most in asdict(both).items():
        assert most == min(filter(None, (getattr(one, name), getattr(other, name))), default=0)


@pytest.mark.database
@of_each_kind
async def test_the_sweep_of_limits_leaves_the_note(kind: Kind, postgresql: Server, tmp_path: Path) -> None:
    from bot.dispatch.cluster.install import install
    from storage.cluster.limits import SharedLimits

    store = await Store.open(postgresql.empty_database(), str(tmp_path / "media"))
    await install(store.database)
    await kind.note(store, kind.whose, kind.nothing, kind.first)
    await SharedLimits(store.database).sweep()
    assert await kind.read(store, kind.whose) == kind.first
    await store.close()

"""A store that the version before wrote is opened, and everything in it goes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from storage.books.values import Amounts, Scope
from storage.records import Key, Role, TurnState
from storage.schema import identity
from storage.store import Store
from tests.support.databases import Server
from tests.support.old_stores import make_old_store
from tests.support.records import TERMS, media, new_turn, outcome, sent

HOME, GROUP = Key(1001, 0), Key(-100_500, 0)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
async def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database as the previous version left it."""
    server: Server | None = None if request.param == "sqlite" else request.getfixturevalue("postgresql")
    url = server.empty_database() if server else f"sqlite+aiosqlite:///{tmp_path}/tree.db"
    await make_old_store(url)
    return url


@pytest.fixture
async def store(old_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """Yield the store after its migration."""
    opened = await Store.open(old_url, str(tmp_path / "media"))
    yield opened
    await opened.close()


async def test_everything_that_was_there_is_there(store: Store) -> None:
    home, group = await store.conversations.open(HOME), await store.conversations.open(GROUP)
    assert [turn.wish for turn in await store.conversations.path(home.head_id)] == ["wish 1", "wish 2"]
    assert [turn.words for turn in await store.conversations.path(group.head_id)] == ["answer 3"]
    for turn in await store.conversations.path(home.head_id):
        assert turn.restored is None
        assert turn.painted == turn.shown
    waiting = await store.conversations.next_unfinished(HOME)
    calling = await store.conversations.next_unfinished(GROUP)
    assert waiting is not None
    assert calling is not None
    assert (waiting.wish, waiting.state) == ("wish 4", TurnState.ACCEPTED)
    assert (calling.wish, calling.state, calling.attempts) == ("wish 5", TurnState.CALLING, 1)
    assert (await store.names.of(group.id))["hat"].media == media(152)
    assert [link.picture for link in await store.messages.loose(home.id)] == [replace(sent(153), author_id=1001)]
    link = await store.messages.find(HOME.chat_id, 21)
    assert link is not None
    assert (link.turn_id, link.role, link.file_id) == (2, Role.ANSWER, "file-2")
    pictures = {f"{number:064x}" for number in (1, 2, 3, 150, 151, 152, 153, 154)}
    assert await store.audit.named() == pictures
    assert await store.unused.erase() == 0
    assert await store.audit.named() == pictures
    for look in (store.audit.tree, store.audit.messages, store.audit.inbox):
        assert [finding async for finding in look() if finding.broken] == []


async def test_numbers_of_turns_that_were_forgotten_before_are_not_given_again(store: Store) -> None:
    """Turns 6 and 7 were forgotten, but a chat still has their buttons."""
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    assert turn.id > 7
    assert (await store.conversations.open(Key(5, 0))).id > 3
    assert (await store.conversations.turn(5)) is not None


async def test_a_call_that_ran_before_there_were_books_ends_without_an_entry(store: Store) -> None:
    calling = await store.conversations.next_unfinished(GROUP)
    assert calling is not None
    await store.conversations.store_answer(calling, outcome(9, cost_micro_usd=40_000))
    assert await store.books.sums(Scope.TOTAL, [0]) == {}
    waiting = await store.conversations.next_unfinished(HOME)
    assert waiting is not None
    await store.conversations.begin_call(waiting.id, terms=TERMS)
    await store.conversations.store_answer(waiting, outcome(10, cost_micro_usd=40_000))
    assert await store.books.sums(Scope.TOTAL, [0]) == {0: Amounts(pictures=1, micro_usd=40_000)}


async def test_it_gets_a_name_once(store: Store, old_url: str, tmp_path: Path) -> None:
    again = await Store.open(old_url, str(tmp_path / "media"))
    seen = []
    for one in (store, again):
        async with one.database.connect() as connection:
            seen.append((await connection.execute(select(identity))).all())
    await again.close()
    assert seen[0] == seen[1]
    ((store_id, forgotten),) = seen[0]
    assert len(store_id) == 32
    assert forgotten == 0

"""Settings of chats and conversations: two changes at once never lose one of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from storage.rows.settings import Change
from storage.store import Store
from tests.support.records import HOME

Changing = Callable[[Change], Awaitable[Mapping[str, Any]]]


@pytest.fixture(params=["chat", "conversation"])
async def changing(request: pytest.FixtureRequest, store: Store) -> Changing:
    """Return a change to the settings of one chat or conversation."""
    conversation = await store.conversations.open(HOME)
    if request.param == "chat":
        return lambda change: store.chats.change(HOME.chat_id, change)
    return lambda change: store.conversations.change(conversation.id, change)


async def test_changes_at_once_are_all_kept(changing: Changing) -> None:
    """Each change reads the result of the one before, in any order."""

    def adds(number: int) -> Change:
        return lambda settings: {**settings, str(number): number, "count": settings.get("count", 0) + 1}

    await asyncio.gather(*(changing(adds(number)) for number in range(20)))
    found = await changing(lambda settings: settings)
    assert found == {"count": 20, **{str(number): number for number in range(20)}}


async def test_a_change_gives_what_holds_then(store: Store, changing: Changing) -> None:
    assert await changing(lambda _: {"ratio": "16:9", "allow": {"people": {"7": "Ånne"}}}) == {
        "ratio": "16:9",
        "allow": {"people": {"7": "Ånne"}},
    }
    assert await changing(lambda settings: {"ratio": settings["ratio"]}) == {"ratio": "16:9"}
    chat = await store.chats.find(HOME.chat_id)
    assert {"ratio": "16:9"} in (chat and chat.settings, await store.conversations.settings(HOME))


async def test_what_is_gone_has_no_choices(store: Store) -> None:
    conversation = await store.conversations.open(HOME)
    await store.forgetting.conversation(HOME)
    assert await store.conversations.change(conversation.id, lambda _: {"ratio": "1:1"}) == {}

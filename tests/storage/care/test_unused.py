"""Pictures that lost their last use are deleted, on both databases, and no others."""

from __future__ import annotations

import pytest

from storage.records import InputPicture, MessageLink, Role
from storage.store import Store
from tests.support.aged import painted, picture
from tests.support.records import HOME


async def _used_once(store: Store) -> None:
    """Give a picture a name and take it away; let a waiting message show another picture than before."""
    talk = await store.conversations.open(HOME)
    await store.names.save(talk.id, "hat", InputPicture(media=await picture(store, 5)), 7)
    await store.names.drop(talk.id, "hat")
    for number in (6, 7):
        shown = InputPicture(media=await picture(store, number))
        await store.messages.save(talk.id, [MessageLink(chat_id=7, message_id=1, role=Role.LOOSE, picture=shown)])


async def _names(store: Store, *numbers: int) -> set[str]:
    return {(await picture(store, number)).sha256 for number in numbers}


async def test_only_what_has_no_use_goes(store: Store) -> None:
    sent = InputPicture(media=await picture(store, 1))
    await painted(store, 2, 0, pictures=(sent,))
    await _used_once(store)
    talk = await store.conversations.open(HOME)
    await store.names.save(talk.id, "cup", InputPicture(media=await picture(store, 8)), 7)
    assert await store.unused.erase() == 2
    assert await store.unused.erase() == 0
    assert set(await store.media.names()) == await _names(store, 1, 2, 7, 8)


async def test_it_looks_at_many_piece_by_piece(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.care.unused.TOGETHER", 2)
    for number in range(1, 8):
        talk = await store.conversations.open(HOME)
        await store.names.save(talk.id, "hat", InputPicture(media=await picture(store, number)), 7)
    assert await store.unused.erase() == 6
    assert set(await store.media.names()) == await _names(store, 7)


async def test_tidying_deletes_them(store: Store) -> None:
    await _used_once(store)
    assert await store.tidy() == 2
    assert set(await store.media.names()) == await _names(store, 7)


async def test_whoever_has_something_forgotten_leaves_none(store: Store) -> None:
    """Nobody can tell any more whose they were."""
    await _used_once(store)
    await store.forgetting.person(8)
    assert set(await store.media.names()) == await _names(store, 7)
    await store.forgetting.conversation(HOME)
    assert await store.media.names() == []

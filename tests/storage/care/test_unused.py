"""Pictures that lost their last use are deleted, on both databases, and no others."""

from __future__ import annotations

import pytest
from sqlalchemy import event

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
    for piece in ("TOGETHER", "LOOKED_AT"):
        monkeypatch.setattr(f"storage.care.unused.{piece}", 2)
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


async def test_what_waits_for_words_is_read_once_however_much_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each reading of all of it would hold up everything else, at each hour and at each /forget."""
    monkeypatch.setattr("storage.care.unused.LOOKED_AT", 2)
    talk = await store.conversations.open(HOME)
    for number in range(1, 9):
        shown = InputPicture(media=await picture(store, number))
        await store.messages.save(talk.id, [MessageLink(chat_id=7, message_id=number, role=Role.LOOSE, picture=shown)])
    statements: list[str] = []
    for engine in store.database.engines:
        event.listen(engine.sync_engine, "before_cursor_execute", lambda *found: statements.append(found[2]))
    assert await store.unused.erase() == 0
    assert sum("FROM messages" in one for one in statements) == 1
    assert len(await store.media.names()) == 8


async def test_a_caption_names_no_picture(store: Store) -> None:
    """Whoever wants a deleted picture to stay cannot write its name."""
    talk = await store.conversations.open(HOME)
    one, other = [await picture(store, number) for number in (1, 2)]
    await store.names.save(talk.id, "hat", InputPicture(media=one), 7)
    written = f'"sha256":"{one.sha256}"'
    sent = InputPicture(media=other, original=await picture(store, 3), caption=written, name=written)
    await store.messages.save(talk.id, [MessageLink(chat_id=7, message_id=1, role=Role.LOOSE, picture=sent)])
    await store.names.drop(talk.id, "hat")
    assert await store.unused.erase() == 1
    assert set(await store.media.names()) == await _names(store, 2, 3)

"""A picture that begins to be used while it is looked at stays, or its use says that it is gone: on PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from storage.engine.faults import StorageFault
from storage.records import InputPicture, MessageLink, Role, Turn
from storage.schema import media as media_table
from storage.store import Store
from tests.storage.tables.test_one_order import held, until_waiting
from tests.support.aged import picture
from tests.support.databases import Server
from tests.support.records import HOME, new_turn, outcome

pytestmark = pytest.mark.database


@pytest.fixture
async def stores(postgresql: Server, tmp_path: Path) -> AsyncIterator[tuple[Store, Store]]:
    """Yield the stores of two processes."""
    postgresql.wipe()
    both = [await Store.open(postgresql.kept_database, str(tmp_path / "media")) for _ in range(2)]
    yield both[0], both[1]
    for one in both:
        await one.close()


async def unused_picture(store: Store) -> InputPicture:
    """List a picture that nothing uses any more."""
    talk = await store.conversations.open(HOME)
    found = InputPicture(media=await picture(store, 1), author_id=7)
    await store.names.save(talk.id, "old", found, 7)
    await store.names.drop(talk.id, "old")
    return found


async def named(store: Store, found: InputPicture) -> None:
    await store.names.save((await store.conversations.open(HOME)).id, "hat", found, 7)


async def waits(store: Store, found: InputPicture) -> None:
    link = MessageLink(chat_id=7, message_id=5, role=Role.LOOSE, picture=found)
    await store.messages.save((await store.conversations.open(HOME)).id, [link])


async def asked_with(store: Store, found: InputPicture) -> Turn:
    talk = await store.conversations.open(HOME)
    return await store.conversations.take(new_turn(talk.id, pictures=(found,)), (), ())


async def answered_with(store: Store, found: InputPicture) -> None:
    talk = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(talk.id), (), ())
    part = {"inlineData": {"mimeType": "image/png", "data": f"media:{found.media.sha256}"}}
    reply = {"role": "model", "parts": [part]}
    await store.conversations.store_answer(turn, outcome(1, reply=reply, shown=(found.media,), media=(found.media,)))


USES = [named, waits, asked_with, answered_with]


async def repeated(store: Store, use: Any, found: InputPicture) -> None:
    """Store a picture and use it, again where it was deleted in between, as each step does."""
    for _ in range(3):
        await picture(store, 1)
        with suppress(StorageFault):
            await use(store, found)
            return
    raise AssertionError


@pytest.mark.parametrize("first", ["use", "deletion"])
@pytest.mark.parametrize("use", USES)
async def test_a_use_beside_the_deletion(stores: tuple[Store, Store], use: Any, first: str) -> None:
    worker, tidier = stores
    found = await unused_picture(worker)
    deeds: list[Awaitable[Any]] = [repeated(worker, use, found), tidier.unused.erase()]
    async with held(worker, media_table, "sha256", found.media.sha256):
        tasks: list[asyncio.Future[Any]] = []
        for deed in deeds if first == "use" else reversed(deeds):
            tasks.append(asyncio.ensure_future(deed))
            await until_waiting(worker, tasks)
    await asyncio.gather(*tasks)
    assert [fault.text async for fault in worker.audit.references()] == []
    assert await worker.media.get(found.media.sha256)
    assert await tidier.unused.erase() == 0


@pytest.mark.parametrize("use", USES)
async def test_uses_and_deletions_by_chance(stores: tuple[Store, Store], use: Any) -> None:
    worker, tidier = stores
    for _ in range(15):
        found = await unused_picture(worker)
        await asyncio.gather(tidier.unused.erase(), repeated(worker, use, found), worker.unused.erase())
        assert [fault.text async for fault in worker.audit.references()] == []
        assert await worker.media.get(found.media.sha256)
        await worker.forgetting.conversation(HOME)
        assert await worker.media.names() == []

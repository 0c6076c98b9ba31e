"""Deleting during other work: in any order of put, row and delete, a picture with a row has its bytes."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.care.erasing import Erasing
from storage.engine.faults import FaultKind, StorageFault
from storage.media.local import LocalBackend
from storage.media.store import Media
from storage.records import InputPicture, Key, MediaRef, MessageLink, Role, Turn, TurnState
from storage.schema import turn_media
from storage.store import Store
from storage.tables.media_rows import enter_media
from tests.support.databases import Server
from tests.support.objects import Objects
from tests.support.records import HOME, TERMS, new_turn, outcome

BYTES = b"somebody sends this picture twice"


@pytest.fixture
def place(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> tuple[str, dict[str, str]]:
    """Return the address of an empty media store and its options: a folder with SQLite, a bucket with PostgreSQL."""
    if database_url.startswith("sqlite"):
        return str(tmp_path / "shared"), {}
    objects: Objects = request.getfixturevalue("objects")
    return objects.bucket(), objects.options


@pytest.fixture
async def store(database_url: str, place: tuple[str, dict[str, str]]) -> AsyncIterator[Store]:
    """Yield an empty store of either size."""
    opened = await Store.open(database_url, *place)
    yield opened
    await opened.close()


@pytest.fixture
async def other(database_url: str, place: tuple[str, dict[str, str]], store: Store) -> AsyncIterator[Store]:
    """Return the same store, opened by another process."""
    opened = await Store.open(database_url, *place)
    yield opened
    await opened.close()


def ref(sha256: str) -> MediaRef:
    return MediaRef(sha256=sha256, mime="image/png", size_bytes=len(BYTES), width_px=4, height_px=3)


async def name(store: Store, sha256: str, chat_id: int = 7) -> Turn:
    """Take a wish that shows a picture."""
    conversation = await store.conversations.open(Key(chat_id, 0))
    return await store.conversations.take(
        new_turn(conversation.id, pictures=(InputPicture(media=ref(sha256)),)), [], []
    )


async def send(store: Store, data: bytes, chat_id: int) -> Turn:
    """Send a picture, as a step does that is done again when its picture was deleted meanwhile."""
    while True:
        try:
            return await name(store, await store.media.put(data), chat_id)
        except StorageFault as fault:
            if fault.kind is not FaultKind.SWEPT:
                raise


async def wait_for_words(store: Store, sha256: str) -> None:
    """Keep a picture that came without words."""
    conversation = await store.conversations.open(HOME)
    picture = InputPicture(media=ref(sha256))
    await store.messages.save(
        conversation.id, [MessageLink(chat_id=7, message_id=1, role=Role.LOOSE, turn_id=None, picture=picture)]
    )


async def keep_as_hat(store: Store, sha256: str) -> None:
    """Save a picture under a name."""
    conversation = await store.conversations.open(HOME)
    await store.names.save(conversation.id, "hat", InputPicture(media=ref(sha256)))


async def test_a_sweep_takes_what_nothing_names_and_leaves_what_is_young(store: Store) -> None:
    left = await store.media.put(BYTES)
    named, waiting = await store.media.put(b"named"), await store.media.put(b"waiting")
    await name(store, named)
    await wait_for_words(store, waiting)
    assert await store.sweeping.sweep() == 0
    assert left in await store.media.names()
    assert await store.sweeping.sweep(age_s=-60) == 1
    assert set(await store.media.names()) == {named, waiting}


async def test_a_sweep_drops_the_answers_of_turns_that_ended(store: Store) -> None:
    turns = [await name(store, await store.media.put(b"%d" % number)) for number in range(5)]
    called, cancelled, stored, failed, gone = turns
    for turn in turns:
        attempt = (await store.conversations.begin_call(turn.id, terms=TERMS)).attempt
        await store.media.keep_raw_answer(turn.id, attempt, b"answer")
    await store.conversations.cancel(cancelled)
    await store.conversations.store_answer(stored, outcome(1))
    await store.conversations.set_state(failed.id, TurnState.FAILED)
    await store.media.keep_raw_answer(gone.id + 1000, 2, b"answer to somebody who was forgotten")
    assert await store.sweeping.sweep(age_s=-60) == 3
    # The cancelled one was paid for and is not in the tree yet; the last one is still called for.
    assert set(await store.media.raw_answers()) == {called.id, cancelled.id, gone.id}


async def test_it_is_due_once_a_week_and_again_after_one_that_was_cut_short(store: Store) -> None:
    day, now = 24 * 3600, time.time()
    assert await store.sweeping.is_due()
    await store.sweeping.sweep()
    assert not await store.sweeping.is_due()
    for noted, due in [((now - 8 * day, now - 8 * day + 60), True), ((now - 6 * day, now - 6 * day), False)]:
        await store.media.note_shared_sweep(*noted)
        assert await store.sweeping.is_due() is due
    # The clock of another process ran a little ahead, or far.
    for begun, due in [(now + 60, False), (now + 500 * day, True)]:
        await store.media.note_shared_sweep(begun, begun + 60)
        assert await store.sweeping.is_due() is due
    for begun, due in [(now - 60, False), (now - 2 * day, True)]:
        await store.media.note_shared_sweep(begun, 0.0)
        assert await store.sweeping.is_due() is due


async def test_bytes_that_are_named_between_look_and_delete_stay(store: Store, other: Store) -> None:
    """The sweep has found them unnamed; then somebody sends the same picture and takes a turn with it."""
    sha256 = await store.media.put(BYTES)
    assert await store.audit.unnamed([sha256]) == {sha256}
    assert await other.media.put(BYTES) == sha256
    await name(other, sha256)
    assert await Erasing(store.database, store.media).erase(sha256) is False
    assert await store.media.get(sha256, verify=True) == BYTES


async def test_a_picture_that_gets_a_name_between_look_and_delete_stays(store: Store, other: Store) -> None:
    """Somebody saves a picture that no turn rests on, after the sweep has read which ones have names."""
    sha256 = await store.media.put(BYTES)
    assert await store.audit.unnamed([sha256]) == {sha256}
    assert await other.media.put(BYTES) == sha256
    await keep_as_hat(other, sha256)
    assert await Erasing(store.database, store.media).erase(sha256) is False
    assert await store.media.get(sha256, verify=True) == BYTES


@pytest.mark.parametrize("times", [1, 2], ids=["written", "found"])
async def test_bytes_that_are_deleted_between_put_and_name_are_stored_once_more(
    store: Store, other: Store, times: int
) -> None:
    """The writer learns of it before a row names them. It repeats its step, which stores them again."""
    for _ in range(times):
        sha256 = await other.media.put(BYTES)
    assert await Erasing(store.database, store.media).erase(sha256) is True
    for naming in (name(other, sha256), wait_for_words(other, sha256), keep_as_hat(other, sha256)):
        with pytest.raises(StorageFault) as fault:
            await naming
        assert fault.value.kind is FaultKind.SWEPT
    assert await store.audit.unnamed([sha256]) == {sha256}
    await other.media.put(BYTES)
    turn = await name(other, sha256)
    assert await store.media.get(sha256, verify=True) == BYTES
    found = await store.conversations.turn(turn.id)
    assert found is not None
    assert found.pictures[0].media.sha256 == sha256


async def test_what_one_forgets_stays_where_another_has_just_sent_it(store: Store, other: Store) -> None:
    sha256 = await store.media.put(BYTES)
    await name(store, sha256, chat_id=7)
    await other.media.put(BYTES)
    forgotten, _ = await asyncio.gather(store.forgetting.conversation(HOME), send(other, BYTES, chat_id=8))
    assert forgotten.turns == 1
    assert await store.media.get(sha256, verify=True) == BYTES


async def test_a_fault_while_deleting_leaves_everything_as_it_was(store: Store, tmp_path: Path) -> None:
    class Broken(LocalBackend):
        async def delete(self, path: str) -> None:
            raise StorageFault(FaultKind.UNREACHABLE, "made up")

    sha256 = await store.media.put(BYTES)
    broken = Media(Broken(tmp_path / "broken"))
    with pytest.raises(StorageFault, match="made up"):
        await Erasing(store.database, broken).erase(sha256)
    await name(store, sha256)
    assert await store.media.get(sha256) == BYTES


async def test_a_process_that_was_paused_within_a_delete_deletes_nothing(store: Store) -> None:
    """By now the database may have given the row to somebody else."""
    sha256 = await store.media.put(BYTES)
    with pytest.raises(StorageFault, match="paused within a delete"):
        await Erasing(store.database, store.media, held_s=0).erase(sha256)
    await name(store, sha256)
    assert await store.media.get(sha256, verify=True) == BYTES


@pytest.mark.database
async def test_a_delete_that_hangs_keeps_others_from_naming_what_it_deletes(
    postgresql: Server, objects: Objects
) -> None:
    """The request to delete is on its way while a worker elsewhere names the picture that it found there."""
    postgresql.wipe()
    address = objects.bucket()
    sweeper, worker = [await Store.open(postgresql.kept_database, address, objects.options) for _ in range(2)]
    sha256 = await sweeper.media.put(BYTES)
    await worker.media.put(BYTES)
    held = objects.hold("DELETE")
    erasing = asyncio.create_task(Erasing(sweeper.database, sweeper.media).erase(sha256))
    await asyncio.to_thread(held.reached.wait)
    naming = asyncio.create_task(name(worker, sha256))
    await _blocked(worker)
    assert not naming.done()
    held.go.set()
    assert await erasing is True
    with pytest.raises(StorageFault, match="stores it once more"):
        await naming
    await worker.media.put(BYTES)
    await name(worker, sha256)
    assert await sweeper.media.get(sha256, verify=True) == BYTES
    await sweeper.close()
    await worker.close()


@pytest.mark.database
async def test_forgetting_waits_for_a_transaction_that_names_the_same_picture(
    postgresql: Server, tmp_path: Path
) -> None:
    """The row that names it is written, but not committed, when its last other name goes."""
    postgresql.wipe()
    one, other = [await Store.open(postgresql.kept_database, str(tmp_path / "shared")) for _ in range(2)]
    sha256 = await one.media.put(BYTES)
    await name(one, sha256, chat_id=7)
    async with other.database.begin() as naming:
        await enter_media(naming, other.media, [ref(sha256)])
        await naming.execute(turn_media.insert().values(turn_id=99, sha256=sha256))
        forgetting = asyncio.create_task(one.forgetting.conversation(HOME))
        await _blocked(other)
    assert (await forgetting).pictures == 0
    assert await one.media.get(sha256, verify=True) == BYTES
    assert await one.audit.unnamed([sha256]) == set()
    await one.close()
    await other.close()


async def _blocked(store: Store) -> None:
    """Wait until a statement waits for another transaction."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    async with asyncio.timeout(20):
        while True:
            async with store.database.connect() as connection:
                if (await connection.exec_driver_sql(waiting)).scalar_one():
                    return
            await asyncio.sleep(0.01)


async def test_many_who_send_and_sweep_at_once_lose_nothing(store: Store, other: Store) -> None:
    """The same few pictures are sent, forgotten and swept again and again, in any order."""
    pictures = [os.urandom(64) for _ in range(3)]

    async def talk(one: Store, chat_id: int) -> None:
        for turn in range(8):
            await send(one, pictures[(chat_id + turn) % 3], chat_id)
            if turn % 3 == 2:
                await one.forgetting.conversation(Key(chat_id, 0))

    async def sweep(one: Store) -> None:
        for _ in range(6):
            await one.sweeping.sweep(age_s=-60)

    senders = [talk(one, chat_id) for chat_id, one in enumerate((store, other, store, other), 1)]
    await asyncio.gather(*senders, sweep(store), sweep(other))
    assert [finding.text async for finding in store.audit.references() if finding.broken] == []
    named = await store.audit.named()
    assert named
    for sha256 in named:
        await store.media.get(sha256, verify=True)

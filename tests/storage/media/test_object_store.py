"""Pictures in a folder and in a bucket: one contract for both, and what a bucket adds: refusals, outages, slowness."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.engine.faults import FaultKind, StorageFault
from storage.media.store import Media, MediaMissing
from storage.store import Store
from tests.support.objects import KEY_ID, SECRET, Objects

BYTES = b"\x89PNG every byte counts\x00\xff"
NAME = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture(params=["folder", "bucket"])
def media(request: pytest.FixtureRequest, tmp_path: Path) -> Media:
    """Return an empty media store of either kind."""
    if request.param == "folder":
        return Media.open(str(tmp_path / "media"))
    objects: Objects = request.getfixturevalue("objects")
    return Media.open(objects.bucket(), objects.options)


@pytest.fixture
def bucket(objects: Objects) -> Media:
    """Return an empty bucket."""
    return Media.open(objects.bucket(), objects.options)


async def test_bytes_come_back_as_they_went(media: Media) -> None:
    large = os.urandom(3_000_000)
    assert await media.put(BYTES) == NAME
    assert await media.get(NAME, size_bytes=len(BYTES), verify=True) == BYTES
    assert await media.get(await media.put(large), verify=True) == large


async def test_names_are_listed_once_each(media: Media) -> None:
    assert await media.names() == []
    for _ in range(2):
        await media.put(BYTES)
    other = await media.put(b"other")
    assert sorted(await media.names()) == sorted([NAME, other])


async def test_a_missing_picture_is_missed_by_name(media: Media) -> None:
    with pytest.raises(MediaMissing, match=NAME):
        await media.get(NAME)
    await media.put(BYTES)
    await media.delete(NAME)
    await media.delete(NAME)
    with pytest.raises(MediaMissing):
        await media.get(NAME)
    await media.put(BYTES)
    assert await media.get(NAME) == BYTES


async def test_answers_are_kept_by_turn_and_attempt_until_they_are_dropped(media: Media) -> None:
    await media.keep_raw_answer(4, 1, b"first")
    await media.keep_raw_answer(4, 2, b"second")
    await media.keep_raw_answer(5, 1, b"other")
    assert [await media.raw_answer(4, attempt) for attempt in (1, 2, 3)] == [b"first", b"second", None]
    assert await media.raw_answers() == {4: 2, 5: 1}
    await media.drop_raw_answers(4, 3)
    assert await media.raw_answer(4, 2) is None
    assert await media.raw_answers() == {5: 1}


async def test_pages_leave_out_what_is_younger(media: Media) -> None:
    await media.put(BYTES)
    later = time.time() + 60
    assert [page async for page in media.pages("media", before=later)] == [[NAME]]
    assert [name async for page in media.pages("media", before=later - 3600) for name in page] == []


async def test_a_sweep_is_noted_for_all(media: Media) -> None:
    assert await media.shared_sweep() == (0.0, 0.0)
    await media.note_shared_sweep(1.5, 2.25)
    assert await media.shared_sweep() == (1.5, 2.25)
    assert await media.names() == []


async def test_a_store_that_works_is_proved_and_left_empty(media: Media) -> None:
    await media.prove()
    assert [name async for page in media.pages("probe", before=time.time() + 60) for name in page] == []


async def test_what_was_found_and_deleted_meanwhile_is_not_taken_for_stored(media: Media) -> None:
    await media.put(BYTES)
    await media.confirm([NAME])
    await media.put(BYTES)
    await media.confirm([NAME])
    await media.delete(NAME)
    with pytest.raises(StorageFault, match="stores it once more"):
        await media.confirm([NAME])
    await media.put(BYTES)
    await media.confirm([NAME])


async def test_a_bucket_is_no_folder_of_this_machine(bucket: Media) -> None:
    assert not bucket.is_local
    assert await bucket.sweep() == 0
    assert await bucket.names_since(0) == []
    bucket.sweep_all_next()


@pytest.mark.parametrize("why", ["key", "secret", "rights"])
async def test_a_refusal_says_what_to_look_at_and_no_secret(bucket: Media, refusing: Objects, why: str) -> None:
    refusing.refuse(why)
    with pytest.raises(StorageFault, match="Look at MEDIA_URL, its bucket, and the keys") as refused:
        await bucket.prove()
    assert refused.value.kind is FaultKind.REFUSED
    for secret in (SECRET, KEY_ID):
        assert secret not in str(refused.value)


@pytest.mark.parametrize("address", ["s3://nobody-made-this/pictures", "s3://", "nonsense://x"])
async def test_an_address_that_leads_nowhere_is_refused(objects: Objects, address: str) -> None:
    async def open_and_prove() -> None:
        await Media.open(address, objects.options).prove()

    with pytest.raises(StorageFault, match="Look at MEDIA_URL"):
        await open_and_prove()


async def test_without_its_bucket_no_picture_counts_as_lost(objects: Objects) -> None:
    gone = Media.open("s3://nobody-made-this/pictures", objects.options)
    for attempt in (gone.get(NAME), gone.raw_answer(1, 1), gone.delete(NAME), gone.put(BYTES), gone.names()):
        with pytest.raises(StorageFault, match="Look at MEDIA_URL"):
            await attempt


async def test_what_passes_at_once_is_tried_again(objects: Objects, bucket: Media) -> None:
    """The store asks to slow down: the request is repeated, and nobody is notified."""
    objects.refuse("trouble", times=2)
    assert await bucket.put(BYTES) == NAME
    assert await bucket.get(NAME) == BYTES


async def test_an_outage_is_named_and_passes(objects: Objects, bucket: Media) -> None:
    await bucket.put(BYTES)
    objects.stop()
    try:
        with pytest.raises(StorageFault, match="cannot be read or written") as fault:
            await bucket.put(b"other")
        assert fault.value.kind is FaultKind.UNREACHABLE
        assert "Debug" not in str(fault.value)
    finally:
        objects.start()
    assert await bucket.get(NAME) == BYTES
    await bucket.put(b"other")


@pytest.fixture
async def refusing(objects: Objects) -> AsyncIterator[Objects]:
    """Yield the server; at the end it accepts requests again."""
    yield objects
    objects.refuse("")


async def test_a_store_opens_only_where_its_pictures_can_be_written(
    objects: Objects, tmp_path: Path, refusing: Objects
) -> None:
    address = objects.bucket()
    refusing.refuse("rights")
    with pytest.raises(StorageFault, match="AccessDenied"):
        await Store.open(f"sqlite+aiosqlite:///{tmp_path}/tree.db", address, objects.options)
    assert os.listdir(tmp_path) == []
    refusing.refuse("")
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/tree.db", address, objects.options)
    assert not store.is_embedded
    assert await store.sweep() == 0
    await store.close()

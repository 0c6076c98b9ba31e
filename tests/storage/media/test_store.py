"""Pictures on disk: the exact bytes, stored once and durably, and no partial files.

Tests that hold for a bucket as well are in ``test_object_store``.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from storage.media.backend import sha256_of
from storage.media.store import Media, MediaDamaged, MediaMissing, parked
from storage.records import InputPicture, Key, MediaRef
from storage.store import Store
from tests.support.records import new_turn

BYTES = b"\x89PNG every byte counts\x00\xff"
NAME = hashlib.sha256(BYTES).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "a folder with spaces"


@pytest.fixture
def media(folder: Path) -> Media:
    return Media.open(str(folder))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def test_a_picture_lies_under_its_own_sum(media: Media, folder: Path) -> None:
    assert await media.put(BYTES) == NAME == sha256_of(BYTES)
    assert await media.get(NAME, verify=True) == BYTES
    assert files(folder) == [f"media/{NAME[:2]}/{NAME}"]
    assert await media.names() == [NAME]
    assert parked(NAME) == f"media:{NAME}"


async def test_the_same_picture_is_stored_once(media: Media, folder: Path) -> None:
    await media.put(BYTES)
    before = (folder / "media" / NAME[:2] / NAME).stat().st_mtime_ns
    await media.put(BYTES)
    assert (folder / "media" / NAME[:2] / NAME).stat().st_mtime_ns == before
    assert len(files(folder)) == 1


async def test_what_is_about_to_be_sent_is_not_read_back(media: Media, folder: Path) -> None:
    assert await media.put_to_send(BYTES) == NAME
    assert files(folder) == [f"media/{NAME[:2]}/{NAME}"]
    (folder / "media" / NAME[:2] / NAME).unlink()
    assert await media.get(NAME) == BYTES
    with pytest.raises(MediaMissing):
        await media.get(NAME, verify=True)
    await media.delete(NAME)
    with pytest.raises(MediaMissing):
        await media.get(NAME)


@pytest.mark.parametrize("address", ["{}", "file://{}"])
async def test_a_folder_is_named_by_path_or_by_url(tmp_path: Path, address: str) -> None:
    media = Media.open(address.format(tmp_path / "there"))
    await media.put(BYTES)
    assert files(tmp_path / "there") == [f"media/{NAME[:2]}/{NAME}"]
    assert media.is_local


async def test_changed_bytes_are_noticed(media: Media, folder: Path) -> None:
    await media.put(BYTES)
    (folder / "media" / NAME[:2] / NAME).write_bytes(BYTES[:-1] + b"!")
    assert await media.get(NAME) != BYTES
    with pytest.raises(MediaDamaged, match=NAME):
        await media.get(NAME, verify=True)


@pytest.mark.parametrize("left", [b"", BYTES[:5]])
async def test_what_a_power_cut_left_of_a_picture_is_written_again(media: Media, folder: Path, left: bytes) -> None:
    await media.put(BYTES)
    (folder / "media" / NAME[:2] / NAME).write_bytes(left)
    with pytest.raises(MediaDamaged):
        await media.get(NAME, size_bytes=len(BYTES))
    await media.put(BYTES)
    assert await media.get(NAME, verify=True) == BYTES


async def test_a_sweep_takes_what_was_cut_short_and_nothing_else(media: Media, folder: Path) -> None:
    await media.put(BYTES)
    await media.keep_raw_answer(4, 1, b"answer")
    whole = files(folder)
    for name in (f"media/{NAME[:2]}/{NAME}#1", "media/ff#27", "answers/4-2#3"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"half of a pic")
    assert await media.sweep(older_than=timedelta(hours=1)) == 0
    assert await media.sweep() == 3
    assert files(folder) == whole


async def test_an_interrupted_write_is_not_listed(media: Media, folder: Path) -> None:
    await media.put(BYTES)
    (folder / "media" / NAME[:2] / f"{'f' * 64}#1").write_bytes(b"half")
    assert await media.names() == [NAME]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store in a folder that was swept just now."""
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/tree.db", str(tmp_path / "media"))
    assert await store.sweep() == 0
    yield store
    await store.close()


def put_aside(folder: Path, name: str, age_s: float) -> Path:
    """Store bytes that nothing names, written so long ago."""
    written = folder / "media" / "media" / name[:2] / name
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_bytes(b"x")
    for path in (written, written.parent):
        os.utime(path, (time.time() - age_s,) * 2)
    return written


async def test_a_sweep_finds_what_came_since_the_one_before(opened: Store, tmp_path: Path) -> None:
    new, old = put_aside(tmp_path, "a" * 64, 0), put_aside(tmp_path, "b" * 64, 3600)
    assert await opened.sweep() == 1
    assert (new.exists(), old.exists()) == (False, True)


async def test_after_forgetting_the_next_sweep_looks_at_everything(opened: Store, tmp_path: Path) -> None:
    old = put_aside(tmp_path, "b" * 64, 3600)
    await opened.forgetting.conversation(Key(1, 0))
    assert await opened.sweep() == 1
    assert not old.exists()


@pytest.mark.parametrize("note", ["", "x", "0 0", f"{2**40} {2**40}"])
async def test_without_a_usable_note_a_sweep_looks_at_everything(opened: Store, tmp_path: Path, note: str) -> None:
    put_aside(tmp_path, "b" * 64, 3600)
    (tmp_path / "media" / "swept").write_text(note)
    assert await opened.sweep() == 1
    assert await opened.sweep() == 0


async def test_what_is_left_over_is_tidied_away_beside_running_work(opened: Store, tmp_path: Path) -> None:
    """Old enough that no task uses it, young enough not to have been there at the start."""
    began_at = time.time() - 3600
    before, left = put_aside(tmp_path, "a" * 64, 7200), put_aside(tmp_path, "b" * 64, 1800)
    young, named = put_aside(tmp_path, "c" * 64, 60), put_aside(tmp_path, "d" * 64, 1800)
    conversation = await opened.conversations.open(Key(1, 0))
    ref = MediaRef(sha256="d" * 64, mime="image/png", size_bytes=1, width_px=1, height_px=1)
    await opened.conversations.take(new_turn(conversation.id, pictures=(InputPicture(media=ref),)), (), ())
    assert await opened.tidy(since=began_at) == 1
    assert [path.exists() for path in (before, left, young, named)] == [True, False, True, True]

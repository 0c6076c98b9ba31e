"""Backups are made while people write, and a bot that is started on one goes on where it was taken."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.operator.backup import backup
from bot.settings.settings import Settings
from storage.media.backend import sha256_of
from storage.media.store import Media
from storage.records import Key
from storage.store import Store
from tests.support.databases import Server
from tests.support.drifting import is_equal, jpeg, part, photo
from tests.support.objects import Objects
from tests.support.old_stores import make_old_store
from tests.support.painter import plain
from tests.support.people import BORIS, Chat
from tests.support.restoring import kept_and_offered
from tests.support.talking import Talk, talking


async def broken(store: Store) -> list[str]:
    """Return what an audit finds broken."""
    return [finding.text for look in store.audit.checks.values() async for finding in look() if finding.broken]


async def audited(data_dir: Path) -> list[str]:
    store = await Store.open(f"sqlite+aiosqlite:///{data_dir}/pentimento.db", f"{data_dir}/media")
    found = await broken(store)
    await store.close()
    return found


async def traffic(person: Chat, stop: asyncio.Event) -> None:
    """Refine a picture again and again until stopped."""
    number = 0
    while not stop.is_set():
        number += 1
        await person.say(f"wish {number}")
        assert (await person.answer()).has_picture


async def _known_to_have_arrived(talk: Talk) -> None:
    """Wait until the bot knows what people have. A backup of the moment before offers a picture once more."""
    async with asyncio.timeout(10):
        while await talk.store.conversations.unfinished_keys():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def goes_on(talk: Talk, wish: str) -> None:
    """Send a wish and see it painted from an earlier picture, after the unfinished work of the backup."""
    painted = len(talk.painter.calls)
    await talk.telegram.ann.say(wish)
    async with asyncio.timeout(30):
        while not (found := [call for call in talk.painter.calls[painted:] if call.wish == wish]):
            await talk.painter.called(len(talk.painter.calls) + 1)
    assert found[0].all_pictures
    assert (await talk.telegram.ann.answer()).has_picture


async def test_a_backup_under_traffic_is_whole_and_a_bot_goes_on_with_it(talk: Talk, tmp_path: Path) -> None:
    folder, told = tmp_path / "backup", []
    stop = asyncio.Event()
    writing = asyncio.create_task(traffic(talk.telegram.ann, stop))
    settings = Settings.model_validate(talk.settings)
    for _ in range(3):
        await talk.painter.called(len(talk.painter.calls) + 1)
        assert await backup(settings, folder, told.append) == 0
        assert "The backup is whole" in told[-1]
        assert await audited(folder) == []
    stop.set()
    await writing
    assert {"pentimento.db", "media"} <= set(await asyncio.to_thread(os.listdir, folder))
    await talk.stop()
    talk.settings = {**talk.settings, "data_dir": folder}
    await talk.start()
    await goes_on(talk, "go on from the backup")


async def test_a_restored_picture_and_one_that_is_offered_come_back(talk: Talk, tmp_path: Path) -> None:
    ann, sent = talk.telegram.ann, jpeg(photo())
    kept, offered = await kept_and_offered(talk, sent)
    await _known_to_have_arrived(talk)
    assert await backup(Settings.model_validate(talk.settings), tmp_path / "backup", print) == 0
    assert await audited(tmp_path / "backup") == []
    await talk.stop()
    talk.settings = {**talk.settings, "data_dir": tmp_path / "backup"}
    await talk.start()
    await ann.press(offered, "Only the change")
    await ann.answer(60)
    for answer in (kept, offered):
        await ann.say("/file", reply_to=answer)
        # Of the second one the message shows what the model painted.
        whole = await (await ann.answer(60)).document_bytes()
        assert is_equal(part(whole), part(sent)) is (answer is kept)
    await ann.say("/file")
    assert is_equal(part(await (await ann.answer(60)).document_bytes()), part(sent))


async def test_the_next_backup_takes_what_is_new_and_leaves_out_who_was_forgotten(talk: Talk, tmp_path: Path) -> None:
    folder, told = tmp_path / "backup", []
    settings = Settings.model_validate(talk.settings)
    await talk.telegram.ann.say("a boat")
    await talk.telegram.ann.answer()
    assert await backup(settings, folder, told.append) == 0
    assert "1 picture is in the backup, 1 of them new." in told
    await talk.telegram.boris.say("a house")
    await talk.telegram.boris.answer()
    kept = folder / "media" / "media" / sha256_of(plain(1))[:2] / sha256_of(plain(1))
    assert kept.read_bytes() == plain(1)
    await talk.store.forgetting.conversation(Key(talk.telegram.ann.id, 0))
    told.clear()
    assert await backup(settings, folder, told.append) == 0
    assert "1 picture is in the backup, 1 of them new." in told
    assert not kept.exists()
    (aside,) = folder.glob("dropped-*")
    assert (aside / kept.relative_to(folder)).read_bytes() == plain(1)
    assert await audited(folder) == []


async def test_who_is_forgotten_meanwhile_does_not_spoil_a_backup(talk: Talk, tmp_path: Path) -> None:
    """The tables are copied, then rows and pictures go, then the pictures are copied."""
    folder, told = tmp_path / "backup", []
    await talk.telegram.ann.say("a boat")
    await talk.telegram.ann.answer()

    class Forgets(list[str]):
        def append(self, line: str) -> None:
            super().append(line)
            if self.count("tables copied") == 1:
                (media / sha256_of(plain(1))[:2] / sha256_of(plain(1))).unlink()
                asyncio.get_running_loop().create_task(talk.store.forgetting.conversation(Key(talk.telegram.ann.id, 0)))

    media = Path(talk.settings["data_dir"]) / "media" / "media"
    told = Forgets()
    assert await backup(Settings.model_validate(talk.settings), folder, told.append) == 0, told
    assert told.count("tables copied") > 1
    assert await audited(folder) == []


async def test_what_a_power_cut_left_of_a_backup_is_mended(talk: Talk, tmp_path: Path) -> None:
    folder, told = tmp_path / "backup", []
    settings = Settings.model_validate(talk.settings)
    await talk.telegram.ann.say("a boat")
    await talk.telegram.ann.answer()
    assert await backup(settings, folder, told.append) == 0
    torn = folder / "media" / "media" / sha256_of(plain(1))[:2] / sha256_of(plain(1))
    torn.write_bytes(b"torn")
    (folder / "pentimento.db.new").write_bytes(b"half of a database")
    (folder / "pentimento.db-wal").write_bytes(b"a log of long ago")
    assert await backup(settings, folder, told.append) == 0
    assert torn.read_bytes() == plain(1)
    assert await audited(folder) == []


async def test_what_cannot_be_backed_up_is_said(talk: Talk, tmp_path: Path) -> None:
    told: list[str] = []
    settings = Settings.model_validate(talk.settings)
    assert await backup(settings, settings.data_dir, told.append) == 2
    assert "The database of the bot is there" in told[-1]
    elsewhere = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"})
    assert await backup(elsewhere, tmp_path / "b", told.append) == 2
    assert "backed up by pg_dump" in told[-1]
    nothing = settings.model_copy(update={"database_url": f"sqlite+aiosqlite:///{tmp_path}/none.db"})
    assert await backup(nothing, tmp_path / "b", told.append) == 2
    assert "nothing is stored yet" in told[-1]
    await talk.telegram.ann.say("a boat")
    await talk.telegram.ann.answer()
    name = sha256_of(plain(1))
    (settings.data_dir / "media" / "media" / name[:2] / name).unlink()
    assert await backup(settings, tmp_path / "b", told.append) == 1
    assert "1 picture is missing" in told[-1]


async def test_a_folder_in_use_is_left_alone(talk: Talk, tmp_path: Path) -> None:
    told: list[str] = []
    async with talking(tmp_path / "other", owner_ids=str(BORIS)):
        assert await backup(Settings.model_validate(talk.settings), tmp_path / "other", told.append) == 2
    assert "A bot or another backup works on" in told[-1]


def content(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, but for the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != "pentimento.lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


async def filled(talk: Talk, folder: Path) -> Settings:
    """Make a backup of some turns and pictures."""
    for wish in ("a boat", "warmer", "colder"):
        await talk.telegram.ann.say(wish)
        await talk.telegram.ann.answer()
    await _known_to_have_arrived(talk)
    settings = Settings.model_validate(talk.settings)
    assert await backup(settings, folder, print) == 0
    return settings


async def new_store(folder: Path) -> Settings:
    """Make a store as a bot does that finds none, because its disk is not mounted."""
    store = await Store.open(f"sqlite+aiosqlite:///{folder}/pentimento.db", f"{folder}/media")
    await store.close()
    return Settings.model_validate({"data_dir": folder})


async def test_an_empty_disk_does_not_erase_the_backup(talk: Talk, tmp_path: Path) -> None:
    """The disk is not mounted after a start, so the bot starts on the empty folder, and the nightly backup runs."""
    folder, told = tmp_path / "backup", []
    await filled(talk, folder)
    before = content(folder)
    empty = await new_store(tmp_path / "not-mounted")
    assert await backup(empty, folder, told.append) == 2
    assert "is left as it is. It holds the backup of another store, with 3 turns." in told[-1]
    assert "--anyway" in told[-1]
    assert content(folder) == before


async def test_who_says_so_replaces_it_and_what_was_there_stays_for_a_month(talk: Talk, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    await filled(talk, folder)
    before = content(folder)
    empty = await new_store(tmp_path / "another")
    assert await backup(empty, folder, print, anyway=True) == 0
    assert await backup(empty, folder, print) == 0
    (aside,) = folder.glob("dropped-*")
    assert content(aside) == before
    await talk.stop()
    talk.settings = {**talk.settings, "data_dir": aside}
    await talk.start()
    await goes_on(talk, "go on from what was put aside")
    await talk.stop()
    aside.rename(folder / "dropped-2001-02-03")
    (folder / "dropped-by-me").mkdir()
    assert await backup(empty, folder, print) == 0
    assert [path.name for path in folder.glob("dropped-*")] == ["dropped-by-me"]


async def test_a_store_that_has_lost_most_of_its_turns_is_no_backup(talk: Talk, tmp_path: Path) -> None:
    folder, told = tmp_path / "backup", []
    settings = await filled(talk, folder)
    before = content(folder)
    async with talk.store.database.begin() as connection:
        await connection.exec_driver_sql("DELETE FROM turns WHERE id > 1")
    assert await backup(settings, folder, told.append) == 2
    assert "2 of its 3 turns are not in the store any more, and nobody asked to forget them." in told[-1]
    assert content(folder) == before


async def test_what_people_had_forgotten_is_no_loss(talk: Talk, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    settings = await filled(talk, folder)
    await talk.store.forgetting.conversation(Key(talk.telegram.ann.id, 0))
    assert await backup(settings, folder, print) == 0
    assert [path.name for path in (folder / "media" / "media").rglob("*") if path.is_file()] == []


async def test_a_store_from_before_much_was_forgotten_has_lost_nothing(talk: Talk, tmp_path: Path) -> None:
    """Somebody goes back to an older backup. The nightly one goes on in its folder, and has those turns again."""
    older, nightly = tmp_path / "older", tmp_path / "nightly"
    await talk.telegram.boris.say("a boat")
    await talk.telegram.boris.answer()
    await _known_to_have_arrived(talk)
    settings = await filled(talk, older)
    await talk.store.forgetting.conversation(Key(talk.telegram.ann.id, 0))
    assert await backup(settings, nightly, print) == 0
    restored = Settings.model_validate({"data_dir": older})
    assert await backup(restored, nightly, print) == 0
    assert (await audited(nightly), list(nightly.glob("dropped-*"))) == ([], [])


async def test_a_backup_that_cannot_be_read_is_not_replaced_unasked(talk: Talk, tmp_path: Path) -> None:
    folder, told = tmp_path / "backup", []
    settings = await filled(talk, folder)
    (folder / "pentimento.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 500)
    assert await backup(settings, folder, told.append) == 2
    assert "cannot be read" in told[-1]
    assert await backup(settings, folder, told.append, anyway=True) == 0
    assert await audited(folder) == []


async def test_a_store_of_the_version_before_is_backed_up_before_and_after_its_bot_is_exchanged(tmp_path: Path) -> None:
    """The old bot still runs at night. The copy of its tables is migrated, and so gets an id."""
    folder, data = tmp_path / "backup", tmp_path / "data"
    (data / "media").mkdir(parents=True)
    url = f"sqlite+aiosqlite:///{data}/pentimento.db"
    await make_old_store(url)
    settings, told = Settings.model_validate({"data_dir": data}), []
    for _ in range(2):
        # Its pictures have rows only.
        assert await backup(settings, folder, told.append) == 1, told
    await (await Store.open(url, f"{data}/media")).close()
    for _ in range(2):
        assert await backup(settings, folder, told.append) == 1, told
    assert "8 pictures are missing" in told[-1]


async def test_a_bot_on_a_backup_gives_no_number_that_the_original_gave_since(talk: Talk, tmp_path: Path) -> None:
    """Chats still have buttons under pictures that were painted after the backup."""
    folder = tmp_path / "backup"
    await filled(talk, folder)
    await talk.telegram.ann.say("never backed up")
    lost = await talk.telegram.ann.answer()
    await talk.stop()
    talk.settings = {**talk.settings, "data_dir": folder}
    await talk.start()
    await goes_on(talk, "go on from the backup")
    await talk.telegram.ann.press(lost, "Again")
    assert "no longer have" in (await talk.telegram.ann.answer()).text


@pytest.mark.database
async def test_postgresql_and_a_bucket_come_back_from_a_dump_and_a_copy(
    postgresql: Server, objects: Objects, tmp_path: Path
) -> None:
    """As docs/operating.md says: first the dump, then the bucket, while people write."""
    bucket = objects.bucket()
    places = {"database_url": postgresql.empty_database(), "media_url": bucket}
    async with talking(tmp_path / "data", **objects.options, **places) as talk:
        await talk.telegram.ann.say("a boat")
        await talk.telegram.ann.answer()
        # Turns that were running at the moment of the dump are taken up later, as after a worker's death.
        stop = asyncio.Event()
        writing = asyncio.create_task(traffic(talk.telegram.boris, stop))
        await talk.painter.called(3)
        await asyncio.to_thread(postgresql.dump, places["database_url"], tmp_path / "dump")
        copied = objects.bucket()
        source, target = Media.open(bucket, objects.options), Media.open(copied, objects.options)
        for name in await source.names():
            await target.put(await source.get(name))
        stop.set()
        await writing
        await talk.stop()
        restored = postgresql.empty_database()
        await asyncio.to_thread(postgresql.restore, restored, tmp_path / "dump")
        store = await Store.open(restored, copied, objects.options)
        assert await broken(store) == []
        await store.close()
        talk.settings = {**talk.settings, "database_url": restored, "media_url": copied}
        await talk.start()
        await goes_on(talk, "go on from the dump")

"""A backup never writes or deletes within the store that it copies, wherever that is, nor within another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.operator.backup import backup
from bot.process.signals import StartError
from bot.settings.settings import Settings
from storage.backup import BackupRefused, keep_apart
from storage.media.store import Media
from storage.store import Store
from tests.support.painter import plain
from tests.support.talking import in_files, painted, talking

pytestmark = in_files


def _content(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Return each file with its number on the disk, but for raw answers, which go once they are delivered."""
    files = (path for path in folder.rglob("*") if "answers" not in path.parts and path.is_file())
    return {path: (path.stat().st_ino, path.read_bytes()) for path in files}


def _files(folder: Path) -> dict[Path, int]:
    """Return the number of each file, by which the disk knows it."""
    return {path: path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


async def test_a_backup_beside_a_database_that_a_bot_writes_leaves_it_alone(tmp_path: Path) -> None:
    """DATABASE_URL names a folder of its own, and the backup goes to that folder."""
    tables, told = tmp_path / "tables", []
    tables.mkdir()
    async with talking(tmp_path / "bot", database_url=f"sqlite+aiosqlite:///{tables}/pentimento.db") as talk:
        await painted(talk.telegram.ann, "a boat")
        # The bot goes on writing, so only the files stay the same, and not what is in them.
        before = _files(tables)
        settings = Settings.model_validate(talk.settings)
        for anyway in (False, True):
            assert await backup(settings, tables, told.append, anyway=anyway) == 2
            assert "The database of the bot is there" in told[-1]
        assert _files(tables) == before
        await talk.telegram.ann.say("/save hat")
        await talk.telegram.ann.answer()
        await talk.restart()
        await talk.telegram.ann.say("/saved")
        assert "@hat" in (await talk.telegram.ann.answer()).text


async def test_a_backup_beside_the_pictures_of_a_bot_leaves_them_alone(tmp_path: Path) -> None:
    """MEDIA_URL names a folder of its own, and the backup goes to the folder around it."""
    told: list[str] = []
    async with talking(tmp_path / "bot", media_url=str(tmp_path / "disk" / "media")) as talk:
        await painted(talk.telegram.ann, "a boat")
        before = _content(tmp_path / "disk")
        settings = Settings.model_validate(talk.settings)
        for anyway in (False, True):
            assert await backup(settings, tmp_path / "disk", told.append, anyway=anyway) == 2
            assert "The pictures of the bot are there" in told[-1]
        assert _content(tmp_path / "disk") == before


@pytest.mark.parametrize(
    ("database", "media", "folder"),
    [
        ("db/pentimento.db", "pictures", "db"),
        ("db/pentimento.db", "pictures", "link"),
        ("db/pentimento.db.new", "pictures", "db"),
        ("db/bot.db", "disk/media", "disk"),
        ("db/bot.db", "disk/media/bot", "disk"),
        ("db/bot.db", "disk", "disk"),
        ("db/bot.db", "disk", "disk/backups"),
        # A default store in a folder that is called media.
        ("disk/media/pentimento.db", "disk/media/media", "disk"),
    ],
)
def test_each_way_into_the_store_is_seen(tmp_path: Path, database: str, media: str, folder: str) -> None:
    source = tmp_path / database
    source.parent.mkdir(parents=True)
    source.touch()
    (tmp_path / "link").symlink_to(source.parent)
    with pytest.raises(BackupRefused, match="Choose another folder"):
        keep_apart(source, Media.open(str(tmp_path / media)), tmp_path / folder)
    keep_apart(source, Media.open(str(tmp_path / media)), tmp_path / "backups")


async def test_a_second_path_to_the_same_file_is_seen(tmp_path: Path) -> None:
    """A hard link, as a bind mount in a container is one for the eye."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "pentimento.db").touch()
    (tmp_path / "other" / "pentimento.db").hardlink_to(tmp_path / "one" / "pentimento.db")
    with pytest.raises(BackupRefused):
        keep_apart(tmp_path / "one" / "pentimento.db", Media.open(str(tmp_path / "media")), tmp_path / "other")


async def test_pictures_of_another_bot_are_no_old_backup(tmp_path: Path) -> None:
    """Its tables are elsewhere, so nothing but its pictures is in the folder."""
    told: list[str] = []
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/mine/pentimento.db", str(tmp_path / "mine" / "media"))
    await store.close()
    mine = Settings.model_validate({"data_dir": tmp_path / "mine"})
    theirs = Media.open(str(tmp_path / "disk" / "media"))
    name = await theirs.put(plain(1))
    assert await backup(mine, tmp_path / "disk", told.append) == 2
    assert "It holds pictures, but no tables" in told[-1]
    assert await theirs.get(name) == plain(1)
    assert await backup(mine, tmp_path / "disk", told.append, anyway=True) == 0
    (aside,) = (tmp_path / "disk").glob("dropped-*")
    assert await Media.open(str(aside / "media")).get(name) == plain(1)


async def test_two_bots_do_not_share_a_database_file(tmp_path: Path) -> None:
    """Each has a DATA_DIR of its own, and would answer what the other one answers."""
    tables = tmp_path / "tables"
    tables.mkdir()
    url = f"sqlite+aiosqlite:///{tables}/bot.db"
    async with talking(tmp_path / "one", database_url=url) as talk:
        with pytest.raises(StartError, match="choose another DATABASE_URL"):
            async with talking(tmp_path / "other", database_url=url):
                pass
        async with talking(tmp_path / "third", database_url=f"sqlite+aiosqlite:///{tables}/another.db"):
            await painted(talk.telegram.ann, "a boat")

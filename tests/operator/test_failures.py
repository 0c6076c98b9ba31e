"""A command that cannot do its work ends with a sentence, and not with a traceback."""

from __future__ import annotations

import errno
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

from bot.operator import program
from bot.operator.backup import backup
from bot.operator.check_store import check
from bot.operator.export import export_chat
from bot.operator.move import move
from bot.process import single
from bot.settings.settings import Settings
from storage.engine.faults import FaultKind, StorageFault
from storage.store import Store
from tests.support.aged import painted

ROOM_BYTES = 40_000
"""Enough for SQLite's own files beside a database, not for a database with its tables."""

LONG = "x" * 300
"""A name that no file system takes. It fails as a folder of another user does, also for root."""


class _Usage(NamedTuple):
    total: int
    used: int
    free: int


@contextmanager
def _full(room_bytes: int = ROOM_BYTES) -> Iterator[None]:
    """Let no file grow larger than ``room_bytes`` until the end of the block, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def _filled(folder: Path) -> Settings:
    store = await Store.open(f"sqlite+aiosqlite:///{folder}/pentimento.db", f"{folder}/media")
    await painted(store, 1, 0.3)
    await store.close()
    return Settings.model_validate({"data_dir": folder})


async def test_a_backup_onto_a_full_disk_says_so(tmp_path: Path) -> None:
    """The backup from before stays, and the next run makes a whole one."""
    settings, told = await _filled(tmp_path / "data"), []
    with _full():
        assert await backup(settings, tmp_path / "backup", told.append) == 1
    assert told[-1].endswith(") The backup from before, if there was one, is still whole.")
    assert await backup(settings, tmp_path / "backup", told.append) == 0


async def test_a_store_on_a_full_disk_is_not_called_damaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a restart SQLite wants some bytes even to read. Nobody may restore an old backup because of that."""
    settings, told = await _filled(tmp_path), []
    with _full(1):
        assert await check(settings, told.append) == 2
        assert told[-1].startswith("The store cannot be read or written.")
        with pytest.raises(StorageFault) as broken:
            await Store.open(settings.database_url, settings.media_url)
        assert broken.value.passes
        monkeypatch.setattr(shutil, "disk_usage", lambda _: _Usage(10**9, 10**9, 0))
        assert await check(settings, told.append) == 2
        assert told[-1].startswith("The disk is full. Free some space, and start the command again. (")
    monkeypatch.undo()
    assert await check(settings, told.append) == 0
    (tmp_path / "pentimento.db").write_bytes(b"no database" * 1000)
    assert await check(settings, told.append) == 2
    assert "is damaged or not an SQLite database" in told[-1]


def test_a_start_on_a_full_disk_may_be_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What only a person can mend ends with another code, and a supervisor gives up."""

    def full(_: Path) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(single, "make_private", full)
    settings = Settings.model_validate({"data_dir": tmp_path})
    with ExitStack() as stack, pytest.raises(StorageFault, match="The disk is full") as fault:
        single.lock(stack, settings)
    assert fault.value.passes


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), StorageFault(FaultKind.FULL, "No space left on device")]
)
def test_a_command_does_not_promise_to_go_on_by_itself(error: Exception) -> None:
    """Python's own number of an error, and its missing full stop, are not shown."""
    said = "The disk is full. Free some space, and start the command again. (No space left on device)"
    assert program.reason(error) == said


@pytest.mark.parametrize("name", ["check", "backup", "export", "move"])
async def test_a_store_that_cannot_be_looked_at_is_named(name: str, tmp_path: Path) -> None:
    """As one that belongs to another user of the machine."""
    store = tmp_path / LONG
    settings = Settings.model_validate({"data_dir": tmp_path, "database_url": f"sqlite+aiosqlite:///{store}"})
    told: list[str] = []
    commands = {
        "check": lambda: check(settings, told.append, broken=1),
        "backup": lambda: backup(settings, tmp_path / "backup", told.append),
        "export": lambda: export_chat(settings, "1", tmp_path / "export", told.append),
        "move": lambda: move(settings, f"sqlite+aiosqlite:///{tmp_path}/other.db", None, told.append),
    }
    assert await commands[name]() in (1, 2)
    assert told[0].startswith(f"{store} cannot be used: ")
    if name == "check":
        assert told[-1] == "1 thing is broken."


@pytest.mark.parametrize("place", ["file", "file/below", LONG], ids=["a file", "below a file", "no name"])
async def test_a_place_that_is_no_folder_is_for_a_person_to_mend(place: str, tmp_path: Path) -> None:
    """Nothing was begun, and a second run would fare no better: that is code 2, and not the 1 of a run cut short."""
    settings, told = await _filled(tmp_path / "data"), []
    (tmp_path / "file").write_text("a letter")
    there = tmp_path / place
    assert await backup(settings, there, told.append) == 2
    why = "" if place == LONG else "a file is there, and no folder."
    assert told.pop().startswith(f"{there} cannot be used: {why}")
    assert await export_chat(settings, "1001", there, told.append) == 2
    assert told.pop().startswith((f"{there} cannot be used: ", f"{there} is a file and no folder", "Nothing was"))
    for to, media_to in ((there, None), (tmp_path / "new.db", str(there))):
        assert await move(settings, f"sqlite+aiosqlite:///{to}", media_to, told.append) == 2
        said = told.pop()
        assert said.startswith(f"{there} cannot be used: ") or said.endswith(
            ("Nothing was copied.", "Nothing was changed.")
        )
    assert await move(settings, f"sqlite+aiosqlite:///{tmp_path}", None, told.append) == 2
    assert told.pop().startswith(f"{tmp_path} is a folder: --to takes a file in it")
    assert (tmp_path / "file").read_text() == "a letter"
